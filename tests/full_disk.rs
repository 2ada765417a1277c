//! A disk that fills up while an output is written.

mod support;

use std::fs;
use std::process::{Command, Stdio};

use scenec_harness::{Outcome, Skip};
use support::*;

fn a_full_disk_leaves_no_half_file() -> Outcome {
    let folder = scene(&SMALL.replace("96px, 54px", "640px, 360px").replace("samples: 4", "samples: 1"));
    let small = folder.path().join("small");
    fs::create_dir(&small).expect("a folder");
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        .arg(&small)
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success());
    if !mounted {
        return Err(Skip::new("no right to mount a small file system"));
    }
    let output = scenec(folder.path(), &["build", "scene.ngs", "--out", "small"]);
    let left = files_in(&small);
    let _ = Command::new("umount").arg(&small).status();
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("full"), "{}", stderr(&output));
    assert!(left.is_empty(), "{left:?}");
    Ok(())
}

scenec_harness::tests![a_full_disk_leaves_no_half_file];
