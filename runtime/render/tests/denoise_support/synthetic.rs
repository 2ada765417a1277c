//! Pictures with exact guides and noise of known variance.

use scenec_render::Noisy;

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// In (0, 1).
    pub fn unit(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 41) as f32 + 0.5) / (1u64 << 23) as f32
    }

    /// Mean 1, variance 1, skewed as light is.
    pub fn exponential(&mut self) -> f32 {
        -self.unit().ln()
    }

    /// Mean 0, variance 1: the sum of twelve even ones.
    pub fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }
}

/// A picture and its guides.
#[derive(Clone)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<[f32; 3]>,
    pub half: Vec<[f32; 3]>,
    pub albedo: Vec<[f32; 3]>,
    pub normal: Vec<[f32; 3]>,
    pub depth: Vec<f32>,
}

impl Picture {
    /// A wall that faces the viewer, 3 m away, of albedo 0.5; `light` gives what each half sees of a pixel.
    pub fn wall(width: u32, height: u32, mut light: impl FnMut(u32, u32) -> [f32; 2]) -> Self {
        let count = (width * height) as usize;
        let (mut rgb, mut half) = (Vec::new(), Vec::new());
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            let [even, odd] = light(x, y);
            rgb.push([0.5 * (even + odd); 3]);
            half.push([odd; 3]);
        }
        Self {
            width,
            height,
            rgb,
            half,
            albedo: vec![[0.5; 3]; count],
            normal: vec![[0.0, 0.0, 1.0]; count],
            depth: vec![3.0; count],
        }
    }

    pub fn noisy(&self) -> Noisy<'_> {
        Noisy {
            width: self.width,
            height: self.height,
            rgb: &self.rgb,
            half: &self.half,
            albedo: &self.albedo,
            normal: &self.normal,
            depth: &self.depth,
        }
    }
}
