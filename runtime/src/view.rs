//! View transforms: scene-linear Rec. 709 to display-referred sRGB. They go into PNG, never into EXR.
//!
//! Transcendental functions come from the `libm` crate, not from the platform, so that the bytes of a PNG are equal on
//! every machine.

use scenec_ir::srgb;

/// The view transforms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The sRGB curve alone; highlights clip.
    Srgb,
    /// AgX base contrast (Troy Sobotka), by the polynomial fit of Benjamin Wrensch.
    Agx,
    /// Khronos PBR Neutral, made for true product colours.
    Neutral,
}

impl View {
    /// The view of a name in the language.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "srgb" => Some(Self::Srgb),
            "agx" => Some(Self::Agx),
            "neutral" => Some(Self::Neutral),
            _ => None,
        }
    }

    /// Display value of one pixel after `exposure` (a factor). The result is within 0..1 and finite.
    pub fn apply(self, rgb: [f32; 3], exposure: f32) -> [f32; 3] {
        let linear = rgb.map(|v| if v.is_finite() { (v * exposure).clamp(0.0, 1e30) } else { 0.0 });
        match self {
            Self::Srgb => linear.map(srgb::encode),
            Self::Agx => agx(linear),
            Self::Neutral => neutral(linear).map(srgb::encode),
        }
    }
}

fn multiply(rows: [[f32; 3]; 3], v: [f32; 3]) -> [f32; 3] {
    rows.map(|r| r[0] * v[0] + r[1] * v[1] + r[2] * v[2])
}

/// AgX: inset, log2 over 16.5 stops, sigmoid, outset. The sigmoid is a sixth-order fit with a mean error of 3.7e-6 in its
/// square (B. Wrensch, "Minimal AgX implementation", iolite-engine.com, 2023). Its output is display-encoded.
fn agx(linear: [f32; 3]) -> [f32; 3] {
    const INSET: [[f32; 3]; 3] = [
        [0.842_479_06, 0.078_433_6, 0.079_223_745],
        [0.042_328_242, 0.878_468_64, 0.079_166_13],
        [0.042_375_655, 0.078_433_6, 0.879_143],
    ];
    const OUTSET: [[f32; 3]; 3] = [
        [1.196_879, -0.098_020_88, -0.099_029_74],
        [-0.052_896_85, 1.151_903_1, -0.098_961_18],
        [-0.052_971_636, -0.098_043_45, 1.151_073_7],
    ];
    const MIN_EV: f32 = -12.473_93;
    const MAX_EV: f32 = 4.026_069;
    let sigmoid = |x: f32| {
        let x2 = x * x;
        let x4 = x2 * x2;
        15.5 * x4 * x2 - 40.14 * x4 * x + 31.96 * x4 - 6.868 * x2 * x + 0.4298 * x2 + 0.1191 * x - 0.00232
    };
    let toned = multiply(INSET, linear).map(|v| {
        let stops = libm::log2f(v.max(1e-10)).clamp(MIN_EV, MAX_EV);
        sigmoid((stops - MIN_EV) / (MAX_EV - MIN_EV))
    });
    // The fit's curve is for a pure 2.2 display; an sRGB file wants the sRGB curve.
    multiply(OUTSET, toned).map(|v| srgb::encode(libm::powf(v.clamp(0.0, 1.0), 2.2)))
}

/// Khronos PBR Neutral tone mapper, specification 1.0 (Khronos Group, 2024).
fn neutral(c: [f32; 3]) -> [f32; 3] {
    const START: f32 = 0.8 - 0.04;
    const DESATURATION: f32 = 0.15;
    let low = c[0].min(c[1]).min(c[2]);
    let offset = if low < 0.08 { low - 6.25 * low * low } else { 0.04 };
    let c = c.map(|v| v - offset);
    let peak = c[0].max(c[1]).max(c[2]);
    if peak < START {
        return c;
    }
    let d = 1.0 - START;
    let new_peak = 1.0 - d * d / (peak + d - START);
    let g = 1.0 - 1.0 / (DESATURATION * (peak - new_peak) + 1.0);
    c.map(|v| {
        let v = v * (new_peak / peak);
        v + (new_peak - v) * g
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEWS: [View; 3] = [View::Srgb, View::Agx, View::Neutral];

    #[test]
    fn greys_stay_grey_and_rise() {
        for view in VIEWS {
            let mut last = -1.0;
            for i in 0..200 {
                let x = 0.002 * 1.06f32.powi(i);
                let [r, g, b] = view.apply([x; 3], 1.0);
                assert!((r - g).abs() < 4e-3 && (g - b).abs() < 4e-3, "{view:?} tints grey {x}: {r} {g} {b}");
                assert!(g >= last - 1e-4, "{view:?} falls at {x}");
                last = g;
            }
        }
    }

    #[test]
    fn any_input_gives_a_display_value() {
        let odd = [0.0, -1.0, 1.0, 1e30, f32::INFINITY, f32::NAN, f32::MIN_POSITIVE];
        for view in VIEWS {
            for r in odd {
                for g in odd {
                    let out = view.apply([r, g, 0.3], 1.0);
                    assert!(out.iter().all(|v| (0.0..=1.0).contains(v)), "{view:?} {r} {g}: {out:?}");
                }
            }
        }
    }

    #[test]
    fn neutral_keeps_colours_below_its_shoulder() {
        // Below the start of compression only the 4 % Fresnel offset is taken away (specification, section 2).
        let out = neutral([0.5, 0.3, 0.2]);
        for (o, i) in out.iter().zip([0.5, 0.3, 0.2]) {
            assert!((o - (i - 0.04)).abs() < 1e-6);
        }
    }
}
