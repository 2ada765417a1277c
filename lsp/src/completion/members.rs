//! What stands behind a dot.

use lsp_types::CompletionItemKind as Icon;
use scenec_compiler::index::{Kind, Parts};
use scenec_ir::node::Wire;
use scenec_ir::types::BOUNDS_FIELDS;
use scenec_ir::{Type, nodes};

use super::Offers;
use crate::view::View;

/// Places that every thing has.
const PLACES: [(&str, &str); 3] =
    [("top", "the middle of its upper side"), ("bottom", "the middle of its lower side"), ("center", "its middle")];

/// What a path leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Base {
    Definition(usize),
    /// Poses of the bibles of a module.
    Poses(usize),
}

/// Follows names; `None` when one of them leads nowhere.
pub(crate) fn follow(view: &View<'_>, owner: Option<usize>, path: &[&str]) -> Option<Base> {
    let index = view.index();
    let (first, rest) = path.split_first()?;
    let mut base = Base::Definition(index.lookup(view.module, owner, first)?);
    for name in rest {
        base = match base {
            Base::Poses(module) => {
                let pose = |d: &scenec_compiler::index::Definition| {
                    d.module == module && d.name == *name && matches!(d.kind, Kind::Pose)
                };
                Base::Definition(index.definitions.iter().position(pose)?)
            }
            Base::Definition(at) => match (&view.definition(at).kind, &view.definition(at).parts) {
                (Kind::Alias(Some(module)), _) if *name == "poses" => Base::Poses(*module),
                (Kind::Alias(Some(module)), _) => {
                    Base::Definition(index.public(*module).find(|(_, d)| d.name == *name)?.0)
                }
                (Kind::Bible, _) if *name == "poses" => Base::Poses(view.definition(at).module),
                (Kind::Layer(_), _) => Base::Definition(index.member(at, name)?),
                (_, Parts::Members(component)) => Base::Definition(index.member(*component, name)?),
                _ => return None,
            },
        };
    }
    Some(base)
}

/// The asset that a path leads to.
pub(crate) fn asset(view: &View<'_>, base: &Base) -> Option<usize> {
    match base {
        Base::Definition(at) if matches!(view.definition(*at).kind, Kind::Asset { .. }) => Some(*at),
        _ => None,
    }
}

pub(crate) fn offer(view: &View<'_>, owner: Option<usize>, path: &[&str], offset: u32, offers: &mut Offers<'_, '_>) {
    let index = view.index();
    let Some(base) = follow(view, owner, path) else {
        // What is no path of names may have been understood as a value.
        let whole = index.known_at(view.file, offset).find(|k| k.ty != Type::Unknown && k.span.end == offset);
        let known =
            whole.or_else(|| index.known_at(view.file, offset.saturating_sub(1)).find(|k| k.ty != Type::Unknown));
        if let Some(known) = known {
            of_type(&known.ty, offers);
        }
        return;
    };
    let at = match base {
        Base::Definition(at) => at,
        Base::Poses(module) => {
            let poses = index.definitions.iter().enumerate();
            poses.filter(|(_, d)| d.module == module && matches!(d.kind, Kind::Pose)).for_each(|(at, _)| {
                offers.definition(at, 0);
            });
            return;
        }
    };
    let def = view.definition(at);
    match &def.kind {
        Kind::Alias(Some(module)) => {
            let public: Vec<usize> = index.public(*module).map(|(at, _)| at).collect();
            let has_poses = index.definitions.iter().any(|d| d.module == *module && matches!(d.kind, Kind::Pose));
            public.into_iter().for_each(|at| offers.definition(at, 0));
            if has_poses {
                offers.plain("poses", Icon::FIELD, "poses of its bibles", 1);
            }
        }
        Kind::Layer(_) => {
            let things: Vec<usize> =
                index.members(at).filter(|(_, d)| matches!(d.kind, Kind::Thing | Kind::Failed)).map(|m| m.0).collect();
            things.into_iter().for_each(|at| offers.definition(at, 0));
        }
        Kind::Enum(ty) => ty.members.iter().for_each(|m| offers.plain(m, Icon::ENUM_MEMBER, &ty.name, 0)),
        Kind::Bible => offers.plain("poses", Icon::FIELD, "its poses", 0),
        Kind::Asset { .. } => {
            for decl in nodes::all().iter().filter(|d| d.name.starts_with("gltf.")) {
                offers.call(&decl.name["gltf.".len()..], &crate::describe::node_signature(decl), decl.doc, 0);
            }
        }
        _ if def.ty == Type::Wire(Wire::Thing) => {
            match &def.parts {
                Parts::Node(decl) => {
                    let own = decl.parts.iter().filter(|p| PLACES.iter().all(|(place, _)| place != *p));
                    own.for_each(|p| offers.plain(p, Icon::FIELD, "part", 0));
                }
                Parts::Members(component) => {
                    let things =
                        index.members(*component).filter(|(_, d)| matches!(d.kind, Kind::Thing | Kind::Failed));
                    let things: Vec<usize> = things.map(|m| m.0).collect();
                    things.into_iter().for_each(|at| offers.definition(at, 0));
                }
                Parts::Asset(asset) => {
                    if let Kind::Asset { names: Some(names), .. } = &view.definition(*asset).kind {
                        let joints = names.skins.iter().flat_map(|s| &s.joints);
                        // Other names are asked for with `part("…")`.
                        let plain = |n: &&String| {
                            n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                                && !n.starts_with(|c: char| c.is_ascii_digit())
                        };
                        names.nodes.iter().chain(joints).filter(plain).for_each(|n| {
                            offers.plain(n, Icon::FIELD, "part", 0);
                        });
                    }
                }
                Parts::None => {}
            }
            of_type(&def.ty, offers);
        }
        _ => of_type(&def.ty, offers),
    }
}

fn of_type(ty: &Type, offers: &mut Offers<'_, '_>) {
    match ty {
        Type::Wire(Wire::Thing) => {
            PLACES.iter().for_each(|(name, what)| offers.plain(name, Icon::FIELD, what, 1));
            offers.call("part", "part(\"name\"): Thing", "A part by any name.", 2);
        }
        Type::Vec2(d) | Type::Vec3(d) => {
            let count = if matches!(ty, Type::Vec2(_)) { 2 } else { 3 };
            ["x", "y", "z"][..count].iter().for_each(|n| offers.plain(n, Icon::FIELD, &d.to_string(), 0));
        }
        Type::Bounds => BOUNDS_FIELDS.iter().for_each(|n| offers.plain(n, Icon::FIELD, "Vec3<Length>", 0)),
        Type::Color => ["r", "g", "b"].iter().for_each(|n| offers.plain(n, Icon::FIELD, "Ratio", 0)),
        _ => {}
    }
}
