//! Paths behind `override` and `set`, and what a value is for that stands behind a sign.

use lsp_types::CompletionItemKind as Icon;
use scenec_compiler::index::{Kind, Next, Target};

use super::Offers;
use super::context::{Aim, Opinion};
use super::members::{Base, follow};
use super::wanted::Wanted;
use crate::describe;
use crate::view::View;

/// What a path may begin with, or go on with.
pub(super) fn offer(view: &View<'_>, owner: Option<usize>, opinion: &Opinion<'_>, offers: &mut Offers<'_, '_>) {
    let index = view.index();
    if opinion.path.is_empty() {
        for (name, at) in index.first_of_path(view.module, owner, opinion.is_set) {
            let rank = u8::from(matches!(view.definition(at).kind, Kind::Alias(_) | Kind::Layer(_)));
            offers.named(name, at, rank);
        }
        return;
    }
    for next in index.next_of_path(view.module, owner, &opinion.path) {
        match next {
            Next::Definition(at) => offers.definition(at, 1),
            Next::Property(name, target) => {
                let (detail, doc) = described(view, target);
                offers.property(&name, &detail, &doc);
            }
            // Other names stand in brackets.
            Next::Material(name) if is_name(&name) => offers.plain(&name, Icon::FIELD, "material", 2),
            Next::Material(_) => {}
        }
    }
}

/// Materials by name, within brackets and quotes.
pub(super) fn materials(view: &View<'_>, owner: Option<usize>, opinion: &Opinion<'_>, offers: &mut Offers<'_, '_>) {
    for next in view.index().next_of_path(view.module, owner, &opinion.path) {
        if let Next::Material(name) = next {
            offers.plain(&name, Icon::CONSTANT, "material", 0);
        }
    }
}

/// What a value is for.
pub(super) fn aimed(view: &View<'_>, owner: Option<usize>, aim: &Aim<'_>) -> Option<Wanted> {
    let index = view.index();
    let definition = |path: &[&str]| match follow(view, owner, path)? {
        Base::Definition(at) => Some(at),
        Base::Poses(_) => None,
    };
    match aim {
        Aim::Opinion(opinion) => {
            let property = index.property(view.module, owner, &opinion.path)?;
            let wanted = Wanted::of_target(view, property.target)?;
            Some(Wanted { bible: property.bible, ..wanted })
        }
        Aim::Declared(path) => {
            let at = definition(path).filter(|at| matches!(view.definition(*at).kind, Kind::Enum(_)))?;
            match &view.definition(at).kind {
                Kind::Enum(ty) => Some(Wanted::of(&scenec_ir::Type::Enum(ty.clone()))),
                _ => None,
            }
        }
        // Of other types anything may be compared that can be computed.
        Aim::Compared(path) => {
            let ty = &view.definition(definition(path)?).ty;
            matches!(ty, scenec_ir::Type::Enum(_)).then(|| Wanted::of(ty))
        }
    }
}

fn described(view: &View<'_>, target: Target) -> (String, String) {
    match target {
        Target::Definition(at) => (describe::declared(view, at), describe::documentation(view, at)),
        Target::Parameter(decl, name) => describe::parameter(decl, name),
        _ => Default::default(),
    }
}

fn is_name(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    plain && !name.starts_with(|c: char| c.is_ascii_digit())
}
