//! The binary container.

/// JSON and binary chunk as one file; without the latter when it is empty.
pub fn glb(json: &[u8], bin: &[u8]) -> Vec<u8> {
    let mut out = b"glTF\x02\0\0\0\0\0\0\0".to_vec();
    for (kind, data, filler) in [(b"JSON", json, b' '), (b"BIN\0", bin, 0)] {
        if data.is_empty() {
            continue;
        }
        let length = data.len().next_multiple_of(4);
        out.extend((length as u32).to_le_bytes());
        out.extend(kind);
        out.extend(data);
        out.resize(out.len() + length - data.len(), filler);
    }
    let length = out.len() as u32;
    out[8..12].copy_from_slice(&length.to_le_bytes());
    out
}
