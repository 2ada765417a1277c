//! Rays in, hits out, and the per-ray constants of the traversal.

/// A ray. `direction` need not have unit length; t counts in units of its length. Hits count for `t_min < t <= t_max`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ray {
    /// Start, in world space.
    pub origin: [f32; 3],
    /// Lower end of the interval; negative values count as 0.
    pub t_min: f32,
    /// Direction, in world space.
    pub direction: [f32; 3],
    /// Upper end of the interval; infinity is fine.
    pub t_max: f32,
}

/// What a ray hit first.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Distance in units of the direction's length; the ray's `t_max` on a miss.
    pub t: f32,
    /// Barycentric weight of the triangle's second corner.
    pub u: f32,
    /// Barycentric weight of the triangle's third corner.
    pub v: f32,
    /// Instance number, or `Hit::NONE`.
    pub instance: u32,
    /// Triangle number within its mesh.
    pub primitive: u32,
    /// Index into the triangle pool, which spares a second copy of the positions; `Hit::NONE` on a miss.
    pub slot: u32,
    /// Nodes visited.
    pub visits: u32,
    /// 1 when the walk was given up at the cap on node visits, else 0; then the hit is not to be trusted.
    pub capped: u32,
}

impl Hit {
    /// In `instance`, `primitive` and `slot`: nothing was hit.
    pub const NONE: u32 = u32::MAX;

    /// A miss of a ray with this upper end.
    pub fn miss(t_max: f32) -> Self {
        Self {
            t: t_max,
            u: 0.0,
            v: 0.0,
            instance: Self::NONE,
            primitive: Self::NONE,
            slot: Self::NONE,
            visits: 0,
            capped: 0,
        }
    }

    /// Whether anything was hit.
    pub fn is_hit(&self) -> bool {
        self.slot != Self::NONE
    }
}

/// Answer of an occlusion query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occlusion {
    /// Nothing in the interval.
    Free,
    /// Something in the interval.
    Occluded,
    /// The walk was given up at the cap on node visits.
    Capped,
}

impl From<&Hit> for Hit {
    fn from(hit: &Hit) -> Self {
        *hit
    }
}

impl From<&Hit> for Occlusion {
    fn from(hit: &Hit) -> Self {
        match hit {
            Hit { capped: 1, .. } => Self::Capped,
            hit if hit.is_hit() => Self::Occluded,
            _ => Self::Free,
        }
    }
}

/// Per-ray constants of box and triangle tests, one set per space the ray is taken to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prepared {
    /// The fourth number of both is 0.
    pub origin: [f32; 4],
    pub inverse: [f32; 4],
    pub t_min: f32,
    /// Byte offsets of the near and far bounds within a node, per axis.
    pub near: [usize; 3],
    pub far: [usize; 3],
    /// Axes (kx, ky, kz, kx) with kz the direction's largest (Woop et al. 2013).
    pub axes: [i32; 4],
    pub origin_permuted: [f32; 4],
    pub shear: [f32; 3],
}

impl Prepared {
    /// No ray.
    pub const NONE: Self = Self {
        origin: [0.0; 4],
        inverse: [0.0; 4],
        t_min: 0.0,
        near: [32; 3],
        far: [32; 3],
        axes: [0; 4],
        origin_permuted: [0.0; 4],
        shear: [0.0; 3],
    };

    /// `None` for rays that can hit nothing: a zero or non-finite direction, or a non-finite origin.
    #[inline(always)]
    pub fn new(origin: [f32; 3], direction: [f32; 3], t_min: f32) -> Option<Self> {
        let d = direction;
        let size = [d[0].abs(), d[1].abs(), d[2].abs()];
        let kz = if size[0] >= size[1] {
            if size[0] >= size[2] { 0 } else { 2 }
        } else if size[1] >= size[2] {
            1
        } else {
            2
        };
        let largest = size[kz];
        let total = (size[0] + size[1] + size[2]) + (origin[0].abs() + origin[1].abs() + origin[2].abs());
        if !(largest > 0.0 && total < f32::INFINITY) {
            return None;
        }
        let kx = if kz == 2 { 0 } else { kz + 1 };
        let ky = if kx == 2 { 0 } else { kx + 1 };
        // A component below this moves the ray by less than a rounding error over any distance; a floor keeps 0 * inf away.
        let floor = largest * 1e-20;
        let mut inverse = [0.0; 4];
        let (mut near, mut far) = ([0; 3], [0; 3]);
        for k in 0..3 {
            inverse[k] = 1.0 / if size[k] > floor { d[k] } else { floor.copysign(d[k]) };
            let negative = usize::from(d[k].is_sign_negative());
            near[k] = 32 + 8 * k + 24 * negative;
            far[k] = 32 + 8 * k + 24 * (1 - negative);
        }
        Some(Self {
            origin: [origin[0], origin[1], origin[2], 0.0],
            inverse,
            t_min: if t_min > 0.0 { t_min } else { 0.0 },
            near,
            far,
            axes: [kx as i32, ky as i32, kz as i32, kx as i32],
            origin_permuted: [origin[kx], origin[ky], origin[kz], origin[kx]],
            shear: [d[kx] / d[kz], d[ky] / d[kz], 1.0 / d[kz]],
        })
    }

    /// The same ray in another space; t means the same there.
    #[inline(always)]
    pub fn transformed(ray: &Ray, matrix: &[[f32; 4]; 3]) -> Option<Self> {
        let (o, d) = (ray.origin, ray.direction);
        let point = |m: &[f32; 4]| m[0] * o[0] + m[1] * o[1] + (m[2] * o[2] + m[3]);
        let vector = |m: &[f32; 4]| m[0] * d[0] + m[1] * d[1] + m[2] * d[2];
        Self::new(
            [point(&matrix[0]), point(&matrix[1]), point(&matrix[2])],
            [vector(&matrix[0]), vector(&matrix[1]), vector(&matrix[2])],
            ray.t_min,
        )
    }
}
