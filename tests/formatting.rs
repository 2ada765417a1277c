//! `scenec fmt` as its users meet it.

mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use support::*;

const UGLY: &str = "ngs 1\nlet   a=1   // one\n\n\n\nlet b = 20 kg\n";
const FINE: &str = "ngs 1\nlet a = 1 // one\n\nlet b = 20kg\n";
const WRONG: &str = "ngs 1\nlet   a = = 1\n";

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("a file")
}

fn piped(text: &str, arguments: &[&str]) -> Output {
    let mut child = command(root(), arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    child.stdin.take().expect("an input").write_all(text.as_bytes()).expect("it listens");
    child.wait_with_output().expect("an end")
}

#[test]
fn files_and_folders_are_formatted_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    for name in ["b/two.ngs", "b/c/deep.ngs", "a.ngs", ".git/hidden.ngs", "notes.txt"] {
        write(here, name, UGLY);
    }
    write(here, "b/fine.ngs", FINE);
    let out = good(&scenec(here, &["fmt", "b", "a.ngs", "b/two.ngs"]));
    assert_eq!(out, "a.ngs: formatted\nb/c/deep.ngs: formatted\nb/two.ngs: formatted\n");
    assert_eq!([read(here, "a.ngs"), read(here, "b/c/deep.ngs"), read(here, "b/two.ngs")], [FINE; 3]);
    good(&scenec(here, &["fmt", "."]));
    assert_eq!([read(here, ".git/hidden.ngs"), read(here, "notes.txt")], [UGLY; 2]);
    assert_eq!(good(&scenec(here, &["fmt", "."])), "", "nothing is left to do");
    assert_eq!(files_in(here).len(), 6, "nothing is left behind");
}

#[test]
fn a_check_writes_nothing_and_ends_with_1() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    write(here, "ugly.ngs", UGLY);
    write(here, "fine.ngs", FINE);
    let output = scenec(here, &["fmt", "--check", "."]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(1), "./ugly.ngs: would be formatted\n".to_owned()));
    assert!(stderr(&output).contains("1 file of 2 would change"), "{}", stderr(&output));
    let output = scenec(here, &["fmt", "--diff", "ugly.ngs"]);
    assert_eq!(output.status.code(), Some(1));
    let diff = stdout(&output);
    for line in ["--- ugly.ngs", "-let   a=1   // one", "+let a = 1 // one", "+let b = 20kg"] {
        assert!(diff.lines().any(|l| l == line), "{line}\n{diff}");
    }
    let output = scenec(here, &["fmt", "--check", "--quiet", "ugly.ngs"]);
    assert_eq!((output.status.code(), stdout(&output), stderr(&output)), (Some(1), String::new(), String::new()));
    assert_eq!(read(here, "ugly.ngs"), UGLY);
    good(&scenec(here, &["fmt", "--check", "fine.ngs"]));
}

#[test]
fn a_file_with_mistakes_stays_and_the_others_are_formatted() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    write(here, "a_wrong.ngs", WRONG);
    write(here, "b_latin.ngs", "");
    fs::write(here.join("b_latin.ngs"), b"ngs 1\n// \xe9t\xe9\n").expect("a file");
    write(here, "c_ugly.ngs", UGLY);
    let output = scenec(here, &["fmt", ".", "missing.ngs"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    for part in ["E0103", "a_wrong.ngs:2:11", "E0218", "b_latin.ngs", "E0213", "missing.ngs"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!((read(here, "a_wrong.ngs").as_str(), read(here, "c_ugly.ngs").as_str()), (WRONG, FINE));
}

#[test]
fn standard_input_goes_to_standard_output() {
    assert_eq!(good(&piped(UGLY, &["fmt", "-"])), FINE);
    let output = piped(UGLY, &["fmt", "--check", "-"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), "<stdin>: would be formatted\n"));
    let output = piped(WRONG, &["fmt", "-"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), ""));
    assert!(stderr(&output).contains("<stdin>:2:11"), "{}", stderr(&output));
    assert_eq!(scenec(root(), &["fmt"]).status.code(), Some(1), "nothing was named");
}

#[test]
fn json_is_one_object_a_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    write(here, "a.ngs", UGLY);
    write(here, "b.ngs", WRONG);
    let output = scenec(here, &["fmt", "--json", "a.ngs", "b.ngs"]);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<serde_json::Value> =
        stdout(&output).lines().map(|l| serde_json::from_str(l).expect("an object")).collect();
    assert_eq!((lines[0]["event"].as_str(), lines[0]["written"].as_bool()), (Some("file"), Some(true)));
    assert_eq!(lines[1]["code"], "E0103");
    let last = lines.last().expect("a line");
    assert_eq!(
        (last["event"].as_str(), last["changed"].as_u64(), last["good"].as_bool()),
        (Some("done"), Some(1), Some(false))
    );
    let line: serde_json::Value =
        serde_json::from_str(good(&piped(UGLY, &["fmt", "--json", "-"])).lines().next().expect("a line"))
            .expect("an object");
    assert_eq!(line["text"], FINE);
}

#[test]
fn line_breaks_stay_those_of_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "a.ngs", &format!("\u{feff}{}", UGLY.replace('\n', "\r\n")));
    good(&scenec(folder.path(), &["fmt", "a.ngs"]));
    assert_eq!(read(folder.path(), "a.ngs"), FINE.replace('\n', "\r\n"));
}

#[cfg(unix)]
#[test]
fn modes_and_links_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    write(here, "real/a.ngs", UGLY);
    write(here, "locked.ngs", UGLY);
    fs::set_permissions(here.join("real/a.ngs"), fs::Permissions::from_mode(0o750)).expect("a mode");
    fs::set_permissions(here.join("locked.ngs"), fs::Permissions::from_mode(0o444)).expect("a mode");
    symlink("real/a.ngs", here.join("link.ngs")).expect("a link");
    good(&scenec(here, &["fmt", "link.ngs"]));
    assert!(fs::symlink_metadata(here.join("link.ngs")).expect("a link").is_symlink());
    let mode = fs::metadata(here.join("real/a.ngs")).expect("a file").permissions().mode();
    assert_eq!((read(here, "real/a.ngs").as_str(), mode & 0o777), (FINE, 0o750));
    let output = scenec(here, &["fmt", "locked.ngs"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("E0650"), "{}", stderr(&output));
    assert_eq!(read(here, "locked.ngs"), UGLY);
}

#[test]
fn the_examples_are_formatted() {
    good(&scenec(root(), &["fmt", "--check", "examples"]));
}
