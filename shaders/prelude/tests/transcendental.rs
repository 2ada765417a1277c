//! Our polynomials against the platform's f64 library, which is exact enough to judge an f32.

use scenec_prelude::transcendental as t;

/// Units in the last place between two floats of one sign; NaN equals NaN.
fn ulps(a: f32, b: f32) -> u32 {
    if a == b || (a.is_nan() && b.is_nan()) {
        return 0;
    }
    let order = |x: f32| {
        let b = x.to_bits() as i32;
        if b < 0 { i32::MIN.wrapping_sub(b) } else { b }
    };
    order(a).abs_diff(order(b))
}

/// Every 4099th f32 (a prime, so that mantissas of all kinds come up) that lies in the range.
fn floats(low: f32, high: f32) -> impl Iterator<Item = f32> {
    (0..=u32::MAX).step_by(4099).map(f32::from_bits).filter(move |x| (low..=high).contains(x))
}

fn check(name: &str, range: (f32, f32), limit: u32, ours: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64) {
    let mut worst = (0, 0.0);
    for x in floats(range.0, range.1) {
        let distance = ulps(ours(x), exact(x as f64) as f32);
        if distance > worst.0 {
            worst = (distance, x);
        }
    }
    assert!(worst.0 <= limit, "{name}({:?}) is {} ulps off: {:?}", worst.1, worst.0, ours(worst.1));
}

#[test]
fn functions_are_within_one_ulp() {
    check("sin", (-1e5, 1e5), 1, t::sin, f64::sin);
    check("cos", (-1e5, 1e5), 1, t::cos, f64::cos);
    check("tan", (-1e4, 1e4), 1, t::tan, f64::tan);
    check("asin", (-1.0, 1.0), 1, t::asin, f64::asin);
    check("acos", (-1.0, 1.0), 1, t::acos, f64::acos);
    check("atan", (f32::MIN, f32::MAX), 1, t::atan, f64::atan);
    check("sinh", (-88.0, 88.0), 1, t::sinh, f64::sinh);
    check("cosh", (-88.0, 88.0), 1, t::cosh, f64::cosh);
    check("tanh", (f32::MIN, f32::MAX), 1, t::tanh, f64::tanh);
    check("asinh", (f32::MIN, f32::MAX), 1, t::asinh, f64::asinh);
    check("acosh", (1.0, f32::MAX), 1, t::acosh, |x| {
        if x < 1.0001 { (2.0 * (x - 1.0)).sqrt() * (1.0 - (x - 1.0) / 12.0) } else { x.acosh() }
    });
    check("atanh", (-1.0, 1.0), 1, t::atanh, f64::atanh);
    check("exp", (-200.0, 200.0), 1, t::exp, f64::exp);
    check("exp2", (-200.0, 200.0), 1, t::exp2, f64::exp2);
    check("log", (0.0, f32::MAX), 1, t::log, f64::ln);
    check("log2", (0.0, f32::MAX), 1, t::log2, f64::log2);
    for y in [-3.5f32, -1.0, 0.3, 2.2, 5.0] {
        check("pow", (0.0, 1e6), 1, |x| t::pow(x, y), |x| x.powf(y as f64));
    }
    for y in [-7.0f32, -0.1, 0.0, 1e-3, 2.5] {
        check("atan2", (-1e6, 1e6), 1, |x| t::atan2(y, x), |x| (y as f64).atan2(x));
    }
}

#[test]
fn special_values() {
    use std::f32::consts::{FRAC_PI_2, FRAC_PI_4, PI};
    let (inf, nan) = (f32::INFINITY, f32::NAN);
    let cases: &[(&str, f32, f32)] = &[
        ("exp(-inf)", t::exp(-inf), 0.0),
        ("exp(inf)", t::exp(inf), inf),
        ("exp(0)", t::exp(0.0), 1.0),
        ("exp2(10)", t::exp2(10.0), 1024.0),
        ("exp2(-149)", t::exp2(-149.0), 1e-45),
        ("log(0)", t::log(0.0), -inf),
        ("log(-1)", t::log(-1.0), nan),
        ("log(inf)", t::log(inf), inf),
        ("log2(8)", t::log2(8.0), 3.0),
        ("log2(1e-45)", t::log2(1e-45), -149.0),
        ("pow(0, 2)", t::pow(0.0, 2.0), 0.0),
        ("pow(0, -1)", t::pow(0.0, -1.0), inf),
        ("pow(-1, 2)", t::pow(-1.0, 2.0), nan),
        ("pow(x, 0)", t::pow(5.0, 0.0), 1.0),
        ("pow(2, 0.5)", t::pow(2.0, 0.5), std::f32::consts::SQRT_2),
        ("sin(inf)", t::sin(inf), nan),
        ("atan(inf)", t::atan(inf), FRAC_PI_2),
        ("atan(-inf)", t::atan(-inf), -FRAC_PI_2),
        ("atan2(0, -1)", t::atan2(0.0, -1.0), PI),
        ("atan2(-0, -1)", t::atan2(-0.0, -1.0), -PI),
        ("atan2(0, 0)", t::atan2(0.0, 0.0), 0.0),
        ("atan2(1, 0)", t::atan2(1.0, 0.0), FRAC_PI_2),
        ("atan2(inf, inf)", t::atan2(inf, inf), FRAC_PI_4),
        ("asin(2)", t::asin(2.0), nan),
        ("asin(1)", t::asin(1.0), FRAC_PI_2),
        ("acos(-1)", t::acos(-1.0), PI),
        ("acos(1.5)", t::acos(1.5), nan),
        ("acosh(0.5)", t::acosh(0.5), nan),
        ("atanh(1)", t::atanh(1.0), inf),
        ("tanh(inf)", t::tanh(inf), 1.0),
        ("sinh(-inf)", t::sinh(-inf), -inf),
        ("asinh(-inf)", t::asinh(-inf), -inf),
        ("log(NaN)", t::log(nan), nan),
        ("exp(NaN)", t::exp(nan), nan),
        ("tanh(NaN)", t::tanh(nan), nan),
        ("atan2(NaN, 1)", t::atan2(nan, 1.0), nan),
    ];
    for (name, found, wanted) in cases {
        assert!(found == wanted || (found.is_nan() && wanted.is_nan()), "{name} = {found}, not {wanted}");
    }
    for odd in [t::sin, t::tan, t::asin, t::atan, t::sinh, t::tanh, t::asinh, t::atanh] {
        assert!(odd(-0.0) == 0.0 && odd(-0.0).is_sign_negative());
    }
}
