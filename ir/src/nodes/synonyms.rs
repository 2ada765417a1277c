//! What nodes and parameters are called elsewhere: a hint gives their name here. They are no second names.

/// Word of other tools -> nodes.
const NODES: &[(&str, &[&str])] = &[
    ("aabb", &["bounds"]),
    ("ambient", &["constant_sky"]),
    ("asphalt", &["wet_stone", "concrete"]),
    ("atmosphere", &["physical_sky", "height_fog"]),
    ("ball", &["sphere"]),
    ("bbox", &["bounds"]),
    ("bounding_box", &["bounds"]),
    ("bulb", &["sphere_light", "point_light"]),
    ("checkerboard", &["checker"]),
    ("circle", &["disk"]),
    ("cog", &["gear"]),
    ("column", &["cylinder"]),
    ("crystal", &["glass"]),
    ("cube", &["box"]),
    ("cuboid", &["box"]),
    ("diffuse", &["clay", "paint"]),
    ("directional_light", &["sun"]),
    ("disc", &["disk"]),
    ("dome_light", &["hdr_sky"]),
    ("donut", &["torus"]),
    ("emission", &["emissive"]),
    ("emitter", &["emissive"]),
    ("environment_map", &["hdr_sky"]),
    ("exponential_height_fog", &["height_fog"]),
    ("fabric", &["cloth"]),
    ("floor", &["ground"]),
    ("fog_exp", &["height_fog"]),
    ("global_fog", &["fog", "height_fog"]),
    ("glow", &["emissive"]),
    ("group", &["assembly"]),
    ("haze", &["height_fog", "fog"]),
    ("hdri", &["hdr_sky"]),
    ("heightfield", &["terrain"]),
    ("icosphere", &["sphere"]),
    ("in_view", &["in_frame"]),
    ("is_visible", &["visible"]),
    ("lacquer", &["car_paint"]),
    ("lamp", &["sphere_light", "rectangle_light", "point_light"]),
    ("landscape", &["terrain"]),
    ("light", &["sun", "rectangle_light", "sphere_light", "point_light", "spot_light"]),
    ("liquid", &["water"]),
    ("matte", &["clay"]),
    ("medium", &["fog", "height_fog"]),
    ("metal", &["steel", "brass", "copper", "gold", "aluminium"]),
    ("mist", &["height_fog"]),
    ("mountains", &["terrain"]),
    ("natural_fog", &["height_fog"]),
    ("occlusion", &["visible"]),
    ("orb", &["sphere"]),
    ("pill", &["capsule"]),
    ("pillar", &["cylinder"]),
    ("pipe", &["tube"]),
    ("polygons", &["triangles"]),
    ("principled", &["material"]),
    ("quad", &["plane"]),
    ("rectangle", &["plane"]),
    ("ring", &["torus", "tube"]),
    ("rod", &["cylinder"]),
    ("sky_dome", &["constant_sky", "physical_sky", "hdr_sky"]),
    ("square", &["plane"]),
    ("sunlight", &["sun"]),
    ("tonemap", &["view"]),
    ("union", &["assembly"]),
    ("velvet", &["cloth"]),
    ("visibility", &["visible"]),
    ("volume_scatter", &["fog", "height_fog"]),
    ("volumetric_fog", &["height_fog", "fog"]),
    ("volumetrics", &["height_fog", "fog"]),
    ("vram", &["memory"]),
];

/// Word of other tools -> parameters and ports.
const PARAMETERS: &[(&str, &[&str])] = &[
    ("albedo", &["base_color", "color"]),
    ("alpha", &["geometry_opacity"]),
    ("amount", &["count"]),
    ("angle", &["fov"]),
    ("anisotropic", &["specular_roughness_anisotropy"]),
    ("aperture", &["f_stop"]),
    ("brightness", &["strength", "intensity"]),
    ("clearcoat", &["coat_weight"]),
    ("density_map", &["density"]),
    ("depth_of_field", &["f_stop", "focus"]),
    ("dimensions", &["size"]),
    ("distance_min", &["spacing"]),
    ("emission", &["emission_color"]),
    ("energy", &["intensity", "strength"]),
    ("exclude", &["avoid"]),
    ("extinction", &["density"]),
    ("filename", &["file", "height_map"]),
    ("focal_length", &["lens"]),
    ("fog_density", &["density"]),
    ("fog_height", &["height", "base"]),
    ("g", &["anisotropy"]),
    ("instances", &["count"]),
    ("intensity", &["strength"]),
    ("ior", &["specular_ior"]),
    ("mask", &["density"]),
    ("max_slope", &["slope_max"]),
    ("metallic", &["base_metalness"]),
    ("metalness", &["base_metalness"]),
    ("min_distance", &["spacing"]),
    ("min_slope", &["slope_min"]),
    ("noise_scale", &["density_scale"]),
    ("normal_align", &["align"]),
    ("num_teeth", &["teeth"]),
    ("number", &["count"]),
    ("offset", &["sink"]),
    ("opacity", &["geometry_opacity"]),
    ("path", &["file", "height_map"]),
    ("phase", &["anisotropy"]),
    ("phase_g", &["anisotropy"]),
    ("polygons", &["triangles"]),
    ("polys", &["triangles"]),
    ("power", &["intensity", "strength"]),
    ("probabilities", &["weights"]),
    ("r", &["radius"]),
    ("ram", &["memory"]),
    ("random_yaw", &["yaw"]),
    ("resolution", &["size"]),
    ("roughness", &["specular_roughness"]),
    ("scattering_albedo", &["color"]),
    ("shader", &["material"]),
    ("sheen", &["fuzz_weight"]),
    ("specular", &["specular_weight"]),
    ("src", &["file"]),
    ("subdivisions", &["segments"]),
    ("target", &["look_at", "target"]),
    ("teeth_count", &["teeth"]),
    ("thin_walled", &["geometry_thin_walled"]),
    ("tint", &["color"]),
    ("transmission", &["transmission_weight"]),
    ("tris", &["triangles"]),
    ("vram", &["memory"]),
];

fn plain(word: &str) -> String {
    word.to_lowercase().replace(['_', '-', ' '], "")
}

fn find(table: &'static [(&'static str, &'static [&'static str])], word: &str) -> &'static [&'static str] {
    let word = plain(word);
    table.iter().find(|(name, _)| plain(name) == word).map_or(&[], |(_, names)| names)
}

/// Nodes that are meant by a word of other tools; case and `_` make no difference.
pub fn nodes(word: &str) -> &'static [&'static str] {
    find(NODES, word)
}

/// Parameters that may be meant by a word of other tools.
pub fn parameters(word: &str) -> &'static [&'static str] {
    find(PARAMETERS, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synonyms_name_what_is_there_and_hide_nothing() {
        let all = crate::nodes::all();
        for (word, names) in NODES {
            assert!(crate::nodes::find(word).is_none(), "`{word}` is a node");
            let unknown: Vec<_> = names.iter().filter(|n| crate::nodes::find(n).is_none_or(|d| !d.callable)).collect();
            assert!(unknown.is_empty(), "{word}: no node {unknown:?}");
        }
        for (word, names) in PARAMETERS {
            let known = |name: &&&str| all.iter().any(|d| d.param(name).is_some() || d.port(name).is_some());
            let unknown: Vec<_> = names.iter().filter(|n| !known(n)).collect();
            // Fields of shots, outputs and budgets, which are no nodes.
            assert!(
                unknown.iter().all(|n| matches!(**n, "size" | "file" | "triangles" | "memory")),
                "{word}: no parameter {unknown:?}"
            );
        }
        for table in [NODES, PARAMETERS] {
            assert!(table.windows(2).all(|w| w[0].0 < w[1].0), "sorted, each once");
        }
    }
}
