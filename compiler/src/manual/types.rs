//! The types of the language, and the dimensions with their units.

use scenec_ir::Dimension;
use scenec_ir::dimension::{self, UNITS, Unit};

use super::{Entry, entry};

/// Types that are no quantities.
pub const TYPES: &[Entry] = &[
    entry("Bool", "true, false", "True or false."),
    entry(
        "Int",
        "3, -12",
        "A whole number. It is taken where a Ratio is wanted, never the other way round: `round`, `floor` and `ceil` \
                             make whole numbers.",
    ),
    entry("Text", "\"out/{shot}.png\"", "Text, with values in braces."),
    entry(
        "Color",
        "#3a4a55, rgb(1, 0.5, 0)",
        "A colour, kept as linear Rec. 709. Its channels are `.r`, `.g` and `.b`.",
    ),
    entry("Point", "(1m, 2m, 0m)", "A place: the same as `Vec3<Length>`."),
    entry(
        "Vec2",
        "(4m, 2m): Vec2<Length>",
        "Two numbers of one dimension, `.x` and `.y`. Without `<…>` it is of lengths.",
    ),
    entry(
        "Vec3",
        "(0, 1, 0): Vec3<Ratio>",
        "Three numbers of one dimension, `.x`, `.y` and `.z`. Without `<…>` it is of lengths.",
    ),
    entry("List", "[1m, 2m]: List<Length>", "Values or things of one type, in order."),
    entry("Range", "0..8: Range<Int>", "Half-open: `0..8` holds 0 to 7."),
    entry(
        "T?",
        "4m, none: Length?",
        "A value of the type in front of the `?`, or `none`. `x ?? 4m` gives what holds then.",
    ),
    entry("Pose", "leaning", "Turns of the joints of a figure. A bible declares it."),
    entry("Shot", "s010", "A `shot` or `cut` item."),
    entry("Thing", "box(size: 1m)", "Placed geometry with named parts."),
    entry("Material", "steel(roughness: 0.3)", "A surface."),
    entry("Light", "sun(elevation: 40deg)", "A light."),
    entry("Sky", "physical_sky()", "What is behind everything. A scene has at most one."),
    entry("Fog", "height_fog(density: 0.02/m, height: 3m)", "What is between everything. A scene has at most one."),
    entry("Camera", "main", "A `camera` item."),
    entry("Image", "render(s010)", "A scene-linear picture: it holds light."),
    entry(
        "DisplayImage",
        "render(s010) |> view(agx)",
        "A picture for a display. It does not mix with an `Image`, and no view can be applied twice.",
    ),
    entry("DepthImage", "depth(s010)", "Metres along the camera's axis."),
    entry("InverseDepthImage", "depth(s010) |> inverse_depth(near: 1m, far: 50m)", "0 far to 1 near."),
    entry("NormalImage", "normals(s010)", "Where surfaces face, seen from the camera."),
    entry("MaskImage", "mask(s010, of: hero)", "Coverage, 0 to 1."),
    entry("IdImage", "ids(s010)", "A colour for each object, material or asset."),
    entry("PoseImage", "pose_map(s010, of: hero)", "Skeletons of figures in the colours of OpenPose."),
];

/// True for the name of a type of the language.
pub fn is_type(word: &str) -> bool {
    TYPES.iter().any(|ty| ty.name == word) || dimension::find_named(word).is_some()
}

/// Types with a unit, each with what its values are in and its units.
pub fn dimensions() -> Vec<(&'static str, String, Vec<&'static Unit>)> {
    dimension::names()
        .filter_map(|name| {
            let dimension = dimension::find_named(name)?;
            let units = UNITS.iter().filter(|u| u.dimension == dimension).collect();
            // As values of it are shown: `W/m^2`, not `kg/s^3`. Angles are shown in degrees, and kept in radians.
            let base = match dimension {
                Dimension::ANGLE | Dimension::RATIO => dimension.units(),
                _ => dimension::show(1.0, dimension).trim_start_matches(['1', ' ']).to_owned(),
            };
            Some((name, base, units))
        })
        .collect()
}
