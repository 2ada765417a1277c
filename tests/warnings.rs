//! Warnings through the binary, with real assets.

mod support;

use std::fs;

use support::*;

/// No false alarm: what is shown to newcomers has no warning.
#[test]
fn scenes_of_the_repository_have_no_warnings() {
    let mut count = 0;
    // Kits and bibles too: nobody needs to use what a module offers.
    for path in files_in(&root().join("examples/scenes")) {
        let output = scenec(root(), &["check", &path.to_string_lossy()]);
        assert!(good(&output).contains("good") && stderr(&output).is_empty(), "{}", stderr(&output));
        count += 1;
    }
    assert!(count >= 6, "{count} programs");
}

/// The size of an asset is read from its file.
#[test]
fn a_figure_of_the_wrong_size_is_told() {
    let folder = scene("");
    copy_tree(&root().join("examples/assets"), &folder.path().join("assets"));
    let text = |clauses: &str| {
        format!(
            "ngs 1\nasset keeper = gltf(\"assets/keeper.glb\")\nenvironment e {{ sky = constant_sky() }}\n\
             character cast {{ hero = keeper.scene(){clauses} }}\ncamera main {{ frame: hero }}\nshot s {{ camera: main }}\n\
             output o {{ image: render(s), file: \"o.exr\" }}\n"
        )
    };
    let check = |clauses: &str| {
        fs::write(folder.path().join("scene.ngs"), text(clauses)).expect("a program");
        let output = scenec(folder.path(), &["check", "scene.ngs"]);
        good(&output);
        stderr(&output)
    };
    assert_eq!(check(""), "");
    for (clauses, hint) in [(" scale 0.01", "leave `scale` out"), (" scale 100", "leave `scale` out")] {
        let said = check(clauses);
        assert!(said.contains("warning[W0403]: `hero` is ") && said.contains(hint), "{clauses}: {said}");
    }
}
