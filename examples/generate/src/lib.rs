//! The assets of the example scenes, made by code: a character, a kit of harbour props, a lantern and a sky.
//!
//! `cargo run -p scenec-example-assets` rewrites `examples/assets`; a test checks that what is committed is what the
//! code makes. All transcendental functions are those of `libm`, so the bytes are the same on every machine.

mod glb;
mod harbour;
mod keeper;
mod keeper_motion;
mod lantern;
mod loft;
mod paint;
mod parts;
mod radiance;

use scenec_scene::geometry::GeometryError;

/// One file of `examples/assets`.
pub struct Asset {
    /// File name.
    pub name: &'static str,
    /// Content.
    pub bytes: Vec<u8>,
}

/// All assets, in the order of their names.
///
/// # Errors
/// When a shape's parameters are illegal, which is a mistake in this crate.
pub fn assets() -> Result<Vec<Asset>, GeometryError> {
    Ok(vec![
        Asset { name: "dusk.hdr", bytes: radiance::dusk()? },
        Asset { name: "harbour_kit.glb", bytes: harbour::kit()? },
        Asset { name: "keeper.glb", bytes: keeper::keeper()? },
        Asset { name: "lantern.glb", bytes: lantern::lantern()? },
    ])
}
