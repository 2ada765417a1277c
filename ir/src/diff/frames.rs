//! Frames of one output, and what a shot has for every frame of its own, told once.

use std::collections::HashMap;
use std::fmt::Write;
use std::mem::{Discriminant, discriminant};

use super::{Aspect, Change, Content, NodeDiff, What};
use crate::Value;

/// A node that differs, or all nodes that differ in nothing but their frame.
pub(super) struct Entry<'d> {
    /// The node, or that of the first frame.
    pub node: &'d NodeDiff,
    /// Its id; of several, with `{frame}` in the place of the number.
    pub id: String,
    pub changes: Vec<Told<'d>>,
    /// The frames of several, half-open as the language writes them; none for a single node.
    pub frames: Vec<(i64, i64)>,
}

/// A change in words. `{frame}` stands for a number that goes with the frame; `first … last` are those of the first and the
/// last frame.
pub(super) struct Told<'d> {
    /// That of the first frame.
    pub change: &'d Change,
    pub old: Option<String>,
    pub new: Option<String>,
}

impl Entry<'_> {
    /// What is said of it, line by line.
    pub fn lines(&self) -> Vec<String> {
        let told = self.changes.iter();
        match &self.node.what {
            What::Added(_) | What::Removed(_) => told.map(Told::statement).collect(),
            What::Renamed { .. } | What::Changed(_) => told.map(Told::line).collect(),
        }
    }

    /// `frames 1001..1049`, or nothing for a single node.
    pub fn frames(&self) -> String {
        let range = |(low, high): &(i64, i64)| match high - low {
            1 => low.to_string(),
            _ => format!("{low}..{high}"),
        };
        match self.frames.as_slice() {
            [] => String::new(),
            ranges => format!("frames {}", ranges.iter().map(range).collect::<Vec<_>>().join(", ")),
        }
    }
}

/// What may differ between frames that are told as one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Frames {
    /// Nothing but the number of the frame in texts and ids: no value is lost.
    Equal,
    /// Any value.
    Alike,
}

/// The nodes in order, frames together in the place of the first.
pub(super) fn entries(nodes: &[NodeDiff], frames: Frames) -> Vec<Entry<'_>> {
    let mut groups: Vec<Vec<(i64, &NodeDiff)>> = Vec::new();
    let mut places: HashMap<Key<'_>, usize> = HashMap::new();
    for node in nodes {
        let Some(frame) = frame_of(&node.id).filter(|_| !matches!(node.what, What::Renamed { .. })) else {
            groups.push(vec![(0, node)]);
            continue;
        };
        let place = *places.entry(Key::new(node, &frame, frames)).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push((frame.number, node));
    }
    groups.iter_mut().for_each(|group| group.sort_by_key(|(frame, _)| *frame));
    groups.iter().filter_map(|group| entry(group, frames)).collect()
}

fn entry<'d>(group: &[(i64, &'d NodeDiff)], frames: Frames) -> Option<Entry<'d>> {
    let (_, node) = *group.first()?;
    if group.len() == 1 {
        let changes = node.changes().iter().map(Change::told).collect();
        return Some(Entry { node, id: node.id.clone(), changes, frames: Vec::new() });
    }
    let frame = frame_of(&node.id)?;
    let members: Vec<(i64, Vec<&Change>)> = group
        .iter()
        .filter_map(|(number, node)| Some((*number, said(node, &frame_of(&node.id)?, frames).collect())))
        .collect();
    let told = |at: usize| {
        let all: Vec<(i64, &Change)> = members.iter().filter_map(|(n, list)| Some((*n, *list.get(at)?))).collect();
        let texts: Vec<(i64, _)> = all.iter().map(|(number, change)| (*number, change.texts())).collect();
        let old = together(texts.iter().map(|(n, (old, _))| (*n, old.as_deref())));
        let new = together(texts.iter().map(|(n, (_, new))| (*n, new.as_deref())));
        Some(Told { change: all.first()?.1, old, new })
    };
    let changes = (0..members.first()?.1.len()).filter_map(told).collect();
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for (number, _) in group {
        match ranges.last_mut() {
            Some((_, high)) if *high == *number => *high += 1,
            _ => ranges.push((*number, number + 1)),
        }
    }
    Some(Entry { node, id: format!("{}{{frame}}{}", frame.stem, frame.rest), changes, frames: ranges })
}

/// One text for those of all frames.
fn together<'t>(texts: impl Iterator<Item = (i64, Option<&'t str>)> + Clone) -> Option<String> {
    let (number, first) = texts.clone().next()?;
    let (first, last) = (first?, texts.clone().last()?.1?);
    if texts.clone().all(|(_, text)| text == Some(first)) {
        return Some(first.to_owned());
    }
    let with_hole = holed(first, number);
    match texts.clone().all(|(number, text)| text.is_some_and(|text| holed(text, number) == with_hole)) {
        true => Some(with_hole),
        false => Some(format!("{first} … {last}")),
    }
}

/// The number of a frame in an id, with what stands around it: `output/comp/1001#image`, `cast/hero@s010.1001`.
struct Frame<'i> {
    stem: &'i str,
    number: i64,
    rest: &'i str,
}

fn frame_of(id: &str) -> Option<Frame<'_>> {
    let split = |at: usize| {
        let end = id[at..].find(['#', '/']).map_or(id.len(), |length| at + length);
        let digits = &id[at..end];
        let is_number = !digits.is_empty() && digits.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit());
        let number = digits.parse::<i64>().ok().filter(|_| is_number)?;
        Some(Frame { stem: &id[..at], number, rest: &id[end..] })
    };
    if id.starts_with("output/") {
        // The first segment is the output's name, or that of a choice of its matrix.
        let own = id.split('#').next().unwrap_or(id);
        return own.rfind('/').filter(|at| *at > "output".len()).and_then(|at| split(at + 1));
    }
    let (_, behind) = id.rsplit_once('@')?;
    split(id.len() - behind.len() + behind.find('.')? + 1).filter(|frame| frame.rest.is_empty())
}

/// A text with the number of its frame as a hole: `comp.1001.png` is `comp.{frame}.png`, `0007.png` is `{frame:4}.png`.
fn holed(text: &str, frame: i64) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
        let (digits, behind) = from.split_at(end);
        out += before;
        match digits.parse::<i64>() {
            Ok(number) if number == frame && digits.starts_with('0') && digits.len() > 1 => {
                // Writing to a string never fails.
                let _ = write!(out, "{{frame:{}}}", digits.len());
            }
            Ok(number) if number == frame => out += "{frame}",
            _ => out += digits,
        }
        rest = behind;
    }
    out + rest
}

/// What is said of one frame. That it reads what another frame of its output has already is left out of what is told loosely:
/// the graph keeps one of equal pictures, under the id of the first frame.
fn said<'n>(node: &'n NodeDiff, frame: &Frame<'n>, frames: Frames) -> impl Iterator<Item = &'n Change> {
    let stem = frame.stem;
    let is_own = move |content: &Option<Content>| match content {
        Some(Content::Nodes(nodes)) => {
            nodes.iter().all(|(id, _)| stem.starts_with("output/") && frame_of(id).is_some_and(|f| f.stem == stem))
        }
        _ => true,
    };
    let is_comer = matches!(node.what, What::Added(_) | What::Removed(_));
    node.changes().iter().filter(move |change| {
        let is_silent = is_comer && change.aspect == Aspect::Input && is_own(&change.old) && is_own(&change.new);
        frames == Frames::Equal || !is_silent
    })
}

/// What frames that are told as one have in common.
#[derive(PartialEq, Eq, Hash)]
struct Key<'d> {
    stem: &'d str,
    rest: &'d str,
    kind: &'d str,
    layer: crate::Layer,
    what: Discriminant<What>,
    changes: Vec<(Aspect, &'d str, Option<String>, Option<String>)>,
}

impl<'d> Key<'d> {
    fn new(node: &'d NodeDiff, frame: &Frame<'d>, frames: Frames) -> Self {
        let content = |content: &Option<Content>| {
            content.as_ref().map(|content| match (frames, content) {
                (Frames::Alike, _) => String::new(),
                (Frames::Equal, Content::Value(Value::Text(text))) => holed(text, frame.number),
                (Frames::Equal, Content::Nodes(nodes)) => holed(&format!("{nodes:?}"), frame.number),
                (Frames::Equal, other) => format!("{other:?}"),
            })
        };
        let changes = said(node, frame, frames)
            .map(|change| (change.aspect, change.name.as_str(), content(&change.old), content(&change.new)))
            .collect();
        let (kind, layer, what) = (node.kind.as_str(), node.layer, discriminant(&node.what));
        Self { stem: frame.stem, rest: frame.rest, kind, layer, what, changes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_frames_are_found_in_ids() {
        let parts = |id: &'static str| frame_of(id).map(|f| (f.stem, f.number, f.rest));
        assert_eq!(parts("output/comp/1001"), Some(("output/comp/", 1001, "")));
        assert_eq!(parts("output/comp/1001#image#image"), Some(("output/comp/", 1001, "#image#image")));
        assert_eq!(parts("output/comp/rain/7#image"), Some(("output/comp/rain/", 7, "#image")));
        assert_eq!(parts("cast/hero@s010.1003"), Some(("cast/hero@s010.", 1003, "")));
        for none in ["output/comp", "output/comp#image", "output/1001", "cast/hero@s010", "yard/posts/3", "yard/a.7"] {
            assert_eq!(parts(none), None, "{none}");
        }
    }

    #[test]
    fn a_number_that_goes_with_the_frame_is_a_hole() {
        assert_eq!(holed("a.1001.png", 1001), "a.{frame}.png");
        assert_eq!(holed("s010/0007.v1007.png", 7), "s010/{frame:4}.v1007.png");
        assert_eq!(holed("0", 0), "{frame}");
        assert_eq!(holed("a", 1), "a");
    }
}
