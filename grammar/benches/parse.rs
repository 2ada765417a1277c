//! Time to parse a program of 5,000 lines; it must stay under 50 ms.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn program(lines: usize) -> String {
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
    let text = program(5000);
    let mut group = c.benchmark_group("parse");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.sample_size(20);
    group.bench_function("5000_lines", |b| b.iter(|| scenec_grammar::parse(scenec_ir::FileId(0), &text)));
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
