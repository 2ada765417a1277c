//! Any text: its diagnostics, or a layout that means the same and stays as it is.
#![no_main]

mod text;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use scenec_grammar::{dump, format, parse};
use scenec_ir::FileId;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    match format(FileId(0), &text) {
        Ok(once) => {
            let tree = |text: &str| dump(&parse(FileId(0), text).0);
            assert_eq!(tree(&text), tree(&once), "{once}");
            assert_eq!(format(FileId(0), &once).as_ref(), Ok(&once));
        }
        // E0999 is the formatter's own word for a layout that means something else.
        Err(found) => assert!(!found.is_empty() && found.iter().all(|d| d.code != "E0999"), "{found:?}"),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { text::mutate(data, size, max_size, seed) });
