//! What the functions of the language mean. A function without a page does not compile.

use super::Entry;
use crate::ops::{FUNCTIONS, Function};

/// Every function, by name.
pub fn functions() -> Vec<Entry> {
    FUNCTIONS
        .iter()
        .map(|(name, function, form)| {
            let (doc, examples) = page(*function);
            Entry { name, form, doc, examples }
        })
        .collect()
}

type Examples = &'static [(&'static str, &'static str)];

fn page(function: Function) -> (&'static str, Examples) {
    use Function as F;
    match function {
        F::Abs => ("The number without its sign, with its unit.", &[("abs(-4m)", "4m"), ("abs(-3)", "3")]),
        F::Acos => {
            ("The angle, 0deg to 180deg, of which `x` is the cosine. `x` is -1 to 1.", &[("acos(0.5)", "60deg")])
        }
        F::Along => (
            "The point at a part of the length of a smooth path through points (a centripetal Catmull-Rom spline). At equal steps of \
             `part` the steps on the path are equal. Outside of 0..1 it is the first or the last point. A path that ends at its first \
             point is closed, and has no corner there.",
            &[("along([(0m, 0m, 0m), (4m, 0m, 0m)], 0.25)", "(1m, 0m, 0m)")],
        ),
        F::Asin => ("The angle, -90deg to 90deg, of which `x` is the sine. `x` is -1 to 1.", &[("asin(1)", "90deg")]),
        F::Atan2 => (
            "The angle, -180deg to 180deg, of the direction with these two components. Both have the same unit.",
            &[("atan2(1m, 1m)", "45deg"), ("atan2(0, -1)", "180deg")],
        ),
        F::Ceil => ("The next whole number at or above `x`.", &[("ceil(2.1)", "3"), ("ceil(-2.1)", "-2")]),
        F::Clamp => (
            "`x`, or the limit that it is beyond. All three have the same unit.",
            &[("clamp(7m, 0m, 5m)", "5m"), ("clamp(2, 0, 5)", "2")],
        ),
        F::Cos => ("The cosine of an angle.", &[("cos(60deg)", "0.5")]),
        F::Count => ("How many items a list has.", &[("count([1m, 2m, 4m])", "3")]),
        F::Cross => (
            "The vector at right angles to both, by the right-hand rule; its length is the area that they span.",
            &[("cross((1, 0, 0), (0, 1, 0))", "(0, 0, 1)")],
        ),
        F::Dot => (
            "The sum of the products of the components of two vectors. Units multiply.",
            &[("dot((1m, 2m), (3m, 4m))", "11m^2")],
        ),
        F::Exp => ("e to the power of `x`.", &[("exp(1)", "2.718281828459045")]),
        F::Floor => ("The next whole number at or below `x`.", &[("floor(2.9)", "2"), ("floor(-2.1)", "-3")]),
        F::Heading => (
            "The direction, of length 1, in which the path of `along` goes on at a part of its length.",
            &[("heading([(0m, 0m, 0m), (4m, 0m, 0m)], 0.5)", "(1, 0, 0)")],
        ),
        F::Hsv => (
            "A colour by hue, saturation and value; the three make display values (sRGB), which are then made linear. Red is 0deg, green 120deg, \
             blue 240deg.",
            &[("hsv(120deg, 1, 1)", "#00ff00")],
        ),
        F::Kelvin => (
            "The colour of a black body of this temperature, with luminance 1: 2900K is a light bulb, 6500K daylight. Some channels may be \
             beyond 1.",
            &[("kelvin(6500K)", "rgb(1.0428, 0.98376, 1.03483)")],
        ),
        F::Length => ("The length of a vector, with its unit.", &[("length((3m, 4m))", "5m")]),
        F::Lerp => (
            "The linear mix `a * (1 - t) + b * t`, of numbers, vectors or colours. `t` may be outside of 0..1.",
            &[("lerp(1m, 3m, 0.25)", "1.5m"), ("lerp(#000000, #ffffff, 1)", "#ffffff")],
        ),
        F::Log => ("The natural logarithm of a number above 0.", &[("log(1)", "0.0")]),
        F::Max => (
            "The greater of two numbers of one unit, or the greatest of a list: `max(list)`.",
            &[("max(2m, 30cm)", "2m"), ("max([1, 7, 3])", "7")],
        ),
        F::Min => (
            "The smaller of two numbers of one unit, or the least of a list: `min(list)`.",
            &[("min(2m, 30cm)", "30cm"), ("min([1, 7, 3])", "1")],
        ),
        F::Mod => (
            "What a division by `b` leaves: it has the sign of `b`, so that it goes round without a break at 0. Both have the same unit.",
            &[("mod(7, 4)", "3"), ("mod(-1, 4)", "3"), ("mod(5.5s, 2s)", "1.5s")],
        ),
        F::Noise => (
            "A smooth random function of a number, -1 to 1 (gradient noise). It is 0 at whole numbers. Another seed gives another function.",
            &[("noise(3, \"wind\")", "0.0")],
        ),
        F::Normalize => ("The direction of a vector: length 1, no unit.", &[("normalize((3m, 4m))", "(0.6, 0.8)")]),
        F::Random => (
            "A number of 0 up to 1, evenly spread. The same seed and index give the same number in every program, on every machine.",
            &[("random(\"crates\", 7) == random(\"crates\", 7)", "true")],
        ),
        F::Rgb => (
            "A colour of linear values (Rec. 709), as light adds up. They may be beyond 1.",
            &[("rgb(1, 1, 1)", "#ffffff"), ("rgb(0.5, 0, 0).r", "0.5")],
        ),
        F::Round => ("The nearest whole number; halves go away from 0.", &[("round(2.5)", "3"), ("round(-2.5)", "-3")]),
        F::Sin => ("The sine of an angle.", &[("sin(30deg)", "0.5")]),
        F::Sqrt => (
            "The square root. The exponents of its unit are halved, so they must be even.",
            &[("sqrt(9m^2)", "3m"), ("sqrt(2.25)", "1.5")],
        ),
        F::Srgb => (
            "A colour of display values (sRGB), 0 to 1, as picture editors show them. `#ff8000` is the same in hexadecimal.",
            &[("srgb(1, 0, 0)", "#ff0000")],
        ),
        F::Sum => ("All items of a list together; the list is not empty.", &[("sum([1m, 2m, 4m])", "7m")]),
        F::Tan => ("The tangent of an angle.", &[("tan(45deg)", "1.0")]),
    }
}
