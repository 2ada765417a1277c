//! Arithmetic: the types of operators and functions, and their values.
//!
//! Whole numbers stay whole under `+ - *` and become a `Ratio` under `/`. An `Int` is taken where a `Ratio` is wanted,
//! never the other way round. Dimensions multiply and divide; both sides of `+ -` and of comparisons have one dimension.
//!
//! Transcendental functions come from the `libm` crate, not from the platform: a program means the same numbers, to the
//! last bit, on every machine.

use scenec_grammar::ast::{BinaryOp, UnaryOp};
use scenec_ir::{Dimension, Type, Value};

/// Dimension of a number type.
pub fn dimension_of(ty: &Type) -> Option<Dimension> {
    match *ty {
        Type::Int => Some(Dimension::RATIO),
        Type::Quantity(d) => Some(d),
        _ => None,
    }
}

/// The type of `a op b`, or `None` when they do not fit. `exponent` is the value of a constant right side of `^`.
pub fn binary_type(op: BinaryOp, a: &Type, b: &Type, exponent: Option<i64>) -> Option<Type> {
    use BinaryOp as Op;
    if *a == Type::Unknown || *b == Type::Unknown {
        return Some(match op {
            Op::Or | Op::And | Op::Equal | Op::NotEqual => Type::Bool,
            Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual => Type::Bool,
            _ => Type::Unknown,
        });
    }
    let numbers = dimension_of(a).zip(dimension_of(b));
    match op {
        Op::Or | Op::And => (*a == Type::Bool && *b == Type::Bool).then_some(Type::Bool),
        // The checker gives it its type.
        Op::OrElse => None,
        Op::Equal | Op::NotEqual if a.is_optional() || b.is_optional() => {
            let none = Type::none();
            let both = a.is_optional() && b.is_optional();
            match *a == none || *b == none {
                // What is always there is never `none`.
                true => both.then_some(Type::Bool),
                false => binary_type(op, a.present(), b.present(), exponent),
            }
        }
        Op::Equal | Op::NotEqual => {
            let comparable = matches!(a, Type::Bool | Type::Text | Type::Enum(_)) && a == b;
            (comparable || numbers.is_some_and(|(x, y)| x == y)).then_some(Type::Bool)
        }
        Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual => {
            numbers.filter(|(x, y)| x == y).map(|_| Type::Bool)
        }
        Op::Add | Op::Subtract => match (a, b) {
            (Type::Int, Type::Int) => Some(Type::Int),
            (Type::Text, Type::Text) if op == Op::Add => Some(Type::Text),
            (Type::Vec2(_) | Type::Vec3(_) | Type::Color, _) if a == b => Some(a.clone()),
            (Type::List(_), _) if a == b && op == Op::Add => Some(a.clone()),
            _ => numbers.filter(|(x, y)| x == y).map(|(x, _)| Type::Quantity(x)),
        },
        Op::Multiply => match (a, b) {
            (Type::Int, Type::Int) => Some(Type::Int),
            (Type::Color, other) | (other, Type::Color) => {
                (*other == Type::Color || dimension_of(other) == Some(Dimension::RATIO)).then_some(Type::Color)
            }
            (Type::Vec2(x), other) | (other, Type::Vec2(x)) => dimension_of(other)?.times(*x).map(Type::Vec2),
            (Type::Vec3(x), other) | (other, Type::Vec3(x)) => dimension_of(other)?.times(*x).map(Type::Vec3),
            _ => numbers.and_then(|(x, y)| x.times(y)).map(Type::Quantity),
        },
        Op::Divide => match (a, b) {
            (Type::Color, other) => (dimension_of(other) == Some(Dimension::RATIO)).then_some(Type::Color),
            (Type::Vec2(x), other) => x.over(dimension_of(other)?).map(Type::Vec2),
            (Type::Vec3(x), other) => x.over(dimension_of(other)?).map(Type::Vec3),
            _ => numbers.and_then(|(x, y)| x.over(y)).map(Type::Quantity),
        },
        Op::Power => {
            let base = dimension_of(a)?;
            if *b == Type::Int {
                if let (Type::Int, Some(0..)) = (a, exponent) {
                    return Some(Type::Int);
                }
                if let Some(e) = exponent.and_then(|e| i8::try_from(e).ok()) {
                    return base.power(e).map(Type::Quantity);
                }
            }
            (base == Dimension::RATIO && dimension_of(b) == Some(Dimension::RATIO)).then_some(Type::Quantity(base))
        }
    }
}

/// The type of `op a`.
pub fn unary_type(op: UnaryOp, a: &Type) -> Option<Type> {
    match (op, a) {
        (_, Type::Unknown) => Some(Type::Unknown),
        (UnaryOp::Not, Type::Bool) => Some(Type::Bool),
        (UnaryOp::Negate, Type::Int | Type::Quantity(_) | Type::Vec2(_) | Type::Vec3(_)) => Some(a.clone()),
        _ => None,
    }
}

fn finite(value: f64, dimension: Dimension) -> Result<Value, String> {
    if value.is_finite() {
        // Minus zero would print and hash unlike zero.
        Ok(Value::Quantity(value + 0.0, dimension))
    } else {
        Err("the result is not a finite number".into())
    }
}

fn components(value: &Value) -> Option<(Vec<f64>, Dimension)> {
    match value {
        Value::Vec2(v, d) => Some((v.to_vec(), *d)),
        Value::Vec3(v, d) => Some((v.to_vec(), *d)),
        _ => None,
    }
}

fn vector(values: &[f64], dimension: Dimension) -> Result<Value, String> {
    if values.iter().any(|v| !v.is_finite()) {
        return Err("the result is not a finite number".into());
    }
    match *values {
        [x, y] => Ok(Value::Vec2([x, y], dimension)),
        [x, y, z] => Ok(Value::Vec3([x, y, z], dimension)),
        _ => Err("a tuple holds two or three numbers".into()),
    }
}

fn number(value: &Value) -> Option<(f64, Dimension)> {
    match *value {
        Value::Int(i) => Some((i as f64, Dimension::RATIO)),
        Value::Quantity(v, d) => Some((v, d)),
        _ => None,
    }
}

/// True when the left side alone says what `left op right` is: that is `left` itself.
pub fn decides(op: BinaryOp, left: &Value) -> bool {
    match (op, left) {
        (BinaryOp::And, Value::Bool(truth)) => !truth,
        (BinaryOp::Or, Value::Bool(truth)) => *truth,
        (BinaryOp::OrElse, value) => *value != Value::None,
        _ => false,
    }
}

/// The value of `a op b`. The error is one lower-case line; types that [`binary_type`] refuses are an error too.
pub fn binary(op: BinaryOp, a: &Value, b: &Value) -> Result<Value, String> {
    use BinaryOp as Op;
    let misfit = || Err(format!("`{}` does not fit these values", op.sign()));
    let overflow = || "the whole number is too large".to_owned();
    match (op, a, b) {
        (Op::OrElse, Value::None, _) => return Ok(b.clone()),
        (Op::OrElse, ..) => return Ok(a.clone()),
        (Op::Equal | Op::NotEqual, Value::None, _) | (Op::Equal | Op::NotEqual, _, Value::None) => {
            return Ok(Value::Bool((a == b) == (op == Op::Equal)));
        }
        (Op::Or, Value::Bool(x), Value::Bool(y)) => return Ok(Value::Bool(*x || *y)),
        (Op::And, Value::Bool(x), Value::Bool(y)) => return Ok(Value::Bool(*x && *y)),
        (Op::Equal, Value::Bool(_) | Value::Text(_) | Value::Member(_) | Value::Int(_), _) if same_kind(a, b) => {
            return Ok(Value::Bool(a == b));
        }
        (Op::NotEqual, Value::Bool(_) | Value::Text(_) | Value::Member(_) | Value::Int(_), _) if same_kind(a, b) => {
            return Ok(Value::Bool(a != b));
        }
        (Op::Add, Value::Int(x), Value::Int(y)) => return x.checked_add(*y).map(Value::Int).ok_or_else(overflow),
        (Op::Subtract, Value::Int(x), Value::Int(y)) => return x.checked_sub(*y).map(Value::Int).ok_or_else(overflow),
        (Op::Multiply, Value::Int(x), Value::Int(y)) => return x.checked_mul(*y).map(Value::Int).ok_or_else(overflow),
        (Op::Power, Value::Int(x), Value::Int(y @ 0..)) => {
            let exponent = u32::try_from(*y).map_err(|_| overflow())?;
            return x.checked_pow(exponent).map(Value::Int).ok_or_else(overflow);
        }
        (Op::Add, Value::Text(x), Value::Text(y)) => return Ok(Value::Text(format!("{x}{y}"))),
        (Op::Add, Value::List(x), Value::List(y)) => return Ok(Value::List([x.clone(), y.clone()].concat())),
        (_, Value::Color(_), _) | (_, _, Value::Color(_)) => return color_binary(op, a, b),
        _ => {}
    }
    match (components(a), components(b)) {
        (Some((x, d)), Some((y, e))) if d == e && x.len() == y.len() => {
            let sum = |f: fn(f64, f64) -> f64| x.iter().zip(&y).map(|(x, y)| f(*x, *y)).collect::<Vec<_>>();
            return match op {
                Op::Add => vector(&sum(|x, y| x + y), d),
                Op::Subtract => vector(&sum(|x, y| x - y), d),
                _ => misfit(),
            };
        }
        (Some((x, d)), None) | (None, Some((x, d))) => {
            let scalar_is_left = components(a).is_none();
            let Some((s, e)) = number(if scalar_is_left { a } else { b }) else { return misfit() };
            return match op {
                Op::Multiply => {
                    let dimension = d.times(e).ok_or("the dimension is too large")?;
                    vector(&x.iter().map(|x| x * s).collect::<Vec<_>>(), dimension)
                }
                Op::Divide if !scalar_is_left => {
                    if s == 0.0 {
                        return Err("division by zero".into());
                    }
                    let dimension = d.over(e).ok_or("the dimension is too large")?;
                    vector(&x.iter().map(|x| x / s).collect::<Vec<_>>(), dimension)
                }
                _ => misfit(),
            };
        }
        (Some(_), Some(_)) => return misfit(),
        (None, None) => {}
    }
    let (Some((x, d)), Some((y, e))) = (number(a), number(b)) else { return misfit() };
    let wide = || "the dimension is too large".to_owned();
    match op {
        Op::Multiply => finite(x * y, d.times(e).ok_or_else(wide)?),
        Op::Divide if y == 0.0 => Err("division by zero".into()),
        Op::Divide => finite(x / y, d.over(e).ok_or_else(wide)?),
        Op::Power => match b {
            Value::Int(n) => {
                let exponent = i8::try_from(*n).map_err(|_| overflow())?;
                if x == 0.0 && exponent < 0 {
                    return Err("division by zero".into());
                }
                finite(whole_power(x, exponent), d.power(exponent).ok_or_else(wide)?)
            }
            _ if d == Dimension::RATIO && e == Dimension::RATIO => finite(libm::pow(x, y), d),
            _ => misfit(),
        },
        _ if d != e => misfit(),
        Op::Add => finite(x + y, d),
        Op::Subtract => finite(x - y, d),
        Op::Equal => Ok(Value::Bool(x == y)),
        Op::NotEqual => Ok(Value::Bool(x != y)),
        Op::Less => Ok(Value::Bool(x < y)),
        Op::LessEqual => Ok(Value::Bool(x <= y)),
        Op::Greater => Ok(Value::Bool(x > y)),
        Op::GreaterEqual => Ok(Value::Bool(x >= y)),
        Op::Or | Op::And | Op::OrElse => misfit(),
    }
}

/// `x` to a whole power, by squaring. `f64::powi` says nothing of its last bits; these are the same on every machine.
pub fn whole_power(x: f64, exponent: i8) -> f64 {
    let (mut result, mut square, mut rest) = (1.0, x, exponent.unsigned_abs());
    while rest > 0 {
        if rest & 1 == 1 {
            result *= square;
        }
        square *= square;
        rest >>= 1;
    }
    if exponent < 0 { 1.0 / result } else { result }
}

fn same_kind(a: &Value, b: &Value) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

fn color_binary(op: BinaryOp, a: &Value, b: &Value) -> Result<Value, String> {
    let channels = |v: &Value| match *v {
        Value::Color(c) => Some(c.map(f64::from)),
        _ => number(v).map(|(x, _)| [x; 3]),
    };
    let (Some(x), Some(y)) = (channels(a), channels(b)) else { return Err("colours do not fit here".into()) };
    let each = |f: fn(f64, f64) -> f64| [f(x[0], y[0]), f(x[1], y[1]), f(x[2], y[2])].map(|v| v as f32);
    let result = match op {
        BinaryOp::Add => each(|x, y| x + y),
        BinaryOp::Subtract => each(|x, y| x - y),
        BinaryOp::Multiply => each(|x, y| x * y),
        BinaryOp::Divide => each(|x, y| x / y),
        _ => return Err(format!("`{}` does not fit colours", op.sign())),
    };
    if result.iter().all(|v| v.is_finite()) {
        Ok(Value::Color(result))
    } else {
        Err("the result is not a finite colour".into())
    }
}

/// The value of `op a`.
pub fn unary(op: UnaryOp, a: &Value) -> Result<Value, String> {
    match (op, a) {
        (UnaryOp::Not, Value::Bool(b)) => Ok(Value::Bool(!b)),
        (UnaryOp::Negate, Value::Int(i)) => i.checked_neg().map(Value::Int).ok_or("the number is too large".into()),
        (UnaryOp::Negate, Value::Quantity(v, d)) => Ok(Value::Quantity(0.0 - v, *d)),
        (UnaryOp::Negate, Value::Vec2(v, d)) => Ok(Value::Vec2(v.map(|v| 0.0 - v), *d)),
        (UnaryOp::Negate, Value::Vec3(v, d)) => Ok(Value::Vec3(v.map(|v| 0.0 - v), *d)),
        _ => Err("the operator does not fit this value".into()),
    }
}

/// Pure functions of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Without its sign.
    Abs,
    /// Angle of a cosine.
    Acos,
    /// Point of a path.
    Along,
    /// Angle of a sine.
    Asin,
    /// Angle of a direction.
    Atan2,
    /// Next whole number above.
    Ceil,
    /// Within two limits.
    Clamp,
    /// Cosine.
    Cos,
    /// Number of items.
    Count,
    /// Vector at right angles to two.
    Cross,
    /// Product of two vectors.
    Dot,
    /// Power of e.
    Exp,
    /// Next whole number below.
    Floor,
    /// Direction of a path.
    Heading,
    /// Colour of hue, saturation and value.
    Hsv,
    /// Colour of what glows.
    Kelvin,
    /// Of a vector.
    Length,
    /// Linear mix.
    Lerp,
    /// Natural logarithm.
    Log,
    /// The greater.
    Max,
    /// The smaller.
    Min,
    /// What a division leaves.
    Mod,
    /// Smooth random function of a number.
    Noise,
    /// A direction.
    Normalize,
    /// A random number.
    Random,
    /// Linear colour of three ratios.
    Rgb,
    /// Nearest whole number.
    Round,
    /// Sine.
    Sin,
    /// Square root.
    Sqrt,
    /// Colour of display values.
    Srgb,
    /// All items together.
    Sum,
    /// Tangent.
    Tan,
}

/// Every function with its name and its form for messages.
pub const FUNCTIONS: &[(&str, Function, &str)] = &[
    ("abs", Function::Abs, "abs(x)"),
    ("acos", Function::Acos, "acos(x: Ratio) -> Angle"),
    ("along", Function::Along, "along(points: List<Point>, part: Ratio) -> Point, part of the length 0..1"),
    ("asin", Function::Asin, "asin(x: Ratio) -> Angle"),
    ("atan2", Function::Atan2, "atan2(y, x) -> Angle"),
    ("ceil", Function::Ceil, "ceil(x: Ratio) -> Int"),
    ("clamp", Function::Clamp, "clamp(x, low, high)"),
    ("cos", Function::Cos, "cos(x: Angle) -> Ratio"),
    ("count", Function::Count, "count(list) -> Int"),
    ("cross", Function::Cross, "cross(a: Vec3, b: Vec3) -> Vec3"),
    ("dot", Function::Dot, "dot(a, b), of two vectors"),
    ("exp", Function::Exp, "exp(x: Ratio) -> Ratio"),
    ("floor", Function::Floor, "floor(x: Ratio) -> Int"),
    ("heading", Function::Heading, "heading(points: List<Point>, part: Ratio) -> Vec3, of length 1"),
    ("hsv", Function::Hsv, "hsv(hue: Angle, saturation: Ratio, value: Ratio) -> Color"),
    ("kelvin", Function::Kelvin, "kelvin(t: Temperature) -> Color, of luminance 1"),
    ("length", Function::Length, "length(v), of a vector"),
    ("lerp", Function::Lerp, "lerp(a, b, t: Ratio)"),
    ("log", Function::Log, "log(x: Ratio) -> Ratio"),
    ("max", Function::Max, "max(a, b)"),
    ("min", Function::Min, "min(a, b)"),
    ("mod", Function::Mod, "mod(a, b), with the sign of b"),
    ("noise", Function::Noise, "noise(x: Ratio, seed: Text) -> Ratio, smooth, -1..1"),
    ("normalize", Function::Normalize, "normalize(v), of a vector"),
    ("random", Function::Random, "random(seed: Text, index: Int) -> Ratio, 0..1"),
    ("rgb", Function::Rgb, "rgb(r: Ratio, g: Ratio, b: Ratio) -> Color, linear"),
    ("round", Function::Round, "round(x: Ratio) -> Int"),
    ("sin", Function::Sin, "sin(x: Angle) -> Ratio"),
    ("sqrt", Function::Sqrt, "sqrt(x), of a number or an area"),
    ("srgb", Function::Srgb, "srgb(r: Ratio, g: Ratio, b: Ratio) -> Color, display values"),
    ("sum", Function::Sum, "sum(list)"),
    ("tan", Function::Tan, "tan(x: Angle) -> Ratio"),
];

/// The type of a call, or `None` when the arguments do not fit its form.
pub fn function_type(function: Function, args: &[Type]) -> Option<Type> {
    use Function as F;
    if args.contains(&Type::Unknown) {
        return Some(Type::Unknown);
    }
    let ratio = Type::Quantity(Dimension::RATIO);
    let is_ratio = |t: &Type| dimension_of(t) == Some(Dimension::RATIO);
    let common = |types: &[Type]| -> Option<Type> {
        let first = dimension_of(types.first()?)?;
        let same = types.iter().all(|t| dimension_of(t) == Some(first));
        let whole = types.iter().all(|t| *t == Type::Int);
        same.then_some(if whole { Type::Int } else { Type::Quantity(first) })
    };
    match (function, args) {
        (F::Count, [Type::List(_)]) => Some(Type::Int),
        (F::Sum, [Type::List(item)]) => match &**item {
            Type::Unknown => Some(Type::Unknown),
            Type::Int | Type::Quantity(_) | Type::Vec2(_) | Type::Vec3(_) | Type::Color => Some((**item).clone()),
            _ => None,
        },
        // Of one list: the least or greatest of its numbers.
        (F::Min | F::Max, [Type::List(item)]) => common(std::slice::from_ref(&**item)),
        (F::Abs, [_]) | (F::Min | F::Max, [_, _]) | (F::Clamp, [_, _, _]) => common(args),
        (F::Ceil | F::Floor | F::Round, [x]) => is_ratio(x).then_some(Type::Int),
        (F::Sin | F::Cos | F::Tan, [x]) => (dimension_of(x) == Some(Dimension::ANGLE)).then_some(ratio),
        (F::Sqrt, [x]) => dimension_of(x)?.root().map(Type::Quantity),
        (F::Acos | F::Asin, [x]) => is_ratio(x).then_some(Type::Quantity(Dimension::ANGLE)),
        (F::Exp | F::Log, [x]) => is_ratio(x).then_some(ratio),
        (F::Atan2, [_, _]) => common(args).map(|_| Type::Quantity(Dimension::ANGLE)),
        (F::Mod, [_, _]) => common(args),
        (F::Length, [Type::Vec2(d) | Type::Vec3(d)]) => Some(Type::Quantity(*d)),
        (F::Normalize, [Type::Vec2(_)]) => Some(Type::Vec2(Dimension::RATIO)),
        (F::Normalize, [Type::Vec3(_)]) => Some(Type::Vec3(Dimension::RATIO)),
        (F::Dot, [Type::Vec2(d), Type::Vec2(e)] | [Type::Vec3(d), Type::Vec3(e)]) => d.times(*e).map(Type::Quantity),
        (F::Cross, [Type::Vec3(d), Type::Vec3(e)]) => d.times(*e).map(Type::Vec3),
        (F::Along | F::Heading, [Type::List(item), part]) if is_ratio(part) => match (&**item, function) {
            (Type::Vec3(Dimension::LENGTH), F::Along) => Some((**item).clone()),
            (Type::Vec3(Dimension::LENGTH), _) => Some(Type::Vec3(Dimension::RATIO)),
            _ => None,
        },
        (F::Random, [Type::Text, Type::Int]) => Some(ratio),
        (F::Noise, [x, Type::Text]) => is_ratio(x).then_some(ratio),
        (F::Kelvin, [t]) => (dimension_of(t) == Some(Dimension::TEMPERATURE)).then_some(Type::Color),
        (F::Hsv, [h, s, v]) => {
            (dimension_of(h) == Some(Dimension::ANGLE) && is_ratio(s) && is_ratio(v)).then_some(Type::Color)
        }
        (F::Rgb | F::Srgb, [r, g, b]) => (is_ratio(r) && is_ratio(g) && is_ratio(b)).then_some(Type::Color),
        (F::Lerp, [a, b, t]) if is_ratio(t) => {
            if matches!(a, Type::Color | Type::Vec2(_) | Type::Vec3(_)) && a == b {
                return Some(a.clone());
            }
            common(&args[..2]).map(|ty| if ty == Type::Int { ratio } else { ty })
        }
        _ => None,
    }
}

/// The value of a call whose types [`function_type`] accepts.
pub fn function(function: Function, args: &[Value]) -> Result<Value, String> {
    use Function as F;
    let x = args.first().and_then(number);
    let whole = |v: f64| {
        let fits = v.abs() < 9.0e15;
        if fits { Ok(Value::Int(v as i64)) } else { Err("the whole number is too large".to_owned()) }
    };
    let misfit = || Err("the function does not fit these values".to_owned());
    match (function, args, x) {
        (F::Count, [Value::List(items)], _) => Ok(Value::Int(items.len() as i64)),
        (F::Sum, [Value::List(items)], _) => match items.split_first() {
            // Zero of which kind is not known.
            None => Err("an empty list has no sum".into()),
            Some((first, rest)) => rest.iter().try_fold(first.clone(), |sum, item| binary(BinaryOp::Add, &sum, item)),
        },
        (F::Min | F::Max, [Value::List(items)], _) => match items.split_first() {
            None => Err("an empty list has neither a least nor a greatest number".into()),
            Some((first, rest)) => {
                rest.iter().try_fold(first.clone(), |best, item| self::function(function, &[best, item.clone()]))
            }
        },
        (F::Abs, [Value::Int(i)], _) => i.checked_abs().map(Value::Int).ok_or("the number is too large".into()),
        (F::Abs, _, Some((v, d))) => finite(v.abs(), d),
        (F::Ceil, _, Some((v, _))) => whole(v.ceil()),
        (F::Floor, _, Some((v, _))) => whole(v.floor()),
        (F::Round, _, Some((v, _))) => whole(v.round()),
        (F::Sin, _, Some((v, _))) => finite(libm::sin(v), Dimension::RATIO),
        (F::Cos, _, Some((v, _))) => finite(libm::cos(v), Dimension::RATIO),
        (F::Tan, _, Some((v, _))) => finite(libm::tan(v), Dimension::RATIO),
        (F::Sqrt, _, Some((v, _))) if v < 0.0 => Err("square root of a negative number".into()),
        (F::Sqrt, _, Some((v, d))) => finite(v.sqrt(), d.root().ok_or("it has no square root")?),
        (F::Min | F::Max, [a, b], Some((x, _))) => {
            let Some((y, _)) = number(b) else { return misfit() };
            let first = if function == F::Min { x <= y } else { x >= y };
            unify(if first { a } else { b }, args)
        }
        (F::Clamp, [v, low, high], Some((x, _))) => {
            let (Some((l, _)), Some((h, _))) = (number(low), number(high)) else { return misfit() };
            if l > h {
                return Err("the lower limit is above the upper".into());
            }
            unify(
                if x < l {
                    low
                } else if x > h {
                    high
                } else {
                    v
                },
                args,
            )
        }
        (F::Rgb, [r, g, b], _) => {
            let channel = |v: &Value| number(v).map_or(0.0, |(v, _)| v as f32);
            let color = [channel(r), channel(g), channel(b)];
            if color.iter().all(|c| c.is_finite()) { Ok(Value::Color(color)) } else { misfit() }
        }
        (F::Lerp, [a, b, t], _) => {
            let Some((t, _)) = number(t) else { return misfit() };
            let weight = |w: f64| Value::Quantity(w, Dimension::RATIO);
            let left = binary(BinaryOp::Multiply, a, &weight(1.0 - t))?;
            binary(BinaryOp::Add, &left, &binary(BinaryOp::Multiply, b, &weight(t))?)
        }
        _ => crate::functions::value(function, args).unwrap_or_else(misfit),
    }
}

/// A chosen argument in the type that all arguments share: whole only when all are.
fn unify(chosen: &Value, args: &[Value]) -> Result<Value, String> {
    let whole = args.iter().all(|a| matches!(a, Value::Int(_)));
    match (chosen, whole) {
        (Value::Int(i), false) => finite(*i as f64, Dimension::RATIO),
        _ => Ok(chosen.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(result: Result<Value, String>) -> u64 {
        match result {
            Ok(Value::Quantity(v, _)) => v.to_bits(),
            other => panic!("no quantity: {other:?}"),
        }
    }

    /// Cache keys and pictures are made of these numbers.
    #[test]
    fn bits_are_fixed() {
        let angle = |v: f64| Value::Quantity(v, Dimension::ANGLE);
        let ratio = |v: f64| Value::Quantity(v, Dimension::RATIO);
        let found: Vec<u64> = [(Function::Sin, 0.7), (Function::Cos, 0.7), (Function::Tan, 1.5), (Function::Sin, 1e5)]
            .map(|(f, x)| bits(function(f, &[angle(x)])))
            .into_iter()
            .chain(
                [(2.0, 0.5), (0.3, 2.7), (1e-3, -1.5)]
                    .map(|(x, y)| bits(binary(BinaryOp::Power, &ratio(x), &ratio(y)))),
            )
            .chain(
                [(1.1, 7), (1.1, -7), (0.001, 12)]
                    .map(|(x, n)| bits(binary(BinaryOp::Power, &ratio(x), &Value::Int(n)))),
            )
            .collect();
        assert_eq!(found, BITS, "{found:#x?}");
    }

    const BITS: [u64; 10] = [
        0x3fe4_9d6e_6946_19b8,
        0x3fe8_7996_529f_9d93,
        0x402c_33ed_50b8_8777,
        0x3fa2_4daa_9c52_7e96,
        0x3ff6_a09e_667f_3bcd,
        0x3fa3_d685_8f50_590e,
        0x40de_e1b1_b3d7_8c7a,
        0x3fff_2df1_fb5a_7ed7,
        0x3fe0_6bca_92ef_4a05,
        0x3875_4484_932d_2e72,
    ];

    #[test]
    fn whole_powers_are_exact_where_a_double_is() {
        for (x, n, wanted) in
            [(10.0, 15, 1e15), (2.0, -8, 1.0 / 256.0), (-3.0, 3, -27.0), (5.5, 0, 1.0), (0.5, -128, 2f64.powi(128))]
        {
            assert_eq!(whole_power(x, n), wanted, "{x}^{n}");
        }
    }
}
