//! What may stand within quotes: paths, names of an asset, holes.

use lsp_types::CompletionItemKind as Icon;
use scenec_ir::Type;
use scenec_ir::node::AssetNames;

use super::Offers;
use super::context::{Around, Context};
use super::wanted::{Formal, Wanted, asset_of};
use crate::view::View;

const MODULES: &[&str] = &["ngs"];
const ASSETS: &[&str] = &["gltf", "glb"];
const PICTURES: &[&str] = &["hdr", "exr", "png", "jpg", "jpeg"];

pub(super) fn offer(
    view: &View<'_>,
    context: &Context<'_>,
    owner: Option<usize>,
    wanted: &Wanted,
    formals: &[Formal],
    written: &str,
    offers: &mut Offers<'_, '_>,
) {
    let hole = written.rfind('{').filter(|at| !written[*at..].contains('}') && !written[..*at].ends_with('\\'));
    if let Some(at) = hole {
        offers.span.start += at as u32 + 1;
        return holes(view, owner, wanted.holes, offers);
    }
    let in_front = view.text()[..context.start - 1].trim_end();
    let word = |word: &str| {
        in_front.strip_suffix(word).is_some_and(|rest| !rest.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    };
    if word("use") {
        return paths(view, MODULES, written, offers);
    }
    if let Around::Call(path) = &context.around {
        let wanted = match (path.as_slice(), context.argument) {
            (["gltf"], _) => return paths(view, ASSETS, written, offers),
            ([.., "part"], None) if path.len() > 1 => return parts(view, owner, path, offers),
            ([.., "variant"], None) => Some(AssetNames::Variant),
            // The first argument may go without its name.
            (_, None) => formals.first().and_then(|f| f.wanted.names),
            _ => wanted.names,
        };
        if let (Some(names), Some(asset)) = (wanted, asset_of(view, context, owner)) {
            let (found, what): (Vec<&str>, &str) = match names {
                AssetNames::Node => (asset.nodes.iter().map(String::as_str).collect(), "node"),
                AssetNames::Mesh => (asset.meshes.iter().map(String::as_str).collect(), "mesh"),
                AssetNames::Skin => (asset.skins.iter().map(|s| s.name.as_str()).collect(), "skin"),
                AssetNames::Variant => (asset.variants.iter().map(String::as_str).collect(), "variant"),
                AssetNames::Clip => (asset.clips.iter().map(|c| c.name.as_str()).collect(), "clip"),
                AssetNames::Camera => (asset.cameras.iter().map(String::as_str).collect(), "camera"),
            };
            found.into_iter().for_each(|name| offers.plain(name, Icon::CONSTANT, what, 0));
            return;
        }
    }
    if wanted.file {
        paths(view, PICTURES, written, offers);
    }
}

fn parts(view: &View<'_>, owner: Option<usize>, path: &[&str], offers: &mut Offers<'_, '_>) {
    use scenec_compiler::index::{Kind, Parts};
    let Some(super::members::Base::Definition(at)) = super::members::follow(view, owner, &path[..path.len() - 1])
    else {
        return;
    };
    let Parts::Asset(asset) = view.definition(at).parts else { return };
    if let Kind::Asset { names: Some(names), .. } = &view.definition(asset).kind {
        let joints = names.skins.iter().flat_map(|s| &s.joints);
        names.nodes.iter().chain(joints).for_each(|n| offers.plain(n, Icon::CONSTANT, "part", 0));
    }
}

fn holes(view: &View<'_>, owner: Option<usize>, is_output: bool, offers: &mut Offers<'_, '_>) {
    if is_output {
        ["shot", "frame", "output"].iter().for_each(|n| offers.plain(n, Icon::VARIABLE, "of this file", 0));
    }
    for (name, at) in view.index().visible(view.module, owner) {
        let ty = &view.definition(at).ty;
        if matches!(ty, Type::Int | Type::Text | Type::Enum(_) | Type::Bool | Type::Quantity(_)) {
            offers.named(name, at, 1);
        }
    }
}

/// Files with one of the endings, and folders, below the folder that is written so far.
fn paths(view: &View<'_>, endings: &[&str], written: &str, offers: &mut Offers<'_, '_>) {
    let (folder, _) = written.rsplit_once('/').map_or(("", written), |(folder, name)| (folder, name));
    if folder.is_empty() {
        let packages = view.here().packages.iter();
        packages.for_each(|(name, _)| offers.plain(&format!("@{name}/"), Icon::MODULE, "package", 2));
    }
    let place = view.here().path_of(&if folder.is_empty() { ".".to_owned() } else { format!("{folder}/.") });
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let own = view.here().path.rsplit('/').next().unwrap_or_default();
    for entry in view.world.list(&place).unwrap_or_default() {
        let ending = entry.name.rsplit_once('.').map_or("", |p| p.1).to_lowercase();
        let path = format!("{prefix}{}", entry.name);
        if entry.is_folder && !entry.name.starts_with('.') {
            offers.plain(&format!("{path}/"), Icon::FOLDER, "", 1);
        } else if endings.contains(&ending.as_str()) && !(folder.is_empty() && entry.name == own) {
            offers.plain(&path, Icon::FILE, "", 0);
        }
    }
}
