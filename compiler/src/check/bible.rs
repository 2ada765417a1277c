//! Bibles: a rig, fields, variants and poses.

use scenec_grammar::ast::{Expr, ExprKind, Ident, TypeExpr};
use scenec_ir::node::{AssetNames, Wire};
use scenec_ir::{AssetIndex, Diagnostic, Dimension, Type};

use super::fit::{Origin, asset_name_error};
use super::{Checker, Want};
use crate::resolve::{DefId, DefKind};
use crate::typed::{BibleBody, Body, Shape, Term, TermKind};

/// Turns of a joint about its own axes: x, y and z. See the node `figure`.
pub(crate) const CHANNELS: &[&str] = &["bend", "turn", "twist", "raise"];

/// True when a skin or the node tree has a joint of this name.
pub(super) fn has_joint(index: &AssetIndex, joint: &str) -> bool {
    index.skins.iter().any(|s| s.joints.iter().any(|j| j == joint)) || index.nodes.iter().any(|n| n == joint)
}

impl Checker<'_, '_> {
    pub(super) fn bible(&mut self, def: DefId) -> (Type, Shape, Body) {
        self.contain(def);
        let program = self.program;
        let name = program[def].name;
        let failed = (Type::Unknown, Shape::Unknown, Body::None);
        for member in program.members(def) {
            if matches!(program[*member].kind, DefKind::Field { ty: None, .. }) && program[*member].name.value != "rig"
            {
                let field = program[*member].name;
                let message = format!("the field `{}` has no type", field.value);
                let hint = "write `name: Type = default`; only `rig` stands without one";
                self.report(Diagnostic::error("E0304", message, field.span).hint(hint));
            }
        }
        let Some(rig) = program.member(def, "rig") else {
            let message = format!("the bible `{}` has no `rig`", name.value);
            let hint = "write `rig: asset.skin(\"name\")`, `rig: asset.node(\"name\")` or `rig: asset.scene()`";
            self.report(Diagnostic::error("E0304", message, name.span).hint(hint));
            return failed;
        };
        let Body::Value(term) = self.info(rig).body.clone() else { return failed };
        let (TermKind::Node(node), Shape::Asset(asset)) = (&term.kind, &term.shape) else { return failed };
        let root_name = match node.decl.name {
            "gltf.skin" => Some("skin"),
            "gltf.node" => Some("node"),
            "gltf.scene" => None,
            _ => {
                let message = "a rig is a skin, a node or the scene of an asset";
                self.report(Diagnostic::error("E0302", message, term.span));
                return failed;
            }
        };
        let root = root_name.and_then(|kind| {
            let given = node.params.iter().find(|(p, _)| p.name == "name");
            given.map(|(_, name)| (kind, name.clone()))
        });
        let asset = *asset;
        let mut variants = Vec::new();
        let mut height = None;
        for member in program.members(def) {
            match &program[*member].kind {
                DefKind::Variant { arms, .. } => {
                    let chosen = self.arms(*member, arms, asset);
                    variants.push((*member, chosen));
                }
                DefKind::Field { ty: Some(_), .. } if program[*member].name.value == "height" => {
                    let ty = self.info(*member).ty.clone();
                    if !matches!(ty, Type::Unknown | Type::Quantity(Dimension::LENGTH)) {
                        let message = format!("`height` of a bible is a Length, not {}", super::fit::a(&ty));
                        self.report(Diagnostic::error("E0302", message, program[*member].name.span));
                    }
                    height = Some(*member);
                }
                DefKind::Pose(channels) => self.joints(channels, asset),
                _ => {}
            }
        }
        if let [(first, _), (second, _), ..] = variants.as_slice() {
            let message = "a bible has one variant: a figure wears one material variant of its asset";
            let (first, second) = (program[*first].name.span, program[*second].name.span);
            self.report(Diagnostic::error("E0311", message, second).because(first, "the first one"));
        }
        let body = BibleBody { asset, root, variants, height };
        (Type::Wire(Wire::Thing), Shape::Asset(asset), Body::Bible(Box::new(body)))
    }

    pub(super) fn bible_field(&mut self, def: DefId, ty: Option<&TypeExpr>, value: &Expr) -> (Type, Shape, Body) {
        let Some(written) = ty else {
            let term = self.expr(value, &Want::anything());
            if self.program[def].name.value == "rig" && !matches!(term.ty, Type::Unknown | Type::Wire(Wire::Thing)) {
                let message = format!("a rig is a figure of an asset, not {}", super::fit::a(&term.ty));
                self.report(Diagnostic::error("E0302", message, term.span).hint("write `rig: asset.skin(\"name\")`"));
                return (Type::Unknown, Shape::Unknown, Body::None);
            }
            return (term.ty.clone(), term.shape.clone(), Body::Value(term));
        };
        let declared = self.type_expr(def, written);
        let origin = Origin::Place(written.span, "declared here".into());
        let what = format!("the default of `{}`", self.program[def].name.value);
        let term = self.expr(value, &Want::of(declared.clone(), what, origin));
        (declared, Shape::None, Body::Param { default: Some(term), range: None })
    }

    /// What each member of a variant selects.
    fn arms(&mut self, variant: DefId, arms: &[scenec_grammar::ast::Arg], asset: DefId) -> Vec<(String, String)> {
        let program = self.program;
        let Type::Enum(ty) = self.info(variant).ty.clone() else { return Vec::new() };
        let members: Vec<&str> = ty.members.iter().map(String::as_str).collect();
        let what = format!("variant {}", program[variant].name.value);
        let (assigned, whole) = self.assign(arms, &members, None, &what);
        let mut chosen = Vec::new();
        for (index, arm) in &assigned {
            if let Some(name) = self.variant_name(&arm.value, asset) {
                chosen.push((members[*index].to_owned(), name));
            }
        }
        let missing: Vec<_> =
            members.iter().enumerate().filter(|(i, _)| assigned.iter().all(|(a, _)| a != i)).map(|(_, m)| *m).collect();
        if whole && !missing.is_empty() {
            let name = program[variant].name;
            let message = format!("the variant `{}` says nothing of `{}`", name.value, missing.join("` and `"));
            let hint = format!("add `{}: asset.variant(\"…\")`", missing[0]);
            self.report(Diagnostic::error("E0311", message, name.span).hint(hint));
        }
        chosen
    }

    /// `body.variant("rain")`, or the name alone.
    fn variant_name(&mut self, value: &Expr, asset: DefId) -> Option<String> {
        let (text, source) = match &value.kind {
            ExprKind::Call { callee, args } => match (&callee.kind, args.as_slice()) {
                (ExprKind::Field { base, name }, [arg]) if name.value == "variant" && arg.name.is_none() => {
                    let base = self.expr(base, &Want::of(Type::Asset, "what has variants", Origin::None));
                    (&arg.value, super::args::asset_of(&base))
                }
                _ => (value, Some(asset)),
            },
            _ => (value, Some(asset)),
        };
        let term: Term = self.expr(text, &Want::of(Type::Text, "the name of a variant", Origin::None));
        let name = self.literal(&term)?;
        if source != Some(asset) && source.is_some() {
            let message = "a variant is of the same asset as the rig";
            self.report(Diagnostic::error("E0311", message, value.span));
            return None;
        }
        let error = self.index(asset).and_then(|i| asset_name_error(AssetNames::Variant, &name, term.span, i));
        if let Some(error) = error {
            self.report(error);
            return None;
        }
        Some(name)
    }

    pub(super) fn pose(&mut self, channels: &[(Vec<Ident>, Expr)]) -> (Type, Shape, Body) {
        let mut turns: Vec<(String, Term)> = Vec::new();
        for (path, value) in channels {
            let origin = Origin::Declared("joint.channel: Angle".into());
            let want = Want::of(Type::Quantity(Dimension::ANGLE), "a channel of a pose", origin);
            let term = self.expr(value, &want);
            let Some((channel, joint)) = path.split_last() else { continue };
            if joint.is_empty() {
                let message = format!("`{}` names no joint", channel.value);
                self.report(Diagnostic::error("E0214", message, channel.span).hint("write `joint.bend: 12deg`"));
                continue;
            }
            if !CHANNELS.contains(&channel.value.as_str()) {
                let message = format!("a joint has no channel `{}`", channel.value);
                let diagnostic = Diagnostic::error("E0214", message, channel.span);
                self.report(Self::suggest(diagnostic, &channel.value, channel.span, CHANNELS));
                continue;
            }
            let name = path.iter().map(|i| i.value.as_str()).collect::<Vec<_>>().join(".");
            if turns.iter().any(|(n, _)| *n == name) {
                self.report(Diagnostic::error("E0306", format!("`{name}` is given twice"), channel.span));
                continue;
            }
            turns.push((name, term));
        }
        (Type::Pose, Shape::None, Body::Pose(turns))
    }

    fn joints(&mut self, channels: &[(Vec<Ident>, Expr)], asset: DefId) {
        let Some(index) = self.index(asset).cloned() else { return };
        for (path, _) in channels {
            let Some((_, joint)) = path.split_last() else { continue };
            let (Some(first), Some(last)) = (joint.first(), joint.last()) else { continue };
            let name = joint.iter().map(|i| i.value.as_str()).collect::<Vec<_>>().join(".");
            if has_joint(&index, &name) {
                continue;
            }
            let joints: Vec<&str> = index.skins.iter().flat_map(|s| s.joints.iter().map(String::as_str)).collect();
            let span = first.span.to(last.span);
            let message = format!("the asset `{}` has no joint `{name}`", index.path);
            let diagnostic = Diagnostic::error("E0214", message, span);
            self.report(Self::suggest(diagnostic, &name, span, &joints));
        }
    }
}
