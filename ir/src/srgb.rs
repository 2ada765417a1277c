//! The sRGB curve (IEC 61966-2-1:1999), between linear light and the numbers of displays and picture files.
//!
//! Powers come from the `libm` crate, not from the platform, so the bytes are equal on every machine.

/// The display value of a linear one; both are in 0..=1, to which the argument is clamped.
pub fn encode(linear: f32) -> f32 {
    let x = linear.clamp(0.0, 1.0);
    if x <= 0.003_130_8 { 12.92 * x } else { 1.055 * libm::powf(x, 1.0 / 2.4) - 0.055 }
}

/// The linear value of a display value in 0..=1. In double precision, because tables and means are made of it.
pub fn decode(display: f64) -> f64 {
    if display <= 0.04045 { display / 12.92 } else { libm::pow((display + 0.055) / 1.055, 2.4) }
}

/// Linear Rec. 709 of a colour's bytes.
pub fn decode_bytes(bytes: [u8; 3]) -> [f32; 3] {
    bytes.map(|byte| decode(f64::from(byte) / 255.0) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curve_and_inverse_agree() {
        for i in 0..=1000 {
            let x = i as f32 / 1000.0;
            assert!((decode(f64::from(encode(x))) - f64::from(x)).abs() < 1e-5, "{x}");
        }
        assert!((encode(0.18) - 0.461_356).abs() < 1e-5);
    }

    /// Every byte comes back as itself.
    #[test]
    fn bytes_survive() {
        for byte in 0..=255u8 {
            let [linear, ..] = decode_bytes([byte; 3]);
            assert_eq!((encode(linear) * 255.0 + 0.5) as u8, byte);
        }
    }

    /// The bits are part of every picture's bytes: a machine or a version of `libm` that gives others is found here.
    #[test]
    fn bits_are_fixed() {
        let decoded = [1u8, 10, 11, 58, 74, 85, 128, 200, 254].map(|b| decode_bytes([b; 3])[0].to_bits());
        let encoded = [0.001f32, 0.0031308, 0.00314, 0.02, 0.18, 0.5, 0.9].map(|x| encode(x).to_bits());
        assert_eq!(decoded, DECODED, "{decoded:#010x?}");
        assert_eq!(encoded, ENCODED, "{encoded:#010x?}");
    }

    const DECODED: [u32; 9] = [
        0x399f_22b4,
        0x3b46_eb61,
        0x3b5b_518e,
        0x3d2d_4ebb,
        0x3d8c_3e48,
        0x3dba_0b38,
        0x3e5d_0a89,
        0x3f13_dc50,
        0x3f7d_b8de,
    ];
    const ENCODED: [u32; 7] =
        [0x3c53_ae69, 0x3d25_aed5, 0x3d26_293e, 0x3e1b_5838, 0x3eec_36de, 0x3f3c_405a, 0x3f74_665f];
}
