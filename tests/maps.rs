//! Maps and layers beside a picture: programs go in, files come out, and what is in them is compared with closed forms.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use scenec_compiler::{MemoryWorld, Options, compile};
use scenec_runtime::{Settings, execute};
use support::*;

/// Files in memory.
#[derive(Default)]
struct Shelf(Mutex<BTreeMap<String, Vec<u8>>>);

impl scenec_runtime::Files for Shelf {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("no {path}"))
    }
    fn write(&self, path: &str, bytes: &[u8]) -> Result<String, String> {
        self.0.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
        Ok(path.to_owned())
    }
}

/// A ball of 1 m at the origin before a wall, seen along -z from 5 m; the picture is 4 m wide where the ball is.
const SCENE: &str = r#"ngs 1
component Pair() {
  left = box(size: (1m, 4m, 10cm)) at (-2m, 0m, 0m)
  right = box(size: (1m, 4m, 10cm)) at (2m, 0m, 0m)
}
environment yard {
  sky = constant_sky()
  ball = sphere(radius: 1m, segments: 256, rings: 128) at ((0s: 0m, 1s: 24m * step), 0m, 0m)
  posts = Pair() at (0m, 0m, -3m)
}
param step: Ratio = 0
camera main { at: (0m, 0m, 5m), look_at: (0m, 0m, 0m), fov: 43.60281897deg }
shot s010 { camera: main, frames: 1001..1003, size: (65px, 65px) }
"#;

fn native() -> Settings {
    Settings { device: scenec_runtime::Device::Native, ..Settings::default() }
}

fn built(outputs: &str) -> BTreeMap<String, Vec<u8>> {
    let world = MemoryWorld::of("scene.ngs", format!("{SCENE}{outputs}"));
    let made = compile(&world, "scene.ngs", &[], &Options::default());
    let graph = made.graph.unwrap_or_else(|| panic!("{:#?}", made.diagnostics));
    let shelf = Shelf::default();
    execute(&graph, native(), &shelf, &Nothing).expect("it runs");
    shelf.0.into_inner().unwrap()
}

/// Values of an EXR by channel.
fn channels(bytes: &[u8]) -> BTreeMap<String, Vec<f32>> {
    use exr::prelude::*;
    let image = read()
        .no_deep_data()
        .largest_resolution_level()
        .all_channels()
        .first_valid_layer()
        .all_attributes()
        .from_buffered(std::io::Cursor::new(bytes))
        .expect("an EXR");
    let list = image.layer_data.channel_data.list;
    list.iter().map(|c| (c.name.to_string(), c.sample_data.values_as_f32().collect())).collect()
}

/// Bytes of a PNG, its channels, and whether it is tagged sRGB.
fn png_of(bytes: &[u8]) -> (Vec<u8>, usize, bool) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
    let mut data = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut data).expect("pixels");
    (data, info.color_type.samples(), reader.info().srgb.is_some())
}

const MIDDLE: usize = 32 * 65 + 32;
const CORNER: usize = 0;

#[test]
fn depth_is_in_metres_along_the_axis() {
    let files = built("output a { image: depth(s010, samples: 64), frames: 1001, file: \"a.exr\" }\n");
    let map = channels(&files["a.exr"]);
    assert_eq!(map.keys().collect::<Vec<_>>(), ["Z"]);
    assert!((map["Z"][MIDDLE] - 4.0).abs() < 2e-3, "{}", map["Z"][MIDDLE]);
    assert_eq!(map["Z"][32], 1e10, "nothing above the ball");
    // The front of the posts is 8 m less 5 cm away, at any height: along the axis, not along the ray.
    let post = |row: usize| map["Z"][row * 65 + 32 - 20];
    assert!((post(32) - 7.95).abs() < 1e-3 && (post(40) - post(32)).abs() < 1e-4, "{} {}", post(32), post(40));
}

#[test]
fn inverse_depth_is_grey_between_near_and_far() {
    let files = built(
        "output a { image: depth(s010) |> inverse_depth(near: 4m, far: 12m), frames: 1001, file: \"a.png\" }\n\
         output b { image: depth(s010) |> inverse_depth(), frames: 1001, file: \"b.exr\", bits: 32 }\n",
    );
    let (data, channels_of, tagged) = png_of(&files["a.png"]);
    assert_eq!((channels_of, tagged), (1, false), "numbers have no colour space");
    assert_eq!((data[MIDDLE], data[32]), (255, 0));
    let wanted = 255.0 * (1.0 / 7.95 - 1.0 / 12.0) / (1.0 / 4.0 - 1.0 / 12.0);
    assert!((f64::from(data[32 * 65 + 12]) - wanted).abs() < 1.0, "{} {wanted}", data[32 * 65 + 12]);
    let own = &channels(&files["b.exr"])["Y"];
    assert_eq!(own.iter().copied().fold(0.0, f32::max), 1.0, "the nearest of the picture");
}

#[test]
fn normals_are_those_the_camera_sees() {
    let files = built(
        "camera side { at: (5m, 0m, 0m), look_at: (0m, 0m, 0m), fov: 43.60281897deg }\n\
         shot s020 { camera: side, size: (65px, 65px) }\n\
         output a { image: normals(s010), frames: 1001, file: \"a.png\" }\n\
         output b { image: normals(s020, samples: 256), file: \"b.exr\", bits: 32 }\n",
    );
    let (data, channels_of, tagged) = png_of(&files["a.png"]);
    assert_eq!((channels_of, tagged), (3, false));
    let at = |i: usize| [data[3 * i], data[3 * i + 1], data[3 * i + 2]];
    let near = |a: [u8; 3], b: [u8; 3]| a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 2);
    assert!(near(at(MIDDLE), [128, 128, 255]), "{:?}", at(MIDDLE));
    assert_eq!(at(32), [128, 128, 255], "nothing looks like what faces the viewer");
    // From the side it is the same ball: the camera turns its normals with it.
    let map = channels(&files["b.exr"]);
    let n = |i: usize| ["R", "G", "B"].map(|c| map[c][i]);
    for (dx, dy) in [(0_i32, 0_i32), (8, 0), (0, 8), (-9, 5)] {
        let i = ((32 - dy) * 65 + 32 + dx) as usize;
        // Where the ray through the middle of the pixel meets the unit ball, 5 m away.
        let (x, y) = (f64::from(dx) * 4.0 / 65.0 / 5.0, f64::from(dy) * 4.0 / 65.0 / 5.0);
        let (a, b, c) = (x * x + y * y + 1.0, 10.0, 24.0);
        let t = (b - (b * b - 4.0 * a * c).sqrt()) / (2.0 * a);
        let wanted = [x * t, y * t, 5.0 - t];
        let off = n(i).iter().zip(wanted).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max);
        assert!(off < 0.02, "({dx}, {dy}): {:?}, wanted {wanted:?}", n(i));
    }
}

#[test]
fn masks_cover_what_is_seen_of_a_thing() {
    let files = built(
        "output a { image: mask(s010, of: ball, samples: 256), frames: 1001, file: \"a.exr\", bits: 32 }\n\
         output b { image: mask(s010, of: posts.left), frames: 1001, file: \"b.png\" }\n\
         output c { image: mask(s010, of: [ball, posts]), frames: 1001, file: \"c.png\" }\n",
    );
    let mask = &channels(&files["a.exr"])["Y"];
    assert_eq!((mask[MIDDLE], mask[CORNER]), (1.0, 0.0));
    // The outline of the ball: its tangent cone has tan = r / sqrt(d^2 - r^2); the picture spans 4 m at 5 m.
    let radius = 5.0 / 24.0_f64.sqrt() * 65.0 / 4.0;
    let area: f64 = mask.iter().map(|v| f64::from(*v)).sum();
    let wanted = std::f64::consts::PI * radius * radius;
    assert!((area / wanted - 1.0).abs() < 0.01, "{area} pixels, wanted {wanted}");
    let (left, _, tagged) = png_of(&files["b.png"]);
    assert!(!tagged);
    assert_eq!((left[32 * 65 + 12], left[32 * 65 + 52]), (255, 0), "one post, not the other");
    let (both, ..) = png_of(&files["c.png"]);
    assert_eq!((both[32 * 65 + 12], both[32 * 65 + 52], both[MIDDLE], both[32]), (255, 255, 255, 0));
}

#[test]
fn ids_have_one_colour_for_each_thing() {
    let files = built("output a { image: ids(s010), frames: 1001, file: \"a.png\" }\n");
    let (data, channels_of, tagged) = png_of(&files["a.png"]);
    assert_eq!((channels_of, tagged), (3, false));
    let mut colors: Vec<[u8; 3]> = data.chunks(3).map(|c| [c[0], c[1], c[2]]).collect();
    let at = |i: usize| [data[3 * i], data[3 * i + 1], data[3 * i + 2]];
    assert_eq!(at(32 * 65 + 12), at(32 * 65 + 52), "the posts are one thing");
    colors.sort_unstable();
    colors.dedup();
    assert_eq!(colors.len(), 3, "ball, posts and nothing, without mixed edges: {colors:?}");
}

#[test]
fn layers_stand_beside_the_picture_and_leave_it_alone() {
    let files = built(
        "output plain { image: render(s010, samples: 4), frames: 1001, file: \"plain.exr\", bits: 32 }\n\
         output comp {\n  image: render(s010, samples: 4),\n  frames: 1001,\n  file: \"comp.exr\",\n  bits: 32,\n\
         \x20 aov: [albedo, normal, depth, position, motion],\n  cryptomatte: [object, material, asset],\n}\n",
    );
    let (plain, comp) = (channels(&files["plain.exr"]), channels(&files["comp.exr"]));
    for name in ["R", "G", "B"] {
        assert_eq!(plain[name], comp[name], "{name}");
    }
    for name in ["albedo.R", "normal.X", "depth.Z", "position.Y", "motion.X", "CryptoObject00.R", "CryptoAsset02.A"] {
        assert!(comp.contains_key(name), "{name} is not among {:?}", comp.keys());
    }
    assert!((comp["position.Z"][MIDDLE] - 1.0).abs() < 2e-3, "the front of the ball");
    assert_eq!((comp["motion.X"][MIDDLE], comp["motion.Y"][MIDDLE]), (0.0, 0.0));
    // All coverage of a pixel: ball or posts or nothing.
    let covered: f32 = ["R", "G", "B", "A"]
        .iter()
        .enumerate()
        .filter(|(i, _)| i % 2 == 1)
        .map(|(_, c)| comp[&format!("CryptoObject00.{c}")][MIDDLE])
        .sum();
    assert!((covered - 1.0).abs() < 1e-6);
}

#[test]
fn motion_is_where_things_go_until_the_next_frame() {
    let moving = SCENE.replace("param step: Ratio = 0", "param step: Ratio = 0.1");
    let world = MemoryWorld::of(
        "scene.ngs",
        format!(
            "{moving}cut film {{ shots: [s010[1002..1003], s010[1001..1002]], start: 1 }}\n\
                 output a {{ image: render(film, samples: 4), file: \"{{frame}}.exr\", bits: 32, aov: [motion, depth] }}\n"
        ),
    );
    let made = compile(&world, "scene.ngs", &[], &Options::default());
    let shelf = Shelf::default();
    execute(&made.graph.expect("a graph"), native(), &shelf, &Nothing).expect("it runs");
    let files = shelf.0.into_inner().unwrap();
    for (name, x) in [("1.exr", 0.1), ("2.exr", 0.0)] {
        let map = channels(&files[name]);
        // The front of the ball is 4 m away and goes 10 cm to the right.
        let pixel = 32 * 65 + 32 + (x / 4.0 * 5.0 * 65.0 / 4.0_f64).round() as usize;
        let wanted = 0.1 / f64::from(map["depth.Z"][pixel]) * 5.0 * 65.0 / 4.0;
        let found = f64::from(map["motion.X"][pixel]);
        assert!((found - wanted).abs() < 0.01, "{name}: {found} pixels, wanted {wanted}");
        assert!(map["motion.Y"][pixel].abs() < 1e-3);
        assert_eq!(map["motion.X"][32 * 65 + 12], 0.0, "the posts stand");
    }
}

#[test]
fn denoising_takes_noise_and_leaves_light() {
    let files = built(
        "output few { image: render(s010, samples: 4), frames: 1001, file: \"few.exr\", bits: 32 }\n\
         output clean { image: render(s010, samples: 4) |> denoise(), frames: 1001, file: \"clean.exr\", bits: 32 }\n\
         output many { image: render(s010, samples: 1024, seed: 7), frames: 1001, file: \"many.exr\", bits: 32 }\n",
    );
    let green = |name: &str| channels(&files[name])["G"].clone();
    let (few, clean, many) = (green("few.exr"), green("clean.exr"), green("many.exr"));
    // On the ball, whose light changes slowly.
    let on_ball = |i: &usize| {
        let (x, y) = ((i % 65) as f64 - 32.0, (i / 65) as f64 - 32.0);
        x.hypot(y) < 13.0
    };
    let error = |of: &[f32]| -> f64 { (0..65 * 65).filter(on_ball).map(|i| f64::from(of[i] - many[i]).powi(2)).sum() };
    let mean = |of: &[f32]| -> f64 { of.iter().map(|v| f64::from(*v)).sum::<f64>() / of.len() as f64 };
    assert!(error(&clean) < 0.25 * error(&few), "{} against {}", error(&clean), error(&few));
    assert!((mean(&clean) / mean(&few) - 1.0).abs() < 0.01, "{} against {}", mean(&clean), mean(&few));
}

/// Points of a pose map lie where small spheres at the joints are seen, and the sides are not mixed up.
#[test]
fn a_pose_map_shows_joints_where_they_are() {
    let joints =
        [("hand_l", [0, 255, 85]), ("hand_r", [170, 255, 0]), ("shin_r", [0, 255, 255]), ("foot_l", [85, 0, 255])];
    let each = |piece: &str| joints.map(|(joint, _)| piece.replace('@', joint)).concat();
    let program = |word: &str, outputs: &str| {
        let balls = each(" at_@ = sphere(radius: 15cm, rings: 64) at hero.@\n");
        format!(
            "ngs 1\nasset body = gltf(\"keeper.glb\")\nenvironment yard {{ sky = constant_sky() }}\n\
             bible Keeper {{\n rig: body.skin(\"Keeper\")\n\
             pose walking {{ leg_l.bend: -30deg, arm_r.bend: 40deg, spine.turn: 15deg }}\n}}\n\
             character cast {{\n {word} hero = Keeper(pose: walking) rotate (0deg, 20deg, 0deg)\n{balls}}}\n\
             camera main {{ at: (0m, 1m, 5m), look_at: (0m, 0.8m, 0m), fov: 25deg }}\n\
             shot s {{ camera: main, size: (240px, 320px) }}\n{outputs}"
        )
    };
    let pose = "output pose { image: pose_map(s, of: hero), file: \"pose.png\" }\n";
    let folder = scene(&program("", pose));
    let build = |text: &str| {
        fs::write(folder.path().join("scene.ngs"), text).expect("a scene is written");
        scenec(folder.path(), &["build", "scene.ngs", "--out", ".", "--device", "native"])
    };
    fs::copy(root().join("examples/assets/keeper.glb"), folder.path().join("keeper.glb")).expect("the asset is there");
    good(&build(&program("", pose)));
    // A figure that stands nowhere hides no sphere.
    good(&build(&program("let", &each("output o_@ { image: mask(s, of: at_@), file: \"@.png\" }\n"))));
    let middle = |weights: &mut dyn Iterator<Item = f64>| -> [f64; 2] {
        let mut sums = [0.0; 3];
        for (i, weight) in weights.enumerate() {
            let at = [(i % 240) as f64 + 0.5, (i / 240) as f64 + 0.5, 1.0];
            sums = [0, 1, 2].map(|k| sums[k] + weight * at[k]);
        }
        assert!(sums[2] > 15.0, "{sums:?}");
        [sums[0] / sums[2], sums[1] / sums[2]]
    };
    let drawn = read_png(&folder.path().join("pose.png"));
    for (joint, color) in joints {
        let (data, ..) = png_of(&fs::read(folder.path().join(format!("{joint}.png"))).expect("a mask"));
        let sphere = middle(&mut data.iter().map(|v| f64::from(*v)));
        let disc = middle(&mut drawn.rgb.chunks(3).map(|pixel| f64::from(u8::from(*pixel == color))));
        let apart = (sphere[0] - disc[0]).hypot(sphere[1] - disc[1]);
        assert!(apart < 1.5, "{joint}: {disc:?}, and the sphere {sphere:?}");
    }
    let run = build(&program("", &pose.replace("of: hero", "of: at_hand_l")));
    assert!(
        stderr(&run).contains("error[E0638]: `output/pose#image`: `cast/at_hand_l` has no joints"),
        "{}",
        stderr(&run)
    );
}

#[test]
fn what_a_mask_can_not_find_is_an_error_with_its_place() {
    let folder = scene(&format!(
        "{SCENE}component Void() {{ spot = mark() }}\nengineering e {{ nothing = Void() }}\n\
         output a {{ image: mask(s010, of: nothing), frames: 1001, file: \"a.png\" }}\n"
    ));
    let run = scenec(folder.path(), &["build", "scene.ngs", "--out", "out"]);
    assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
    let text = stderr(&run);
    assert!(
        text.contains("error[E0633]") && text.contains("nothing in the picture's stage is named `e/nothing`"),
        "{text}"
    );
    assert!(text.contains("scene.ngs:") && text.contains("mask(s010, of: nothing)"), "{text}");
    let run = scenec(folder.path(), &["build", "scene.ngs", "--out", "out", "--json"]);
    let last = stdout(&run).lines().last().unwrap_or_default().to_owned();
    assert!(last.contains("\"place\":\"") && last.contains("scene.ngs:"), "{last}");
    assert!(!Path::new(&folder.path().join("out/a.png")).exists());
}

#[test]
fn near_behind_far_is_an_error() {
    let folder = scene(&format!(
        "{SCENE}output a {{ image: depth(s010) |> inverse_depth(near: 9m, far: 2m), frames: 1001, file: \"a.png\" }}\n"
    ));
    let run = scenec(folder.path(), &["build", "scene.ngs", "--out", "out"]);
    assert_eq!(run.status.code(), Some(1));
    assert!(stderr(&run).contains("error[E0653]: ") && stderr(&run).contains("`near`"), "{}", stderr(&run));
    assert!(
        fs::read_dir(folder.path().join("out")).is_ok_and(|d| d.count() == 0) || !folder.path().join("out").exists()
    );
}
