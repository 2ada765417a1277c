//! What camera rays meet, beside the picture: the passes that compositors and denoisers read.

mod motion;
mod names;

use std::sync::Mutex;

use scenec_scene::{Camera, Stage};
use scenec_shaders::consts::MATTE_SLOTS;
use scenec_shaders::prelude::Vec2;
use scenec_shaders::types::PixelSeen;

use crate::plan::{self, Tile};
use crate::render::on_device;
use crate::{Control, RenderError, RenderSettings, Scene, gpu, native};

pub(crate) use motion::Frames;
pub(crate) use names::Names;
pub use names::belongs;

/// Depth where a camera ray meets nothing, metres.
pub const BACKGROUND: f32 = 1e10;

/// Names of a matte that a pixel keeps: those with the largest coverage.
pub const MATTE_RANKS: usize = 6;

/// What camera rays meet, per pixel; rows from the top. Surfaces whose alpha lets a ray pass are not met by it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aovs {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Samples per pixel.
    pub samples: u32,
    /// Mean of the directional albedo, the share of a white sky that the surface reflects to the viewer in one bounce, linear
    /// Rec. 709. What a lamp emits is added up to 1 in all; an unlit surface has its colour. Rays that meet nothing count as 0.
    pub albedo: Vec<[f32; 3]>,
    /// Mean of the unit shading normals in the world, normal maps applied, on the viewer's side, made unit again; 0 where nothing
    /// is met.
    pub normal: Vec<[f32; 3]>,
    /// Metres along the axis of the camera to the closest point that a ray of the pixel meets; `BACKGROUND` where that is none.
    pub depth: Vec<f32>,
    /// That point in the world, metres; 0 where nothing is met.
    pub position: Vec<[f32; 3]>,
    /// Where that point goes on the film until the next frame: pixels, x right, y up. What is behind everything moves as the
    /// camera turns; what goes behind the next camera has 0. `None` without a next frame.
    pub motion: Option<Vec<[f32; 2]>>,
    /// One for each kind that was asked for, in that order.
    pub mattes: Vec<Matte>,
}

/// What a matte tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatteKind {
    /// Things that a block names, such as `harbour/quay`; copies by `scatter` are told apart: `harbour/crates/17`. The pieces of a
    /// thing belong to it.
    Object,
    /// Materials by their names or paths; `default` without one.
    Material,
    /// Everything that `Frame::chosen` names: it has the name `CHOSEN`.
    Chosen,
    /// Files of geometry by their names without folders; `default` for what the program itself makes.
    Asset,
}

/// How much of each pixel each name covers.
#[derive(Clone, Debug, PartialEq)]
pub struct Matte {
    /// What is told apart.
    pub kind: MatteKind,
    /// The names in the picture, sorted.
    pub names: Vec<String>,
    /// Per pixel, the largest coverage first. Together they are the share of rays that met something, but for what `dropped` counts.
    pub pixels: Vec<[Rank; MATTE_RANKS]>,
    /// Rays that are in no rank: a pixel shows more than `MATTE_RANKS` names. Share of all rays of the picture.
    pub dropped: f64,
}

/// A name in a pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rank {
    /// Index into [`Matte::names`]; 0 where the coverage is 0.
    pub name: u32,
    /// Share of the pixel, 0..1; 0 for no name.
    pub coverage: f32,
}

/// Name of what is chosen in the matte of `MatteKind::Chosen`.
pub const CHOSEN: &str = "chosen";

/// What is looked at.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// Everything that is seen.
    pub stage: &'a Stage,
    /// `prepare(stage)`.
    pub scene: &'a Scene,
    /// From where.
    pub camera: &'a Camera,
    /// Stage and camera of the following frame. Instances are matched by their ids, their meshes by equal numbers of triangles; what
    /// has no partner has no motion of its own.
    pub next: Option<(&'a Stage, &'a Camera)>,
    /// For `MatteKind::Chosen`: ids of instances, or what they begin with in front of a `/`.
    pub chosen: &'a [&'a str],
}

/// Traces the camera rays of [`render`](crate::render) with the same settings, and notes what they meet. `max_depth` does not
/// matter.
///
/// # Errors
/// See [`RenderError`]. `Device::Auto` falls back as in `render`.
pub fn aovs(
    frame: &Frame<'_>,
    settings: &RenderSettings,
    mattes: &[MatteKind],
    control: &dyn Control,
) -> Result<Aovs, RenderError> {
    settings.check()?;
    let names = Names::new(frame.stage, frame.chosen, mattes);
    let next = frame.next.map(|(stage, camera)| Frames::new(frame.stage, stage, plan::view(camera, settings)));
    let next = next.transpose()?;
    let mut view = plan::view(frame.camera, settings);
    // The first segment is never the last: its closest hit is wanted.
    view.max_depth = 255;
    let samples = settings.samples;
    let seen = on_device(
        settings,
        control,
        &|wanted| {
            let mut out = Sheet::new(settings, &names, next.is_some());
            gpu::aovs(frame.scene, view, samples, &names, next.as_ref(), control, wanted, &mut |t, s| out.put(t, s))?;
            Ok(out)
        },
        &|| {
            let mut out = Sheet::new(settings, &names, next.is_some());
            let mut put = |tile: &Tile, strip: Strip| out.put(tile, strip);
            native::aovs::aovs(frame.scene, view, samples, &names, next.as_ref(), control, &Mutex::new(&mut put))?;
            Ok(out)
        },
    )?;
    Ok(seen.finish(&names))
}

/// The pixels of a tile, by rows.
pub(crate) struct Strip {
    albedo: Vec<[f32; 3]>,
    normal: Vec<[f32; 3]>,
    depth: Vec<f32>,
    position: Vec<[f32; 3]>,
    motion: Vec<[f32; 2]>,
    /// By kind; names by their numbers among all of the stage.
    ranks: Vec<Vec<[Rank; MATTE_RANKS]>>,
    /// Rays in no rank, by kind.
    dropped: Vec<u64>,
}

impl Strip {
    /// Develops sums of `samples` rays per pixel. `motion` may be empty.
    pub(crate) fn new(
        pixels: &[PixelSeen],
        slots: &[Vec2<u32>],
        motion: &[Vec2<f32>],
        samples: u32,
        names: &Names<'_>,
    ) -> Self {
        let scale = 1.0 / samples as f32;
        let kinds = names.kinds().len();
        let mut out = Self {
            albedo: pixels.iter().map(|p| p.albedo.to_array().map(|x| x * scale)).collect(),
            normal: pixels.iter().map(|p| glam::Vec3::from(p.normal.to_array()).normalize_or_zero().into()).collect(),
            depth: pixels.iter().map(|p| if p.met > 0 { p.depth } else { BACKGROUND }).collect(),
            position: pixels.iter().map(|p| p.position.to_array()).collect(),
            motion: motion.iter().map(|m| m.to_array()).collect(),
            ranks: vec![Vec::with_capacity(pixels.len()); kinds],
            dropped: vec![0; kinds],
        };
        let held = MATTE_SLOTS as usize;
        for (at, pixel) in pixels.iter().enumerate() {
            for kind in 0..kinds {
                let mut found: [(u32, u32); MATTE_SLOTS as usize] = [(0, 0); MATTE_SLOTS as usize];
                let first = (at * kinds + kind) * held;
                for (found, slot) in found.iter_mut().zip(&slots[first..first + held]) {
                    let [name, rays] = slot.to_array();
                    *found = (rays, name);
                }
                // The number decides between equal coverages.
                found.sort_unstable_by_key(|(rays, name)| (std::cmp::Reverse(*rays), *name));
                let mut ranks = [Rank::default(); MATTE_RANKS];
                let mut kept = 0;
                for (rank, (rays, name)) in ranks.iter_mut().zip(found).take_while(|(_, found)| found.0 > 0) {
                    *rank = Rank { name, coverage: rays as f32 * scale };
                    kept += rays;
                }
                out.ranks[kind].push(ranks);
                out.dropped[kind] += u64::from(pixel.met - kept);
            }
        }
        out
    }
}

/// The passes in the making.
struct Sheet {
    aovs: Aovs,
    /// Names in the picture, by kind and number.
    used: Vec<Vec<bool>>,
    dropped: Vec<u64>,
}

impl Sheet {
    fn new(settings: &RenderSettings, names: &Names<'_>, moves: bool) -> Self {
        let count = settings.width as usize * settings.height as usize;
        let kinds = names.kinds();
        let mattes = kinds.iter().map(|kind| Matte {
            kind: *kind,
            names: Vec::new(),
            pixels: vec![[Rank::default(); MATTE_RANKS]; count],
            dropped: 0.0,
        });
        let aovs = Aovs {
            width: settings.width,
            height: settings.height,
            samples: settings.samples,
            albedo: vec![[0.0; 3]; count],
            normal: vec![[0.0; 3]; count],
            depth: vec![BACKGROUND; count],
            position: vec![[0.0; 3]; count],
            motion: moves.then(|| vec![[0.0; 2]; count]),
            mattes: mattes.collect(),
        };
        let used = (0..kinds.len()).map(|kind| vec![false; names.list(kind).len()]).collect();
        Self { aovs, used, dropped: vec![0; kinds.len()] }
    }

    fn put(&mut self, tile: &Tile, strip: Strip) {
        let out = &mut self.aovs;
        let (wide, width) = (out.width as usize, tile.width as usize);
        for row in 0..tile.height as usize {
            let from = row * width..(row + 1) * width;
            let start = (tile.y as usize + row) * wide + tile.x as usize;
            let to = start..start + width;
            out.albedo[to.clone()].copy_from_slice(&strip.albedo[from.clone()]);
            out.normal[to.clone()].copy_from_slice(&strip.normal[from.clone()]);
            out.depth[to.clone()].copy_from_slice(&strip.depth[from.clone()]);
            out.position[to.clone()].copy_from_slice(&strip.position[from.clone()]);
            if let Some(motion) = &mut out.motion {
                motion[to.clone()].copy_from_slice(&strip.motion[from.clone()]);
            }
            for (matte, ranks) in out.mattes.iter_mut().zip(&strip.ranks) {
                matte.pixels[to.clone()].copy_from_slice(&ranks[from.clone()]);
            }
        }
        for (used, ranks) in self.used.iter_mut().zip(&strip.ranks) {
            for rank in ranks.iter().flatten().filter(|rank| rank.coverage > 0.0) {
                used[rank.name as usize] = true;
            }
        }
        for (all, own) in self.dropped.iter_mut().zip(&strip.dropped) {
            *all += own;
        }
    }

    /// Keeps the names that are seen, and numbers them anew.
    fn finish(mut self, names: &Names<'_>) -> Aovs {
        let rays = self.aovs.albedo.len() as f64 * f64::from(self.aovs.samples);
        for (kind, matte) in self.aovs.mattes.iter_mut().enumerate() {
            let mut number = Vec::with_capacity(self.used[kind].len());
            for (name, used) in names.list(kind).iter().zip(&self.used[kind]) {
                number.push(matte.names.len() as u32);
                if *used {
                    matte.names.push((*name).to_owned());
                }
            }
            for rank in matte.pixels.iter_mut().flatten().filter(|rank| rank.coverage > 0.0) {
                rank.name = number[rank.name as usize];
            }
            matte.dropped = self.dropped[kind] as f64 / rays;
        }
        self.aovs
    }
}
