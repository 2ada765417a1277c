//! Tests, gates and budgets: what they ask becomes nodes, and what they claim of the answers is kept for later.

use std::collections::{BTreeMap, BTreeSet};

use scenec_ir::graph::Input;
use scenec_ir::node::{Layer, Wire};
use scenec_ir::{Diagnostic, Dimension, Span, Type, Value, nodes};

use super::node::push_inputs;
use super::{FIRST_FRAME, Lowerer, Val};
use crate::claim::{Budget, Claim, ClaimKind, Limit};
use crate::resolve::{DefId, DefKind};
use crate::typed::{Body, NodeTerm, Term, TermKind};
use crate::value::{default_of, fold};
use crate::{Claims, Options, ShotInfo};

/// Operations and constants of one assertion.
const MOST_OPERATIONS: usize = 100_000;
/// Operations within operations of one assertion.
const DEEPEST_OPERATION: usize = 256;

impl Lowerer<'_, '_> {
    /// Claims of the root module, in the order of the text.
    pub(super) fn ask(&mut self, shots: &[ShotInfo], options: &Options) {
        let program = self.program;
        if options.claims == Claims::None {
            return;
        }
        for (def, item) in program.iter().filter(|(_, item)| item.module == 0) {
            match item.kind {
                DefKind::Test { gate, .. } if gate || options.claims != Claims::Gates => {
                    let kind = if gate { ClaimKind::Gate } else { ClaimKind::Test };
                    if !options.wants(&item.name.value) {
                        continue;
                    }
                    for member in program.members(def) {
                        if let DefKind::Assert { reason, .. } = program[*member].kind {
                            let reason = reason.map(|r| r.value.clone());
                            self.assertion(kind, def, *member, reason, options);
                        }
                    }
                }
                DefKind::Budget(_) if options.wants("budget") => self.budget(def, shots, options),
                _ => {}
            }
        }
        self.set_frame(None);
    }

    fn assertion(&mut self, kind: ClaimKind, test: DefId, def: DefId, reason: Option<String>, options: &Options) {
        let Body::Assert(term) = &self.typed[def].body else { return };
        let mut named = BTreeSet::new();
        self.named_shots(term, &mut named, 0);
        let is_wanted = |s: &DefId| options.shot.as_ref().is_none_or(|w| self.program[*s].name.value == *w);
        if !named.is_empty() && !named.iter().any(is_wanted) {
            return;
        }
        // What one shot is asked about holds as that shot has it.
        let setting = if named.len() == 1 { named.first().copied() } else { None };
        let Some(frame) = self.first_frame(setting) else { return };
        self.opening = frame;
        self.set_frame(Some((frame, 0.0)));
        let name = self.program[test].name.clone();
        let id = format!("{}/{}", kind.noun(), name.value);
        let outer = (self.setting, self.layer, self.def);
        (self.setting, self.layer, self.def) = (setting, Layer::Generation, def);
        self.asking = true;
        let value = self.eval(term, &id);
        self.asking = false;
        (self.setting, self.layer, self.def) = outer;
        let condition = residual(value, term);
        if condition.is_none() && !self.diagnostics.iter().any(Diagnostic::is_error) {
            // An assertion that can't be judged must not pass.
            self.too_late(term.span);
        }
        if let Some(condition) = condition {
            let (name, place) = (name.value, name.span);
            self.claims.push(Claim { kind, name, place, condition: Some(condition), reason, budget: None });
        }
    }

    /// An operator or function of an assertion. What is known now is computed now.
    pub(super) fn operation(&mut self, term: &Term, operands: &[&Term], id: &str) -> Val {
        if let TermKind::If(parts) = &term.kind {
            // One branch may have no value where the other is meant.
            return match self.eval(&parts[0], id) {
                Val::Const(Value::Bool(holds)) => self.eval(if holds { &parts[1] } else { &parts[2] }, id),
                Val::Later(condition) => {
                    let [then, otherwise] = [&parts[1], &parts[2]].map(|part| {
                        let value = self.eval(part, id);
                        residual(value, part)
                    });
                    match (then, otherwise) {
                        (Some(then), Some(otherwise)) => {
                            let kind = TermKind::If(Box::new([*condition, then, otherwise]));
                            Val::Later(Box::new(Term { kind, ..term.clone() }))
                        }
                        _ => Val::Failed,
                    }
                }
                _ => Val::Failed,
            };
        }
        if let Some(value) = self.decided(term, id) {
            return value;
        }
        let values: Vec<Val> = operands.iter().enumerate().map(|(i, t)| self.eval(t, &format!("{id}.{i}"))).collect();
        if values.iter().any(|v| matches!(v, Val::Failed)) {
            return Val::Failed;
        }
        let fits = match (&term.kind, values.as_slice()) {
            (TermKind::Binary(op, ..), [a, b]) => self.may_add(*op, a, b, term.span),
            (TermKind::List(_), items) => self.may_join(items, term.span),
            (TermKind::Text(_), parts) => self.may_print(parts, term.span),
            _ => true,
        };
        if !fits {
            return Val::Failed;
        }
        let nodes = |v: &Val| {
            matches!(v, Val::Node(..)) || matches!(v, Val::Many(items) if !items.iter().all(|i| plain(&i.value)))
        };
        if values.iter().any(nodes) {
            return self.of_things(term, values);
        }
        let operands: Option<Vec<Term>> = values.into_iter().zip(operands).map(|(v, own)| residual(v, own)).collect();
        let Some(operands) = operands else { return Val::Failed };
        let known = operands.iter().all(|t| t.value().is_some());
        // Values that several names share are written out for each of them.
        let (size, depth) = operands.iter().map(extent).fold((0, 0), |(s, d), (t, e)| (s + t, e.max(d)));
        if !known && (size > MOST_OPERATIONS || depth > DEEPEST_OPERATION) {
            return self.too_much("an assertion computes too much with what it measures".into(), term.span);
        }
        let rebuilt = Term { kind: term.kind.with_operands(operands), ..term.clone() };
        if !known {
            return Val::Later(Box::new(rebuilt));
        }
        match fold(&rebuilt) {
            Some(Ok(value)) => Val::Const(value),
            Some(Err(reason)) => self.error("E0308", format!("this has no value: {reason}"), term.span),
            None => Val::Failed,
        }
    }

    /// Lists of things: made, joined, counted, and one taken out.
    fn of_things(&mut self, term: &Term, values: Vec<Val>) -> Val {
        use crate::ops::Function;
        let mut values = values.into_iter();
        match &term.kind {
            TermKind::List(_) => super::lists::gather(super::lists::numbered(values.collect())),
            TermKind::Binary(..) => super::lists::joined(values.collect()),
            TermKind::Function(Function::Count, _) => match values.next() {
                Some(list) => Val::Const(Value::Int(super::lists::items(list).len() as i64)),
                None => Val::Failed,
            },
            TermKind::Index(parts) => match (values.next(), values.next()) {
                (Some(list), Some(Val::Const(index))) => {
                    self.taken(super::lists::items(list), &parts[0].ty, &index, term.span)
                }
                (_, Some(Val::Later(_))) => {
                    self.too_late(term.span);
                    Val::Failed
                }
                _ => Val::Failed,
            },
            _ => Val::Failed,
        }
    }

    /// Something that the stage is made of depends on what is read off it.
    pub(super) fn too_late(&mut self, span: Span) {
        let message = "this is known only when the stage is finished, and is needed to make it";
        let hint = "compare it in the `assert`; nothing else may depend on it";
        self.report(Diagnostic::error("E0323", message, span).hint(hint));
    }

    /// A node that reads something off the stage.
    pub(super) fn reading(&mut self, node: &NodeTerm, id: &str, span: Span) -> Val {
        let shot = match node.shot.as_ref().map(|s| self.eval(s, id)) {
            Some(Val::Shot(shot)) => Some(shot),
            Some(_) => return Val::Failed,
            None => self.setting,
        };
        // Of a cut that is the first frame of its first shot.
        let first = match shot.filter(|s| self.is_cut(*s)) {
            Some(cut) => self.segment_at(cut, None).map(|s| (Some(s.shot), s.source)),
            None => self.first_frame(shot).map(|frame| (shot, frame)),
        };
        let Some((shot, frame)) = first else { return Val::Failed };
        let info = match shot {
            Some(shot) => self.shot_info(shot),
            None => None,
        };
        let default_size = || nodes::find("render").and_then(|r| r.param("size")).and_then(default_of);
        let size = info.and_then(|i| i.size).or_else(|| match default_size() {
            Some(Value::Vec2(size, _)) => Some(size),
            _ => None,
        });
        let Some([width, height]) = size else { return Val::Failed };
        let aspect = width / height;
        let outer = (self.setting, self.frame, self.aspect, self.layer);
        (self.setting, self.frame, self.layer) = (shot, Some((frame, 0.0)), Layer::Generation);
        self.aspect = Some(aspect);
        let value = self.reading_here(node, id, span, aspect);
        (self.setting, self.frame, self.aspect, self.layer) = outer;
        value
    }

    fn reading_here(&mut self, node: &NodeTerm, id: &str, span: Span, aspect: f64) -> Val {
        let Wire::Reading(reading) = node.decl.output else { return Val::Failed };
        let mut params = BTreeMap::new();
        let mut inputs = BTreeMap::new();
        if !self.params_of(node, &mut params) || !self.ports_of(node, id, &mut inputs) {
            return Val::Failed;
        }
        if let (false, Some(_)) = (params.contains_key("aspect"), node.decl.param("aspect")) {
            params.insert("aspect".into(), Value::Quantity(aspect, Dimension::RATIO));
        }
        for (name, wire) in [("stage", Wire::Stage), ("camera", Wire::Camera)] {
            if node.decl.port(name).is_none() {
                continue;
            }
            let value = match wire {
                Wire::Stage => self.stage(),
                _ => self.camera_of_shot(span),
            };
            let mut list: Vec<Input> = Vec::new();
            if !push_inputs(value, &mut list) {
                return Val::Failed;
            }
            inputs.insert(name.to_owned(), list);
        }
        match self.finish(node.decl, id, params, inputs, span) {
            Val::Node(handle, _) => {
                if !self.graph.outputs.contains(&handle) {
                    self.graph.outputs.push(handle);
                }
                let id = self.graph.nodes[handle].id.clone();
                Val::Later(Box::new(Term::new(TermKind::Reading(id), reading.ty(), span)))
            }
            _ => Val::Failed,
        }
    }

    fn camera_of_shot(&mut self, span: Span) -> Val {
        let body = self.setting.map(|s| &self.typed[s].body);
        match body {
            Some(Body::Shot(body)) => match &body.camera {
                Some(term) => self.eval(term, "camera"),
                None => Val::Failed,
            },
            _ => self.error("E0304", "this needs a shot to be seen through", span),
        }
    }

    /// Where a shot begins; elsewhere the usual first frame. Nothing when it has an error.
    fn first_frame(&mut self, shot: Option<DefId>) -> Option<i64> {
        match shot {
            Some(shot) => self.shot_info(shot).map(|info| info.frames.0),
            None => Some(FIRST_FRAME),
        }
    }

    /// The budget holds for the stage of every shot.
    fn budget(&mut self, def: DefId, shots: &[ShotInfo], options: &Options) {
        let (Body::Budget(node), Some(usage)) = (&self.typed[def].body, nodes::find("usage")) else { return };
        let mut limits = Vec::new();
        let mut params = BTreeMap::new();
        if !self.params_of(node, &mut params) {
            return;
        }
        for (param, term) in &node.params {
            let Some(value) = params.remove(param.name) else { continue };
            limits.push(Limit { name: param.name, most: value, span: term.span });
        }
        let program = self.program;
        let of_name = |name: &str| {
            let found = program
                .iter()
                .find(|(_, d)| d.module == 0 && d.name.value == name && matches!(d.kind, DefKind::Shot { .. }));
            found.map(|(def, _)| def)
        };
        let wanted = shots.iter().filter(|s| options.shot.as_ref().is_none_or(|w| s.name == *w));
        let mut settings: Vec<Option<DefId>> = wanted.filter_map(|s| of_name(&s.name)).map(Some).collect();
        if settings.is_empty() {
            settings.push(None);
        }
        let place = program[def].name.span;
        let mut stages: Vec<(Option<String>, String)> = Vec::new();
        for setting in settings {
            let Some(frame) = self.first_frame(setting) else { return };
            self.opening = frame;
            self.set_frame(Some((frame, 0.0)));
            let outer = std::mem::replace(&mut self.setting, setting);
            let ask = NodeTerm { decl: usage, params: Vec::new(), ports: Vec::new(), shot: None };
            let value = self.reading(&ask, "budget", place);
            self.setting = outer;
            let Val::Later(term) = value else { return };
            // Shots that share a stage share its use.
            if let TermKind::Reading(id) = term.kind
                && stages.iter().all(|(_, known)| *known != id)
            {
                stages.push((setting.map(|s| program[s].name.value.clone()), id));
            }
        }
        let (kind, name) = (ClaimKind::Budget, "budget".to_owned());
        let budget = Some(Budget { limits, stages });
        self.claims.push(Claim { kind, name, place, condition: None, reason: None, budget });
    }

    /// Shots that an assertion names.
    fn named_shots(&self, term: &Term, found: &mut BTreeSet<DefId>, depth: usize) {
        if depth > 64 {
            return;
        }
        if let Some(operands) = term.kind.operands() {
            return operands.into_iter().for_each(|t| self.named_shots(t, found, depth + 1));
        }
        let mut go = |t: &Term| self.named_shots(t, found, depth + 1);
        match &term.kind {
            TermKind::Ref(def) if self.typed[*def].ty == Type::Shot => {
                if matches!(self.program[*def].kind, DefKind::Shot { .. }) {
                    found.insert(*def);
                }
            }
            TermKind::Ref(def) if matches!(self.program[*def].kind, DefKind::Let(_)) => {
                let of_test =
                    self.program[*def].owner.is_some_and(|o| matches!(self.program[o].kind, DefKind::Test { .. }));
                if let (Body::Value(value), true) = (&self.typed[*def].body, of_test) {
                    go(value);
                }
            }
            TermKind::Node(node) => {
                node.shot.iter().for_each(&mut go);
                node.params.iter().for_each(|(_, t)| go(t));
                node.ports.iter().flat_map(|(_, terms)| terms).for_each(&mut go);
            }
            TermKind::Call(_, args) => args.iter().for_each(|(_, t)| go(t)),
            TermKind::For(each) => {
                each.over.iter().chain(&each.condition).for_each(&mut go);
                go(&each.body);
            }
            _ => {}
        }
    }
}

/// True for values that an expression may hold: constants, readings, and lists of both.
fn plain(value: &Val) -> bool {
    match value {
        Val::Const(_) | Val::Later(_) => true,
        Val::Many(items) => items.iter().all(|item| plain(&item.value)),
        _ => false,
    }
}

/// Operations of an expression, and how deep they lie in each other.
fn extent(term: &Term) -> (usize, usize) {
    let operands = term.kind.operands().unwrap_or_default();
    let (size, depth) = operands.into_iter().map(extent).fold((0, 0), |(s, d), (t, e)| (s + t, e.max(d)));
    (size + 1, depth + 1)
}

/// A value as an expression at the place of `own`; nothing for what is none.
fn residual(value: Val, own: &Term) -> Option<Term> {
    match value {
        Val::Const(value) => Some(Term::constant(value, own.ty.clone(), own.span)),
        // A name that stands for it is what was written here.
        Val::Later(term) => Some(Term { span: own.span, ..*term }),
        Val::Many(items) => {
            let items: Option<Vec<Term>> = items.into_iter().map(|item| residual(item.value, own)).collect();
            Some(Term::new(TermKind::List(items?), own.ty.clone(), own.span))
        }
        _ => None,
    }
}
