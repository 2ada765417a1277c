//! What kernels compute natively, against the same thing written in Rust by hand.

mod support;

use scenec_translator_fixtures::kernels;
use scenec_translator_fixtures::prelude::{Isa, LoopGuard, ReadArray, SharedArray, WriteArray};

#[test]
fn nested_loops_break_continue_and_break_if() {
    fn nested(seed: u32) -> u32 {
        let mut sum = 0u32;
        for i in 0..10u32 {
            if i == seed % 7 {
                continue;
            }
            let mut j = 0u32;
            loop {
                if (i ^ j) == 9 {
                    break;
                }
                if j % 3 == 1 {
                    // The continuing block runs after a continue too, with the step of the iteration before.
                    j += 2;
                    j += last_step(sum);
                    if j > 12 {
                        break;
                    }
                    continue;
                }
                sum = sum.wrapping_mul(31).wrapping_add(i * 7 + j);
                j += last_step(sum);
                if j > 12 {
                    break;
                }
            }
            while j > 3 {
                j -= 3;
                if j == 5 {
                    break;
                }
                sum ^= j << 3;
            }
            if sum % 11 == 3 {
                break;
            }
        }
        sum
    }
    fn last_step(sum: u32) -> u32 {
        1 + (sum & 1)
    }
    fn chosen(x: i32) -> i32 {
        match x {
            0 => 10,
            1 => 21,
            2 => 3,
            -3 => -7,
            _ => 30 + x,
        }
    }
    let inputs: Vec<u32> = (0..64).collect();
    let outputs = native!(control::main, inputs.clone(), vec![0u32; 64 * 8], 64);
    for x in inputs {
        let at = x as usize * 8;
        // For these seeds no `continue` comes before the first step, whose value would be nobody's business.
        if x % 7 != 0 {
            assert_eq!(outputs[at], nested(x), "nested({x})");
        }
        let s = (x % 9) as i32 - 4;
        let wanted = if s == 0 { 10 } else { chosen(s) };
        assert_eq!(outputs[at + 1] as i32, wanted, "chosen({s})");
        assert_eq!(outputs[at + 2], [6, 5, 6, 6, 7, 6][x as usize % 6]);
        let by_four: u32 = (0..x % 23).filter(|i| i % 4 != 0).map(|i| i + if i % 4 == 1 { 100 } else { 0 }).sum();
        assert_eq!(outputs[at + 3], by_four);
        let (i, j) =
            (0..).flat_map(|i| (0..5).map(move |j| (i, j))).find(|(i, j)| i * j > x % 50).expect("some product");
        assert_eq!(outputs[at + 4], i * 16 + j);
        // bump is called once by `&&` above 3 (false), then by `||` up to 6.
        let s = x % 10;
        assert_eq!(outputs[at + 5], if s > 3 { if s > 6 { 11 } else { 12 } } else { 21 }, "short_circuit({s})");
    }
}

#[test]
fn pointers_privates_and_clamped_indices() {
    let inputs: Vec<u32> = (0..40).collect();
    let outputs = native!(memory::main, inputs.clone(), vec![0u32; 40 * 16], 40);
    for x in inputs {
        let o = &outputs[x as usize * 16..][..16];
        assert_eq!(o[0], (x + 2) * 3 + x + 1);
        assert_eq!(o[1], 1 + 3, "private variables start anew in each invocation");
        assert_eq!(o[2], (x * 3).wrapping_sub(x));
        assert_eq!(o[3], (4 + 6 + 6 + 4) * x * x);
        assert_eq!(o[4], 11 * (x % 5 + 1));
        let corners = [3.0f32, 4.0, 9.0];
        assert_eq!(f32::from_bits(o[5]), corners[x as usize % 3] + 4.0);
        assert_eq!(o[6], 4 * x, "beyond the end: the last");
        assert_eq!(o[7], 4 * x, "negative: the last");
        assert_eq!(o[8], 55);
        assert_eq!(o[10], 1);
        assert_eq!(o[14], 2 * x + if x % 4 == 1 { 5 } else { 0 } + if x % 4 == 1 { 2 * x + 5 } else { 0 } + 7700);
        assert_eq!(o[15], 40);
    }
}

#[test]
fn storage_indices_are_clamped_to_the_buffer() {
    // Four inputs and eight outputs for 64 invocations: all others read the last input and write the last output.
    let inputs = [1u32, 2, 3, 4];
    let mut words = [0u32; 8];
    let guard = LoopGuard::default();
    let bindings = kernels::names::Bindings {
        guard: &guard,
        type_: ReadArray::new(&inputs).expect("inputs"),
        b: WriteArray::new(&mut words).expect("outputs"),
    };
    kernels::names::names(Isa::detect(), &bindings, 0..64);
    // (e1 = x + 3): r = e1 + 2 e1 + 1, x = r + 2 e1 + 1, and 4.
    let wanted = |x: u32| 5 * (x + 3) + 2 + 4;
    assert_eq!(words, [1, 2, 3, 4, 4, 4, 4, 4].map(wanted));
}

#[test]
fn an_endless_loop_is_left_and_reported() {
    let inputs = [27u32, 0, 1, 6];
    for isa in [Isa::BASE, Isa::detect()] {
        let guard = LoopGuard::new(1000);
        let mut outputs = [9u32; 4];
        let bindings = kernels::endless::Bindings {
            guard: &guard,
            inputs: ReadArray::new(&inputs).expect("inputs"),
            outputs: WriteArray::new(&mut outputs).expect("outputs"),
        };
        kernels::endless::endless(isa, &bindings, 0..1);
        assert!(!guard.tripped());
        kernels::endless::endless(isa, &bindings, 1..4);
        assert!(guard.tripped());
        guard.reset();
        assert!(!guard.tripped());
        assert_eq!(kernels::endless::collatz(isa, &bindings, 6), 8);
        assert!(!guard.tripped());
        assert_eq!(outputs, [111, 0, 0, 8]);
    }
}

#[test]
fn the_cap_counts_iterations_exactly() {
    // 27 takes 111 steps; the iteration that returns is the 112th.
    for (cap, tripped) in [(112, false), (111, true)] {
        let guard = LoopGuard::new(cap);
        let (inputs, mut outputs) = ([27u32], [0u32]);
        let bindings = kernels::endless::Bindings {
            guard: &guard,
            inputs: ReadArray::new(&inputs).expect("inputs"),
            outputs: WriteArray::new(&mut outputs).expect("outputs"),
        };
        kernels::endless::endless(Isa::BASE, &bindings, 0..1);
        assert_eq!(guard.tripped(), tripped, "cap {cap}");
    }
}

#[test]
fn threads_share_a_buffer_when_their_ids_are_apart() {
    let inputs: Vec<u32> = (1..=1000).collect();
    let mut outputs = vec![0u32; 1000];
    let guard = LoopGuard::default();
    let isa = Isa::detect();
    {
        let shared = SharedArray::new(&mut outputs).expect("outputs");
        let inputs = ReadArray::new(&inputs).expect("inputs");
        std::thread::scope(|scope| {
            for k in 0..4 {
                let (shared, guard) = (&shared, &guard);
                scope.spawn(move || {
                    let bindings = kernels::endless::Bindings {
                        guard,
                        inputs,
                        // SAFETY: the threads' ranges of ids do not overlap, and the kernel writes its own id only.
                        outputs: unsafe { shared.view() },
                    };
                    kernels::endless::endless(isa, &bindings, k * 250..(k + 1) * 250);
                });
            }
        });
    }
    let alone = native!(endless::endless, inputs.clone(), vec![0u32; 1000], 1000);
    assert_eq!(outputs, alone);
}

#[test]
fn metadata_says_what_wgsl_says() {
    use scenec_translator_fixtures::prelude::BindingKind;
    let kernel = &kernels::layout::KERNEL;
    assert_eq!(kernel.name, "layout");
    assert_eq!((kernel.entry_points[0].name, kernel.entry_points[0].workgroup_size), ("records_of", [64, 1, 1]));
    let found: Vec<_> = kernel.bindings.iter().map(|b| (b.binding, b.name, b.kind, b.min_size, b.stride)).collect();
    use BindingKind::{StorageRead, StorageReadWrite, Uniform};
    assert_eq!(
        found,
        [
            (0, "settings", Uniform, 96, None),
            (1, "records", StorageReadWrite, 176, Some(176)),
            (2, "tailed", StorageRead, 80, Some(32)),
            (3, "points", StorageRead, 16, Some(16)),
            (4, "total", StorageReadWrite, 32, None),
            (5, "fixed", StorageRead, 32, None),
        ]
    );
    assert!(kernel.wgsl.contains("struct Record") && !kernel.wgsl.contains("//!include"));
    assert_eq!(scenec_translator_fixtures::consts::INNER_COUNT, 3);
    // WORDS differs between kernels, so it is each kernel's own.
    assert_eq!(kernels::packing::consts::WORDS, 24);
}
