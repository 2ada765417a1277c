//! OpenEXR, scene-linear Rec. 709 with its chromaticities; never a view transform inside.

use exr::meta::attribute::AttributeValue;
use exr::prelude::*;
use scenec_render::{Aovs, MatteKind};

use super::{EncodeError, cryptomatte};

/// Type of the colour channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExrDepth {
    /// 16-bit float.
    Half,
    /// 32-bit float.
    Float,
}

/// A layer beside the picture, with its channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AovLayer {
    /// `albedo.R`, `.G`, `.B`.
    Albedo,
    /// `normal.X`, `.Y`, `.Z`: world.
    Normal,
    /// `depth.Z`: metres, always 32 bits.
    Depth,
    /// `position.X`, `.Y`, `.Z`: world, metres, always 32 bits.
    Position,
    /// `motion.X`, `.Y`: pixels to the next frame.
    Motion,
}

impl AovLayer {
    /// The layer that a program calls so.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "albedo" => Self::Albedo,
            "normal" => Self::Normal,
            "depth" => Self::Depth,
            "position" => Self::Position,
            "motion" => Self::Motion,
            _ => return None,
        })
    }
}

/// What stands beside a picture in one part of a file.
#[derive(Clone, Copy, Debug)]
pub struct ExrLayers<'a> {
    /// Of the same size as the picture.
    pub aovs: &'a Aovs,
    /// Layers in any order.
    pub layers: &'a [AovLayer],
    /// Kinds of the mattes in `aovs` that are written, 32 bits each.
    pub mattes: &'a [MatteKind],
}

/// Encodes scene-linear pixels as channels R, G and B, ZIP-compressed. `rgb` holds `width * height` pixels, rows from the top.
/// Values beyond the range of half become its largest finite number, so that no compositor meets an infinity of ours.
pub fn exr(width: u32, height: u32, rgb: &[[f32; 3]], depth: ExrDepth) -> std::result::Result<Vec<u8>, EncodeError> {
    exr_with(width, height, rgb, depth, None)
}

/// The same with layers beside the picture, all in one part: what every compositor reads.
///
/// # Errors
/// When the sizes differ, a layer is not in the AOVs, or the encoder refuses.
pub fn exr_with(
    width: u32,
    height: u32,
    rgb: &[[f32; 3]],
    depth: ExrDepth,
    beside: Option<&ExrLayers<'_>>,
) -> std::result::Result<Vec<u8>, EncodeError> {
    let mut channels = Channels { depth, list: Default::default() };
    channels.colors("", ["R", "G", "B"], rgb);
    let mut attributes = LayerAttributes { software_name: Some("scenec".into()), ..LayerAttributes::default() };
    if let Some(beside) = beside {
        beside.add(width, height, &mut channels, &mut attributes)?;
    }
    // ITU-R BT.709 primaries and D65.
    let primaries = attribute::Chromaticities {
        red: Vec2(0.64, 0.33),
        green: Vec2(0.30, 0.60),
        blue: Vec2(0.15, 0.06),
        white: Vec2(0.3127, 0.3290),
    };
    channels.file(width, height, attributes, Some(primaries))
}

/// Encodes numbers that are no light: of three channels as R, G and B, of one as `channel`. Depth is always 32 bits.
pub fn exr_map(
    width: u32,
    height: u32,
    values: &[[f32; 3]],
    channel: Option<&str>,
    depth: ExrDepth,
) -> std::result::Result<Vec<u8>, EncodeError> {
    let mut channels = Channels { depth, list: Default::default() };
    match channel {
        Some("Z") => channels.float("Z", values.iter().map(|v| v[0]).collect()),
        Some(name) => channels.number(name, values.iter().map(|v| v[0])),
        None => channels.colors("", ["R", "G", "B"], values),
    }
    let attributes = LayerAttributes { software_name: Some("scenec".into()), ..LayerAttributes::default() };
    channels.file(width, height, attributes, None)
}

/// The same file with the attributes of its header sorted by name, as the OpenEXR library writes them: the encoder keeps those that it does
/// not know in a hash map. Layout: OpenEXR file layout, "header".
fn in_order(mut file: Vec<u8>) -> Vec<u8> {
    // Behind magic number and version.
    let start = 8;
    let mut attributes: Vec<&[u8]> = Vec::new();
    let mut at = start;
    while file.get(at).is_some_and(|byte| *byte != 0) {
        let text = |from: usize| Some(from + file.get(from..)?.iter().position(|byte| *byte == 0)? + 1);
        let size = |from: usize| Some(i32::from_le_bytes(file.get(from..from + 4)?.try_into().ok()?));
        let end = text(at).and_then(text).and_then(|from| from.checked_add(4 + usize::try_from(size(from)?).ok()?));
        match end.and_then(|end| Some((end, file.get(at..end)?))) {
            Some((end, attribute)) => {
                attributes.push(attribute);
                at = end;
            }
            // Not what this crate writes.
            None => return file,
        }
    }
    // Names end with a zero, which is less than any letter.
    attributes.sort_unstable();
    let header = attributes.concat();
    file[start..at].copy_from_slice(&header);
    file
}

fn refused(reason: String) -> EncodeError {
    EncodeError { format: "OpenEXR", reason }
}

/// The channels of a part in the making.
struct Channels {
    depth: ExrDepth,
    list: SmallVec<[AnyChannel<FlatSamples>; 4]>,
}

impl Channels {
    fn float(&mut self, name: &str, samples: Vec<f32>) {
        let mut channel = AnyChannel::new(name, FlatSamples::F32(samples));
        channel.quantize_linearly = true;
        self.list.push(channel);
    }

    /// As deep as the picture.
    fn number(&mut self, name: &str, samples: impl Iterator<Item = f32>) {
        let samples = match self.depth {
            ExrDepth::Float => FlatSamples::F32(samples.collect()),
            ExrDepth::Half => {
                let limit = f16::MAX.to_f32();
                FlatSamples::F16(samples.map(|x| f16::from_f32(x.clamp(-limit, limit))).collect())
            }
        };
        self.list.push(AnyChannel::new(name, samples));
    }

    fn colors<const N: usize>(&mut self, layer: &str, names: [&str; N], pixels: &[[f32; N]]) {
        for (index, name) in names.into_iter().enumerate() {
            self.number(&format!("{layer}{name}"), pixels.iter().map(|p| p[index]));
        }
    }

    /// A file of one part that has these channels.
    fn file(
        self,
        width: u32,
        height: u32,
        attributes: LayerAttributes,
        primaries: Option<attribute::Chromaticities>,
    ) -> std::result::Result<Vec<u8>, EncodeError> {
        let layer = Layer::new(
            (width as usize, height as usize),
            attributes,
            Encoding { compression: Compression::ZIP16, blocks: Blocks::ScanLines, line_order: LineOrder::Increasing },
            AnyChannels::sort(self.list),
        );
        let mut image = Image::from_layer(layer);
        image.attributes.chromaticities = primaries;
        let mut out = std::io::Cursor::new(Vec::new());
        // One thread: parallel compression may order the blocks by which is done first.
        image.write().non_parallel().to_buffered(&mut out).map_err(|e| refused(e.to_string()))?;
        Ok(in_order(out.into_inner()))
    }
}

impl ExrLayers<'_> {
    fn add(
        &self,
        width: u32,
        height: u32,
        channels: &mut Channels,
        attributes: &mut LayerAttributes,
    ) -> std::result::Result<(), EncodeError> {
        let aovs = self.aovs;
        if (aovs.width, aovs.height) != (width, height) {
            let reason =
                format!("the picture has {width} x {height} pixels, its layers {} x {}", aovs.width, aovs.height);
            return Err(refused(reason));
        }
        for layer in self.layers {
            match layer {
                AovLayer::Albedo => channels.colors("albedo.", ["R", "G", "B"], &aovs.albedo),
                AovLayer::Normal => channels.colors("normal.", ["X", "Y", "Z"], &aovs.normal),
                AovLayer::Depth => channels.float("depth.Z", aovs.depth.clone()),
                AovLayer::Position => {
                    for (index, name) in ["position.X", "position.Y", "position.Z"].into_iter().enumerate() {
                        channels.float(name, aovs.position.iter().map(|p| p[index]).collect());
                    }
                }
                AovLayer::Motion => {
                    let motion =
                        aovs.motion.as_ref().ok_or_else(|| refused("there is no next frame to move to".into()))?;
                    channels.colors("motion.", ["X", "Y"], motion);
                }
            }
        }
        for kind in self.mattes {
            let matte = aovs.mattes.iter().find(|m| m.kind == *kind);
            let matte =
                matte.ok_or_else(|| refused(format!("there is no matte {}", cryptomatte::layer_name(*kind))))?;
            for (name, samples) in cryptomatte::channels(matte) {
                channels.float(&name, samples);
            }
            for (key, text) in cryptomatte::attributes(matte) {
                attributes.other.insert(key.as_str().into(), AttributeValue::Text(text.as_str().into()));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use scenec_render::{BACKGROUND, Matte, Rank};

    use super::*;

    fn read_back(bytes: &[u8]) -> (FlatImage, Vec<Vec<f32>>) {
        let image = read()
            .no_deep_data()
            .largest_resolution_level()
            .all_channels()
            .all_layers()
            .all_attributes()
            .from_buffered(std::io::Cursor::new(bytes))
            .unwrap();
        let channels =
            image.layer_data[0].channel_data.list.iter().map(|c| c.sample_data.values_as_f32().collect()).collect();
        (image, channels)
    }

    #[test]
    fn float_keeps_every_bit_and_the_primaries() {
        let pixels = [[1.5, -0.25, 1e-20], [3e5, 0.1, 7.0]];
        let (image, channels) = read_back(&exr(2, 1, &pixels, ExrDepth::Float).unwrap());
        assert_eq!(channels, [[1e-20, 7.0], [-0.25, 0.1], [1.5, 3e5]], "channels in the order B, G, R");
        let primaries = image.attributes.chromaticities.unwrap();
        assert_eq!(primaries.red, Vec2(0.64, 0.33));
    }

    #[test]
    fn half_has_no_infinity() {
        let (_, channels) = read_back(&exr(1, 1, &[[1e9, 0.5, 0.0]], ExrDepth::Half).unwrap());
        assert_eq!(channels[2], [65504.0]);
        assert_eq!(channels[1], [0.5]);
    }

    #[test]
    fn same_pixels_same_bytes() {
        let pixels: Vec<_> = (0..64 * 64).map(|i| [i as f32, 0.5, -1.0]).collect();
        let encode = || exr(64, 64, &pixels, ExrDepth::Half).unwrap();
        assert_eq!(encode(), encode());
    }

    fn aovs() -> Aovs {
        let rank = |name, coverage| Rank { name, coverage };
        let none = rank(0, 0.0);
        let names = ["set/a", "set/ü", "set/\"c\""].map(str::to_owned).to_vec();
        let pixels = vec![
            [rank(1, 0.625), rank(0, 0.25), rank(2, 0.125), none, none, none],
            [rank(2, 1.0), none, none, none, none, none],
        ];
        let matte = |kind| Matte { kind, names: names.clone(), pixels: pixels.clone(), dropped: 0.0 };
        Aovs {
            width: 2,
            height: 1,
            samples: 8,
            albedo: vec![[0.1, 0.2, 0.3], [1.0; 3]],
            normal: vec![[0.0, 1.0, 0.0], [0.0, 0.0, -1.0]],
            depth: vec![1.0 / 3.0, BACKGROUND],
            position: vec![[1e-3, 70_000.1, -5.0], [0.0; 3]],
            motion: Some(vec![[0.5, -12.25], [1e6, 0.0]]),
            mattes: vec![matte(MatteKind::Object), matte(MatteKind::Material)],
        }
    }

    const LAYERS: [AovLayer; 5] =
        [AovLayer::Albedo, AovLayer::Normal, AovLayer::Depth, AovLayer::Position, AovLayer::Motion];

    fn write(aovs: &Aovs, depth: ExrDepth, mattes: &[MatteKind]) -> std::result::Result<Vec<u8>, EncodeError> {
        exr_with(2, 1, &[[1.0, 2.0, 3.0]; 2], depth, Some(&ExrLayers { aovs, layers: &LAYERS, mattes }))
    }

    #[test]
    fn layers_stand_in_one_part_with_their_names_and_types() {
        for depth in [ExrDepth::Half, ExrDepth::Float] {
            let aovs = aovs();
            let (image, channels) = read_back(&write(&aovs, depth, &[MatteKind::Object]).unwrap());
            assert_eq!(image.layer_data.len(), 1);
            assert_eq!(image.layer_data[0].encoding.blocks, Blocks::ScanLines);
            let list = &image.layer_data[0].channel_data.list;
            let find =
                |name: &str| list.iter().position(|c| c.name.to_string() == name).unwrap_or_else(|| panic!("{name}"));
            let values = |name: &str| channels[find(name)].clone();
            let is_float = |name: &str| matches!(list[find(name)].sample_data, FlatSamples::F32(_));
            assert_eq!(list.len(), 3 + 3 + 3 + 1 + 3 + 2 + 12);
            assert_eq!(values("G"), [2.0, 2.0]);
            assert!((values("albedo.B")[0] - 0.3).abs() < 1e-3);
            assert_eq!(values("normal.Z"), [0.0, -1.0]);
            assert_eq!(values("depth.Z"), [1.0 / 3.0, 1e10]);
            assert_eq!(values("position.Y"), [70_000.1, 0.0]);
            assert_eq!(values("motion.X"), [0.5, if depth == ExrDepth::Half { 65504.0 } else { 1e6 }]);
            assert_eq!(values("motion.Y"), [-12.25, 0.0]);
            for name in ["depth.Z", "position.X", "CryptoObject00.R", "CryptoObject02.A"] {
                assert!(is_float(name), "{name}");
            }
            for name in ["R", "albedo.R", "normal.X", "motion.X"] {
                assert_eq!(is_float(name), depth == ExrDepth::Float, "{name}");
            }
        }
    }

    #[test]
    fn cryptomatte_is_read_by_its_header() {
        let aovs = aovs();
        let kinds = [MatteKind::Material, MatteKind::Object];
        let (image, channels) = read_back(&write(&aovs, ExrDepth::Half, &kinds).unwrap());
        let layer = &image.layer_data[0];
        let text = |key: &str| match layer.attributes.other.iter().find(|(k, _)| **k == *key) {
            Some((_, AttributeValue::Text(text))) => text.to_string(),
            other => panic!("{key}: {other:?}"),
        };
        // As a plugin does: the layers by their names, their ids by the manifest, the coverage of a name by its id.
        let mut layers = 0;
        for key in layer.attributes.other.keys().map(ToString::to_string).filter(|k| k.ends_with("/name")) {
            layers += 1;
            let base = key.strip_suffix("/name").unwrap();
            let name = text(&key);
            assert_eq!(base, &format!("cryptomatte/{}", &format!("{:08x}", cryptomatte::id(&name))[..7]));
            assert_eq!(text(&format!("{base}/hash")), "MurmurHash3_32");
            assert_eq!(text(&format!("{base}/conversion")), "uint32_to_float32");
            let manifest: std::collections::BTreeMap<String, String> =
                serde_json::from_str(&text(&format!("{base}/manifest"))).unwrap();
            assert_eq!(manifest.keys().collect::<Vec<_>>(), ["set/\"c\"", "set/a", "set/ü"]);
            let coverage = |thing: &str, pixel: usize| {
                let id = f32::from_bits(u32::from_str_radix(&manifest[thing], 16).unwrap());
                let value = |channel: String| {
                    let at = layer.channel_data.list.iter().position(|c| c.name.to_string() == channel).unwrap();
                    channels[at][pixel]
                };
                let ranks = (0..3).flat_map(|n| [(n, "R", "G"), (n, "B", "A")]);
                let found = ranks.filter(|(n, r, _)| value(format!("{name}{n:02}.{r}")) == id);
                found.map(|(n, _, g)| value(format!("{name}{n:02}.{g}"))).sum::<f32>()
            };
            assert_eq!(coverage("set/ü", 0), 0.625);
            assert_eq!(coverage("set/a", 0), 0.25);
            assert_eq!(coverage("set/\"c\"", 0), 0.125);
            assert_eq!(coverage("set/\"c\"", 1), 1.0);
            assert_eq!(coverage("set/a", 1), 0.0);
        }
        assert_eq!(layers, 2);
    }

    #[test]
    fn same_layers_same_bytes() {
        let kinds = [MatteKind::Object, MatteKind::Material];
        let first = write(&aovs(), ExrDepth::Half, &kinds).unwrap();
        for _ in 0..8 {
            assert_eq!(write(&aovs(), ExrDepth::Half, &kinds).unwrap(), first);
        }
    }

    #[test]
    fn what_is_not_there_is_said() {
        let whole = aovs();
        let still = Aovs { motion: None, ..aovs() };
        let large = Aovs { width: 4, ..aovs() };
        let asset = write(&whole, ExrDepth::Half, &[MatteKind::Asset]).unwrap_err();
        assert!(asset.reason.contains("CryptoAsset"), "{asset}");
        assert!(write(&still, ExrDepth::Half, &[]).unwrap_err().reason.contains("next frame"));
        assert!(write(&large, ExrDepth::Half, &[]).unwrap_err().reason.contains("4 x 1"));
    }
}
