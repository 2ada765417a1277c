//! Light scattered in a clear atmosphere.
//!
//! Hillaire, "A Scalable and Production Ready Sky and Atmosphere Rendering Technique", 2020: single scattering by
//! ray marching, all higher orders by an isotropic factor per height and sun angle. Lengths are kilometres here.

use std::f64::consts::PI;

use glam::{DVec2, DVec3};
use rayon::prelude::*;

/// Radius of the ground and of the top of the atmosphere, km.
const GROUND: f64 = 6360.0;
const TOP: f64 = 6460.0;
/// Scattering by air at sea level, 1/km, for light of 680, 550 and 440 nm, and its scale height (Hillaire, table 1).
const RAYLEIGH: DVec3 = DVec3::new(5.802e-3, 13.558e-3, 33.1e-3);
const RAYLEIGH_HEIGHT: f64 = 8.0;
/// Extinction by haze at 680, 550 and 440 nm over that at 550 nm: wavelength^-1.3 (Ångström's law with the exponent of
/// Preetham, Shirley and Smits 1999, appendix 1).
const MIE: DVec3 = DVec3::new(0.7590, 1.0, 1.3365);
/// Haze: scale height, share of extinction that is scattering, forwardness.
const MIE_HEIGHT: f64 = 1.2;
const MIE_ALBEDO: f64 = 0.9;
const MIE_FORWARD: f64 = 0.8;
/// Absorption by ozone at its densest, 1/km.
const OZONE: DVec3 = DVec3::new(0.650e-3, 1.881e-3, 0.085e-3);
/// Half of the sun's angular diameter, radians.
pub(crate) const SUN_RADIUS: f64 = 0.004_65;

const TRANSMITTANCE_SIZE: [usize; 2] = [128, 48];
const SCATTERING_SIZE: usize = 24;

/// The atmosphere with its tables. Radiance is per unit of irradiance above the atmosphere.
pub(crate) struct Atmosphere {
    /// Extinction by haze at sea level, 1/km.
    mie: DVec3,
    ground_albedo: DVec3,
    transmittance: Vec<DVec3>,
    multiple: Vec<DVec3>,
}

/// What one kilometre of air at one height does.
struct Medium {
    rayleigh: DVec3,
    mie: DVec3,
    extinction: DVec3,
}

impl Atmosphere {
    /// Turbidity is the optical depth of air and haze over that of air alone, straight up at 550 nm (Preetham,
    /// Shirley and Smits, "A Practical Analytic Model for Daylight", 1999, section 2); it fixes the haze.
    pub fn new(turbidity: f64, ground_albedo: DVec3) -> Self {
        let mie = MIE * ((turbidity - 1.0).max(0.0) * RAYLEIGH.y * RAYLEIGH_HEIGHT / MIE_HEIGHT);
        let mut atmosphere = Self { mie, ground_albedo, transmittance: Vec::new(), multiple: Vec::new() };
        let [width, height] = TRANSMITTANCE_SIZE;
        atmosphere.transmittance = (0..width * height)
            .into_par_iter()
            .map(|i| {
                let x = (i % width) as f64 / (width - 1) as f64;
                let y = (i / width) as f64 / (height - 1) as f64;
                atmosphere.march_transmittance(x, y)
            })
            .collect();
        atmosphere.multiple = (0..SCATTERING_SIZE * SCATTERING_SIZE)
            .into_par_iter()
            .map(|i| {
                let x = (i % SCATTERING_SIZE) as f64 / (SCATTERING_SIZE - 1) as f64;
                let y = (i / SCATTERING_SIZE) as f64 / (SCATTERING_SIZE - 1) as f64;
                atmosphere.march_multiple(x * 2.0 - 1.0, y * y * (TOP - GROUND))
            })
            .collect();
        atmosphere
    }

    fn medium(&self, height: f64) -> Medium {
        let rayleigh = RAYLEIGH * libm::exp(-height / RAYLEIGH_HEIGHT);
        let haze = self.mie * libm::exp(-height / MIE_HEIGHT);
        let ozone = OZONE * (1.0 - (height - 25.0).abs() / 15.0).max(0.0);
        Medium { rayleigh, mie: haze * MIE_ALBEDO, extinction: rayleigh + haze + ozone }
    }

    /// Table coordinates (Bruneton and Neyret, "Precomputed Atmospheric Scattering", 2008, section 4): `y` by the
    /// distance to the horizon, `x` by the distance to the top of the atmosphere.
    fn march_transmittance(&self, x: f64, y: f64) -> DVec3 {
        let span = (TOP * TOP - GROUND * GROUND).sqrt();
        let rho = y * span;
        let r = (rho * rho + GROUND * GROUND).sqrt();
        let (least, most) = (TOP - r, rho + span);
        let distance = least + x * (most - least);
        let cos =
            if distance == 0.0 { 1.0 } else { (span * span - rho * rho - distance * distance) / (2.0 * r * distance) };
        const STEPS: usize = 64;
        let step = distance / STEPS as f64;
        let depth: DVec3 = (0..STEPS)
            .map(|i| {
                let t = (i as f64 + 0.5) * step;
                let height = (r * r + t * t + 2.0 * r * t * cos.clamp(-1.0, 1.0)).sqrt() - GROUND;
                self.medium(height.max(0.0)).extinction * step
            })
            .sum();
        exp(-depth)
    }

    /// Transmittance from a point at radius `r` to a far light at zenith cosine `cos`; the ground hides it.
    pub fn transmittance(&self, r: f64, cos: f64) -> DVec3 {
        let r = r.clamp(GROUND, TOP);
        let rho = (r * r - GROUND * GROUND).max(0.0).sqrt();
        let span = (TOP * TOP - GROUND * GROUND).sqrt();
        // The light's disk sets over its own width.
        let horizon = -rho / r;
        let shown = ((cos - horizon) / (2.0 * SUN_RADIUS) + 0.5).clamp(0.0, 1.0);
        if shown == 0.0 {
            return DVec3::ZERO;
        }
        let cos = cos.max(horizon);
        let distance = (r * r * (cos * cos - 1.0) + TOP * TOP).max(0.0).sqrt() - r * cos;
        let (least, most) = (TOP - r, rho + span);
        let x = if most > least { (distance - least) / (most - least) } else { 0.0 };
        bilinear(&self.transmittance, TRANSMITTANCE_SIZE, DVec2::new(x, rho / span)) * shown
    }

    /// Hillaire, section 5.5: light of the second order, and the geometric series of all that follow.
    fn march_multiple(&self, sun_cos: f64, height: f64) -> DVec3 {
        const SIDE: usize = 8;
        let origin = DVec3::new(0.0, GROUND + height.max(0.001), 0.0);
        let sun = DVec3::new((1.0 - sun_cos * sun_cos).max(0.0).sqrt(), sun_cos, 0.0);
        let (mut second, mut factor) = (DVec3::ZERO, DVec3::ZERO);
        for i in 0..SIDE * SIDE {
            let cos = 1.0 - 2.0 * ((i / SIDE) as f64 + 0.5) / SIDE as f64;
            let phi = 2.0 * PI * ((i % SIDE) as f64 + 0.5) / SIDE as f64;
            let sin = (1.0 - cos * cos).sqrt();
            let direction = DVec3::new(sin * libm::cos(phi), cos, sin * libm::sin(phi));
            let mut through = DVec3::ONE;
            let end = self.each_step(origin, direction, 20, |point, length, medium| {
                let scattering = medium.rayleigh + medium.mie;
                let kept = exp(-medium.extinction * length);
                let share = (DVec3::ONE - kept) / medium.extinction * through;
                let r = point.length();
                second += share * scattering * self.transmittance(r, point.dot(sun) / r) / (4.0 * PI);
                factor += share * scattering;
                through *= kept;
            });
            if let Some(ground) = end {
                let up = ground.normalize();
                let cos = up.dot(sun);
                second += through * self.transmittance(GROUND, cos) * cos.max(0.0) * self.ground_albedo / PI;
            }
        }
        let count = (SIDE * SIDE) as f64;
        (second / count) / (DVec3::ONE - (factor / count).min(DVec3::splat(0.99)))
    }

    /// Marches to the ground or the top; gives the point on the ground, if it is hit. Steps grow with distance.
    fn each_step(
        &self,
        origin: DVec3,
        direction: DVec3,
        steps: usize,
        mut visit: impl FnMut(DVec3, f64, Medium),
    ) -> Option<DVec3> {
        let along = origin.dot(direction);
        let sphere = |radius: f64| along * along - origin.length_squared() + radius * radius;
        let ground = Some(sphere(GROUND)).filter(|&d| d >= 0.0 && along < 0.0).map(|d| -along - d.sqrt());
        let end = ground.unwrap_or_else(|| sphere(TOP).max(0.0).sqrt() - along).max(0.0);
        let at = |i: f64| end * (i / steps as f64) * (i / steps as f64);
        for i in 0..steps {
            let (from, to) = (at(i as f64), at(i as f64 + 1.0));
            let point = origin + direction * (0.5 * (from + to));
            visit(point, to - from, self.medium((point.length() - GROUND).max(0.0)));
        }
        ground.map(|t| origin + direction * t)
    }

    /// Radiance of the sky along `direction` from `altitude` km, and, where the ray meets the ground, the transmittance
    /// up to there.
    pub fn sky(&self, altitude: f64, direction: DVec3, sun: DVec3) -> (DVec3, Option<DVec3>) {
        let origin = DVec3::new(0.0, GROUND + altitude, 0.0);
        let cos = direction.dot(sun);
        let (rayleigh_phase, mie_phase) = (rayleigh(cos), cornette_shanks(cos));
        let (mut light, mut through) = (DVec3::ZERO, DVec3::ONE);
        let ground = self.each_step(origin, direction, 24, |point, length, medium| {
            let r = point.length();
            let sun_cos = point.dot(sun) / r;
            let direct = self.transmittance(r, sun_cos);
            let place = DVec2::new(sun_cos * 0.5 + 0.5, ((r - GROUND) / (TOP - GROUND)).clamp(0.0, 1.0).sqrt());
            let multiple = bilinear(&self.multiple, [SCATTERING_SIZE; 2], place);
            let source = direct * (medium.rayleigh * rayleigh_phase + medium.mie * mie_phase)
                + multiple * (medium.rayleigh + medium.mie);
            let kept = exp(-medium.extinction * length);
            light += through * source * (DVec3::ONE - kept) / medium.extinction;
            through *= kept;
        });
        (light, ground.map(|_| through))
    }

    /// Share of the sun's light that arrives at `altitude` km.
    pub fn sunlight(&self, altitude: f64, sun: DVec3) -> DVec3 {
        self.transmittance(GROUND + altitude, sun.y)
    }
}

fn exp(v: DVec3) -> DVec3 {
    DVec3::new(libm::exp(v.x), libm::exp(v.y), libm::exp(v.z))
}

fn rayleigh(cos: f64) -> f64 {
    3.0 / (16.0 * PI) * (1.0 + cos * cos)
}

/// Cornette and Shanks, "Physically reasonable analytic expression for the single-scattering phase function", 1992.
fn cornette_shanks(cos: f64) -> f64 {
    let g2 = MIE_FORWARD * MIE_FORWARD;
    let base = (1.0 + g2 - 2.0 * MIE_FORWARD * cos).max(1e-9);
    3.0 / (8.0 * PI) * (1.0 - g2) * (1.0 + cos * cos) / ((2.0 + g2) * base * base.sqrt())
}

/// Reads a table at `at` in 0..1; entries lie on the corners.
fn bilinear(table: &[DVec3], [width, height]: [usize; 2], at: DVec2) -> DVec3 {
    let split = |t: f64, size: usize| {
        let t = t.clamp(0.0, 1.0) * (size - 1) as f64;
        let cell = (t as usize).min(size - 2);
        (cell, t - cell as f64)
    };
    let ((i, u), (j, v)) = (split(at.x, width), split(at.y, height));
    let row = |j: usize| table[j * width + i].lerp(table[j * width + i + 1], u);
    row(j).lerp(row(j + 1), v)
}
