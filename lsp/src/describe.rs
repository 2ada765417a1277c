//! Definitions, nodes and values in words: as the language writes them.

use scenec_compiler::index::Kind;
use scenec_compiler::manual;
use scenec_ir::dimension::show;
use scenec_ir::node::NodeDecl;
use scenec_ir::{Type, Value, srgb};

use crate::outline;
use crate::view::View;

/// Items of a list that are shown.
const MOST_ITEMS: usize = 8;

/// A value as the language writes it.
pub(crate) fn value(value: &Value) -> String {
    let many = |values: &[f64], d| values.iter().map(|v| show(*v, d)).collect::<Vec<_>>().join(", ");
    match value {
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Quantity(v, d) => show(*v, *d),
        Value::Text(text) => format!("{text:?}"),
        Value::Color(c) => match c.iter().all(|v| (0.0..=1.0).contains(v)) {
            true => {
                let [r, g, b] = c.map(|v| (srgb::encode(v) * 255.0).round() as u8);
                format!("#{r:02x}{g:02x}{b:02x}")
            }
            false => format!("rgb({})", c.map(|v| v.to_string()).join(", ")),
        },
        Value::Vec2(v, d) => format!("({})", many(v, *d)),
        Value::Vec3(v, d) => format!("({})", many(v, *d)),
        Value::Member(name) => name.clone(),
        Value::List(items) => {
            let shown: Vec<String> = items.iter().take(MOST_ITEMS).map(self::value).collect();
            let more = if items.len() > MOST_ITEMS { ", …" } else { "" };
            format!("[{}{more}]", shown.join(", "))
        }
        Value::IntRange(low, high) => format!("{low}..{high}"),
        Value::Range([low, high], d) => format!("{}..{}", show(*low, *d), show(*high, *d)),
        Value::Record(fields) => {
            let fields: Vec<String> = fields.iter().map(|(name, v)| format!("{name}: {}", self::value(v))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        Value::None => "none".to_owned(),
    }
}

/// ` = 4m`, or nothing for what is not known before the program runs.
pub(crate) fn equals(known: Option<&Value>) -> String {
    known.map_or_else(String::new, |v| format!(" = {}", value(v)))
}

/// The declaration of a definition in one line.
pub(crate) fn signature(view: &View<'_>, at: usize) -> String {
    let def = view.definition(at);
    let name = &def.name;
    let typed = |text: &str| match &def.ty {
        Type::Unknown => text.to_owned(),
        ty => format!("{text}: {ty}"),
    };
    let own = |at: usize| view.definition(at).name.clone();
    let private = if def.is_private { "private " } else { "" };
    let text = match &def.kind {
        Kind::Alias(module) => {
            let path = module.map_or("?", |m| view.index().modules[m].path.as_str());
            format!("use \"{path}\" as {name}")
        }
        Kind::Asset { path, .. } => format!("asset {name} = gltf(\"{path}\")"),
        Kind::Param if def.owner.is_none() => format!("param {}", declared(view, at)),
        Kind::Param | Kind::Variant | Kind::Field { .. } => declared(view, at),
        Kind::Let => format!("let {}{}", typed(name), equals(view.index().values().of(at).as_ref())),
        Kind::Enum(ty) => format!("enum {name} {{ {} }}", ty.members.join(", ")),
        Kind::Layer(layer) => format!("{} {name}", layer.keyword()),
        Kind::Thing => match def.owner {
            Some(owner) => typed(&format!("{}.{name}", own(owner))),
            None => typed(name),
        },
        Kind::Component => format!("component {name}({})", parameters(view, at)),
        Kind::Bible => format!("bible {name}({})", parameters(view, at)),
        Kind::Function => typed(&format!("fn {name}({})", parameters(view, at))),
        Kind::Image => match parameters(view, at) {
            none if none.is_empty() => typed(&format!("image {name}")),
            parameters => typed(&format!("image {name}({parameters})")),
        },
        Kind::Pose => format!("pose {name}"),
        Kind::Override => format!("override {name}"),
        Kind::Rule => "rule".to_owned(),
        Kind::Camera => format!("camera {name}"),
        Kind::Shot => format!("shot {name}"),
        Kind::Cut => format!("cut {name}"),
        Kind::Output => format!("output {name}"),
        Kind::Test => format!("{} \"{name}\"", def.noun),
        Kind::Failed => name.clone(),
    };
    format!("{private}{text}")
}

fn parameters(view: &View<'_>, owner: usize) -> String {
    let params = view.index().members(owner).filter(|(_, d)| d.is_parameter());
    params.map(|(at, _)| declared(view, at)).collect::<Vec<_>>().join(", ")
}

/// `length: Length in 1m..9m = 4m`: as it is written when that says the type, else with the type that was found.
pub(crate) fn declared(view: &View<'_>, at: usize) -> String {
    let def = view.definition(at);
    let entry = outline::find(&view.index().modules[def.module].ast, def.span);
    let written = entry.map(|e| view.written(e.span)).filter(|_| matches!(def.kind, Kind::Param));
    let text = written.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    match text.map(|text| text.strip_prefix("param ").unwrap_or(&text).to_owned()) {
        Some(text) if text[def.name.len().min(text.len())..].trim_start().starts_with(':') => text,
        _ if def.ty == Type::Unknown => def.name.clone(),
        _ => format!("{}: {}{}", def.name, def.ty, equals(def.value.as_ref())),
    }
}

/// The `///` lines of a definition, and what else is worth knowing.
pub(crate) fn documentation(view: &View<'_>, at: usize) -> String {
    let def = view.definition(at);
    let entry = outline::find(&view.index().modules[def.module].ast, def.span);
    let mut text = entry.map_or_else(String::new, |e| e.doc.to_owned());
    if let Kind::Asset { names: Some(names), .. } = &def.kind {
        let counts = [
            ("nodes", names.nodes.len()),
            ("meshes", names.meshes.len()),
            ("materials", names.materials.len()),
            ("variants", names.variants.len()),
            ("clips", names.clips.len()),
            ("skins", names.skins.len()),
            ("cameras", names.cameras.len()),
        ];
        let counts: Vec<String> =
            counts.iter().filter(|(_, n)| *n > 0).map(|(what, n)| format!("{what}: {n}")).collect();
        text += &format!("{}{}", if text.is_empty() { "" } else { "\n\n" }, counts.join(", "));
    }
    text
}

/// Signature and documentation of a parameter or port of a node. A name may be both: a value or a thing is given.
pub(crate) fn parameter(decl: &NodeDecl, name: &str) -> (String, String) {
    let param = decl.params.iter().find(|p| p.name == name).map(|p| (p.signature(), p.doc));
    let port = decl.ports.iter().find(|p| p.name == name).map(|p| (p.signature(), p.doc));
    let both: Vec<(String, &str)> = param.into_iter().chain(port).collect();
    let signatures: Vec<String> = both.iter().map(|(s, _)| s.clone()).collect();
    let mut docs: Vec<&str> = both.iter().map(|(_, d)| *d).collect();
    docs.dedup();
    // Two words may say one thing of a placement.
    let clause = manual::CLAUSES.iter().find(|clause| clause.name == name && both.is_empty());
    if let Some(clause) = clause {
        return (clause.form.to_owned(), clause.doc.to_owned());
    }
    (signatures.join("\n"), docs.join("\n\n"))
}

/// `gear(teeth: Int in 6..1000, …)` over several lines when it is long.
pub(crate) fn node_signature(decl: &NodeDecl) -> String {
    let line = format!("{}: {}", decl.signature(), decl.output);
    if line.len() <= 80 {
        return line;
    }
    let params = decl.params.iter().map(|p| p.signature());
    let ports = decl.written_ports().map(|p| p.signature());
    let lines: Vec<String> = params.chain(ports).map(|p| format!("  {p},\n")).collect();
    format!("{}(\n{}): {}", decl.name, lines.concat(), decl.output)
}
