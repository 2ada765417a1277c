//! The colour of what glows.

/// Linear Rec. 709 colour of a black body with luminance 1, negative parts cut. Chromaticity by the cubic fit of Kim et al.
/// 2002 (US patent 7024034, as in CIE 15), good from 1667 K to 25000 K; clamped to that range.
pub fn linear_rec709(kelvin: f64) -> [f32; 3] {
    let t = kelvin.clamp(1667.0, 25000.0);
    let (t1, t2, t3) = (1e3 / t, 1e6 / (t * t), 1e9 / (t * t * t));
    let x = if t <= 4000.0 {
        -0.266_123_9 * t3 - 0.234_358_9 * t2 + 0.877_695_6 * t1 + 0.179_910
    } else {
        -3.025_846_9 * t3 + 2.107_037_9 * t2 + 0.222_634_7 * t1 + 0.240_390
    };
    let (x2, x3) = (x * x, x * x * x);
    let y = if t <= 2222.0 {
        -1.106_381_4 * x3 - 1.348_110_20 * x2 + 2.185_558_32 * x - 0.202_196_83
    } else if t <= 4000.0 {
        -0.954_947_6 * x3 - 1.374_185_93 * x2 + 2.091_370_15 * x - 0.167_488_67
    } else {
        3.081_758_0 * x3 - 5.873_386_70 * x2 + 3.751_129_97 * x - 0.370_014_83
    };
    let (cx, cz) = (x / y, (1.0 - x - y) / y);
    // XYZ to linear Rec. 709 (IEC 61966-2-1).
    let rgb = [
        3.240_969_9 * cx - 1.537_383_2 - 0.498_610_8 * cz,
        -0.969_243_6 * cx + 1.875_967_5 + 0.041_555_1 * cz,
        0.055_630_1 * cx - 0.203_977_0 + 1.056_971_5 * cz,
    ]
    .map(|c| c.max(0.0));
    let luminance = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    rgb.map(|c| (c / luminance) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_bodies_go_from_red_over_white_to_blue() {
        let [r, g, b] = linear_rec709(6504.0);
        assert!((r - 1.0).abs() < 0.05 && (g - 1.0).abs() < 0.02 && (b - 1.0).abs() < 0.05, "{r} {g} {b}");
        let warm = linear_rec709(2000.0);
        assert!(warm[0] > warm[1] && warm[1] > warm[2]);
        let cold = linear_rec709(15000.0);
        assert!(cold[2] > cold[0]);
        assert_eq!(linear_rec709(1.0), linear_rec709(1667.0));
    }
}
