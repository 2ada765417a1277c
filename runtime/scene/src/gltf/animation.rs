//! Clips: their durations, and the pose at a time (glTF 2.0, 3.11 and appendix C).

use std::collections::{BTreeMap, BTreeSet};

use glam::{Quat, Vec3, Vec4};
use scenec_ir::asset::Clip;

use super::accessor::Reader;
use super::fault::{ACCESSOR, Fault, Result, pick};
use super::json::{Animation, AnimationSampler, Root};
use super::names::named;
use super::nodes::{Local, unit};

/// All clips with their durations. Reads and checks every time line.
pub fn clips(root: &Root, reader: &Reader<'_>) -> Result<Vec<Clip>> {
    let mut ends: BTreeMap<usize, f32> = BTreeMap::new();
    let mut clips = Vec::with_capacity(root.animations.len());
    for (a, animation) in root.animations.iter().enumerate() {
        let mut duration_s = 0.0_f32;
        for (c, channel) in animation.channels.iter().enumerate() {
            let pointer = || format!("/animations/{a}/channels/{c}/sampler");
            let sampler = pick(&animation.samplers, channel.sampler.0, "animation sampler", pointer)?;
            let end = match ends.get(&sampler.input.0) {
                Some(&end) => end,
                None => {
                    let times =
                        times(reader, sampler, &format!("/animations/{a}/samplers/{}/input", channel.sampler.0))?;
                    let end = times.last().map_or(0.0, |t| t[0]);
                    ends.insert(sampler.input.0, end);
                    end
                }
            };
            duration_s = duration_s.max(end);
        }
        clips.push(Clip { name: named(animation.name.as_deref(), "clip", a), duration_s });
    }
    Ok(clips)
}

fn times(reader: &Reader<'_>, sampler: &AnimationSampler, user: &str) -> Result<Vec<[f32; 1]>> {
    let times = reader.floats::<1>(sampler.input, user)?;
    if times.is_empty() {
        return Err(Fault::new(ACCESSOR, user, "the animation has no keyframes"));
    }
    // Equal times occur in the wild and mean a jump; only going back is without meaning.
    if let Some(i) = times.windows(2).position(|w| w[1][0] < w[0][0]) {
        let message = format!("keyframe {} at {} s comes before the one before it", i + 1, times[i + 1][0]);
        return Err(Fault::new(ACCESSOR, user, message).hint("the times of keyframes have to increase"));
    }
    Ok(times)
}

/// Applies animation `index` at `time_s` to local transforms and morph weights.
pub fn apply(
    root: &Root,
    reader: &Reader<'_>,
    index: usize,
    time_s: f32,
    locals: &mut [Local],
    weights: &mut BTreeMap<usize, Vec<f32>>,
) -> Result<()> {
    let animation = pick(&root.animations, index, "animation", || "/animations".into())?;
    for (c, channel) in animation.channels.iter().enumerate() {
        let Some(node) = channel.target.node else {
            continue; // an extension names the target
        };
        let pointer = || format!("/animations/{index}/channels/{c}/target/node");
        let json = pick(&root.nodes, node.0, "node", pointer)?;
        let track = Track::new(reader, animation, index, channel.sampler.0, time_s)?;
        let local = &mut locals[node.0];
        match channel.target.path.as_str() {
            "translation" => {
                let value = Vec3::from(track.vector::<3>()?);
                local.edit(|t, _, _| *t = value);
            }
            "scale" => {
                let value = Vec3::from(track.vector::<3>()?);
                local.edit(|_, _, s| *s = value);
            }
            "rotation" => {
                let value = track.rotation()?;
                local.edit(|_, r, _| *r = value);
            }
            "weights" => {
                let Some(mesh) = json.mesh else { continue };
                let mesh = pick(&root.meshes, mesh.0, "mesh", || format!("/nodes/{}/mesh", node.0))?;
                let targets = mesh.primitives.first().map_or(0, |p| p.targets.len());
                weights.insert(node.0, track.weights(targets)?);
            }
            _ => {} // `pointer` of KHR_animation_pointer; a note was left when the file was loaded
        }
    }
    Ok(())
}

/// Morph weights of two clips together; what one does not animate stands at rest in it.
pub fn mix_weights(root: &Root, own: &mut BTreeMap<usize, Vec<f32>>, other: &BTreeMap<usize, Vec<f32>>, weight: f32) {
    let nodes: BTreeSet<usize> = own.keys().chain(other.keys()).copied().collect();
    for node in nodes {
        let at_rest = || {
            let json = root.nodes.get(node)?;
            let mesh = json.mesh.and_then(|mesh| root.meshes.get(mesh.0));
            json.weights.clone().or_else(|| mesh?.weights.clone())
        };
        let (a, b) = (own.get(&node).cloned(), other.get(&node).cloned());
        let len = a.as_ref().or(b.as_ref()).map_or(0, Vec::len);
        let of = |weights: Option<Vec<f32>>| {
            let mut weights = weights.or_else(at_rest).unwrap_or_default();
            weights.resize(len, 0.0);
            weights
        };
        let mixed = of(a).iter().zip(of(b)).map(|(a, b)| a * (1.0 - weight) + b * weight).collect();
        own.insert(node, mixed);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Interpolation {
    Step,
    Linear,
    CubicSpline,
}

/// A sampler at one time.
struct Track<'a> {
    reader: &'a Reader<'a>,
    sampler: &'a AnimationSampler,
    interpolation: Interpolation,
    pointer: String,
    keys: usize,
    /// The keyframes around the time.
    before: usize,
    after: usize,
    /// Seconds between them, and the place between them, 0..1.
    span_s: f32,
    u: f32,
}

impl<'a> Track<'a> {
    fn new(reader: &'a Reader<'a>, animation: &'a Animation, a: usize, s: usize, time_s: f32) -> Result<Self> {
        let pointer = format!("/animations/{a}/samplers/{s}");
        let sampler = pick(&animation.samplers, s, "animation sampler", || pointer.clone())?;
        let interpolation = match sampler.interpolation.as_deref() {
            None | Some("LINEAR") => Interpolation::Linear,
            Some("STEP") => Interpolation::Step,
            Some("CUBICSPLINE") => Interpolation::CubicSpline,
            Some(other) => {
                let message = format!("interpolation `{other}` does not exist");
                return Err(Fault::new(ACCESSOR, format!("{pointer}/interpolation"), message)
                    .hint("one of LINEAR, STEP, CUBICSPLINE is allowed"));
            }
        };
        let times = times(reader, sampler, &format!("{pointer}/input"))?;
        let keys = times.len();
        // Outside of the time line the first or last keyframe holds.
        let after = times.partition_point(|t| t[0] <= time_s).min(keys - 1);
        let before = if times[after][0] <= time_s { after } else { after.saturating_sub(1) };
        let span_s = times[after][0] - times[before][0];
        let u = if span_s > 0.0 { ((time_s - times[before][0]) / span_s).clamp(0.0, 1.0) } else { 0.0 };
        Ok(Self { reader, sampler, interpolation, pointer, keys, before, after, span_s, u })
    }

    /// All output elements; `per_key` elements for each keyframe, three times that for splines.
    fn outputs<const N: usize>(&self, per_key: usize) -> Result<Vec<[f32; N]>> {
        let user = format!("{}/output", self.pointer);
        let values = self.reader.floats::<N>(self.sampler.output, &user)?;
        let factor = if self.interpolation == Interpolation::CubicSpline { 3 } else { 1 };
        let wanted = self.keys.saturating_mul(factor).saturating_mul(per_key);
        if values.len() != wanted {
            let message = format!("{} values for {} keyframes, {wanted} are needed", values.len(), self.keys);
            return Err(Fault::new(ACCESSOR, user, message).hint("the file is damaged: export it again"));
        }
        Ok(values)
    }

    /// Interpolates one number out of keyframes that hold `stride` elements each; for splines a keyframe is in-tangents,
    /// values, out-tangents (appendix C.5).
    fn blend(&self, stride: usize, element: usize, value: impl Fn(usize) -> f32) -> f32 {
        let (k, n, u) = (self.before, self.after, self.u);
        match self.interpolation {
            Interpolation::Step => value(k * stride + element),
            Interpolation::Linear => {
                let (a, b) = (value(k * stride + element), value(n * stride + element));
                a * (1.0 - u) + b * u
            }
            Interpolation::CubicSpline => {
                let at = |key: usize, part: usize| value((key * 3 + part) * stride + element);
                let (u2, u3) = (u * u, u * u * u);
                (2.0 * u3 - 3.0 * u2 + 1.0) * at(k, 1)
                    + self.span_s * (u3 - 2.0 * u2 + u) * at(k, 2)
                    + (3.0 * u2 - 2.0 * u3) * at(n, 1)
                    + self.span_s * (u3 - u2) * at(n, 0)
            }
        }
    }

    fn vector<const N: usize>(&self) -> Result<[f32; N]> {
        let values = self.outputs::<N>(1)?;
        let vector: [f32; N] = std::array::from_fn(|c| self.blend(1, 0, |i| values[i][c]));
        self.finite(&vector)?;
        Ok(vector)
    }

    fn rotation(&self) -> Result<Quat> {
        let values = self.outputs::<4>(1)?;
        let no_rotation = |key: usize| {
            Fault::new(
                ACCESSOR,
                format!("{}/output", self.pointer),
                format!("the rotation at keyframe {key} is no unit quaternion"),
            )
        };
        if self.interpolation == Interpolation::CubicSpline {
            let q: [f32; 4] = std::array::from_fn(|c| self.blend(1, 0, |i| values[i][c]));
            return unit(q).ok_or_else(|| no_rotation(self.before));
        }
        let key = |k: usize| unit(values[k]).ok_or_else(|| no_rotation(k));
        let (a, b) = (key(self.before)?, key(self.after)?);
        Ok(if self.interpolation == Interpolation::Step { a } else { slerp(a, b, self.u) })
    }

    fn weights(&self, targets: usize) -> Result<Vec<f32>> {
        let values = self.outputs::<1>(targets)?;
        let weights: Vec<f32> = (0..targets).map(|t| self.blend(targets, t, |i| values[i][0])).collect();
        self.finite(&weights)?;
        Ok(weights)
    }

    fn finite(&self, values: &[f32]) -> Result<()> {
        if values.iter().all(|v| v.is_finite()) {
            return Ok(());
        }
        Err(Fault::new(ACCESSOR, format!("{}/output", self.pointer), "the animation runs out of the range of numbers"))
    }
}

/// The shorter way round (appendix C.4). glam's `slerp` becomes linear below 1.8 degrees; this one stays exact.
pub fn slerp(a: Quat, b: Quat, u: f32) -> Quat {
    let (a, mut b) = (Vec4::from(a).as_dvec4(), Vec4::from(b).as_dvec4());
    if a.dot(b) < 0.0 {
        b = -b;
    }
    let u = f64::from(u);
    // atan2 of the half angle between the unit vectors is exact for small angles, where acos is not.
    let angle = 2.0 * (a - b).length().atan2((a + b).length());
    let blended =
        if angle < 1e-9 { a.lerp(b, u) } else { (a * ((1.0 - u) * angle).sin() + b * (u * angle).sin()) / angle.sin() };
    Quat::from_vec4(blended.normalize().as_vec4())
}

/// The time inside of a clip.
pub fn clip_time(time_s: f32, duration_s: f32, looped: bool) -> f32 {
    if looped && duration_s > 0.0 { time_s.rem_euclid(duration_s) } else { time_s }
}
