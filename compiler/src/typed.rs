//! The typed program: what `check` makes of the AST and `lower` reads.

use std::sync::Arc;

use scenec_grammar::ast::{BinaryOp, UnaryOp};
use scenec_grammar::words::CLAUSES;
use scenec_ir::node::{NodeDecl, Param, Port};
use scenec_ir::{Layer, Span, Type, Value};

use crate::curve::Way;
use crate::ops::Function;
use crate::resolve::{DefId, References};

/// A typed expression.
#[derive(Clone, Debug)]
pub struct Term {
    /// What it is.
    pub kind: TermKind,
    /// Its type.
    pub ty: Type,
    /// The parts that it has when it is a thing, or that each has when it is a list of things.
    pub shape: Shape,
    /// Where it was written.
    pub span: Span,
}

impl Term {
    /// An expression that has its error already.
    pub fn failed(span: Span) -> Self {
        Self { kind: TermKind::Failed, ty: Type::Unknown, shape: Shape::Unknown, span }
    }

    /// A constant.
    pub fn constant(value: Value, ty: Type, span: Span) -> Self {
        Self { kind: TermKind::Const(value), ty, shape: Shape::None, span }
    }

    /// An expression without parts.
    pub fn new(kind: TermKind, ty: Type, span: Span) -> Self {
        Self { kind, ty, shape: Shape::None, span }
    }

    /// Its value, when it is a constant.
    pub fn value(&self) -> Option<&Value> {
        match &self.kind {
            TermKind::Const(value) => Some(value),
            _ => None,
        }
    }
}

impl TermKind {
    /// What an operator or function works on, in order; `None` for what is neither. [`TermKind::with_operands`] puts others in.
    pub fn operands(&self) -> Option<Vec<&Term>> {
        Some(match self {
            Self::Unary(_, a) | Self::Coerce(_, a) | Self::Component(_, a) => vec![a],
            Self::Binary(_, a, b) | Self::Range(a, b) => vec![a, b],
            Self::Tuple(items) | Self::List(items) | Self::Function(_, items) => items.iter().collect(),
            Self::If(parts) => parts.iter().collect(),
            Self::Index(parts) => parts.iter().collect(),
            Self::Text(pieces) => pieces
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Value(term, _) => Some(term),
                    _ => None,
                })
                .collect(),
            _ => return None,
        })
    }

    /// The same operator or function of these operands, of which there are as many.
    pub fn with_operands(&self, operands: Vec<Term>) -> Self {
        let mut operands = operands.into_iter();
        let mut next = |own: &Term| operands.next().unwrap_or_else(|| own.clone());
        match self {
            Self::Unary(op, a) => Self::Unary(*op, Box::new(next(a))),
            Self::Coerce(step, a) => Self::Coerce(*step, Box::new(next(a))),
            Self::Component(axis, a) => Self::Component(*axis, Box::new(next(a))),
            Self::Binary(op, a, b) => Self::Binary(*op, Box::new(next(a)), Box::new(next(b))),
            Self::Range(a, b) => Self::Range(Box::new(next(a)), Box::new(next(b))),
            Self::Tuple(items) => Self::Tuple(items.iter().map(next).collect()),
            Self::List(items) => Self::List(items.iter().map(next).collect()),
            Self::Function(function, items) => Self::Function(*function, items.iter().map(next).collect()),
            Self::If(parts) => Self::If(Box::new([next(&parts[0]), next(&parts[1]), next(&parts[2])])),
            Self::Index(parts) => Self::Index(Box::new([next(&parts[0]), next(&parts[1])])),
            Self::Text(pieces) => {
                let put = |piece: &Piece| match piece {
                    Piece::Value(own, width) => Piece::Value(next(own), *width),
                    other => other.clone(),
                };
                Self::Text(pieces.iter().map(put).collect())
            }
            other => other.clone(),
        }
    }
}

/// Kinds of typed expressions.
#[derive(Clone, Debug)]
pub enum TermKind {
    /// Has an error.
    Failed,
    /// Known now.
    Const(Value),
    /// A definition's value.
    Ref(DefId),
    /// `-x`.
    Unary(UnaryOp, Box<Term>),
    /// `a + b`.
    Binary(BinaryOp, Box<Term>, Box<Term>),
    /// Condition, then, otherwise.
    If(Box<[Term; 3]>),
    /// Two or three numbers.
    Tuple(Vec<Term>),
    /// A list.
    List(Vec<Term>),
    /// Half-open range.
    Range(Box<Term>, Box<Term>),
    /// A list made by a `for`.
    For(Box<ForTerm>),
    /// A variable of a `for` around, by its number within the definition.
    Local(usize),
    /// A value that an opinion has put here, by its number in the pass that makes the graph.
    Given(usize),
    /// The time of the shot, or its frame.
    Now(Clock),
    /// A value that changes along keys.
    Curve(Box<CurveTerm>),
    /// List and number of its item.
    Index(Box<[Term; 2]>),
    /// Text with holes.
    Text(Vec<Piece>),
    /// A pure function.
    Function(Function, Vec<Term>),
    /// The same value in another type.
    Coerce(Coercion, Box<Term>),
    /// One number of a tuple or colour.
    Component(usize, Box<Term>),
    /// A node.
    Node(Box<NodeTerm>),
    /// A component with its arguments.
    Expand(DefId, Vec<(DefId, Term)>),
    /// A bible with its arguments and those of the figure.
    Figure(Box<FigureTerm>),
    /// A function or image with its arguments.
    Call(DefId, Vec<(DefId, Term)>),
    /// A part of a thing: names joined by `/`.
    Part(Box<Term>, String),
    /// A placed thing.
    Place(Box<PlaceTerm>),
    /// A thing of an asset with changes of its materials.
    Repaint(Box<RepaintTerm>),
    /// What a node reads off the stage, by the node's id. Only the pass that makes the graph makes it.
    Reading(String),
}

/// A piece of text.
#[derive(Clone, Debug)]
pub enum Piece {
    /// As it stands.
    Literal(String),
    /// A value with a least number of digits.
    Value(Term, Option<u8>),
    /// `{shot}`.
    Shot,
    /// `{frame:4}`.
    Frame(Option<u8>),
    /// `{output}`.
    Output,
}

/// Changes of type that keep the meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coercion {
    /// A whole number as a ratio.
    Ratio,
    /// One number for two.
    Two,
    /// One number for three.
    Three,
    /// One frame as a range of one.
    Frame,
    /// A list of whole numbers as ratios.
    List,
}

/// What moves by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Seconds since the shot's first frame.
    Time,
    /// Number of the frame.
    Frame,
}

impl Clock {
    /// Each with its name.
    pub const NAMES: &[(&'static str, Self)] = &[("t", Self::Time), ("frame", Self::Frame)];

    /// The one of a name, where no definition has it.
    pub fn of(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(own, _)| *own == name).map(|(_, clock)| *clock)
    }
}

/// A curve.
#[derive(Clone, Debug)]
pub struct CurveTerm {
    /// A number; the keys stand along it.
    pub over: Term,
    /// At least one, all of one type.
    pub keys: Vec<CurveKey>,
}

/// A key of a curve.
#[derive(Clone, Debug)]
pub struct CurveKey {
    /// Where; of the dimension of the curve's number.
    pub at: Term,
    /// What.
    pub value: Term,
    /// How it is reached from the key before.
    pub way: Way,
}

/// A `for`.
#[derive(Clone, Debug)]
pub struct ForTerm {
    /// Ranges and lists, a variable each. Variables are numbered from the outermost `for` of a definition on.
    pub over: Vec<Term>,
    /// Nothing is made where it is false.
    pub condition: Option<Term>,
    /// One item.
    pub body: Term,
}

/// A node call.
#[derive(Clone, Debug)]
pub struct NodeTerm {
    /// What it calls.
    pub decl: &'static NodeDecl,
    /// Given parameters.
    pub params: Vec<(&'static Param, Term)>,
    /// Given ports.
    pub ports: Vec<(&'static Port, Vec<Term>)>,
    /// The shot of a `render`.
    pub shot: Option<Term>,
}

/// A bible call.
#[derive(Clone, Debug)]
pub struct FigureTerm {
    /// Which.
    pub bible: DefId,
    /// Fields and variants.
    pub args: Vec<(DefId, Term)>,
    /// Arguments of the figure (`clip`, `time`, `pose`).
    pub params: Vec<(&'static Param, Term)>,
}

/// Changes of an asset's materials.
#[derive(Clone, Debug)]
pub struct RepaintTerm {
    /// Of what.
    pub thing: Term,
    /// Material, its property, and the value of that.
    pub changes: Vec<(String, &'static Param, Term)>,
}

/// A placement.
#[derive(Clone, Debug)]
pub struct PlaceTerm {
    /// What.
    pub thing: Term,
    /// `at land.point(x, z)`: thing, x, z.
    pub on: Option<[Term; 3]>,
    /// In the order of [`CLAUSES`]: a point or a place of a thing; three angles; three factors; a point, a thing, or a
    /// camera that stands at a point; a thing; a thing.
    pub clauses: [Option<Term>; CLAUSES.len()],
}

impl PlaceTerm {
    /// A placement that says nothing yet.
    pub fn new(thing: Term) -> Self {
        Self { thing, on: None, clauses: Default::default() }
    }

    /// What a clause says.
    pub fn clause(&self, name: &str) -> Option<&Term> {
        self.clauses[CLAUSES.iter().position(|c| *c == name)?].as_ref()
    }

    /// Says a clause.
    pub fn set(&mut self, name: &str, term: Term) {
        if let Some(at) = CLAUSES.iter().position(|c| *c == name) {
            self.clauses[at] = Some(term);
        }
    }
}

/// Which parts a thing has.
#[derive(Clone, Debug)]
pub enum Shape {
    /// It is no thing.
    None,
    /// Not known; every part may be there.
    Unknown,
    /// Those of a declaration.
    Decl(&'static NodeDecl),
    /// Those of a declaration, and nodes and joints of an asset.
    Asset(DefId),
    /// The things of a component.
    Members(DefId),
    /// Those that both have: the branches of an `if`, the items of a list.
    Both(Box<[Shape; 2]>),
}

impl Shape {
    /// What has the one or the other shape, it is not known before the program runs which.
    pub fn both(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (one, other) => Self::Both(Box::new([one, other])),
        }
    }
}

impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) | (Self::Unknown, Self::Unknown) => true,
            (Self::Decl(a), Self::Decl(b)) => a.name == b.name,
            (Self::Asset(a), Self::Asset(b)) | (Self::Members(a), Self::Members(b)) => a == b,
            (Self::Both(a), Self::Both(b)) => a == b,
            _ => false,
        }
    }
}

/// A set of layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layers(u8);

impl Layers {
    /// Every layer.
    pub const ALL: Self = Self(15);

    /// These, or all for none.
    pub fn of(layers: &[Layer]) -> Self {
        if layers.is_empty() { Self::ALL } else { Self(layers.iter().fold(0, |set, l| set | 1 << *l as u8)) }
    }

    /// True when `layer` is in it.
    pub fn has(self, layer: Layer) -> bool {
        self.0 & 1 << layer as u8 != 0
    }

    /// What both hold.
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// What is known of a definition.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its type as a value; `Unknown` for what is no value.
    pub ty: Type,
    /// Its parts.
    pub shape: Shape,
    /// What it is made of.
    pub body: Body,
    /// Layers that it may stand in.
    pub layers: Layers,
    /// Why not in others: a place and what stands there.
    pub layers_because: Option<(Span, &'static str)>,
    /// True when it depends on the frame's time.
    pub timed: bool,
}

/// Bodies of definitions.
#[derive(Clone, Debug)]
pub enum Body {
    /// Nothing to evaluate.
    None,
    /// `let`, things, images.
    Value(Term),
    /// Parameters, bible fields and variants.
    Param {
        /// Default.
        default: Option<Term>,
        /// Limits, both legal.
        range: Option<Limits>,
    },
    /// Camera.
    Camera(NodeTerm),
    /// Shot.
    Shot(Box<ShotBody>),
    /// Cut.
    Cut(Box<CutBody>),
    /// Output.
    Output(Box<OutputBody>),
    /// Bible.
    Bible(Box<BibleBody>),
    /// Pose: channel and angle.
    Pose(Vec<(String, Term)>),
    /// Override.
    Opinion(Box<Opinion>),
    /// What `explain` asks for.
    Query(Box<Asked>),
    /// Rule of a bible.
    Rule(Box<RuleTerm>),
    /// What must hold, a truth.
    Assert(Term),
    /// Limits of the stage.
    Budget(NodeTerm),
}

/// The property that `explain` asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Of what.
    pub target: Target,
    /// The property; empty for a parameter, and for all properties of the rest.
    pub path: Vec<String>,
    /// What the thing is worth.
    pub term: Term,
    /// Components that the path goes through, the outermost first.
    pub levels: Vec<Level>,
    /// The path as written.
    pub span: Span,
}

/// A component, or a bible, on the way to what `explain` asks for.
#[derive(Clone, Debug)]
pub struct Level {
    /// The component.
    pub owner: DefId,
    /// The thing that it is expanded to.
    pub target: Target,
    /// What that is worth.
    pub term: Term,
}

/// What an opinion is on.
#[derive(Clone, Debug)]
pub enum Target {
    /// A parameter of a module.
    Param(DefId),
    /// A camera.
    Camera(DefId),
    /// A shot, a cut or an output; only `explain` asks for one.
    Item(DefId),
    /// A thing by its id, which within a component is relative to what is expanded.
    Thing {
        /// The definition that the path begins at: ids are those of its module.
        anchor: DefId,
        /// Names joined by `/`.
        path: String,
    },
}

/// A value for a property of something else.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// Of what.
    pub target: Target,
    /// The property; empty for a parameter.
    pub path: Vec<String>,
    /// Its value.
    pub term: Term,
    /// The bible's field that is locked.
    pub lock: Option<DefId>,
    /// The word `locked`.
    pub locked: Option<Span>,
    /// All of it.
    pub span: Span,
}

impl Opinion {
    /// An opinion on what has no lock.
    pub fn new(target: Target, path: Vec<String>, term: Term, span: Span) -> Self {
        Self { target, path, term, lock: None, locked: None, span }
    }

    /// The same for two opinions on one property.
    pub fn key(&self) -> String {
        let target = match &self.target {
            Target::Param(def) => format!("param {}", def.0),
            Target::Camera(def) => format!("camera {}", def.0),
            Target::Item(def) => format!("item {}", def.0),
            Target::Thing { anchor, path } => format!("thing {} {path}", anchor.0),
        };
        format!("{target}.{}", self.path.join("."))
    }
}

/// Legal numbers of a parameter.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Least.
    pub low: f64,
    /// Greatest.
    pub high: f64,
    /// Where they were written.
    pub span: Span,
}

/// A shot.
#[derive(Clone, Debug)]
pub struct ShotBody {
    /// Its camera.
    pub camera: Option<Term>,
    /// Half-open range of frames.
    pub frames: Option<Term>,
    /// Frames per second.
    pub fps: Option<Term>,
    /// Pixels.
    pub size: Option<Term>,
    /// `set param = value`.
    pub params: Vec<(DefId, Term)>,
    /// `set thing.property = value`, of things and cameras.
    pub things: Vec<Opinion>,
}

/// An output.
#[derive(Clone, Debug)]
pub struct OutputBody {
    /// The picture.
    pub image: Option<Term>,
    /// Frames.
    pub frames: Option<Term>,
    /// Path with holes.
    pub file: Option<Term>,
    /// `write_png` or `write_exr`, when the ending is known.
    pub write: Option<NodeTerm>,
    /// It is made for every combination of these.
    pub matrix: Vec<Axis>,
}

/// A parameter of a matrix.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Which.
    pub param: DefId,
    /// Its values.
    pub values: Vec<Value>,
    /// Where it is named.
    pub span: Span,
}

/// Shots one after the other.
#[derive(Clone, Debug)]
pub struct CutBody {
    /// Shots or cuts, each with the frames that are taken of it; all when there are none.
    pub parts: Vec<(Term, Option<Term>)>,
    /// Number of the first frame.
    pub start: Option<Term>,
}

/// A bible.
#[derive(Clone, Debug)]
pub struct BibleBody {
    /// The asset.
    pub asset: DefId,
    /// `skin` or `node` of the figure, with the name; `None` for the whole scene.
    pub root: Option<(&'static str, Term)>,
    /// By variant: arms by member, each the name of an asset's variant.
    pub variants: Vec<(DefId, Vec<(String, String)>)>,
    /// The field `height`.
    pub height: Option<DefId>,
}

/// `rule condition requires requirement`.
#[derive(Clone, Debug)]
pub struct RuleTerm {
    /// When it matters.
    pub condition: Term,
    /// What must hold then.
    pub requires: Term,
    /// All of it.
    pub span: Span,
}

/// The whole program, checked.
pub struct Typed {
    /// By definition; shared with what is kept for the next check and with the index.
    pub checked: Vec<Arc<Checked>>,
    /// What each definition reads.
    pub references: References,
    /// `--set`: parameter and value.
    pub sets: Vec<(DefId, Term)>,
}

impl std::ops::Index<DefId> for Typed {
    type Output = Checked;
    fn index(&self, id: DefId) -> &Checked {
        &self.checked[id.0 as usize]
    }
}
