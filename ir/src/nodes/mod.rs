//! The node kinds. Adding one is a file here, its line in [`all`], and a behaviour of the same stem in the runtime.

use crate::node::{NodeDecl, Param, ParamType};
use crate::Value;

/// Every declaration, in the order of the manual.
pub fn all() -> &'static [&'static NodeDecl] {
    &[]
}

/// The declaration of a name.
pub fn find(name: &str) -> Option<&'static NodeDecl> {
    all().iter().copied().find(|d| d.name == name)
}

/// Why a value does not fit a parameter, or `None` when it does.
pub fn misfit(param: &Param, value: &Value) -> Option<String> {
    let numbers: Vec<f64> = match (param.ty, value) {
        (ParamType::Bool, Value::Bool(_))
        | (ParamType::Text | ParamType::OutputPath | ParamType::InputPath, Value::Text(_))
        | (ParamType::Asset | ParamType::AssetName(_), Value::Text(_))
        | (ParamType::Pose, Value::Record(_))
        | (ParamType::Frames, Value::IntRange(..)) => return None,
        (ParamType::Color, Value::Color(c)) => c.map(f64::from).to_vec(),
        (ParamType::Enum(members), Value::Member(m)) => {
            return (!members.contains(&m.as_str())).then(|| format!("`{m}` is none of {}", members.join(", ")));
        }
        (ParamType::Int, Value::Int(i)) => vec![*i as f64],
        (ParamType::Quantity(want), Value::Quantity(v, have)) if want == *have => vec![*v],
        (ParamType::Vec2(want), Value::Vec2(v, have)) if want == *have => v.to_vec(),
        (ParamType::Vec3(want), Value::Vec3(v, have)) if want == *have => v.to_vec(),
        _ => return Some("the value is of another type".into()),
    };
    if numbers.iter().any(|n| !n.is_finite()) {
        return Some("the number is not finite".into());
    }
    let (low, high) = param.range?;
    let bad = numbers.into_iter().find(|n| !(low..=high).contains(n))?;
    Some(format!("{bad} is not within {low}..{high} (SI units)"))
}
