//! The `scatter` statement.

use scenec_grammar::ast::{Arg, Expr, ExprKind};
use scenec_ir::node::{Default, NodeDecl, Param, Port, Wire};
use scenec_ir::{Diagnostic, Span, Type, Value, nodes};

use super::fit::Origin;
use super::{Checker, Want};
use crate::resolve::{DefId, DefKind, Found};
use crate::typed::{Body, Layers, NodeTerm, Shape, Term, TermKind};

/// Ports that stand in the statement itself.
const IN_STATEMENT: [&str; 3] = ["prototype", "on", "in"];

impl Checker<'_, '_> {
    /// `scatter name: prototype on place { fields }`; with `inside` it is written `in`.
    pub(super) fn scatter(
        &mut self,
        def: DefId,
        prototype: &Expr,
        (inside, place): (bool, &Expr),
        fields: &[Arg],
        span: Span,
    ) -> (Type, Shape, Body) {
        let Some(decl) = nodes::find("scatter") else { return (Type::Unknown, Shape::Unknown, Body::None) };
        self.restrict(Layers::of(decl.layers), Some((span, "scatter")), span);
        let mut node = self.scatter_args(decl, fields, span);
        if let Some(port) = decl.port("prototype") {
            let items: &[Expr] = match &prototype.kind {
                ExprKind::List(items) => items,
                _ => std::slice::from_ref(prototype),
            };
            for item in items {
                match self.component_of(def, item) {
                    Some(component) => {
                        let term = self.call_def(component, &[], None, item.span, item.span);
                        let term = self.fit(item, term, &needed(decl, port));
                        node.ports.push((port, vec![term]));
                    }
                    None => self.port_value(&mut node, port, item, &needed(decl, port)),
                }
            }
            // One port with all of them.
            let (own, others): (Vec<_>, Vec<_>) = node.ports.into_iter().partition(|(p, _)| p.name == port.name);
            node.ports = others;
            node.ports.insert(0, (port, own.into_iter().flat_map(|(_, terms)| terms).collect()));
            if items.is_empty() {
                let diagnostic =
                    Diagnostic::error("E0340", "there is nothing to scatter: the list is empty", prototype.span);
                self.report(diagnostic.hint("name at least one thing or component"));
            }
        }
        if let Some(port) = decl.port(if inside { "in" } else { "on" }) {
            self.port_value(&mut node, port, place, &needed(decl, port));
        }
        for diagnostic in contradictions(&node) {
            self.report(diagnostic);
        }
        let ty = Type::Wire(Wire::Thing);
        let shape = Shape::Decl(decl);
        let term = Term { kind: TermKind::Node(Box::new(node)), ty: ty.clone(), shape: shape.clone(), span };
        (ty, shape, Body::Value(term))
    }

    /// The component or bible that a bare name means.
    fn component_of(&mut self, def: DefId, expr: &Expr) -> Option<DefId> {
        match &expr.kind {
            ExprKind::Name(name) => self.program.callable(def, name),
            ExprKind::Field { base, name } => match &base.kind {
                ExprKind::Name(alias) => {
                    self.note_name(base.span, alias);
                    self.public_callable(def, alias, name)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn public_callable(&mut self, from: DefId, alias: &str, name: &scenec_grammar::ast::Ident) -> Option<DefId> {
        let Found::Def(def) = self.program.lookup(from, alias) else { return None };
        let DefKind::Alias(Some(module)) = self.program[def].kind else { return None };
        let found = self.program.own(module, &name.value)?;
        let is_callable = matches!(self.program[found].kind, DefKind::Component | DefKind::Bible);
        is_callable.then(|| self.item_of(module, &name.value, name.span)).flatten()
    }

    fn scatter_args(&mut self, decl: &'static NodeDecl, fields: &[Arg], span: Span) -> NodeTerm {
        let ports = decl.ports.iter().map(|p| p.name).filter(|n| !IN_STATEMENT.contains(n));
        let names: Vec<&str> = decl.params.iter().map(|p| p.name).chain(ports).collect();
        let (assigned, whole) = self.assign(fields, &names, None, "scatter");
        let mut node = NodeTerm { decl, params: Vec::new(), ports: Vec::new(), shot: None };
        for (index, arg) in assigned {
            self.note_parameter(arg.name.as_ref(), decl);
            match (decl.params.get(index), decl.port(names[index])) {
                (Some(param), _) => self.param_arg(&mut node, param, &arg.value),
                (None, Some(port)) => self.port_arg(&mut node, port, &arg.value),
                (None, None) => {}
            }
        }
        let missing: Vec<_> = decl
            .params
            .iter()
            .filter(|p| p.default == Default::Required && !node.params.iter().any(|(q, _)| q.name == p.name))
            .map(Param::signature)
            .collect();
        if whole {
            self.report_missing("scatter", missing, span, None);
        }
        if let Some((_, count)) = node.params.iter().find(|(p, _)| p.name == "count")
            && count.value() == Some(&Value::Int(0))
        {
            let diagnostic = Diagnostic::warning("W0409", "nothing is scattered: `count` is 0", count.span);
            self.report(diagnostic.hint("give a count, or remove the statement"));
        }
        node
    }
}

/// Fields that mean something on a surface only.
const OF_SURFACES: [&str; 4] = ["slope_min", "slope_max", "align", "sink"];

/// Fields that mean nothing without another.
const NEEDS: [(&str, &str, &str); 4] = [
    ("avoid_by", "avoid", "`avoid: [thing]` says what to stay clear of"),
    ("density_contrast", "density_scale", "`density_scale: 5m` is the extent of the patches"),
    ("cluster", "clusters", "`clusters: 20` is how many there are"),
    ("clusters", "cluster", "`cluster: 3m` is their radius"),
];

/// Fields of a `scatter` that contradict each other, whatever their values are.
pub(crate) fn contradictions(node: &NodeTerm) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let span_of = |name: &str| {
        let param = node.params.iter().find(|(p, _)| p.name == name).map(|(_, term)| term.span);
        param.or_else(|| node.ports.iter().find(|(p, _)| p.name == name)?.1.first().map(|term| term.span))
    };
    if let Some(volume) = span_of("in") {
        for name in OF_SURFACES {
            if let Some(span) = span_of(name) {
                let message = format!("`{name}` has no meaning in a volume");
                let diagnostic = Diagnostic::error("E0340", message, span).because(volume, "`in` this one");
                found.push(diagnostic.hint("remove it, or scatter `on` a surface"));
            }
        }
        if let Some(surface) = span_of("on") {
            let diagnostic = Diagnostic::error("E0340", "things are scattered `on` one thing or `in` one", surface);
            found.push(diagnostic.because(volume, "`in` this one").hint("remove one of the two"));
        }
    }
    for (name, other, hint) in NEEDS {
        // An empty list of things to avoid is given all the same.
        let is_given =
            node.params.iter().any(|(p, _)| p.name == other) || node.ports.iter().any(|(p, _)| p.name == other);
        if let (Some(span), false) = (span_of(name), is_given) {
            found
                .push(Diagnostic::error("E0340", format!("`{name}` means nothing without `{other}`"), span).hint(hint));
        }
    }
    found
}

/// What stands in the statement itself is never left out.
fn needed(decl: &NodeDecl, port: &Port) -> Want {
    let origin = Origin::Declared(format!(
        "scatter name: Thing {} {{ count: n }}",
        if port.name == "in" { "in volume" } else { "on surface" }
    ));
    Want { may_lack: false, origin, ..Want::port(decl, port) }
}
