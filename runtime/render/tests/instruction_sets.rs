//! The acceleration structure against itself on another instruction set.

mod bvh_support;

use bvh_support::{bits, cases, keep, rays};
use scenec_harness::{Outcome, Skip};
use scenec_render::bvh::InstructionSet;

fn instruction_sets_agree_to_the_bit() -> Outcome {
    if InstructionSet::detect() == InstructionSet::Portable {
        return Err(Skip::new("this machine has one instruction set only"));
    }
    for case in cases() {
        let (native, portable) = (case.build(), case.build().into_portable());
        assert_eq!(portable.instruction_set(), InstructionSet::Portable);
        let avx2 = case.build().limited_to(InstructionSet::Avx2);
        for ray in rays(&case, 8000, 22) {
            let b = portable.closest(&ray, keep);
            for bvh in [&native, &avx2] {
                let a = bvh.closest(&ray, keep);
                assert_eq!(bits(&a), bits(&b), "{}: {ray:?} gives {a:?} and {b:?}", case.name);
                assert_eq!(bvh.occluded(&ray, keep), portable.occluded(&ray, keep), "{}: {ray:?}", case.name);
            }
        }
    }
    Ok(())
}

scenec_harness::tests![instruction_sets_agree_to_the_bit];
