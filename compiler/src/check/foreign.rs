//! What was meant by a name that nothing has, or a call of what can't be called.

use scenec_grammar::ast::{Arg, BinaryOp, Expr, ExprKind, Ident};
use scenec_ir::node::{Arity, Giver, Wire};
use scenec_ir::{Diagnostic, Dimension, Edit, Fix, Span, Type, names, nodes};

use super::fit::{a, bare_number};
use super::{Checker, Want};
use crate::hints;
use crate::ops::{self, FUNCTIONS};
use crate::resolve::{DefId, DefKind, Found};

/// Nodes whose names have this word: `sky` finds `physical_sky`.
fn kin(word: &str) -> Vec<&'static str> {
    let word = word.to_lowercase();
    let related = |name: &str| name.split('_').any(|part| part == word);
    let callable = nodes::all().iter().filter(|d| d.callable && !d.name.contains('.'));
    callable.map(|d| d.name).filter(|name| related(name)).take(8).collect()
}

impl Checker<'_, '_> {
    /// Nothing that can be called has this name.
    pub(super) fn unknown_call(&mut self, name: &str, name_span: Span, args: &[Arg], span: Span) {
        let message = format!("there is no node, component or function `{name}`");
        let diagnostic = Diagnostic::error("E0202", message, name_span);
        let scope = self.program.scope(self.program[self.current.def].module);
        let is_callable = |d: &DefId| self.program[*d].kind.is_callable();
        let own: Vec<&str> = scope.items.iter().filter(|(_, d)| is_callable(d)).map(|(n, _)| *n).collect();
        let diagnostic = if let Some(close) = names::closest(name, own.iter().copied()) {
            Self::suggest(diagnostic, name, name_span, &[close])
        } else if let [meant] = nodes::synonyms::nodes(name) {
            diagnostic.hint(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), name_span, *meant)
        } else if let meant @ [_, ..] = nodes::synonyms::nodes(name) {
            diagnostic.hint(format!("there is: {}", meant.join(", ")))
        } else if let Some(unit) = hints::unit_of_call(name) {
            let diagnostic = diagnostic.hint(format!("a unit stands behind its number: `8{unit}`"));
            match args {
                [Arg { name: None, value }] if bare_number(value) => {
                    let written = format!("{}{unit}", self.loaded.sources.text(value.span));
                    diagnostic.fix(format!("write `{written}`"), span, written)
                }
                _ => diagnostic,
            }
        } else if let Some(hint) = hints::foreign_function(name) {
            self.without_name(diagnostic.hint(hint), hint, name_span, args)
        } else {
            let all = nodes::all().iter().filter(|d| d.callable && !d.name.contains('.')).map(|d| d.name);
            match names::closest(name, all.chain(FUNCTIONS.iter().map(|(n, _, _)| *n))) {
                Some(close) => Self::suggest(diagnostic, name, name_span, &[close]),
                None => match kin(name) {
                    list if list.is_empty() => diagnostic,
                    list => Self::suggest(diagnostic, name, name_span, &list),
                },
            }
        };
        self.report(diagnostic);
    }

    /// `vec3(1m, 2m, 3m)` is `(1m, 2m, 3m)`.
    fn without_name(&self, diagnostic: Diagnostic, hint: &str, name_span: Span, args: &[Arg]) -> Diagnostic {
        let is_vector = hint.starts_with("a vector") && (2..=3).contains(&args.len());
        match is_vector && args.iter().all(|arg| arg.name.is_none()) {
            true => diagnostic.fix("remove the name", name_span, ""),
            false => diagnostic,
        }
    }

    /// A definition that is called, though it has no arguments.
    pub(super) fn not_callable(&mut self, def: DefId, name_span: Span, args: &[Arg], span: Span) {
        let program = self.program;
        let name = &program[def].name.value;
        self.own.used(def);
        if matches!(program[def].kind, DefKind::Failed | DefKind::Alias(None)) {
            return;
        }
        let message = format!("the {} `{name}` can't be called", program[def].kind.noun());
        let place = program[def].name.span;
        let diagnostic = Diagnostic::error("E0310", message, name_span).because(place, "defined here");
        let written = |text: String| (format!("write `{text}`"), span, text);
        self.report(match &program[def].kind {
            DefKind::Asset { .. } => {
                let diagnostic =
                    diagnostic.hint(format!("`{name}.scene()` is all of it, `{name}.node(\"name\")` a part"));
                let (title, span, text) = written(format!("{name}.scene()"));
                if args.is_empty() { diagnostic.fix(title, span, text) } else { diagnostic }
            }
            DefKind::Alias(Some(module)) => {
                let public = &program.scope(*module).public;
                let callable = |d: &DefId| matches!(program[*d].kind, DefKind::Component | DefKind::Bible);
                let items: Vec<String> = public
                    .iter()
                    .filter(|(_, d)| callable(d))
                    .map(|(n, _)| format!("`{name}.{n}(…)`"))
                    .take(6)
                    .collect();
                match items.is_empty() {
                    true => diagnostic.hint("it has no component or bible that can be called"),
                    false => diagnostic.hint(format!("its items are called: {}", items.join(", "))),
                }
            }
            _ => {
                let diagnostic = diagnostic.hint("it is named alone, without parentheses");
                let (title, span, text) = written(name.clone());
                if args.is_empty() { diagnostic.fix(title, span, text) } else { diagnostic }
            }
        });
    }

    /// `picture.view(agx)`: what has no such method.
    pub(super) fn unknown_method(&mut self, ty: &Type, name: &Ident, span: Span) {
        let message = format!("{} has no `{}` to call", a(ty), name.value);
        let diagnostic = Diagnostic::error("E0202", message, name.span);
        let takes = nodes::find(&name.value).is_some_and(|decl| {
            decl.ports.iter().any(|p| p.arity == Arity::One && p.giver == Giver::Author && Type::Wire(p.wire) == *ty)
        });
        let before = &self.loaded.sources.file(span.file).text[..name.span.start as usize];
        let dot = before.trim_end().len();
        self.report(match takes && before.trim_end().ends_with('.') {
            true => diagnostic.hint(format!("it flows into a node through `|>`: `… |> {}(…)`", name.value)).fix(
                "write `|>`",
                Span { start: dot as u32 - 1, end: name.span.start, ..name.span },
                " |> ",
            ),
            false => diagnostic.hint(match ty {
                Type::Wire(Wire::Thing) => "a thing has `.part(\"name\")`, and `.point(x, z)` behind `at`",
                _ => "only assets and things have something to call",
            }),
        });
    }

    /// What to write instead of a name that nothing has.
    pub(super) fn name_hint(
        &self,
        diagnostic: Diagnostic,
        name: &str,
        span: Span,
        want: &Want,
        visible: &[&str],
    ) -> Diagnostic {
        let write = |diagnostic: Diagnostic, text: &str| diagnostic.fix(format!("write `{text}`"), span, text);
        let lower = name.to_lowercase();
        if matches!(lower.as_str(), "true" | "false") {
            return write(diagnostic.hint(format!("it is written `{lower}`")), &lower);
        }
        if name == "sr" {
            // Behind `500W/`.
            return diagnostic.hint("steradians are not counted: leave the unit out");
        }
        let is_color = matches!(want.ty, Some(Type::Color));
        let hex = name.len() == 6 && name.bytes().all(|b| b.is_ascii_hexdigit());
        if is_color && hex {
            return write(diagnostic.hint("a colour begins with `#`"), &format!("#{name}"));
        }
        // Any letter is close to any other.
        let close = names::closest(name, visible.iter().copied()).filter(|_| name.chars().count() > 1);
        if let Some(close) = close {
            return Self::suggest(diagnostic, name, span, &[close]);
        }
        if let (true, Some(code)) = (is_color, hints::named_color(name)) {
            return write(diagnostic.hint(format!("colours have no names; this one is `{code}`")), code);
        }
        if let Some((hint, with)) = hints::foreign_value(name) {
            let fits = |text: &str| match text {
                "t" | "frame" => true,
                _ => matches!(want.ty, Some(Type::Bool) | None),
            };
            return match with.filter(|text| fits(text)) {
                Some(text) => write(diagnostic.hint(hint), text),
                None => diagnostic.hint(hint),
            };
        }
        match &want.ty {
            Some(Type::Color) => {
                diagnostic.hint("a colour is written `#ff8800` or `rgb(1, 0.5, 0)`; `let` gives it a name")
            }
            Some(Type::Text) => self.without_quotes(diagnostic, span),
            _ => diagnostic,
        }
    }

    /// `out.png` or `FlightHelmet` where a text is wanted.
    fn without_quotes(&self, diagnostic: Diagnostic, span: Span) -> Diagnostic {
        let text = &self.loaded.sources.file(span.file).text[span.start as usize..];
        let length = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"_./-".contains(b)).count();
        let written = text[..length].trim_end_matches('.');
        let end = span.start + written.len() as u32;
        let ends = text[written.len()..].trim_start().starts_with([',', ')', '}']);
        let diagnostic = diagnostic.hint("a text stands in double quotes");
        match ends {
            true => diagnostic.fix(format!("write `\"{written}\"`"), Span { end, ..span }, format!("\"{written}\"")),
            false => diagnostic,
        }
    }

    /// `physical-sky()`: a name with a hyphen, which subtracts. True when it was reported.
    pub(super) fn hyphen(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> bool {
        let (right_name, right_span) = match &right.kind {
            ExprKind::Name(name) => (name, right.span),
            ExprKind::Call { callee, .. } => match &callee.kind {
                ExprKind::Name(name) => (name, callee.span),
                _ => return false,
            },
            _ => return false,
        };
        let (BinaryOp::Subtract, ExprKind::Name(left_name)) = (op, &left.kind) else { return false };
        let whole = left.span.to(right_span);
        let written = self.loaded.sources.text(whole);
        let joined = format!("{left_name}_{right_name}");
        let known = nodes::find(&joined).is_some_and(|d| d.callable)
            || !matches!(self.program.lookup(self.current.def, &joined), Found::Nothing);
        let left_is_known = !matches!(self.program.lookup(self.current.def, left_name), Found::Nothing);
        if written != format!("{left_name}-{right_name}") || !known || left_is_known {
            return false;
        }
        if let Found::Def(def) = self.program.lookup(self.current.def, &joined) {
            self.own.used(def);
        }
        let message = format!("name `{written}` has a hyphen");
        self.report(
            Diagnostic::error("E0122", message, whole).hint("a hyphen is a minus sign; names are joined by `_`").fix(
                format!("write `{joined}`"),
                whole,
                joined,
            ),
        );
        true
    }

    /// `f/4`: an aperture as photographers write it. True when it was reported.
    pub(super) fn aperture(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span) -> bool {
        let is_f = matches!(&left.kind, ExprKind::Name(name) if name == "f");
        let unknown = || matches!(self.program.lookup(self.current.def, "f"), Found::Nothing);
        if op != BinaryOp::Divide || !is_f || !bare_number(right) || !unknown() {
            return false;
        }
        let number = self.loaded.sources.text(right.span).to_owned();
        self.report(
            Diagnostic::error("E0201", "nothing here has the name `f`", left.span)
                .hint(format!("the number of an aperture stands alone: `{number}`"))
                .fix(format!("write `{number}`"), span, number),
        );
        true
    }

    /// Why two types do not go together, when one side is a bare number that lacks its unit. True when it was reported.
    pub(super) fn unit_missing(&mut self, op: BinaryOp, sides: [(&Expr, &Type); 2]) -> bool {
        use BinaryOp as Op;
        let compares = matches!(
            op,
            Op::Add
                | Op::Subtract
                | Op::Less
                | Op::LessEqual
                | Op::Greater
                | Op::GreaterEqual
                | Op::Equal
                | Op::NotEqual
        );
        let [(left, x), (right, y)] = sides;
        let (bare, ty, other) = match (bare_number(left), bare_number(right)) {
            (true, false) => (left, y, right),
            (false, true) => (right, x, left),
            _ => return false,
        };
        let Type::Quantity(dimension) = ty else { return false };
        let unit = dimension.example_unit().filter(|_| compares && *dimension != Dimension::RATIO);
        let Some(unit) = unit else { return false };
        // The unit of the other side, when it is one.
        let near = self.loaded.sources.text(other.span);
        let near = near.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
        let unit = scenec_ir::dimension::find_unit(near).map_or(unit, |u| u.name);
        let written = self.loaded.sources.text(bare.span).to_owned();
        let mended = format!("{written}{unit}");
        self.report(
            Diagnostic::error("E0301", format!("`{written}` has no unit, but stands beside {}", a(ty)), bare.span)
                .label("a unit is missing")
                .because(other.span, format!("this is {}", a(ty)))
                .hint("only quantities of one kind can be added or compared")
                .fix(format!("write `{mended}`"), bare.span, mended),
        );
        true
    }

    /// Several arguments where one vector is wanted: `box(1m, 2m, 3m)`. True when it was reported.
    pub(super) fn vector_in_parts(&mut self, callee: &str, args: &[Arg], ty: &Type) -> bool {
        let wanted = match ty {
            Type::Vec2(_) => 2,
            Type::Vec3(_) => 3,
            _ => return false,
        };
        let unnamed = args.iter().take_while(|a| a.name.is_none()).count();
        let number = |a: &Arg| matches!(a.value.kind, ExprKind::Number { .. } | ExprKind::Unary { .. });
        if unnamed != wanted || !args[..unnamed].iter().all(number) {
            return false;
        }
        let (Some(first), Some(last)) = (args.first(), args.get(unnamed - 1)) else { return false };
        let span = first.value.span.to(last.value.span);
        let edit = |span, text: &str| Edit { span, text: text.to_owned() };
        let mut diagnostic = Diagnostic::error("E0307", format!("`{callee}` takes one vector here"), span)
            .hint("a vector stands in parentheses of its own: `(x, y, z)`");
        let start = Span { end: span.start, ..span };
        let edits = vec![edit(start, "("), edit(span.after(), ")")];
        diagnostic.fix = Some(Fix { title: "put parentheses around it".to_owned(), edits });
        self.report(diagnostic);
        true
    }

    /// `point_light(…) at (x, y, z)`: what shines is no thing, and its place is an argument. True when it was reported.
    pub(super) fn placed_light(&mut self, thing: &Expr, clauses: &[(Ident, Expr)]) -> bool {
        let ExprKind::Call { callee, args } = &thing.kind else { return false };
        let (ExprKind::Name(name), Some((at, place))) = (&callee.kind, clauses.iter().find(|(k, _)| k.value == "at"))
        else {
            return false;
        };
        let decl = match self.program.lookup(self.current.def, name) {
            Found::Nothing => nodes::find(name).filter(|d| d.callable && d.param("position").is_some()),
            _ => None,
        };
        let Some(decl) = decl.filter(|d| Type::Wire(d.output) != Type::Wire(Wire::Thing)) else { return false };
        let message = format!("what is placed is a Thing, not {}", a(&Type::Wire(decl.output)));
        let mut diagnostic = Diagnostic::error("E0302", message, thing.span)
            .because(at.span, "this places things")
            .hint(format!("the place is an argument: `{name}(position: (0m, 1m, 0m))`"));
        let is_given = args.iter().any(|arg| arg.name.as_ref().is_none_or(|n| n.value == "position"));
        if let (false, [_], ExprKind::Tuple(_)) = (is_given, clauses, &place.kind) {
            let written = self.loaded.sources.text(place.span);
            let text = match args.is_empty() {
                true => format!("position: {written}"),
                false => format!("position: {written}, "),
            };
            let open = Span { start: callee.span.end + 1, end: callee.span.end + 1, ..callee.span };
            let behind = Span { start: thing.span.end, end: place.span.end, ..thing.span };
            let edits = vec![Edit { span: open, text }, Edit { span: behind, text: String::new() }];
            diagnostic.fix = Some(Fix { title: "make the place an argument".to_owned(), edits });
        }
        self.report(diagnostic);
        true
    }

    /// Marks of other tools in the path of an output, which would stand in the name of the file.
    pub(super) fn foreign_holes(&mut self, text: &str, span: Span) {
        let digits = |rest: &str| rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let hashes = text.find("##").map(|at| (at, text[at..].len() - text[at..].trim_start_matches('#').len()));
        let percent = text.find('%').filter(|at| text[at + 1 + digits(&text[at + 1..])..].starts_with('d'));
        let percent = percent.map(|at| (at, digits(&text[at + 1..]) + 2));
        let dollar = ["$F4", "$F", "${", "<frame>", "[frame]", "%frame%"];
        let dollar =
            dollar.into_iter().find_map(|mark| Some((text.find(mark)?, if mark == "${" { 1 } else { mark.len() })));
        let Some((at, length)) = hashes.or(percent).or(dollar) else { return };
        let mark = &text[at..at + length];
        let source = self.loaded.sources.text(span);
        let Some(place) = source.find(mark) else { return };
        let start = span.start as usize + place;
        let place = Span::new(span.file, start, start + length);
        let with = if mark == "$" { "" } else { "{frame:4}" };
        let message = format!("`{mark}` stands in the name of the file as it is");
        self.report(
            Diagnostic::warning("W0202", message, place)
                .hint("holes of a path are `{shot}`, `{frame:4}` and `{output}`")
                .fix(if with.is_empty() { "remove it".to_owned() } else { format!("write `{with}`") }, place, with),
        );
    }

    /// The dimension's name for a unit that stands as a type: `m` is a `Length`.
    pub(super) fn type_of_unit(name: &str) -> Option<String> {
        let unit = scenec_ir::dimension::find_unit(name)?;
        Some(Type::Quantity(unit.dimension).to_string())
            .filter(|_| ops::dimension_of(&Type::Quantity(unit.dimension)).is_some())
    }
}
