//! The abstract syntax tree. Every node has a span; nothing is resolved.

use scenec_ir::{Span, Spanned};

/// A name with its place.
pub type Ident = Spanned<String>;

/// One source file.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// `ngs 1`; a diagnostic exists when it is missing.
    pub edition: Option<Spanned<u32>>,
    /// Items in file order.
    pub items: Vec<Item>,
    /// The whole file.
    pub span: Span,
}

/// One top-level item.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Text of the `///` lines above it, without the slashes; empty for none.
    pub doc: String,
    /// The word `private` in front of it: other modules don't see it.
    pub private: Option<Span>,
    /// What it is.
    pub kind: ItemKind,
    /// From its first word to its last byte.
    pub span: Span,
}

/// Kinds of items.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// `use "path" as name` or `use "path" { A, B as C }`.
    Use {
        /// Path of the module, relative to this file.
        path: Spanned<String>,
        /// What comes in under which name.
        form: UseForm,
    },
    /// `asset name = gltf("path")`.
    Asset {
        /// Name.
        name: Ident,
        /// Format (`gltf`).
        format: Ident,
        /// Path relative to this file.
        path: Spanned<String>,
    },
    /// `param name: Type in range = default`.
    Param(Param),
    /// `let name: Type = value`.
    Let(Let),
    /// `enum Name { a, b }`.
    Enum(Enum),
    /// `environment name { … }`, `character name { … }`, `engineering name { … }`.
    Layer {
        /// Which layer.
        layer: Spanned<scenec_ir::Layer>,
        /// Name of the block.
        name: Ident,
        /// Statements.
        body: Vec<Stmt>,
    },
    /// `component Name(params) { … }`.
    Component {
        /// Name.
        name: Ident,
        /// Parameters.
        params: Vec<Param>,
        /// Statements.
        body: Vec<Stmt>,
    },
    /// `bible Name { … }`.
    Bible {
        /// Name.
        name: Ident,
        /// Fields, variants and poses.
        body: Vec<BibleEntry>,
    },
    /// `camera name { field: value, … }`.
    Camera {
        /// Name.
        name: Ident,
        /// Fields.
        fields: Vec<Arg>,
    },
    /// `shot name { field: value, set path = value, … }`.
    Shot {
        /// Name.
        name: Ident,
        /// Fields.
        fields: Vec<Arg>,
        /// `set` entries.
        sets: Vec<Set>,
    },
    /// `cut name { shots: [a, b[low..high]], start: frame }`.
    Cut {
        /// Name.
        name: Ident,
        /// Fields.
        fields: Vec<Arg>,
    },
    /// `fn name(x: Length, y: Ratio = 1): Length = expr`.
    Function {
        /// Name.
        name: Ident,
        /// Parameters; may be empty.
        params: Vec<Param>,
        /// Declared type of the value.
        ty: Option<TypeExpr>,
        /// Body.
        value: Expr,
    },
    /// `image name(s: Shot): Image = expr`.
    Image {
        /// Name.
        name: Ident,
        /// Parameters; empty without parentheses.
        params: Vec<Param>,
        /// Declared type.
        ty: Option<TypeExpr>,
        /// Body.
        value: Expr,
    },
    /// `override path = value`.
    Override(Override),
    /// `output name { field: value, … }`.
    Output {
        /// Name.
        name: Ident,
        /// Fields.
        fields: Vec<Arg>,
    },
    /// `test "the hero is seen" { … }`, `gate "nothing is hidden" { … }`.
    Test {
        /// A `gate`, which holds before anything is built.
        gate: bool,
        /// Its text.
        name: Ident,
        /// Statements.
        body: Vec<TestStmt>,
    },
    /// `budget { triangles: 2000000, memory: 1GB }`.
    Budget {
        /// The word `budget`.
        name: Ident,
        /// Limits.
        fields: Vec<Arg>,
    },
    /// An item that could not be parsed; its diagnostic exists. `name` is known when the keyword and name were legible, so
    /// that uses of it get no second error.
    Error {
        /// The item's name, if it could be read.
        name: Option<Ident>,
    },
}

/// What a `use` brings in.
#[derive(Clone, Debug, PartialEq)]
pub enum UseForm {
    /// All public items under one name.
    As(Ident),
    /// These items, each perhaps under another name.
    Pick(Vec<(Ident, Option<Ident>)>),
}

/// A parameter of a program, component or image.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Text of the `///` lines above it.
    pub doc: String,
    /// Name.
    pub name: Ident,
    /// Declared type.
    pub ty: Option<TypeExpr>,
    /// `in low..high`.
    pub range: Option<Expr>,
    /// Default.
    pub default: Option<Expr>,
    /// The whole declaration.
    pub span: Span,
}

/// A named value.
#[derive(Clone, Debug, PartialEq)]
pub struct Let {
    /// Name.
    pub name: Ident,
    /// Declared type.
    pub ty: Option<TypeExpr>,
    /// Value.
    pub value: Expr,
    /// The whole binding.
    pub span: Span,
}

/// A closed enumeration.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// Name.
    pub name: Ident,
    /// Members in order.
    pub members: Vec<Ident>,
    /// The whole declaration.
    pub span: Span,
}

/// A type as written: `Length`, `mira.Outfit`, `List<Length>`, `Length?`.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeExpr {
    /// Dotted name.
    pub path: Vec<Ident>,
    /// Arguments in `<>`.
    pub args: Vec<TypeExpr>,
    /// The `?` of an optional type.
    pub optional: Option<Span>,
    /// All of it.
    pub span: Span,
}

/// A statement inside a layer or a component.
#[derive(Clone, Debug, PartialEq)]
pub enum Stmt {
    /// `name = expr`: a thing with an identity.
    Bind {
        /// `///` lines.
        doc: String,
        /// Name.
        name: Ident,
        /// Value.
        value: Expr,
        /// All of it.
        span: Span,
    },
    /// `let name = expr`: a value, not a thing.
    Let(Let),
    /// `scatter name: Prototype on surface { field: value, … }`, or with `in volume`.
    Scatter {
        /// `///` lines.
        doc: String,
        /// Name.
        name: Ident,
        /// What is scattered: a call, the name of a component, or a list of these.
        prototype: Expr,
        /// `in`: inside of it. `on`: on its surface.
        inside: bool,
        /// Where on.
        on: Expr,
        /// Fields.
        fields: Vec<Arg>,
        /// All of it.
        span: Span,
    },
    /// `override path = value`.
    Override(Override),
    /// A statement that could not be parsed; its diagnostic exists.
    Error {
        /// Its name, if legible.
        name: Option<Ident>,
        /// Where.
        span: Span,
    },
}

/// A statement of a test or a gate.
#[derive(Clone, Debug, PartialEq)]
pub enum TestStmt {
    /// `let seen = visible(hero, s010)`.
    Let(Let),
    /// `assert seen > 0.5 else "the crane hides the hero"`.
    Assert {
        /// The word `assert`.
        name: Ident,
        /// What must hold.
        condition: Expr,
        /// What to say when it does not.
        reason: Option<Spanned<String>>,
        /// All of it.
        span: Span,
    },
    /// A statement that could not be parsed; its diagnostic exists.
    Error {
        /// Its name, if legible.
        name: Option<Ident>,
        /// Where.
        span: Span,
    },
}

/// An entry of a bible.
#[derive(Clone, Debug, PartialEq)]
pub enum BibleEntry {
    /// `rule outfit == gala requires height > 1.6m`.
    Rule {
        /// The word `rule`.
        name: Ident,
        /// When it matters.
        condition: Expr,
        /// What must hold then.
        requires: Expr,
        /// All of it.
        span: Span,
    },
    /// `rig: body.skin("Mira")`, `height: Length = 1.68m` or `lock eyes: Color = #5a6b3c`.
    Field {
        /// The word `lock` in front of it.
        locked: Option<Span>,
        /// `///` lines.
        doc: String,
        /// Name.
        name: Ident,
        /// Declared type; with it the field is a parameter with a default.
        ty: Option<TypeExpr>,
        /// Value.
        value: Expr,
        /// All of it.
        span: Span,
    },
    /// `enum Outfit { rain, gala }`.
    Enum(Enum),
    /// `variant outfit: Outfit = rain { rain: body.variant("rain"), … }`.
    Variant {
        /// Name of the parameter.
        name: Ident,
        /// Its enumeration.
        ty: TypeExpr,
        /// Default member.
        default: Expr,
        /// What each member selects.
        arms: Vec<Arg>,
        /// All of it.
        span: Span,
    },
    /// `pose leaning { spine.bend: 12deg, … }`.
    Pose {
        /// Name.
        name: Ident,
        /// Dotted joint channel and angle.
        channels: Vec<(Vec<Ident>, Expr)>,
        /// All of it.
        span: Span,
    },
    /// An entry that could not be parsed; its diagnostic exists.
    Error {
        /// Where.
        span: Span,
    },
}

/// `override quay.post.height = 3m`, `override locked hero.eyes = #00ff00 because "gag, s040"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// The word `locked`.
    pub locked: Option<Span>,
    /// Names, and items of lists: the thing and its property.
    pub path: Expr,
    /// The property.
    pub name: Ident,
    /// Its new value.
    pub value: Expr,
    /// Why a lock is overridden.
    pub reason: Option<Spanned<String>>,
    /// All of it.
    pub span: Span,
}

/// `set outfit = gala` inside a shot.
#[derive(Clone, Debug, PartialEq)]
pub struct Set {
    /// Names, and items of lists: a parameter, or a thing and its property.
    pub path: Expr,
    /// New value.
    pub value: Expr,
    /// All of it.
    pub span: Span,
}

/// `name: value`, or a value alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// Name, unless positional.
    pub name: Option<Ident>,
    /// Value.
    pub value: Expr,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

impl Expr {
    /// Calls `visit` with every expression that this one is made of, in the order of the text; not with what those are made of.
    pub fn parts<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        match &self.kind {
            ExprKind::Bool(_)
            | ExprKind::Number { .. }
            | ExprKind::Text(_)
            | ExprKind::Color(_)
            | ExprKind::Name(_)
            | ExprKind::Error => {}
            ExprKind::Field { base, .. } => visit(base),
            ExprKind::Index { base, index } => {
                visit(base);
                index.iter().for_each(visit);
            }
            ExprKind::Call { callee, args } => {
                visit(callee);
                args.iter().for_each(|a| visit(&a.value));
            }
            ExprKind::Pipe { input, stage } => {
                visit(input);
                visit(stage);
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(visit),
            ExprKind::Keys(keys) => keys.parts(visit),
            ExprKind::Range { low, high } => {
                visit(low);
                visit(high);
            }
            ExprKind::Unary { value, .. } => visit(value),
            ExprKind::Binary { left, right, .. } => {
                visit(left);
                visit(right);
            }
            ExprKind::If { condition, then, otherwise } => {
                visit(condition);
                visit(then);
                otherwise.iter().for_each(|e| visit(e));
            }
            ExprKind::For { clauses, condition, body } => {
                clauses.iter().for_each(|(_, over)| visit(over));
                condition.iter().for_each(|c| visit(c));
                visit(body);
            }
            ExprKind::Placed { thing, clauses } => {
                visit(thing);
                clauses.iter().for_each(|(_, e)| visit(e));
            }
        }
    }
}

/// Kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `true`, `false`.
    Bool(bool),
    /// `3`, `2.5`, `4m`, `0.02/m`, `9.81m/s^2`.
    Number {
        /// The number before its unit.
        value: f64,
        /// True when written without a point or exponent.
        whole: bool,
        /// Unit factors with exponents, in order: `m/s^2` is `[(m, 1), (s, -2)]`; empty for a bare number.
        unit: Vec<(Ident, i8)>,
    },
    /// `"text with {holes:4}"`.
    Text(Vec<TextPart>),
    /// `#3a4a55`: sRGB bytes.
    Color([u8; 3]),
    /// `gear`.
    Name(String),
    /// `base.field`.
    Field {
        /// Left side.
        base: Box<Expr>,
        /// Right side.
        name: Ident,
    },
    /// `base[index]`: one item of a list. An item that several `for` clauses have made has a part for each, `base[0, "near"]`.
    Index {
        /// The list.
        base: Box<Expr>,
        /// Which item: at least one part.
        index: Vec<Expr>,
    },
    /// `callee(args)`.
    Call {
        /// A name or a field.
        callee: Box<Expr>,
        /// Arguments.
        args: Vec<Arg>,
    },
    /// `left |> call(args)`.
    Pipe {
        /// What flows in.
        input: Box<Expr>,
        /// A call or a name.
        stage: Box<Expr>,
    },
    /// `(a, b)` or `(a, b, c)`.
    Tuple(Vec<Expr>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `(0s: 0m, 2s: 4m ease in_out)`.
    Keys(Box<Keys>),
    /// `low..high`, half-open.
    Range {
        /// First.
        low: Box<Expr>,
        /// End.
        high: Box<Expr>,
    },
    /// `-x`, `not x`.
    Unary {
        /// Operator.
        op: UnaryOp,
        /// Operand.
        value: Box<Expr>,
    },
    /// `a + b`.
    Binary {
        /// Operator with its place.
        op: Spanned<BinaryOp>,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// `if c { a } else { b }`, or `if c { a }`, which is `none` otherwise.
    If {
        /// Condition.
        condition: Box<Expr>,
        /// When true.
        then: Box<Expr>,
        /// When false.
        otherwise: Option<Box<Expr>>,
    },
    /// `for i in 0..8 for side in sides if i > 0 { body }`: a list of what the body is for every value, the last variable
    /// running fastest.
    For {
        /// Variables and the ranges or lists that they run over; at least one.
        clauses: Vec<(Ident, Expr)>,
        /// Where it is false nothing is made.
        condition: Option<Box<Expr>>,
        /// One item.
        body: Box<Expr>,
    },
    /// `thing at (…) rotate (…) scale 2 facing main`: placement clauses in order.
    Placed {
        /// What is placed.
        thing: Box<Expr>,
        /// Keyword (`at`, `rotate`, `scale`, `facing`) and value.
        clauses: Vec<(Ident, Expr)>,
    },
    /// An expression that could not be parsed; its diagnostic exists.
    Error,
}

/// A value that changes along keys: `(0s: 0m, 2s: 4m ease in_out, over: t * 2)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Keys {
    /// In the order of the text.
    pub keys: Vec<Key>,
    /// `over: x`: what the keys are along; the time of the shot when it is left out.
    pub over: Option<Expr>,
    /// `ease: in_out`: how every key without its own is reached.
    pub ease: Option<Ease>,
}

impl Keys {
    fn parts<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        let ease = |ease: &'e Option<Ease>, visit: &mut dyn FnMut(&'e Expr)| {
            if let Some(Ease::Bezier(numbers, _)) = ease {
                numbers.iter().for_each(visit);
            }
        };
        for key in &self.keys {
            visit(&key.at);
            visit(&key.value);
            ease(&key.ease, visit);
        }
        self.over.iter().for_each(&mut *visit);
        ease(&self.ease, visit);
    }
}

/// `2s: 4m ease in_out`.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// When.
    pub at: Expr,
    /// What it is then.
    pub value: Expr,
    /// How it gets there from the key before.
    pub ease: Option<Ease>,
}

/// The way from one key to the next.
#[derive(Clone, Debug, PartialEq)]
pub enum Ease {
    /// `linear`, `in`, `out`, `in_out`, `smooth`, `hold`.
    Named(Ident),
    /// `(x1, y1, x2, y2)`: the inner control points of a cubic Bézier curve from (0, 0) to (1, 1).
    Bezier(Vec<Expr>, Span),
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq)]
pub enum TextPart {
    /// As it stands, escapes resolved.
    Literal(String),
    /// `{name}` or `{name:4}`: a hole with a minimal width in digits.
    Hole {
        /// What fills it.
        name: Ident,
        /// Minimal number of digits.
        width: Option<u8>,
    },
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`.
    Negate,
    /// `not`.
    Not,
}

/// Operators with two operands, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `or`.
    Or,
    /// `and`.
    And,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterEqual,
    /// `??`: the left operand, or the right one where that is `none`.
    OrElse,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `^` with a whole exponent.
    Power,
}

impl BinaryOp {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::OrElse => "??",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
        }
    }
}
