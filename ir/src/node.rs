//! Node declarations: what a node kind takes, gives and means. Declarations are data; the checker, the manual, hover and
//! error texts read them, and the behaviour is a file of the same stem in the runtime.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Dimension, Encoding, Type, Value};

/// Where a node stands in the layered graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Layer {
    /// Sky, ground, what stands still.
    Environment,
    /// Figures.
    Character,
    /// Machines and props.
    Engineering,
    /// Cameras, stage, rendering, images and outputs.
    Generation,
}

impl Layer {
    /// Keyword of the layer's block; generation has none.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Character => "character",
            Self::Engineering => "engineering",
            Self::Generation => "generation",
        }
    }

    /// True when a thing of this layer may refer to things of `other`. Characters and machines stand on the
    /// environment and may hold each other's parts; the environment knows neither.
    pub fn may_read(self, other: Self) -> bool {
        match self {
            Self::Environment => other == Self::Environment,
            Self::Character | Self::Engineering => other != Self::Generation,
            Self::Generation => true,
        }
    }
}

/// What flows along an edge of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Wire {
    /// Placed geometry with named parts.
    Thing,
    /// A surface.
    Material,
    /// An analytic light (a sun).
    Light,
    /// What is behind everything.
    Sky,
    /// What is between everything.
    Fog,
    /// A camera.
    Camera,
    /// All layers composed.
    Stage,
    /// A picture.
    Image(Encoding),
    /// What camera rays meet, pixel by pixel.
    Aovs,
    /// A file that was written.
    File,
    /// A value that is read off the stage.
    Reading(Reading),
}

/// What is read off the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reading {
    /// Truth.
    Bool,
    /// A count.
    Int,
    /// A share, 0 to 1.
    Ratio,
    /// A length.
    Length,
    /// An amount of memory.
    Bytes,
    /// A box: `min`, `max`, `size`, `center`.
    Bounds,
    /// What a budget limits: a record of totals, each with those that take most of it.
    Usage,
}

impl Reading {
    /// The type of its value in an expression; a usage stands in none.
    pub fn ty(self) -> Type {
        match self {
            Self::Bool => Type::Bool,
            Self::Int => Type::Int,
            Self::Ratio => Type::Quantity(Dimension::RATIO),
            Self::Length => Type::Quantity(Dimension::LENGTH),
            Self::Bytes => Type::Quantity(Dimension::DATA),
            Self::Bounds => Type::Bounds,
            Self::Usage => Type::Unknown,
        }
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(encoding) => f.write_str(encoding.type_name()),
            Self::Reading(Reading::Usage) => f.write_str("Usage"),
            Self::Reading(reading) => write!(f, "{}", reading.ty()),
            other => write!(f, "{other:?}"),
        }
    }
}

/// Type of a parameter, in a form that constants can hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParamType {
    /// Truth.
    Bool,
    /// Whole number.
    Int,
    /// Number with a dimension.
    Quantity(Dimension),
    /// A list of numbers with a dimension.
    Quantities(Dimension),
    /// Text.
    Text,
    /// Colour.
    Color,
    /// Two numbers; a single number stands for both.
    Vec2(Dimension),
    /// Three numbers; for a `Ratio` a single number stands for all three.
    Vec3(Dimension),
    /// One of these members, written bare.
    Enum(&'static [&'static str]),
    /// A list of some of these members, none of them twice.
    Members(&'static [&'static str]),
    /// One frame or a half-open range of frames.
    Frames,
    /// A glTF asset (an `asset` item's name).
    Asset,
    /// The name of something inside the node's `asset` parameter; checked against the asset.
    AssetName(AssetNames),
    /// A pose: joint channels with angles.
    Pose,
    /// Values by `material.property`. Only the compiler writes it.
    Surfaces,
    /// Names of parameters of the program or its modules. Only the compiler sees it.
    Parameters,
    /// Path of a file to write, with `{shot}`, `{frame:4}`, `{output}` in it.
    OutputPath,
    /// Path of a file to read, relative to the module that names it. In the graph: relative to the root module's folder.
    InputPath,
    /// A shot. Only the compiler sees it: in the graph it has become the ports `stage` and `camera`.
    Shot,
    /// Shots, each perhaps with a range of frames behind it. Only the compiler sees it.
    Shots,
}

/// Which names of an asset a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssetNames {
    /// Nodes.
    Node,
    /// Meshes.
    Mesh,
    /// Skins.
    Skin,
    /// Material variants.
    Variant,
    /// Animation clips.
    Clip,
    /// Cameras.
    Camera,
}

/// Default of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    /// The parameter must be given.
    Required,
    /// May be left out; the behaviour sees that it is absent.
    Absent,
    /// Truth.
    Bool(bool),
    /// Whole number.
    Int(i64),
    /// Number in SI units.
    Number(f64),
    /// Text.
    Text(&'static str),
    /// Linear Rec. 709.
    Color([f32; 3]),
    /// Two numbers in SI units.
    Vec2([f64; 2]),
    /// Three numbers in SI units.
    Vec3([f64; 3]),
    /// A member of the enumeration.
    Member(&'static str),
}

/// One constant argument of a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Param {
    /// Name as written.
    pub name: &'static str,
    /// Type.
    pub ty: ParamType,
    /// Default.
    pub default: Default,
    /// Closed range of legal numbers (of every component) in SI units.
    pub range: Option<(f64, f64)>,
    /// One or two sentences for the manual.
    pub doc: &'static str,
}

impl Param {
    /// A required parameter.
    pub const fn new(name: &'static str, ty: ParamType, doc: &'static str) -> Self {
        Self { name, ty, default: Default::Required, range: None, doc }
    }

    /// Gives it a default.
    pub const fn or(mut self, default: Default) -> Self {
        self.default = default;
        self
    }

    /// The value that it has when it is not given; `None` when it must be given or is absent then.
    pub fn default_value(&self) -> Option<Value> {
        let dimension = self.ty.dimension().unwrap_or_default();
        match self.default {
            Default::Required | Default::Absent => None,
            Default::Bool(b) => Some(Value::Bool(b)),
            Default::Int(i) => Some(Value::Int(i)),
            Default::Number(v) => Some(match self.ty {
                ParamType::Vec2(d) => Value::Vec2([v; 2], d),
                ParamType::Vec3(d) => Value::Vec3([v; 3], d),
                _ => Value::Quantity(v, dimension),
            }),
            Default::Text(text) => Some(Value::Text(text.to_owned())),
            Default::Color(c) => Some(Value::Color(c)),
            Default::Vec2(v) => Some(Value::Vec2(v, dimension)),
            Default::Vec3(v) => Some(Value::Vec3(v, dimension)),
            Default::Member(member) => Some(Value::Member(member.to_owned())),
        }
    }

    /// Limits its numbers, ends included, in SI units.
    pub const fn within(mut self, low: f64, high: f64) -> Self {
        self.range = Some((low, high));
        self
    }
}

/// How many edges a port takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// Exactly one.
    One,
    /// None or one.
    Optional,
    /// One or more; written as a list, or one alone.
    Some,
    /// Any number; written in the same way.
    Many,
}

/// Who says what comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver {
    /// The program.
    Author,
    /// The program may; else the compiler does.
    Either,
    /// The compiler. The port has no name in programs.
    Compiler,
}

/// One argument of a node that is another node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Port {
    /// Name as written.
    pub name: &'static str,
    /// What it takes.
    pub wire: Wire,
    /// What it takes besides.
    pub also: &'static [Wire],
    /// Who says what comes in.
    pub giver: Giver,
    /// How many.
    pub arity: Arity,
    /// True when a part of a thing (`hero.head`) may be given, not only a whole one.
    pub takes_part: bool,
    /// True when that part may be a place (`hero.top`), which has no shape of its own.
    pub takes_place: bool,
    /// One or two sentences for the manual.
    pub doc: &'static str,
}

impl Port {
    /// A port that takes exactly one whole node.
    pub const fn new(name: &'static str, wire: Wire, doc: &'static str) -> Self {
        Self {
            name,
            wire,
            also: &[],
            giver: Giver::Author,
            arity: Arity::One,
            takes_part: false,
            takes_place: false,
            doc,
        }
    }

    /// Lets it take other wires.
    pub const fn or(mut self, also: &'static [Wire]) -> Self {
        self.also = also;
        self
    }

    /// Lets the compiler give it where the program does not.
    pub const fn either(mut self) -> Self {
        self.giver = Giver::Either;
        self
    }

    /// Lets only the compiler give it.
    pub const fn internal(mut self) -> Self {
        self.giver = Giver::Compiler;
        self
    }

    /// True when it takes this.
    pub fn takes(&self, wire: Wire) -> bool {
        self.wire == wire || self.also.contains(&wire)
    }

    /// Makes it optional.
    pub const fn optional(mut self) -> Self {
        self.arity = Arity::Optional;
        self
    }

    /// Lets it take any number.
    pub const fn many(mut self) -> Self {
        self.arity = Arity::Many;
        self
    }

    /// Lets it take any number, and at least one.
    pub const fn some(mut self) -> Self {
        self.arity = Arity::Some;
        self
    }

    /// Lets it take named parts.
    pub const fn part(mut self) -> Self {
        self.takes_part = true;
        self.takes_place = true;
        self
    }

    /// Lets it take named parts that have a shape.
    pub const fn piece(mut self) -> Self {
        self.takes_part = true;
        self
    }
}

/// How equal two runs of a node are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Determinism {
    /// Same bytes everywhere.
    Exact,
    /// Same bytes on one executor; the executor class enters the cache key.
    Device,
    /// Comes from outside; the result is stored, never recomputed silently.
    Oracle,
}

/// What the parameters of a node must be to each other. The compiler says it when one is broken, of a call as of what overrides make of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// At most one of them is given.
    OneOf {
        /// Names of parameters.
        params: &'static [&'static str],
        /// What each of them says, for a message: `how strong the lamp is`.
        what: &'static str,
    },
    /// A parameter that does nothing without another one.
    Needs {
        /// Its name.
        param: &'static str,
        /// Name of the other.
        other: &'static str,
        /// Why, and what to write: the hint of the message.
        hint: &'static str,
    },
    /// Two points between which there is a direction: they are not the same.
    Apart {
        /// Names of parameters.
        points: [&'static str; 2],
        /// What to write: the hint of the message.
        hint: &'static str,
    },
}

/// A node kind.
#[derive(Clone, Copy, Debug)]
pub struct NodeDecl {
    /// Name as written in a call; a kind with a `.` (`gltf.node`) is a method of an asset: `helmet.node("x")`.
    pub name: &'static str,
    /// Counts changes of behaviour; enters cache keys.
    pub version: u32,
    /// Layers in whose blocks it may be called; empty for all (materials).
    pub layers: &'static [Layer],
    /// What it gives.
    pub output: Wire,
    /// Constant arguments. The first required one may be given without its name. A name may be both a parameter and a
    /// port (`look_at` takes a point or a thing): the type of the argument decides, and one of the two is given.
    pub params: &'static [Param],
    /// What they must be to each other.
    pub rules: &'static [Rule],
    /// Arguments that are nodes.
    pub ports: &'static [Port],
    /// Places and parts that every such thing has (`top`), besides those of its asset.
    pub parts: &'static [&'static str],
    /// True when its result depends on the time of the frame: it gets a parameter `frame_time` in seconds.
    pub timed: bool,
    /// True when it touches the world outside (writes a file).
    pub effect: bool,
    /// False for nodes that only the compiler makes (`stage`, `place`).
    pub callable: bool,
    /// How equal two runs are.
    pub determinism: Determinism,
    /// First line one short sentence, then what a user must know. Units and formulas are named.
    pub doc: &'static str,
    /// A whole program that the tests compile; empty only when not callable.
    pub example: &'static str,
}

impl NodeDecl {
    /// A base to build declarations on: `NodeDecl { name: …, ..NodeDecl::BASE }`.
    pub const BASE: Self = Self {
        name: "",
        version: 1,
        layers: &[],
        output: Wire::Thing,
        params: &[],
        rules: &[],
        ports: &[],
        parts: &[],
        timed: false,
        effect: false,
        callable: true,
        determinism: Determinism::Exact,
        doc: "",
        example: "",
    };

    /// True when the program must give this port.
    pub fn needs(&self, port: &Port) -> bool {
        port.giver == Giver::Author && matches!(port.arity, Arity::One | Arity::Some)
    }

    /// The parameter of a name.
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|p| p.name == name)
    }

    /// The port of a name.
    pub fn port(&self, name: &str) -> Option<&Port> {
        self.ports.iter().find(|p| p.name == name)
    }
}
