//! Who says what of a property.

mod common;

use scenec_compiler::{MemoryWorld, Options, explain};

const PROGRAM: &str = r#"ngs 1
use "lamp.ngs" as lamp
asset body = gltf("bibles/mira.glb")
param tall: Length = 3m
let thick = 4cm
enum Coat { rain, gala }
param coat: Coat = rain
bible Mira {
  rig: body.skin("Mira")
  lock eyes: Color = #5a6b3c
  variant outfit: Coat = rain { rain: body.variant("rain"), gala: body.variant("gala") }
}
component Post(h: Length = 1m) {
  shaft = cylinder(radius: 1cm, height: h)
  override shaft.radius = thick
}
component Pair() {
  a = Post(h: 2m)
  b = Post()
  override a.h = 2.5m
}
environment yard {
  sky = constant_sky()
  pair = Pair()
  post = Post(h: tall) at (1m, 0m, 0m)
  ball = sphere(radius: 1m, material: paint(color: #808080))
  row = for i in 0..3 { Post(h: i * 1m + 1m) at (i * 2m, 0m, 5m) }
  light = lamp.Lamp()
  override pair.a.shaft.radius = 9cm
  override row[1].h = 7m
}
override lamp.power = 3
character cast {
  hero = Mira(outfit: coat) at (0m, 0m, 9m)
  override locked hero.eyes = #00ff00 because "gag, s040"
}
camera main { frame: yard.ball, lens: 35mm }
shot s010 { camera: main, set tall = 5m, set pair.a.h = 6m, set main.lens = 85mm, set ball.material = steel() }
output o { image: render(s010), file: "o.exr" }
shot spare { camera: main }
cut film { shots: [s010, spare] }
"#;
const LAMP: &str =
    "ngs 1\nparam power: Ratio in 0..10 = 1\ncomponent Lamp() { bulb = sphere(radius: 5cm * (power + 1)) }\n";

/// A line for each opinion: `*` for what decides, indented by its depth, with its line in the program.
fn said(path: &str, shot: Option<&str>, sets: &[(&str, &str)]) -> Vec<String> {
    said_of(PROGRAM, path, shot, sets)
}

fn said_of(program: &str, path: &str, shot: Option<&str>, sets: &[(&str, &str)]) -> Vec<String> {
    let world = common::assets(MemoryWorld::of("a.ngs", program).with("lamp.ngs", LAMP));
    let sets: Vec<_> = sets.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let options = Options { shot: shot.map(str::to_owned), ..Options::default() };
    let (compilation, explained) = explain(&world, "a.ngs", &sets, &options, path);
    let Some(explained) = explained else {
        return compilation
            .diagnostics
            .iter()
            .filter(|d| d.is_error())
            .map(|d| format!("{} {}", d.code, d.message))
            .collect();
    };
    assert_eq!(explained.path, path);
    let line = |said: &scenec_compiler::Said| {
        let place = said.place.map(|span| compilation.sources.location(span));
        let place = place.and_then(|p| p.split(':').nth(1).map(|line| format!(" :{line}"))).unwrap_or_default();
        let mark = if said.wins { "* " } else { "" };
        let worth = said.resolved.as_ref().map_or_else(String::new, |value| format!(" -> {value}"));
        format!("{}{mark}{} = {}{worth}{place}", "  ".repeat(said.depth), said.strength, said.value)
    };
    let properties = explained.properties.iter().map(|(name, said)| format!("{name}: {}", line(said)));
    explained.said.iter().map(line).chain(properties).collect()
}

#[test]
fn opinions_are_told_the_strongest_first() {
    let inner = [
        "* override = 9cm :29",
        "override in `Post` = thick -> 40mm :15",
        "  * `thick`: value = 4cm :5",
        "argument = 1cm :14",
    ];
    assert_eq!(said("yard.pair.a.shaft.radius", None, &[]), inner);
    let row = ["* override = 7m :30", "argument = i * 1m + 1m :27", "default = 1m :13"];
    assert_eq!(said("row[1].h", None, &[]), row);
    assert_eq!(said("row[0].h", None, &[])[0], "* argument = i * 1m + 1m :27");
    assert_eq!(said("yard.pair.b.h", None, &[]), ["* default = 1m :13"]);
    assert_eq!(said("ball.material.roughness", None, &[])[0], "set in the shot `s010` = steel() :38");
    assert_eq!(said("ball.material.roughness", None, &[])[1], "* default of `paint` = 0.35");
    assert_eq!(said("ball.at", None, &[]), ["* default of `place` = (0m, 0m, 0m)"]);
    assert_eq!(said("post.at", None, &[])[0], "* argument = (1m, 0m, 0m) :25");
    assert_eq!(said("hero.eyes", None, &[]), ["* override = #00ff00 :35", "default = #5a6b3c :10"]);
    assert_eq!(said("lamp.power", None, &[]), ["* override = 3 :32", "default = 1 :2"]);
}

#[test]
fn a_shot_decides_only_when_it_is_asked_for() {
    let without =
        ["set in the shot `s010` = 6m :38", "* override in `Pair` = 2.5m :20", "argument = 2m :18", "default = 1m :13"];
    assert_eq!(said("pair.a.h", None, &[]), without);
    let within =
        ["* set in the shot `s010` = 6m :38", "override in `Pair` = 2.5m :20", "argument = 2m :18", "default = 1m :13"];
    assert_eq!(said("pair.a.h", Some("s010"), &[]), within);
    let lens = ["set in the shot `s010` = 85mm :38", "* argument = 35mm :37", "default of `camera` = 35mm"];
    assert_eq!(said("main.lens", None, &[]), lens);
}

#[test]
fn an_argument_tells_what_it_is_taken_from() {
    let post = [
        "* argument = tall -> 7m :25",
        "  * `tall`: --set = 7m :1",
        "  `tall`: set in the shot `s010` = 5m :38",
        "  `tall`: default = 3m :4",
        "default = 1m :13",
    ];
    assert_eq!(said("post.h", Some("s010"), &[("tall", "7m")]), post);
    let outfit = ["* argument = coat -> rain :34", "  * `coat`: default = rain :7", "default = rain :11"];
    assert_eq!(said("hero.outfit", None, &[]), outfit);
    assert_eq!(said("tall", Some("s010"), &[]), ["* set in the shot `s010` = 5m :38", "default = 3m :4"]);
}

#[test]
fn the_command_line_is_the_strongest() {
    let at = |path: &str, value: &str| said(path, Some("s010"), &[(path, value)]);
    assert_eq!(at("pair.a.h", "9m")[..2], ["* --set = 9m :1", "set in the shot `s010` = 6m :38"]);
    assert_eq!(at("main.lens", "50mm")[..2], ["* --set = 50mm :1", "set in the shot `s010` = 85mm :38"]);
    assert_eq!(at("row[1].h", "9m")[..2], ["* --set = 9m :1", "override = 7m :30"]);
    assert_eq!(at("lamp.power", "9")[..2], ["* --set = 9 :1", "override = 3 :32"]);
    assert_eq!(at("hero.eyes", "#ff0000"), ["E0320 `eyes` is locked"]);
    let twice = said("ball.radius", None, &[("ball.radius", "1m"), ("yard.ball.radius", "2m")]);
    assert_eq!(twice, ["E0313 one property is set twice"]);
}

#[test]
fn what_is_not_made_has_no_opinions() {
    assert_eq!(said("row[3].h", None, &[]), ["E0412 there is no `yard/row[3]` to explain"]);
    assert_eq!(said("row[1].h", Some("s020"), &[]), ["E0212 the program has no shot `s020`"]);
    let cut = ["E0212 `film` is a cut, and each of its shots decides for itself"];
    assert_eq!(said("row[1].h", Some("film"), &[]), cut);
    // No output shows it.
    assert_eq!(said("main.lens", Some("spare"), &[])[0], "set in the shot `s010` = 85mm :38");
}

#[test]
fn a_path_that_leads_nowhere_is_an_error() {
    for (path, wanted) in [
        ("ball.colour", "E0203 `ball` has no property `colour`"),
        ("bal.radius", "E0201 nothing here has the name `bal`"),
        ("row.h", "E0310 `row` is a list, whose items have properties"),
        ("posts[", "E0312 `posts[` is no path of a property"),
        ("a = 3 override b", "E0312 `a = 3 override b` is no path of a property"),
        ("", "E0312 `` is no path of a property"),
        ("lamp.colour", "E0205 the module `lamp` has no parameter `colour`"),
    ] {
        assert_eq!(said(path, None, &[]), [wanted], "{path}");
    }
}

#[test]
fn a_value_is_followed_through_all_that_it_reads() {
    let program = r#"ngs 1
param q: Length = 1m
param unused: Length = 5m
fn half(x: Length, by: Ratio = 2): Length = x / by
component R(w: Length = 2m, d: Length = w * 3) {
  let h = half(w)
  b = box(size: (h, d, q))
}
component Outer(w: Length = 3m) { inner = R(w: w + q) }
environment e2 {
  sky = constant_sky()
  r = R(w: q * 4)
  o = Outer()
  o2 = Outer()
  override o2.inner.w = 10m
}
camera main { frame: e2.r, lens: 35mm }
shot s010 { camera: main, frames: 1..5, set q = 3m }
output still { image: render(s010), file: "o.exr" }
"#;
    let asked = [
        ("e2.r.b.size", None),
        ("e2.r.d", None),
        ("o.inner.b.size", Some("s010")),
        ("o2.inner.b.size", None),
        ("o2.inner.w", None),
        ("s010.size", None),
        ("s010.frames", None),
        ("still.image", None),
        ("still.file", None),
        ("still.bits", None),
        ("e2.r", None),
        ("s010", None),
        ("still", None),
        ("main", None),
        ("s010.siz", None),
        ("s010.size.x", None),
        ("e2", None),
    ];
    let answer = |(path, shot): (&str, Option<&str>)| {
        let shot_of = shot.map_or_else(String::new, |shot| format!(" in {shot}"));
        format!("{path}{shot_of}\n{}\n", said_of(program, path, shot, &[]).join("\n"))
    };
    insta::assert_snapshot!(asked.map(answer).join("\n"));
}
