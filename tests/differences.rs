//! `scenec diff` through the binary: programs, graphs that were written out, and revisions of git.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use scenec_harness::{Outcome, Skip};
use support::*;

/// Git in a folder, as a user without any settings.
fn git(folder: &Path, arguments: &[&str]) -> Outcome {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .env_remove("GIT_DIR")
        .output()
        .map_err(|_| Skip::new("there is no git"))?;
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    Ok(())
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("a program");
    assert!(text.contains(from), "{from}");
    fs::write(path, text.replace(from, to)).expect("a program");
}

fn two_programs_and_the_exit_code() -> Outcome {
    let folder = scene(SMALL);
    fs::write(folder.path().join("other.ngs"), SMALL.replace("teeth: 18", "teeth: 24")).expect("a file");
    let run = |more: &[&str]| scenec(folder.path(), &[&["diff", "scene.ngs", "other.ngs"], more].concat());
    let text = good(&run(&[]));
    assert!(text.contains("~ machines/wheel#thing  gear  other.ngs:"), "{text}");
    assert!(text.contains("    teeth: 18 -> 24\n\n1 changed\n"), "{text}");
    assert_eq!(run(&["--exit-code"]).status.code(), Some(1));
    let quiet = run(&["--exit-code", "--quiet"]);
    assert_eq!((quiet.status.code(), stdout(&quiet).as_str()), (Some(1), ""));
    assert!(good(&run(&["--markdown"])).contains("| teeth | `18` | `24` |"));
    let events: Vec<serde_json::Value> =
        good(&run(&["--json"])).lines().map(|l| serde_json::from_str(l).expect("an event")).collect();
    assert_eq!((events.len(), &events[0]["changes"][0]["new_si"], &events[1]["equal"]), (2, &24.into(), &false.into()));
    let same = scenec(folder.path(), &["diff", "scene.ngs", "./scene.ngs", "--exit-code"]);
    assert_eq!(good(&same), "no differences\n");
    Ok(())
}

fn a_graph_that_was_written_out_is_compared_with_its_program() -> Outcome {
    let folder =
        scene(&SMALL.replace("ngs 1\n", "ngs 1\nparam size: Length = 20m\n").replace("size: 20m", "size: size"));
    let ron = good(&scenec(folder.path(), &["graph", "scene.ngs", "--format", "ron"]));
    fs::write(folder.path().join("before.ron"), &ron).expect("a file");
    let run = |a: &str, more: &[&str]| scenec(folder.path(), &[&["diff", a, "scene.ngs"], more].concat());
    assert_eq!(good(&run("before.ron", &[])), "no differences\n");
    let text = good(&run("before.ron", &["--set", "size=30m"]));
    assert!(text.contains("size: (20m, 20m) -> (30m, 30m)"), "{text}");
    assert_eq!(good(&run("scene.ngs", &["--set", "size=30m"])), "no differences\n", "it is set on both sides");
    fs::write(folder.path().join("bad.ron"), "Graph(nodes: [").expect("a file");
    fs::write(folder.path().join("double.ron"), ron.replace("set/floor\"", "set/sky\"")).expect("a file");
    for bad in ["bad.ron", "double.ron", "none.ron"] {
        let output = run(bad, &[]);
        assert!(stderr(&output).contains("error[E0695]"), "{bad}: {}", stderr(&output));
        assert_eq!(output.status.code(), Some(1), "{bad}");
    }
    let unknown = run("scene.ngs", &["--set", "nothing=1"]);
    assert!(stderr(&unknown).contains("error[E0212]: scene.ngs: `--set nothing`"), "{}", stderr(&unknown));
    let no_value = run("scene.ngs", &["--set", "size"]);
    assert_eq!(stderr(&no_value).matches("error[E0691]").count(), 1, "{}", stderr(&no_value));
    let files = run("before.ron", &["--json"]);
    assert!(good(&files).contains("\"files_compared\":false"), "{}", stdout(&files));
    assert!(stderr(&run("before.ron", &[])).contains("note: a written graph does not tell"));
    let json = run("bad.ron", &["--json"]);
    assert!(stdout(&json).contains("\"code\":\"E0695\"") && stderr(&json).is_empty(), "{}", stdout(&json));
    Ok(())
}

/// Modules and assets come from the revision too, wherever the command runs.
fn a_revision_of_git() -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    copy_tree(&root().join("examples"), folder.path());
    git(folder.path(), &["init", "-q"])?;
    git(folder.path(), &["add", "."])?;
    git(folder.path(), &["commit", "-qm", "one"])?;
    edit(&folder.path().join("scenes/kits/drive.ngs"), "gear(", "gear( ");
    edit(&folder.path().join("scenes/harbour.ngs"), "teeth_a: 16", "teeth_a: 18");
    let mut kit = fs::read(folder.path().join("assets/keeper.glb")).expect("an asset");
    // The JSON chunk ends with spaces or braces: a space more between two tokens keeps its meaning.
    let at = kit.iter().position(|b| *b == b',').expect("JSON");
    let length = u32::from_le_bytes([kit[12], kit[13], kit[14], kit[15]]) + 4;
    kit.splice(at..at, *b"    ");
    kit[12..16].copy_from_slice(&length.to_le_bytes());
    let whole = kit.len() as u32;
    kit[8..12].copy_from_slice(&whole.to_le_bytes());
    fs::write(folder.path().join("assets/keeper.glb"), kit).expect("an asset");

    let from_root = good(&scenec(folder.path(), &["diff", "HEAD:scenes/harbour.ngs", "scenes/harbour.ngs"]));
    assert!(from_root.starts_with("--- HEAD:scenes/harbour.ngs\n+++ scenes/harbour.ngs\n"), "{from_root}");
    assert!(from_root.contains("teeth: 16 -> 18"), "{from_root}");
    assert!(from_root.contains("* assets/keeper.glb  other content: "), "{from_root}");
    assert!(from_root.contains("read by cast/hero#thing"), "{from_root}");
    let scenes = folder.path().join("scenes");
    for old in ["HEAD:./harbour.ngs", "HEAD:scenes/harbour.ngs", ":./harbour.ngs"] {
        let text = good(&scenec(&scenes, &["diff", old, "harbour.ngs"]));
        let counts = |text: &str| text.lines().last().map(str::to_owned);
        assert_eq!(counts(&text), counts(&from_root), "{old}: {text}");
    }
    // What is committed equals what lies there.
    git(folder.path(), &["commit", "-qam", "two"])?;
    let same = scenec(folder.path(), &["diff", "HEAD:scenes/harbour.ngs", "scenes/harbour.ngs", "--exit-code"]);
    assert_eq!(good(&same), "no differences\n");
    let back = good(&scenec(folder.path(), &["diff", "HEAD:scenes/harbour.ngs", "HEAD~1:scenes/harbour.ngs"]));
    assert!(back.contains("teeth: 18 -> 16"), "{back}");

    // A bare repository has nothing but revisions.
    let bare = tempfile::tempdir().expect("a folder");
    git(bare.path(), &["clone", "-q", "--bare", &folder.path().to_string_lossy(), "bare.git"])?;
    let text =
        good(&scenec(&bare.path().join("bare.git"), &["diff", "HEAD~1:scenes/harbour.ngs", "HEAD:scenes/harbour.ngs"]));
    assert!(text.contains("teeth: 16 -> 18"), "{text}");

    // Links are followed within the revision.
    #[cfg(unix)]
    {
        let drive = scenes.join("kits/drive.ngs");
        fs::rename(&drive, folder.path().join("real.ngs")).expect("a file");
        std::os::unix::fs::symlink("../../real.ngs", &drive).expect("a link");
        git(folder.path(), &["add", "."])?;
        git(folder.path(), &["commit", "-qm", "a link"])?;
        let same = scenec(folder.path(), &["diff", "HEAD:scenes/harbour.ngs", "scenes/harbour.ngs", "--exit-code"]);
        assert_eq!(good(&same), "no differences\n");
    }

    // A module that only the other revision lacks is missed, though it lies on the disk.
    git(folder.path(), &["rm", "-q", "--cached", "scenes/kits/drive.ngs"])?;
    git(folder.path(), &["commit", "-qm", "three"])?;
    let lost = scenec(folder.path(), &["diff", "HEAD:scenes/harbour.ngs", "scenes/harbour.ngs"]);
    assert_eq!(lost.status.code(), Some(1));
    assert!(
        stderr(&lost).contains("error[E0213]") && stderr(&lost).contains("HEAD:scenes/harbour.ngs:5"),
        "{}",
        stderr(&lost)
    );
    Ok(())
}

fn what_git_cannot_give_is_told() -> Outcome {
    let folder = scene(SMALL);
    git(folder.path(), &["init", "-q"])?;
    fs::create_dir(folder.path().join("sub")).expect("a folder");
    fs::write(folder.path().join("sub/a.ngs"), SMALL).expect("a file");
    git(folder.path(), &["add", "."])?;
    git(folder.path(), &["commit", "-qm", "one"])?;
    let run = |at: &str, old: &str| {
        let output = scenec(&folder.path().join(at), &["diff", old, "scene.ngs"]);
        (output.status.code(), stderr(&output))
    };
    for (at, old, code, part) in [
        ("", "nowhere:scene.ngs", "E0693", "no revision `nowhere`"),
        ("", "--all:scene.ngs", "E0693", "no revision `--all`"),
        ("", "HEAD:none.ngs", "E0694", "no file `none.ngs`"),
        ("", "HEAD", "E0694", "name the file: `HEAD:scene.ngs`"),
        ("", "HEAD:", "E0694", "`HEAD:` is a revision, not a file of it"),
        ("", "HEAD:sub", "E0694", "no file `sub`"),
        ("", "HEAD:../scene.ngs", "E0694", "no file `../scene.ngs`"),
        ("sub", "HEAD:a.ngs", "E0694", "`HEAD:./a.ngs` or `HEAD:sub/a.ngs`"),
    ] {
        let (exit, said) = match old.starts_with('-') {
            true => {
                let output = scenec(&folder.path().join(at), &["diff", "--", old, "scene.ngs"]);
                (output.status.code(), stderr(&output))
            }
            false => run(at, old),
        };
        assert!(said.contains(&format!("error[{code}]")) && said.contains(part), "{old}: {said}");
        assert!(said.contains("hint: ") && exit == Some(1), "{old}: {said}");
    }
    let outside = scene(SMALL);
    let output = command(outside.path(), &["diff", "HEAD:scene.ngs", "scene.ngs"])
        .env("GIT_CEILING_DIRECTORIES", outside.path().parent().expect("a folder has one above it"))
        .output()
        .expect("the binary runs");
    assert!(stderr(&output).contains("error[E0692]: git can't be asked here"), "{}", stderr(&output));
    let output = command(folder.path(), &["diff", "HEAD:scene.ngs", "scene.ngs"]).env("PATH", "").output();
    let output = output.expect("the binary runs");
    assert!(stderr(&output).contains("error[E0692]: there is no program `git`"), "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(3));
    // A file of such a name is meant before a revision.
    if cfg!(unix) {
        fs::write(folder.path().join("HEAD:b.ngs"), SMALL.replace("teeth: 18", "teeth: 19")).expect("a file");
        let text = good(&scenec(folder.path(), &["diff", "HEAD:b.ngs", "scene.ngs"]));
        assert!(text.contains("teeth: 19 -> 18"), "{text}");
    }
    Ok(())
}

/// Of a large file git has only a pointer.
fn what_git_lfs_keeps_is_told() -> Outcome {
    let text = "ngs 1\nasset a = gltf(\"a.glb\")\nenvironment e { sky = constant_sky()  x = a.scene() }\ncamera main { frame: x }\n";
    let folder = scene(text);
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n";
    fs::write(folder.path().join("a.glb"), pointer).expect("a file");
    git(folder.path(), &["init", "-q"])?;
    git(folder.path(), &["add", "."])?;
    git(folder.path(), &["commit", "-qm", "one"])?;
    let output = scenec(folder.path(), &["diff", "HEAD:scene.ngs", "scene.ngs"]);
    assert!(stderr(&output).contains("git-lfs"), "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(1));
    Ok(())
}

scenec_harness::tests![
    two_programs_and_the_exit_code,
    a_graph_that_was_written_out_is_compared_with_its_program,
    a_revision_of_git,
    what_git_cannot_give_is_told,
    what_git_lfs_keeps_is_told,
];
