//! Surfaces: metallic-roughness, as glTF 2.0 defines it.

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

/// Every knob.
pub const MATERIAL: NodeDecl = NodeDecl {
    name: "material",
    params: &[
        Param::new("base_color", ParamType::Color, "Diffuse colour of a dielectric, reflectance of a metal.")
            .or(Default::Color([0.8; 3]))
            .within(0.0, 1.0),
        Param::new("metallic", RATIO, "0 dielectric .. 1 metal.").or(Default::Number(0.0)).within(0.0, 1.0),
        roughness(0.5),
        Param::new("emission", ParamType::Color, "Colour of the light that it gives.").or(Default::Color([0.0; 3])),
        Param::new("emission_strength", RATIO, "Radiance of white emission, W/(sr m^2).")
            .or(Default::Number(1.0))
            .within(0.0, 1e9),
        Param::new("ior", RATIO, "Index of refraction of the dielectric interface.")
            .or(Default::Number(1.5))
            .within(1.0, 4.0),
        Param::new("specular", RATIO, "Strength of the dielectric reflection.")
            .or(Default::Number(1.0))
            .within(0.0, 1.0),
        Param::new("specular_color", ParamType::Color, "Colour of the dielectric reflection at normal incidence.")
            .or(Default::Color([1.0; 3])),
        Param::new("opacity", RATIO, "Probability that the surface is there.")
            .or(Default::Number(1.0))
            .within(0.0, 1.0),
    ],
    doc: "A surface with every knob.",
    example: r#"ngs 1
let red = material(base_color: #b01010, roughness: 0.25)
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
