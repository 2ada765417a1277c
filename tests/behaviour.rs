//! What nodes do, in closed form: programs are compiled from memory and their products looked at before any rendering.

mod support;

use std::collections::BTreeMap;
use std::f64::consts::{FRAC_1_SQRT_2, PI};

use scenec_compiler::{MemoryWorld, Options, compile};
use scenec_runtime::product::{Eye, Product};
use scenec_runtime::{Environment, LightKind, Stage, design, framing};
use support::Nothing;

struct Designed(BTreeMap<String, Product>);

/// A program of these items, with a camera `main` in the words of `camera`.
fn try_design(items: &str, camera: &str) -> Result<Designed, String> {
    let text = format!(
        "ngs 1\n{items}\ncamera main {{ {camera} }}\nshot s010 {{ camera: main, size: (200px, 100px) }}\n\
         output still {{ image: render(s010) |> view(agx), file: \"still.png\" }}\n"
    );
    let made = compile(&MemoryWorld::of("scene.ngs", text.clone()), "scene.ngs", &[], &Options::default());
    let Some(graph) = made.graph else {
        let error = made.diagnostics.iter().find(|d| d.is_error()).expect("an error");
        return Err(format!("{}: {} ({})", error.code, error.message, error.hint.as_deref().unwrap_or_default()));
    };
    design(&graph, &Nothing, &Nothing).map(Designed).map_err(|e| format!("{}: {e}", e.code))
}

fn designed(items: &str, camera: &str) -> Designed {
    try_design(items, camera).expect("it runs")
}

const STILL: &str = "at: (0m, 0m, 9m)";

impl Designed {
    fn stage(&self) -> &Stage {
        let stage = self.0.values().find_map(|p| if let Product::Stage(s) = p { Some(s) } else { None });
        stage.expect("a stage")
    }

    fn eye(&self) -> &Eye {
        let eye = self.0.values().find_map(|p| if let Product::Camera(c) = p { Some(c) } else { None });
        eye.expect("a camera")
    }

    fn ids(&self) -> Vec<&str> {
        self.stage().instances.iter().map(|i| &*i.id).collect()
    }

    /// Where an object's point is in the world.
    fn world(&self, id: &str, point: [f32; 3]) -> [f32; 3] {
        let instance = self.stage().instances.iter().find(|i| &*i.id == id);
        let instance = instance.unwrap_or_else(|| panic!("no {id} in {:?}", self.ids()));
        instance.world_from_object.transform_point3(point.into()).to_array()
    }
}

#[track_caller]
fn near(got: [f32; 3], wanted: [f64; 3]) {
    let close = got.iter().zip(wanted).all(|(g, w)| (f64::from(*g) - w).abs() < 1e-5 * w.abs().max(1.0));
    assert!(close, "{got:?}, wanted {wanted:?}");
}

#[test]
fn a_place_scales_then_turns_then_moves() {
    let made = designed(
        "environment e { b = box(size: 1m) scale (2, 3, 4) rotate (0deg, 90deg, 0deg) at (10m, 20m, 30m)\n\
         c = box(size: 1m) rotate (30deg, 40deg, 50deg) }",
        STILL,
    );
    // A quarter turn about +Y takes +X to -Z and +Z to +X.
    near(made.world("e/b", [1.0, 0.0, 0.0]), [10.0, 20.0, 28.0]);
    near(made.world("e/b", [0.0, 0.0, 1.0]), [14.0, 20.0, 30.0]);
    near(made.world("e/b", [0.0, 1.0, 0.0]), [10.0, 23.0, 30.0]);
    // R = Ry Rx Rz, so R z = Ry (0, -sin x, cos x).
    let (x, y) = (30f64.to_radians(), 40f64.to_radians());
    near(made.world("e/c", [0.0, 0.0, 1.0]), [x.cos() * y.sin(), -x.sin(), x.cos() * y.cos()]);
}

#[test]
fn facing_turns_plus_z_to_a_point_or_a_thing() {
    let made = designed(
        "environment e { a = box(size: 1m) at (1m, 0m, 1m) facing (1m, 5m, -9m)\n\
         goal = box(size: 1m) at (3m, 0m, 2m)\n b = box(size: 1m) at (1m, 0m, 0m) facing goal }",
        STILL,
    );
    near(made.world("e/a", [0.0, 0.0, 1.0]), [1.0, 0.0, 0.0]);
    near(made.world("e/b", [0.0, 0.0, 1.0]), [1.0 + FRAC_1_SQRT_2, 0.0, FRAC_1_SQRT_2]);
}

const BOAT: &str = "component Boat() {\n\
    hull = box(size: (2m, 1m, 4m))\n\
    mast = cylinder(radius: 0.1m, height: 2m) at (0m, 1m, 1m) rotate (90deg, 0deg, 0deg)\n}\n";

#[test]
fn a_child_goes_with_the_place_turn_and_size_of_its_parent() {
    let made = designed(
        &format!(
            "{BOAT}environment e {{\n\
             boat = Boat() at (10m, 0m, 0m) rotate 90deg scale 2\n\
             lamp = box(size: 1m) at (1m, 2m, 3m) parent boat\n\
             flag = box(size: 1m) at (0m, 1m, 0m) rotate (0deg, 0deg, 90deg) parent boat.mast\n\
             gull = box(size: 1m) at (1m, 5m, 0m) follow boat.mast\n\
             lid = box(size: 1m) parent boat.hull.top\n\
             watch = box(size: 1m) facing (10m, 0m, 7m) parent boat\n}}"
        ),
        STILL,
    );
    // 90 degrees about +Y: x to -z, z to x; twice the size.
    let of_boat = |[x, y, z]: [f64; 3]| [10.0 + 2.0 * z, 2.0 * y, -2.0 * x];
    near(made.world("e/lamp", [0.0; 3]), of_boat([1.0, 2.0, 3.0]));
    near(made.world("e/lamp", [0.5, 0.0, 0.0]), of_boat([1.5, 2.0, 3.0]));
    // The mast stands at (0, 1, 1) and lies: its y is the boat's z, its z the boat's -y.
    near(made.world("e/flag", [0.0; 3]), of_boat([0.0, 1.0, 2.0]));
    near(made.world("e/flag", [0.5, 0.0, 0.0]), of_boat([0.0, 1.0, 2.5]));
    // `follow` counts from the middle of what it follows, in the world's directions and size.
    let [x, y, z] = of_boat([0.0, 1.0, 1.0]);
    near(made.world("e/gull", [0.0; 3]), [x + 1.0, y + 5.0, z]);
    near(made.world("e/lid", [0.0; 3]), of_boat([0.0, 0.5, 0.0]));
    // What it faces is a point of the world; its +Z goes there.
    let [front, back] = [made.world("e/watch", [0.0, 0.0, 0.5]), made.world("e/watch", [0.0, 0.0, -0.5])];
    near([front[0] - back[0], front[1] - back[1], front[2] - back[2]], [0.0, 0.0, 2.0]);
}

#[test]
fn cameras_are_mounted_and_follow() {
    let items = format!("{BOAT}environment e {{ boat = Boat() at (10m, 0m, 0m) rotate 90deg }}");
    let place = |camera: &str| {
        let made = designed(&items, camera);
        let map = made.eye().camera.world_from_camera;
        (map.translation.to_array(), map.transform_vector3([0.0, 0.0, -1.0].into()).to_array())
    };
    let (at, to) = place("at: (1m, 2m, 3m), look_at: (1m, 2m, 9m), parent: e.boat");
    near(at, [13.0, 2.0, -1.0]);
    near(to, [1.0, 0.0, 0.0]);
    let (at, to) = place("at: (0m, 2m, 3m), parent: e.boat");
    near(at, [13.0, 2.0, 0.0]);
    near(to, [-1.0, 0.0, 0.0]);
    let (at, to) = place("at: (0m, 0m, 3m), look_at: (0m, 0m, 0m), follow: e.boat");
    // The middle of its box: the hull from -0.5 m, the mast up to 1.1 m.
    near(at, [10.0, 0.3, 3.0]);
    near(to, [0.0, 0.0, -1.0]);
    let (at, _) = place("at: e.boat.mast, look_at: (0m, 0m, 0m)");
    near(at, [11.0, 1.0, 0.0]);
}

#[test]
fn marks_are_places_without_a_shape() {
    let items = "component Marks() { A = mark() at (1m, 0m, 2m) rotate 90deg }\n\
        component Quay() {\n  deck = box(size: 4m)\n  marks = Marks() at (0m, 2m, 0m)\n}\n\
        environment e {\n  quay = Quay() at (10m, 0m, 0m) scale 2\n  spot = mark() at (0m, 5m, 0m)\n}\n\
        engineering m {\n  crate = box(size: 1m) at quay.marks.A\n  lamp = box(size: 1m) at spot\n\
        arm = box(size: 1m) at (0m, 0m, 1m) parent quay.marks.A\n}";
    let made = designed(items, "at: (0m, 1m, 9m), look_at: e.spot");
    assert_eq!(made.ids(), ["e/quay/deck", "m/crate", "m/lamp", "m/arm"], "a mark is not seen");
    near(made.world("m/crate", [0.0; 3]), [12.0, 4.0, 4.0]);
    near(made.world("m/lamp", [0.0; 3]), [0.0, 5.0, 0.0]);
    // Its +Z is the quay's +X, and the quay is twice its size.
    near(made.world("m/arm", [0.0; 3]), [14.0, 4.0, 4.0]);
    let map = made.eye().camera.world_from_camera;
    near(map.transform_vector3([0.0, 0.0, -9.848_858].into()).to_array(), [0.0, 4.0, -9.0]);
}

#[test]
fn parts_are_copied_as_things() {
    let items = "component Stand() {\n  board = box(size: 2m)\n  seat = mark() at (0m, 1m, 0.5m)\n}\n\
        component Pair() {\n  left = Stand() at (-3m, 0m, 0m)\n  right = Stand() at (3m, 0m, 0m)\n}\n\
        engineering m {\n  pair = Pair() at (0m, 10m, 0m)\n  other = pair.left at (0m, 0m, 5m)\n\
        board = pair.right.board\n  seat = pair.right.seat\n  lamp = box(size: 1m) at seat\n\
        low = box(size: 1m) at other.seat\n}";
    let made = designed(items, "at: (0m, 1m, 9m)");
    near(made.world("m/other/board", [0.0; 3]), [-3.0, 10.0, 5.0]);
    near(made.world("m/board", [0.0; 3]), [3.0, 10.0, 0.0]);
    near(made.world("m/lamp", [0.0; 3]), [3.0, 11.0, 0.5]);
    near(made.world("m/low", [0.0; 3]), [-3.0, 11.0, 5.5]);
}

#[test]
fn parts_are_places() {
    let made = designed(
        "component Table() { leg = cylinder(radius: 5cm, height: 1m) at (0m, 0.5m, 0m)\n\
         board = box(size: (2m, 0.1m, 1m)) at (0m, 1.05m, 0m) }\n\
         environment e { table = Table() at (5m, 0m, 0m)\n cup = box(size: 0.2m) at table.board.top\n\
         rug = box(size: 0.2m) at table.bottom }",
        STILL,
    );
    assert_eq!(made.ids(), ["e/table/leg", "e/table/board", "e/cup", "e/rug"]);
    near(made.world("e/cup", [0.0; 3]), [5.0, 1.1, 0.0]);
    near(made.world("e/rug", [0.0; 3]), [5.0, 0.0, 0.0]);
}

#[test]
fn nested_components_move_their_lamps_along() {
    let made = designed(
        "component Lamp() { bulb = sphere(radius: 0.1m) at (0m, 2m, 0m)\n\
         glow = spot_light((0m, 2m, 0m), target: (1m, 2m, 0m), intensity: 8W) }\n\
         component Pair() { left = Lamp() at (-1m, 0m, 0m)\n right = Lamp() at (1m, 0m, 0m) rotate 90deg }\n\
         environment e { pair = Pair() at (0m, 0m, 7m) }",
        STILL,
    );
    assert_eq!(made.ids(), ["e/pair/left/bulb", "e/pair/right/bulb"]);
    let lights = &made.stage().lights;
    let [LightKind::Spot { position: left, .. }, LightKind::Spot { position: right, direction, .. }] =
        [lights[0].kind, lights[1].kind]
    else {
        panic!("{lights:?}")
    };
    near(left.to_array(), [-1.0, 2.0, 7.0]);
    near(right.to_array(), [1.0, 2.0, 7.0]);
    near(direction.to_array(), [0.0, 0.0, -1.0]);
    near(lights[0].color, [8.0; 3]);
}

#[test]
fn dropped_things_stand_on_the_ground() {
    let items = |x: f64, z: f64| {
        format!(
            "environment e {{ slab = box(size: (10m, 1m, 10m)) at (0m, 2m, 0m)\n\
             land = terrain(size: 80m, relief: 9m, resolution: 90)\n on_slab = box(size: 1m) at slab.point(3m, -4m)\n\
             b = box(size: 1m) at land.point({x}m, {z}m) }}"
        )
    };
    for (x, z) in [(0.0, 0.0), (12.3, -31.0), (-39.9, 39.9), (40.0, -40.0)] {
        let made = designed(&items(x, z), STILL);
        near(made.world("e/on_slab", [0.0; 3]), [3.0, 2.5, -4.0]);
        let [bx, y, bz] = made.world("e/b", [0.0; 3]);
        near([bx, 0.0, bz], [x, 0.0, z]);
        // The ground there, by looking at every triangle.
        let land = made.stage().instances.iter().find(|i| &*i.id == "e/land").expect("land");
        let corners = |t: &[u32; 3]| t.map(|i| land.mesh.positions[i as usize].map(f64::from));
        let highest = land.mesh.triangles.iter().map(corners).filter_map(|[a, b, c]| {
            let area = (b[0] - a[0]) * (c[2] - a[2]) - (c[0] - a[0]) * (b[2] - a[2]);
            let u = ((x - a[0]) * (c[2] - a[2]) - (c[0] - a[0]) * (z - a[2])) / area;
            let v = ((b[0] - a[0]) * (z - a[2]) - (x - a[0]) * (b[2] - a[2])) / area;
            let inside = u >= -1e-6 && v >= -1e-6 && u + v <= 1.0 + 1e-6;
            inside.then(|| a[1] + u * (b[1] - a[1]) + v * (c[1] - a[1]))
        });
        let wanted = highest.reduce(f64::max).expect("ground");
        assert!((f64::from(y) - wanted).abs() < 1e-4, "({x}, {z}): {y}, wanted {wanted}");
    }
    let beside = try_design(&items(41.0, 0.0), STILL).err().expect("an error");
    assert!(beside.starts_with("E0632"), "{beside}");
}

#[test]
fn scattered_lamps_stand_on_the_ground_and_shine() {
    let items = |count: u32| {
        format!(
            "component Lamp() {{ foot = box(size: 1m)\n glow = point_light((0m, 2m, 0m), intensity: 3W) }}\n\
             environment e {{ floor = ground(size: 30m)\n\
             scatter lamps: Lamp on floor {{ count: {count}, spacing: 2m, seed: \"x\" }} }}"
        )
    };
    let made = designed(&items(20), STILL);
    let stage = made.stage();
    assert_eq!(made.ids()[1..4], ["e/lamps/0/foot", "e/lamps/1/foot", "e/lamps/2/foot"]);
    assert_eq!((stage.instances.len(), stage.lights.len()), (21, 20));
    let places: Vec<_> = stage.instances[1..].iter().map(|i| i.world_from_object.translation).collect();
    for (i, (place, light)) in places.iter().zip(&stage.lights).enumerate() {
        // A box around its origin stands on its lower face, and its lamp is two metres above its middle.
        assert!((place.y - 0.5).abs() < 1e-5 && place.x.abs() <= 15.0 && place.z.abs() <= 15.0, "{place}");
        let LightKind::Point { position } = light.kind else { panic!("{light:?}") };
        near(position.to_array(), [place.x.into(), 2.5, place.z.into()]);
        assert!(places[..i].iter().all(|p| p.distance(*place) >= 2.0 - 1e-4));
    }
    // More of them move none of the first.
    let more = designed(&items(40), STILL);
    for id in made.ids() {
        assert_eq!(made.world(id, [0.0; 3]), more.world(id, [0.0; 3]), "{id}");
    }
}

const BALL: &str = "environment e { ball = sphere(radius: 0.5m) at (1m, 2m, 3m) }";

#[test]
fn lenses_give_fields_of_view() {
    let fov = |words: &str| f64::from(designed(BALL, &format!("{STILL}, {words}")).eye().camera.vertical_fov);
    // The picture is 2:1, so the film is 18 mm high for a width of 36 mm.
    assert!((fov("lens: 50mm") - 2.0 * (9.0f64 / 50.0).atan()).abs() < 1e-6);
    assert!((fov("lens: 25mm, sensor: mft") - 2.0 * (17.3f64 / 4.0 / 25.0).atan()).abs() < 1e-6);
    assert!((fov("fov: 60deg") - PI / 3.0).abs() < 1e-6);
    let lens = |words: &str| designed(BALL, &format!("{STILL}, {words}")).eye().camera.lens;
    assert!((lens("lens: 50mm, f_stop: 2").radius - 0.0125).abs() < 1e-7);
    // 60 degrees on a film 18 mm high: f = 9 mm / tan 30.
    assert!((f64::from(lens("fov: 60deg, f_stop: 1").radius) - 0.009 * 3f64.sqrt() / 2.0).abs() < 1e-7);
    assert_eq!(lens("lens: 50mm").radius, 0.0);
}

#[test]
fn cameras_look_and_focus() {
    let made = designed(BALL, "at: (1m, 2m, 8m), look_at: (9m, 2m, 8m), focus: 4m, exposure: 2stop");
    let camera = &made.eye().camera;
    let axes = camera.world_from_camera.matrix3;
    near((-axes.z_axis).to_array(), [1.0, 0.0, 0.0]);
    near(axes.y_axis.to_array(), [0.0, 1.0, 0.0]);
    assert_eq!((camera.lens.focus_distance, camera.exposure), (4.0, 4.0));
    // Without `focus` what it looks at is sharp; with a thing, the plane through its middle.
    let focus = |words: &str| designed(BALL, words).eye().camera.lens.focus_distance;
    assert!((focus("at: (1m, 2m, 8m), look_at: ball") - 5.0).abs() < 1e-5);
    assert!((focus("at: (4m, 2m, 8m), look_at: (4m, 2m, 0m), focus: ball") - 5.0).abs() < 1e-5);
    let error = |words: &str| try_design(BALL, words).err().expect("an error");
    assert!(error("at: (1m, 2m, 8m), look_at: (1m, 2m, 9m), focus: ball").starts_with("E0635"));
    assert!(error("at: (1m, 2m, 8m), look_at: (1m, 2m, 8m)").starts_with("E0631"));
    // Rolled clockwise, the camera's top leans to its right.
    let rolled = designed(BALL, "at: (0m, 0m, 9m), look_at: (0m, 0m, 0m), roll: 90deg");
    near(rolled.eye().camera.world_from_camera.matrix3.y_axis.to_array(), [1.0, 0.0, 0.0]);
}

#[test]
fn framed_things_fill_the_picture_whatever_the_roll() {
    for words in
        ["", "roll: 35deg", "elevation: 90deg", "azimuth: 120deg, elevation: -30deg", "roll: 90deg, margin: 0.3"]
    {
        let made = designed("environment e { b = box(size: (4m, 1m, 1m)) }", &format!("frame: b, {words}"));
        let eye = made.eye();
        let seen = |p: &_| framing::project(&eye.camera, 2.0, *p).expect("in front");
        let farthest = eye.subject.iter().map(seen).map(|[x, y]| x.abs().max(y.abs())).fold(0.0, f32::max);
        let wanted = if words.contains("margin") { 0.7 } else { 0.9 };
        assert!((farthest - wanted).abs() < 1e-3, "{words}: {farthest}");
    }
    // Straight down the top of the picture still follows from the azimuth: 0 looks with -Z up.
    let down = designed(BALL, "frame: ball, azimuth: 0deg, elevation: 90deg");
    near(down.eye().camera.world_from_camera.matrix3.y_axis.to_array(), [0.0, 0.0, -1.0]);
}

#[test]
fn metering_of_two_pixels() {
    // The mean of logarithms is the geometric mean: sqrt(0.04 * 0.16) = 0.08.
    let rgb = [[0.04; 3], [0.16; 3]];
    assert!((framing::meter(&rgb, &[1.0, 1.0], 0.18, 4.0) - 0.18 / 0.08).abs() < 1e-4);
    assert!((framing::meter(&rgb, &[1.0, 0.0], 0.18, 4.0) - 0.18 / 0.04).abs() < 1e-4);
    // The brighter pixel may come to the ceiling only.
    assert!((framing::meter(&rgb, &[1.0, 0.0], 0.18, 0.32) - 2.0).abs() < 1e-5);
}

#[test]
fn skies_bring_their_sun() {
    let sun_of = |words: &str| {
        let made =
            designed(&format!("environment e {{ sky = physical_sky({words})\n floor = ground(size: 9m) }}"), STILL);
        let stage = made.stage();
        assert!(matches!(stage.environment, Environment::Map { .. }));
        stage.lights.clone()
    };
    let suns = sun_of("sun_elevation: 30deg, sun_azimuth: 90deg");
    let [sun] = suns.as_slice() else { panic!("{suns:?}") };
    let LightKind::Sun { direction, .. } = sun.kind else { panic!("{sun:?}") };
    near(direction.to_array(), [0.0, -0.5, -(0.75f64.sqrt())]);
    assert!(sun.color[0] > sun.color[2] && sun.color[2] > 0.0, "{:?}", sun.color);
    let doubled = sun_of("sun_elevation: 30deg, sun_azimuth: 90deg, strength: 2");
    near(doubled[0].color, sun.color.map(|c| 2.0 * f64::from(c)));
    assert!(sun_of("sun: false").is_empty());
    let constant = designed("environment e { sky = constant_sky(color: rgb(0.5, 1, 0), strength: 3) }", STILL);
    assert_eq!(constant.stage().environment, Environment::Constant([1.5, 3.0, 0.0]));
}

#[test]
fn materials_reach_their_pieces() {
    let made = designed(
        "environment e { a = box(size: 1m, material: emissive(color: rgb(1, 0.5, 0), strength: 4))\n b = box(size: 1m, material: gold(roughness: 0.3))\n\
         c = box(size: 1m) }",
        STILL,
    );
    let [a, b, c] = [0, 1, 2].map(|i| &made.stage().instances[i].material);
    assert_eq!(a.emission, [4.0, 2.0, 0.0]);
    assert_eq!((b.metallic, b.roughness, &*b.name), (1.0, 0.3, "e/b/gold"));
    assert_eq!((&*c.name, c.emission), ("grey", [0.0; 3]));
}

#[test]
fn lamps_shine_where_they_are_turned_to_and_as_strongly_as_is_said() {
    let made = designed(
        "environment e {\n a = rectangle_light(size: (2m, 50cm), power: 6W)\n\
         b = rectangle_light(size: (2m, 50cm), flux: 1074lm, tilt: 90deg) at (1m, 2m, 3m) facing (9m, 2m, 3m)\n\
         c = disk_light(radius: 20cm, two_sided: true, power: 6W, tilt: 180deg)\n d = sphere_light(radius: 20cm, power: 6W)\n\
         f = sphere_light(radiance: 2W/m^2, color: #ff0000) }",
        STILL,
    );
    let shines = |id: &str| {
        let origin = made.world(id, [0.0; 3]);
        let tip = made.world(id, [0.0, 0.0, 1.0]);
        let along = [0, 1, 2].map(|k| tip[k] - origin[k]);
        let length = along.iter().map(|x| x * x).sum::<f32>().sqrt();
        along.map(|x| x / length)
    };
    near(shines("e/a"), [0.0, -1.0, 0.0]);
    near(shines("e/b"), [1.0, 0.0, 0.0]);
    near(shines("e/c"), [0.0, 1.0, 0.0]);
    // Two metres wide along x, half a metre deep along z.
    near(made.world("e/a", [1.0, 1.0, 0.0]), [1.0, 0.0, 0.25]);
    let radiance = |id: &str| {
        let instance = made.stage().instances.iter().find(|i| &*i.id == id).expect("a lamp");
        instance.material.emission
    };
    near(radiance("e/a"), [6.0 / PI; 3]);
    near(radiance("e/b"), [6.0 / PI; 3]);
    near(radiance("e/c"), [6.0 / (PI * 2.0 * PI * 0.04); 3]);
    near(radiance("e/d"), [6.0 / (PI * 4.0 * PI * 0.04); 3]);
    near(radiance("e/f"), [2.0, 0.0, 0.0]);
    let twice = try_design("environment e { a = disk_light(power: 1W, flux: 9lm) }", STILL).err().expect("an error");
    assert!(twice.starts_with("E0306") && twice.contains("flux"), "{twice}");
}

#[test]
fn aperture_shutter_and_sensitivity_set_the_exposure() {
    let exposure = |words: &str| f64::from(designed(BALL, &format!("{STILL}, {words}")).eye().camera.exposure);
    // Sunny sixteen: f/16, 1/100 s and ISO 100 are an exposure value of log2(25600), whose brightest luminance is 1.2 times that.
    let sunny = exposure("f_stop: 16, shutter: 10ms");
    assert!((sunny / (179.0 / (1.2 * 25600.0)) - 1.0).abs() < 1e-5, "{sunny}");
    for same in [
        "f_stop: 8, shutter: 2.5ms",
        "f_stop: 16, shutter: 2.5ms, iso: 400",
        "f_stop: 16, shutter: 5ms, exposure: 1stop",
    ] {
        assert!((exposure(same) / sunny - 1.0).abs() < 1e-5, "{same}");
    }
    let closed = try_design(BALL, &format!("{STILL}, shutter: 10ms")).err().expect("an error");
    assert!(closed.starts_with("E0304") && closed.contains("f_stop"), "{closed}");
    let lens = designed(BALL, &format!("{STILL}, f_stop: 2, blades: 7, blade_turn: 90deg")).eye().camera.lens;
    assert_eq!(lens.blades, 7);
    assert!((f64::from(lens.blade_turn) - PI / 2.0).abs() < 1e-6);
}
