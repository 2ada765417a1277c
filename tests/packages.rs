//! Packages through the binary: locks, copies, revisions of git, and two versions of one kit.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use scenec_harness::{Outcome, Skip};
use support::*;

/// Git in a folder, as a user without any settings; gives what it prints.
fn git(folder: &Path, arguments: &[&str]) -> Result<String, Skip> {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .env_remove("GIT_DIR")
        .output()
        .map_err(|_| Skip::new("there is no git"))?;
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    Ok(stdout(&output).trim().to_owned())
}

fn put(path: PathBuf, text: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

const KIT: &str = "ngs 1
asset lantern = gltf(\"models/lantern.glb\")
private component Post(height: Length = 1m) { post = cylinder(radius: 5cm, height: height) }
component Quay() { a = Post()  b = lantern.scene() at (1m, 0m, 0m) }
";

const SCENE: &str = "ngs 1
use \"@kits/quay.ngs\" { Quay }
environment yard { sky = hdr_sky(file: \"@kits/dusk.hdr\")  quay = Quay() }
camera main { frame: quay }
shot s { camera: main, size: (16px, 16px) }
output o { image: render(s, samples: 1) |> view(agx), file: \"o.png\" }
";

/// A kit in `kits` and a program in `yard/shots` that uses it.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |path: &str| folder.path().join(path);
    let asset = |name: &str| fs::read(root().join("examples/assets").join(name)).expect("an asset");
    put(at("kits/scene.toml"), "[package]\nname = \"kits\"\nversion = \"1.0.0\"\n");
    put(at("kits/quay.ngs"), KIT);
    put(at("kits/unread.ngs"), "ngs 1\nlet a = 1m\n");
    put(at("kits/models/lantern.glb"), asset("lantern.glb"));
    put(at("kits/dusk.hdr"), asset("dusk.hdr"));
    put(at("yard/scene.toml"), "[package]\nname = \"yard\"\n\n[packages]\nkits = { path = \"../kits\" }\n");
    put(at("yard/shots/scene.ngs"), SCENE);
    folder
}

fn fails(folder: &Path, arguments: &[&str], wanted: &[&str]) {
    let output = scenec(folder, arguments);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
    for part in wanted {
        assert!(said.contains(part), "{arguments:?}: no {part:?} in\n{said}");
    }
}

fn a_lock_names_what_a_build_reads_and_nothing_else() -> Outcome {
    let project = project();
    let yard = project.path().join("yard");
    assert_eq!(good(&scenec(&yard, &["lock", "shots/scene.ngs"])), "scene.lock: 6 files, 2 packages; written\n");
    let text = fs::read_to_string(yard.join("scene.lock")).expect("a lock");
    let names: Vec<&str> = text.lines().filter_map(|l| l.split_once("\" = \"").map(|p| &p.0[1..])).collect();
    assert_eq!(
        names,
        ["scene.toml", "shots/scene.ngs", "dusk.hdr", "models/lantern.glb", "quay.ngs", "scene.toml"],
        "sorted by package and path; `unread.ngs` is not read\n{text}"
    );
    let digest = blake3::hash(KIT.as_bytes()).to_hex().to_string();
    assert!(text.contains(&format!("\"quay.ngs\" = \"{digest}\"\n")), "{text}");
    assert!(!text.contains(&*project.path().to_string_lossy()), "a lock is the same on every machine\n{text}");
    // Wherever it is said from, it is the same lock.
    let again = |folder: &Path, file: &str| good(&scenec(folder, &["lock", file]));
    assert!(again(&yard.join("shots"), "scene.ngs").contains("as it was"));
    assert!(again(project.path(), "yard/shots/scene.ngs").contains("as it was"));
    assert!(again(&yard, "../yard/shots/scene.ngs").contains("as it was"));
    let absolute = yard.join("shots/scene.ngs");
    assert!(again(&yard, &absolute.to_string_lossy()).contains("as it was"));
    for folder in ["yard", "yard/shots", "."] {
        let file = ["shots/scene.ngs", "scene.ngs", "yard/shots/scene.ngs"];
        let file = file[["yard", "yard/shots", "."].iter().position(|f| *f == folder).expect("it")];
        good(&scenec(&project.path().join(folder), &["check", "--frozen", file]));
    }
    good(&scenec(&yard, &["build", "--frozen", "shots/scene.ngs", "--device", "native", "--quality", "draft"]));
    good(&scenec(&yard, &["graph", "--frozen", "shots/scene.ngs"]));
    // A second program comes to the first.
    put(yard.join("other.ngs"), "ngs 1\nlet _a = 1m\n");
    assert!(good(&scenec(&yard, &["lock", "other.ngs"])).contains("7 files"));
    good(&scenec(&yard, &["check", "--frozen", "shots/scene.ngs"]));
    Ok(())
}

fn drift_is_refused_and_every_file_is_named() -> Outcome {
    let project = project();
    let (yard, kits) = (project.path().join("yard"), project.path().join("kits"));
    let frozen = ["check", "--frozen", "shots/scene.ngs"];
    fails(&yard, &frozen, &["E0670", "no `scene.lock`", "`scenec lock shots/scene.ngs` writes it"]);
    good(&scenec(&yard, &["lock", "shots/scene.ngs"]));

    // A byte in an asset, a module that is gone: both in one run, with their places in the lock.
    let lantern = kits.join("models/lantern.glb");
    let bytes = fs::read(&lantern).expect("an asset");
    fs::write(&lantern, [bytes.as_slice(), b" "].concat()).expect("a file");
    fs::remove_file(kits.join("dusk.hdr")).expect("a file");
    fails(
        &yard,
        &frozen,
        &[
            "E0671",
            "`../kits/models/lantern.glb` of the package `kits` has changed since it was locked",
            "`../kits/dusk.hdr` of the package `kits` is missing: no such file",
            "--> scene.lock:",
        ],
    );
    let output = scenec(&yard, &["check", "--frozen", "shots/scene.ngs", "--message-format", "json"]);
    assert_eq!(stdout(&output).lines().filter(|l| l.contains("E0671")).count(), 2, "{}", stdout(&output));
    let built = scenec(&yard, &["build", "--frozen", "shots/scene.ngs"]);
    assert!(built.status.code() == Some(1) && !yard.join("o.png").exists(), "{}", stderr(&built));
    let project = self::project();
    let (yard, kits) = (project.path().join("yard"), project.path().join("kits"));
    good(&scenec(&yard, &["lock", "shots/scene.ngs"]));

    // What was locked is as it was, and yet more is read.
    put(
        yard.join("shots/second.ngs"),
        SCENE.replace("quay.ngs\" { Quay }", "quay.ngs\" { Quay }\nuse \"@kits/unread.ngs\" as u"),
    );
    fails(
        &yard,
        &["check", "--frozen", "shots/second.ngs"],
        &["`shots/second.ngs` of the package `yard` is new", "`unread.ngs` of the package `kits` is new"],
    );
    put(project.path().join("steel/scene.toml"), "[package]\nname = \"steel\"\n");
    put(project.path().join("steel/steel.ngs"), "ngs 1\nlet size = 1m\n");
    let before = fs::read(kits.join("scene.toml")).expect("a file");
    put(kits.join("scene.toml"), "[package]\nname = \"kits\"\n[packages]\nsteel = { path = \"../steel\" }\n");
    fails(&yard, &frozen, &["`../kits/scene.toml` of the package `kits` has changed"]);
    put(kits.join("scene.toml"), before);
    good(&scenec(&yard, &frozen));

    // --frozen writes nothing, and a lock that is none is told apart.
    let lock = fs::read_to_string(yard.join("scene.lock")).expect("a lock");
    put(yard.join("scene.lock"), format!("<<<<<<< HEAD\n{lock}"));
    fails(&yard, &frozen, &["E0670", "scene.lock:1:", "marks of a merge"]);
    put(yard.join("scene.lock"), lock.replace("version = 1", "version = 9"));
    fails(&yard, &frozen, &["E0670", "reads version 1"]);
    put(yard.join("scene.lock"), [0xff, 0xfe]);
    fails(&yard, &frozen, &["E0670", "not UTF-8"]);
    fs::remove_file(yard.join("scene.lock")).expect("a file");
    fs::create_dir(yard.join("scene.lock")).expect("a folder");
    fails(&yard, &frozen, &["E0670", "it is a folder"]);
    assert_eq!(scenec(&yard, &["lock", "shots/scene.ngs"]).status.code(), Some(1));
    Ok(())
}

fn what_can_not_be_locked_is_told() -> Outcome {
    let folder = scene("ngs 1\nlet _a = 1m\n");
    fails(
        folder.path(),
        &["lock", "scene.ngs"],
        &["E0670", "no `scene.toml` above `scene.ngs`", "name = \"my_package\""],
    );
    fails(folder.path(), &["check", "--frozen", "scene.ngs"], &["E0670", "no `scene.toml`"]);
    fails(folder.path(), &["vendor", "scene.ngs"], &["E0670", "no `scene.toml`"]);
    fails(folder.path(), &["lock", "scen.ngs"], &["E0213", "no such file"]);
    let project = project();
    fails(project.path(), &["lock", "yard/shots/scene.ngs", "kits/quay.ngs"], &["belong to different packages"]);
    // A scene.toml as large as a disk image, and one that is no text.
    put(project.path().join("yard/scene.toml"), vec![b'#'; 2 << 20]);
    fails(project.path(), &["check", "yard/shots/scene.ngs"], &["E0230", "too large"]);
    put(project.path().join("yard/scene.toml"), [b'[', 0xff]);
    fails(project.path(), &["check", "yard/shots/scene.ngs"], &["E0230", "not UTF-8: byte 1"]);
    Ok(())
}

/// What an asset consists of is copied with it, also from a folder that looks like another package.
fn all_files_of_an_asset_are_copied() -> Outcome {
    let project = project();
    let yard = project.path().join("yard");
    let corners = [0.0_f32, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    let bin = corners.iter().flat_map(|f| f.to_le_bytes()).collect::<Vec<u8>>();
    put(project.path().join("kits/parts/tri.bin"), bin);
    put(project.path().join("kits/parts/scene.toml"), "[package]\nname = \"parts\"\n");
    let model = r#"{"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],"nodes":[{"mesh":0,"name":"t"}],
        "meshes":[{"primitives":[{"attributes":{"POSITION":0}}]}],
        "accessors":[{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3","min":[0,0,0],"max":[1,1,0]}],
        "bufferViews":[{"buffer":0,"byteLength":36}],"buffers":[{"uri":"parts/tri.bin","byteLength":36}]}"#;
    put(project.path().join("kits/tri.gltf"), model);
    let kit = "ngs 1\nasset t = gltf(\"tri.gltf\")\ncomponent Quay() { a = t.scene() }\n";
    put(project.path().join("kits/quay.ngs"), kit);
    good(&scenec(&yard, &["vendor", "shots/scene.ngs"]));
    good(&scenec(&yard, &["lock", "shots/scene.ngs"]));
    fs::remove_dir_all(project.path().join("kits")).expect("a folder");
    good(&scenec(&yard, &["check", "--frozen", "shots/scene.ngs"]));
    let copy = files_in(&yard.join("vendor")).into_iter().find(|p| p.ends_with("parts/tri.bin")).expect("a copy");
    put(copy, [0; 36]);
    fails(
        &yard,
        &["check", "--frozen", "shots/scene.ngs"],
        &["E0671", "parts/tri.bin` of the package `kits` has changed"],
    );
    // What lies outside of the package can't be copied, and no asset may name it.
    put(project.path().join("kits/scene.toml"), "[package]\nname = \"kits\"\n");
    put(project.path().join("kits/quay.ngs"), kit);
    put(project.path().join("kits/dusk.hdr"), []);
    put(project.path().join("kits/tri.gltf"), model.replace("parts/tri.bin", "../tri.bin"));
    fails(&yard, &["vendor", "shots/scene.ngs"], &["E0511", "`../tri.bin` leaves the asset's folder"]);
    Ok(())
}

fn a_project_with_copies_needs_no_originals() -> Outcome {
    let project = project();
    let (yard, kits) = (project.path().join("yard"), project.path().join("kits"));
    // A repository with a package at its root and another in a folder of it.
    let repository = project.path().join("mira");
    put(
        repository.join("scene.toml"),
        "[package]\nname = \"mira\"\nversion = \"0.3.0\"\n[packages]\nparts = { path = \"parts\" }\n",
    );
    put(
        repository.join("mira.ngs"),
        "ngs 1\nuse \"@parts/size.ngs\" as size\ncomponent Mira() { body = box(size: size.tall) }\n",
    );
    put(repository.join("parts/scene.toml"), "[package]\nname = \"parts\"\n");
    put(repository.join("parts/size.ngs"), "ngs 1\nlet tall = 1m\n");
    put(repository.join("unread.ngs"), "ngs 1\n");
    git(&repository, &["init", "--quiet"])?;
    git(&repository, &["add", "."])?;
    git(&repository, &["commit", "--quiet", "-m", "first"])?;
    let revision = git(&repository, &["rev-parse", "HEAD"])?;
    // What comes later is not what was named.
    put(repository.join("parts/size.ngs"), "ngs 1\nlet tall = 9m\n");
    git(&repository, &["commit", "--quiet", "-a", "-m", "second"])?;
    let url = format!("file://{}", repository.display());
    let named = format!(
        "[package]\nname = \"yard\"\n[packages]\nkits = {{ path = \"../kits\" }}\nmira = {{ git = \"{url}\", rev = \"{revision}\" }}\n"
    );
    put(yard.join("scene.toml"), &named);
    let scene =
        SCENE.replace("environment", "use \"@mira/mira.ngs\" as mira\ncharacter cast { m = mira.Mira() }\nenvironment");
    put(yard.join("shots/scene.ngs"), &scene);
    fails(
        &yard,
        &["check", "shots/scene.ngs"],
        &["E0234", "not in `vendor`", "`scenec vendor shots/scene.ngs` fetches it", "scene.toml:5"],
    );

    let said = good(&scenec(&yard, &["vendor", "shots/scene.ngs"]));
    assert!(
        said.starts_with("vendor: 8 files of 3 packages\n") && said.contains("kits 1.0.0 (path ../kits)"),
        "{said}"
    );
    let copies: Vec<String> = files_in(&yard.join("vendor"))
        .iter()
        .map(|p| p.strip_prefix(yard.join("vendor")).expect("below").to_string_lossy().replace('\\', "/"))
        .map(|p| {
            p.split_once('/').map_or(p.clone(), |(package, file)| format!("{}/{file}", &package[..package.len() - 13]))
        })
        .collect();
    assert_eq!(
        copies,
        [
            "README.txt",
            "kits/dusk.hdr",
            "kits/models/lantern.glb",
            "kits/quay.ngs",
            "kits/scene.toml",
            "mira/mira.ngs",
            "mira/scene.toml",
            "parts/scene.toml",
            "parts/size.ngs",
        ]
    );
    good(&scenec(&yard, &["lock", "shots/scene.ngs"]));
    let locked = fs::read_to_string(yard.join("scene.lock")).expect("a lock");
    assert!(
        locked.contains(&format!("git = \"{url}\"\nrev = \"{revision}\"\nfolder = \"parts\"\nname = \"parts\"\n")),
        "{locked}"
    );

    // The same command again changes nothing, though the copies were edited.
    let quay = files_in(&yard.join("vendor")).into_iter().find(|p| p.ends_with("quay.ngs")).expect("a copy");
    put(quay.clone(), format!("{KIT}// edited\n"));
    fails(
        &yard,
        &["check", "--frozen", "shots/scene.ngs"],
        &["E0671", "quay.ngs` of the package `kits` has changed", "`scenec vendor"],
    );
    good(&scenec(&yard, &["vendor", "shots/scene.ngs"]));
    good(&scenec(&yard, &["check", "--frozen", "shots/scene.ngs"]));
    assert_eq!(fs::read_to_string(&quay).expect("a copy"), KIT);

    // The originals are gone, and the project is somewhere else.
    fs::remove_dir_all(&kits).expect("a folder");
    fs::remove_dir_all(&repository).expect("a folder");
    let elsewhere = tempfile::tempdir().expect("a folder");
    copy_tree(&yard, elsewhere.path());
    fs::remove_dir_all(&yard).expect("a folder");
    let graph = good(&scenec(elsewhere.path(), &["graph", "--frozen", "shots/scene.ngs"]));
    assert!(graph.contains("1m") && !graph.contains("9m"), "the revision that was named\n{graph}");
    good(&scenec(
        elsewhere.path(),
        &["build", "--frozen", "shots/scene.ngs", "--device", "native", "--quality", "draft"],
    ));
    assert!(elsewhere.path().join("o.png").is_file());
    // Nothing to fetch from: the copies stay as they are.
    fails(elsewhere.path(), &["vendor", "shots/scene.ngs"], &["E0234"]);
    good(&scenec(elsewhere.path(), &["check", "--frozen", "shots/scene.ngs"]));
    Ok(())
}

fn a_revision_that_is_not_there_is_told() -> Outcome {
    let project = project();
    let yard = project.path().join("yard");
    let repository = project.path().join("kits");
    git(&repository, &["init", "--quiet"])?;
    git(&repository, &["add", "."])?;
    git(&repository, &["commit", "--quiet", "-m", "first"])?;
    let named = |url: &str, revision: &str| {
        put(
            yard.join("scene.toml"),
            format!("[package]\nname = \"yard\"\n[packages]\nkits = {{ git = \"{url}\", rev = \"{revision}\" }}\n"),
        );
    };
    let url = repository.display().to_string();
    named(&url, &"3c".repeat(20));
    fails(&yard, &["vendor", "shots/scene.ngs"], &["E0234", "scene.toml:4", "has no commit", "needed here"]);
    named(&project.path().join("nowhere").display().to_string(), &"3c".repeat(20));
    fails(&yard, &["vendor", "shots/scene.ngs"], &["E0234", "nowhere"]);
    assert!(!yard.join("vendor").exists());
    // A path that leaves the repository.
    put(repository.join("scene.toml"), "[package]\nname = \"kits\"\n[packages]\nout = { path = \"../out\" }\n");
    put(
        repository.join("quay.ngs"),
        "ngs 1\nuse \"@out/out.ngs\" as out\ncomponent Quay() { a = box(size: out.size) }\n",
    );
    git(&repository, &["commit", "--quiet", "-a", "-m", "second"])?;
    named(&url, &git(&repository, &["rev-parse", "HEAD"])?);
    fails(&yard, &["vendor", "shots/scene.ngs"], &["E0235", "`../out` of the package `out` leaves the repository"]);
    Ok(())
}

fn copies_replace_only_what_was_copied() -> Outcome {
    let project = project();
    let yard = project.path().join("yard");
    put(yard.join("vendor/mine.txt"), "mine");
    let output = scenec(&yard, &["vendor", "shots/scene.ngs"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("E0672") && stderr(&output).contains("has not written"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(yard.join("vendor/mine.txt")).expect("a file"), "mine");
    fs::remove_dir_all(yard.join("vendor")).expect("a folder");
    #[cfg(unix)]
    {
        let target = project.path().join("target");
        fs::create_dir(&target).expect("a folder");
        std::os::unix::fs::symlink(&target, yard.join("vendor")).expect("a link");
        assert_eq!(scenec(&yard, &["vendor", "shots/scene.ngs"]).status.code(), Some(3), "a link is not followed");
        assert!(fs::read_dir(&target).expect("a folder").next().is_none());
        fs::remove_file(yard.join("vendor")).expect("a link");
    }
    good(&scenec(&yard, &["vendor", "shots/scene.ngs"]));
    // When no package is used any more, no copies are left.
    put(yard.join("shots/scene.ngs"), "ngs 1\nlet _a = 1m\n");
    assert!(good(&scenec(&yard, &["vendor", "shots/scene.ngs"])).contains("nothing to copy"));
    assert!(!yard.join("vendor").exists());
    let left: Vec<_> = fs::read_dir(&yard).expect("a folder").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    Ok(())
}

fn a_copy_that_is_older_than_its_original_is_told() -> Outcome {
    let project = project();
    let yard = project.path().join("yard");
    good(&scenec(&yard, &["vendor", "shots/scene.ngs"]));
    assert_eq!(stderr(&scenec(&yard, &["check", "shots/scene.ngs"])), "");
    put(project.path().join("kits/quay.ngs"), format!("{KIT}// newer\n"));
    let output = scenec(&yard, &["check", "shots/scene.ngs"]);
    assert!(good(&output).contains("1 warning"));
    let said = stderr(&output);
    assert!(said.contains("W0671") && said.contains("which is another than `../kits/quay.ngs`"), "{said}");
    good(&scenec(&yard, &["vendor", "shots/scene.ngs"]));
    assert_eq!(stderr(&scenec(&yard, &["check", "shots/scene.ngs"])), "");
    Ok(())
}

fn two_versions_of_one_kit_stand_in_one_program() -> Outcome {
    let project = project();
    let at = |path: &str| project.path().join(path);
    for (version, height) in [("1", "1m"), ("2", "2m")] {
        put(
            at(&format!("kits_{version}/scene.toml")),
            format!("[package]\nname = \"kits\"\nversion = \"{version}.0.0\"\n"),
        );
        let kit = format!(
            "ngs 1\nenum Side {{ left, right }}\ncomponent Post(side: Side = left) {{ post = cylinder(radius: if side == left {{ 5cm }} else {{ 6cm }}, height: {height}) }}\n"
        );
        put(at(&format!("kits_{version}/post.ngs")), kit);
    }
    // The third package names the older one by the name that the program gives to the newer.
    put(at("fence/scene.toml"), "[package]\nname = \"fence\"\n[packages]\nkits = { path = \"../kits_1\" }\n");
    put(at("fence/fence.ngs"), "ngs 1\nuse \"@kits/post.ngs\" { Post }\ncomponent Fence() { a = Post() }\n");
    put(
        at("yard/scene.toml"),
        "[package]\nname = \"yard\"\n[packages]\nkits = { path = \"../kits_2\" }\nold = { path = \"../kits_1\" }\nfence = { path = \"../fence\" }\n",
    );
    let scene = "ngs 1\nuse \"@kits/post.ngs\" as kits\nuse \"@old/post.ngs\" as old\nuse \"@fence/fence.ngs\" { Fence }\nenvironment yard { sky = constant_sky()  a = kits.Post()  b = old.Post()  c = Fence() }\ncamera main { frame: a }\nshot s { camera: main }\noutput o { image: render(s), file: \"o.exr\" }\n";
    let yard = at("yard");
    put(yard.join("scene.ngs"), scene);
    let graph = good(&scenec(&yard, &["graph", "scene.ngs"]));
    let height = |id: &str| {
        let page = graph.split(id).nth(1).unwrap_or_else(|| panic!("no {id} in\n{graph}"));
        let page = page.split("height: ").nth(1).unwrap_or_else(|| panic!("no height of {id}"));
        page.split(['\n', ',', ')', ' ']).next().unwrap_or_default().to_owned()
    };
    assert_eq!((height("yard/a/post").as_str(), height("yard/b/post").as_str()), ("2m", "1m"), "{graph}");
    good(&scenec(&yard, &["lock", "scene.ngs"]));
    let lock = fs::read_to_string(yard.join("scene.lock")).expect("a lock");
    assert_eq!(lock.matches("name = \"kits\"").count(), 2, "{lock}");
    assert!(lock.contains("path = \"../kits_1\"\nname = \"kits\"\nversion = \"1.0.0\""), "{lock}");
    // Whoever mixes them up is told which is which.
    put(
        yard.join("scene.ngs"),
        scene
            .replace("old.Post()", "old.Post(side: side)")
            .replace("environment", "param side: kits.Side = right\nenvironment"),
    );
    fails(&yard, &["check", "scene.ngs"], &["../kits_1/post.ngs", "../kits_2/post.ngs"]);
    Ok(())
}

fn a_package_of_a_revision_is_read_from_that_revision() -> Outcome {
    let project = project();
    let at = |path: &str| project.path().join(path);
    git(project.path(), &["init", "--quiet"])?;
    git(project.path(), &["add", "."])?;
    git(project.path(), &["commit", "--quiet", "-m", "first"])?;
    put(at("kits/quay.ngs"), KIT.replace("height: Length = 1m", "height: Length = 3m"));
    let said = good(&scenec(&at("yard/shots"), &["diff", "HEAD:./scene.ngs", "scene.ngs"]));
    assert!(said.contains("height: 1m -> 3m"), "{said}");
    Ok(())
}

fn the_example_is_as_it_was_locked() -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("a path");
    let file = "examples/packages/market/market.ngs";
    let said = scenec(root(), &["build", file, "--frozen", "--quality", "draft", "--device", "native", "--out", out]);
    good(&said);
    assert!(!stderr(&said).contains("warning"), "{}", stderr(&said));
    read_png(&folder.path().join("s010.png")).assert_worth_looking_at(file);
    Ok(())
}

scenec_harness::tests![
    the_example_is_as_it_was_locked,
    a_lock_names_what_a_build_reads_and_nothing_else,
    drift_is_refused_and_every_file_is_named,
    what_can_not_be_locked_is_told,
    all_files_of_an_asset_are_copied,
    a_project_with_copies_needs_no_originals,
    a_revision_that_is_not_there_is_told,
    copies_replace_only_what_was_copied,
    a_copy_that_is_older_than_its_original_is_told,
    two_versions_of_one_kit_stand_in_one_program,
    a_package_of_a_revision_is_read_from_that_revision,
];
