//! Heights from a grey picture.

use super::error::{GeometryError, check_count};

/// A grey picture read as heights: 0 is the lowest, 1 the highest.
#[derive(Clone, Debug, PartialEq)]
pub struct HeightImage {
    /// Width in pixels, 2..=16384; along x.
    pub width: u32,
    /// Height in pixels, 2..=16384; rows run along +z.
    pub height: u32,
    /// `width * height` values in 0..1, rows from the edge at -z.
    pub grey: Vec<f32>,
}

impl HeightImage {
    pub(super) fn check(&self) -> Result<(), GeometryError> {
        check_count("image", self.width, 2, 16384)?;
        check_count("image", self.height, 2, 16384)?;
        let wanted = self.width as usize * self.height as usize;
        let unusable = |problem| GeometryError::Unusable { parameter: "image", problem };
        if self.grey.len() != wanted {
            let problem = format!("has {} pixels; {} x {} needs {wanted}", self.grey.len(), self.width, self.height);
            return Err(unusable(problem));
        }
        match self.grey.iter().position(|v| !(0.0..=1.0).contains(v)) {
            Some(i) => Err(unusable(format!("has the value {} at pixel {i}; values must be 0 to 1", self.grey[i]))),
            None => Ok(()),
        }
    }

    /// The value at `u`, `v` in 0..1 over the whole picture, Catmull-Rom between pixel centres, edge pixels repeated.
    /// Overshoot is cut, so the value stays in 0..1.
    pub(super) fn at(&self, u: f64, v: f64) -> f64 {
        let x = u * f64::from(self.width) - 0.5;
        let z = v * f64::from(self.height) - 0.5;
        let (wx, wz) = (catmull_rom(x - x.floor()), catmull_rom(z - z.floor()));
        let (ix, iz) = (x.floor() as i64, z.floor() as i64);
        let mut sum = 0.0;
        for (j, weight_z) in (-1..).zip(wz) {
            for (i, weight_x) in (-1..).zip(wx) {
                sum += weight_x * weight_z * self.pixel(ix.saturating_add(i), iz.saturating_add(j));
            }
        }
        sum.clamp(0.0, 1.0)
    }

    fn pixel(&self, x: i64, z: i64) -> f64 {
        let x = x.clamp(0, i64::from(self.width) - 1) as usize;
        let z = z.clamp(0, i64::from(self.height) - 1) as usize;
        f64::from(self.grey[z * self.width as usize + x])
    }
}

/// Weights of four neighbours (Catmull and Rom, "A Class of Local Interpolating Splines", 1974).
fn catmull_rom(t: f64) -> [f64; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [0.5 * (-t3 + 2.0 * t2 - t), 0.5 * (3.0 * t3 - 5.0 * t2 + 2.0), 0.5 * (-3.0 * t3 + 4.0 * t2 + t), 0.5 * (t3 - t2)]
}
