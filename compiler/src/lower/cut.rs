//! Cuts: which shot a frame of a sequence shows.

use std::rc::Rc;

use scenec_ir::{Diagnostic, Span, Value};

use super::{FIRST_FRAME, Lowerer, Val};
use crate::ShotInfo;
use crate::check::CUT;
use crate::resolve::DefId;
use crate::typed::Body;

/// Pieces of one cut, those of the cuts within it included.
const MOST_SEGMENTS: usize = 10_000;

/// Frames of a shot within a cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub shot: DefId,
    /// First frame in the cut, and the one behind the last.
    pub from: i64,
    pub end: i64,
    /// The shot's frame that is the first one.
    pub source: i64,
    pub fps: f64,
    pub size: Option<[f64; 2]>,
}

impl Lowerer<'_, '_> {
    pub(super) fn is_cut(&self, def: DefId) -> bool {
        matches!(self.typed[def].body, Body::Cut(_))
    }

    /// The segments of a cut, in order, without gaps; `None` when it has an error.
    pub(super) fn segments(&mut self, cut: DefId) -> Option<Rc<[Segment]>> {
        if let Some(known) = self.cuts.get(&cut) {
            return known.clone();
        }
        // A cut of itself is a cycle, and has its error.
        self.cuts.insert(cut, None);
        let made = self.make_segments(cut).map(Rc::from);
        self.cuts.insert(cut, made.clone());
        made
    }

    fn make_segments(&mut self, cut: DefId) -> Option<Vec<Segment>> {
        let typed = self.typed;
        let Body::Cut(body) = &typed[cut].body else { return None };
        let name = &self.program[cut].name;
        let mut next = match &body.start {
            Some(term) => {
                let value = self.constant(term)?;
                self.fits(&CUT, "start", &value, term.span)?;
                value.as_f64()? as i64
            }
            None => FIRST_FRAME,
        };
        let mut found: Vec<(Segment, Span)> = Vec::new();
        for (shot, frames) in &body.parts {
            let Val::Shot(def) = self.eval(shot, "") else { return None };
            let sources = match self.is_cut(def) {
                true => self.segments(def)?,
                false => {
                    let ShotInfo { frames: (from, end), fps, size, .. } = self.shot_info(def)?;
                    Rc::from([Segment { shot: def, from, end, source: from, fps, size }])
                }
            };
            let (first, end) = (sources.first()?.from, sources.last()?.end);
            let (low, high) = match frames {
                None => (first, end),
                Some(term) => match self.constant(term)? {
                    Value::IntRange(low, high) if low < high && first <= low && high <= end => (low, high),
                    Value::IntRange(low, high) => {
                        let of = &self.program[def].name;
                        let message = match low < high {
                            true => format!("`{}` has the frames {first}..{end}, not {low}..{high}", of.value),
                            false => format!("{low}..{high} holds no frame of `{}`", of.value),
                        };
                        let hint = "ranges are half-open: `1001..1025` are 24 frames";
                        self.report(
                            Diagnostic::error("E0414", message, term.span).because(of.span, "the shot").hint(hint),
                        );
                        return None;
                    }
                    _ => return None,
                },
            };
            if found.len() + sources.len() > MOST_SEGMENTS {
                let message = format!("the cut `{}` has more than {MOST_SEGMENTS} pieces", name.value);
                self.too_much(message, name.span);
                return None;
            }
            for source in sources.iter().filter(|s| s.from < high && low < s.end) {
                let (from, end) = (source.from.max(low), source.end.min(high));
                let segment = Segment {
                    from: next,
                    end: next + (end - from),
                    source: source.source + (from - source.from),
                    ..*source
                };
                next = segment.end;
                found.push((segment, shot.span));
            }
        }
        let Some((first, place)) = found.first().copied() else {
            let message = format!("the cut `{}` has no shots", name.value);
            self.report(Diagnostic::error("E0414", message, name.span).hint("name them: `shots: [s010, s020]`"));
            return None;
        };
        for (other, span) in &found {
            let what = if other.fps != first.fps {
                format!("has {} frames per second, the first shot {}", other.fps, first.fps)
            } else if other.size != first.size {
                let shown = |size: Option<[f64; 2]>| {
                    size.map_or("no size of its own".to_owned(), |[w, h]| format!("{w} x {h} pixels"))
                };
                format!("has {}, the first shot {}", shown(other.size), shown(first.size))
            } else {
                continue;
            };
            let message = format!("`{}` {what}", self.program[other.shot].name.value);
            let hint = "the pictures of a cut are one sequence: give its shots one `fps` and one `size`";
            self.report(Diagnostic::error("E0414", message, *span).because(place, "the first shot").hint(hint));
            return None;
        }
        Some(found.into_iter().map(|(segment, _)| segment).collect())
    }

    /// What a cut is as a shot.
    pub(super) fn cut_info(&mut self, cut: DefId) -> Option<ShotInfo> {
        let segments = self.segments(cut)?;
        let (first, last) = (segments.first()?, segments.last()?);
        let name = self.program[cut].name.value.clone();
        Some(ShotInfo { name, frames: (first.from, last.end), fps: first.fps, size: first.size })
    }

    /// The segment that a cut shows in a frame; without one the first.
    pub(super) fn segment_at(&mut self, cut: DefId, frame: Option<i64>) -> Option<Segment> {
        let segments = self.segments(cut)?;
        match frame {
            None => segments.first().copied(),
            // They stand in order and without gaps.
            Some(frame) => {
                let at = segments.partition_point(|s| s.end <= frame);
                segments.get(at).filter(|s| s.from <= frame).copied()
            }
        }
    }

    /// A shot itself, or the one that a cut shows in the present frame, with the number of that frame in it.
    pub(super) fn shown(&mut self, shot: DefId, span: Span) -> Option<(DefId, Option<i64>)> {
        let frame = self.frame.map(|(frame, _)| frame);
        if !self.is_cut(shot) {
            return Some((shot, frame));
        }
        match (self.segment_at(shot, frame), frame) {
            (Some(segment), _) => {
                let source = segment.source + frame.map_or(0, |f| f - segment.from);
                Some((segment.shot, Some(source)))
            }
            (None, Some(frame)) => {
                let info = self.cut_info(shot)?;
                let message =
                    format!("`{}` has the frames {}..{}, not {frame}", info.name, info.frames.0, info.frames.1);
                let place = self.program[shot].name.span;
                self.report(Diagnostic::error("E0411", message, span).because(place, "the cut"));
                None
            }
            (None, None) => None,
        }
    }
}
