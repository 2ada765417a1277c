//! Scatter, from the text to the stage: what copies are called, where they are, and that a change elsewhere moves none.

mod support;

use std::collections::BTreeMap;
use std::fs;

use scenec_compiler::{MemoryWorld, Options, compile};
use scenec_runtime::product::Product;
use scenec_runtime::{Files, design};
use support::*;

const PARTS: &str = "component Fern() { leaf = cone(radius: 4cm, height: 30cm) }\n\
                     component Moss() { tuft = sphere(radius: 5cm)\n stone = box(size: 4cm) }\n";

const SHOWN: &str = "camera main { at: (0m, 3m, 9m), look_at: (0m, 0m, 0m) }\nshot s { camera: main, size: (32px, 32px) }\n\
                     output o { image: render(s, samples: 1), file: \"o.exr\" }\n";

fn program(statements: &str) -> String {
    format!(
        "ngs 1\n{PARTS}environment e {{\n  sky = constant_sky()\n  floor = ground(size: 20m)\n  \
         path = box(size: (2m, 10cm, 30m))\n  let cloud = sphere(radius: 3m) at (0m, 5m, 0m)\n{statements}\n}}\n{SHOWN}"
    )
}

/// World places of all pieces, by id.
fn pieces(statements: &str) -> BTreeMap<String, [f32; 3]> {
    let text = program(statements);
    let made = compile(&MemoryWorld::of("scene.ngs", text.clone()), "scene.ngs", &[], &Options::default());
    let Some(graph) = made.graph else { panic!("{text}\n{:#?}", made.diagnostics) };
    let products = design(&graph, &Nothing, &Nothing).expect("it runs");
    let stage = products.into_values().find_map(|p| if let Product::Stage(s) = p { Some(s) } else { None });
    let stage = stage.expect("a stage");
    stage.instances.iter().map(|i| (i.id.to_string(), i.world_from_object.translation.to_array())).collect()
}

fn of(all: &BTreeMap<String, [f32; 3]>, name: &str) -> BTreeMap<String, [f32; 3]> {
    all.iter().filter(|(id, _)| id.starts_with(name)).map(|(id, at)| (id.clone(), *at)).collect()
}

const FERNS: &str = "scatter ferns: Fern on floor { count: 200, spacing: 20cm }";

#[test]
fn what_happens_elsewhere_moves_no_copy() {
    let before = of(&pieces(FERNS), "e/ferns/");
    assert_eq!(before.len(), 200);
    for more in [
        format!("scatter other: Moss on floor {{ count: 50 }}\n{FERNS}"),
        format!("{FERNS}\nscatter zzz: Moss in cloud {{ count: 50 }}"),
        format!("{FERNS}\nbox_2 = box(size: 1m)"),
        FERNS.replace("200", "200, avoid: []"),
    ] {
        assert_eq!(of(&pieces(&more), "e/ferns/"), before, "{more}");
    }
    // A larger count appends; another name is another arrangement.
    let larger = of(&pieces(&FERNS.replace("200", "300")), "e/ferns/");
    assert_eq!(larger.len(), 300);
    assert!(before.iter().all(|(id, at)| larger[id] == *at));
    let renamed = of(&pieces(&FERNS.replace("ferns", "brakes")), "e/brakes/");
    assert!(renamed.values().all(|at| !before.values().any(|b| b == at)));
}

#[test]
fn what_is_avoided_takes_only_what_stands_there() {
    let before = of(&pieces(FERNS), "e/ferns/");
    let around = of(&pieces(&FERNS.replace("200", "200, avoid: path, avoid_by: 0.5m")), "e/ferns/");
    assert!(around.len() < before.len());
    for (id, at) in &before {
        // The path is 2 m wide.
        let is_inside = at[0].abs() <= 1.5;
        assert_eq!(around.get(id), (!is_inside).then_some(at), "{id} {at:?}");
    }
    let both = "scatter ferns: Fern on floor { count: 200, spacing: 20cm, avoid: [path, tower.top] }\n\
                tower = cylinder(radius: 2m, height: 9m) at (6m, 4m, 0m)";
    let left = of(&pieces(both), "e/ferns/");
    assert!(left.iter().all(|(id, at)| before[id] == *at && at[0].abs() > 1.0));
    assert!(left.values().all(|at| (at[0] - 6.0).hypot(at[2]) > 1.9), "below what stands in the air as well");
}

#[test]
fn several_prototypes_keep_their_places_when_a_weight_changes() {
    let plants = |weights: &str| {
        let all =
            pieces(&format!("scatter plants: [Fern, Moss] on floor {{ count: 400, weights: [{weights}], yaw: 0 }}"));
        // A copy of moss has two pieces. Places by number, of the first piece.
        let mut found: BTreeMap<u32, (&'static str, [f32; 2])> = BTreeMap::new();
        for (id, at) in of(&all, "e/plants/") {
            let mut names = id["e/plants/".len()..].split('/');
            let number: u32 = names.next().and_then(|n| n.parse().ok()).expect("a number");
            let kind = if names.next() == Some("leaf") { "fern" } else { "moss" };
            found.insert(number, (kind, [at[0], at[2]]));
        }
        found
    };
    let (even, mossy) = (plants("1, 1"), plants("1, 3"));
    let ferns = |all: &BTreeMap<u32, (&str, [f32; 2])>| all.values().filter(|(kind, _)| *kind == "fern").count();
    // Four standard deviations around 200 and 100.
    assert!((160..240).contains(&ferns(&even)) && (65..135).contains(&ferns(&mossy)));
    assert_eq!(even.len(), 400);
    for (number, (kind, at)) in &even {
        let (now, there) = mossy[number];
        assert_eq!(there, *at);
        assert!(now == *kind || now == "moss");
    }
    let unlike = plants("1, 1.0");
    assert_eq!(unlike, even);
}

#[test]
fn a_volume_is_filled_and_its_copies_are_centred() {
    let birds = of(&pieces("scatter birds: Fern in cloud { count: 300, spacing: 10cm, tilt: 20deg }"), "e/birds/");
    assert_eq!(birds.len(), 300);
    let far = |at: &[f32; 3]| at[0].hypot(at[1] - 5.0).hypot(at[2]);
    assert!(birds.values().all(|at| far(at) <= 3.01));
    assert!(birds.values().any(|at| at[1] < 3.5) && birds.values().any(|at| at[1] > 6.5));
    let high = of(&pieces("scatter birds: Fern in cloud { count: 30, height_min: 6m }"), "e/birds/");
    assert!(high.len() == 30 && high.values().all(|at| at[1] >= 5.99));
}

fn picture(path: &std::path::Path, size: u32, grey: impl Fn(u32) -> u8) {
    let mut encoder = png::Encoder::new(fs::File::create(path).expect("a file"), size, size);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels: Vec<u8> = (0..size * size).map(|i| grey(i % size)).collect();
    encoder.write_header().and_then(|mut w| w.write_image_data(&pixels)).expect("a picture");
}

#[test]
fn bad_input_has_a_code_a_name_and_a_way_out() {
    let meadow = |fields: &str| program(&format!("scatter ferns: Fern on floor {{ count: 50, {fields} }}"));
    let in_volume = |volume: &str| program(&format!("scatter ferns: Fern in {volume} {{ count: 50 }}"));
    for (text, exit, code, says, hint) in [
        (meadow("density: \"note.png\""), 1, "error[E0623]", "note.png", "a grey PNG or JPEG"),
        (meadow("density: \"huge.png\""), 1, "error[E0623]", "8193 x 8193 pixels", "a smaller picture"),
        (meadow("density: \"black.png\""), 0, "W0631", "`e/ferns#thing`: 50 of 50 found no room", "brighter"),
        (meadow("height_min: 4m"), 1, "error[E0630]", "within the slope and height limits", ""),
        (meadow("spacing: 15m"), 0, "W0631", "found no room", "lower `count` or `spacing`"),
        (meadow("avoid: floor"), 0, "W0631", "all 50 stand in what is to be avoided", "avoid less"),
        (in_volume("floor"), 1, "error[E0637]", "no volume: 4 edges", "such as a box or a sphere"),
        (
            in_volume("cloud").replace("count: 50", "count: 50, spacing: 4m"),
            0,
            "W0631",
            "found no room",
            "the volume larger",
        ),
    ] {
        let folder = scene(&text);
        fs::write(folder.path().join("note.png"), "no picture").expect("a file");
        picture(&folder.path().join("black.png"), 2, |_| 0);
        if says.starts_with("8193") {
            picture(&folder.path().join("huge.png"), 8193, |_| 9);
        }
        let output = scenec(folder.path(), &["build", "scene.ngs", "--device", "native"]);
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(exit), "{told}");
        assert!(told.contains(code) && told.contains(says) && told.contains(hint), "{code} {says}: {told}");
    }
}

#[test]
fn a_density_map_is_read_and_laid_over_the_ground() {
    let text = program("scatter ferns: Fern on floor { count: 90, density: \"half.png\", avoid: path }");
    let folder = scene(&text);
    picture(&folder.path().join("half.png"), 64, |x| if x < 32 { 0 } else { 255 });
    good(&scenec(folder.path(), &["check", "scene.ngs"]));
    struct Disk(std::path::PathBuf);
    impl Files for Disk {
        fn read(&self, path: &str) -> Result<Vec<u8>, String> {
            fs::read(self.0.join(path)).map_err(|e| e.to_string())
        }
        fn write(&self, path: &str, _: &[u8]) -> Result<String, String> {
            Err(format!("{path} is not to be written"))
        }
    }
    let world = MemoryWorld::of("scene.ngs", text).with("half.png", "");
    let graph = compile(&world, "scene.ngs", &[], &Options::default()).graph.expect("it compiles");
    let products = design(&graph, &Disk(folder.path().to_owned()), &Nothing).expect("it runs");
    let stage =
        products.values().find_map(|p| if let Product::Stage(s) = p { Some(s) } else { None }).expect("a stage");
    let ferns: Vec<f32> = stage
        .instances
        .iter()
        .filter(|i| i.id.starts_with("e/ferns/"))
        .map(|i| i.world_from_object.translation.x)
        .collect();
    // Half of a pixel of 31 cm is grey on both sides of the middle; the path takes what is nearer than a metre.
    assert!(ferns.len() > 60 && ferns.iter().all(|x| *x > 1.0), "{ferns:?}");
}
