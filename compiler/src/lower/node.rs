//! Nodes, placements, expansions and figures.

use std::collections::HashMap;

use scenec_grammar::words::CLAUSES;
use scenec_ir::graph::Input;
use scenec_ir::node::{Arity, Layer, NodeDecl, ParamType, Wire};
use scenec_ir::nodes::measure::is_measure;
use scenec_ir::{Diagnostic, Dimension, Span, Type, Value, nodes};

use super::{DEEPEST_EXPANSION, Inputs, Lowerer, MOST_CALLS, MOST_EXPANSIONS, Params, Scope, Val};
use crate::check::{innermost, value_error};
use crate::resolve::{DefId, DefKind};
use crate::typed::{Body, FigureTerm, NodeTerm, PlaceTerm, RepaintTerm, Term};
use crate::value::default_of;

impl Lowerer<'_, '_> {
    pub(super) fn node(&mut self, node: &NodeTerm, id: &str, span: Span) -> Val {
        if is_measure(node.decl) {
            return self.reading(node, id, span);
        }
        if node.decl.params.iter().any(|p| p.ty == ParamType::Shot) {
            return self.render(node, id, span);
        }
        if node.decl.name == "scatter" {
            return self.scatter(node, id, span);
        }
        let mut params = Params::new();
        let mut inputs = Inputs::new();
        if !self.params_of(node, &mut params) || !self.ports_of(node, id, &mut inputs) {
            return Val::Failed;
        }
        if let (Some(_), Some(picture)) = (node.decl.port("aovs"), inputs.get("image").and_then(|i| i.first())) {
            let picture = picture.node;
            let Some(aovs) = self.aovs_beside(picture, node.decl.name, None, false, id, span) else {
                return Val::Failed;
            };
            inputs.insert("aovs".to_owned(), vec![aovs]);
        }
        self.finish(node.decl, id, params, inputs, span)
    }

    /// Fills defaults and time in, and adds the node.
    pub(super) fn finish(
        &mut self,
        decl: &'static NodeDecl,
        id: &str,
        mut params: Params,
        inputs: Inputs,
        span: Span,
    ) -> Val {
        let given = |name: &str| Some((Some(params.get(name)?), span));
        if let Some(broken) = crate::rules::broken(decl, crate::check::shown(decl.name), span, given) {
            self.report(broken);
            return Val::Failed;
        }
        for param in decl.params {
            if !params.contains_key(param.name)
                && let Some(value) = default_of(param)
            {
                // Of a name that is both, one is given.
                params.insert(param.name.to_owned(), value);
            }
        }
        if decl.name == "scatter"
            && let Some(Value::Text(seed)) = params.get_mut("seed")
        {
            *seed = format!("{}:{seed}", id.trim_end_matches("#thing"));
        }
        let moves = decl.timed && params.contains_key("clip") && !params.contains_key("time");
        if let (true, Some((_, seconds))) = (moves, self.frame) {
            params.insert("frame_time".into(), Value::Quantity(seconds, Dimension::TIME));
        }
        let layer = match (decl.output, decl.layers) {
            (Wire::Material, _) => Layer::Environment,
            (Wire::Camera | Wire::Stage | Wire::Image(_) | Wire::Aovs | Wire::File | Wire::Reading(_), _) => {
                Layer::Generation
            }
            _ => self.layer,
        };
        self.intern(decl.name, id.to_owned(), layer, params, inputs, span)
    }

    /// Evaluates the given parameters. False when one has an error.
    pub(super) fn params_of(&mut self, node: &NodeTerm, params: &mut Params) -> bool {
        let mut whole = true;
        let mut asset = None;
        for (param, term) in &node.params {
            let value = match self.eval(term, "") {
                // Left out.
                Val::Const(Value::None) => continue,
                Val::Const(value) => value,
                Val::Asset(def) => {
                    asset = Some(def);
                    Value::Text(self.asset_path(def))
                }
                Val::Later(_) => {
                    self.too_late(term.span);
                    whole = false;
                    continue;
                }
                _ => {
                    whole = false;
                    continue;
                }
            };
            let index = asset.and_then(|a| match &self.program[a].kind {
                DefKind::Asset { index, .. } => index.clone(),
                _ => None,
            });
            if let Some(error) = value_error(node.decl, param, &value, term.span, index.as_deref()) {
                self.report(error);
                whole = false;
                continue;
            }
            let value = match (param.ty, value) {
                (ParamType::InputPath, Value::Text(written)) => {
                    let path = crate::nearby::input_path(self.loaded, &written, term.span);
                    if let Some(error) = self.nearby.input_error(self.loaded, &written, term.span) {
                        self.report(error);
                        whole = false;
                        continue;
                    }
                    Value::Text(path)
                }
                (_, value) => value,
            };
            params.insert(param.name.to_owned(), value);
        }
        whole
    }

    fn asset_path(&self, def: DefId) -> String {
        match &self.program[def].kind {
            DefKind::Asset { path, .. } => path.clone(),
            _ => String::new(),
        }
    }

    pub(super) fn ports_of(&mut self, node: &NodeTerm, id: &str, inputs: &mut Inputs) -> bool {
        let mut whole = true;
        for (port, terms) in &node.ports {
            let mut list = Vec::new();
            for (i, term) in terms.iter().enumerate() {
                let inner = match terms.len() {
                    1 => format!("{id}#{}", port.name),
                    _ => format!("{id}#{}.{i}", port.name),
                };
                let value = self.eval(term, &inner);
                whole &= push_inputs(value, &mut list);
            }
            if list.is_empty() && matches!(port.arity, Arity::One | Arity::Optional) {
                continue;
            }
            if matches!(port.name, "parts" | "prototype") {
                list = list.into_iter().map(|input| self.relative(input)).collect();
            }
            inputs.insert(port.name.to_owned(), list);
        }
        whole
    }

    /// A named thing inside of another goes by its last name.
    fn relative(&mut self, input: Input) -> Input {
        let node = &self.graph.nodes[input.node];
        let name = match node.params.get("name") {
            Some(Value::Text(name)) if node.kind == "place" && input.part.is_none() => name,
            _ => return input,
        };
        let Some((_, last)) = name.rsplit_once('/') else { return input };
        let (last, mut node) = (last.to_owned(), node.clone());
        let id = format!("{}#copy", node.id);
        node.params.insert("name".into(), Value::Text(last));
        let Some(span) = node.span else { return input };
        match self.intern("place", id, self.layer, node.params, node.inputs, span) {
            Val::Node(node, _) => Input { node, part: None },
            _ => input,
        }
    }

    /// A thing with its name, where it stands already.
    pub(super) fn named(&mut self, thing: Val, id: &str, name: &str, span: Span) -> Val {
        let Some(decl) = nodes::find("place") else { return Val::Failed };
        let mut list = Vec::new();
        if !push_inputs(thing, &mut list) {
            return Val::Failed;
        }
        let list = list.into_iter().map(|input| self.relative(input)).collect();
        let params = Params::from([("name".to_owned(), Value::Text(name.to_owned()))]);
        let inputs = Inputs::from([("thing".to_owned(), list)]);
        self.finish(decl, id, params, inputs, span)
    }

    pub(super) fn repaint(&mut self, repaint: &RepaintTerm, id: &str, span: Span) -> Val {
        let Some(decl) = nodes::find("repaint") else { return Val::Failed };
        let mut list = Vec::new();
        let thing = self.eval(&repaint.thing, &format!("{id}#asset"));
        let mut whole = push_inputs(thing, &mut list);
        let mut changes = Vec::new();
        for (material, param, term) in &repaint.changes {
            let Some(value) = self.constant(term) else {
                whole = false;
                continue;
            };
            if value == Value::None {
                continue;
            }
            match value_error(&nodes::surface::ASSET_MATERIAL, param, &value, term.span, None) {
                Some(error) => {
                    self.report(error);
                    whole = false;
                }
                None => changes.push((format!("{material}.{}", param.name), value)),
            }
        }
        if !whole {
            return Val::Failed;
        }
        // Whatever said it first, equal changes are equal nodes.
        changes.sort_by(|a, b| a.0.cmp(&b.0));
        let params = Params::from([("materials".to_owned(), Value::Record(changes))]);
        self.finish(decl, id, params, Inputs::from([("thing".to_owned(), list)]), span)
    }

    pub(super) fn place(&mut self, place: &PlaceTerm, id: &str, name: &str, span: Span) -> Val {
        let Some(decl) = nodes::find("place") else { return Val::Failed };
        let mut params = Params::from([("name".to_owned(), Value::Text(name.to_owned()))]);
        let mut inputs = Inputs::new();
        let thing = self.eval(&place.thing, &format!("{id}#thing"));
        let mut list = Vec::new();
        let mut whole = push_inputs(thing, &mut list);
        let list = list.into_iter().map(|input| self.relative(input)).collect();
        inputs.insert("thing".into(), list);
        // Where a thing follows another, that is the place that `at` is counted from.
        let stands = [place.clause("follow"), place.clause("at").filter(|t| t.ty == Type::Wire(Wire::Thing))];
        if let [Some(follow), Some(at)] = stands {
            let message = "`at` and `follow` both say which thing it stands at";
            let hint = "`at` a point says how far from what it follows";
            self.report(Diagnostic::error("E0306", message, at.span).because(follow.span, "followed here").hint(hint));
            whole = false;
        }
        let stand = stands.into_iter().flatten().next().map(|t| t.span).or(place.on.as_ref().map(|on| on[0].span));
        if let (Some(parent), Some(stand)) = (place.clause("parent"), stand) {
            let message = "it has a parent, and stands at another thing";
            let hint = "with a `parent`, `at` is a point in the parent's space";
            self.report(Diagnostic::error("E0306", message, stand).because(parent.span, "the parent").hint(hint));
            whole = false;
        }
        for key in CLAUSES {
            let Some(term) = place.clause(key) else { continue };
            let port = if key == "follow" { "at" } else { key };
            match self.eval(term, &format!("{id}#{key}")) {
                Val::Const(value) => {
                    let error = decl.param(key).and_then(|param| value_error(decl, param, &value, term.span, None));
                    match error {
                        Some(error) => {
                            self.report(error);
                            whole = false;
                        }
                        None => {
                            params.insert(key.to_owned(), value);
                        }
                    }
                }
                Val::Node(node, part) => {
                    inputs.insert(port.to_owned(), vec![Input { node, part }]);
                }
                _ => whole = false,
            }
        }
        if let Some([thing, x, z]) = &place.on {
            let thing = self.eval(thing, &format!("{id}#at"));
            let (x, z) = (self.constant(x), self.constant(z));
            match (thing, x.and_then(|x| x.as_f64()), z.and_then(|z| z.as_f64())) {
                (Val::Node(node, part), Some(x), Some(z)) => {
                    inputs.insert("at".into(), vec![Input { node, part }]);
                    params.insert("at".into(), Value::Vec3([x, 0.0, z], Dimension::LENGTH));
                    params.insert("drop".into(), Value::Bool(true));
                }
                _ => whole = false,
            }
        }
        if !whole {
            return Val::Failed;
        }
        self.finish(decl, id, params, inputs, span)
    }

    /// Arguments are evaluated outside, then the members inside.
    pub(super) fn enter(&mut self, owner: DefId, args: &[(DefId, Term)], id: &str, span: Span) -> Result<(), Val> {
        if self.scopes.len() >= DEEPEST_EXPANSION {
            let message = format!("components and functions are nested more than {DEEPEST_EXPANSION} deep");
            return Err(self.too_much(message, span));
        }
        let (count, most, what) = match self.program[owner].kind {
            DefKind::Function { .. } => (&mut self.calls, MOST_CALLS, "makes more than 1,000,000 calls of functions"),
            _ => (&mut self.expansions, MOST_EXPANSIONS, "expands more than 100,000 components"),
        };
        *count += 1;
        if *count > most {
            return Err(self.too_much(format!("the program {what}"), span));
        }
        let mut values = HashMap::new();
        for (param, term) in args {
            let name = &self.program[*param].name.value;
            let value = self.eval(term, &format!("{id}#{name}"));
            if let (Body::Param { range: Some(limits), .. }, Val::Const(constant)) = (&self.typed[*param].body, &value)
                && let Some(error) = crate::value::limits_error(name, constant, limits, term.span)
            {
                self.report(error);
                return Err(Val::Failed);
            }
            // What is `none` is left out, where the parameter has a default.
            if !matches!(value, Val::Const(Value::None)) || self.typed[*param].ty.is_optional() {
                values.insert(*param, value);
            }
        }
        self.scopes.push(Scope { owner, args: values, memo: HashMap::new(), path: id.to_owned() });
        Ok(())
    }

    pub(super) fn expand(&mut self, component: DefId, args: &[(DefId, Term)], id: &str, span: Span) -> Val {
        let Some(decl) = nodes::find("assembly") else { return Val::Failed };
        let path = id.trim_end_matches("#thing").to_owned();
        if let Err(value) = self.enter(component, args, &path, span) {
            return value;
        }
        self.opinions_of(component, &path);
        let program = self.program;
        let mut members: Vec<DefId> = program.members(component).to_vec();
        // In an order in which none has to evaluate another first, so that long chains need no deep stack.
        members.sort_by_key(|m| self.position[m.0 as usize]);
        for member in &members {
            self.definition(*member);
        }
        let mut inputs = Inputs::from([("parts".to_owned(), Vec::new())]);
        let mut whole = true;
        for member in program.members(component) {
            if !matches!(program[*member].kind, DefKind::Bind(_) | DefKind::Scatter { .. }) {
                continue;
            }
            let port = match innermost(&self.typed[*member].ty) {
                Type::Wire(Wire::Light) => "lights",
                _ => "parts",
            };
            let value = self.definition(*member);
            whole &= push_inputs(value, inputs.entry(port.to_owned()).or_default());
        }
        self.forget(component, &path);
        self.scopes.pop();
        if !whole {
            return Val::Failed;
        }
        self.finish(decl, id, Params::new(), inputs, span)
    }

    pub(super) fn figure(&mut self, figure: &FigureTerm, id: &str, span: Span) -> Val {
        let Some(decl) = nodes::find("figure") else { return Val::Failed };
        let Body::Bible(bible) = &self.typed[figure.bible].body else { return Val::Failed };
        let bible = bible.clone();
        let call = NodeTerm { decl, params: figure.params.clone(), ports: Vec::new(), shot: None };
        let mut params = Params::new();
        let mut whole = self.params_of(&call, &mut params);
        let asset = self.asset_path(bible.asset);
        params.insert("asset".into(), Value::Text(asset));
        if let Err(value) = self.enter(figure.bible, &figure.args, id, span) {
            return value;
        }
        if let Some((kind, name)) = &bible.root {
            match self.constant(name) {
                Some(name) => {
                    params.insert((*kind).to_owned(), name);
                }
                None => whole = false,
            }
        }
        for (variant, arms) in &bible.variants {
            match self.definition(*variant) {
                Val::Const(Value::Member(member)) => match arms.iter().find(|(m, _)| *m == member) {
                    Some((_, name)) => {
                        params.insert("variant".into(), Value::Text(name.clone()));
                    }
                    None => whole = false,
                },
                _ => whole = false,
            }
        }
        if let Some(height) = bible.height {
            match self.definition(height) {
                Val::Const(value) => {
                    let term_span = figure.args.iter().find(|(d, _)| *d == height).map_or(span, |(_, t)| t.span);
                    let error = decl.param("height").and_then(|p| value_error(decl, p, &value, term_span, None));
                    whole &= error.is_none();
                    if let Some(error) = error {
                        self.report(error);
                    }
                    params.insert("height".into(), value);
                }
                _ => whole = false,
            }
        }
        whole &= self.rules(figure.bible, span);
        self.scopes.pop();
        if !whole {
            return Val::Failed;
        }
        self.finish(decl, id, params, Inputs::new(), span)
    }

    /// The rules of the bible whose figure is made at `span`.
    fn rules(&mut self, bible: DefId, span: Span) -> bool {
        let (program, typed) = (self.program, self.typed);
        let mut whole = true;
        for member in program.members(bible) {
            let Body::Rule(rule) = &typed[*member].body else { continue };
            let mut holds = |term| match self.constant(term) {
                Some(Value::Bool(holds)) => Some(holds),
                _ => None,
            };
            match holds(&rule.condition) {
                Some(true) => {}
                Some(false) => continue,
                None => {
                    whole = false;
                    continue;
                }
            }
            match holds(&rule.requires) {
                Some(true) => continue,
                Some(false) => {}
                None => {
                    whole = false;
                    continue;
                }
            }
            whole = false;
            let [condition, requires] =
                [&rule.condition, &rule.requires].map(|t| self.loaded.sources.text(t.span).to_owned());
            if self.choice.broken(rule.span) {
                return false;
            }
            let name = &program[bible].name.value;
            let message = format!("this `{name}` breaks a rule of its bible: `{condition}` requires `{requires}`");
            let hint = self.facts(bible);
            self.report(Diagnostic::error("E0321", message, span).because(rule.span, "the rule").hint(hint));
        }
        whole
    }

    /// `outfit is gala, height is 1.5m`: what a rule may speak of.
    fn facts(&mut self, bible: DefId) -> String {
        let program = self.program;
        let mut facts = Vec::new();
        for member in program.members(bible) {
            if crate::check::is_formal(&program[*member].kind)
                && let Val::Const(value) = self.definition(*member)
            {
                let shown = match value {
                    Value::Quantity(..) => value.to_string(),
                    _ => crate::value::written(&value, None),
                };
                if !shown.is_empty() {
                    facts.push(format!("`{}` is `{shown}`", program[*member].name.value));
                }
            }
        }
        format!("here {}", facts.join(", "))
    }

    /// A function's or image's value.
    pub(super) fn call(&mut self, callee: DefId, args: &[(DefId, Term)], id: &str, span: Span) -> Val {
        let Body::Value(term) = &self.typed[callee].body else { return Val::Failed };
        if let Err(value) = self.enter(callee, args, id, span) {
            return value;
        }
        let locals = std::mem::take(&mut self.locals);
        let value = self.eval(term, id);
        self.locals = locals;
        self.scopes.pop();
        value
    }
}

/// Adds the nodes of a value, which are none for `none`; false when it has an error.
pub(super) fn push_inputs(value: Val, list: &mut Vec<Input>) -> bool {
    match value {
        Val::Node(node, part) => {
            list.push(Input { node, part });
            true
        }
        Val::Many(items) => items.into_iter().all(|item| push_inputs(item.value, list)),
        Val::Const(Value::None) => true,
        Val::Const(Value::List(items)) => items.iter().all(|item| *item == Value::None),
        _ => false,
    }
}
