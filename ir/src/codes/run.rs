//! Codes of runs: rendering, files, machines. Where no program can show one, the page says why.

use super::Code;

const fn page(code: &'static str, title: &'static str, page: &'static str) -> Code {
    Code { code, title, page, wrong: "", right: "" }
}

const fn shown(
    code: &'static str,
    title: &'static str,
    page: &'static str,
    wrong: &'static str,
    right: &'static str,
) -> Code {
    Code { code, title, page, wrong, right }
}

/// The pages.
pub const CODES: &[Code] = &[
    page(
        "E0600",
        "the picture has an impossible size",
        "Width and height are 1 to 32768 pixels, samples and path depth at least 1. Correct the shot's `size`, `samples` or `depth`. No example: the checker finds such sizes before.",
    ),
    page(
        "E0601",
        "no usable GPU",
        "`--device gpu` was asked for, and this machine has no adapter that passes the start-up test. `scenec doctor` lists what it has and why it is not used. With `--device auto` or `--device native` the same picture is rendered on the CPU. No example: it depends on the machine.",
    ),
    page(
        "E0602",
        "the GPU was lost during the render",
        "The driver reset the device: another program may have stopped it, or it overheated. Run again, or use `--device native`. No example: it depends on the machine.",
    ),
    page(
        "E0603",
        "the scene does not fit into memory",
        "Geometry and textures need more memory than the device has. Use smaller textures, fewer unique meshes (copies by `scatter` share theirs), or `--device native`. No example: it depends on the machine.",
    ),
    page(
        "E0604",
        "a ray visited more of the scene than is allowed",
        "So much geometry lies in one place that a ray could not be followed to its end. Look for thousands of things at the same spot, or for coordinates beyond a million metres. No example: it would be as large.",
    ),
    page(
        "E0605",
        "the scene is too large",
        "More than 2^31 triangles or 2^32 of something else. Copies by `scatter` share their mesh and count once. No example: it would be as large.",
    ),
    page(
        "E0606",
        "a kernel did not come to an end",
        "A loop inside of the renderer hit its limit. This is a bug of scenec: please report it with the scene. No example: none is known.",
    ),
    shown(
        "E0621",
        "a view file can't be used",
        "`--config` names a JSON file with `width`, `height`, `spp`, `max_depth` and `sky`, which is {\"constant\": [r, g, b]} or {\"hdr\": \"file\"}. The message names the line, or the reason why the file can't be read.",
        "{ \"width\": 640, \"height\": 480, }",
        "{ \"width\": 640, \"height\": 480, \"spp\": 16, \"max_depth\": 4, \"sky\": { \"constant\": [1, 1, 1] } }",
    ),
    shown(
        "E0622",
        "the model has no such camera",
        "With `--config` the picture is taken by the first perspective camera of the file; a `gltf.camera` names one. Orthographic cameras can't be used yet. Without `--config` a camera is framed on the model.",
        "scenec render lantern.glb --config view.json -o out.exr",
        "scenec render lantern.glb -o out.exr",
    ),
    shown(
        "E0623",
        "a picture that the scene names can't be used",
        "A sky is a latitude-longitude picture as Radiance .hdr or OpenEXR, a height map or a density map a grey PNG or JPEG. Paths are relative to the file that names them.",
        "sky = hdr_sky(file: \"notes.txt\")",
        "sky = hdr_sky(file: \"dusk.hdr\")",
    ),
    shown(
        "E0624",
        "the model holds nothing to show",
        "The file, or the node that was chosen, has no triangles. Points, lines and empty nodes can't be rendered.",
        "scenec render keeper.glb --node hand_r -o out.exr",
        "scenec render keeper.glb --node Keeper -o out.exr",
    ),
    shown(
        "E0630",
        "numbers contradict each other",
        "Each number is within its range, but together they give no shape: a chamfer wider than half of an edge, a hole wider than its tube. The message names the number and what it may be here.",
        "block = box(size: 1m, chamfer: 60cm)",
        "block = box(size: 1m, chamfer: 10cm)",
    ),
    shown(
        "E0631",
        "a spot light or a camera has no direction",
        "`position` and `target` of the light, or `at` and `look_at` of the camera, are the same point. Move one of them.",
        "camera main { at: (0m, 1m, 4m), look_at: (0m, 1m, 4m) }",
        "camera main { at: (0m, 1m, 4m), look_at: (0m, 1m, 0m) }",
    ),
    shown(
        "E0632",
        "there is no ground below this point",
        "`at land.point(x, z)` asks for a place beside the ground. Choose a point within its `size`.",
        "stone = sphere(radius: 1m) at land.point(90m, 0m)",
        "stone = sphere(radius: 1m) at land.point(9m, 0m)",
    ),
    shown(
        "E0633",
        "a thing is empty or has no such part here",
        "A place, a camera or a focus refers to a thing that holds no triangles, or to a part that this selection of the asset does not contain.",
        "component Nothing() { }\nengineering props { post = Nothing() }\ncamera main { frame: post }",
        "component Post() { shaft = box(size: 1m) }\nengineering props { post = Post() }\ncamera main { frame: post }",
    ),
    shown(
        "E0635",
        "the thing to focus on is behind the camera",
        "The plane in focus must lie before the camera. Turn the camera with `look_at`, or frame the thing.",
        "camera main { at: (0m, 1m, 5m), look_at: (0m, 1m, 9m), focus: ball }",
        "camera main { at: (0m, 1m, 5m), look_at: ball, focus: ball }",
    ),
    shown(
        "E0636",
        "what is measured does not stand on the stage",
        "A test or gate asks how a thing is seen that stands in a layer of another file. Layers of a module are no part of the scene: only those of the file that is built are. Name a thing of the scene.",
        "use \"kit.ngs\" as kit\ntest \"it is seen\" { assert visible(kit.shed.ball, s) > 0.5 }",
        "test \"it is seen\" { assert visible(ball, s) > 0.5 }",
    ),
    shown(
        "E0638",
        "a thing is no human figure",
        "A pose map shows skeletons of human figures. It finds shoulders, elbows, wrists, hips, knees and ankles by the names of joints: those of Blender, Mixamo, VRM, Unreal and 3ds Max, or plain ones such as `forearm_l`. What is named has not all of them.",
        "output skeleton { image: pose_map(s, of: ball), file: \"pose.png\" }",
        "asset body = gltf(\"keeper.glb\")\nbible Keeper { rig: body.skin(\"Keeper\") }\ncharacter cast { hero = Keeper() }\noutput skeleton { image: pose_map(s, of: hero), file: \"pose.png\" }",
    ),
    shown(
        "E0637",
        "what is to be filled is not closed",
        "`scatter … in thing` fills the inside of a thing, and only a closed surface has one: every edge of its triangles has a neighbour. Boxes, spheres and other solids are closed; planes, terrain and many models are not. Put a simple solid around the place, named by `let` so that it is not seen.",
        "scatter gnats: sphere(radius: 2cm) in floor { count: 20 }",
        "let room = box(size: 4m)\nscatter gnats: sphere(radius: 2cm) in room { count: 20 }",
    ),
    page(
        "E0650",
        "a file can't be written",
        "The folder may be missing or protected, or the disk is full; the message says which. Nothing half-written is left behind: files are written beside their place and renamed when they are complete. No example: it depends on the machine.",
    ),
    page(
        "E0651",
        "a picture can't be encoded",
        "The encoder refused the picture. This is a bug of scenec: please report it. No example: none is known.",
    ),
    shown(
        "E0652",
        "the file's ending is no known format",
        "Pictures are written as .png (through a view transform) or .exr (scene-linear).",
        "scenec render lantern.glb -o out.jpg",
        "scenec render lantern.glb -o out.png",
    ),
    shown(
        "E0653",
        "a number that does not fit what is made",
        "PNG has 8 or 16 bits per channel, EXR 16 (half) or 32 (float); `near` of `inverse_depth` is before its `far`.",
        "param depth: Int = 12\noutput a { image: render(s) |> view(agx), file: \"a.png\", bits: depth }",
        "param depth: Int = 16\noutput a { image: render(s) |> view(agx), file: \"a.png\", bits: depth }",
    ),
    page(
        "E0670",
        "there is no lock to go by",
        "`scenec lock FILE` writes `scene.lock` beside the `scene.toml` of the program's package: a program needs a `scene.toml` for that, with `[package]` and a `name`. The lock is not written by hand; after a merge that left its marks, write it anew. No example: it is about what stands in a folder.",
    ),
    page(
        "E0671",
        "a file differs from the lock",
        "With `--frozen` everything that a program reads must be as `scene.lock` says: each file that has changed, is missing or is new is named. If the change is meant, `scenec lock FILE` writes it down, and the lock's diff shows it to whoever reviews it. No example: it is about what stands in a folder.",
    ),
    page(
        "E0672",
        "packages can't be copied",
        "`scenec vendor` replaces the folder `vendor` beside the `scene.toml` of a package as a whole. It does not touch a folder that it has not written itself. The message says what is in the way. No example: it is about what stands in a folder.",
    ),
    shown(
        "E0690",
        "there is no such name",
        "`explain` takes a code such as E0301, `docs` the name of a node, `--shot` the name of a shot. The hint shows the closest one.",
        "scenec explain E03O1",
        "scenec explain E0301",
    ),
    shown(
        "E0691",
        "a `--set` has no value",
        "Write `--set name=value`, for example `--set wetness=0.2` or `--set height=1.8m`.",
        "scenec check scene.ngs --set wetness",
        "scenec check scene.ngs --set wetness=0.2",
    ),
    page(
        "E0692",
        "git can't be asked",
        "`REV:path` names a file of a revision, and git reads it. Install git and run the command within the repository, or give two files. A name that holds a colon and is a file means that file. No example: it is about a repository of git.",
    ),
    page(
        "E0693",
        "there is no such revision",
        "What stands in front of the colon of `REV:path` is no commit, tag or branch of this repository: `HEAD~1`, `main`, `v1.2`, `origin/main` or the beginning of a commit's id. Without a revision, `:path` is what is staged. No example: it is about a repository of git.",
    ),
    page(
        "E0694",
        "the revision has no such file",
        "The path of `REV:path` begins at the root of the repository, or with `./` at the current folder. Names differ by case. No example: it is about a repository of git.",
    ),
    shown(
        "E0695",
        "a graph can't be read",
        "A `.ron` file of `scenec diff` holds a graph as `scenec graph FILE --format ron` writes it: every node has an id of its own and stands behind what it reads. The message names the line or the node.",
        "scenec diff scene.ron scene.ngs",
        "scenec diff graph.ron scene.ngs",
    ),
    page(
        "E0698",
        "a node was given the wrong arguments",
        "A validated graph never does this. It is a bug of scenec: please report it with the scene. No example: none is known.",
    ),
    page(
        "E0699",
        "stopped",
        "Ctrl-C, or another request to stop. Files that were finished before are in place; of the others there is nothing. No example: it depends on who runs it.",
    ),
    page(
        "E0999",
        "a bug in scenec",
        "Something happened that can't happen. Please report it with the scene and the command line. No example: none is known.",
    ),
    page(
        "W0501",
        "a part of an asset is not shown",
        "The asset uses something that this version does not render, or that holds no triangles. The message has its place inside the file. No example: it is about what an asset holds.",
    ),
    page(
        "W0602",
        "the GPU was lost, and the picture is rendered on the CPU",
        "The driver reset the device in the middle of a render. The picture is the same, it takes longer. `--device native` asks for the CPU from the beginning. No example: it depends on the machine.",
    ),
    page(
        "W0603",
        "rendered on the CPU instead",
        "The scene does not fit into the memory of the GPU; the message says why. The picture is the same, it takes longer. No example: it depends on the machine.",
    ),
    shown(
        "W0611",
        "pixels are not finite",
        "A material or light has a number beyond what 32-bit floats hold.",
        "sky = constant_sky(color: rgb(3e38, 1, 1))",
        "sky = constant_sky(color: rgb(3, 1, 1))",
    ),
    shown(
        "W0612",
        "the picture is empty",
        "No ray from the camera meets geometry. The message says whether the camera looks away, is too far, or the stage is empty. `frame: thing` lets the camera find its place.",
        "camera main { at: (0m, 1m, 5m), look_at: (0m, 1m, 9m) }",
        "camera main { at: (0m, 1m, 5m), look_at: ball }",
    ),
    shown(
        "W0613",
        "the subject is out of frame",
        "What the camera is meant to show lies behind it or outside of its field of view.",
        "engineering props { far = box(size: 1m) at (20m, 1m, 0m) }\ncamera main { at: (0m, 1m, 6m), look_at: (0m, 1m, 0m), focus: far }",
        "camera main { at: (0m, 1m, 6m), look_at: ball, focus: ball }",
    ),
    shown(
        "W0614",
        "the picture is black",
        "There is no light, the light does not reach what is seen, or the exposure is too low; the message says which.",
        "sky = constant_sky(strength: 0.000001)",
        "sky = constant_sky(strength: 1)",
    ),
    shown(
        "W0621",
        "nothing reads a key of the view file",
        "Known keys are width, height, spp, max_depth and sky.",
        "{ \"width\": 8, \"height\": 8, \"spp\": 1, \"sky\": { \"constant\": [1, 1, 1] }, \"fov\": 30 }",
        "{ \"width\": 8, \"height\": 8, \"spp\": 1, \"sky\": { \"constant\": [1, 1, 1] } }",
    ),
    page(
        "W0622",
        "a picture had negative or non-finite values",
        "They were set to 0. Save the picture again from its source. No example: it is about what a picture holds.",
    ),
    shown(
        "W0631",
        "not everything found room",
        "A `scatter` has fewer copies than `count`, because `spacing`, the density, `slope_max` or the height limits leave no more room, or none at all, because everything stands in what it avoids.",
        "scatter stones: sphere(radius: 10cm) on floor { count: 1000, spacing: 1m }",
        "scatter stones: sphere(radius: 10cm) on floor { count: 10, spacing: 20cm }",
    ),
    page(
        "W0671",
        "a copy of a package differs from its original",
        "The copies in `vendor` are read, also where the originals are at hand: a build is the same everywhere. `scenec vendor FILE` copies them anew. No example: it is about what stands in a folder.",
    ),
];
