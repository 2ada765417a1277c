//! Outputs: what is written, and in which format.

use scenec_grammar::ast::{Arg, Expr, ExprKind};
use scenec_ir::node::{Default, Layer, NodeDecl, Param, ParamType, Port, Wire};
use scenec_ir::nodes::write::{AOV, CRYPTOMATTE};
use scenec_ir::{Diagnostic, Encoding, Type, Value, nodes};

use super::fit::a;
use super::{Checker, Want};
use crate::resolve::{DefId, DefKind};
use crate::typed::{Axis, Body, NodeTerm, OutputBody, Shape, Term, TermKind};

/// Fields of an `output` item, besides `image`.
pub const OUTPUT: NodeDecl = NodeDecl {
    name: "output",
    layers: &[Layer::Generation],
    output: Wire::File,
    callable: false,
    params: &[
        Param::new(
            "file",
            ParamType::OutputPath,
            "Path with `{shot}`, `{frame:4}` and `{output}`; its ending decides.",
        ),
        Param::new("frames", ParamType::Frames, "One frame or a half-open range; the shot's when it is left out.")
            .or(Default::Absent),
        Param::new("bits", ParamType::Int, "Bits per channel.").or(Default::Absent),
        AOV,
        CRYPTOMATTE,
        Param::new(
            "matrix",
            ParamType::Parameters,
            "Parameters that are enumerations or truths, `[outfit, rain]`: the output is made for every combination of their values \
             that the rules of bibles allow. `{outfit}` in the path makes the files differ.",
        )
        .or(Default::Absent),
    ],
    ports: &[Port::new("image", Wire::Image(Encoding::Display), "A picture or a map.").or(&[
        Wire::Image(Encoding::SceneLinear),
        Wire::Image(Encoding::Depth),
        Wire::Image(Encoding::InverseDepth),
        Wire::Image(Encoding::Normal),
        Wire::Image(Encoding::Mask),
        Wire::Image(Encoding::Ids),
        Wire::Image(Encoding::Pose),
    ])],
    doc: "A file that is wanted.",
    ..NodeDecl::BASE
};

impl Checker<'_, '_> {
    pub(super) fn output(&mut self, def: DefId, fields: &[Arg]) -> (Type, Shape, Body) {
        let name = self.program[def].name;
        let names = ["image", "file", "frames", "bits", "aov", "cryptomatte", "matrix"];
        let mut matrix = Vec::new();
        let (assigned, whole) = self.assign(fields, &names, None, "output");
        let mut scratch = NodeTerm { decl: &OUTPUT, params: Vec::new(), ports: Vec::new(), shot: None };
        let mut image: Option<(Term, &Expr)> = None;
        let mut missing = Vec::new();
        for (index, arg) in assigned {
            self.note_parameter(arg.name.as_ref(), &OUTPUT);
            match names[index] {
                "image" => {
                    let term = self.expr(&arg.value, &Want::anything());
                    let fits = matches!(term.ty, Type::Unknown | Type::Wire(Wire::Image(_)));
                    if !fits {
                        let message = format!("`image` of `{}` is {}", name.value, a(&term.ty));
                        let hint = "`render(shot) |> view(agx)` gives an image";
                        self.report(Diagnostic::error("E0302", message, arg.value.span).hint(hint));
                    }
                    let term = if fits { term } else { Term::failed(term.span) };
                    image = Some((term, &arg.value));
                }
                "matrix" => matrix = self.matrix(&arg.value),
                other => {
                    if let Some(param) = OUTPUT.params.iter().find(|p| p.name == other) {
                        self.param_arg(&mut scratch, param, &arg.value);
                    }
                }
            }
        }
        let mut take = |n: &str| {
            let at = scratch.params.iter().position(|(p, _)| p.name == n)?;
            Some(scratch.params.swap_remove(at).1)
        };
        let (file, frames) = (take("file"), take("frames"));
        if image.is_none() {
            missing.push("image: Image".to_owned());
        }
        if file.is_none() {
            missing.push("file: Text".to_owned());
        }
        if whole {
            self.report_missing(&name.value, missing, name.span, None);
        }
        let write = file.as_ref().and_then(|file| self.write(file, image.as_ref(), scratch.params));
        let image = image.map(|(term, _)| term);
        (Type::Unknown, Shape::None, Body::Output(Box::new(OutputBody { image, frames, file, write, matrix })))
    }

    /// The parameters of a `matrix`, each with its values.
    fn matrix(&mut self, value: &Expr) -> Vec<Axis> {
        let names = match &value.kind {
            ExprKind::List(names) => names.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let mut axes: Vec<Axis> = Vec::new();
        for name in names {
            let term = match self.path(name, &Want::anything()) {
                super::path::Path::Term(term) => term,
                super::path::Path::Failed => continue,
                _ => Term::constant(Value::Bool(true), Type::Unknown, name.span),
            };
            let param = match term.kind {
                TermKind::Ref(def) if matches!(self.program[def].kind, DefKind::Param(_)) => {
                    self.program[def].owner.is_none().then_some(def)
                }
                TermKind::Failed => continue,
                _ => None,
            };
            let Some(param) = param else {
                let written = self.loaded.sources.text(name.span);
                let message = format!("`{written}` is no parameter of the program or of a module");
                let hint = "a `matrix` names parameters: `matrix: [outfit, rain]`";
                self.report(Diagnostic::error("E0302", message, name.span).hint(hint));
                continue;
            };
            let values = match &term.ty {
                Type::Bool => vec![Value::Bool(false), Value::Bool(true)],
                Type::Enum(ty) => ty.members.iter().cloned().map(Value::Member).collect(),
                Type::Unknown => continue,
                ty => {
                    let shown = &self.program[param].name.value;
                    let message = format!("`{shown}` is {}, whose values can't be counted", a(ty));
                    let place = self.program[param].name.span;
                    self.report(Diagnostic::error("E0302", message, name.span).because(place, "declared here").hint(
                        "a `matrix` goes through enumerations and truths: name the values that are wanted in an `enum`",
                    ));
                    continue;
                }
            };
            if let Some(first) = axes.iter().find(|axis| axis.param == param) {
                let message = format!("`{}` is in the matrix twice", self.program[param].name.value);
                let diagnostic = Diagnostic::error("E0306", message, name.span);
                self.report(diagnostic.because(first.span, "first named here"));
                continue;
            }
            axes.push(Axis { param, values, span: name.span });
        }
        axes
    }

    /// The node that writes a file, by its ending. `fields` are those that a format may have.
    fn write(
        &mut self,
        file: &Term,
        image: Option<&(Term, &Expr)>,
        fields: Vec<(&'static Param, Term)>,
    ) -> Option<NodeTerm> {
        let end = match &file.kind {
            TermKind::Const(Value::Text(text)) => text.clone(),
            TermKind::Text(pieces) => match pieces.last() {
                Some(crate::typed::Piece::Literal(text)) => text.clone(),
                _ => String::new(),
            },
            TermKind::Failed => return None,
            _ => String::new(),
        };
        let extension = end.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default();
        let kind = match extension.as_str() {
            "png" => "write_png",
            "exr" => "write_exr",
            _ => {
                let message = match extension.as_str() {
                    "" => "the path of an output needs an ending".to_owned(),
                    other => format!("files that end in `.{other}` can't be written"),
                };
                let hint = "end it with `.png` (for displays) or `.exr` (scene-linear)";
                self.report(Diagnostic::error("E0314", message, file.span).hint(hint));
                return None;
            }
        };
        let decl = nodes::find(kind)?;
        let mut node = NodeTerm { decl, params: Vec::new(), ports: Vec::new(), shot: None };
        if let (Some((term, expr)), Some(port)) = (image, decl.port("image"))
            && let Type::Wire(wire @ Wire::Image(have)) = term.ty
            && !port.takes(wire)
        {
            let png = kind == "write_png";
            let (message, hint) = match (png, have) {
                (true, Encoding::SceneLinear) => (
                    "a PNG holds a picture for displays, and this is scene-linear".to_owned(),
                    "put `|> view(agx)` behind it, or write an `.exr`",
                ),
                (true, Encoding::Depth) => (
                    "a PNG can't hold metres, and this is a depth map".to_owned(),
                    "put `|> inverse_depth(near: 1m, far: 50m)` behind it, or write an `.exr`",
                ),
                (false, Encoding::Display) => (
                    "an EXR holds scene-linear light, and this went through a view transform".to_owned(),
                    "give the picture before `view`, or write a `.png`",
                ),
                (_, other) => (format!("a `.{extension}` can't hold {}", other.noun()), "write a `.png`"),
            };
            let mut diagnostic =
                Diagnostic::error("E0309", message, expr.span).because(file.span, "the ending decides").hint(hint);
            if png && have == Encoding::SceneLinear {
                diagnostic = diagnostic.fix("put `|> view(agx)` behind it", expr.span.after(), " |> view(agx)");
            }
            self.report(diagnostic);
        }
        for (field, term) in fields {
            let Some(param) = decl.param(field.name) else {
                if term.ty == Type::Unknown {
                    continue;
                }
                let message = format!("a `.{extension}` has no layers for `{}`", field.name);
                let hint = "write an `.exr`, whose layers hold them";
                self.report(Diagnostic::error("E0314", message, term.span).because(file.span, "the ending").hint(hint));
                continue;
            };
            let legal: [i64; 2] = if kind == "write_png" { [8, 16] } else { [16, 32] };
            match term.value() {
                Some(Value::Int(b)) if param.name == "bits" && !legal.contains(b) => {
                    let message = format!("`bits` of a `.{extension}` is {} or {}, not {b}", legal[0], legal[1]);
                    self.report(Diagnostic::error("E0305", message, term.span));
                }
                _ => node.params.push((param, term)),
            }
        }
        Some(node)
    }
}
