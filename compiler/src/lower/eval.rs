//! Expressions and definitions.

use std::borrow::Cow;

use scenec_grammar::ast::BinaryOp;
use scenec_ir::node::Wire;
use scenec_ir::{Dimension, Layer, Span, Type, Value};

use super::lists::joined;
use super::{DEEPEST, FIRST_FRAME, LONGEST_TEXT, Lowerer, Val};
use crate::check::{disorder, innermost};
use crate::curve::{Sample, sample};
use crate::ops;
use crate::resolve::{DefId, DefKind};
use crate::typed::{Body, Clock, CurveTerm, Piece, Target, Term, TermKind};
use crate::value::{component, convert, range, tuple, written};

impl Lowerer<'_, '_> {
    /// The value of an expression. `id` names the nodes that it makes.
    pub(super) fn eval(&mut self, term: &Term, id: &str) -> Val {
        if let TermKind::Const(value) = &term.kind {
            return Val::Const(value.clone());
        }
        if self.depth >= DEEPEST {
            return self.too_much("definitions are nested too deep".into(), term.span);
        }
        self.depth += 1;
        let value = self.eval_inner(term, id);
        self.depth -= 1;
        value
    }

    fn eval_inner(&mut self, term: &Term, id: &str) -> Val {
        if self.asking
            && let Some(operands) = term.kind.operands()
        {
            return self.operation(term, &operands, id);
        }
        if let Some(value) = self.decided(term, id) {
            return value;
        }
        let result = match &term.kind {
            TermKind::Failed => return Val::Failed,
            TermKind::Const(value) => return Val::Const(value.clone()),
            TermKind::Ref(def) => return self.definition(*def),
            TermKind::Node(node) => return self.node(node, id, term.span),
            TermKind::Expand(component, args) => return self.expand(*component, args, id, term.span),
            TermKind::Figure(figure) => return self.figure(figure, id, term.span),
            TermKind::Call(callee, args) => return self.call(*callee, args, id, term.span),
            TermKind::Place(place) => return self.place(place, id, "", term.span),
            TermKind::Repaint(repaint) => return self.repaint(repaint, id, term.span),
            TermKind::Part(base, part) => {
                return match self.eval(base, id) {
                    Val::Node(node, None) => Val::Node(node, Some(part.clone())),
                    Val::Node(node, Some(outer)) => Val::Node(node, Some(format!("{outer}/{part}"))),
                    _ => Val::Failed,
                };
            }
            TermKind::Reading(_) => return Val::Later(Box::new(term.clone())),
            TermKind::Given(number) => return self.given.get(*number).cloned().unwrap_or(Val::Failed),
            TermKind::Local(number) => return self.locals.get(*number).cloned().unwrap_or(Val::Failed),
            TermKind::For(_) => {
                return self.each(term, id, "", &mut |lowerer, item, id, _| lowerer.eval(item, id));
            }
            TermKind::Now(clock) => {
                let (frame, seconds) = self.frame.unwrap_or((FIRST_FRAME, 0.0));
                return Val::Const(match clock {
                    Clock::Time => Value::Quantity(seconds, Dimension::TIME),
                    Clock::Frame => Value::Int(frame),
                });
            }
            TermKind::Curve(curve) => return self.curve(curve),
            TermKind::Index(parts) => return self.item(&parts[0], &parts[1], id, term.span),
            TermKind::Function(ops::Function::Count, args) => return self.count(args),
            TermKind::If(parts) => {
                return match self.eval(&parts[0], id) {
                    Val::Const(Value::Bool(true)) => self.eval(&parts[1], id),
                    Val::Const(Value::Bool(false)) => self.eval(&parts[2], id),
                    _ => Val::Failed,
                };
            }
            TermKind::List(items) => {
                return self.written(items, term.span, |lowerer, i, item| lowerer.eval(item, &format!("{id}.{i}")));
            }
            TermKind::Unary(op, a) => match self.constant(a) {
                Some(a) => ops::unary(*op, &a),
                None => return Val::Failed,
            },
            TermKind::Binary(op, a, b) => match (self.eval(a, id), self.eval(b, id)) {
                (Val::Failed, _) | (_, Val::Failed) => return Val::Failed,
                (a, b) if !self.may_add(*op, &a, &b, term.span) => return Val::Failed,
                (Val::Const(a), Val::Const(b)) => ops::binary(*op, &a, &b),
                (a, b) => return joined(vec![a, b]),
            },
            TermKind::Tuple(items) => match self.constants(items) {
                Some(items) => tuple(&items),
                None => return Val::Failed,
            },
            TermKind::Range(low, high) => match (self.constant(low), self.constant(high)) {
                (Some(low), Some(high)) => range(&low, &high),
                _ => return Val::Failed,
            },
            TermKind::Function(function, args) => match self.constants(args) {
                Some(args) => ops::function(*function, &args),
                None => return Val::Failed,
            },
            TermKind::Coerce(step, a) => match self.constant(a) {
                Some(a) => Ok(convert(*step, &a)),
                None => return Val::Failed,
            },
            TermKind::Component(axis, a) => match self.constant(a) {
                Some(a) => component(*axis, &a),
                None => return Val::Failed,
            },
            TermKind::Text(pieces) => match self.text(pieces, "", None, "", term.span) {
                Some(text) => Ok(Value::Text(text)),
                None => return Val::Failed,
            },
        };
        match result {
            Ok(value) => Val::Const(value),
            Err(reason) => self.error("E0308", format!("this has no value: {reason}"), term.span),
        }
    }

    /// What an operator gives whose left side may decide, and what is asked of `none`; nothing for other operators and for
    /// what is measured later.
    pub(super) fn decided(&mut self, term: &Term, id: &str) -> Option<Val> {
        let TermKind::Binary(op, left, right) = &term.kind else { return None };
        let none = |term: &Term| term.value() == Some(&Value::None);
        match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::OrElse => match self.eval(left, id) {
                Val::Const(value) if !ops::decides(*op, &value) => Some(self.eval(right, id)),
                Val::Later(_) => None,
                // A thing is there.
                value => Some(value),
            },
            BinaryOp::Equal | BinaryOp::NotEqual if none(left) || none(right) => {
                let asked = if none(right) { left } else { right };
                Some(match self.eval(asked, id) {
                    Val::Failed => Val::Failed,
                    value => {
                        Val::Const(Value::Bool(matches!(value, Val::Const(Value::None)) == (*op == BinaryOp::Equal)))
                    }
                })
            }
            _ => None,
        }
    }

    /// The value of a curve where it is now.
    fn curve(&mut self, curve: &CurveTerm) -> Val {
        let Some(at) = self.constant(&curve.over).and_then(|v| v.as_f64()) else { return Val::Failed };
        let mut keys: Vec<Sample> = Vec::new();
        for key in &curve.keys {
            let (Some(place), Some(value)) = (self.constant(&key.at), self.constant(&key.value)) else {
                return Val::Failed;
            };
            let Some(place) = place.as_f64() else { return Val::Failed };
            if let Some(fault) = keys.last().and_then(|before| disorder(before.at, place)) {
                return self.error("E0330", fault, key.at.span);
            }
            keys.push(Sample { at: place, value, way: key.way });
        }
        sample(&keys, at).map_or(Val::Failed, Val::Const)
    }

    /// A constant, or nothing when it has its error.
    pub(super) fn constant(&mut self, term: &Term) -> Option<Value> {
        match self.eval(term, "") {
            Val::Const(value) => Some(value),
            Val::Later(_) => {
                self.too_late(term.span);
                None
            }
            _ => None,
        }
    }

    fn constants(&mut self, terms: &[Term]) -> Option<Vec<Value>> {
        let values: Vec<_> = terms.iter().map(|t| self.constant(t)).collect();
        values.into_iter().collect()
    }

    /// Text with its holes filled.
    pub(super) fn text(
        &mut self,
        pieces: &[Piece],
        shot: &str,
        frame: Option<i64>,
        output: &str,
        span: Span,
    ) -> Option<String> {
        let mut text = String::new();
        for piece in pieces {
            let piece = match piece {
                Piece::Literal(literal) => Cow::Borrowed(literal.as_str()),
                Piece::Value(term, width) => written(&self.constant(term)?, *width).into(),
                Piece::Shot => shot.into(),
                Piece::Frame(width) => written(&Value::Int(frame.unwrap_or(0)), *width).into(),
                Piece::Output => output.into(),
            };
            if text.len() + piece.len() > LONGEST_TEXT {
                self.too_long(span);
                return None;
            }
            text += &piece;
        }
        Some(text)
    }

    /// Whether `a + b` is no longer than a text or a list may be.
    pub(super) fn may_add(&mut self, op: BinaryOp, a: &Val, b: &Val, span: Span) -> bool {
        match (op, a, b) {
            (BinaryOp::Add, Val::Const(Value::Text(a)), Val::Const(Value::Text(b))) => {
                a.len() + b.len() <= LONGEST_TEXT || self.too_long(span)
            }
            (BinaryOp::Add, a, b) => self.may_join([a, b], span),
            _ => true,
        }
    }

    /// Whether values fit into one text.
    pub(super) fn may_print(&mut self, values: &[Val], span: Span) -> bool {
        let text = |value: &Val| match value {
            Val::Const(Value::Text(text)) => text.len(),
            _ => 0,
        };
        values.iter().map(text).fold(0, usize::saturating_add) <= LONGEST_TEXT || self.too_long(span)
    }

    fn too_long(&mut self, span: Span) -> bool {
        self.too_much("a text has more than 1 MiB".into(), span);
        false
    }

    /// The value of a definition, once per shot (and frame, when time matters) or expansion.
    pub(super) fn definition(&mut self, def: DefId) -> Val {
        let program = self.program;
        let owner = program[def].owner;
        let scope = owner.and_then(|owner| self.scopes.iter().rposition(|s| s.owner == owner));
        if let Some(scope) = scope {
            if let Some(value) = self.scopes[scope].args.get(&def).or_else(|| self.scopes[scope].memo.get(&def)) {
                return value.clone();
            }
            let value = self.evaluate(def, Some(scope));
            self.scopes[scope].memo.insert(def, value.clone());
            return value;
        }
        let layer = match owner.map(|o| &program[o].kind) {
            Some(DefKind::Layer(layer)) => *layer,
            _ => self.layer,
        };
        // Constants are the same in every layer.
        let key_layer = match self.typed[def].ty.present() {
            Type::Wire(_) | Type::List(_) => layer,
            _ => Layer::Generation,
        };
        let timed = self.typed[def].timed;
        let known = if timed {
            self.frame_memo.get(&(self.setting, def, key_layer))
        } else {
            self.settings.get(&self.setting).and_then(|s| s.memo.get(&(def, key_layer)))
        };
        if let Some(value) = known {
            return value.clone();
        }
        // Global definitions see no expansion.
        let scopes = std::mem::take(&mut self.scopes);
        let outer = std::mem::replace(&mut self.layer, layer);
        let home = std::mem::replace(&mut self.home, program[def].module);
        let value = self.evaluate(def, None);
        self.home = home;
        self.layer = outer;
        self.scopes = scopes;
        if matches!(program[def].kind, DefKind::Camera(_)) {
            // Depends on the aspect of the picture that asks.
            return value;
        }
        if timed {
            self.frame_memo.insert((self.setting, def, key_layer), value.clone());
        } else {
            self.settings.entry(self.setting).or_default().memo.insert((def, key_layer), value.clone());
        }
        value
    }

    fn evaluate(&mut self, def: DefId, scope: Option<usize>) -> Val {
        if self.depth >= DEEPEST {
            return self.too_much("definitions are nested too deep".into(), self.program[def].name.span);
        }
        self.depth += 1;
        let outer = std::mem::replace(&mut self.def, def);
        let locals = std::mem::take(&mut self.locals);
        let value = self.evaluate_inner(def, scope);
        self.locals = locals;
        self.def = outer;
        self.depth -= 1;
        value
    }

    fn evaluate_inner(&mut self, def: DefId, scope: Option<usize>) -> Val {
        let typed = self.typed;
        let program = self.program;
        let name = &program[def].name.value;
        let id = match (scope, program[def].owner) {
            (Some(scope), _) => format!("{}/{name}", self.scopes[scope].path),
            (None, Some(owner)) => format!("{}/{name}", program[owner].name.value),
            (None, None) => name.clone(),
        };
        match &program[def].kind {
            DefKind::Asset { .. } => return Val::Asset(def),
            DefKind::Shot { .. } | DefKind::Cut(_) => return Val::Shot(def),
            DefKind::Camera(_) => return self.camera(def),
            _ => {}
        }
        match &typed[def].body {
            Body::Value(term)
                if *innermost(&typed[def].ty) == Type::Wire(Wire::Thing) && is_named(&program[def].kind) =>
            {
                // Inside an expansion names are relative, so equal expansions are equal nodes.
                let name = if scope.is_some() { name.clone() } else { id.clone() };
                self.named_term(term, &id, &name)
            }
            Body::Value(term) if is_named(&program[def].kind) => {
                let changed = self.opined(term, &id);
                self.eval(changed.as_ref().unwrap_or(term), &id)
            }
            Body::Value(term) => self.eval(term, &id),
            Body::Opinion(opinion) => {
                let path = match &opinion.target {
                    Target::Thing { path, .. } => path.clone(),
                    Target::Camera(def) => format!("camera/{}", program[*def].name.value),
                    Target::Param(_) | Target::Item(_) => name.clone(),
                };
                let within = scope.map(|s| format!("{}/", self.scopes[s].path)).unwrap_or_default();
                self.eval(&opinion.term, &format!("{within}{path}.{}", opinion.path.join(".")))
            }
            // What a shot says is stronger than a matrix.
            Body::Param { .. }
                if self.choice.values.contains_key(&def)
                    && !self.settings.get(&self.setting).is_some_and(|s| s.params.contains_key(&def)) =>
            {
                Val::Const(self.choice.values[&def].clone())
            }
            Body::Param { default, range } => {
                let opinion = self
                    .settings
                    .get(&self.setting)
                    .and_then(|s| s.params.get(&def))
                    .or_else(|| self.base.get(&def))
                    .copied();
                let other = self.params.get(&def).copied().filter(|_| opinion.is_none());
                let (value, place) = match (other, opinion.or(default.as_ref())) {
                    (Some(other), _) => (self.definition(other), program[other].name.span),
                    (None, Some(term)) => (self.eval(term, &id), term.span),
                    (None, None) => return Val::Failed,
                };
                if let (Some(limits), Val::Const(value)) = (range, &value)
                    && let Some(error) = crate::value::limits_error(name, value, limits, place)
                {
                    self.report(error);
                    return Val::Failed;
                }
                value
            }
            Body::Pose(channels) => {
                let mut record = Vec::new();
                for (channel, term) in channels {
                    match self.constant(term) {
                        Some(value) => record.push((channel.clone(), value)),
                        None => return Val::Failed,
                    }
                }
                Val::Const(Value::Record(record))
            }
            // What is no value.
            Body::None
            | Body::Camera(_)
            | Body::Shot(_)
            | Body::Cut(_)
            | Body::Output(_)
            | Body::Bible(_)
            | Body::Rule(_)
            | Body::Assert(_)
            | Body::Budget(_)
            | Body::Query(_) => Val::Failed,
        }
    }
}

fn is_named(kind: &DefKind<'_>) -> bool {
    matches!(kind, DefKind::Bind(_) | DefKind::Scatter { .. })
}
