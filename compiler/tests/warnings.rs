//! Warnings of large programs. What each of them says stands in `tests/errors` (`unread`, `suspicious`, `views`).

mod common;

use scenec_compiler::{Compilation, MemoryWorld, Options, compile};

fn compile_things(things: &str) -> Compilation {
    let text = format!(
        "ngs 1\nenvironment e {{\nsky = constant_sky()\n{things}}}\ncamera main {{ frame: t0 }}\nshot s {{ camera: main }}\n\
         output o {{ image: render(s), file: \"o.exr\" }}\n"
    );
    compile(&MemoryWorld::of("scene.ngs", text), "scene.ngs", &[], &Options::default())
}

/// A program that was written by a program makes one mistake many times.
#[test]
fn warnings_of_one_code_are_counted_and_not_all_shown() {
    let things: String = (0..1000).map(|i| format!("t{i} = box(size: 1m)\n")).collect();
    let compilation = compile_things(&things);
    let twins: Vec<_> = compilation.diagnostics.iter().filter(|d| d.code == "W0404").collect();
    assert_eq!(twins.len(), 16);
    let hint = twins[15].hint.as_deref().unwrap_or("");
    assert!(hint.ends_with("983 more warnings of this code are not shown"), "{hint}");
    assert!(compilation.graph.is_some());
}

/// Tiles side by side touch, and have tops of one height; so do boxes of several surfaces that overlap a little.
#[test]
fn what_only_touches_is_no_twin() {
    let tile = |i: usize| {
        format!("t{i} = plane(size: 1m, material: clay(color: #{i:06x})) at ({}m, 0m, {}m)\n", i % 50, i / 50)
    };
    let things: String = (0..2000).map(tile).collect();
    let compilation = compile_things(&things);
    assert!(compilation.diagnostics.is_empty(), "{:?}", compilation.diagnostics.first());
}

/// What the manual shows has no warning.
#[test]
fn examples_of_nodes_have_no_warnings() {
    let mut said = Vec::new();
    for decl in scenec_ir::nodes::all().iter().filter(|d| !d.example.is_empty()) {
        let world = common::assets(MemoryWorld::of("scene.ngs", decl.example));
        let compilation = compile(&world, "scene.ngs", &[], &Options::default());
        said.extend(compilation.diagnostics.iter().map(|d| format!("{}: {} {}", decl.name, d.code, d.message)));
    }
    assert!(said.is_empty(), "{said:#?}");
}

/// A module that shows nothing is written for others.
#[test]
fn what_a_library_offers_counts_as_used() {
    let kit = "ngs 1\nenum Kind { a, b }\nfn half(x: Length): Length = x / 2\ncomponent Post(idle: Length = 1m) { x = box(size: 1m) }\n";
    let codes = |text: String| {
        let compilation = compile(&MemoryWorld::of("kit.ngs", text), "kit.ngs", &[], &Options::default());
        compilation.diagnostics.iter().map(|d| format!("{} {}", d.code, d.message)).collect::<Vec<_>>()
    };
    assert_eq!(codes(kit.to_owned()), ["W0201 the parameter `idle` is never used"]);
    let shown = format!("{kit}environment e {{ sky = constant_sky() }}\ncamera main {{ at: (0m, 0m, 0m) }}\n");
    assert_eq!(codes(shown).iter().filter(|c| c.starts_with("W0201")).count(), 4);
}

/// `scenec explain` shows what gets a warning, and what does not.
#[test]
fn pages_of_warnings_are_right() {
    for code in ["W0203", "W0403", "W0404", "W0405", "W0406"] {
        let page = scenec_ir::codes::find(code).expect("a page");
        let codes = |program: &str| {
            let mut text = format!("ngs 1\n{program}\n");
            if !text.contains("environment") && !text.contains("engineering") {
                text += "environment e { ball = sphere(radius: 1m) }\n";
            }
            if !text.contains("camera") {
                text += "camera main { at: (0m, 1m, 50m), look_at: (0m, 0m, 0m) }\n";
            }
            if !text.contains("output") {
                text += "shot s { camera: main }\noutput o { image: render(s), file: \"o.exr\" }\n";
            }
            let compilation = compile(&MemoryWorld::of("scene.ngs", text), "scene.ngs", &[], &Options::default());
            compilation.diagnostics.iter().map(|d| d.code.clone()).collect::<Vec<_>>()
        };
        assert_eq!((codes(page.wrong), codes(page.right)), (vec![code.to_owned()], vec![]), "{code}");
    }
}
