//! The page of every code shows a program that has it and one that does not, or says why there is none.
//!
//! What a page shows is a piece of a program; here stands what is around it. Pages of what only a run finds are tried in the
//! `pages` of the root package, those of the parser in `grammar/tests/errors.rs`.

mod common;

use scenec_compiler::{Claims, Compilation, MemoryWorld, Options, compile};
use scenec_ir::AssetIndex;
use scenec_ir::codes::{Code, check};

const ITEMS: &str = "@";
const LAYER: &str = "environment e {\n@\n}";
const BALL: &str =
    "environment yard { sky = constant_sky()  ball = sphere(radius: 1m) }\ncamera main { frame: ball }\n@";
const SHOT: &str = "environment yard { sky = constant_sky()  ball = sphere(radius: 1m) }\ncamera main { frame: ball }\n\
                    shot s { camera: main }\n@";
const BIBLE: &str =
    "asset body = gltf(\"bibles/mira.glb\")\nbible Mira {\nrig: body.skin(\"Mira\")\nenum Coat { rain, gala }\n@\n}";
const HERO: &str = "asset body = gltf(\"bibles/mira.glb\")\nenum Outfit { rain, gala }\nbible Mira {\n  rig: body.skin(\"Mira\")\n  \
                    height: Length = 1.7m\n  lock eyes: Color = #5a6b3c\n  \
                    variant outfit: Outfit = rain { rain: body.variant(\"rain\"), gala: body.variant(\"gala\") }\n  \
                    rule outfit == gala requires height > 1.6m\n}\n\
                    environment yard { sky = constant_sky() }\n@\n";

/// The program around the pieces of a page, `@` in their place. Most are items of a file.
fn frame(code: &str) -> String {
    let picture = "output o { image: render(s) |> view(agx), file: \"o.png\" }";
    match code {
        "E0202" | "E0203" | "E0301" | "E0302" | "E0304" | "E0305" | "E0306" | "E0307" | "E0221" => LAYER.into(),
        "E0207" => "use \"kit.ngs\" { Crate }\nenvironment e {\ncrate = Crate()\n@\n}".into(),
        "E0208" => "asset helmet = gltf(\"assets/FlightHelmet.gltf\")\nengineering e {\n@\n}".into(),
        "E0212" => "param wetness: Ratio = 0.5".into(),
        "E0214" | "E0311" => BIBLE.into(),
        "E0215" => "environment yard { ball = sphere(radius: 1m) }\nengineering props { ball = sphere(radius: 2m) }\n@".into(),
        "E0217" => SHOT.replace('@', "output o { image: render(s) |> view(agx), @ }"),
        "E0323" | "E0324" => SHOT.replace("shot s ", "shot s010 "),
        "W0201" => format!("{SHOT}\n{picture}"),
        "E0309" | "E0407" | "E0411" | "W0202" => SHOT.into(),
        "E0312" => "param count: Int = 2".into(),
        "E0313" => format!("param wet: Ratio = 0.5\n{BALL}"),
        "E0314" => SHOT.replace('@', "image seen = render(s) |> view(agx)\n@"),
        "E0320" => HERO.replace('@', "character cast {\nhero = Mira()\n@\n}"),
        "E0321" => HERO.replace('@', "character cast {\n@\n}\ncamera main { frame: hero }\nshot s { camera: main }\n")
            + picture,
        "E0322" => HERO.replace(
            '@',
            "character cast {\nhero = Mira()\noverride locked hero.eyes = #00ff00 because \"gag, s040\"\n}\n\
             camera main { frame: hero }\nshot s { camera: main }\n",
        ) + picture,
        // In the second shot a rule is broken, whatever the hour.
        "E0413" => HERO.replace(
            '@',
            "enum Hour { day, night }\nparam hour: Hour = day\nparam outfit: Outfit = rain\n\
             character cast {\nhero = Mira(outfit: outfit, height: if hour == day { 1.5m } else { 1.4m })\n}\n\
             camera main { frame: hero }\nshot s010 { camera: main }\nshot s020 { camera: main, set outfit = gala }\n@\n",
        ),
        "E0414" => BALL.replace('@', "shot s010 { camera: main }\nshot s020 { camera: main, frames: 1049..1097 }\n@"),
        "E0331" | "W0203" => BALL.replace("camera main { frame: ball }\n", "").replace('@', match code {
            "W0203" => "@",
            _ => "camera main { frame: ball }\n@",
        }),
        "E0340" | "W0409" => "component Fern() { a = sphere(radius: 1m) }\ncomponent Moss() { a = box(size: 1m) }\n\
                              component Stone() { a = box(size: 1m) }\n\
                              environment e {\nsky = constant_sky()\nland = terrain(size: 40m)\n@\n}\ncamera main { at: (0m, 9m, 90m), look_at: land }\n\
                              shot s { camera: main }\n"
            .to_owned()
            + picture,
        "E0402" => "asset fox = gltf(\"assets/Fox.glb\")\n@".into(),
        "E0404" => "asset fox = gltf(\"assets/Fox.glb\")\ncharacter cast { hero = fox.skin(\"Fox\") }\n@".into(),
        "E0406" => "environment e {\nsky = constant_sky()\nfloor = ground(size: 30m)\n@\n}\ncamera main { frame: floor }\n\
                    shot s { camera: main }\n"
            .to_owned()
            + picture,
        "E0408" => format!("@\ncamera main {{ frame: ball }}\nengineering m {{ ball = sphere(radius: 1m) }}\nshot s {{ camera: main }}\n{picture}"),
        "E0409" => "engineering m { hero = sphere(radius: 1m) }\n@".into(),
        "E0412" => format!(
            "component Post(height: Length = 1m) {{ shaft = box(size: (10cm, height, 10cm)) }}\n\
             environment e {{\nsky = constant_sky()\n@\n}}\ncamera main {{ frame: posts[0] }}\nshot s {{ camera: main }}\n{picture}"
        ),
        "W0401" => "environment e { ball = sphere(radius: 1m) }\n@".into(),
        "W0403" => format!("@\nenvironment e {{ sky = constant_sky() }}\ncamera main {{ frame: crane }}\nshot s {{ camera: main }}\n{picture}"),
        "W0404" => format!("@\ncamera main {{ at: (0m, 9m, 90m), look_at: floor }}\nshot s {{ camera: main }}\n{picture}"),
        "W0411" => BALL.replace(
            '@',
            "shot s010 { camera: main, frames: 1001..1003 }\nshot s020 { camera: main, frames: 1004..1006 }\n\
             output a { image: render(s010), file: \"a.{frame}.exr\" }\n\
             output b { image: render(s020), file: \"b.{frame}.exr\" }\n",
        ),
        "W0405" | "W0406" => format!("@\nshot s {{ camera: main }}\n{picture}"),
        _ => ITEMS.into(),
    }
}

/// Files that stand beside the scene.
fn world() -> MemoryWorld {
    let glb = |path: &str| AssetIndex { path: path.into(), ..AssetIndex::default() };
    common::assets(MemoryWorld::default())
        .with("kit.ngs", "ngs 1\ncomponent Crate() { body = box(size: 1m)  lid = box(size: 1m) }\n")
        .with("common.ngs", "ngs 1\nlet width = 3m\n")
        .with_asset("a.glb", glb("a.glb"))
        .with("kits/scene.toml", "[package]\nname = \"kits\"\n")
        .with("kits/quay.ngs", "ngs 1\ncomponent Quay() { deck = box(size: 3m) }\n")
}

/// The files of a piece: those that `// name.ngs` lines begin, or one scene.
fn files(code: &Code, piece: &str) -> Vec<(String, String)> {
    let (folder, code) = (folder_of(code), code.code);
    let with_edition = |text: &str| if text.starts_with("ngs ") { text.to_owned() } else { format!("ngs 1\n{text}\n") };
    if code.starts_with("E023") && piece.starts_with('[') {
        let program = if piece.contains("kits") { "use \"@kits/quay.ngs\" as kits" } else { "let _a = 1" };
        return vec![
            (format!("{folder}scene.toml"), piece.to_owned()),
            (format!("{folder}scene.ngs"), with_edition(program)),
        ];
    }
    let mut files: Vec<(String, String)> = Vec::new();
    for line in piece.lines() {
        match line.strip_prefix("// ").filter(|name| name.ends_with(".ngs")) {
            Some(name) => files.push((format!("{folder}{name}"), "ngs 1\n".to_owned())),
            None => match files.last_mut() {
                Some((_, text)) => *text += &format!("{line}\n"),
                None => break,
            },
        }
    }
    if files.is_empty() {
        let text = if piece.starts_with("scenec ") { String::new() } else { piece.to_owned() };
        files.push((format!("{folder}scene.ngs"), with_edition(&frame(code).replace('@', &text))));
    }
    // A page about packages names them in a remark.
    if folder == "yard/" && !files.iter().any(|(path, _)| path.ends_with(".toml")) {
        files.push((
            "yard/scene.toml".to_owned(),
            "[package]\nname = \"yard\"\n\n[packages]\nkits = { path = \"../kits\" }\n".to_owned(),
        ));
    }
    files
}

fn folder_of(code: &Code) -> &'static str {
    if matches!(code.code, "E0230" | "E0231" | "E0232" | "E0233" | "E0234" | "E0235") { "yard/" } else { "" }
}

fn run(code: &Code, piece: &str) -> Compilation {
    let files = files(code, piece);
    let mut world = world();
    for (path, text) in &files {
        world = world.with(path, text.clone());
    }
    let root = files.iter().find(|(path, _)| path.ends_with("scene.ngs")).unwrap_or(&files[0]);
    let words: Vec<&str> = piece.split_whitespace().filter(|_| piece.starts_with("scenec ")).collect();
    let sets = words.windows(2).filter(|w| w[0] == "--set").filter_map(|w| w[1].split_once('='));
    let sets: Vec<_> = sets.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let range = words.windows(2).find(|w| w[0] == "--frames").and_then(|w| w[1].split_once(".."));
    let frames = range.and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
    let options = Options { strict: words.contains(&"--strict"), frames, claims: Claims::All, ..Options::default() };
    compile(&world, &root.0, &sets, &options)
}

/// Codes of the errors, and those of the warnings.
fn codes(compilation: &Compilation) -> (Vec<&str>, Vec<&str>) {
    let (errors, warnings): (Vec<_>, Vec<_>) = compilation.diagnostics.iter().partition(|d| d.is_error());
    (errors.into_iter().map(|d| d.code.as_str()).collect(), warnings.into_iter().map(|d| d.code.as_str()).collect())
}

/// What is wrong with a page.
fn problems(code: &Code) -> Vec<String> {
    let mut problems = Vec::new();
    if code.wrong.is_empty() || code.right.is_empty() {
        if !code.page.contains("No example: ") {
            problems.push(format!("{} has no example and does not say why", code.code));
        }
        return problems;
    }
    let is_error = code.code.starts_with('E');
    for (title, piece) in [("wrong", code.wrong), ("right", code.right)] {
        let compilation = run(code, piece);
        let (errors, warnings) = codes(&compilation);
        let fits = match (title, is_error) {
            ("wrong", true) => errors == [code.code],
            ("wrong", false) => errors.is_empty() && warnings.contains(&code.code),
            (_, true) => errors.is_empty(),
            (_, false) => errors.is_empty() && !warnings.contains(&code.code),
        };
        if !fits {
            let said = common::compact(&compilation);
            problems.push(format!("{}: the {title} program\n{piece}\nsays\n{said}", code.code));
        }
    }
    problems
}

#[test]
fn pages_show_what_is_wrong_and_what_is_right() {
    let failures: Vec<String> = check::CODES.iter().flat_map(problems).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    let shown = check::CODES.iter().filter(|c| !c.wrong.is_empty()).count();
    assert!(shown > 60, "{shown} pages have an example");
}

#[test]
fn the_comparer_fails_when_it_must() {
    let good = check::CODES.iter().find(|c| c.code == "E0303").expect("a page");
    assert!(problems(good).is_empty());
    assert_eq!(problems(&Code { wrong: good.right, ..*good }).len(), 1, "the wrong one has no error");
    assert_eq!(problems(&Code { right: good.wrong, ..*good }).len(), 1, "the right one has it");
    assert_eq!(problems(&Code { code: "E0301", ..*good }).len(), 1, "another error");
    assert_eq!(problems(&Code { wrong: "", ..*good }).len(), 1, "nothing is shown");
}
