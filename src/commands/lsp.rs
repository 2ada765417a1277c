//! `scenec lsp`: the language server, on standard input and output.

use std::io::{BufReader, BufWriter};
use std::time::UNIX_EPOCH;

use super::program::DiskWorld;
use crate::{Exit, say};

impl scenec_lsp::Disk for DiskWorld {
    fn stamp(&self, path: &str) -> Option<u64> {
        let metadata = std::fs::metadata(path).ok().filter(|m| m.is_file())?;
        let age = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some((age.as_nanos() as u64).rotate_left(20) ^ metadata.len())
    }
}

pub(crate) fn run() -> Exit {
    let input = BufReader::new(std::io::stdin());
    let mut output = BufWriter::new(std::io::stdout());
    match scenec_lsp::serve(input, &mut output, &DiskWorld::new(), &say::error_line) {
        Ok(()) => Exit::Done,
        Err(reason) => {
            say::error_line(&format!("scenec lsp: {reason}"));
            Exit::Program
        }
    }
}
