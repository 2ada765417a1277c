//! Shots, cameras, stages and outputs.

use std::collections::{BTreeMap, BTreeSet};

use scenec_grammar::ast::BinaryOp;
use scenec_ir::graph::Input;
use scenec_ir::node::{Layer, NodeDecl, Wire};
use scenec_ir::{Diagnostic, Dimension, Severity, Span, Type, Value, nodes};

use super::aovs::Seen;
use super::node::push_inputs;
use super::{FIRST_FRAME, Lowerer, Setting, Val};
use crate::check::{SHOT, innermost};
use crate::resolve::{DefId, DefKind};
use crate::typed::{Axis, Body, NodeTerm, OutputBody, Piece, Term, TermKind};
use crate::value::default_of;
use crate::{Options, ShotInfo};

/// Frames of one output.
const MOST_FRAMES: i64 = 100_000;

impl Lowerer<'_, '_> {
    pub(super) fn outputs(&mut self, options: &Options) -> Vec<ShotInfo> {
        let program = self.program;
        let typed = self.typed;
        self.settings.insert(None, Setting::default());
        let mut shots = Vec::new();
        for (def, item) in program.iter() {
            if let (0, Body::Shot(body)) = (item.module, &typed[def].body) {
                let params = body.params.iter().map(|(d, t)| (*d, t)).filter(|(d, _)| !self.base.contains_key(d));
                let setting = Setting { params: params.collect(), ..Setting::default() };
                self.settings.insert(Some(def), setting);
                if let Some(info) = self.shot_info(def) {
                    shots.push(info);
                }
            }
        }
        for (def, item) in program.iter() {
            if let (0, Body::Cut(_)) = (item.module, &typed[def].body) {
                shots.extend(self.cut_info(def));
            }
        }
        if let Some(wanted) = &options.shot
            && !shots.iter().any(|s| s.name == *wanted)
        {
            let names: Vec<&str> = shots.iter().map(|s| s.name.as_str()).collect();
            let mut diagnostic = Diagnostic::bare("E0212", format!("the program has no shot `{wanted}`"));
            diagnostic.hint = Some(match scenec_ir::names::closest(wanted, names.iter().copied()) {
                Some(close) => format!("did you mean `{close}`?"),
                None if names.is_empty() => "it has no shots".to_owned(),
                None => format!("it has: {}", names.join(", ")),
            });
            self.report(diagnostic);
            return shots;
        }
        if let (Some(wanted), Some(_)) = (&options.shot, self.asked)
            && let Some(cut) = self.program.own(0, wanted).filter(|def| self.is_cut(*def))
        {
            // Its shots may each say something else.
            let shots_of = self.segments(cut).unwrap_or_default();
            let names: BTreeSet<&str> = shots_of.iter().map(|s| program[s.shot].name.value.as_str()).collect();
            let mut diagnostic =
                Diagnostic::bare("E0212", format!("`{wanted}` is a cut, and each of its shots decides for itself"));
            diagnostic.hint = Some(format!("name one of them: {}", names.into_iter().collect::<Vec<_>>().join(", ")));
            self.report(diagnostic);
            return shots;
        }
        self.one_of_each();
        if options.claims == crate::Claims::Tests {
            return shots;
        }
        let mut files: BTreeMap<String, Span> = BTreeMap::new();
        let mut any = false;
        for (def, item) in program.iter() {
            if let (0, Body::Output(body)) = (item.module, &typed[def].body) {
                any = true;
                match body.matrix.is_empty() {
                    true => self.output(def, body, &shots, options, &mut files),
                    false => self.matrix(def, body, &shots, options, &mut files),
                }
            }
        }
        if !any {
            self.default_output(options);
        }
        if let (Some(wanted), None, true) = (&options.shot, options.frames, self.graph.outputs.is_empty() && any)
            && self.asked.is_none()
            && self.diagnostics.iter().all(|d| d.severity != Severity::Error)
        {
            let mut diagnostic = Diagnostic::bare("E0411", format!("no output shows `{wanted}`"));
            diagnostic.hint = Some(format!("give it one: `output {wanted} {{ image: render({wanted}), … }}`"));
            self.report(diagnostic);
        }
        if let (Some((first, end)), true) = (options.frames, self.graph.outputs.is_empty() && any)
            && self.diagnostics.iter().all(|d| d.severity != Severity::Error)
        {
            let message = format!("no output has a frame within {first}..{end}");
            let mut diagnostic = Diagnostic::bare("E0411", message);
            let ranges: Vec<_> =
                shots.iter().map(|s| format!("`{}` has {}..{}", s.name, s.frames.0, s.frames.1)).collect();
            diagnostic.hint = (!ranges.is_empty()).then(|| format!("of the shots, {}", ranges.join(", ")));
            self.report(diagnostic);
        } else if let (Some((first, end)), false) = (options.frames, self.left_out.is_empty()) {
            let names: Vec<String> =
                self.left_out.iter().map(|output| format!("`{}`", program[*output].name.value)).collect();
            let (noun, have) = if names.len() == 1 { ("output", "has") } else { ("outputs", "have") };
            let message = format!("the {noun} {} {have} no frame within {first}..{end}", names.join(", "));
            self.report(Diagnostic { severity: Severity::Warning, ..Diagnostic::bare("W0411", message) });
        }
        shots
    }

    pub(super) fn shot_info(&mut self, def: DefId) -> Option<ShotInfo> {
        if self.is_cut(def) {
            return self.cut_info(def);
        }
        let Body::Shot(body) = &self.typed[def].body else { return None };
        let name = self.program[def].name.value.clone();
        let frames = match &body.frames {
            None => (FIRST_FRAME, FIRST_FRAME + 1),
            Some(term) => match self.constant(term)? {
                Value::IntRange(low, high) if low < high => (low, high),
                _ => {
                    self.error("E0411", format!("the shot `{name}` has no frames"), term.span);
                    return None;
                }
            },
        };
        let fps = match &body.fps {
            None => 24.0,
            Some(term) => {
                let value = self.constant(term)?;
                self.fits(&SHOT, "fps", &value, term.span)?;
                value.as_f64()?
            }
        };
        let size = match &body.size {
            None => None,
            Some(term) => {
                let value = self.constant(term)?;
                self.fits(&SHOT, "size", &value, term.span)?;
                match value {
                    Value::Vec2(size, _) => Some(size),
                    _ => None,
                }
            }
        };
        Some(ShotInfo { name, frames, fps, size })
    }

    pub(super) fn fits(&mut self, decl: &NodeDecl, param: &str, value: &Value, span: Span) -> Option<()> {
        match decl.param(param).and_then(|p| crate::check::value_error(decl, p, value, span, None)) {
            Some(error) => {
                self.report(error);
                None
            }
            None => Some(()),
        }
    }

    pub(super) fn output(
        &mut self,
        def: DefId,
        body: &OutputBody,
        shots: &[ShotInfo],
        options: &Options,
        files: &mut BTreeMap<String, Span>,
    ) {
        let (Some(image), Some(file), Some(write)) = (&body.image, &body.file, &body.write) else { return };
        let name = self.program[def].name.value.clone();
        let mut used = BTreeSet::new();
        self.shots_of(image, &mut used, 0);
        let cut = used.iter().copied().find(|d| self.is_cut(*d));
        // The frames of a cut are those of the sequence.
        let infos: Vec<&ShotInfo> = cut
            .iter()
            .chain(&used)
            .filter_map(|d| shots.iter().find(|s| s.name == self.program[*d].name.value))
            .collect();
        let within = cut.and_then(|cut| self.segments(cut)).unwrap_or_default();
        let mut named = infos.iter().map(|s| &s.name).chain(within.iter().map(|s| &self.program[s.shot].name.value));
        if let Some(wanted) = &options.shot
            && !named.any(|name| name == wanted)
        {
            return;
        }
        let has_frame_hole = holes(file).any(|p| matches!(p, Piece::Frame(_)));
        let shot = infos.first();
        let explicit = match &body.frames {
            Some(term) => match self.constant(term) {
                Some(Value::IntRange(low, high)) if low < high => Some((low, high, term.span)),
                Some(_) => {
                    self.error("E0411", format!("the output `{name}` has no frames"), term.span);
                    return;
                }
                None => return,
            },
            None => None,
        };
        let whole = shot.map_or((FIRST_FRAME, FIRST_FRAME + 1), |s| s.frames);
        // Where the only shot says which frames it has; of a cut each frame is looked for.
        let own = used.first().copied().filter(|_| used.len() == 1 && cut.is_none());
        let bounds = own.and_then(|shot| match &self.typed[shot].body {
            Body::Shot(body) => Some((whole, shot, body.frames.as_ref()?.span)),
            _ => None,
        });
        let (mut low, mut high) = match explicit {
            Some((low, high, _)) => (low, high),
            None if has_frame_hole => whole,
            None => (whole.0, whole.0 + 1),
        };
        if let Some((first, end)) = options.frames {
            let one_still = explicit.is_none() && !has_frame_hole;
            (low, high) = match bounds {
                // A still shows the first frame that is wanted.
                Some((whole, ..)) if one_still => {
                    let at = whole.0.max(first);
                    (at, whole.1.min(end).min(at.saturating_add(1)))
                }
                None if one_still => (first, first + 1),
                _ => (low.max(first), high.min(end)),
            };
            if low >= high {
                self.left_out.insert(def);
            }
        }
        let span = explicit.map_or(file.span, |(_, _, span)| span);
        if high.saturating_sub(low) > MOST_FRAMES {
            self.error("E0411", format!("the output `{name}` has more than {MOST_FRAMES} frames"), span);
            return;
        }
        if let (Some((low, high, span)), Some(((first, end), shot, place))) = (explicit, bounds)
            && (low < first || high > end)
        {
            let message =
                format!("`{}` has the frames {first}..{end}, not {low}..{high}", self.program[shot].name.value);
            let hint = "ranges are half-open: `1001..1025` are the 24 frames from 1001 to 1024";
            self.report(Diagnostic::error("E0411", message, span).because(place, "the frames of the shot").hint(hint));
            return;
        }
        if high - low > 1 && !has_frame_hole {
            let message = format!("every frame of `{name}` would be written to the same file");
            self.report(
                Diagnostic::error("E0407", message, file.span)
                    .because(span, "several frames")
                    .hint("put `{frame:4}` into the path"),
            );
            return;
        }
        let several = has_frame_hole;
        self.opening = low;
        for frame in low..high {
            if options.first_frame_only && frame > low {
                break;
            }
            let segment = match cut {
                None => None,
                Some(cut) => self.segment_at(cut, Some(frame)),
            };
            let setting = segment.map(|s| s.shot).or(used.iter().copied().find(|d| !self.is_cut(*d)));
            let segment = segment.map(|s| self.program[s.shot].name.value.clone());
            let is_wanted = |name: &String| Some(name) == segment.as_ref() || shot.is_some_and(|s| s.name == *name);
            if cut.is_some() && !options.shot.as_ref().is_none_or(is_wanted) {
                continue;
            }
            self.set_frame(Some((frame, 0.0)));
            let stem = match self.choice.name.as_str() {
                "" => format!("output/{name}"),
                choice => format!("output/{name}/{choice}"),
            };
            let id = if several { format!("{stem}/{frame}") } else { stem };
            let shot_name = segment.as_deref().or(shot.map(|s| s.name.as_str())).unwrap_or_default();
            // What the path says of a parameter is what the picture shows; of a matrix it is the combination.
            let outer = std::mem::replace(&mut self.setting, setting.filter(|_| body.matrix.is_empty()));
            let path = match &file.kind {
                TermKind::Text(pieces) => self.text(pieces, shot_name, Some(frame), &name, file.span),
                _ => match self.constant(file) {
                    Some(Value::Text(text)) => Some(text),
                    _ => None,
                },
            };
            self.setting = outer;
            let Some(path) = path else { break };
            if path.is_empty() || path.split('/').any(|p| p == "..") || path.starts_with('/') {
                let message = format!("`{path}` does not stay below the output folder");
                let hint = "give a relative path; `--out` says where the folder is";
                self.report(Diagnostic::error("E0407", message, file.span).hint(hint));
                break;
            }
            let picture = self.eval(image, &format!("{id}#image"));
            if self.choice.is_illegal() {
                break;
            }
            if let Some(first) = files.insert(path.clone(), file.span) {
                let message = format!("two outputs write `{path}`");
                let mut diagnostic = Diagnostic::error("E0407", message, file.span);
                if first != file.span {
                    diagnostic = diagnostic.because(first, "the other one");
                }
                let in_path =
                    |axis: &Axis| holes(file).any(|p| matches!(p, Piece::Value(t, _) if names(t, axis.param)));
                self.choice.is_over = true;
                let hint = match body.matrix.iter().find(|axis| !in_path(axis)) {
                    Some(axis) => {
                        let param = &self.program[axis.param].name.value;
                        format!("`{{{param}}}` in the path makes the files of a matrix differ")
                    }
                    None => "`{output}`, `{shot}` and `{frame:4}` make paths differ".to_owned(),
                };
                self.report(diagnostic.hint(hint));
                break;
            }
            let mut params = BTreeMap::from([("file".to_owned(), Value::Text(path))]);
            if !self.params_of(write, &mut params) {
                break;
            }
            let mut list = Vec::new();
            if !push_inputs(picture, &mut list) {
                break;
            }
            let Some(aovs) = self.layers_beside(&list, write, &params, &id) else { break };
            let mut inputs = BTreeMap::from([("image".to_owned(), list)]);
            inputs.extend(aovs.map(|input| ("aovs".to_owned(), vec![input])));
            let span = self.program[def].name.span;
            if let Val::Node(node, _) = self.finish(write.decl, &id, params, inputs, span) {
                self.graph.outputs.push(node);
            }
        }
        self.set_frame(None);
    }

    /// The AOVs that an output asks for besides its picture; the inner `None` when it asks for none.
    fn layers_beside(
        &mut self,
        picture: &[Input],
        write: &NodeTerm,
        params: &BTreeMap<String, Value>,
        id: &str,
    ) -> Option<Option<Input>> {
        let Some(field) = ["aov", "cryptomatte"].into_iter().find(|f| params.contains_key(*f)) else {
            return Some(None);
        };
        let picture = picture.first()?.node;
        let span = write.params.iter().find(|(p, _)| p.name == field)?.1.span;
        let motion =
            matches!(params.get("aov"), Some(Value::List(aov)) if aov.contains(&Value::Member("motion".into())));
        self.aovs_beside(picture, field, params.get("cryptomatte").cloned(), motion, id, span).map(Some)
    }

    /// A scene that asks for nothing gets a still of its only camera or shot.
    fn default_output(&mut self, options: &Options) {
        let program = self.program;
        let of_root = |wanted: fn(&DefKind<'_>) -> bool| {
            program.iter().filter(|(_, d)| d.module == 0 && wanted(&d.kind)).map(|(def, _)| def).collect::<Vec<_>>()
        };
        let layers = of_root(|k| matches!(k, DefKind::Layer(_)));
        let cameras = of_root(|k| matches!(k, DefKind::Camera(_)));
        let mut shots = of_root(|k| matches!(k, DefKind::Shot { .. }));
        if let Some(wanted) = &options.shot {
            shots.retain(|s| program[*s].name.value == *wanted);
        }
        let Some(layer) = layers.first() else { return };
        let span = program[*layer].name.span;
        let (shot, named) = match (shots.as_slice(), cameras.as_slice()) {
            ([shot], _) => (Some(*shot), *shot),
            ([], [camera]) => (None, *camera),
            _ => {
                let message = "the scene asks for no output, so nothing is built";
                let hint = match cameras.len() {
                    0 => "add a `camera` and an `output`",
                    _ => "add an `output`: `output still { image: render(shot) |> view(agx), file: \"still.png\" }`",
                };
                self.report(Diagnostic::warning("W0402", message, span).hint(hint));
                return;
            }
        };
        let path = self.loaded.modules.first().map_or("still", |m| m.path.as_str());
        let stem = path.rsplit('/').next().unwrap_or(path);
        let stem = stem.strip_suffix(".ngs").unwrap_or(stem);
        let file = format!("{stem}.png");
        let (noun, name) = (program[named].kind.noun(), program[named].name);
        let message = format!("the scene asks for no output: a still of the {noun} `{}` goes to `{file}`", name.value);
        self.report(Diagnostic::warning("W0401", message, name.span).hint("add an `output` item to say what you want"));
        let (Some(render), Some(view), Some(write)) =
            (nodes::find("render"), nodes::find("view"), nodes::find("write_png"))
        else {
            return;
        };
        let call = |kind, ty| Term::new(kind, ty, name.span);
        let node = NodeTerm {
            decl: render,
            params: Vec::new(),
            ports: match (shot, render.port("camera")) {
                (None, Some(port)) => vec![(port, vec![call(TermKind::Ref(named), Type::Wire(Wire::Camera))])],
                _ => Vec::new(),
            },
            shot: shot.map(|s| call(TermKind::Ref(s), Type::Shot)),
        };
        let frame = shot.and_then(|s| self.shot_info(s)).map_or(FIRST_FRAME, |s| s.frames.0);
        let frame = options.frames.map_or(frame, |f| f.0);
        self.opening = frame;
        self.set_frame(Some((frame, 0.0)));
        let image = self.render(&node, "output/still#image", name.span);
        let Val::Node(image, _) = image else { return };
        let params = BTreeMap::from([("transform".to_owned(), Value::Member("agx".into()))]);
        let inputs = BTreeMap::from([("image".to_owned(), vec![Input { node: image, part: None }])]);
        let Val::Node(seen, _) = self.finish(view, "output/still#view", params, inputs, name.span) else { return };
        let params = BTreeMap::from([("file".to_owned(), Value::Text(file))]);
        let inputs = BTreeMap::from([("image".to_owned(), vec![Input { node: seen, part: None }])]);
        if let Val::Node(output, _) = self.finish(write, "output/still", params, inputs, name.span) {
            self.graph.outputs.push(output);
        }
        self.set_frame(None);
    }

    pub(super) fn set_frame(&mut self, frame: Option<(i64, f64)>) {
        self.frame = frame;
        self.frame_memo.clear();
    }

    /// Shots and cuts that a picture is made of.
    pub(super) fn shots_of(&self, term: &Term, found: &mut BTreeSet<DefId>, depth: usize) {
        if depth > 64 {
            return;
        }
        let mut go = |t: &Term| self.shots_of(t, found, depth + 1);
        match &term.kind {
            TermKind::Ref(def) => match self.program[*def].kind {
                DefKind::Shot { .. } | DefKind::Cut(_) => {
                    found.insert(*def);
                }
                DefKind::Let(_) => {
                    if let Body::Value(value) = &self.typed[*def].body {
                        go(value);
                    }
                }
                _ => {}
            },
            TermKind::Node(node) => {
                node.shot.iter().for_each(&mut go);
                node.ports.iter().flat_map(|(_, terms)| terms).for_each(&mut go);
            }
            TermKind::Call(callee, args) => {
                args.iter().for_each(|(_, t)| go(t));
                if let Body::Value(value) = &self.typed[*callee].body {
                    go(value);
                }
            }
            TermKind::Binary(BinaryOp::OrElse, left, right) => [left, right].into_iter().for_each(|t| go(t)),
            TermKind::If(parts) => parts.iter().for_each(go),
            TermKind::Index(parts) => parts.iter().for_each(go),
            TermKind::List(items) => items.iter().for_each(go),
            TermKind::For(each) => {
                each.over.iter().for_each(&mut go);
                go(&each.body);
            }
            _ => {}
        }
    }

    pub(super) fn render(&mut self, node: &NodeTerm, id: &str, span: Span) -> Val {
        let (shot, frame) = match node.shot.as_ref().map(|s| (self.eval(s, id), s.span)) {
            Some((Val::Shot(shot), place)) => match self.shown(shot, place) {
                Some((shot, frame)) => (Some(shot), frame),
                None => return Val::Failed,
            },
            Some(_) => return Val::Failed,
            None => (None, self.frame.map(|(frame, _)| frame)),
        };
        let info = match shot {
            Some(shot) => match self.shot_info(shot) {
                Some(info) => Some(info),
                None => return Val::Failed,
            },
            None => None,
        };
        let mut params = BTreeMap::new();
        if !self.params_of(node, &mut params) {
            return Val::Failed;
        }
        if let (false, Some(size)) = (params.contains_key("size"), info.as_ref().and_then(|i| i.size)) {
            params.insert("size".into(), Value::Vec2(size, Dimension::PIXEL));
        }
        let default_size = || node.decl.param("size").and_then(default_of);
        let aspect = match params.get("size").cloned().or_else(default_size) {
            Some(Value::Vec2([width, height], _)) => {
                if width.fract() != 0.0 || height.fract() != 0.0 {
                    let message = "the size of a picture is in whole pixels";
                    return self.error("E0305", message, span);
                }
                width / height
            }
            _ => return Val::Failed,
        };
        let outer = (self.setting, self.frame, self.aspect, self.layer);
        self.setting = shot;
        self.aspect = Some(aspect);
        self.layer = Layer::Generation;
        if let (Some(frame), Some(info)) = (frame, &info) {
            let now = Some((frame, (frame - info.frames.0) as f64 / info.fps));
            // In a cut the shot has frames of its own.
            match self.frame {
                Some((same, _)) if same == frame => self.frame = now,
                _ => self.set_frame(now),
            }
        }
        // Maps take something of the program besides the shot.
        let is_map = node.decl.port("stage").is_none();
        let mut given = BTreeMap::new();
        let mut whole = !is_map || self.ports_of(node, id, &mut given);
        // Definitions of the shot see neither the image's nor another shot's expansion.
        let scopes = std::mem::take(&mut self.scopes);
        let camera = match (shot, node.ports.iter().find(|(p, _)| p.wire == Wire::Camera)) {
            (_, Some((_, terms))) => terms.first().cloned(),
            (Some(shot), None) => match &self.typed[shot].body {
                Body::Shot(body) => body.camera.clone(),
                _ => None,
            },
            (None, None) => None,
        };
        let views = self.views(camera.as_ref());
        self.scopes = scopes;
        whole &= views.is_some();
        let value = match views.filter(|_| whole) {
            None => Val::Failed,
            Some(views) if is_map => self.map(node, id, params, views, given, span),
            Some(views) => self.finish(node.decl, id, params, views, span),
        };
        if let Val::Node(render, _) = value {
            self.seen.insert(render, Seen { shot, frame, camera, aspect });
        }
        if outer.1.map(|f| f.0) != self.frame.map(|f| f.0) {
            self.set_frame(outer.1);
        }
        (self.setting, self.frame, self.aspect, self.layer) = outer;
        value
    }

    /// Everything that stands in the layers of the root module.
    pub(super) fn stage(&mut self) -> Val {
        let Some(decl) = nodes::find("stage") else { return Val::Failed };
        let program = self.program;
        let mut members: Vec<DefId> = program
            .iter()
            .filter(|(def, item)| item.module == 0 && program.block_of(*def).is_some())
            .map(|(def, _)| def)
            .collect();
        let timed = members.iter().any(|m| self.typed[*m].timed);
        let key = (self.setting, self.frame.map(|f| f.0).filter(|_| timed));
        if let Some(stage) = self.stages.get(&key) {
            return stage.clone();
        }
        self.staged.insert(self.setting);
        let written = members.clone();
        members.sort_by_key(|m| self.position[m.0 as usize]);
        for member in &members {
            if !matches!(program[*member].kind, DefKind::Let(_)) {
                self.definition(*member);
            }
        }
        let mut inputs = BTreeMap::from([("things".to_owned(), Vec::new()), ("lights".to_owned(), Vec::new())]);
        let mut whole = true;
        let mut span = None;
        for member in written {
            let port = match innermost(&self.typed[member].ty) {
                Type::Wire(Wire::Thing) => "things",
                Type::Wire(Wire::Light) => "lights",
                Type::Wire(Wire::Sky) => "sky",
                Type::Wire(Wire::Fog) => "fog",
                _ => continue,
            };
            if !matches!(program[member].kind, DefKind::Bind(_) | DefKind::Scatter { .. }) {
                continue;
            }
            span.get_or_insert(program[member].name.span);
            let value = self.definition(member);
            whole &= push_inputs(value, inputs.entry(port.to_owned()).or_default());
        }
        inputs.retain(|port, given| !given.is_empty() || matches!(port.as_str(), "things" | "lights"));
        let span = span.or_else(|| self.loaded.modules.first().map(|m| m.ast.span));
        let value = match span {
            Some(span) if whole => self.finish(decl, "stage", BTreeMap::new(), inputs, span),
            _ => Val::Failed,
        };
        self.stages.insert(key, value.clone());
        value
    }

    /// There are not two of what a scene has one of.
    fn one_of_each(&mut self) {
        let program = self.program;
        for (wire, many, place) in [(Wire::Sky, "skies", "behind"), (Wire::Fog, "fogs", "between")] {
            let found: Vec<Span> = program
                .iter()
                .filter(|(def, item)| {
                    let named = matches!(item.kind, DefKind::Bind(_)) && program.block_of(*def).is_some();
                    item.module == 0 && named && *self.typed[*def].ty.present() == Type::Wire(wire)
                })
                .map(|(_, item)| item.name.span)
                .collect();
            if let [first, second, ..] = found.as_slice() {
                let hint = format!("there is one {place} everything: remove the other, or name it with `let`");
                self.report(
                    Diagnostic::error("E0408", format!("the scene has two {many}"), *second)
                        .because(*first, "the first one")
                        .hint(hint),
                );
            }
        }
    }

    /// What an opinion adds to a camera may be at odds with what it has; of the camera itself the checker knows.
    fn goes_together(&mut self, node: &NodeTerm, name: &str) -> bool {
        let given = |field: &str| {
            let param = node.params.iter().find(|(p, _)| p.name == field).map(|(_, term)| term.span);
            let port = node.ports.iter().find(|(p, _)| p.name == field);
            param.or(port.and_then(|(_, terms)| terms.first()).map(|term| term.span))
        };
        let odds = [("frame", "at"), ("fov", "lens"), ("fov", "sensor")];
        let Some((one, other, a, b)) = odds.iter().find_map(|(a, b)| Some((given(a)?, given(b)?, a, b))) else {
            return true;
        };
        let message = format!("the camera `{name}` has both `{a}` and `{b}`");
        let hint = "one of them decides alone: change the one that the camera has";
        self.report(Diagnostic::error("E0409", message, other).because(one, format!("`{a}` is given here")).hint(hint));
        false
    }

    pub(super) fn camera(&mut self, def: DefId) -> Val {
        let Body::Camera(node) = &self.typed[def].body else { return Val::Failed };
        let mut node = node.clone();
        let id = format!("camera/{}", self.program[def].name.value);
        let span = self.program[def].name.span;
        let term = Term::new(TermKind::Node(Box::new(node.clone())), Type::Wire(Wire::Camera), span);
        if let Some(Term { kind: TermKind::Node(changed), .. }) = self.opined(&term, &id) {
            node = *changed;
        }
        if !self.goes_together(&node, &self.program[def].name.value) {
            return Val::Failed;
        }
        let mut params = BTreeMap::new();
        let mut inputs = BTreeMap::new();
        if !self.params_of(&node, &mut params) || !self.ports_of(&node, &id, &mut inputs) {
            return Val::Failed;
        }
        if let (false, Some(aspect)) = (params.contains_key("aspect"), self.aspect) {
            params.insert("aspect".into(), Value::Quantity(aspect, Dimension::RATIO));
        }
        self.finish(node.decl, &id, params, inputs, span)
    }
}

fn names(term: &Term, param: DefId) -> bool {
    match &term.kind {
        TermKind::Ref(def) => *def == param,
        TermKind::Coerce(_, inner) => names(inner, param),
        _ => false,
    }
}

fn holes(file: &Term) -> impl Iterator<Item = &Piece> {
    match &file.kind {
        TermKind::Text(pieces) => pieces.iter(),
        _ => [].iter(),
    }
}
