//! Where more things are, and where fewer.

use super::dimension;
use crate::geometry::error::{GeometryError, check_count, check_length, check_range};
use crate::geometry::noise::Fractal;
use crate::geometry::random::{mix, unit};

/// Widest and highest density map, pixels: 128 MiB.
pub const WIDEST_MAP: u32 = 8192;

/// Probability with which a candidate is taken. Both factors multiply; without any it is 1 everywhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Density {
    /// A picture.
    pub map: Option<DensityMap>,
    /// A seeded function.
    pub noise: Option<DensityNoise>,
}

/// A grey picture, laid over the box of what things stand on, as seen from above.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityMap {
    /// Width in pixels, 1..=8192; along x.
    pub width: u32,
    /// Height in pixels, 1..=8192; rows run along +z.
    pub height: u32,
    /// `width * height` values, 0 none .. 65535 all, rows from the edge at -z.
    pub grey: Vec<u16>,
}

/// Patches of gradient noise: `1/2 + 2 contrast n` within 0..1, where n is noise of three octaves in -1..1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DensityNoise {
    /// Extent of the largest patches, metres.
    pub feature_size: f64,
    /// 0 even .. 1 from bare to full, and above that with hard edges; at most 100.
    pub contrast: f64,
}

/// A density over an extent.
pub(super) struct Field<'a> {
    map: Option<&'a DensityMap>,
    noise: Option<(DensityNoise, Fractal)>,
    extent: [[f64; 2]; 2],
}

impl<'a> Field<'a> {
    pub fn new(density: &'a Density, key: u64, extent: [[f64; 2]; 2]) -> Result<Self, GeometryError> {
        if let Some(map) = &density.map {
            check_count("density", map.width, 1, WIDEST_MAP)?;
            check_count("density", map.height, 1, WIDEST_MAP)?;
            let wanted = map.width as usize * map.height as usize;
            if map.grey.len() != wanted {
                let problem = format!("has {} pixels; {} x {} needs {wanted}", map.grey.len(), map.width, map.height);
                return Err(GeometryError::Unusable { parameter: "density", problem });
            }
        }
        let mut noise = None;
        if let Some(of) = density.noise {
            check_length("density_scale", of.feature_size)?;
            check_range("density_contrast", of.contrast, 0.0, 100.0, "")?;
            noise = Some((of, Fractal { seed: mix(key), octaves: 3, gain: 0.5, ridges: 0.0 }));
        }
        Ok(Self { map: density.map.as_ref(), noise, extent })
    }

    /// The density at (x, z), 0..1.
    pub fn at(&self, x: f64, z: f64) -> f64 {
        let mut density = 1.0;
        if let Some(map) = self.map {
            let across = |at: f64, [low, high]: [f64; 2]| if high > low { (at - low) / (high - low) } else { 0.5 };
            density *= map.at(across(x, self.extent[0]), across(z, self.extent[1]));
        }
        if let Some((of, fractal)) = &self.noise {
            let n = fractal.at(x / of.feature_size, z / of.feature_size);
            density *= (0.5 + 2.0 * of.contrast * n).clamp(0.0, 1.0);
        }
        density
    }

    /// Whether a candidate stays.
    pub fn keeps(&self, key: u64, index: u64, p: glam::DVec3) -> bool {
        (self.map.is_none() && self.noise.is_none()) || unit(key, index, dimension::DENSITY) < self.at(p.x, p.z)
    }
}

impl DensityMap {
    /// The value at `u`, `v` in 0..1 over the whole picture, linear between pixel centres, edge pixels repeated.
    fn at(&self, u: f64, v: f64) -> f64 {
        let x = (u * f64::from(self.width) - 0.5).clamp(0.0, f64::from(self.width - 1));
        let z = (v * f64::from(self.height) - 0.5).clamp(0.0, f64::from(self.height - 1));
        let (ix, iz) = (x as usize, z as usize);
        let (fx, fz) = (x - ix as f64, z - iz as f64);
        let pixel = |x: usize, z: usize| {
            let (x, z) = (x.min(self.width as usize - 1), z.min(self.height as usize - 1));
            f64::from(self.grey[z * self.width as usize + x]) / 65535.0
        };
        let near = pixel(ix, iz) * (1.0 - fx) + pixel(ix + 1, iz) * fx;
        let far = pixel(ix, iz + 1) * (1.0 - fx) + pixel(ix + 1, iz + 1) * fx;
        near * (1.0 - fz) + far * fz
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_linear_between_the_centres_of_its_pixels() {
        let map = DensityMap { width: 2, height: 2, grey: vec![0, 65535, 0, 0] };
        for (u, v, wanted) in [
            (0.25, 0.25, 0.0),
            (0.75, 0.25, 1.0),
            (0.5, 0.25, 0.5),
            (0.75, 0.5, 0.5),
            (1.0, 0.0, 1.0),
            (0.5, 0.5, 0.25),
        ] {
            assert!((map.at(u, v) - wanted).abs() < 1e-12, "{u} {v}: {}", map.at(u, v));
        }
        let one = DensityMap { width: 1, height: 1, grey: vec![13107] };
        assert!((one.at(0.9, 0.1) - 0.2).abs() < 1e-12);
    }

    #[test]
    fn noise_is_a_probability_whose_contrast_spreads_it() {
        let spread = |contrast: f64| {
            let noise = Some(DensityNoise { feature_size: 4.0, contrast });
            let density = Density { map: None, noise };
            let field = Field::new(&density, 7, [[0.0, 1.0]; 2]).expect("legal");
            let all: Vec<f64> = (0..10_000).map(|i| field.at(f64::from(i % 100), f64::from(i / 100))).collect();
            assert!(all.iter().all(|d| (0.0..=1.0).contains(d)));
            let mean = all.iter().sum::<f64>() / 1e4;
            assert!((mean - 0.5).abs() < 0.06, "{mean}");
            (all.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / 1e4).sqrt()
        };
        assert_eq!(spread(0.0), 0.0);
        assert!(spread(0.3) > 0.08 && spread(1.0) > 2.0 * spread(0.3), "{} {}", spread(0.3), spread(1.0));
        assert!(spread(100.0) > 0.48, "nearly all is bare or full");
    }
}
