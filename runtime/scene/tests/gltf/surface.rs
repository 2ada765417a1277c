//! Materials, textures, variants.

use std::sync::Arc;

use image::ExtendedColorType as Color;
use scenec_scene::gltf::{Document, Select};
use scenec_scene::{AlphaMode, Encoding, Filter, Material, Standard, Wrap};
use serde_json::{Value, json};

use crate::support::{Builder, assert_close, data_uri, jpeg, load, one, png};

fn document(material: Value, more: Value) -> Document {
    let mut b = Builder::default();
    let position = b.triangle();
    let mut rest = one(json!({ "attributes": { "POSITION": position }, "material": 0 }));
    rest["materials"] = json!([material]);
    for (key, value) in more.as_object().unwrap() {
        rest[key] = value.clone();
    }
    load(&b.gltf(rest)).unwrap()
}

fn material(material: Value, more: Value) -> Material {
    (*document(material, more).instances(&Select::default(), "").unwrap()[0].material).clone()
}

#[test]
fn defaults_are_those_of_gltf() {
    let m = material(json!({ "name": "plain" }), json!({}));
    let expected = Material {
        name: "plain".into(),
        standard: Standard::Khr,
        metallic: 1.0,
        roughness: 1.0,
        thin_walled: true,
        coat_ior: 1.5,
        coat_darkening: 0.0,
        fuzz_roughness: 0.0,
        ..Material::default()
    };
    assert_eq!(m, expected);
    let mut b = Builder::default();
    let position = b.triangle();
    let none = load(&b.gltf(one(json!({ "attributes": { "POSITION": position } })))).unwrap();
    let none = none.instances(&Select::default(), "").unwrap();
    let default = Material { name: "default".into(), metallic: 1.0, ..Material::default() };
    assert_eq!(*none[0].material, default);
}

#[test]
fn factors_and_extensions() {
    let m = material(
        json!({
            "pbrMetallicRoughness": { "baseColorFactor": [0.1, 0.2, 0.3, 0.4], "metallicFactor": 0.25, "roughnessFactor": 0.75 },
            "emissiveFactor": [1, 0.5, 0], "alphaMode": "MASK", "doubleSided": true,
            "extensions": {
                "KHR_materials_emissive_strength": { "emissiveStrength": 20 },
                "KHR_materials_specular": { "specularFactor": 0, "specularColorFactor": [2, 1, 0.5] },
                "KHR_materials_ior": { "ior": 1.33 },
                "KHR_materials_unlit": {},
            },
        }),
        json!({}),
    );
    assert_eq!(m.base_color, [0.1, 0.2, 0.3, 0.4]);
    assert_eq!((m.metallic, m.roughness, m.ior, m.specular), (0.25, 0.75, 1.33, 0.0));
    assert_eq!((m.emission, m.specular_color), ([20.0, 10.0, 0.0], [2.0, 1.0, 0.5]));
    assert_eq!(m.alpha_mode, AlphaMode::Mask(0.5));
    assert!(m.double_sided && m.unlit);
    assert_eq!(m.name, "material_0");
    let blend = material(json!({ "alphaMode": "BLEND" }), json!({}));
    assert_eq!(blend.alpha_mode, AlphaMode::Blend);
    let cutoff = material(json!({ "alphaMode": "MASK", "alphaCutoff": 0.2 }), json!({}));
    assert_eq!(cutoff.alpha_mode, AlphaMode::Mask(0.2));
}

#[test]
fn layers_and_bodies() {
    let image = data_uri(&png(1, 1, Color::Rgb8, &[9, 9, 9]));
    let more = json!({ "images": [{ "uri": image }], "textures": [{ "source": 0 }] });
    let picture = json!({ "index": 0 });
    let m = material(
        json!({ "extensions": {
            "KHR_materials_clearcoat": {
                "clearcoatFactor": 0.75, "clearcoatTexture": picture,
                "clearcoatRoughnessFactor": 0.25, "clearcoatRoughnessTexture": picture,
            },
            "KHR_materials_sheen": {
                "sheenColorFactor": [0.5, 0.25, 0], "sheenColorTexture": picture,
                "sheenRoughnessFactor": 0.4, "sheenRoughnessTexture": picture,
            },
            "KHR_materials_transmission": { "transmissionFactor": 0.9, "transmissionTexture": picture },
            "KHR_materials_volume": {
                "thicknessFactor": 0.1, "attenuationDistance": 2, "attenuationColor": [0.9, 0.5, 0.1],
            },
            "KHR_materials_anisotropy": {
                "anisotropyStrength": 0.6, "anisotropyRotation": 1.5, "anisotropyTexture": picture,
            },
            "KHR_materials_dispersion": { "dispersion": 0.3 },
            "KHR_materials_specular": { "specularTexture": picture, "specularColorTexture": picture },
        } }),
        more,
    );
    assert_eq!((m.standard, m.coat, m.coat_roughness, m.coat_ior), (Standard::Khr, 0.75, 0.25, 1.5));
    assert_eq!((m.fuzz, m.fuzz_color, m.fuzz_roughness), (0.5, [1.0, 0.5, 0.0], 0.4));
    assert_eq!((m.transmission, m.transmission_color, m.transmission_depth), (0.9, [0.9, 0.5, 0.1], 2.0));
    assert_eq!((m.anisotropy, m.anisotropy_rotation, m.dispersion, m.thin_walled), (0.6, 1.5, 0.3, false));
    // Of all but the four of the core.
    assert_eq!(m.textures().into_iter().filter(|t| t.is_some()).count(), 8);
    let encoding = |t: &Option<scenec_scene::TextureRef>| t.as_ref().unwrap().texture.encoding;
    assert_eq!(encoding(&m.fuzz_color_texture), Encoding::Srgb);
    assert_eq!(encoding(&m.specular_color_texture), Encoding::Srgb);
    assert_eq!(encoding(&m.coat_texture), Encoding::Linear);

    // Without a thickness, or without a volume at all, there is no inside; without a distance nothing is absorbed.
    let pane = |volume: Value| {
        let transmission = json!({ "transmissionFactor": 1 });
        let extensions = json!({ "KHR_materials_transmission": transmission, "KHR_materials_volume": volume });
        let m = material(json!({ "extensions": extensions }), json!({}));
        (m.thin_walled, m.transmission_color, m.transmission_depth)
    };
    assert_eq!(pane(json!({})), (true, [1.0; 3], 0.0));
    assert_eq!(pane(json!({ "thicknessFactor": 1, "attenuationColor": [0.5, 0.5, 0.5] })), (false, [1.0; 3], 0.0));
    assert_eq!(
        pane(json!({ "attenuationDistance": 3, "attenuationColor": [0.5, 1, 1] })),
        (true, [0.5, 1.0, 1.0], 3.0)
    );
}

#[test]
fn known_but_not_rendered_leaves_a_note() {
    let d = document(
        json!({ "extensions": {
            "KHR_materials_clearcoat": { "clearcoatFactor": 1, "clearcoatNormalTexture": { "index": 0 } },
            "KHR_materials_iridescence": {},
        } }),
        json!({
            "extensionsUsed": ["KHR_materials_clearcoat", "KHR_materials_iridescence", "ACME_paint"],
            "extensionsRequired": ["KHR_materials_clearcoat"],
        }),
    );
    let notes: Vec<_> = d.notes().iter().map(|n| (n.pointer.as_str(), n.message.as_str())).collect();
    assert_eq!(
        notes,
        [
            ("/extensionsUsed/2", "the extension `ACME_paint` is not known and ignored"),
            (
                "/materials/0/extensions/KHR_materials_clearcoat/clearcoatNormalTexture",
                "a normal map of the clear coat is not rendered yet, the coat has the surface's normals"
            ),
            ("/materials/0/extensions/KHR_materials_iridescence", "iridescence is not rendered yet"),
        ]
    );
}

/// The transform of the specification's own example: the lower left quadrant, turned by a quarter clockwise.
#[test]
fn texture_transform() {
    let image = data_uri(&png(1, 1, Color::Rgb8, &[9, 9, 9]));
    let more = json!({ "images": [{ "uri": image }], "textures": [{ "source": 0 }] });
    let slot = |extension: Value| {
        let info = json!({ "index": 0, "texCoord": 0, "extensions": { "KHR_texture_transform": extension } });
        material(json!({ "emissiveTexture": info }), more.clone()).emission_texture.unwrap()
    };
    let turned = slot(json!({ "offset": [0, 1], "rotation": std::f32::consts::FRAC_PI_2, "scale": [0.5, 0.5] }));
    let map = |t: &scenec_scene::TextureRef, u: f32, v: f32| t.transform.map(|[a, b, c]| a * u + b * v + c);
    for (uv, expected) in
        [([0.0, 0.0], [0.0, 1.0]), ([1.0, 0.0], [0.0, 0.5]), ([0.0, 1.0], [0.5, 1.0]), ([1.0, 1.0], [0.5, 0.5])]
    {
        assert_close(&map(&turned, uv[0], uv[1]), &expected, 1e-6);
    }
    // Scale comes before rotation: translation * rotation * scale.
    let stretched = slot(json!({ "rotation": std::f32::consts::FRAC_PI_2, "scale": [2, 3] }));
    assert_close(&map(&stretched, 1.0, 0.0), &[0.0, -2.0], 1e-6);
    assert_close(&map(&stretched, 0.0, 1.0), &[3.0, 0.0], 1e-6);
    assert_eq!(slot(json!({ "texCoord": 1 })).uv_set, 1);
    assert_eq!(slot(json!({})).transform, [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]);
}

#[test]
fn samplers_encodings_and_sharing() {
    let image = data_uri(&png(2, 1, Color::Rgb8, &[1, 2, 3, 4, 5, 6]));
    let m = material(
        json!({
            "pbrMetallicRoughness": { "baseColorTexture": { "index": 0 }, "metallicRoughnessTexture": { "index": 0 } },
            "normalTexture": { "index": 1, "scale": 0.5 }, "emissiveTexture": { "index": 0 },
        }),
        json!({
            "images": [{ "uri": image }], "textures": [{ "source": 0 }, { "source": 0, "sampler": 0 }],
            "samplers": [{ "wrapS": 33071, "wrapT": 33648, "magFilter": 9728 }],
        }),
    );
    let [base, rough, normal, emission] =
        [&m.base_color_texture, &m.metallic_roughness_texture, &m.normal_texture, &m.emission_texture]
            .map(|t| &t.as_ref().unwrap().texture);
    assert_eq!((base.encoding, rough.encoding, normal.encoding), (Encoding::Srgb, Encoding::Linear, Encoding::Linear));
    assert!(Arc::ptr_eq(base, emission) && !Arc::ptr_eq(base, rough));
    assert_eq!((base.wrap_u, base.wrap_v, base.filter), (Wrap::Repeat, Wrap::Repeat, Filter::Linear));
    assert_eq!((normal.wrap_u, normal.wrap_v, normal.filter), (Wrap::Clamp, Wrap::Mirror, Filter::Nearest));
    assert_eq!((base.width, base.height, base.rgba.as_slice()), (2, 1, &[1, 2, 3, 255, 4, 5, 6, 255][..]));
    assert_eq!(m.normal_scale, 0.5);
}

#[test]
fn all_kinds_of_png_and_jpeg() {
    let be = |v: &[u16]| v.iter().flat_map(|v| v.to_ne_bytes()).collect::<Vec<u8>>();
    let palette = {
        // Two entries, one with alpha, indices 1 and 0 at one bit each.
        let mut out = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut out, 2, 1);
        encoder.set_color(::png::ColorType::Indexed);
        encoder.set_depth(::png::BitDepth::One);
        encoder.set_palette(vec![10, 20, 30, 40, 50, 60]);
        encoder.set_trns(vec![255, 7]);
        encoder.write_header().unwrap().write_image_data(&[0b1000_0000]).unwrap();
        out
    };
    let cases: [(Vec<u8>, [u8; 8]); 7] = [
        (png(2, 1, Color::L8, &[7, 9]), [7, 7, 7, 255, 9, 9, 9, 255]),
        (png(2, 1, Color::La8, &[7, 1, 9, 2]), [7, 7, 7, 1, 9, 9, 9, 2]),
        (png(2, 1, Color::Rgba8, &[1, 2, 3, 4, 5, 6, 7, 8]), [1, 2, 3, 4, 5, 6, 7, 8]),
        (png(2, 1, Color::L16, &be(&[0, 65535])), [0, 0, 0, 255, 255, 255, 255, 255]),
        (png(2, 1, Color::Rgb16, &be(&[257, 514, 771, 65535, 0, 65535])), [1, 2, 3, 255, 255, 0, 255, 255]),
        (png(2, 1, Color::Rgba16, &be(&[257, 514, 771, 1028, 0, 0, 0, 0])), [1, 2, 3, 4, 0, 0, 0, 0]),
        (palette, [40, 50, 60, 7, 10, 20, 30, 255]),
    ];
    let texture = |bytes: &[u8]| {
        // The declared type is wrong on purpose: the content counts.
        let more =
            json!({ "images": [{ "uri": data_uri(bytes), "mimeType": "image/webp" }], "textures": [{ "source": 0 }] });
        material(json!({ "emissiveTexture": { "index": 0 } }), more).emission_texture.unwrap().texture
    };
    for (i, (bytes, expected)) in cases.iter().enumerate() {
        assert_eq!(texture(bytes).rgba, expected, "case {i}");
    }
    let jpeg = texture(&jpeg(8, 8, &[200, 100, 50].repeat(64)));
    assert_eq!((jpeg.width, jpeg.height), (8, 8));
    for pixel in jpeg.rgba.chunks_exact(4) {
        assert!(pixel.iter().zip([200, 100, 50, 255]).all(|(a, b)| a.abs_diff(b) <= 3), "{pixel:?}");
    }
}

#[test]
fn images_in_buffer_views_and_beside_the_asset() {
    let picture = png(1, 1, Color::Rgb8, &[11, 22, 33]);
    let mut b = Builder::default();
    let position = b.triangle();
    let view = b.view(&picture, None);
    let mut rest = one(json!({ "attributes": { "POSITION": position }, "material": 0 }));
    rest["materials"] =
        json!([{ "pbrMetallicRoughness": { "baseColorTexture": { "index": 0 } }, "emissiveTexture": { "index": 1 } }]);
    rest["textures"] = json!([{ "source": 0 }, { "source": 1 }]);
    rest["images"] = json!([{ "bufferView": view, "mimeType": "image/png" }, { "uri": "my%20maps/glow.png" }]);
    let read = |path: &str| if path == "my maps/glow.png" { Ok(picture.clone()) } else { Err(format!("no {path}")) };
    let bytes = b.glb(rest);
    let document = Document::load("a.glb", &bytes, &read).unwrap();
    let m = document.instances(&Select::default(), "").unwrap()[0].material.clone();
    for slot in [&m.base_color_texture, &m.emission_texture] {
        assert_eq!(slot.as_ref().unwrap().texture.rgba, [11, 22, 33, 255]);
    }
    let other = Document::load("a.glb", &bytes, &|_| Ok(png(1, 1, Color::Rgb8, &[0, 0, 0]))).unwrap();
    assert_ne!(other.digest(), document.digest(), "external files count");
    let same = Document::load("b.glb", &bytes, &read).unwrap();
    assert_eq!(same.digest(), document.digest(), "the path does not");
}

#[test]
fn images_that_no_selected_material_uses_are_not_decoded() {
    let d = document(
        json!({}),
        json!({ "images": [{ "uri": "data:,broken" }], "textures": [{ "source": 0 }], "materials": [{}, { "emissiveTexture": { "index": 0 } }] }),
    );
    assert_eq!(d.instances(&Select::default(), "").unwrap().len(), 1);
}

#[test]
fn variants() {
    let mut b = Builder::default();
    let position = b.triangle();
    let mut rest = one(json!({
        "attributes": { "POSITION": position }, "material": 0,
        "extensions": { "KHR_materials_variants": { "mappings": [
            { "material": 1, "variants": [0, 2] }, { "material": 2, "variants": [1] },
        ] } },
    }));
    rest["materials"] = json!([{ "name": "plain" }, { "name": "red" }, { "name": "blue" }]);
    rest["extensions"] = json!({ "KHR_materials_variants": { "variants": [{ "name": "rain" }, { "name": "gala" }, { "name": "work" }] } });
    let document = load(&b.gltf(rest)).unwrap();
    assert_eq!(document.index().variants, ["rain", "gala", "work"]);
    let name =
        |variant| document.instances(&Select { variant, ..Select::default() }, "").unwrap()[0].material.name.clone();
    let names = [None, Some("rain"), Some("gala"), Some("work")].map(name);
    assert_eq!(names, ["plain", "red", "blue", "red"]);
    let error = document.instances(&Select { variant: Some("galla"), ..Select::default() }, "").unwrap_err();
    assert_eq!((error.code, error.hint.as_deref()), ("E0509", Some("did you mean \"gala\"?")));
}
