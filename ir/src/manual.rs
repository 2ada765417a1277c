//! The manual of a node, made from its declaration. Error texts quote the same lines.

use std::fmt;

use crate::Dimension;
use crate::dimension::show;
use crate::node::{Arity, AssetNames, Default, Determinism, Giver, NodeDecl, Param, ParamType, Port};

impl fmt::Display for ParamType {
    /// As a declaration would write it: `Length`, `Vec3<Length>`, `srgb | agx`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("Bool"),
            Self::Int => f.write_str("Int"),
            Self::Quantity(d) => write!(f, "{d}"),
            Self::Quantities(d) => write!(f, "List<{d}>"),
            Self::Text => f.write_str("Text"),
            Self::Color => f.write_str("Color"),
            Self::Vec2(d) => write!(f, "Vec2<{d}>"),
            Self::Vec3(d) => write!(f, "Vec3<{d}>"),
            Self::Enum(members) => f.write_str(&members.join(" | ")),
            Self::Frames => f.write_str("Frames"),
            Self::Asset => f.write_str("Asset"),
            Self::AssetName(names) => f.write_str(match names {
                AssetNames::Node => "name of a node",
                AssetNames::Mesh => "name of a mesh",
                AssetNames::Skin => "name of a skin",
                AssetNames::Variant => "name of a variant",
                AssetNames::Clip => "name of a clip",
                AssetNames::Camera => "name of a camera",
            }),
            Self::Pose => f.write_str("Pose"),
            Self::Members(members) => write!(f, "List<{}>", members.join(" | ")),
            Self::Surfaces => f.write_str("Surfaces"),
            Self::Parameters => f.write_str("names of parameters"),
            Self::OutputPath => f.write_str("path of a file to write"),
            Self::InputPath => f.write_str("path of a file to read"),
            Self::Shot => f.write_str("Shot"),
            Self::Shots => f.write_str("List<Shot>"),
        }
    }
}

impl ParamType {
    /// The dimension of its numbers.
    pub fn dimension(&self) -> Option<Dimension> {
        match *self {
            Self::Quantity(d) | Self::Quantities(d) | Self::Vec2(d) | Self::Vec3(d) => Some(d),
            Self::Int | Self::Color => Some(Dimension::RATIO),
            _ => None,
        }
    }
}

impl Param {
    /// Its declaration in one line: `turbidity: Ratio in 1.7..10 = 3`. The range's ends are legal.
    pub fn signature(&self) -> String {
        let dimension = self.ty.dimension().unwrap_or_default();
        let number = |v: f64| show(v, dimension);
        let mut text = format!("{}: {}", self.name, self.ty);
        if let Some(range) = self.range_text() {
            text += &format!(" in {range}");
        }
        let many = |values: &[f64]| values.iter().map(|&v| number(v)).collect::<Vec<_>>().join(", ");
        match self.default {
            Default::Required | Default::Absent => {}
            Default::Bool(b) => text += &format!(" = {b}"),
            Default::Int(i) => text += &format!(" = {i}"),
            Default::Number(v) => text += &format!(" = {}", number(v)),
            Default::Text(t) => text += &format!(" = {t:?}"),
            Default::Color(c) => text += &format!(" = rgb({})", c.map(|v| v.to_string()).join(", ")),
            Default::Vec2(v) => text += &format!(" = ({})", many(&v)),
            Default::Vec3(v) => text += &format!(" = ({})", many(&v)),
            Default::Member(m) => text += &format!(" = {m}"),
        }
        text
    }

    /// Its legal range with units, ends included: `6..1000`, `1mm..10m`.
    pub fn range_text(&self) -> Option<String> {
        let dimension = self.ty.dimension()?;
        self.range.map(|(low, high)| format!("{}..{}", show(low, dimension), show(high, dimension)))
    }
}

impl Port {
    /// Its declaration in one line: `material: Material?`, `parts: List<Thing>`.
    pub fn signature(&self) -> String {
        let wires: Vec<_> = std::iter::once(&self.wire).chain(self.also).map(ToString::to_string).collect();
        let wires = wires.join(" | ");
        match self.arity {
            Arity::One if self.giver == Giver::Author => format!("{}: {wires}", self.name),
            Arity::One | Arity::Optional => format!("{}: {wires}?", self.name),
            Arity::Some | Arity::Many => format!("{}: List<{wires}>", self.name),
        }
    }
}

impl NodeDecl {
    /// The ports that its manual tells of: those that a program may name, or all of a kind that no program calls.
    pub fn written_ports(&self) -> impl Iterator<Item = &Port> {
        self.ports.iter().filter(|p| !self.callable || p.giver != Giver::Compiler)
    }

    /// Its declaration in one line: `view(transform: srgb | agx | neutral, exposure: Stops = 0stop, image: …)`.
    pub fn signature(&self) -> String {
        let params = self.params.iter().map(Param::signature);
        let ports = self.written_ports().map(Port::signature);
        format!("{}({})", self.name, params.chain(ports).collect::<Vec<_>>().join(", "))
    }

    /// Its page as plain text (Markdown).
    pub fn manual(&self) -> String {
        let mut page = format!("# {}\n\n{}\n\n", self.name, self.doc);
        let layers: Vec<_> = self.layers.iter().map(|l| l.keyword()).collect();
        let layers = if layers.is_empty() { "any".to_owned() } else { layers.join(", ") };
        page += &format!("Gives: {}. Layers: {layers}.", self.output);
        if self.timed {
            page += " Depends on the frame's time.";
        }
        if self.determinism == Determinism::Device {
            page += " The last bits depend on the device.";
        }
        page += "\n";
        if !self.params.is_empty() || self.written_ports().next().is_some() {
            page += "\n";
        }
        for param in self.params {
            let need = if param.default == Default::Required { " (required)" } else { "" };
            page += &format!("* `{}`{need}: {}\n", param.signature(), param.doc);
        }
        for port in self.written_ports() {
            let part = if port.takes_part { " (or a part of one)" } else { "" };
            page += &format!("* `{}`{part}: {}\n", port.signature(), port.doc);
        }
        if !self.parts.is_empty() {
            page += &format!("\nParts: {}.\n", self.parts.join(", "));
        }
        if !self.example.is_empty() {
            page += &format!("\n```ngs\n{}```\n", self.example);
        }
        page
    }
}

/// The pages of all nodes, in the order of the manual.
pub fn all_pages() -> String {
    crate::nodes::all().iter().map(|decl| decl.manual()).collect::<Vec<_>>().join("\n")
}
