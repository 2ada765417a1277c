//! What camera rays meet: the node beside a render, and the maps that are made of it.

use std::collections::BTreeMap;

use scenec_ir::graph::{Input, Node};
use scenec_ir::node::Layer;
use scenec_ir::{Diagnostic, Handle, Span, Value, nodes};

use super::node::push_inputs;
use super::{Inputs, Lowerer, Params, Val};
use crate::resolve::DefId;
use crate::typed::{NodeTerm, Term};
use crate::value::default_of;

/// What render and AOVs have in common: the same rays.
const RAYS: [&str; 5] = ["samples", "size", "seed", "filter", "filter_width"];

/// Through what a picture is seen.
#[derive(Clone)]
pub(super) struct Seen {
    pub shot: Option<DefId>,
    /// The shot's frame.
    pub frame: Option<i64>,
    pub camera: Option<Term>,
    /// Width divided by height.
    pub aspect: f64,
}

impl Lowerer<'_, '_> {
    /// A map of a shot, such as `depth(s010)`: `views` has stage and camera, `inputs` what the program gives.
    pub(super) fn map(
        &mut self,
        node: &NodeTerm,
        id: &str,
        params: Params,
        mut views: Inputs,
        mut inputs: Inputs,
        span: Span,
    ) -> Val {
        if inputs.get("of").is_some_and(Vec::is_empty) {
            let message = format!("`of` of `{}` names no thing", node.decl.name);
            let place = node.ports.first().and_then(|(_, terms)| terms.first()).map_or(span, |term| term.span);
            let hint = format!("name what is to be seen: `{}(shot, of: [hero, crate])`", node.decl.name);
            self.report(Diagnostic::error("E0304", message, place).hint(hint));
            return Val::Failed;
        }
        if node.decl.port("camera").is_some() {
            inputs.extend(views.get("camera").map(|camera| ("camera".to_owned(), camera.clone())));
        }
        if node.decl.port("aovs").is_none() {
            return self.finish(node.decl, id, params, inputs, span);
        }
        let mut rays = Params::new();
        for name in RAYS {
            let default = || node.decl.param(name).and_then(default_of);
            if let Some(value) = params.get(name).cloned().or_else(default) {
                rays.insert(name.to_owned(), value);
            }
        }
        let by = match node.decl.param("by") {
            Some(by) => params.get("by").cloned().or_else(|| default_of(by)),
            None => node.decl.port("of").map(|_| Value::Member("chosen".to_owned())),
        };
        if let Some(by) = by {
            rays.insert("mattes".to_owned(), Value::List(vec![by]));
        }
        views.extend(inputs.get("of").map(|chosen| ("of".to_owned(), chosen.clone())));
        let aovs = self.finish(&nodes::render::AOVS, &format!("{id}#aovs"), rays, views, span);
        let mut list = Vec::new();
        if !push_inputs(aovs, &mut list) {
            return Val::Failed;
        }
        inputs.insert("aovs".to_owned(), list);
        self.finish(node.decl, id, params, inputs, span)
    }

    /// The AOVs of the render that a picture comes from, through nodes that keep its pixels. `what` names who wants them.
    pub(super) fn aovs_beside(
        &mut self,
        picture: Handle<Node>,
        what: &str,
        mattes: Option<Value>,
        motion: bool,
        id: &str,
        span: Span,
    ) -> Option<Input> {
        let mut at = picture;
        while self.graph.nodes[at].kind != "render" {
            match self.graph.nodes[at].inputs.get("image").and_then(|i| i.first()) {
                Some(input) => at = input.node,
                None => {
                    let found = nodes::find(&self.graph.nodes[at].kind).map_or("", |d| d.name);
                    let message =
                        format!("`{what}` goes with the picture of a `render`, and this comes from `{found}`");
                    self.report(Diagnostic::error("E0309", message, span).hint("give it the picture of a `render`"));
                    return None;
                }
            }
        }
        let render = self.graph.nodes[at].clone();
        let mut params: Params =
            RAYS.iter().filter_map(|n| Some(((*n).to_owned(), render.params.get(*n)?.clone()))).collect();
        if let Some(mattes) = mattes {
            params.insert("mattes".to_owned(), mattes);
        }
        let mut inputs = render.inputs;
        if motion {
            let [stage, camera] = self.next_frame(at)?;
            inputs.insert("next_stage".to_owned(), stage);
            inputs.insert("next_camera".to_owned(), camera);
        }
        match self.finish(&nodes::render::AOVS, &format!("{id}#aovs"), params, inputs, span) {
            Val::Node(node, part) => Some(Input { node, part }),
            _ => None,
        }
    }

    /// Stage and camera of a render, one frame later. The frame behind the last one of a shot has a time like any other.
    fn next_frame(&mut self, render: Handle<Node>) -> Option<[Vec<Input>; 2]> {
        let seen = self.seen.get(&render).cloned()?;
        let frame = seen.frame?;
        let time = match seen.shot {
            Some(shot) => {
                let info = self.shot_info(shot)?;
                (frame + 1 - info.frames.0) as f64 / info.fps
            }
            None => 0.0,
        };
        let outer = (self.setting, self.frame, self.aspect, self.layer);
        let scopes = std::mem::take(&mut self.scopes);
        self.set_frame(Some((frame + 1, time)));
        (self.setting, self.aspect, self.layer) = (seen.shot, Some(seen.aspect), Layer::Generation);
        let views = self.views(seen.camera.as_ref());
        self.scopes = scopes;
        self.set_frame(outer.1);
        (self.setting, self.frame, self.aspect, self.layer) = outer;
        let mut views = views?;
        Some(["stage", "camera"].map(|name| views.remove(name).unwrap_or_default()))
    }

    /// The stage and a camera, as inputs.
    pub(super) fn views(&mut self, camera: Option<&Term>) -> Option<Inputs> {
        let stage = self.stage();
        let camera = camera.map_or(Val::Failed, |term| self.eval(term, "camera"));
        let mut inputs = BTreeMap::new();
        let mut whole = true;
        for (name, value) in [("stage", stage), ("camera", camera)] {
            let mut list = Vec::new();
            whole &= push_inputs(value, &mut list);
            inputs.insert(name.to_owned(), list);
        }
        whole.then_some(inputs)
    }
}
