//! Native against wgpu on the same inputs: integers bit by bit, exact float operations bit by bit, the rest by tolerance.

mod support;

use scenec_harness::Outcome;
use scenec_translator_fixtures as fixtures;
use scenec_translator_fixtures::kernels;
use scenec_translator_fixtures::prelude::{Isa, LoopGuard, ReadArray, WriteArray};
use support::{Random, bytes, gpu, words};

/// Invocations per kernel.
const COUNT: u32 = 4096;

/// Words that are likely to hit a special case.
fn word(r: &mut Random) -> u32 {
    const SPECIAL: [u32; 12] =
        [0, 1, 2, 31, 32, 33, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_ffff, 0xffff_0000, 0x0000_ffff];
    match r.word() % 4 {
        0 => SPECIAL[r.word() as usize % SPECIAL.len()],
        1 => r.word() % 100,
        2 => (r.word() % 100).wrapping_neg(),
        _ => r.word(),
    }
}

fn random_words(seed: u64, count: usize) -> Vec<u32> {
    let mut r = Random(seed);
    (0..count).map(|_| word(&mut r)).collect()
}

/// The first difference, in words.
fn difference(name: &str, per_invocation: u32, native: &[u32], device: &[u32]) -> Option<String> {
    assert_eq!(native.len(), device.len());
    let (index, (n, d)) = native.iter().zip(device).enumerate().find(|(_, (n, d))| n != d)?;
    let (invocation, slot) = (index as u32 / per_invocation, index as u32 % per_invocation);
    Some(format!("{name}: invocation {invocation}, output {slot}: native {n:#010x}, wgpu {d:#010x}"))
}

macro_rules! words_agree {
    ($($test:ident: $kernel:ident, $seed:literal, $inputs_each:literal;)*) => {$(
        fn $test() -> Outcome {
            let count = COUNT;
            let each = kernels::$kernel::consts::WORDS;
            let inputs = random_words($seed, count as usize * $inputs_each);
            let native = native!($kernel::main, inputs.clone(), vec![0u32; (count * each) as usize], count);
            let gpu = gpu()?;
            let device = gpu.run_flat(&kernels::$kernel::KERNEL, &inputs, (count * each) as usize, count);
            assert_eq!(difference(stringify!($kernel), each, &native, &device), None);
            Ok(())
        }
    )*};
}
words_agree! {
    integers_agree: integers, 1, 2;
    control_flow_agrees: control, 2, 1;
    memory_agrees: memory, 3, 1;
}

fn packing_agrees() -> Outcome {
    let each = kernels::packing::consts::WORDS;
    let inputs = random_words(4, COUNT as usize);
    let size = (COUNT * each) as usize;
    let native = native!(packing::main, inputs.clone(), vec![0u32; size], COUNT);
    let gpu = gpu()?;
    let device = gpu.run_flat(&kernels::packing::KERNEL, &inputs, size, COUNT);
    for (index, (&n, &d)) in native.iter().zip(&device).enumerate() {
        let slot = index as u32 % each;
        let agree = match slot {
            // Scaled to a number of steps and rounded: half a step may fall either way.
            0..=1 => n.to_le_bytes().iter().zip(d.to_le_bytes()).all(|(a, b)| a.abs_diff(b) <= 1),
            2..=3 => (n as u16).abs_diff(d as u16) <= 1 && (n >> 16).abs_diff(d >> 16) <= 1,
            // One division.
            9..=16 => close(f32::from_bits(n), f32::from_bits(d), 1e-6, 0.0),
            // Subnormal halves: a driver may flush them.
            17..=18 => close(f32::from_bits(n), f32::from_bits(d), 0.0, 6.2e-5),
            _ => n == d,
        };
        assert!(
            agree,
            "packing: input {:#010x}, output {slot}: native {n:#010x}, wgpu {d:#010x}",
            inputs[index / each as usize]
        );
    }
    Ok(())
}

fn exact_float_operations_agree() -> Outcome {
    let each = kernels::floats_exact::consts::WORDS;
    let mut r = Random(5);
    let inputs: Vec<f32> = (0..COUNT * 3)
        .map(|i| match (i % 3, r.word() % 5) {
            // mix's weight, and the value that is scaled
            (2, _) => r.between(0.0, 1.0),
            (_, 0) => r.between(-4.0, 4.0).floor() + if r.word().is_multiple_of(2) { 0.5 } else { 0.0 },
            (_, 1) => r.between(-1e6, 1e6),
            (_, 2) => r.between(-1e-3, 1e-3),
            _ => r.between(-100.0, 100.0),
        })
        .collect();
    let size = (COUNT * each) as usize;
    let native = native!(floats_exact::main, inputs.clone(), vec![0.0f32; size], COUNT);
    let gpu = gpu()?;
    let input_words: Vec<u32> = inputs.iter().map(|x| x.to_bits()).collect();
    let device = gpu.run_flat(&kernels::floats_exact::KERNEL, &input_words, size, COUNT);
    for (index, (n, d)) in native.iter().zip(&device).enumerate() {
        let (at, slot) = (index / each as usize * 3, index % each as usize);
        let d = f32::from_bits(*d);
        // A negative number as u32 is 0 for naga; bits that make a NaN are not numbers to compare.
        assert!(
            *n == d || (n.is_nan() && d.is_nan()),
            "output {slot} of {:?}: native {n:?}, wgpu {d:?}",
            &inputs[at..at + 3]
        );
    }
    Ok(())
}

fn close(a: f32, b: f32, relative: f32, absolute: f32) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= absolute + relative * a.abs().max(b.abs())
}

fn other_float_functions_agree_within_tolerance() -> Outcome {
    let each = kernels::floats_close::consts::WORDS;
    let mut r = Random(6);
    let inputs: Vec<f32> =
        (0..COUNT).flat_map(|_| [r.between(-4.0, 4.0), r.between(0.05, 4.0), r.between(0.0, 1.0)]).collect();
    let size = (COUNT * each) as usize;
    let native = native!(floats_close::main, inputs.clone(), vec![0.0f32; size], COUNT);
    let gpu = gpu()?;
    let input_words: Vec<u32> = inputs.iter().map(|x| x.to_bits()).collect();
    let device = gpu.run_flat(&kernels::floats_close::KERNEL, &input_words, size, COUNT);
    for (index, (n, d)) in native.iter().zip(&device).enumerate() {
        let (at, slot) = (index / each as usize * 3, index % each as usize);
        let d = f32::from_bits(*d);
        // The remainder jumps by p where the quotient is whole; near a jump both sides are right.
        let p = inputs[at + 1];
        let jumped = slot == 23 && close((n - d).abs(), p, 1e-4, 1e-5);
        // faceForward turns round where its angle is right.
        let turned = slot == 31 && close(-n, d, 1e-5, 1e-6) && n.abs() < 1.0;
        assert!(
            close(*n, d, 1e-3, 2e-4) || jumped || turned,
            "output {slot} of {:?}: native {n:?}, wgpu {d:?}",
            &inputs[at..at + 3]
        );
    }
    Ok(())
}

fn random_programs_agree() -> Outcome {
    let gpu = gpu();
    for number in 0..fixtures::RANDOM_PROGRAMS {
        let count = 512;
        let inputs = random_words(100 + number as u64, count as usize * 9);
        let run = |isa| {
            let guard = LoopGuard::default();
            let mut outputs = vec![0u32; inputs.len()];
            let view = WriteArray::new(&mut outputs).expect("outputs");
            fixtures::run_random(number, isa, &guard, ReadArray::new(&inputs).expect("inputs"), view, count);
            assert!(!guard.tripped());
            outputs
        };
        let native = run(Isa::detect());
        assert_eq!(native, run(Isa::BASE), "program {number}: the two builds differ");
        let Ok(gpu) = &gpu else { continue };
        let kernel = fixtures::KERNELS
            .iter()
            .find(|k| k.name == format!("random_{number:02}"))
            .expect("a kernel for each number");
        let device = gpu.run_flat(kernel, &inputs, inputs.len(), count);
        for (index, (&n, &d)) in native.iter().zip(&device).enumerate() {
            let slot = index % 9;
            // The sign of a zero is an implementation's own.
            let agree = n == d || (slot >= 6 && f32::from_bits(n) == 0.0 && f32::from_bits(d) == 0.0);
            assert!(
                agree,
                "program {number}, invocation {}, output {slot}: native {n:#010x}, wgpu {d:#010x}",
                index / 9
            );
        }
    }
    gpu.map(|_| ())
}

fn atomics_agree() -> Outcome {
    let inputs = random_words(7, COUNT as usize);
    let start = [0u32, 0, 0, 0, 0, u32::MAX, 5, 8];
    let mut counters = words(&bytes(&start));
    let mut histogram = vec![0u32; 16];
    {
        let guard = LoopGuard::default();
        let counter_bytes: &mut [u8] = fixtures::prelude::bytemuck::cast_slice_mut(&mut counters);
        let bindings = kernels::atomics::Bindings {
            guard: &guard,
            inputs: ReadArray::new(&inputs).expect("inputs"),
            counters: fixtures::prelude::WriteRef::from_bytes(counter_bytes).expect("counters"),
            histogram: WriteArray::new(&mut histogram).expect("histogram"),
        };
        kernels::atomics::atomics(Isa::detect(), &bindings, 0..COUNT);
    }
    let sum = inputs.iter().fold(0u32, |a, &b| a.wrapping_add(b));
    let low = inputs.iter().map(|&x| x as i32).min().expect("inputs").min(0);
    assert_eq!((counters[0], counters[1] as i32, counters[6], counters[7]), (sum, low, 5u32.wrapping_sub(COUNT), 50));
    assert_eq!(histogram.iter().sum::<u32>(), COUNT);
    let gpu = gpu()?;
    let after = gpu.run(&kernels::atomics::KERNEL, 0, [COUNT, 1, 1], &[bytes(&inputs), bytes(&start), vec![0; 64]]);
    assert_eq!(words(&after[1]), counters);
    assert_eq!(words(&after[2]), histogram);
    Ok(())
}

fn structs_agree_byte_by_byte() -> Outcome {
    use fixtures::prelude::bytemuck::{bytes_of, cast_slice};
    use fixtures::types::{Item, Record, Settings, Tailed_head};
    let mut r = Random(8);
    let settings = Settings {
        offset: [1.0, 2.0, 3.0].into(),
        count: 4,
        table: [[0.0; 4].into(), [1.0, 2.0, 4.0, 8.0].into()],
        frame: fixtures::prelude::Mat { c: [[1.0, 2.0, 3.0].into(), [4.0, 5.0, 6.0].into(), [7.0, 8.0, 9.0].into()] },
    };
    // Whole numbers, so that no summation order matters; padding is filled, and must come back as it was.
    let mut records = [Record::ZERO; 4];
    for (i, record) in records.iter_mut().enumerate() {
        let filled: &mut [u8] = fixtures::prelude::bytemuck::bytes_of_mut(record);
        filled.fill(0x40 + i as u8);
        record.position = [i as f32, 2.0, 3.0].into();
        record.weight = 2.0;
        record.corners[0].v = [5.0, 6.0, i as f32].into();
        record.uv = [1.0, 3.0].into();
        record.count = 10;
        record.inner.pair = [-1, -2].into();
    }
    let mut head = Tailed_head::ZERO;
    head.first = 7;
    head.header.limit = [1, 100].into();
    head.header.scale = [1.0, 2.0, 4.0].into();
    let items: Vec<Item> = (0..4)
        .map(|i| Item {
            color: [i as f32, 0.5, (r.word() % 8) as f32].into(),
            id: i,
            matrix: fixtures::prelude::Mat { c: [[1.0, 2.0].into(), [3.0, i as f32].into()] },
        })
        .collect();
    let mut tailed = bytes_of(&head).to_vec();
    tailed.extend_from_slice(cast_slice(&items));
    let tail_words = words(&tailed);
    let points: Vec<[f32; 4]> = (0..4).map(|i| [i as f32, 1.0, -2.0, 99.0]).collect();
    let fixed = [[1u32, 2].into(), [3, 4].into(), [5, 6].into(), [7, 8].into()];
    let start = records;
    let mut total = Item::ZERO;
    {
        let guard = LoopGuard::default();
        let bindings = kernels::layout::Bindings {
            guard: &guard,
            settings,
            records: WriteArray::new(&mut records).expect("records"),
            tailed: fixtures::prelude::ReadTail::from_bytes(cast_slice(&tail_words)).expect("a tail"),
            points: ReadArray::from_bytes(cast_slice(&points)).expect("points"),
            total: fixtures::prelude::WriteRef::new(&mut total),
            fixed: &fixed,
        };
        kernels::layout::records_of(Isa::detect(), &bindings, 0..64);
        assert_eq!(kernels::layout::scaled(Isa::detect(), &bindings, 2, 3.0).to_array(), [7.0, 5.0, -3.0]);
    }
    assert_eq!(records[1].normal.to_array(), [3.0, 8.0, -4.0]);
    assert_eq!(records[0].count, 18);
    assert_eq!(records[3].last, 4 * 16 + 7 + 100);
    assert_eq!(records[2].inner.pair.to_array(), [3 + 6, -2]);
    assert_eq!((total.id, total.color.x, total.matrix.c[1].to_array()), (1, 4.0, [3.0, 4.0]));
    let gpu = gpu()?;
    let after = gpu.run(
        &kernels::layout::KERNEL,
        0,
        [64, 1, 1],
        &[
            bytes_of(&settings).to_vec(),
            cast_slice(&start).to_vec(),
            tailed,
            cast_slice(&points).to_vec(),
            vec![0; size_of::<Item>()],
            cast_slice(&fixed).to_vec(),
        ],
    );
    assert_eq!(after[1], cast_slice::<_, u8>(&records));
    assert_eq!(after[4], bytes_of(&total));
    Ok(())
}

fn compute_inputs_agree() -> Outcome {
    let extent = [8, 4, 2];
    let mut outputs = vec![0u32; 64];
    let guard = LoopGuard::default();
    let bindings =
        kernels::builtins::Bindings { guard: &guard, outputs: WriteArray::new(&mut outputs).expect("outputs") };
    kernels::builtins::grid_grid(Isa::detect(), &bindings, extent);
    // id (5, 3, 1): group (1, 1, 1), local (1, 1, 0), index 1 + 4.
    assert_eq!(outputs[(4 + 3) * 8 + 5], 5 + 16 + 256 + 4096 + 65536 + 0x10_0000);
    let gpu = gpu()?;
    let after = gpu.run(&kernels::builtins::KERNEL, 0, extent, &[vec![0; 256]]);
    assert_eq!(words(&after[0]), outputs);
    Ok(())
}

fn the_comparer_sees_a_difference() {
    let found = difference("demo", 2, &[1, 2, 3, 4], &[1, 2, 3, 5]);
    assert_eq!(found.as_deref(), Some("demo: invocation 1, output 1: native 0x00000004, wgpu 0x00000005"));
}

fn closeness_is_relative_absolute_or_both_nan() {
    assert!(close(1.0, 1.0005, 1e-3, 0.0) && close(0.0, 1e-5, 0.0, 1e-4) && close(f32::NAN, f32::NAN, 0.0, 0.0));
    assert!(!close(1.0, 1.002, 1e-3, 0.0) && !close(f32::NAN, 1.0, 1.0, 1.0) && !close(0.0, 1e-3, 1e-2, 1e-4));
}

scenec_harness::tests![
    integers_agree,
    control_flow_agrees,
    memory_agrees,
    packing_agrees,
    exact_float_operations_agree,
    other_float_functions_agree_within_tolerance,
    random_programs_agree,
    atomics_agree,
    structs_agree_byte_by_byte,
    compute_inputs_agree,
    the_comparer_sees_a_difference,
    closeness_is_relative_absolute_or_both_nan,
];
