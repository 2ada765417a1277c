//! Per-triangle attributes, gathered so that shading a hit reads one place instead of three vertices.

use glam::{Affine3A, Mat3A, Vec3, Vec3A};
use rayon::prelude::*;
use scenec_scene::Mesh;
use scenec_shaders::consts::{PART_COLORS, PART_NORMALS, PART_TANGENTS, PART_UV0, PART_UV1};

use crate::RenderError;
use crate::heap::Heap;

/// Which extra attributes a mesh needs for its materials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub uv: bool,
    pub tangents: bool,
}

/// Where the attributes of a mesh lie in the heap.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Attributes {
    pub normals: u32,
    pub extra: u32,
    pub stride: u32,
    pub flags: u32,
}

/// A whole attribute: one element per vertex.
fn is_whole<T>(attribute: &[T], mesh: &Mesh) -> bool {
    !attribute.is_empty() && attribute.len() == mesh.positions.len()
}

/// Flags and words per triangle of the extra attributes.
fn layout(mesh: &Mesh, wanted: Wanted) -> (u32, u32) {
    let parts = [
        (wanted.uv && is_whole(&mesh.uv0, mesh), PART_UV0, 6),
        (wanted.uv && is_whole(&mesh.uv1, mesh), PART_UV1, 6),
        (is_whole(&mesh.colors, mesh), PART_COLORS, 6),
        (wanted.tangents && is_whole(&mesh.tangents, mesh), PART_TANGENTS, 3),
    ];
    parts.iter().filter(|p| p.0).fold((0, 0), |(flags, words), p| (flags | p.1, words + p.2))
}

/// Words that `gather` will take.
pub(crate) fn words(mesh: &Mesh, wanted: Wanted) -> usize {
    let normals = if is_whole(&mesh.normals, mesh) { 3 } else { 0 };
    (normals + layout(mesh, wanted).1 as usize) * mesh.triangles.len()
}

/// Puts the attributes of `mesh` into the heap; normals and tangents turned by `turn` if given (a mesh that is placed once).
pub(crate) fn gather(
    heap: &mut Heap,
    mesh: &Mesh,
    wanted: Wanted,
    turn: Option<&Affine3A>,
) -> Result<Attributes, RenderError> {
    let (mut flags, stride) = layout(mesh, wanted);
    let mut out = Attributes { stride, ..Attributes::default() };
    let matrix = turn.map_or(Mat3A::IDENTITY, |t| t.matrix3);
    let cofactors = cofactors(&matrix);
    if is_whole(&mesh.normals, mesh) {
        flags |= PART_NORMALS;
        let (first, words) = heap.room(3 * mesh.triangles.len())?;
        out.normals = first;
        words.par_chunks_mut(3).zip(&mesh.triangles).with_min_len(4096).for_each(|(words, corners)| {
            for (word, corner) in words.iter_mut().zip(corners) {
                let n = mesh.normals.get(*corner as usize).copied().unwrap_or([0.0; 3]);
                *word = octahedral(cofactors * Vec3A::from(n));
            }
        });
    }
    if stride > 0 {
        let (first, words) = heap.room(stride as usize * mesh.triangles.len())?;
        out.extra = first;
        words.par_chunks_mut(stride as usize).zip(&mesh.triangles).with_min_len(4096).for_each(|(words, corners)| {
            fill_extra(words, corners, mesh, flags, &matrix);
        });
    }
    out.flags = flags;
    Ok(out)
}

fn fill_extra(words: &mut [u32], corners: &[u32; 3], mesh: &Mesh, flags: u32, matrix: &Mat3A) {
    let mut at = 0;
    for (flag, uv) in [(PART_UV0, &mesh.uv0), (PART_UV1, &mesh.uv1)] {
        if flags & flag != 0 {
            for corner in corners {
                let [u, v] = uv.get(*corner as usize).copied().unwrap_or([0.0; 2]);
                words[at] = u.to_bits();
                words[at + 1] = v.to_bits();
                at += 2;
            }
        }
    }
    if flags & PART_COLORS != 0 {
        for corner in corners {
            let c = mesh.colors.get(*corner as usize).copied().unwrap_or([1.0; 4]);
            let [r, g, b, a] = c.map(|x| (x.clamp(0.0, 1.0) * 65535.0 + 0.5) as u32);
            words[at] = r | g << 16;
            words[at + 1] = b | a << 16;
            at += 2;
        }
    }
    if flags & PART_TANGENTS != 0 {
        for corner in corners {
            let [x, y, z, w] = mesh.tangents.get(*corner as usize).copied().unwrap_or([1.0, 0.0, 0.0, 1.0]);
            words[at] = octahedral(*matrix * Vec3A::new(x, y, z)) & !1 | u32::from(w < 0.0);
            at += 1;
        }
    }
}

/// The matrix that turns normals: inverse transpose times determinant, with the determinant's sign taken out.
fn cofactors(m: &Mat3A) -> Mat3A {
    let c = Mat3A::from_cols(m.y_axis.cross(m.z_axis), m.z_axis.cross(m.x_axis), m.x_axis.cross(m.y_axis));
    if m.determinant() < 0.0 { c * -1.0 } else { c }
}

/// A direction as two 16-bit signed numbers (Cigolle et al. 2014, section 3.2); +z where it is none.
fn octahedral(v: Vec3A) -> u32 {
    let v = Vec3::from(v);
    let sum = v.x.abs() + v.y.abs() + v.z.abs();
    if !(sum > 0.0 && sum.is_finite()) {
        return 0;
    }
    let (mut x, mut y) = (v.x / sum, v.y / sum);
    if v.z < 0.0 {
        (x, y) = ((1.0 - y.abs()) * 1f32.copysign(x), (1.0 - x.abs()) * 1f32.copysign(y));
    }
    let snorm = |x: f32| (x * 32767.0).round() as i32 as u32 & 0xffff;
    snorm(x) | snorm(y) << 16
}
