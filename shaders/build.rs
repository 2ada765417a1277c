//! Translates `wgsl/**` to Rust; an error there is an error of the build, with file, line and column.

use std::path::Path;
use std::process::ExitCode;

#[allow(clippy::print_stdout, clippy::print_stderr)]
fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=wgsl");
    println!("cargo::rerun-if-changed=build.rs");
    let (Ok(root), Ok(out)) = (std::env::var("CARGO_MANIFEST_DIR"), std::env::var("OUT_DIR")) else {
        eprintln!("this program is a build script of cargo");
        return ExitCode::FAILURE;
    };
    let folder = Path::new(&root).join("wgsl");
    match scenec_translator::generate(&folder) {
        Ok(generated) => match std::fs::write(Path::new(&out).join("kernels.rs"), generated.rust) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{out}/kernels.rs: {error}");
                ExitCode::FAILURE
            }
        },
        Err(errors) => {
            for error in errors {
                println!("cargo::error=wgsl/{error}");
            }
            ExitCode::FAILURE
        }
    }
}
