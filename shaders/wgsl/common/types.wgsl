// What host and kernels share. The Rust types are generated from here.

const NONE: u32 = 0xffffffffu;
/// End of rays that go on for ever.
const FAR_AWAY: f32 = 3.0e38;

/// Constant for one render.
struct View {
    /// Camera axes in the world and its position; rays go along -axis_z.
    axis_x: vec3f,
    lens_radius: f32,
    axis_y: vec3f,
    focus_distance: f32,
    axis_z: vec3f,
    /// tan of half the vertical field of view.
    tan_half_fov: f32,
    position: vec3f,
    width: u32,
    height: u32,
    max_depth: u32,
    seed: u32,
    /// Russian roulette starts when this many segments are done.
    roulette_depth: u32,
    /// What a path of three segments or more may add to a sample, per channel; 0 is no limit.
    clamp_indirect: f32,
    /// Shape of the pixel filter, and half of its width in pixels.
    filter_kind: u32,
    filter_radius: f32,
    /// Blades of the aperture, 0 for a round one, and its turn as a share of a whole one.
    blades: u32,
    blade_turn: f32,
}

const FILTER_BOX: u32 = 0u;
const FILTER_TENT: u32 = 1u;
const FILTER_GAUSSIAN: u32 = 2u;

/// Constant for one scene.
struct SceneInfo {
    /// Radiance of a constant sky, or the factor on the map.
    sky: vec3f,
    /// 0: constant sky; else width of the map.
    map_width: u32,
    map_height: u32,
    /// First word of the map's pixels in the heap, 3 f32 each.
    map_pixels: u32,
    /// Importance cells of the map.
    cell_width: u32,
    cell_height: u32,
    /// First word of the alias table of the cells (threshold, alias), and of their densities per unit square.
    cell_alias: u32,
    cell_density: u32,
    /// sin and cos of the map's turn about +Y.
    map_sin: f32,
    map_cos: f32,
    light_count: u32,
    /// The first of the lights are suns, and of these the first `sun_count` have a disk.
    suns: u32,
    sun_count: u32,
    /// First word of the alias table of the suns.
    sun_alias: u32,
    /// Probability that next-event estimation picks a sun, where it does not pick the map.
    sun_share: f32,
    /// First word of the tree of all other lights.
    light_tree: u32,
    /// Probability that next-event estimation picks the map.
    map_chance: f32,
    /// First word of the albedos of a mirror and of fuzz (see albedos.wgsl).
    mirror_table: u32,
    fuzz_table: u32,
    /// First word of 256 f32 that decode sRGB.
    srgb_table: u32,
    flags: u32,
    /// Extinction of the fog at `fog_base` and below, 1/m, and the height at which that is.
    fog_density: f32,
    fog_base: f32,
    /// Single-scattering albedo.
    fog_albedo: vec3f,
    /// 1 / the height over which the extinction falls by e; 0 in a fog that is equal everywhere.
    fog_falloff: f32,
    /// Mean cosine of the scattering angle.
    fog_anisotropy: f32,
    /// First word of the materials of the media, whose numbers begin with 1.
    media: u32,
    /// First word of the albedos of interfaces between two media, by their relative index (see interface_table).
    interfaces: u32,
}

/// Some surface may be absent, by its alpha or as a proxy of a lamp: shadow rays find the closest hit.
const SCENE_ALPHA: u32 = 2u;
/// Something emits: the last segment needs its closest hit.
const SCENE_EMITS: u32 = 4u;
/// The sky is not black.
const SCENE_SKY: u32 = 8u;

/// There is fog.
const SCENE_FOG: u32 = 16u;
/// Something is clear: paths may be inside of it.
const SCENE_CLEAR: u32 = 32u;

/// The paths in flight: path i belongs to pixel i % pixels of the tile and sample i / pixels.
struct Wave {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
    first_sample: u32,
    samples: u32,
    paths: u32,
    /// First pixel of the tile in the film buffer.
    film: u32,
}

/// A path between two kernels. Radiance lies here until its pixel takes it.
struct Path {
    throughput: vec3f,
    /// Solid-angle density with which the BSDF chose the ray; 0 for camera rays: they take all emission they find.
    density: f32,
    radiance: vec3f,
    flags: u32,
    /// What the pending shadow ray carries if nothing blocks it.
    light: vec3f,
    /// What the ray is inside of: numbers of media, the last entered in the low byte; 0 is none.
    media: u32,
    shadow_x: f32,
    shadow_y: f32,
    shadow_z: f32,
    /// Normal of the surface where the ray begins, octahedral.
    normal: u32,
}

/// Bits of Path.flags: segment number in the low byte, surfaces passed without scattering in the next (by the ray, or by the
/// shadow ray while that is pending).
const PATH_SEGMENT: u32 = 0xffu;
const PATH_PASSED_ONE: u32 = 0x100u;
const PATH_PASSED: u32 = 0xff00u;
const PATH_ALIVE: u32 = 0x10000u;
const PATH_SHADOW: u32 = 0x20000u;
/// The shadow ray goes on for ever; else it ends at parameter 1.
const PATH_SHADOW_FAR: u32 = 0x40000u;
/// End of a shadow ray to a near light, as a share of the way: the light itself does not block.
const SHADOW_END: f32 = 0.9999;
/// The same for lamps, whose entry is not as exact where rays graze them.
const LAMP_END: f32 = 0.998;
/// The camera ray hit geometry, be it behind fog.
const PATH_COVERED: u32 = 0x80000u;
/// The ray begins where light comes from all sides: in fog, or on something clear.
const PATH_FREE: u32 = 0x100000u;
/// The one colour that a path carries since light of it was dispersed: two bits, 1 red .. 3 blue; 0 is all of them.
const PATH_CHANNEL_ONE: u32 = 0x200000u;
const PATH_CHANNEL: u32 = 0x600000u;

/// A texture in a material. Absent when `texture` is NONE.
struct TextureSlot {
    texture: u32,
    /// First word of the texels in the heap (unused where the executor fetches by texture number).
    texels: u32,
    width: u32,
    height: u32,
    flags: u32,
    pad: u32,
    /// (u, v, 1) to texture coordinates.
    u_from_uv: vec3f,
    v_from_uv: vec3f,
}

const TEXTURE_WRAP_U: u32 = 0u; // two bits: 0 repeat, 1 mirror, 2 clamp
const TEXTURE_WRAP_V: u32 = 2u; // two bits
const TEXTURE_NEAREST: u32 = 16u;
const TEXTURE_SRGB: u32 = 32u;
const TEXTURE_UV1: u32 = 64u;

/// OpenPBR Surface 1.1; fields without a word here are its parameters.
struct Material {
    base_color: vec4f,
    emission: vec3f,
    roughness: f32,
    /// specular_color of the dielectric.
    tint: vec3f,
    metallic: f32,
    /// specular_color of the metal.
    edge: vec3f,
    /// specular_weight of the metal.
    metal_weight: f32,
    diffuse_roughness: f32,
    anisotropy: f32,
    /// cos and sin of the turn of the tangent.
    tangent_cos: f32,
    tangent_sin: f32,
    /// Index of the dielectric by that of what is outside (of its coat, where it has one); specular_weight is in it.
    eta: f32,
    /// Heap word of the albedos of that interface from outside; from inside where the next table is.
    table: u32,
    normal_scale: f32,
    alpha_cutoff: f32,
    flags: u32,
    /// Number of the medium within; 0 where there is none.
    medium: u32,
    /// Of two media in one place that of greater priority is there.
    priority: i32,
    /// Index of refraction within.
    ior: f32,
    /// Absorption within, 1/m.
    absorption: vec3f,
    transmission: f32,
    /// What the interface multiplies light by that passes.
    clear_tint: vec3f,
    /// B of Cauchy's formula, um^2: the index is A + B / wavelength^2.
    dispersion: f32,
    coat_color: vec3f,
    coat_weight: f32,
    coat_roughness: f32,
    coat_eta: f32,
    coat_darkening: f32,
    coat_table: u32,
    fuzz_color: vec3f,
    fuzz_weight: f32,
    fuzz_roughness: f32,
    base_color_texture: TextureSlot,
    metallic_roughness_texture: TextureSlot,
    normal_texture: TextureSlot,
    emission_texture: TextureSlot,
    specular_texture: TextureSlot,
    specular_color_texture: TextureSlot,
    transmission_texture: TextureSlot,
    coat_texture: TextureSlot,
    coat_roughness_texture: TextureSlot,
    fuzz_color_texture: TextureSlot,
    fuzz_roughness_texture: TextureSlot,
    anisotropy_texture: TextureSlot,
}

const MATERIAL_TEXTURED: u32 = 1u;
const MATERIAL_EMITS: u32 = 2u;
const MATERIAL_DOUBLE_SIDED: u32 = 4u;
const MATERIAL_UNLIT: u32 = 8u;
const MATERIAL_MASK: u32 = 16u;
const MATERIAL_BLEND: u32 = 32u;
/// Lambert and nothing else.
const MATERIAL_MATTE: u32 = 64u;
/// Light passes.
const MATERIAL_CLEAR: u32 = 128u;
/// A pane: what is clear has no inside.
const MATERIAL_THIN: u32 = 256u;
/// There is a coat or fuzz, or a picture of what only such materials have.
const MATERIAL_LAYERED: u32 = 512u;
const MATERIAL_ANISOTROPIC: u32 = 1024u;
/// The rules of the KHR_materials extensions hold.
const MATERIAL_KHR: u32 = 2048u;
/// Some part of it is the proxy of a lamp (PART_DISK, PART_BALL).
const MATERIAL_LAMP: u32 = 4096u;

/// One instance of the stage.
struct Part {
    /// Object to world, by rows.
    row_x: vec4f,
    row_y: vec4f,
    row_z: vec4f,
    material: u32,
    flags: u32,
    /// Heap word of the normals of triangle 0, three octahedral words per triangle.
    normals: u32,
    /// Heap word of the extra attributes of triangle 0, and words per triangle.
    extra: u32,
    stride: u32,
    /// Heap word of the number of the light that triangle 0 is, one per triangle; NONE when none shines.
    lights: u32,
}

const PART_NORMALS: u32 = 1u;
/// Extra attributes of a triangle, in this order: three uv0, three uv1, three colours (RGBA, f16), three tangents.
const PART_UV0: u32 = 2u;
const PART_UV1: u32 = 4u;
const PART_COLORS: u32 = 8u;
const PART_TANGENTS: u32 = 16u;
/// The triangle pool holds object space.
const PART_PLACED: u32 = 32u;
/// Object to world mirrors: corners run clockwise in the world.
const PART_MIRRORED: u32 = 64u;
/// Normals and tangents lie in object space.
const PART_TURN: u32 = 128u;
/// A square around a lamp that is the disk in it: two triangles, whose corners are (0, 0), (1, 0), (1, 1) and (0, 0), (1, 1), (0, 1).
const PART_DISK: u32 = 256u;
/// Triangles around a lamp that is the unit ball of object space. The part scales alike in all directions.
const PART_BALL: u32 = 512u;

/// A light that next-event estimation can pick.
struct Light {
    /// Triangle, parallelogram: first corner. Disk, ball, point, spot: position. Sun: unit direction towards it.
    position: vec3f,
    kind: u32,
    /// Triangle, parallelogram: first edge. Disk: half of an axis. Spot: axis.
    edge1: vec3f,
    /// Triangle, parallelogram, disk, ball: part. Spot: cos of the outer angle.
    part: u32,
    /// Triangle, parallelogram: second edge. Disk: half of the other axis.
    edge2: vec3f,
    /// Triangle: number in its mesh.
    primitive: u32,
    /// Point, spot: intensity. Sun: irradiance, or radiance if it has a disk.
    color: vec3f,
    /// Sun: chance of being picked.
    chance: f32,
    /// Sun: 1 - cos of the half angle, 0 without disk. Spot: scale of the cone. Ball: radius.
    size: f32,
    /// Spot: offset of the cone.
    offset: f32,
    /// All but suns: way through the tree, from the lowest bit on; 1 for the second of two.
    trail: u32,
}

/// A node of the tree of lights: centre and radius of a ball that holds them; axis of a cone that holds the directions they
/// face, and their power; cosines of that cone and of the angle around it in which they shine; first child, whose sibling is the next node, or
/// the number of the light; flags.
const LIGHT_NODE_WORDS: u32 = 12u;
const LIGHT_NODE_LEAF: u32 = 1u;
const LIGHT_NODE_TWO_SIDED: u32 = 2u;
/// Greatest depth of the tree: bits of a trail.
const LIGHT_TREE_DEPTH: u32 = 32u;

const LIGHT_TRIANGLE: u32 = 0u;
const LIGHT_POINT: u32 = 1u;
const LIGHT_SPOT: u32 = 2u;
const LIGHT_SUN: u32 = 3u;
/// Two triangles that are one surface of one radiance.
const LIGHT_PARALLELOGRAM: u32 = 4u;
const LIGHT_DISK: u32 = 5u;
const LIGHT_BALL: u32 = 6u;
