//! Time to parse 5,000 lines; a program as people write it must stay under 50 ms.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Short lines, comments and blank lines, as in the examples.
fn written(lines: usize) -> String {
    let mut text = String::from("ngs 1\n");
    for i in 0..lines / 10 {
        text += &format!(
            "\n/// A machine.\nengineering machines_{i} {{\n  // A wheel and its frame.\n  gear = gear(\n    teeth: {},\n    \
             module: 5mm, width: 20mm,\n    material: steel(roughness: 0.3),\n  ) at ({i}m, 1.2m, -0.5m) scale 2\n}}\n",
            12 + i % 40
        );
    }
    text
}

/// One call of a hundred characters on every line.
fn dense(lines: usize) -> String {
    let mut text = String::from("ngs 1\n\nengineering machines {\n");
    for i in 0..lines - 4 {
        text += &format!(
            "  part_{i} = gear(teeth: {}, module: 5mm, material: steel(roughness: 0.3)) at ({i}m, 1.2m, -0.5m) scale 2\n",
            12 + i % 40
        );
    }
    text + "}\n"
}

fn parse(c: &mut Criterion) {
    let mut group = c.benchmark_group("parse_5000_lines");
    group.sample_size(20);
    for (name, text) in [("written", written(5000)), ("dense", dense(5000))] {
        assert_eq!(scenec_grammar::parse(scenec_ir::FileId(0), &text).1, [], "the program is legal");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| scenec_grammar::parse(scenec_ir::FileId(0), &text)));
    }
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
