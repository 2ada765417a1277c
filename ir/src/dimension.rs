//! Physical dimensions and the units the language knows.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Exponents of the base dimensions. Values are kept in SI units (metre, kilogram, second, radian, kelvin, candela),
/// pixels, exposure stops and bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Dimension {
    /// Metres.
    pub length: i8,
    /// Kilograms.
    pub mass: i8,
    /// Seconds.
    pub time: i8,
    /// Radians: an own dimension, so that an angle is never taken for a ratio.
    pub angle: i8,
    /// Kelvin.
    pub temperature: i8,
    /// Candela.
    pub luminous: i8,
    /// Pixels.
    pub pixel: i8,
    /// Photographic stops (powers of two of exposure).
    pub stop: i8,
    /// Bytes. Graphs that were written out before there were any have none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub data: i8,
}

// The form that serde asks for.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(exponent: &i8) -> bool {
    *exponent == 0
}

impl Dimension {
    const ZERO: Self =
        Self { length: 0, mass: 0, time: 0, angle: 0, temperature: 0, luminous: 0, pixel: 0, stop: 0, data: 0 };
    /// A plain number.
    pub const RATIO: Self = Self::ZERO;
    /// Length.
    pub const LENGTH: Self = Self { length: 1, ..Self::ZERO };
    /// 1 / Length.
    pub const PER_LENGTH: Self = Self { length: -1, ..Self::ZERO };
    /// Area.
    pub const AREA: Self = Self { length: 2, ..Self::ZERO };
    /// Mass.
    pub const MASS: Self = Self { mass: 1, ..Self::ZERO };
    /// Time.
    pub const TIME: Self = Self { time: 1, ..Self::ZERO };
    /// 1 / Time.
    pub const FREQUENCY: Self = Self { time: -1, ..Self::ZERO };
    /// Plane angle.
    pub const ANGLE: Self = Self { angle: 1, ..Self::ZERO };
    /// Temperature.
    pub const TEMPERATURE: Self = Self { temperature: 1, ..Self::ZERO };
    /// Luminous intensity; steradians are not counted, so it is the dimension of luminous flux too.
    pub const LUMINOUS: Self = Self { luminous: 1, ..Self::ZERO };
    /// Illuminance (lx); as steradians are not counted, it is the dimension of luminance (cd/m^2) too.
    pub const ILLUMINANCE: Self = Self { luminous: 1, length: -2, ..Self::ZERO };
    /// Force (N).
    pub const FORCE: Self = Self { mass: 1, length: 1, time: -2, ..Self::ZERO };
    /// Energy (J).
    pub const ENERGY: Self = Self { mass: 1, length: 2, time: -2, ..Self::ZERO };
    /// Power (W).
    pub const POWER: Self = Self { mass: 1, length: 2, time: -3, ..Self::ZERO };
    /// Irradiance (W/m^2); steradians are not counted, so it is the dimension of radiance too.
    pub const IRRADIANCE: Self = Self { mass: 1, time: -3, ..Self::ZERO };
    /// Count of pixels.
    pub const PIXEL: Self = Self { pixel: 1, ..Self::ZERO };
    /// Exposure stops.
    pub const STOP: Self = Self { stop: 1, ..Self::ZERO };
    /// Amount of memory.
    pub const DATA: Self = Self { data: 1, ..Self::ZERO };

    fn zip(self, other: Self, f: impl Fn(i8, i8) -> Option<i8>) -> Option<Self> {
        Some(Self {
            length: f(self.length, other.length)?,
            mass: f(self.mass, other.mass)?,
            time: f(self.time, other.time)?,
            angle: f(self.angle, other.angle)?,
            temperature: f(self.temperature, other.temperature)?,
            luminous: f(self.luminous, other.luminous)?,
            pixel: f(self.pixel, other.pixel)?,
            stop: f(self.stop, other.stop)?,
            data: f(self.data, other.data)?,
        })
    }

    /// Dimension of a product; `None` when an exponent leaves -128..=127.
    pub fn times(self, other: Self) -> Option<Self> {
        self.zip(other, i8::checked_add)
    }

    /// Dimension of a quotient; `None` when an exponent leaves -128..=127.
    pub fn over(self, other: Self) -> Option<Self> {
        self.zip(other, i8::checked_sub)
    }

    /// Dimension of a power; `None` when an exponent leaves -128..=127.
    pub fn power(self, exponent: i8) -> Option<Self> {
        self.zip(Self::RATIO, |a, _| a.checked_mul(exponent))
    }

    /// Dimension of a square root; `None` when an exponent is odd.
    pub fn root(self) -> Option<Self> {
        self.zip(Self::RATIO, |a, _| (a % 2 == 0).then_some(a / 2))
    }

    /// As a product of base units: `kg/m^3`.
    pub fn units(self) -> String {
        let parts = [
            ("kg", self.mass),
            ("m", self.length),
            ("s", self.time),
            ("rad", self.angle),
            ("K", self.temperature),
            ("cd", self.luminous),
            ("px", self.pixel),
            ("stop", self.stop),
            ("B", self.data),
        ];
        let power = |(unit, e): &(&str, i8)| match e.unsigned_abs() {
            1 => (*unit).to_owned(),
            n => format!("{unit}^{n}"),
        };
        let above: Vec<_> = parts.iter().filter(|p| p.1 > 0).map(power).collect();
        let below: Vec<_> = parts.iter().filter(|p| p.1 < 0).map(power).collect();
        let above = if above.is_empty() { "1".to_owned() } else { above.join("*") };
        below.iter().fold(above, |text, b| format!("{text}/{b}"))
    }

    /// The unit that a fix proposes for a bare number of this dimension.
    pub fn example_unit(self) -> Option<&'static str> {
        UNITS.iter().find(|u| u.dimension == self && u.factor == 1.0).map(|u| u.name).map(|name| match name {
            // People write degrees.
            "rad" => "deg",
            name => name,
        })
    }
}

/// Dimensions that have a name as a type.
const NAMED: &[(Dimension, &str)] = &[
    (Dimension::RATIO, "Ratio"),
    (Dimension::LENGTH, "Length"),
    (Dimension::AREA, "Area"),
    (Dimension { length: 3, ..Dimension::ZERO }, "Volume"),
    (Dimension::MASS, "Mass"),
    (Dimension { mass: 1, length: -3, ..Dimension::ZERO }, "Density"),
    (Dimension::TIME, "Time"),
    (Dimension::FREQUENCY, "Frequency"),
    (Dimension { length: 1, time: -1, ..Dimension::ZERO }, "Speed"),
    (Dimension { length: 1, time: -2, ..Dimension::ZERO }, "Acceleration"),
    (Dimension::ANGLE, "Angle"),
    (Dimension::TEMPERATURE, "Temperature"),
    (Dimension::LUMINOUS, "LuminousIntensity"),
    (Dimension::ILLUMINANCE, "Illuminance"),
    (Dimension::FORCE, "Force"),
    (Dimension::ENERGY, "Energy"),
    (Dimension::POWER, "Power"),
    (Dimension::IRRADIANCE, "Irradiance"),
    (Dimension::PIXEL, "Pixels"),
    (Dimension::STOP, "Stops"),
    (Dimension::DATA, "Bytes"),
];

/// The dimension of a type's name (`Length`).
pub fn find_named(name: &str) -> Option<Dimension> {
    NAMED.iter().find(|(_, n)| *n == name).map(|(d, _)| *d)
}

/// Names of all dimensions that have one.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMED.iter().map(|(_, n)| *n)
}

impl fmt::Display for Dimension {
    /// The field's name for common dimensions, else a product of units such as `kg/m^3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((_, name)) = NAMED.iter().find(|(d, _)| d == self) {
            return f.write_str(name);
        }
        f.write_str(&self.units())
    }
}

impl fmt::Debug for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A unit as it is written behind a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// As written.
    pub name: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// SI value of one unit.
    pub factor: f64,
}

const fn unit(name: &'static str, dimension: Dimension, factor: f64) -> Unit {
    Unit { name, dimension, factor }
}

/// Every unit, base units first within their dimension.
pub const UNITS: &[Unit] = &[
    unit("m", Dimension::LENGTH, 1.0),
    unit("nm", Dimension::LENGTH, 1e-9),
    unit("um", Dimension::LENGTH, 1e-6),
    unit("mm", Dimension::LENGTH, 1e-3),
    unit("cm", Dimension::LENGTH, 1e-2),
    unit("km", Dimension::LENGTH, 1e3),
    unit("inch", Dimension::LENGTH, 0.0254),
    unit("ft", Dimension::LENGTH, 0.3048),
    unit("kg", Dimension::MASS, 1.0),
    unit("mg", Dimension::MASS, 1e-6),
    unit("g", Dimension::MASS, 1e-3),
    unit("t", Dimension::MASS, 1e3),
    unit("s", Dimension::TIME, 1.0),
    unit("us", Dimension::TIME, 1e-6),
    unit("ms", Dimension::TIME, 1e-3),
    unit("min", Dimension::TIME, 60.0),
    unit("h", Dimension::TIME, 3600.0),
    unit("Hz", Dimension::FREQUENCY, 1.0),
    unit("kHz", Dimension::FREQUENCY, 1e3),
    unit("MHz", Dimension::FREQUENCY, 1e6),
    unit("rad", Dimension::ANGLE, 1.0),
    unit("mrad", Dimension::ANGLE, 1e-3),
    unit("deg", Dimension::ANGLE, std::f64::consts::PI / 180.0),
    unit("turn", Dimension::ANGLE, 2.0 * std::f64::consts::PI),
    unit("K", Dimension::TEMPERATURE, 1.0),
    unit("cd", Dimension::LUMINOUS, 1.0),
    unit("lm", Dimension::LUMINOUS, 1.0),
    unit("lx", Dimension::ILLUMINANCE, 1.0),
    unit("N", Dimension::FORCE, 1.0),
    unit("J", Dimension::ENERGY, 1.0),
    unit("W", Dimension::POWER, 1.0),
    unit("mW", Dimension::POWER, 1e-3),
    unit("kW", Dimension::POWER, 1e3),
    unit("MW", Dimension::POWER, 1e6),
    unit("px", Dimension::PIXEL, 1.0),
    unit("stop", Dimension::STOP, 1.0),
    unit("ev", Dimension::STOP, 1.0),
    unit("B", Dimension::DATA, 1.0),
    unit("kB", Dimension::DATA, 1e3),
    unit("MB", Dimension::DATA, 1e6),
    unit("GB", Dimension::DATA, 1e9),
    unit("pct", Dimension::RATIO, 0.01),
];

/// The unit of a name.
pub fn find_unit(name: &str) -> Option<&'static Unit> {
    // Asked for every number of a program, several times.
    let first = usize::from(*name.as_bytes().first()?);
    let unit = |at: &u8| &UNITS[usize::from(*at)];
    BY_FIRST.get(first)?.iter().take_while(|at| **at != u8::MAX).map(unit).find(|unit| unit.name == name)
}

/// Most units that begin with one letter.
const MOST: usize = 16;

/// Units by the first byte of their names, as places in [`UNITS`]; the rest of each row is `u8::MAX`.
static BY_FIRST: [[u8; MOST]; 128] = {
    let mut rows = [[u8::MAX; MOST]; 128];
    let mut filled = [0; 128];
    let mut at = 0;
    while at < UNITS.len() {
        let first = UNITS[at].name.as_bytes()[0] as usize;
        rows[first][filled[first]] = at as u8;
        filled[first] += 1;
        at += 1;
    }
    rows
};

/// The unit in which a length reads best, as the trades write them: 35 mm of a lens, 80 cm of a table, 1.2 m of a person.
fn length_unit(metres: f64) -> (&'static str, f64) {
    // Dust of conversions is no digit.
    let is_whole = |v: f64| (v - v.round()).abs() < 1e-6 * v.max(1.0);
    match metres {
        v if v == 0.0 || v >= 1e8 => ("m", 1.0),
        v if v < 9.999_999e-7 => ("nm", 1e-9),
        v if v < 9.999_999e-5 => ("um", 1e-6),
        v if v < 0.099_999_99 => ("mm", 1e-3),
        v if v < 0.999_999_9 && is_whole(v * 1e2) => ("cm", 1e-2),
        v if v < 0.999_999_9 && is_whole(v * 1e3) => ("mm", 1e-3),
        v if v < 0.999_999_9 => ("cm", 1e-2),
        v if v >= 999.999_999 && is_whole(v / 10.0) => ("km", 1e3),
        _ => ("m", 1.0),
    }
}

/// A number of SI units as a person would write it: `4m`, `35mm`, `20deg`, `0.02/m`, `1.5`.
pub fn show(value: f64, dimension: Dimension) -> String {
    let (name, factor) = length_unit(value.abs());
    match dimension {
        Dimension::LENGTH => format!("{}{name}", digits(value / factor)),
        _ => show_si(value, dimension),
    }
}

/// A number without the dust of unit conversion (0.3490658503988659 rad is 20deg), which nine digits hide.
fn digits(value: f64) -> String {
    let rounded: f64 = format!("{value:.9e}").parse().unwrap_or(value);
    let shown = rounded + 0.0;
    if shown != 0.0 && !(1e-4..1e7).contains(&shown.abs()) { format!("{shown:e}") } else { format!("{shown}") }
}

/// The same, lengths in metres whatever they are: what texts and names of a program have.
pub fn show_si(value: f64, dimension: Dimension) -> String {
    if dimension == Dimension::RATIO {
        return digits(value);
    }
    if dimension == Dimension::ANGLE {
        return format!("{}deg", digits(value.to_degrees()));
    }
    if dimension == Dimension::DATA {
        // Bytes are counted by the million: the largest unit that is not more.
        let unit = UNITS.iter().rev().filter(|u| u.dimension == dimension).find(|u| u.factor <= value.abs());
        let (name, factor) = unit.map_or(("B", 1.0), |u| (u.name, u.factor));
        return format!("{}{name}", digits(value / factor));
    }
    if let Some(unit) = UNITS.iter().find(|u| u.dimension == dimension && u.factor == 1.0) {
        return format!("{}{}", digits(value), unit.name);
    }
    match dimension {
        Dimension::IRRADIANCE => format!("{}W/m^2", digits(value)),
        Dimension::PER_LENGTH => format!("{}/m", digits(value)),
        _ => format!("{} {}", digits(value), dimension.units()),
    }
}
