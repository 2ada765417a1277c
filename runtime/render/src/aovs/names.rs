//! Names of mattes.

use scenec_scene::{Instance, Stage};
use scenec_shaders::consts::MATTE_SLOTS;
use scenec_shaders::types::MatteInfo;

use super::{CHOSEN, MatteKind};

/// Name of what has none.
const UNNAMED: &str = "default";

/// The names of all instances of a stage, for each kind of matte.
pub(crate) struct Names<'a> {
    kinds: Vec<MatteKind>,
    /// Names in order, by kind.
    lists: Vec<Vec<&'a str>>,
    /// Numbers in the lists: of all instances, one kind after the other. Never empty.
    of_parts: Vec<u32>,
    parts: u32,
}

impl<'a> Names<'a> {
    pub(crate) fn new(stage: &'a Stage, chosen: &[&str], kinds: &[MatteKind]) -> Self {
        let mut of_parts = Vec::with_capacity(kinds.len() * stage.instances.len() + 1);
        let mut lists = Vec::with_capacity(kinds.len());
        for kind in kinds {
            let named: Vec<&str> = stage.instances.iter().map(|i| kind.name_of(i, chosen)).collect();
            let mut list = named.clone();
            list.sort_unstable();
            list.dedup();
            // The list holds every name.
            of_parts.extend(named.iter().map(|name| list.partition_point(|other| other < name) as u32));
            lists.push(list);
        }
        if of_parts.is_empty() {
            of_parts.push(0);
        }
        // A scene has at most 2^29 instances.
        Self { kinds: kinds.to_vec(), lists, of_parts, parts: stage.instances.len() as u32 }
    }

    pub(crate) fn kinds(&self) -> &[MatteKind] {
        &self.kinds
    }

    pub(super) fn list(&self, kind: usize) -> &[&'a str] {
        &self.lists[kind]
    }

    pub(crate) fn of_parts(&self) -> &[u32] {
        &self.of_parts
    }

    pub(crate) fn info(&self) -> MatteInfo {
        MatteInfo { kinds: self.kinds.len() as u32, parts: self.parts }
    }

    /// Slots of so many pixels; at least one, since kernels bind no empty array.
    pub(crate) fn slots(&self, pixels: usize) -> usize {
        (pixels * self.kinds.len() * MATTE_SLOTS as usize).max(1)
    }
}

impl MatteKind {
    /// The name that mattes of this kind have for an instance.
    fn name_of<'a>(self, instance: &'a Instance, chosen: &[&str]) -> &'a str {
        let is_below = |name: &&str| belongs(&instance.id, name);
        let name = match self {
            Self::Object => object(&instance.id, instance.mesh.asset.is_some()),
            Self::Material => &instance.material.name,
            // Without its folders: these may be another machine's.
            Self::Chosen if chosen.iter().any(is_below) => CHOSEN,
            Self::Chosen => "",
            Self::Asset => {
                instance.mesh.asset.as_deref().and_then(|path| path.rsplit(['/', '\\']).next()).unwrap_or_default()
            }
        };
        if name.is_empty() { UNNAMED } else { name }
    }
}

/// True when a piece of this id is a thing of this name, or is a part of it, or an item of the list that it is.
pub fn belongs(id: &str, thing: &str) -> bool {
    !thing.is_empty() && id.strip_prefix(thing).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '[']))
}

/// The object that a piece belongs to: the block's name and the thing's, and the path on to the number of a copy. The last name of
/// a piece of an asset may be the number of a primitive, which is no copy.
fn object(id: &str, of_asset: bool) -> &str {
    let is_number = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
    let mut end = 0;
    for (at, name) in id.split('/').enumerate() {
        end += name.len() + usize::from(at > 0);
        let is_last = end == id.len();
        if at >= 2 && is_number(name) && !(is_last && of_asset) {
            return &id[..end];
        }
    }
    let second = id.match_indices('/').nth(1).map_or(id.len(), |(at, _)| at);
    &id[..second]
}

#[cfg(test)]
mod tests {
    use super::object;

    #[test]
    fn an_object_is_a_thing_of_a_block_or_a_copy() {
        for (id, of_asset, expected) in [
            ("harbour/quay", false, "harbour/quay"),
            ("harbour/quay/deck/rail", false, "harbour/quay"),
            ("harbour/crates/17", false, "harbour/crates/17"),
            ("harbour/crates/17/body/lid", false, "harbour/crates/17"),
            ("harbour/quay/crates/3/body", false, "harbour/quay/crates/3"),
            ("harbour/trees/3/leaves/17", false, "harbour/trees/3"),
            ("machines/posts[2]/foot", false, "machines/posts[2]"),
            ("cast/hero/Head/0", true, "cast/hero"),
            ("harbour/boats/4/Hull/1", true, "harbour/boats/4"),
            ("model", true, "model"),
            ("", false, ""),
        ] {
            assert_eq!(object(id, of_asset), expected, "{id}");
        }
    }
}
