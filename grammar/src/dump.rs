//! A compact text form of the AST, for tests and `scenec ast`: one line per item, statement or field, expressions in
//! prefix form. Spans are left out.

use crate::ast::{
    Arg, BibleEntry, Ease, Enum, Expr, ExprKind, Ident, ItemKind, Keys, Let, Module, Override, Param, Stmt, TestStmt,
    TextPart, TypeExpr, UnaryOp, UseForm,
};

/// The module as text. Two modules that differ only in spans have the same text.
pub fn dump(module: &Module) -> String {
    let mut out = Dump::default();
    match &module.edition {
        Some(edition) => out.line(0, format!("edition {}", edition.value)),
        None => out.line(0, "edition missing"),
    }
    for item in &module.items {
        out.doc(0, &item.doc);
        if item.private.is_some() {
            out.line(0, "private");
        }
        out.item(&item.kind);
    }
    out.text
}

/// An expression as text.
pub fn dump_expr(value: &Expr) -> String {
    expr(value)
}

#[derive(Default)]
struct Dump {
    text: String,
}

impl Dump {
    fn line(&mut self, depth: usize, text: impl AsRef<str>) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(text.as_ref());
        self.text.push('\n');
    }

    fn doc(&mut self, depth: usize, doc: &str) {
        if !doc.is_empty() {
            self.line(depth, format!("doc {doc:?}"));
        }
    }

    fn fields(&mut self, depth: usize, fields: &[Arg]) {
        for field in fields {
            self.line(depth, arg(field));
        }
    }

    fn item(&mut self, kind: &ItemKind) {
        match kind {
            ItemKind::Use { path, form: UseForm::As(name) } => {
                self.line(0, format!("use {:?} as {}", path.value, name.value));
            }
            ItemKind::Use { path, form: UseForm::Pick(picks) } => {
                let picks: Vec<_> = picks
                    .iter()
                    .map(|(name, other)| match other {
                        Some(other) => format!("{} as {}", name.value, other.value),
                        None => name.value.clone(),
                    })
                    .collect();
                self.line(0, format!("use {:?} pick [{}]", path.value, picks.join(", ")));
            }
            ItemKind::Asset { name, format, path } => {
                self.line(0, format!("asset {} = {} {:?}", name.value, format.value, path.value));
            }
            ItemKind::Param(p) => self.line(0, format!("param {}", param(p))),
            ItemKind::Let(l) => self.line(0, let_line(l)),
            ItemKind::Enum(e) => self.line(0, enum_line(e)),
            ItemKind::Layer { layer, name, body } => {
                self.line(0, format!("{} {}", layer.value.keyword(), name.value));
                self.body(body);
            }
            ItemKind::Component { name, params, body } => {
                self.line(0, format!("component {}", name.value));
                for p in params {
                    self.line(1, format!("param {}", param(p)));
                }
                self.body(body);
            }
            ItemKind::Bible { name, body } => {
                self.line(0, format!("bible {}", name.value));
                for entry in body {
                    self.entry(entry);
                }
            }
            ItemKind::Camera { name, fields } => {
                self.line(0, format!("camera {}", name.value));
                self.fields(1, fields);
            }
            ItemKind::Cut { name, fields } => {
                self.line(0, format!("cut {}", name.value));
                self.fields(1, fields);
            }
            ItemKind::Shot { name, fields, sets } => {
                self.line(0, format!("shot {}", name.value));
                self.fields(1, fields);
                for set in sets {
                    self.line(1, format!("set {} = {}", expr(&set.path), expr(&set.value)));
                }
            }
            ItemKind::Function { name, params, ty, value } => {
                let params: Vec<_> = params.iter().map(param).collect();
                let ty = ty.as_ref().map(|ty| format!(": {}", type_expr(ty))).unwrap_or_default();
                self.line(0, format!("fn {}({}){ty} = {}", name.value, params.join(", "), expr(value)));
            }
            ItemKind::Image { name, params, ty, value } => {
                let params: Vec<_> = params.iter().map(param).collect();
                let ty = ty.as_ref().map(|ty| format!(": {}", type_expr(ty))).unwrap_or_default();
                self.line(0, format!("image {}({}){ty} = {}", name.value, params.join(", "), expr(value)));
            }
            ItemKind::Override(o) => self.line(0, override_line(o)),
            ItemKind::Output { name, fields } => {
                self.line(0, format!("output {}", name.value));
                self.fields(1, fields);
            }
            ItemKind::Test { gate, name, body } => {
                self.line(0, format!("{} {:?}", if *gate { "gate" } else { "test" }, name.value));
                for statement in body {
                    self.line(1, test_line(statement));
                }
            }
            ItemKind::Budget { fields, .. } => {
                self.line(0, "budget");
                self.fields(1, fields);
            }
            ItemKind::Error { name } => self.line(0, format!("error{}", known(name))),
        }
    }

    fn body(&mut self, body: &[Stmt]) {
        for statement in body {
            match statement {
                Stmt::Bind { doc, name, value, .. } => {
                    self.doc(1, doc);
                    self.line(1, format!("{} = {}", name.value, expr(value)));
                }
                Stmt::Let(l) => self.line(1, let_line(l)),
                Stmt::Scatter { doc, name, prototype, inside, on, fields, .. } => {
                    self.doc(1, doc);
                    let word = if *inside { "in" } else { "on" };
                    self.line(1, format!("scatter {}: {} {word} {}", name.value, expr(prototype), expr(on)));
                    self.fields(2, fields);
                }
                Stmt::Override(o) => self.line(1, override_line(o)),
                Stmt::Error { name, .. } => self.line(1, format!("error{}", known(name))),
            }
        }
    }

    fn entry(&mut self, entry: &BibleEntry) {
        match entry {
            BibleEntry::Rule { condition, requires, .. } => {
                self.line(1, format!("rule {} requires {}", expr(condition), expr(requires)));
            }
            BibleEntry::Field { locked, doc, name, ty, value, .. } => {
                self.doc(1, doc);
                let lock = if locked.is_some() { "lock " } else { "" };
                let ty = ty.as_ref().map(|t| format!(": {}", type_expr(t))).unwrap_or_default();
                self.line(1, format!("{lock}field {}{ty} = {}", name.value, expr(value)));
            }
            BibleEntry::Enum(e) => self.line(1, enum_line(e)),
            BibleEntry::Variant { name, ty, default, arms, .. } => {
                self.line(1, format!("variant {}: {} = {}", name.value, type_expr(ty), expr(default)));
                self.fields(2, arms);
            }
            BibleEntry::Pose { name, channels, .. } => {
                self.line(1, format!("pose {}", name.value));
                for (channel, value) in channels {
                    self.line(2, format!("{}: {}", path(channel), expr(value)));
                }
            }
            BibleEntry::Error { .. } => self.line(1, "error"),
        }
    }
}

fn known(name: &Option<Ident>) -> String {
    name.as_ref().map(|n| format!(" {}", n.value)).unwrap_or_default()
}

fn path(parts: &[Ident]) -> String {
    parts.iter().map(|p| p.value.as_str()).collect::<Vec<_>>().join(".")
}

fn type_expr(ty: &TypeExpr) -> String {
    let args: Vec<_> = ty.args.iter().map(type_expr).collect();
    let args = if args.is_empty() { String::new() } else { format!("<{}>", args.join(", ")) };
    format!("{}{args}{}", path(&ty.path), if ty.optional.is_some() { "?" } else { "" })
}

fn param(p: &Param) -> String {
    let mut out = p.name.value.clone();
    if let Some(ty) = &p.ty {
        out += &format!(": {}", type_expr(ty));
    }
    if let Some(range) = &p.range {
        out += &format!(" in {}", expr(range));
    }
    if let Some(default) = &p.default {
        out += &format!(" = {}", expr(default));
    }
    if !p.doc.is_empty() {
        out += &format!(" doc {:?}", p.doc);
    }
    out
}

fn override_line(o: &Override) -> String {
    let locked = if o.locked.is_some() { "locked " } else { "" };
    let reason = o.reason.as_ref().map(|r| format!(" because {:?}", r.value)).unwrap_or_default();
    format!("override {locked}{} = {}{reason}", expr(&o.path), expr(&o.value))
}

fn test_line(statement: &TestStmt) -> String {
    match statement {
        TestStmt::Let(l) => let_line(l),
        TestStmt::Assert { condition, reason, .. } => {
            let reason = reason.as_ref().map(|r| format!(" else {:?}", r.value)).unwrap_or_default();
            format!("assert {}{reason}", expr(condition))
        }
        TestStmt::Error { name, .. } => format!("error{}", known(name)),
    }
}

fn let_line(l: &Let) -> String {
    let ty = l.ty.as_ref().map(|t| format!(": {}", type_expr(t))).unwrap_or_default();
    format!("let {}{ty} = {}", l.name.value, expr(&l.value))
}

fn enum_line(e: &Enum) -> String {
    format!("enum {} [{}]", e.name.value, e.members.iter().map(|m| m.value.as_str()).collect::<Vec<_>>().join(", "))
}

fn arg(a: &Arg) -> String {
    match &a.name {
        Some(name) => format!("{}: {}", name.value, expr(&a.value)),
        None => expr(&a.value),
    }
}

fn list<T>(items: &[T], f: impl Fn(&T) -> String) -> String {
    items.iter().map(f).collect::<Vec<_>>().join(", ")
}

fn expr(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Bool(b) => b.to_string(),
        ExprKind::Number { value, whole, unit } => {
            let mut out = if *whole { format!("{value}") } else { format!("{value:?}") };
            for (name, exponent) in unit {
                out += &match exponent {
                    1 => format!("·{}", name.value),
                    e => format!("·{}^{e}", name.value),
                };
            }
            out
        }
        ExprKind::Text(parts) => {
            let parts = parts.iter().map(|part| match part {
                TextPart::Literal(text) => format!("{text:?}"),
                TextPart::Hole { name, width: Some(width) } => format!("{{{}:{width}}}", name.value),
                TextPart::Hole { name, width: None } => format!("{{{}}}", name.value),
            });
            let parts: Vec<_> = parts.collect();
            if parts.is_empty() { "\"\"".to_owned() } else { parts.join("~") }
        }
        ExprKind::Color([r, g, b]) => format!("#{r:02x}{g:02x}{b:02x}"),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Field { base, name } => format!("{}.{}", expr(base), name.value),
        ExprKind::Call { callee, args } => format!("{}({})", expr(callee), list(args, arg)),
        ExprKind::Pipe { input, stage } => format!("(|> {} {})", expr(input), expr(stage)),
        ExprKind::Tuple(items) => format!("<{}>", list(items, expr)),
        ExprKind::List(items) => format!("[{}]", list(items, expr)),
        ExprKind::Keys(keys) => curve(keys),
        ExprKind::Range { low, high } => format!("(.. {} {})", expr(low), expr(high)),
        ExprKind::Unary { op, value } => match op {
            UnaryOp::Negate => format!("(- {})", expr(value)),
            UnaryOp::Not => format!("(not {})", expr(value)),
        },
        ExprKind::Binary { op, left, right } => format!("({} {} {})", op.value.sign(), expr(left), expr(right)),
        ExprKind::If { condition, then, otherwise } => {
            let otherwise = otherwise.as_ref().map(|e| format!(" {}", expr(e))).unwrap_or_default();
            format!("(if {} {}{otherwise})", expr(condition), expr(then))
        }
        ExprKind::For { clauses, condition, body } => {
            let clauses: Vec<_> = clauses.iter().map(|(n, over)| format!("{} {} ", n.value, expr(over))).collect();
            let condition = condition.as_ref().map(|c| format!("if {} ", expr(c))).unwrap_or_default();
            format!("(for {}{condition}{})", clauses.concat(), expr(body))
        }
        ExprKind::Index { base, index } => {
            let index: Vec<_> = index.iter().map(expr).collect();
            format!("(index {} {})", expr(base), index.join(" "))
        }
        ExprKind::Placed { thing, clauses } => {
            let clauses: Vec<_> = clauses.iter().map(|(k, v)| format!(" {} {}", k.value, expr(v))).collect();
            format!("(place {}{})", expr(thing), clauses.concat())
        }
        ExprKind::Error => "error".to_owned(),
    }
}

fn curve(curve: &Keys) -> String {
    let ease = |ease: &Option<Ease>| match ease {
        None => String::new(),
        Some(Ease::Named(name)) => format!(" ease {}", name.value),
        Some(Ease::Bezier(numbers, _)) => format!(" ease <{}>", list(numbers, expr)),
    };
    let keys: Vec<_> =
        curve.keys.iter().map(|k| format!(" {}: {}{}", expr(&k.at), expr(&k.value), ease(&k.ease))).collect();
    let over = curve.over.as_ref().map(|o| format!(" over {}", expr(o))).unwrap_or_default();
    format!("(keys{}{over}{})", keys.concat(), ease(&curve.ease))
}
