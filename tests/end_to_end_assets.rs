//! Files that a scene names: read once, freed when nothing needs them, and found again when their path leads nowhere.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

use scenec_compiler::{MemoryWorld, Options, compile};
use scenec_runtime::{Control, Device, Document, Events, Files, Progress, Settings, execute, model};
use support::*;

/// A caller that has read its assets already, and watches them.
struct Reader {
    documents: Mutex<BTreeMap<String, Arc<Document>>>,
    watched: Weak<Document>,
    reads: AtomicUsize,
    alive_at_write: AtomicUsize,
}

impl Files for Reader {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        fs::read(root().join(path)).map_err(|e| e.to_string())
    }
    fn write(&self, path: &str, _: &[u8]) -> Result<String, String> {
        self.alive_at_write.fetch_add(self.watched.strong_count(), Ordering::Relaxed);
        Ok(path.to_owned())
    }
    fn take_document(&self, path: &str) -> Option<Arc<Document>> {
        self.documents.lock().ok()?.remove(path)
    }
}

struct Silent;

impl Control for Silent {
    fn progress(&self, _: &Progress<'_>) -> bool {
        true
    }
}

impl Events for Silent {}

#[test]
fn an_asset_that_was_read_is_not_read_again_and_is_freed_after_its_last_node() {
    const PATH: &str = "examples/assets/lantern.glb";
    let text = format!(
        "ngs 1\nasset lantern = gltf({PATH:?})\nenvironment e {{ sky = constant_sky() }}\nengineering m {{\n  \
         a = lantern.scene()\n  b = lantern.scene() at (1m, 0m, 0m)\n}}\ncamera main {{ frame: m.a }}\n\
         shot s {{ camera: main, size: (16px, 16px) }}\noutput o {{ image: render(s, samples: 1), file: \"o.exr\" }}\n"
    );
    let reader = Reader {
        documents: Mutex::default(),
        watched: Weak::new(),
        reads: AtomicUsize::new(0),
        alive_at_write: AtomicUsize::new(0),
    };
    let document = Arc::new(model::load(PATH, &reader).expect("an asset"));
    let world = MemoryWorld::of("scene.ngs", text).with_asset(PATH, document.index());
    let graph = compile(&world, "scene.ngs", &[], &Options::default()).graph.expect("a graph");
    assert_eq!(scenec_runtime::assets(&graph).into_keys().collect::<Vec<_>>(), [PATH]);
    let settings = Settings { device: Device::Native, size_divisor: 1, ..Settings::default() };

    let first = Reader { documents: Mutex::default(), watched: Weak::new(), ..reader };
    first.reads.store(0, Ordering::Relaxed);
    execute(&graph, settings, &first, &Silent).expect("it runs");
    assert_eq!(first.reads.load(Ordering::Relaxed), 1, "without help two nodes read it once");

    let second = Reader { watched: Arc::downgrade(&document), ..first };
    second.documents.lock().expect("a lock").insert(PATH.to_owned(), document);
    second.reads.store(0, Ordering::Relaxed);
    execute(&graph, settings, &second, &Silent).expect("it runs");
    assert_eq!(second.reads.load(Ordering::Relaxed), 0, "it was read already");
    assert_eq!(second.alive_at_write.load(Ordering::Relaxed), 0, "nothing holds it when the picture is written");
}

/// What `check` says of a scene whose one asset has this path.
fn says(folder: &std::path::Path, path: &str) -> String {
    let scene = folder.join("scenes/a.ngs");
    fs::write(&scene, format!("ngs 1\nasset a = gltf({path:?})\n")).expect("a file");
    let output = scenec(folder, &["check", "scenes/a.ngs"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert_eq!(text.matches("error[").count(), 1, "{text}");
    text
}

#[test]
fn a_file_that_moved_is_found_but_no_link_is_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    for sub in ["project/scenes", "project/assets/props", "elsewhere"] {
        fs::create_dir_all(at.join(sub)).expect("a folder");
    }
    let lantern = root().join("examples/assets/lantern.glb");
    fs::copy(&lantern, at.join("project/assets/props/Lantern.glb")).expect("a copy");
    fs::copy(&lantern, at.join("elsewhere/secret.glb")).expect("a copy");
    #[cfg(unix)]
    std::os::unix::fs::symlink(at.join("elsewhere"), at.join("project/assets/link")).expect("a link");
    let project = at.join("project");
    for written in ["../assets/lantern.glb", "../Assets/props/lantren.glb", "lantern.gltf"] {
        let text = says(&project, written);
        assert!(text.contains("`../assets/props/Lantern.glb`"), "{written}: {text}");
    }
    let text = says(&project, "..\\assets\\props\\Lantern.glb");
    assert!(text.contains("E0121") && text.contains("\"../assets/props/Lantern.glb\""), "{text}");
    for written in ["../assets/secret.glb", "/elsewhere/secret.glb"] {
        let text = says(&project, written);
        assert!(!text.contains("did you mean"), "{written}: {text}");
    }
    let output = scenec(&project, &["check", "scene/a.ngs"]);
    assert!(stderr(&output).contains("did you mean `scenes/a.ngs`?"), "{}", stderr(&output));
}
