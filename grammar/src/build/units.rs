//! What was meant by a unit that the language does not have.

use scenec_ir::dimension::{UNITS, find_unit};
use scenec_ir::names;

use crate::limits;

/// What was meant.
pub(super) enum Meant {
    /// This unit: the same quantity in other letters.
    Same(&'static str),
    /// Something else, or nobody knows: what to say to it.
    Perhaps(String),
}

/// Prefixes of the SI, with their exponents of ten.
const PREFIXES: [(&str, i32); 14] = [
    ("da", 1),
    ("P", 15),
    ("T", 12),
    ("G", 9),
    ("M", 6),
    ("k", 3),
    ("h", 2),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    ("n", -9),
    ("p", -12),
    ("f", -15),
];

/// Units that take prefixes.
const PREFIXED: [&str; 13] = ["m", "g", "s", "Hz", "rad", "cd", "lm", "lx", "N", "J", "W", "K", "B"];

/// What `text` means behind a number. It is no unit of the language.
pub(super) fn meant(text: &str) -> Meant {
    if text.len() > limits::NAME_BYTES {
        return Meant::Perhaps(all());
    }
    if let Some(unit) = spelled(text) {
        return Meant::Same(unit);
    }
    if let Some(hint) = other(text) {
        return Meant::Perhaps(hint.to_owned());
    }
    // `Mm` are a thousand kilometres, not millimetres.
    for (prefix, exponent) in PREFIXES {
        let unit = text.strip_prefix(prefix).and_then(find_unit).filter(|unit| PREFIXED.contains(&unit.name));
        // Nobody divides bytes.
        let unit = unit.filter(|unit| unit.name != "B" || exponent > 2);
        if let Some(unit) = unit {
            return Meant::Perhaps(format!("it is written with an exponent: `1{text}` is `1e{exponent}{}`", unit.name));
        }
    }
    let alike: Vec<&str> = UNITS.iter().map(|u| u.name).filter(|u| u.eq_ignore_ascii_case(text)).collect();
    match (alike.as_slice(), text) {
        // Farad, henry, siemens, tesla, bit, nano: single letters mean something in both cases.
        ([unit], "w" | "j") => Meant::Same(unit),
        ([unit], _) if text.len() > 1 => Meant::Same(unit),
        ([], _) if text.len() > 1 => match names::closest(text, UNITS.iter().map(|u| u.name)) {
            Some(unit) => Meant::Perhaps(format!("did you mean `{unit}`?")),
            None => Meant::Perhaps(all()),
        },
        ([], _) => Meant::Perhaps(all()),
        (alike, _) => {
            let alike: Vec<String> = alike.iter().map(|unit| format!("`{unit}`")).collect();
            Meant::Perhaps(format!("did you mean {}?", alike.join(" or ")))
        }
    }
}

fn all() -> String {
    format!("units are {}", UNITS.iter().map(|u| u.name).collect::<Vec<_>>().join(", "))
}

/// The unit of a word.
fn spelled(text: &str) -> Option<&'static str> {
    Some(match text.to_ascii_lowercase().as_str() {
        "meter" | "meters" | "metre" | "metres" => "m",
        "centimeter" | "centimeters" | "centimetre" | "centimetres" => "cm",
        "millimeter" | "millimeters" | "millimetre" | "millimetres" => "mm",
        "kilometer" | "kilometers" | "kilometre" | "kilometres" => "km",
        "kilogram" | "kilograms" => "kg",
        "gram" | "grams" => "g",
        "ton" | "tons" | "tonne" | "tonnes" => "t",
        "watt" | "watts" => "W",
        "lumen" | "lumens" => "lm",
        "lux" => "lx",
        "candela" | "candelas" => "cd",
        "hertz" => "Hz",
        "degree" | "degrees" => "deg",
        "radian" | "radians" => "rad",
        "turns" => "turn",
        "sec" | "secs" | "second" | "seconds" => "s",
        "minute" | "minutes" => "min",
        "hour" | "hours" => "h",
        "in" | "inches" => "inch",
        "feet" | "foot" => "ft",
        "kelvin" | "kelvins" => "K",
        "percent" => "pct",
        "pixel" | "pixels" => "px",
        "stops" => "stop",
        _ => return None,
    })
}

/// What is said of units that the language has no name for, or that mean one of two things.
fn other(text: &str) -> Option<&'static str> {
    Some(match text {
        // As likely a number of things as a unit in the wrong case.
        "M" => "a million is written with an exponent, `2e6`; metres are `m`",
        "k" => "a thousand is written with an exponent, `2e3`; kelvins are `K`",
        "d" | "day" | "days" => "a day is `24h`, degrees are `deg`, and a number may have nothing behind it",
        "F" | "C" => "temperatures are in `K`, and a number may have nothing behind it",
        "u" | "L" | "l" => "a number has a unit or nothing behind it; a litre is `0.001m^3`",
        "sr" => "steradians are not counted: leave it out",
        "nt" | "nit" | "nits" => "luminance is written `cd/m^2`",
        "Pa" => "a pascal is `1N/m^2`",
        "KiB" | "MiB" | "GiB" => {
            "amounts of memory are decimal: `1kB` is 1000 bytes, `1MB` a million, `1GB` 1000 million"
        }
        "kb" | "Kb" | "Mb" | "Gb" => "bits are not counted; bytes are `B`, `kB`, `MB`, `GB`",
        "yd" | "yard" | "yards" => "a yard is `3ft`",
        "mile" | "miles" => "a mile is `1609.344m`",
        "lb" | "lbs" => "a pound is `0.45359237kg`",
        _ => return None,
    })
}
