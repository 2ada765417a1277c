//! From bytes to JSON structs: the GLB container, size limits, version and extensions.

use super::fault::{EXTENSION, Fault, LIMIT, MALFORMED, Result, TRUNCATED};
use super::json::Root;

/// No scene description is this large; data belongs into buffers.
const MAX_JSON_BYTES: usize = 256 << 20;
/// Each JSON object costs up to some hundred bytes of memory, each byte of `{},` only three in the file.
const MAX_JSON_OBJECTS: usize = 2_000_000;

const GLB_MAGIC: &[u8] = b"glTF";
const CHUNK_JSON: u32 = 0x4E4F_534A;
const CHUNK_BIN: u32 = 0x004E_4942;

/// Extensions whose data is read.
pub const READ: &[&str] = &[
    "KHR_lights_punctual",
    "KHR_materials_anisotropy",
    "KHR_materials_clearcoat",
    "KHR_materials_dispersion",
    "KHR_materials_emissive_strength",
    "KHR_materials_ior",
    "KHR_materials_sheen",
    "KHR_materials_specular",
    "KHR_materials_transmission",
    "KHR_materials_unlit",
    "KHR_materials_variants",
    "KHR_materials_volume",
    "KHR_mesh_quantization",
    "KHR_texture_transform",
];

/// Extensions that are known and leave a note, because the picture will lack them.
pub const NOT_RENDERED: &[(&str, &str)] =
    &[("KHR_materials_diffuse_transmission", "diffuse transmission"), ("KHR_materials_iridescence", "iridescence")];

/// The JSON and the binary chunk of a file.
pub fn parse(bytes: &[u8]) -> Result<(Root, Option<&[u8]>)> {
    let (text, bin) = if bytes.starts_with(GLB_MAGIC) { chunks(bytes)? } else { (bytes, None) };
    let root = json(text)?;
    version(&root)?;
    required_extensions(&root)?;
    Ok((root, bin))
}

/// glTF 2.0, chapter 4: a header of three words, then chunks of (length, type, data).
fn chunks(bytes: &[u8]) -> Result<(&[u8], Option<&[u8]>)> {
    let word = |at: usize| {
        let word = bytes.get(at..at + 4)?;
        Some(u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
    };
    let cut = |message: String| {
        Fault::new(TRUNCATED, "", message).hint("the file ends too early: copy, download or export it again")
    };
    let (Some(version), Some(length)) = (word(4), word(8)) else {
        return Err(cut(format!("a GLB header has 12 bytes, the file has {}", bytes.len())));
    };
    if version != 2 {
        return Err(Fault::new(MALFORMED, "", format!("GLB container version {version}, only 2 is known"))
            .hint("export the model as glTF 2.0"));
    }
    let length = length as usize;
    if length > bytes.len() {
        return Err(cut(format!("the GLB header promises {length} bytes, the file has {}", bytes.len())));
    }
    let (mut text, mut bin) = (None, None);
    let mut at = 12;
    while at < length {
        let (Some(size), Some(kind)) = (word(at), word(at + 4)) else {
            return Err(cut(format!("the chunk at byte {at} has no complete header")));
        };
        let start = at + 8;
        let Some(end) = start.checked_add(size as usize).filter(|&end| end <= length) else {
            return Err(cut(format!(
                "the chunk at byte {at} promises {size} bytes, {} are left",
                length - start.min(length)
            )));
        };
        match kind {
            CHUNK_JSON if text.is_none() => text = Some(&bytes[start..end]),
            CHUNK_BIN if bin.is_none() => bin = Some(&bytes[start..end]),
            _ => {} // chapter 4.4.1: clients must ignore unknown chunks
        }
        if text.is_none() {
            return Err(Fault::new(MALFORMED, "", "the first chunk of a GLB file has to be its JSON"));
        }
        at = end;
    }
    let text = text.ok_or_else(|| Fault::new(MALFORMED, "", "the GLB file has no JSON chunk"))?;
    Ok((text, bin))
}

fn json(text: &[u8]) -> Result<Root> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    if text.iter().find(|b| !b.is_ascii_whitespace()) != Some(&b'{') {
        let message = if text.is_empty() {
            "the file is empty"
        } else {
            "this is no glTF file: it starts with neither `{` nor `glTF`"
        };
        return Err(
            Fault::new(MALFORMED, "", message).hint("a .gltf file is JSON text, a .glb file starts with `glTF`")
        );
    }
    if text.len() > MAX_JSON_BYTES {
        return Err(Fault::new(
            LIMIT,
            "",
            format!("{} MB of JSON, the limit is {} MB", text.len() >> 20, MAX_JSON_BYTES >> 20),
        )
        .hint("store the data in a .bin file or as .glb"));
    }
    let objects = text.iter().filter(|&&b| b == b'{').count();
    if objects > MAX_JSON_OBJECTS {
        return Err(Fault::new(LIMIT, "", format!("{objects} JSON objects, the limit is {MAX_JSON_OBJECTS}"))
            .hint("merge the meshes that need no names of their own"));
    }
    // serde_json refuses more than 128 levels of nesting, so its recursion is bounded.
    serde_json::from_slice(text).map_err(|error| {
        Fault::new(MALFORMED, pointer_of_error(text), format!("malformed glTF JSON: {error}"))
            .hint("export the file again, or mend the named line")
    })
}

/// Reads a second time with a path tracker, which costs time only when there is an error.
fn pointer_of_error(text: &[u8]) -> String {
    use serde_path_to_error::Segment;
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let Err(error) = serde_path_to_error::deserialize::<_, Root>(&mut deserializer) else {
        return String::new();
    };
    let mut pointer = String::new();
    for segment in error.path() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => break,
        }
    }
    pointer
}

fn version(root: &Root) -> Result<()> {
    let Some(asset) = &root.asset else {
        return Err(Fault::new(MALFORMED, "/asset", "`asset` with the glTF version is missing")
            .hint("this JSON file is no glTF file"));
    };
    let major = asset.version.split('.').next().unwrap_or_default();
    if major != "2" {
        return Err(Fault::new(
            MALFORMED,
            "/asset/version",
            format!("glTF version \"{}\", only 2 is known", asset.version),
        )
        .hint("convert it: npx gltf-pipeline -i IN.gltf -o OUT.glb"));
    }
    match asset.min_version.as_deref() {
        None | Some("2.0") => Ok(()),
        Some(min) => {
            Err(Fault::new(MALFORMED, "/asset/minVersion", format!("the file needs glTF {min}, 2.0 is known")))
        }
    }
}

fn required_extensions(root: &Root) -> Result<()> {
    for (i, name) in root.extensions_required.iter().enumerate() {
        let known = READ.contains(&name.as_str()) || NOT_RENDERED.iter().any(|(known, _)| known == name);
        if !known {
            let hint = match name.as_str() {
                "KHR_draco_mesh_compression" => "decode it: npx gltf-pipeline -i IN.glb -o OUT.glb".to_owned(),
                "KHR_texture_basisu" => {
                    "decode the textures: npx @gltf-transform/cli ktxdecompress IN.glb OUT.glb".to_owned()
                }
                "EXT_texture_webp" | "EXT_texture_avif" => {
                    "convert the textures: npx @gltf-transform/cli png IN.glb OUT.glb --formats \"*\"".to_owned()
                }
                "EXT_meshopt_compression" | "KHR_meshopt_compression" => {
                    "export the model without meshopt compression".to_owned()
                }
                "EXT_mesh_gpu_instancing" => "export the instances as nodes".to_owned(),
                "KHR_materials_pbrSpecularGlossiness" => {
                    "convert the materials: npx @gltf-transform/cli metalrough IN.glb OUT.glb".to_owned()
                }
                _ => "export the model without this extension".to_owned(),
            };
            return Err(Fault::new(
                EXTENSION,
                format!("/extensionsRequired/{i}"),
                format!("the file requires the extension `{name}`, which is not supported"),
            )
            .hint(hint));
        }
    }
    Ok(())
}
