//! Overrides, locks and `explain` through the binary.

mod support;

use std::fs;

use support::*;

#[test]
fn explain_shows_every_opinion_and_json_says_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = "ngs 1\nparam tall: Length = 2m\ncomponent Post(h: Length = 1m) { shaft = cylinder(radius: 1cm, height: h) }\n\
                 environment yard { sky = constant_sky() post = Post(h: tall)\n override post.h = 3m }\n\
                 camera main { frame: yard.post }\nshot s010 { camera: main, set tall = 5m }\n\
                 output o { image: render(s010), file: \"o.exr\" }\n";
    fs::write(folder.path().join("a.ngs"), scene).expect("a scene is written");
    let text = good(&scenec(folder.path(), &["explain", "a.ngs", "post.h"]));
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    assert_eq!(lines[0], "post.h");
    assert!(lines[1].starts_with("* override") && lines[1].ends_with("3m          a.ngs:5:20"), "{text}");
    assert!(lines[2].starts_with("  argument") && lines[2].ends_with("tall -> 2m  a.ngs:4:56"), "{text}");
    assert!(lines[3].starts_with("    `tall`: set in the shot `s010`"), "{text}");
    let json = good(&scenec(folder.path(), &["explain", "a.ngs", "post.h", "--json"]));
    let json: serde_json::Value = serde_json::from_str(&json).expect("one JSON object");
    assert_eq!(json["opinions"][0]["value"], "3m");
    assert_eq!(json["opinions"].as_array().map(Vec::len), Some(5));
    assert_eq!(json["opinions"][1]["resolved"], "2m");
    let whole = good(&scenec(folder.path(), &["explain", "a.ngs", "yard.post"]));
    assert_eq!(
        whole.lines().nth(1).map(str::trim_end),
        Some("h       override            3m                  a.ngs:5:20"),
        "{whole}"
    );
    let json = good(&scenec(folder.path(), &["explain", "a.ngs", "s010", "--json"]));
    let json: serde_json::Value = serde_json::from_str(&json).expect("one JSON object");
    assert_eq!(json["properties"]["camera"]["value"], "main");
    let wrong = scenec(folder.path(), &["explain", "a.ngs", "post.hight"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(stderr(&wrong).contains("E0203"), "{}", stderr(&wrong));
}

#[test]
fn an_overridden_lock_is_counted_and_strict_refuses_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let examples = root().join("examples");
    let text = fs::read_to_string(examples.join("scenes/harbour.ngs")).expect("the example is there");
    for part in ["scenes", "assets"] {
        copy(&examples.join(part), &folder.path().join(part));
    }
    // The bible of the example, with its height locked.
    let bible = folder.path().join("scenes/bibles/keeper.ngs");
    let source = fs::read_to_string(&bible).expect("the bible is read");
    let at = source.find("height: Length").expect("the keeper has a height");
    fs::write(&bible, format!("{}lock {}", &source[..at], &source[at..])).expect("the bible is written");
    let scene = |extra: &str| {
        fs::write(folder.path().join("scenes/harbour.ngs"), format!("{text}\n{extra}\n")).expect("a scene is written");
        scenec(&folder.path().join("scenes"), &["check", "harbour.ngs"])
    };
    assert!(good(&scene("")).contains("good"));
    let refused = scene("override hero.height = 1.5m");
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("E0320"), "{}", stderr(&refused));
    let counted = good(&scene("override locked hero.height = 1.5m because \"a smaller one\""));
    assert!(counted.contains("1 lock overridden"), "{counted}");
    let strict = scenec(&folder.path().join("scenes"), &["check", "harbour.ngs", "--strict"]);
    assert_eq!(strict.status.code(), Some(1));
    assert!(stderr(&strict).contains("E0322"), "{}", stderr(&strict));
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for path in files_in(from) {
        let inside = path.strip_prefix(from).expect("below the folder");
        let target = to.join(inside);
        fs::create_dir_all(target.parent().expect("a folder")).expect("a folder is made");
        fs::copy(&path, target).expect("a file is copied");
    }
}
