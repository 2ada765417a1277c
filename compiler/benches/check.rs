//! `scenec check` of a scene of 5,000 lines: parsing, checking and lowering of one frame. The target is 100 ms.

use criterion::{Criterion, criterion_group, criterion_main};
use scenec_compiler::{MemoryWorld, Options, compile};

fn scene(lines: usize) -> String {
    let mut text = String::from("ngs 1\nparam gap: Length in 0m..10m = 1m\n");
    text += "component Post(height: Length = 2m) {\n  shaft = cylinder(radius: 5cm, height: height)\n";
    text +=
        "  knob = sphere(radius: 8cm, material: brass()) at shaft.top\n}\nenvironment yard {\n  sky = constant_sky()\n";
    for i in 0..lines - 16 {
        text += &match i % 4 {
            0 => format!("  post{i} = Post(height: {}cm) at (gap * {i}, 1m, 0m)\n", 100 + i % 50),
            1 => format!("  box{i} = box(size: (1m, {}cm, 1m), chamfer: 1cm) at post{}.top\n", 10 + i % 90, i - 1),
            2 => format!("  let tint{i} = paint(#{:06x}, roughness: 0.{})\n", i * 37 % 0xff_ffff, 1 + i % 9),
            _ => format!("  ball{i} = sphere(radius: {}mm, material: tint{}) at box{}.top\n", 10 + i, i - 1, i - 2),
        };
    }
    text + "}\ncamera main { frame: post0 }\nshot s010 { camera: main }\n\
        output still { image: render(s010) |> view(agx), file: \"still.png\" }\n"
}

fn check(c: &mut Criterion) {
    let world = MemoryWorld::of("big.ngs", scene(5000));
    let options = Options { first_frame_only: true, ..Options::default() };
    let compilation = compile(&world, "big.ngs", &[], &options);
    assert!(compilation.graph.is_some(), "{:?}", compilation.diagnostics.first());
    c.bench_function("check_5000_lines", |b| b.iter(|| compile(&world, "big.ngs", &[], &options)));
}

criterion_group!(benches, check);
criterion_main!(benches);
