//! What the end-to-end tests share: running the binary and looking at what it made.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The binary with arguments, run in `folder`.
pub fn scenec(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("the binary runs")
}

/// The same, not yet started.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scenec"));
    command.args(arguments).current_dir(folder).env_remove("RUST_BACKTRACE");
    command
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Asserts success and gives standard output.
pub fn good(output: &Output) -> String {
    assert!(output.status.success(), "exit {:?}\n{}\n{}", output.status.code(), stdout(output), stderr(output));
    stdout(output)
}

/// A PNG as 8-bit RGB.
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
}

pub fn read_png(path: &Path) -> Picture {
    let file = fs::File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("a PNG");
    let mut rgb = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut rgb).expect("pixels");
    assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
    Picture { width: info.width, height: info.height, rgb }
}

impl Picture {
    /// Mean of all channels, 0..255.
    pub fn mean(&self) -> f64 {
        self.rgb.iter().map(|&v| f64::from(v)).sum::<f64>() / self.rgb.len() as f64
    }

    /// Standard deviation of all channels.
    pub fn deviation(&self) -> f64 {
        let mean = self.mean();
        (self.rgb.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / self.rgb.len() as f64).sqrt()
    }

    /// A picture that a person would call one: neither black nor white nor flat.
    pub fn assert_worth_looking_at(&self, what: &str) {
        let (mean, deviation) = (self.mean(), self.deviation());
        assert!((10.0..245.0).contains(&mean), "{what}: mean {mean}");
        assert!(deviation > 8.0, "{what}: flat, deviation {deviation}");
    }
}

/// Files in a folder and below, sorted, without folders.
pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Ok(entries) = fs::read_dir(folder) {
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() { found.extend(files_in(&path)) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Copies a folder with all that is in it.
pub fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_tree(&source, &target)
        } else {
            fs::copy(&source, &target).map(|_| ()).expect("a copy")
        }
    }
}

/// Writes a scene and gives its folder.
pub fn scene(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("scene.ngs"), text).expect("a file");
    folder
}

/// A small scene with all three layers.
pub const SMALL: &str = r#"ngs 1
environment set {
  sky = constant_sky(color: #cfe0ff, strength: 0.7)
  key = sun(elevation: 40deg, azimuth: 60deg, irradiance: 3W/m^2)
  floor = ground(size: 20m, material: concrete())
}
character cast {
  hero = capsule(radius: 0.3m, height: 1.7m, material: plastic(#c0392b)) at (0m, 0.85m, 0m)
}
engineering machines {
  wheel = gear(teeth: 18, module: 3cm, width: 8cm, bore: 6cm, material: steel()) at (0.9m, 0.1m, 0.4m)
}
camera main { lens: 40mm, frame: hero }
shot s010 { camera: main, size: (96px, 54px) }
image beauty(s: Shot) = render(s, samples: 4, depth: 4)
output still { image: beauty(s010) |> view(agx), file: "{shot}.png" }
output plate { image: beauty(s010), file: "{shot}.exr" }
"#;

/// A world without files, in which nothing is told.
pub struct Nothing;

impl scenec_runtime::Files for Nothing {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("no {path}"))
    }
    fn write(&self, path: &str, _: &[u8]) -> Result<String, String> {
        Err(format!("{path} is not to be written"))
    }
}

impl scenec_runtime::Control for Nothing {
    fn progress(&self, _: &scenec_runtime::Progress<'_>) -> bool {
        true
    }
}

impl scenec_runtime::Events for Nothing {}
