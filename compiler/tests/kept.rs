//! A program that is analysed edit by edit, with what was kept of the edits before, is told the same as one that is analysed
//! anew.

mod common;

use std::path::Path;

use scenec_compiler::index::{Definition, Parts};
use scenec_compiler::{Analysis, Claims, MemoryWorld, Options, Parsed, analyse};

/// Six modules that know each other in every way that there is.
const PROGRAM: [(&str, &str); 6] = [
    (
        "units.ngs",
        "ngs 1\nenum Mood { calm, wild }\nenum Kind { small, large }\nfn twice(x: Length): Length = x * 2\nlet base = 1m\n\
         param gap: Length in 0m..10m = 1m\nprivate let hidden = 3m\nlet seen = hidden + base\n",
    ),
    (
        "kit.ngs",
        "ngs 1\nuse \"units.ngs\" as units\nuse \"units.ngs\" { Mood, base as ground, twice }\n\
         component Post(height: Length in 1m..9m = 2m, mood: Mood = calm) {\n  \
         shaft = cylinder(radius: 5cm, height: height)\n  knob = sphere(radius: 8cm, material: brass()) at shaft.top\n  \
         override knob.radius = 9cm\n}\ncomponent Row(step: Length = twice(ground)) {\n  a = Post(height: 3m)\n  \
         b = Post(mood: wild) at (step, units.gap, 0m)\n  c = for i in 0..3 { Post(height: 2m + i * 1m) }\n}\n\
         let tint = paint(#336699, roughness: 0.5)\nfn wide(x: Length): Length = twice(x) + ground\n",
    ),
    (
        "mira.ngs",
        "ngs 1\nuse \"units.ngs\" { Kind }\nasset body = gltf(\"bibles/mira.glb\")\nenum Coat { rain, gala }\nbible Mira {\n  \
         rig: body.skin(\"Mira\")\n  lock eyes: Color = #5a6b3c\n  height: Length = 1.68m\n  \
         variant outfit: Coat = rain { rain: body.variant(\"rain\"), gala: body.variant(\"gala\") }\n  \
         rule outfit == gala requires height > 1.6m\n}\nlet kind = Kind.small\n",
    ),
    (
        "set.ngs",
        "ngs 1\nuse \"kit.ngs\" as kit\nuse \"units.ngs\" as units\nparam size: Length in 1m..20m = 4m\n\
         component Yard(width: Length = size) {\n  floor = box(size: (width, 1cm, width), material: kit.tint)\n  \
         row = kit.Row(step: units.twice(1m)) at floor.top\n  extra = kit.Post(height: kit.wide(units.seen))\n  \
         override row.a.height = 4m\n}\n",
    ),
    (
        "away.ngs",
        "ngs 1\nlet far = 30m\ncomponent Tower(height: Length = far) {\n  body = cylinder(radius: 2m, height: height)\n  \
         roof = cone(radius: 3m, height: 2m) at body.top\n}\n",
    ),
    (
        "scene.ngs",
        "ngs 1\nuse \"set.ngs\" as set\nuse \"kit.ngs\" { Post, tint as colour }\nuse \"away.ngs\" { Tower }\n\
         use \"mira.ngs\" { Mira }\nuse \"units.ngs\" as units\nparam level: Length in 0m..3m = 1m\nlet half = level / 2\n\
         environment yard {\n  sky = constant_sky()\n  home = set.Yard(width: 6m)\n  tower = Tower()\n  \
         posts = for i in 0..3 { Post(height: 1m + i * 1m) at (i * 2m, half, 5m) }\n  \
         ball = sphere(radius: units.twice(half), material: colour)\n  override home.row.a.height = 3m\n  \
         override posts[1].height = 2m\n}\ncharacter cast {\n  mira = Mira(height: 1.7m) at (1m, level, 0m)\n}\n\
         camera main { frame: yard.home }\nshot first { frames: 0..24, camera: main, set level = 2m, set ball.radius = 1m + t * 1m/s }\n\
         override set.size = 5m\nimage look = render(first)\noutput still { image: look |> view(agx), file: \"out/{frame:4}.png\" }\n\
         test \"high\" { assert level > 0m }\n",
    ),
];

/// Numbers that look random, the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }
}

/// Names, numbers, blanks, and every other letter by itself.
fn tokens(text: &str) -> Vec<String> {
    let class = |c: char| match c {
        c if c.is_ascii_alphabetic() || c == '_' => 1,
        c if c.is_ascii_digit() => 2,
        ' ' => 3,
        _ => 0,
    };
    let mut tokens: Vec<String> = Vec::new();
    let mut last = 0;
    for c in text.chars() {
        match tokens.last_mut() {
            Some(token) if class(c) == last && last != 0 => token.push(c),
            _ => tokens.push(c.into()),
        }
        last = class(c);
    }
    tokens
}

/// What an author may do to a text, well or badly. `words` are names to write.
fn edited(text: &str, words: &[String], random: &mut Random) -> String {
    let mut tokens = tokens(text);
    let mut lines: Vec<&str> = text.lines().collect();
    let (token, line) = (random.below(tokens.len()), random.below(lines.len()));
    let is = |token: &String, class: fn(char) -> bool| token.starts_with(class);
    let near = |tokens: &[String], class: fn(char) -> bool| {
        (token..tokens.len()).chain(0..token).find(|at| is(&tokens[*at], class)).unwrap_or(token)
    };
    match random.below(12) {
        0 => drop(tokens.remove(token)),
        1 => tokens.insert(token, tokens[random.below(tokens.len())].clone()),
        2 | 3 => {
            let at = near(&tokens, |c| c.is_ascii_digit());
            tokens[at] = format!("{}", random.below(40));
        }
        4 | 5 => {
            let at = near(&tokens, |c| c.is_ascii_alphabetic());
            tokens[at] = words[random.below(words.len())].clone();
        }
        6 => {
            let at = near(&tokens, |c| c.is_ascii_alphabetic());
            tokens[at].push('x');
        }
        7 => tokens.truncate(token.max(2)),
        8 => tokens.insert(token, "\n".into()),
        choice => {
            match choice {
                9 => drop(lines.remove(line)),
                10 => lines.insert(line, lines[random.below(lines.len())]),
                _ => lines.insert(
                    line.max(1),
                    ["let added = 2m", "// nothing", "param more: Length = base"][random.below(3)],
                ),
            }
            return lines.join("\n") + "\n";
        }
    }
    tokens.concat()
}

/// Everything that an editor is told, so that two analyses can be compared.
fn told(analysis: &Analysis) -> Vec<String> {
    let Analysis { compilation, index } = analysis;
    let definition = |d: &Definition| {
        let parts = match &d.parts {
            Parts::Node(decl) => decl.name.to_owned(),
            other => format!("{other:?}"),
        };
        let Definition { name, span, module, owner, noun, ty, value, is_required, is_private, .. } = d;
        format!("{name} {span:?} {module} {owner:?} {noun} {ty:?} {value:?} {is_required} {is_private} {parts}")
    };
    let mut all: Vec<String> = compilation.diagnostics.iter().map(|d| format!("{d:?}")).collect();
    all.extend(index.definitions.iter().map(definition));
    all.extend(index.known().map(|k| format!("{k:?}")));
    all.push(format!("{:?} {:?} {:?}", compilation.modules, compilation.locks, compilation.shots));
    all.push(format!("{:?}", compilation.graph));
    all
}

/// Counts of definitions that were checked and that there were.
fn edits(name: &str, root: &str, files: &[(String, String)], count: usize, seed: u64) -> (usize, usize) {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut texts: Vec<String> = files.iter().map(|(_, text)| text.clone()).collect();
    let words: Vec<String> = texts
        .iter()
        .flat_map(|text| tokens(text))
        .filter(|token| token.starts_with(|c: char| c.is_ascii_alphabetic()))
        .collect();
    let options = Options { first_frame_only: true, claims: Claims::All, ..Options::default() };
    let mut parsed = Parsed::default();
    let (mut checked, mut definitions) = (0, 0);
    for edit in 0..count {
        let at = random.below(texts.len());
        // Now and then everything is as it was, so that programs stay alive.
        let before = match random.below(3) {
            0 => std::mem::replace(&mut texts[at], files[at].1.clone()),
            1 if random.below(3) == 0 => {
                texts = files.iter().map(|(_, text)| text.clone()).collect();
                texts[at].clone()
            }
            _ => {
                let text = edited(&texts[at], &words, &mut random);
                std::mem::replace(&mut texts[at], text)
            }
        };
        let mut world = common::assets(MemoryWorld::default());
        for ((path, _), text) in files.iter().zip(&texts) {
            world = world.with(path, text.as_str());
        }
        let options = (random.below(4) == 0).then_some(&options);
        let kept = analyse(&world, root, options, &mut parsed);
        let (some, all) = parsed.checked();
        (checked, definitions) = (checked + some, definitions + all);
        let fresh = analyse(&world, root, options, &mut Parsed::default());
        let (kept_says, fresh_says) = (told(&kept), told(&fresh));
        let first = kept_says.iter().zip(&fresh_says).find(|(a, b)| a != b);
        assert!(
            kept_says == fresh_says && kept.index.uses == fresh.index.uses,
            "{name}, seed {seed}, edit {edit} of {}\n{:#?}\nbefore:\n{before}\nafter:\n{}",
            files[at].0,
            first,
            texts[at]
        );
    }
    (checked, definitions)
}

fn program() -> Vec<(String, String)> {
    PROGRAM.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn the_program_is_good() {
    let mut world = common::assets(MemoryWorld::default());
    for (path, text) in PROGRAM {
        world = world.with(path, text);
    }
    let analysis = analyse(&world, "scene.ngs", None, &mut Parsed::default());
    let errors: Vec<_> = analysis.compilation.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn what_is_kept_says_what_a_new_check_says() {
    let (mut checked, mut definitions) = (0, 0);
    for seed in 1..=6 {
        let (some, all) = edits("the program", "scene.ngs", &program(), 200, seed);
        (checked, definitions) = (checked + some, definitions + all);
    }
    // Else nothing was compared.
    assert!(checked * 3 < definitions * 2, "{checked} of {definitions} checked");
}

#[test]
fn what_is_kept_of_programs_with_errors_says_what_a_new_check_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let read = |folder: &Path, prefix: &str| {
        let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
            .expect("the suite is there")
            .flatten()
            .filter(|entry| entry.path().extension().is_some_and(|e| e == "ngs"))
            .map(|entry| {
                let text = std::fs::read_to_string(entry.path()).expect("a program can be read");
                (format!("{prefix}{}", entry.file_name().to_string_lossy()), text)
            })
            .collect();
        files.sort();
        files
    };
    let library = read(&folder.join("lib"), "lib/");
    for (at, (name, text)) in read(&folder, "").into_iter().enumerate() {
        let mut files = vec![(name.clone(), text)];
        files
            .extend(library.iter().filter(|(path, _)| files[0].1.contains(path.as_str())).cloned().collect::<Vec<_>>());
        edits(&name, &name, &files, 25, at as u64 + 1);
    }
}

#[test]
fn only_what_depends_on_an_edit_is_checked_again() {
    let checked = |module: &str, from: &str, to: &str| {
        let world = |files: &[(String, String)]| {
            let world = common::assets(MemoryWorld::default());
            files.iter().fold(world, |world, (path, text)| world.with(path, text.as_str()))
        };
        let (mut files, mut parsed) = (program(), Parsed::default());
        analyse(&world(&files), "scene.ngs", None, &mut parsed);
        let (first, all) = parsed.checked();
        assert_eq!(first, all, "at first everything is new");
        let (_, text) = files.iter_mut().find(|(path, _)| path == module).expect("the module is there");
        assert!(text.contains(from));
        *text = text.replacen(from, to, 1);
        let analysis = analyse(&world(&files), "scene.ngs", None, &mut parsed);
        let again = parsed.checked().0;
        analyse(&world(&files), "scene.ngs", None, &mut parsed);
        assert_eq!(parsed.checked(), (0, all), "nothing has changed");
        let in_module = |d: &&Definition| analysis.index.modules[d.module].path == module;
        (again, analysis.index.definitions.iter().filter(in_module).count(), all)
    };
    // Nobody uses the root; `away.ngs` is used by one thing of it, with what is made of that.
    let (again, own, all) = checked("scene.ngs", "half = level / 2", "half = level / 12");
    assert!(again == own && own < all, "{again} of {all} checked, {own} are in the module");
    let (again, own, all) = checked("away.ngs", "30m", "31.5m");
    assert!((own..own + 5).contains(&again) && again * 3 < all, "{again} of {all} checked, {own} are in the module");
    // All of the program hangs on its units, but for the tower and its like.
    let (again, own, all) = checked("units.ngs", "base = 1m", "base = 10m");
    assert!(again > own * 2 && again < all, "{again} of {all} checked, {own} are in the module");
}
