//! Surfaces: OpenPBR Surface 1.1 with the names of its specification, and presets.

use crate::Dimension;
use crate::node::{Default, NodeDecl, Param, ParamType, Wire};

const RATIO: ParamType = ParamType::Quantity(Dimension::RATIO);

const fn roughness(default: f64) -> Param {
    Param::new("roughness", RATIO, "Perceptual roughness: 0 a mirror .. 1 dull. GGX alpha is its square.")
        .or(Default::Number(default))
        .within(0.0, 1.0)
}

const fn tint(doc: &'static str, default: [f32; 3]) -> Param {
    Param::new("color", ParamType::Color, doc).or(Default::Color(default)).within(0.0, 1.0)
}

const SCALE: Param =
    Param::new("scale", ParamType::Quantity(Dimension::LENGTH), "Extent of one repeat of the pattern.")
        .or(Default::Number(1.0))
        .within(1e-4, 1e4);

const SURFACE: NodeDecl = NodeDecl { layers: &[], output: Wire::Material, ..NodeDecl::BASE };

const fn weight(name: &'static str, default: f64, doc: &'static str) -> Param {
    Param::new(name, RATIO, doc).or(Default::Number(default)).within(0.0, 1.0)
}

const fn color(name: &'static str, default: [f32; 3], doc: &'static str) -> Param {
    Param::new(name, ParamType::Color, doc).or(Default::Color(default)).within(0.0, 1.0)
}

const fn ior(name: &'static str, default: f64, doc: &'static str) -> Param {
    Param::new(name, RATIO, doc).or(Default::Number(default)).within(1.0, 4.0)
}

/// Every knob.
pub const MATERIAL: NodeDecl = NodeDecl {
    name: "material",
    params: &[
        weight("base_weight", 1.0, "Factor on the base colour."),
        color("base_color", [0.8; 3], "Diffuse colour of a dielectric, reflectance of a metal head on."),
        weight(
            "base_diffuse_roughness",
            0.0,
            "Roughness of the diffuse base: 0 Lambert .. 1 as flat as the full moon.",
        ),
        weight("base_metalness", 0.0, "0 dielectric .. 1 metal."),
        weight("specular_weight", 1.0, "Strength of the reflection of dielectric and metal."),
        color(
            "specular_color",
            [1.0; 3],
            "Colour of the dielectric's reflection; of a metal its tint at grazing angles.",
        ),
        weight("specular_roughness", 0.3, "Perceptual roughness: 0 a mirror .. 1 dull. GGX alpha is its square."),
        weight("specular_roughness_anisotropy", 0.0, "0 round highlights .. 1 streaks along the first texture axis."),
        ior("specular_ior", 1.5, "Index of refraction of the dielectric."),
        weight("transmission_weight", 0.0, "Share of the dielectric that is clear."),
        color(
            "transmission_color",
            [1.0; 3],
            "What is left of white light after `transmission_depth`; without that, behind each surface.",
        ),
        Param::new(
            "transmission_depth",
            ParamType::Quantity(Dimension::LENGTH),
            "Way after which light has the transmission colour.",
        )
        .or(Default::Number(0.0))
        .within(0.0, 1e6),
        weight("transmission_dispersion_scale", 0.0, "Strength of the dispersion: 1 is that of the Abbe number."),
        Param::new("transmission_dispersion_abbe_number", RATIO, "Abbe number: crown glass has 60, flint glass 30.")
            .or(Default::Number(20.0))
            .within(5.0, 200.0),
        Param::new(
            "transmission_priority",
            ParamType::Int,
            "Of two clear bodies in one place, as water in a glass, the one of greater priority is there.",
        )
        .or(Default::Int(0))
        .within(-1000.0, 1000.0),
        weight("coat_weight", 0.0, "Share of the surface under a clear coat."),
        color("coat_color", [1.0; 3], "What the coat leaves of light on its way in and out, head on."),
        weight("coat_roughness", 0.0, "Perceptual roughness of the coat."),
        ior("coat_ior", 1.6, "Index of refraction of the coat."),
        weight(
            "coat_darkening",
            1.0,
            "How much the base darkens by light that the coat sends back: 1 as it is in nature.",
        ),
        weight("fuzz_weight", 0.0, "Share of the surface under fuzz: dust, or the fibres of cloth."),
        color("fuzz_color", [1.0; 3], "Colour of the fuzz."),
        weight("fuzz_roughness", 0.5, "How far the fibres stand off: small ones shine at grazing angles only."),
        Param::new("emission_color", ParamType::Color, "Colour of the light that it gives.")
            .or(Default::Color([0.0; 3])),
        Param::new("emission_strength", RATIO, "Radiance of white emission, W/(sr m^2).")
            .or(Default::Number(1.0))
            .within(0.0, 1e9),
        weight("geometry_opacity", 1.0, "Probability that the surface is there."),
        Param::new(
            "geometry_thin_walled",
            ParamType::Bool,
            "True: what is clear is a pane, a bubble or a leaf, with nothing inside; light goes on straight.",
        )
        .or(Default::Bool(false)),
    ],
    doc: "A surface with every knob: OpenPBR Surface 1.1, with the names of its specification.\n\nFuzz lies over a coat over a \
          base, and the base is a mixture of metal, clear dielectric and opaque dielectric. A clear body is a closed shape of one \
          material; light bends where it enters and leaves.",
    example: r#"ngs 1
let red = material(base_color: #b01010, specular_roughness: 0.25, coat_weight: 1)
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 0.5m, material: red)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..SURFACE
};

macro_rules! preset {
    ($constant:ident, $name:literal, [$($param:expr),* $(,)?], $doc:literal, $call:literal) => {
        #[doc = $doc]
        pub const $constant: NodeDecl = NodeDecl {
            name: $name,
            params: &[$($param),*],
            doc: $doc,
            example: concat!(
                "ngs 1\nenvironment studio {\n  sky = constant_sky()\n  ball = sphere(radius: 0.5m, material: ",
                $call,
                ")\n}\ncamera main { frame: ball }\nshot s010 { camera: main }\n",
                "output still { image: render(s010) |> view(agx), file: \"still.png\" }\n"
            ),
            ..SURFACE
        };
    };
}

preset!(STEEL, "steel", [roughness(0.3)], "Bare steel.", "steel(roughness: 0.2)");
preset!(BRASS, "brass", [roughness(0.25)], "Bare brass.", "brass()");
preset!(COPPER, "copper", [roughness(0.25)], "Bare copper.", "copper()");
preset!(GOLD, "gold", [roughness(0.2)], "Gold.", "gold()");
preset!(ALUMINIUM, "aluminium", [roughness(0.35)], "Bare aluminium.", "aluminium()");
preset!(
    PAINT,
    "paint",
    [Param::new("color", ParamType::Color, "Colour of the paint.").within(0.0, 1.0), roughness(0.35)],
    "Glossy paint.",
    "paint(#c0392b)"
);
preset!(
    PLASTIC,
    "plastic",
    [Param::new("color", ParamType::Color, "Colour of the plastic.").within(0.0, 1.0), roughness(0.4)],
    "Plastic.",
    "plastic(#2980b9, roughness: 0.2)"
);
preset!(
    GLASS,
    "glass",
    [
        tint("What is left of white light after `depth`; without that, behind each surface.", [1.0; 3]),
        roughness(0.0),
        ior("ior", 1.52, "Index of refraction: window glass 1.52, lead crystal 1.7."),
        Param::new("depth", ParamType::Quantity(Dimension::LENGTH), "Way after which light has the colour.")
            .or(Default::Number(0.0))
            .within(0.0, 1e6),
    ],
    "Clear glass, for closed shapes.",
    "glass()"
);
preset!(
    WATER,
    "water",
    [roughness(0.0)],
    "Clear water, for closed shapes: blue over metres, as pure water absorbs.",
    "water()"
);
preset!(
    CAR_PAINT,
    "car_paint",
    [Param::new("color", ParamType::Color, "Colour of the paint.").within(0.0, 1.0), roughness(0.4)],
    "Paint with metal flakes under a clear coat.",
    "car_paint(#7a0c10)"
);
preset!(
    LEATHER,
    "leather",
    [tint("Colour.", [0.09, 0.035, 0.015]), roughness(0.5)],
    "Leather with a worn finish.",
    "leather()"
);
preset!(
    WET_STONE,
    "wet_stone",
    [tint("Colour of the stone when it is dry.", [0.28, 0.26, 0.23]), roughness(0.8)],
    "Stone under a film of water, darker than dry.",
    "wet_stone()"
);
preset!(
    CLOTH,
    "cloth",
    [Param::new("color", ParamType::Color, "Colour of the cloth.").within(0.0, 1.0), roughness(0.6)],
    "Woven cloth with fibres that stand off.",
    "cloth(#27364f)"
);
preset!(
    CLAY,
    "clay",
    [tint("Colour.", [0.5, 0.5, 0.5]), roughness(1.0)],
    "Dull and diffuse, without any reflection.",
    "clay()"
);
preset!(RUBBER, "rubber", [tint("Colour.", [0.03, 0.03, 0.03]), roughness(0.8)], "Dark, dull rubber.", "rubber()");
preset!(
    CONCRETE,
    "concrete",
    [tint("Mean colour.", [0.35, 0.34, 0.32]), roughness(0.9), SCALE],
    "Concrete, mottled by a fixed pattern.",
    "concrete(color: #8a8780)"
);
preset!(
    WOOD,
    "wood",
    [tint("Mean colour.", [0.36, 0.2, 0.09]), roughness(0.6), SCALE],
    "Wood, with grain along the first texture axis.",
    "wood(scale: 40cm)"
);
preset!(
    CHECKER,
    "checker",
    [
        Param::new("color_a", ParamType::Color, "Colour of the even fields.")
            .or(Default::Color([0.6; 3]))
            .within(0.0, 1.0),
        Param::new("color_b", ParamType::Color, "Colour of the odd fields.")
            .or(Default::Color([0.15; 3]))
            .within(0.0, 1.0),
        roughness(0.8),
        Param::new("scale", ParamType::Quantity(Dimension::LENGTH), "Edge of one field.")
            .or(Default::Number(1.0))
            .within(1e-4, 1e4)
    ],
    "A chequered surface, to judge scale and distance by.",
    "checker(scale: 10cm)"
);
preset!(
    EMISSIVE,
    "emissive",
    [
        Param::new("color", ParamType::Color, "Colour of the light."),
        Param::new("strength", RATIO, "Radiance of white, W/(sr m^2).").or(Default::Number(1.0)).within(0.0, 1e9)
    ],
    "A surface that gives light and reflects none.",
    "emissive(#ffd9a0, strength: 8)"
);
