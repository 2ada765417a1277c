//! Light scattered in a clear atmosphere.
//!
//! Hillaire, "A Scalable and Production Ready Sky and Atmosphere Rendering Technique", 2020: single scattering by
//! ray marching, all higher orders by an isotropic factor per height and sun angle. Lengths are kilometres here.
//!
//! The air is made of shells, so all directions of one elevation run through the same air: a [`Ring`] marches once for
//! all of them, and what is left for each is the way of the sun's light to the steps.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use glam::DVec3;
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

/// Columns by the distance to the top of the atmosphere, rows by the distance to the horizon.
const TRANSMITTANCE_SIZE: [usize; 2] = [128, 64];
/// Columns by the sun's cosine, rows by the root of the height.
const SCATTERING_SIZE: usize = 24;
/// Steps of the optical depth on each side of the point closest to the ground: for the table, and for the sun itself.
const DEPTH_STEPS: usize = 24;
const SUN_DEPTH_STEPS: usize = 128;
/// Steps of a ray of multiple scattering, of one that is seen, and of one that the ground ends: those are short.
const SCATTERING_STEPS: usize = 16;
const SKY_STEPS: usize = 24;
const GROUND_STEPS: usize = 8;
/// Parts of a step over which the density of the air changes.
const PARTS: usize = 4;

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

/// The air above one height, for light from far away.
struct Level {
    radius: f64,
    /// Cosine of the zenith angle of the horizon.
    horizon: f64,
    /// Distance to the top, straight up, and one over what the longest way has more.
    least: f64,
    inverse_span: f64,
    transmittance: [DVec3; TRANSMITTANCE_SIZE[0]],
}

/// A step of a ray. Light depends on the place so little that all of it is scattered at one point, the mean of the places.
struct Step {
    /// From the eye, km.
    distance: f64,
    radius: f64,
    /// Share of the light there that air and haze send to the eye, but for the phase function.
    rayleigh: DVec3,
    mie: DVec3,
}

/// A ray, or all rays of one elevation.
struct March {
    steps: Vec<Step>,
    /// Where the ground ends it: the distance, and the transmittance up to there.
    ground: Option<(f64, DVec3)>,
}

/// A step with the light that arrives there.
struct Lit {
    step: Step,
    /// The sun's zenith cosine is `sun_base + sun_slope * cos` for a ray at cosine `cos` to the sun.
    sun_base: f64,
    sun_slope: f64,
    level: Level,
    /// Multiple scattering by the sun's zenith cosine.
    multiple: [DVec3; SCATTERING_SIZE],
}

/// The directions of one elevation, seen from one height.
pub(crate) struct Ring {
    steps: Vec<Lit>,
    /// Transmittance to the ground, where the rays meet it.
    pub ground: Option<DVec3>,
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
        atmosphere.multiple = (0..SCATTERING_SIZE)
            .into_par_iter()
            .flat_map_iter(|j| {
                let y = j as f64 / (SCATTERING_SIZE - 1) as f64;
                atmosphere.march_multiple(y * y * (TOP - GROUND))
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
        exp(-self.optical_depth(r, cos.clamp(-1.0, 1.0), distance, DEPTH_STEPS))
    }

    /// Optical depth from radius `r` over `distance` km at zenith cosine `cos`.
    fn optical_depth(&self, r: f64, cos: f64, distance: f64, steps: usize) -> DVec3 {
        // The air thins on both sides of the point closest to the ground; the squared distance of that point from the centre
        // is `closest`. The steps grow from there with the cube of the way: equal steps missed 7 % of the haze overhead.
        let way = r * cos;
        let closest = (r * r - way * way).max(0.0);
        let leg = |from: f64, to: f64| -> DVec3 {
            let extinction = |i: usize| {
                let u = (i as f64 + 0.5) / steps as f64;
                let t = from + (to - from) * u * u * u;
                self.medium(((closest + t * t).sqrt() - GROUND).max(0.0)).extinction * (3.0 * u * u)
            };
            (0..steps).map(extinction).sum::<DVec3>() * ((to - from) / steps as f64)
        };
        if way >= 0.0 { leg(way, way + distance) } else { leg(0.0, -way) + leg(0.0, way + distance) }
    }

    /// The air above radius `r` km.
    fn level(&self, r: f64) -> Level {
        let radius = r.clamp(GROUND, TOP);
        let rho = (radius * radius - GROUND * GROUND).max(0.0).sqrt();
        let span = (TOP * TOP - GROUND * GROUND).sqrt();
        let (least, most) = (TOP - radius, rho + span);
        Level {
            radius,
            horizon: -rho / radius,
            least,
            inverse_span: if most > least { 1.0 / (most - least) } else { 0.0 },
            transmittance: blend_rows(&self.transmittance, rho / span),
        }
    }

    /// Multiple scattering at one height for all angles of the sun. Hillaire, section 5.5: light of the second order,
    /// and the geometric series of all that follow.
    fn march_multiple(&self, height: f64) -> [DVec3; SCATTERING_SIZE] {
        // Light changes much with the elevation and little around the zenith. Half a turn is enough: the other half mirrors
        // it in the plane of the sun.
        const ELEVATIONS: usize = 24;
        const TURNS: [f64; 2] = [FRAC_1_SQRT_2, -FRAC_1_SQRT_2];
        let radius = GROUND + height.max(0.001);
        let on_ground = self.level(GROUND);
        let (mut second, mut factor) = ([DVec3::ZERO; SCATTERING_SIZE], DVec3::ZERO);
        for i in 0..ELEVATIONS {
            let cos = 1.0 - 2.0 * (i as f64 + 0.5) / ELEVATIONS as f64;
            let sin = (1.0 - cos * cos).sqrt();
            // Adds the light at a point of the rays, by the sun's zenith cosine there.
            let mut gather = |distance: f64, r: f64, light: &dyn Fn(f64) -> DVec3| {
                for (j, second) in second.iter_mut().enumerate() {
                    let sun_cos = j as f64 / (SCATTERING_SIZE - 1) as f64 * 2.0 - 1.0;
                    let sun_sin = (1.0 - sun_cos * sun_cos).max(0.0).sqrt();
                    for turn in TURNS {
                        let cos_to_sun = cos * sun_cos + sin * sun_sin * turn;
                        *second += light((radius * sun_cos + distance * cos_to_sun) / r);
                    }
                }
            };
            let rays = self.march(radius, cos, SCATTERING_STEPS);
            for step in &rays.steps {
                let level = self.level(step.radius);
                let share = (step.rayleigh + step.mie) / (4.0 * PI);
                gather(step.distance, step.radius, &|cos| share * level.transmittance(cos));
                factor += step.rayleigh + step.mie;
            }
            if let Some((distance, through)) = rays.ground {
                let share = through * self.ground_albedo / PI;
                gather(distance, GROUND, &|cos| share * on_ground.transmittance(cos) * cos.max(0.0));
            }
        }
        let series = DVec3::ONE / (DVec3::ONE - (factor / ELEVATIONS as f64).min(DVec3::splat(0.99)));
        second.map(|light| light / (ELEVATIONS * TURNS.len()) as f64 * series)
    }

    /// Marches from `radius` km at zenith cosine `cos` to the ground or the top. Steps grow with distance.
    fn march(&self, radius: f64, cos: f64, steps: usize) -> March {
        let along = radius * cos;
        let sphere = |r: f64| along * along - radius * radius + r * r;
        let ground = Some(sphere(GROUND)).filter(|&d| d >= 0.0 && along < 0.0).map(|d| -along - d.sqrt());
        let end = ground.unwrap_or_else(|| sphere(TOP).max(0.0).sqrt() - along).max(0.0);
        let at = |part: usize| {
            let u = part as f64 / (steps * PARTS) as f64;
            end * u * u
        };
        let radius_at = |t: f64| (radius * radius + t * t + 2.0 * along * t).max(0.0).sqrt();
        let mut through = DVec3::ONE;
        let step = |i: usize| {
            let (mut rayleigh, mut mie, mut moment, mut weight) = (DVec3::ZERO, DVec3::ZERO, 0.0, 0.0);
            for part in i * PARTS..(i + 1) * PARTS {
                let (from, to) = (at(part), at(part + 1));
                let middle = 0.5 * (from + to);
                let medium = self.medium((radius_at(middle) - GROUND).max(0.0));
                let kept = exp(-medium.extinction * (to - from));
                let share = through * (DVec3::ONE - kept) / medium.extinction;
                through *= kept;
                rayleigh += medium.rayleigh * share;
                mie += medium.mie * share;
                let light = (medium.rayleigh + medium.mie).dot(share);
                moment += light * middle;
                weight += light;
            }
            let distance = if weight > 0.0 { moment / weight } else { at(i * PARTS + PARTS / 2) };
            Step { distance, radius: radius_at(distance), rayleigh, mie }
        };
        let steps = (0..steps).map(step).collect();
        March { steps, ground: ground.map(|distance| (distance, through)) }
    }

    /// The directions at zenith cosine `cos` seen from `altitude` km, the sun at zenith cosine `sun_cos`.
    pub fn ring(&self, altitude: f64, cos: f64, sun_cos: f64) -> Ring {
        let radius = GROUND + altitude;
        let March { steps, ground } = self.march(radius, cos, if cos < 0.0 { GROUND_STEPS } else { SKY_STEPS });
        let lit = |step: Step| {
            let height = ((step.radius - GROUND) / (TOP - GROUND)).clamp(0.0, 1.0);
            Lit {
                sun_base: radius * sun_cos / step.radius,
                sun_slope: step.distance / step.radius,
                level: self.level(step.radius),
                multiple: blend_rows(&self.multiple, height.sqrt()),
                step,
            }
        };
        Ring { steps: steps.into_iter().map(lit).collect(), ground: ground.map(|(_, through)| through) }
    }

    /// Share of the sun's light that arrives at `altitude` km, the sun at zenith cosine `cos`.
    pub fn sunlight(&self, altitude: f64, cos: f64) -> DVec3 {
        let level = self.level(GROUND + altitude);
        let depth = self.optical_depth(level.radius, cos.max(level.horizon), level.distance(cos), SUN_DEPTH_STEPS);
        exp(-depth) * level.shown(cos)
    }
}

impl Level {
    /// Share of a far light's disk at zenith cosine `cos` that the ground does not hide: it sets over its own width.
    fn shown(&self, cos: f64) -> f64 {
        ((cos - self.horizon) / (2.0 * SUN_RADIUS) + 0.5).clamp(0.0, 1.0)
    }

    /// To the top of the atmosphere, km, no lower than the horizon.
    fn distance(&self, cos: f64) -> f64 {
        let along = self.radius * cos.max(self.horizon);
        (along * along - self.radius * self.radius + TOP * TOP).max(0.0).sqrt() - along
    }

    /// Transmittance to a far light at zenith cosine `cos`; the ground hides it.
    fn transmittance(&self, cos: f64) -> DVec3 {
        let shown = self.shown(cos);
        if shown == 0.0 {
            return DVec3::ZERO;
        }
        linear(&self.transmittance, (self.distance(cos) - self.least) * self.inverse_span) * shown
    }
}

impl Ring {
    /// Radiance of the sky in the direction of the ring at cosine `cos` to the sun.
    pub fn radiance(&self, cos: f64) -> DVec3 {
        let (rayleigh_phase, mie_phase) = (rayleigh(cos), cornette_shanks(cos));
        let mut sum = DVec3::ZERO;
        for Lit { step, sun_base, sun_slope, level, multiple } in &self.steps {
            let sun_cos = sun_base + sun_slope * cos;
            sum += level.transmittance(sun_cos) * (step.rayleigh * rayleigh_phase + step.mie * mie_phase)
                + linear(multiple, sun_cos * 0.5 + 0.5) * (step.rayleigh + step.mie);
        }
        sum
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

/// The cell of `t` in 0..1 among `size` entries on the corners, and the place in it.
#[inline(always)]
fn split(t: f64, size: usize) -> (usize, f64) {
    let t = t.clamp(0.0, 1.0) * (size - 1) as f64;
    let cell = (t as u32 as usize).min(size - 2);
    (cell, t - cell as f64)
}

/// The row at `y` in 0..1 of a table with rows of `N`.
fn blend_rows<const N: usize>(table: &[DVec3], y: f64) -> [DVec3; N] {
    let (j, v) = split(y, table.len() / N);
    let rows = &table[j * N..(j + 2) * N];
    std::array::from_fn(|i| rows[i].lerp(rows[i + N], v))
}

/// Reads a row at `x` in 0..1.
#[inline(always)]
fn linear<const N: usize>(row: &[DVec3; N], x: f64) -> DVec3 {
    let (i, u) = split(x, N);
    row[i].lerp(row[i + 1], u)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn air(turbidity: f64) -> Atmosphere {
        Atmosphere::new(turbidity, DVec3::splat(0.2))
    }

    /// Distance along a ray from radius `r` at zenith cosine `cos` to the sphere of radius `to`, from inside.
    fn reach(r: f64, cos: f64, to: f64) -> f64 {
        (r * r * (cos * cos - 1.0) + to * to).sqrt() - r * cos
    }

    /// Transmittance to a far point that the ground does not hide, by 1500 equal steps.
    fn integrated_transmittance(air: &Atmosphere, r: f64, cos: f64) -> DVec3 {
        let step = reach(r, cos, TOP) / 1500.0;
        let depth: DVec3 = (0..1500)
            .map(|i| {
                let t = (i as f64 + 0.5) * step;
                air.medium((r * r + t * t + 2.0 * r * t * cos).sqrt() - GROUND).extinction * step
            })
            .sum();
        exp(-depth)
    }

    /// Light scattered once along a ray at zenith cosine `cos` and at cosine `to_sun` to the sun, by 400 steps.
    fn integrated_single(air: &Atmosphere, altitude: f64, cos: f64, to_sun: f64, sun_cos: f64) -> DVec3 {
        let r = GROUND + altitude;
        let to_ground = r * r * (cos * cos - 1.0) + GROUND * GROUND;
        let end = if cos < 0.0 && to_ground > 0.0 { -r * cos - to_ground.sqrt() } else { reach(r, cos, TOP) };
        let phases = (rayleigh(to_sun), cornette_shanks(to_sun));
        let (mut light, mut through) = (DVec3::ZERO, DVec3::ONE);
        let at = |i: i32| end * (f64::from(i) / 400.0).powi(2);
        for i in 0..400 {
            let (t, step) = (0.5 * (at(i) + at(i + 1)), at(i + 1) - at(i));
            let there = (r * r + t * t + 2.0 * r * t * cos).sqrt();
            let medium = air.medium(there - GROUND);
            let direct = integrated_transmittance(air, there, (r * sun_cos + t * to_sun) / there);
            let kept = exp(-medium.extinction * step);
            let source = direct * (medium.rayleigh * phases.0 + medium.mie * phases.1);
            light += through * source * (DVec3::ONE - kept) / medium.extinction;
            through *= kept;
        }
        light
    }

    #[test]
    fn straight_up_the_optical_depth_has_a_closed_form() {
        for turbidity in [1.0, 3.0, 20.0] {
            for altitude in [0.0f64, 0.2, 2.0, 8.0] {
                let air = air(turbidity);
                let column = |height: f64| height * ((-altitude / height).exp() - ((GROUND - TOP) / height).exp());
                // Ozone is a tent of height 1 on 30 km.
                let depth = RAYLEIGH * column(RAYLEIGH_HEIGHT) + air.mie * column(MIE_HEIGHT) + OZONE * 15.0;
                let (found, expected) = (air.sunlight(altitude, 1.0), exp(-depth));
                assert!(((found - expected) / expected).abs().max_element() < 1e-4, "{turbidity} {altitude}: {found}");
            }
        }
    }

    #[test]
    fn the_table_of_transmittance_agrees_with_the_integral() {
        let air = air(3.2);
        for height in [0.0, 0.1, 0.5, 2.0, 8.0, 40.0] {
            for elevation in [1.0f64, 3.0, 7.0, 20.0, 45.0, 90.0] {
                let cos = elevation.to_radians().sin();
                let expected = integrated_transmittance(&air, GROUND + height, cos);
                let found = air.level(GROUND + height).transmittance(cos);
                assert!((found - expected).abs().max_element() < 5e-3, "{height} {elevation}: {found} {expected}");
            }
        }
    }

    #[test]
    fn light_scattered_once_agrees_with_the_direct_integral() {
        // (elevation of the sun, greatest error as a share of the brightest channel)
        for (sun, tolerance) in [(3.0f64, 0.02), (7.0, 0.01), (20.0, 0.005), (60.0, 0.005)] {
            let mut air = air(3.2);
            air.multiple.fill(DVec3::ZERO);
            let sun = sun.to_radians();
            for elevation in [-40.0f64, -3.0, 0.4, 2.0, 8.0, 30.0, 85.0] {
                for azimuth in [0.0f64, 70.0, 180.0] {
                    let (e, turn) = (elevation.to_radians(), azimuth.to_radians().cos());
                    let to_sun = e.sin() * sun.sin() + e.cos() * sun.cos() * turn;
                    let expected = integrated_single(&air, 0.2, e.sin(), to_sun, sun.sin());
                    let found = air.ring(0.2, e.sin(), sun.sin()).radiance(to_sun);
                    let error = (found - expected).abs().max_element() / expected.max_element();
                    assert!(error < tolerance, "sun {sun}, {elevation} {azimuth}: {found} for {expected}");
                }
            }
        }
    }

    #[test]
    fn multiple_scattering_agrees_with_the_integral_over_all_directions() {
        const SIDE: usize = 48;
        let air = air(3.0);
        for (height, column) in [(0.1, 12), (2.0, 15), (10.0, 23)] {
            let sun_cos = column as f64 / (SCATTERING_SIZE - 1) as f64 * 2.0 - 1.0;
            let r = GROUND + height;
            let (mut second, mut factor) = (DVec3::ZERO, DVec3::ZERO);
            for i in 0..SIDE * SIDE {
                let cos = 1.0 - 2.0 * ((i / SIDE) as f64 + 0.5) / SIDE as f64;
                let turn = (2.0 * PI * ((i % SIDE) as f64 + 0.5) / SIDE as f64).cos();
                let to_sun = cos * sun_cos + ((1.0 - cos * cos) * (1.0 - sun_cos * sun_cos)).sqrt() * turn;
                let rays = air.march(r, cos, 200);
                for step in &rays.steps {
                    let arrives =
                        air.level(step.radius).transmittance((r * sun_cos + step.distance * to_sun) / step.radius);
                    second += (step.rayleigh + step.mie) * arrives / (4.0 * PI);
                    factor += step.rayleigh + step.mie;
                }
                if let Some((distance, through)) = rays.ground {
                    let cos = (r * sun_cos + distance * to_sun) / GROUND;
                    second += through * air.level(GROUND).transmittance(cos) * cos.max(0.0) * 0.2 / PI;
                }
            }
            let count = (SIDE * SIDE) as f64;
            let expected = second / count / (DVec3::ONE - factor / count);
            let found = air.march_multiple(height)[column];
            let error = ((found - expected) / expected).abs().max_element();
            assert!(error < 0.02, "{height}, sun at {sun_cos}: {found} for {expected}");
        }
    }
}
