//! Rewrites `examples/assets`.

use std::path::Path;
use std::process::ExitCode;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool that talks to its user")]
fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets");
    let assets = match scenec_example_assets::assets() {
        Ok(assets) => assets,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    for asset in assets {
        let path = folder.join(asset.name);
        if let Err(error) = std::fs::write(&path, &asset.bytes) {
            eprintln!("error: cannot write {}: {error}", path.display());
            return ExitCode::FAILURE;
        }
        println!("{:>8} bytes  {}", asset.bytes.len(), asset.name);
    }
    ExitCode::SUCCESS
}
