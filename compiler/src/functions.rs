//! Pure functions of the language whose value is more than a line of arithmetic: curves in space, noise, colours.
//!
//! Transcendental functions come from the `libm` crate: the same bits on every machine.

use scenec_ir::{Dimension, Value, black_body, srgb};

use crate::ops::Function;

/// The value of a call, or `None` for functions that are not of this file.
pub fn value(function: Function, args: &[Value]) -> Option<Result<Value, String>> {
    use Function as F;
    let ratio = |v: f64| finite(v, Dimension::RATIO);
    let angle = |v: f64| finite(v, Dimension::ANGLE);
    let number = |i: usize| args.get(i).and_then(Value::as_f64);
    let [first, second] = [0, 1].map(|i| args.get(i));
    Some(match (function, first?) {
        (F::Acos | F::Asin, _) => match number(0)? {
            x if !(-1.0..=1.0).contains(&x) => {
                Err("only numbers from -1 to 1 are the sine or cosine of an angle".into())
            }
            x if function == F::Acos => angle(libm::acos(x)),
            x => angle(libm::asin(x)),
        },
        (F::Atan2, _) => angle(libm::atan2(number(0)?, number(1)?)),
        (F::Exp, _) => ratio(libm::exp(number(0)?)),
        (F::Log, _) => match number(0)? {
            x if x <= 0.0 => Err("only numbers above 0 have a logarithm".into()),
            x => ratio(libm::log(x)),
        },
        (F::Mod, a) => {
            let (x, y) = (number(0)?, number(1)?);
            match (a, second?) {
                _ if y == 0.0 => Err("division by zero".into()),
                (Value::Int(a), Value::Int(b)) => match a.checked_rem_euclid(*b) {
                    // The sign is that of the divisor.
                    Some(0) => Ok(Value::Int(0)),
                    Some(rest) => Ok(Value::Int(if *b < 0 { rest + b } else { rest })),
                    None => Err("the whole number is too large".into()),
                },
                (Value::Quantity(_, d), _) | (_, Value::Quantity(_, d)) => finite(x - y * (x / y).floor(), *d),
                _ => return None,
            }
        }
        (F::Length, v) => {
            let (v, d) = vector(v)?;
            finite(norm(&v), d)
        }
        (F::Normalize, v) => {
            let (v, _) = vector(v)?;
            let length = norm(&v);
            match length > 0.0 {
                true => Ok(tuple(&v.iter().map(|x| x / length).collect::<Vec<_>>(), Dimension::RATIO)),
                false => Err("a vector without length has no direction".into()),
            }
        }
        (F::Dot, a) => {
            let ((a, d), (b, e)) = (vector(a)?, vector(second?)?);
            finite(a.iter().zip(&b).map(|(x, y)| x * y).sum(), d.times(e)?)
        }
        (F::Cross, Value::Vec3(a, d)) => {
            let Value::Vec3(b, e) = second? else { return None };
            let axis = |i: usize, j: usize| a[i] * b[j] - a[j] * b[i] + 0.0;
            let v = [axis(1, 2), axis(2, 0), axis(0, 1)];
            match v.iter().all(|x| x.is_finite()) {
                true => Ok(Value::Vec3(v, d.times(*e)?)),
                false => Err("the result is not a finite number".into()),
            }
        }
        (F::Along | F::Heading, Value::List(points)) => {
            let points: Option<Vec<[f64; 3]>> = points.iter().map(point).collect();
            match (Path::new(&points?), function) {
                (Err(reason), _) => Err(reason),
                (Ok(path), F::Along) => Ok(Value::Vec3(path.at(number(1)?).0, Dimension::LENGTH)),
                (Ok(path), _) => Ok(Value::Vec3(path.at(number(1)?).1, Dimension::RATIO)),
            }
        }
        (F::Random, Value::Text(seed)) => match second? {
            Value::Int(index) => ratio(random(seed, *index)),
            _ => return None,
        },
        (F::Noise, _) => match second? {
            Value::Text(seed) => ratio(noise(number(0)?, seed)?),
            _ => return None,
        },
        (F::Kelvin, _) => Ok(Value::Color(black_body::linear_rec709(number(0)?))),
        (F::Srgb, _) => color([number(0)?, number(1)?, number(2)?].map(srgb::decode)),
        (F::Hsv, _) => {
            let (s, v) = (number(1)?, number(2)?);
            // Smith, "Color Gamut Transform Pairs", SIGGRAPH 1978.
            let sixth = (number(0)? / std::f64::consts::FRAC_PI_3).rem_euclid(6.0);
            let channel = |n: f64| {
                let k = (n + sixth).rem_euclid(6.0);
                srgb::decode(v - v * s * k.min(4.0 - k).clamp(0.0, 1.0))
            };
            color([channel(5.0), channel(3.0), channel(1.0)])
        }
        _ => return None,
    })
}

fn finite(value: f64, dimension: Dimension) -> Result<Value, String> {
    match value.is_finite() {
        true => Ok(Value::Quantity(value + 0.0, dimension)),
        false => Err("the result is not a finite number".into()),
    }
}

fn color(channels: [f64; 3]) -> Result<Value, String> {
    match channels.iter().all(|c| c.is_finite()) {
        true => Ok(Value::Color(channels.map(|c| c as f32))),
        false => Err("the result is not a finite colour".into()),
    }
}

fn vector(value: &Value) -> Option<(Vec<f64>, Dimension)> {
    match value {
        Value::Vec2(v, d) => Some((v.to_vec(), *d)),
        Value::Vec3(v, d) => Some((v.to_vec(), *d)),
        _ => None,
    }
}

fn tuple(v: &[f64], d: Dimension) -> Value {
    match *v {
        [x, y] => Value::Vec2([x, y], d),
        _ => Value::Vec3([0, 1, 2].map(|i| v.get(i).copied().unwrap_or_default()), d),
    }
}

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn point(value: &Value) -> Option<[f64; 3]> {
    match value {
        Value::Vec3(v, _) => Some(*v),
        _ => None,
    }
}

/// A number within 0..1 that is a pure function of its key: FNV-1a of the text, then the finaliser of SplitMix64 (Steele et
/// al., "Fast Splittable Pseudorandom Number Generators", 2014) with the index as its counter.
fn random(seed: &str, index: i64) -> f64 {
    let key = seed.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    (split_mix(key, index) >> 11) as f64 / (1_u64 << 53) as f64
}

fn split_mix(key: u64, index: i64) -> u64 {
    let mut z = key.wrapping_add((index as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Gradient noise along a line, within -1..1, 0 at whole numbers (Perlin, "Improving Noise", 2002, in one dimension).
fn noise(x: f64, seed: &str) -> Option<f64> {
    let cell = x.floor();
    if cell.abs() > 9e15 {
        return None;
    }
    let u = x - cell;
    let slope = |i: i64| 2.0 * random(seed, i) - 1.0;
    let (a, b) = (slope(cell as i64) * u, slope(cell as i64 + 1) * (u - 1.0));
    let fade = u * u * u * (u * (u * 6.0 - 15.0) + 10.0);
    Some(2.0 * (a + (b - a) * fade))
}

/// Pieces of chords that the length of a path is measured by, for each of its spans.
const PIECES: usize = 64;
/// Points of one path.
const MOST_POINTS: usize = 10_000;

/// A smooth path through points: a centripetal Catmull-Rom spline (Yuksel et al., "Parameterization and Applications of
/// Catmull-Rom Curves", 2011), by its length. It is closed when it ends where it begins.
struct Path {
    points: Vec<[f64; 3]>,
    closed: bool,
    /// Length up to each piece.
    lengths: Vec<f64>,
}

impl Path {
    fn new(points: &[[f64; 3]]) -> Result<Self, String> {
        let mut distinct: Vec<[f64; 3]> = Vec::new();
        for point in points {
            if distinct.last() != Some(point) {
                distinct.push(*point);
            }
        }
        if distinct.len() < 2 {
            return Err("a path goes through at least two different points".into());
        }
        if distinct.len() > MOST_POINTS {
            return Err(format!("a path goes through at most {MOST_POINTS} points"));
        }
        let closed = distinct.len() > 3 && distinct.first() == distinct.last();
        let mut path = Self { points: distinct, closed, lengths: vec![0.0] };
        let mut length = 0.0;
        let mut last = path.points[0];
        for span in 0..path.points.len() - 1 {
            for piece in 1..=PIECES {
                let next = path.on(span, piece as f64 / PIECES as f64);
                length += norm(&sub(next, last));
                path.lengths.push(length);
                last = next;
            }
        }
        match length.is_finite() {
            true => Ok(path),
            false => Err("the path is too long".into()),
        }
    }

    /// Point and unit direction at a part of the length, 0..1; beyond, those of the ends.
    fn at(&self, part: f64) -> ([f64; 3], [f64; 3]) {
        let whole = self.lengths.last().copied().unwrap_or_default();
        let wanted = part.clamp(0.0, 1.0) * whole;
        let piece = self.lengths.partition_point(|l| *l <= wanted).clamp(1, self.lengths.len() - 1);
        let (a, b) = (self.lengths[piece - 1], self.lengths[piece]);
        let within = if b > a { (wanted - a) / (b - a) } else { 0.0 };
        let parameter = (piece - 1) as f64 + within;
        let span = ((piece - 1) / PIECES).min(self.points.len() - 2);
        let u = (parameter / PIECES as f64 - span as f64).clamp(0.0, 1.0);
        let h = 1e-4;
        let (before, behind) = (self.on(span, (u - h).max(0.0)), self.on(span, (u + h).min(1.0)));
        let chord = sub(behind, before);
        let length = norm(&chord);
        let direction = if length > 0.0 { chord.map(|x| x / length + 0.0) } else { [0.0, 0.0, 1.0] };
        (self.on(span, u).map(|x| x + 0.0), direction)
    }

    /// The knot of a number, which may lie one beyond the ends.
    fn knot(&self, i: isize) -> [f64; 3] {
        let n = self.points.len() as isize;
        let at = |i: isize| self.points[i as usize];
        match (i, self.closed) {
            (i, _) if (0..n).contains(&i) => at(i),
            (i, true) => at(if i < 0 { n - 2 } else { 1 }),
            // Mirrored, so that the path begins and ends straight.
            (i, false) => {
                let (end, inner) = if i < 0 { (at(0), at(1)) } else { (at(n - 1), at(n - 2)) };
                [0, 1, 2].map(|k| 2.0 * end[k] - inner[k])
            }
        }
    }

    /// Barry and Goldman's pyramid of the four knots around a span.
    fn on(&self, span: usize, u: f64) -> [f64; 3] {
        let span = span as isize;
        let p = [-1, 0, 1, 2].map(|k| self.knot(span + k));
        let mut t = [0.0; 4];
        for i in 1..4 {
            t[i] = t[i - 1] + norm(&sub(p[i], p[i - 1])).sqrt().max(1e-12);
        }
        let x = t[1] + (t[2] - t[1]) * u;
        let mix = |a: [f64; 3], b: [f64; 3], ta: f64, tb: f64| {
            let w = (x - ta) / (tb - ta);
            [0, 1, 2].map(|k| a[k] * (1.0 - w) + b[k] * w)
        };
        let a = [0, 1, 2].map(|i| mix(p[i], p[i + 1], t[i], t[i + 1]));
        let b = [0, 1].map(|i| mix(a[i], a[i + 1], t[i], t[i + 2]));
        mix(b[0], b[1], t[1], t[2])
    }
}

fn sub(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [0, 1, 2].map(|i| a[i] - b[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: [f64; 3], b: [f64; 3], by: f64) -> bool {
        norm(&sub(a, b)) < by
    }

    #[test]
    fn a_straight_path_is_even() {
        let path = Path::new(&[[0.0; 3], [1.0, 0.0, 0.0], [4.0, 0.0, 0.0]]).expect("a path");
        for part in [0.0, 0.1, 0.25, 0.5, 0.9, 1.0] {
            let (at, heading) = path.at(part);
            assert!(near(at, [4.0 * part, 0.0, 0.0], 2e-3), "{part}: {at:?}");
            assert!(near(heading, [1.0, 0.0, 0.0], 1e-9), "{part}: {heading:?}");
        }
        assert_eq!((path.at(-3.0).0, path.at(7.0).0), ([0.0; 3], [4.0, 0.0, 0.0]));
    }

    /// Through its points, at one speed, and round a circle without a corner where it closes.
    #[test]
    fn a_closed_path_goes_round() {
        let n = 16;
        let ring: Vec<[f64; 3]> = (0..=n)
            .map(|i| {
                let a = std::f64::consts::TAU * f64::from(i % n) / f64::from(n);
                [a.cos(), 0.0, a.sin()]
            })
            .collect();
        let path = Path::new(&ring).expect("a path");
        assert!(path.closed);
        for (i, point) in ring.iter().enumerate() {
            assert!(near(path.at(i as f64 / f64::from(n)).0, *point, 1e-3), "point {i}");
        }
        let (mut last, mut speeds) = (path.at(0.0).0, Vec::new());
        for i in 1..=1000 {
            let (at, heading) = path.at(f64::from(i) / 1000.0);
            assert!((norm(&at) - 1.0).abs() < 1e-3, "{at:?} is on the circle");
            let radial = at[0] * heading[0] + at[2] * heading[2];
            assert!(radial.abs() < 0.02, "the heading is a tangent, {radial}");
            speeds.push(norm(&sub(at, last)));
            last = at;
        }
        let (least, most) = speeds.iter().fold((f64::MAX, 0.0_f64), |(l, m), s| (l.min(*s), m.max(*s)));
        assert!(most / least < 1.01, "one speed: {least} to {most}");
        assert!(near(path.at(0.0).1, path.at(1.0).1, 1e-3), "no corner where it closes");
    }

    #[test]
    fn paths_that_are_none() {
        for points in [&[][..], &[[1.0; 3]], &[[1.0; 3], [1.0; 3]]] {
            assert!(Path::new(points).is_err());
        }
        assert!(Path::new(&[[f64::MAX; 3], [-f64::MAX; 3]]).is_err());
    }

    #[test]
    fn random_numbers_are_even_and_fixed() {
        let n = 20_000;
        let (mut sum, mut pairs, mut bins) = (0.0, 0.0, [0u32; 20]);
        for i in 0..n {
            let x = random("wind", i);
            assert!((0.0..1.0).contains(&x));
            sum += x;
            pairs += (x - 0.5) * (random("wind", i + 1) - 0.5);
            bins[(x * 20.0) as usize] += 1;
        }
        let mean = sum / n as f64;
        assert!((mean - 0.5).abs() < 0.008, "four sigma of the mean: {mean}");
        assert!((pairs / n as f64).abs() < 4.0 / 12.0 / (n as f64).sqrt(), "neighbours do not know each other");
        let chi: f64 = bins.iter().map(|b| (f64::from(*b) - 1000.0).powi(2) / 1000.0).sum();
        assert!(chi < 43.8, "chi-square of 19 degrees at 0.1 %: {chi}");
        assert_ne!(random("wind", 3), random("wave", 3));
        // Pictures are made of these.
        assert_eq!(random("wind", 3).to_bits(), 0x3fb3_2c6f_ed7e_e2c0);
        // The published generator's first numbers from this seed.
        assert_eq!([0, 1].map(|i| split_mix(1_234_567, i)), [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn noise_is_smooth_and_bounded() {
        let mut greatest: f64 = 0.0;
        for i in 0..20_000 {
            let x = f64::from(i) * 0.013 - 40.0;
            let v = noise(x, "a").expect("a number");
            let step = (noise(x + 1e-6, "a").expect("a number") - v).abs();
            assert!(step < 1e-5, "no jump at {x}");
            greatest = greatest.max(v.abs());
        }
        assert!(greatest > 0.5 && greatest <= 1.0, "{greatest}");
        assert_eq!([-3.0, 0.0, 7.0].map(|x| noise(x, "a")), [Some(0.0); 3]);
    }

    #[test]
    fn colours_of_hues() {
        let hsv = |h: f64, s: f64, v: f64| {
            let args = [
                Value::Quantity(h.to_radians(), Dimension::ANGLE),
                Value::Quantity(s, Dimension::RATIO),
                Value::Quantity(v, Dimension::RATIO),
            ];
            value(Function::Hsv, &args).expect("a function").expect("a colour")
        };
        for (h, s, v, bytes) in [
            (0.0, 1.0, 1.0, [255, 0, 0]),
            (120.0, 1.0, 1.0, [0, 255, 0]),
            (-120.0, 1.0, 1.0, [0, 0, 255]),
            (60.0, 1.0, 1.0, [255, 255, 0]),
            (200.0, 0.0, 1.0, [255, 255, 255]),
            (77.0, 0.3, 0.0, [0, 0, 0]),
        ] {
            let (Value::Color(have), want) = (hsv(h, s, v), srgb::decode_bytes(bytes)) else { panic!("no colour") };
            assert!(have.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-6), "{h} {s} {v}: {have:?}");
        }
    }
}
