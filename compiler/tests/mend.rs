//! `mend` carries out fixes.

use scenec_compiler::{MemoryWorld, Mended, Options, mend};

fn mended(world: &MemoryWorld, sets: &[(&str, &str)]) -> Mended {
    let sets: Vec<_> = sets.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    mend(world, "scene.ngs", &sets, &Options::default())
}

const SCENE: &str = "ngs 1
use \"kit.ngs\" { Post }
environment yard {
  sky = constant_sky()
  ball = shpere(radius: 2)
  post = Post(height: 3)
}
camera main { frame: ball lens: 35mm }
shot s { camera: main }
output o { image: render(s) |> view(agx), file: \"o.png\" }
";
const KIT: &str = "ngs 1\ncomponent Post(height: Length = 2) {\n  top = box(size: 1m)\n}\n";

fn right(text: &str) -> String {
    text.replace("shpere(radius: 2)", "sphere(radius: 2m)")
        .replace("height: 3", "height: 3m")
        .replace("ball lens", "ball, lens")
}

#[test]
fn fixes_of_several_rounds_and_files_are_carried_out() {
    let mended = mended(&MemoryWorld::of("scene.ngs", SCENE).with("kit.ngs", KIT), &[]);
    assert_eq!(mended.texts["kit.ngs"], KIT.replace("= 2", "= 2m"));
    // The radius is looked at only when `sphere` has its right name.
    assert_eq!(mended.texts["scene.ngs"], right(SCENE));
    assert_eq!(mended.fixes, 5);
    assert!(!mended.compilation.has_errors(), "{:?}", mended.compilation.diagnostics);
}

#[test]
fn what_needs_no_fix_or_has_none_stays() {
    let good = right(SCENE);
    let kit = KIT.replace("= 2", "= 2m");
    let clean = mended(&MemoryWorld::of("scene.ngs", good.as_str()).with("kit.ngs", kit.as_str()), &[]);
    assert!(clean.texts.is_empty() && clean.fixes == 0 && !clean.compilation.has_errors());
    let lost = good.replace("frame: ball", "frame: zzzzzz");
    let kept = mended(&MemoryWorld::of("scene.ngs", lost.as_str()).with("kit.ngs", kit.as_str()), &[]);
    assert!(kept.texts.is_empty() && kept.fixes == 0 && kept.compilation.has_errors());
}

#[test]
fn what_stands_in_no_file_is_not_written() {
    let scene = "ngs 1\nparam size: Length = 1m\nenvironment e { sky = constant_sky() b = sphere(radius: size) }\n\
        camera main { frame: b }\nshot s { camera: main }\noutput o { image: render(s) |> view(agx), file: \"o.png\" }\n";
    let kept = mended(&MemoryWorld::of("scene.ngs", scene), &[("size", "4")]);
    assert!(kept.texts.is_empty() && kept.fixes == 0 && kept.compilation.has_errors());
    let missing = mended(&MemoryWorld::default(), &[]);
    assert!(missing.texts.is_empty() && missing.compilation.has_errors());
    let mut bytes = scene.replace("1m", "1").into_bytes();
    bytes.extend(b"// \xff\n");
    let latin = mended(&MemoryWorld::of("scene.ngs", bytes), &[]);
    assert!(latin.texts.is_empty() && latin.compilation.has_errors());
}

#[test]
fn marks_and_line_breaks_of_the_file_stay() {
    let text = "\u{feff}".to_owned() + &SCENE.replace('\n', "\r\n");
    let mended = mended(&MemoryWorld::of("scene.ngs", text.as_str()).with("kit.ngs", KIT), &[]);
    assert_eq!(mended.texts["scene.ngs"], right(&text));
}

/// Names go with their commas, items with their lines; what else stands on a line stays.
#[test]
fn imports_that_nobody_reads_are_removed() {
    let kit = "ngs 1\ncomponent A() { x = box(size: 1m) }\ncomponent B() { x = box(size: 2m) }\nlet c = 3m\nlet d = 4m\nlet e = 5m\n";
    let scene = "ngs 1
use \"kit.ngs\" { A, B as Unread, d as also_unread } // the kit
  use \"kit.ngs\" as gone
use \"kit.ngs\" { c as kept } use \"kit.ngs\" { e as lost } // two
environment e { sky = constant_sky()  a = A()  b = sphere(radius: kept) at (9m, 0m, 0m) }
camera main { frame: a }
shot s { camera: main }
output o { image: render(s) |> view(agx), file: \"o.png\" }
";
    let mended = mended(&MemoryWorld::of("scene.ngs", scene).with("kit.ngs", kit), &[]);
    let wanted = scene
        .replace("{ A, B as Unread, d as also_unread }", "{ A }")
        .replace("  use \"kit.ngs\" as gone\n", "")
        .replace(" use \"kit.ngs\" { e as lost } //", "  //");
    assert_eq!(mended.texts["scene.ngs"], wanted);
    assert!(mended.compilation.diagnostics.is_empty(), "{:?}", mended.compilation.diagnostics);
}
