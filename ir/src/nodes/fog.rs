//! Fog: what is between everything.

use crate::Dimension;
use crate::node::{Default, Layer, NodeDecl, Param, ParamType, Wire};

const COLOR: Param = Param::new(
    "color",
    ParamType::Color,
    "Single-scattering albedo: the share of the light met that is scattered. White loses nothing, black is smoke.",
)
.or(Default::Color([0.98; 3]));
const ANISOTROPY: Param = Param::new(
    "anisotropy",
    ParamType::Quantity(Dimension::RATIO),
    "Mean cosine of the scattering angle (Henyey and Greenstein): 0 scatters alike to all sides, droplets send most light on \
     (0.6 to 0.9), below 0 it goes back.",
)
.or(Default::Number(0.6))
.within(-0.95, 0.95);

/// Fog that thins with height.
pub const HEIGHT_FOG: NodeDecl = NodeDecl {
    name: "height_fog",
    layers: &[Layer::Environment],
    output: Wire::Fog,
    params: &[
        Param::new(
            "density",
            ParamType::Quantity(Dimension::PER_LENGTH),
            "Extinction coefficient at `base` and below: of light that goes 1 m, `exp(-density * 1m)` passes.",
        )
        .within(0.0, 1e6),
        Param::new(
            "height",
            ParamType::Quantity(Dimension::LENGTH),
            "Over this height the extinction falls by e, to 37 %; at three times the height 5 % are left.",
        )
        .within(1e-3, 1e6),
        Param::new(
            "base",
            ParamType::Quantity(Dimension::LENGTH),
            "Height (y, world space) at which the fog begins to thin.",
        )
        .or(Default::Number(0.0))
        .within(-1e6, 1e6),
        COLOR,
        ANISOTROPY,
    ],
    doc: "Fog that thins with height.\n\nIts extinction coefficient is `density * exp(-(y - base) / height)` above `base`, and \
          `density` below. A view ends after about `4 / density`: at `0.02/m` after 200 m. Light is scattered as often as \
          the `depth` of `render` allows. A scene has at most one fog; it is everywhere, indoors too. The alpha of a picture counts things, not fog.",
    example: r#"ngs 1
environment harbour {
  sky = physical_sky(sun_elevation: 12deg, sun_azimuth: 140deg)
  fog = height_fog(density: 0.02/m, height: 3m)
  floor = ground(size: 100m)
  ball = sphere(radius: 0.5m) at (0m, 0.5m, 0m)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};

/// Fog of the same density everywhere.
pub const FOG: NodeDecl = NodeDecl {
    name: "fog",
    layers: &[Layer::Environment],
    output: Wire::Fog,
    params: &[
        Param::new(
            "density",
            ParamType::Quantity(Dimension::PER_LENGTH),
            "Extinction coefficient: of light that goes 1 m, `exp(-density * 1m)` passes.",
        )
        .within(0.0, 1e6),
        COLOR,
        ANISOTROPY,
    ],
    doc: "Fog of the same density everywhere.\n\nIt has no end, so no light of a sky or a sun comes through it: light it with \
          lamps, or take `height_fog`. A view ends after about `4 / density`.",
    example: r#"ngs 1
environment cellar {
  air = fog(density: 0.1/m, color: #e8eef4)
  lamp = spot_light((0m, 3m, 0m), target: (0m, 0m, 0m), intensity: 60W, angle: 40deg)
  floor = ground(size: 10m)
  ball = sphere(radius: 0.4m) at (0m, 0.4m, 0m)
}
camera main { at: (0m, 1.4m, 5m), look_at: (0m, 1.2m, 0m) }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};
