//! Values that change along keys: what a curve is worth between two of them.

use scenec_ir::{Dimension, Value};

/// The way from one key to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    /// At one speed.
    Linear,
    /// The value of the key before stays until this key.
    Hold,
    /// Through the keys without a corner: a monotone cubic, which never goes beyond its keys.
    Smooth,
    /// Timing by a cubic Bézier curve from (0, 0) to (1, 1) with these inner control points, `x` within 0..1.
    Bezier([f64; 4]),
}

impl Way {
    /// Every name with what it means. `in`, `out` and `in_out` are those of CSS Easing Functions Level 1.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("linear", Self::Linear),
        ("in", Self::Bezier([0.42, 0.0, 1.0, 1.0])),
        ("out", Self::Bezier([0.0, 0.0, 0.58, 1.0])),
        ("in_out", Self::Bezier([0.42, 0.0, 0.58, 1.0])),
        ("smooth", Self::Smooth),
        ("hold", Self::Hold),
    ];
}

/// Names of the ways from key to key, as they are written behind `ease`.
pub fn ways() -> impl Iterator<Item = &'static str> {
    Way::NAMES.into_iter().map(|(name, _)| name)
}

/// A key: where, what, and the way there from the key before.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Where.
    pub at: f64,
    /// What.
    pub value: Value,
    /// How.
    pub way: Way,
}

/// The value at `at`. Before the first key and behind the last it stays. `keys` ascend strictly.
pub fn sample(keys: &[Sample], at: f64) -> Option<Value> {
    let behind = keys.partition_point(|k| k.at <= at);
    let (Some(last), Some(next)) = (behind.checked_sub(1), keys.get(behind)) else {
        return keys.get(behind.saturating_sub(1)).map(|k| k.value.clone());
    };
    let before = &keys[last];
    let (Some((a, form)), Some((b, _))) = (numbers(&before.value), numbers(&next.value)) else {
        return Some(before.value.clone());
    };
    let span = next.at - before.at;
    let u = (at - before.at) / span;
    let mixed = match next.way {
        Way::Hold => return Some(before.value.clone()),
        Way::Linear => mix(&a, &b, u),
        Way::Bezier(points) => mix(&a, &b, bezier(points, u)),
        Way::Smooth => {
            let numbers = |i: usize| keys.get(i).and_then(|k| Some((k.at, numbers(&k.value)?.0)));
            let points =
                [last.checked_sub(1).and_then(numbers), Some((before.at, a)), Some((next.at, b)), numbers(behind + 1)];
            smooth(&points, span, u)
        }
    };
    Some(form.value(&mixed))
}

/// What numbers are put together to.
enum Form {
    Number(Dimension),
    Two(Dimension),
    Three(Dimension),
    Color,
}

impl Form {
    fn value(&self, v: &[f64]) -> Value {
        let at = |i: usize| v.get(i).copied().unwrap_or_default() + 0.0;
        match self {
            Self::Number(d) => Value::Quantity(at(0), *d),
            Self::Two(d) => Value::Vec2([at(0), at(1)], *d),
            Self::Three(d) => Value::Vec3([at(0), at(1), at(2)], *d),
            Self::Color => Value::Color([at(0) as f32, at(1) as f32, at(2) as f32]),
        }
    }
}

fn numbers(value: &Value) -> Option<(Vec<f64>, Form)> {
    match value {
        Value::Quantity(v, d) => Some((vec![*v], Form::Number(*d))),
        Value::Vec2(v, d) => Some((v.to_vec(), Form::Two(*d))),
        Value::Vec3(v, d) => Some((v.to_vec(), Form::Three(*d))),
        Value::Color(c) => Some((c.map(f64::from).to_vec(), Form::Color)),
        _ => None,
    }
}

fn mix(a: &[f64], b: &[f64], u: f64) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a * (1.0 - u) + b * u).collect()
}

/// `y` of the curve where its `x` is `u`. `x` rises with the parameter, so halving finds it; 53 halves are a double.
fn bezier([x1, y1, x2, y2]: [f64; 4], u: f64) -> f64 {
    let at = |p1: f64, p2: f64, s: f64| {
        let r = 1.0 - s;
        3.0 * r * r * s * p1 + 3.0 * r * s * s * p2 + s * s * s
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..53 {
        let middle = 0.5 * (low + high);
        if at(x1, x2, middle) < u { low = middle } else { high = middle }
    }
    at(y1, y2, 0.5 * (low + high))
}

/// A key of a smooth curve: where, and its numbers.
type Knot = Option<(f64, Vec<f64>)>;

/// Cubic Hermite interpolation between the middle two of four keys, with the slopes of Fritsch and Butland, "A Method
/// for Constructing Local Monotone Piecewise Cubic Interpolants", SIAM J. Sci. Stat. Comput. 5 (1984). At an end of the
/// curve it starts or comes to rest.
fn smooth([before, a, b, behind]: &[Knot; 4], span: f64, u: f64) -> Vec<f64> {
    let (Some((ta, a)), Some((tb, b))) = (a, b) else { return Vec::new() };
    let slope = |left: Option<(f64, f64)>, right: Option<(f64, f64)>| match (left, right) {
        (Some((h0, d0)), Some((h1, d1))) if d0 * d1 > 0.0 => {
            let (w0, w1) = (2.0 * h1 + h0, h1 + 2.0 * h0);
            (w0 + w1) / (w0 / d0 + w1 / d1)
        }
        _ => 0.0,
    };
    let chord = |from: (f64, f64), to: (f64, f64)| (to.0 - from.0, (to.1 - from.1) / (to.0 - from.0));
    let (u2, u3) = (u * u, u * u * u);
    (0..a.len())
        .map(|i| {
            let number = |knot: &Knot| knot.as_ref().and_then(|(t, v)| Some((*t, *v.get(i)?)));
            let (at_a, at_b) = ((*ta, a[i]), (*tb, b[i]));
            let here = Some(chord(at_a, at_b));
            let m0 = slope(number(before).map(|k| chord(k, at_a)), here);
            let m1 = slope(here, number(behind).map(|k| chord(at_b, k)));
            (2.0 * u3 - 3.0 * u2 + 1.0) * a[i]
                + (u3 - 2.0 * u2 + u) * span * m0
                + (3.0 * u2 - 2.0 * u3) * b[i]
                + (u3 - u2) * span * m1
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(at: f64, value: f64, way: Way) -> Sample {
        Sample { at, value: Value::Quantity(value, Dimension::LENGTH), way }
    }

    fn at(keys: &[Sample], t: f64) -> f64 {
        sample(keys, t).and_then(|v| v.as_f64()).expect("a number")
    }

    #[test]
    fn it_stays_outside_of_its_keys() {
        let keys = [key(1.0, 4.0, Way::Linear), key(3.0, 8.0, Way::Linear)];
        for (t, wanted) in [(-9.0, 4.0), (1.0, 4.0), (2.0, 6.0), (2.5, 7.0), (3.0, 8.0), (99.0, 8.0)] {
            assert_eq!(at(&keys, t), wanted, "at {t}");
        }
    }

    #[test]
    fn it_goes_through_its_keys_whatever_the_way() {
        for (name, way) in Way::NAMES {
            let keys = [key(0.0, 1.0, way), key(2.0, 5.0, way), key(3.0, -1.0, way)];
            for k in &keys {
                assert_eq!(at(&keys, k.at), k.value.as_f64().expect("a number"), "{name} at {}", k.at);
            }
        }
    }

    #[test]
    fn what_holds_changes_at_its_key() {
        let keys = [key(0.0, 1.0, Way::Linear), key(2.0, 5.0, Way::Hold)];
        assert_eq!((at(&keys, 1.999), at(&keys, 2.0)), (1.0, 5.0));
        let words = ["rain", "gala"].map(|m| Value::Member(m.into()));
        let [rain, gala] = words.clone();
        let keys = [Sample { at: 0.0, value: rain, way: Way::Hold }, Sample { at: 1.0, value: gala, way: Way::Hold }];
        assert_eq!([0.5, 1.0].map(|t| sample(&keys, t)), words.map(Some));
    }

    /// Half-way through a symmetric curve is half the way, and CSS gives 0.3153 for `ease-in` at a half.
    #[test]
    fn timing_is_that_of_css() {
        let eased = |name: &str, u: f64| {
            let way = Way::NAMES.iter().find(|(n, _)| *n == name).expect("a way").1;
            at(&[key(0.0, 0.0, way), key(1.0, 1.0, way)], u)
        };
        assert!((eased("in_out", 0.5) - 0.5).abs() < 1e-12);
        assert!((eased("in", 0.5) - 0.315_357).abs() < 1e-6, "{}", eased("in", 0.5));
        assert!((eased("in", 0.3) + eased("out", 0.7) - 1.0).abs() < 1e-12, "one is the other turned round");
        let straight = [key(0.0, 0.0, Way::Linear), key(1.0, 1.0, Way::Bezier([0.2, 0.2, 0.7, 0.7]))];
        for u in [0.1, 0.37, 0.9] {
            assert!((at(&straight, u) - u).abs() < 1e-12, "control points on the diagonal are no easing");
        }
    }

    /// Never beyond its keys, at rest at both ends, and without a corner at the key between.
    #[test]
    fn smooth_is_monotone_and_has_no_corner() {
        let way = Way::Smooth;
        let keys = [key(0.0, 0.0, way), key(1.0, 0.1, way), key(1.5, 4.0, way), key(4.0, 4.0, way)];
        let mut last = 0.0;
        for i in 0..=4000 {
            let v = at(&keys, f64::from(i) / 1000.0);
            assert!((last - 1e-12..=4.0).contains(&v), "{v} after {last}");
            last = v;
        }
        let slope = |t: f64| (at(&keys, t + 1e-6) - at(&keys, t - 1e-6)) / 2e-6;
        let side = |t: f64, h: f64| (at(&keys, t + h) - at(&keys, t)) / h;
        assert!((side(1.0, 1e-6) - side(1.0, -1e-6)).abs() < 1e-3 * slope(1.0), "a corner");
        assert!(slope(1.0) > 0.1 && side(0.0, 1e-6).abs() < 1e-5);
        // A line stays a line in its middle.
        let line = [0.0, 1.0, 2.0, 3.0].map(|t| key(t, 2.0 * t, way));
        assert!((at(&line, 1.3) - 2.6).abs() < 1e-12);
    }

    #[test]
    fn vectors_and_colours_go_number_by_number() {
        let keys = [
            Sample { at: 0.0, value: Value::Vec3([0.0, 1.0, 2.0], Dimension::LENGTH), way: Way::Linear },
            Sample { at: 2.0, value: Value::Vec3([4.0, 1.0, 0.0], Dimension::LENGTH), way: Way::Linear },
        ];
        assert_eq!(sample(&keys, 1.0), Some(Value::Vec3([2.0, 1.0, 1.0], Dimension::LENGTH)));
        let keys = [[0.0; 3], [1.0, 0.5, 0.0]].into_iter().zip([0.0, 1.0]).map(|(c, at)| Sample {
            at,
            value: Value::Color(c),
            way: Way::Linear,
        });
        assert_eq!(sample(&keys.collect::<Vec<_>>(), 0.5), Some(Value::Color([0.5, 0.25, 0.0])));
    }
}
