//! Checked reading of accessors: nothing is allocated or indexed before it is known to lie inside its buffer.

use std::cell::Cell;

use super::fault::{ACCESSOR, Fault, LIMIT, Result, TRUNCATED, pick};
use super::json::{BufferView, Root, Uint};

/// An accessor without a buffer view has no bytes that bound its count.
const MAX_ZERO_ELEMENTS: usize = 1 << 22;
/// Elements that one call may decode; many accessors may overlap one small buffer.
const MAX_ELEMENTS: u64 = 1 << 28;

/// glTF 2.0, 3.6.2.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Component {
    I8,
    U8,
    I16,
    U16,
    U32,
    F32,
}

impl Component {
    fn of(code: Uint, pointer: impl FnOnce() -> String) -> Result<Self> {
        Ok(match code.0 {
            5120 => Self::I8,
            5121 => Self::U8,
            5122 => Self::I16,
            5123 => Self::U16,
            5125 => Self::U32,
            5126 => Self::F32,
            other => {
                return Err(Fault::new(ACCESSOR, pointer(), format!("component type {other} does not exist"))
                    .hint("one of 5120, 5121, 5122, 5123, 5125, 5126 is allowed"));
            }
        })
    }

    fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::U32 | Self::F32 => 4,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::I8 => "i8",
            Self::U8 => "u8",
            Self::I16 => "i16",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::F32 => "f32",
        }
    }
}

/// An accessor whose every byte is known to exist.
struct Checked<'a> {
    component: Component,
    normalized: bool,
    shape: &'a str,
    components: usize,
    count: usize,
    /// Bytes from the first element, and the stride between elements.
    data: Option<(&'a [u8], usize)>,
    sparse: Option<CheckedSparse<'a>>,
}

struct CheckedSparse<'a> {
    indices: Vec<usize>,
    values: &'a [u8],
}

/// Reads accessors of one file.
pub struct Reader<'a> {
    root: &'a Root,
    buffers: &'a [Vec<u8>],
    elements_left: Cell<u64>,
}

impl<'a> Reader<'a> {
    pub fn new(root: &'a Root, buffers: &'a [Vec<u8>]) -> Self {
        Self { root, buffers, elements_left: Cell::new(MAX_ELEMENTS) }
    }

    /// Everything about an accessor but the values of its elements.
    pub fn check(&self, index: usize) -> Result<()> {
        self.checked(index, &|| format!("/accessors/{index}")).map(|_| ())
    }

    /// Elements of an accessor; 0 when there is none.
    pub fn count(&self, index: Uint) -> usize {
        self.root.accessors.get(index.0).map_or(0, |a| a.count.0)
    }

    /// `SCALAR`, `VEC3` …; empty when there is none.
    pub fn shape(&self, index: Uint) -> &'a str {
        self.root.accessors.get(index.0).map_or("", |a| a.shape.as_str())
    }

    /// Finite numbers with `N` components; normalised integers become -1..1 or 0..1 (glTF 2.0, 3.11). `user` is the
    /// pointer of the property that names the accessor.
    pub fn floats<const N: usize>(&self, index: Uint, user: &str) -> Result<Vec<[f32; N]>> {
        let accessor = self.checked(index.0, &|| user.to_owned())?;
        let pointer = || format!("/accessors/{}", index.0);
        if accessor.shape != shape_of(N) {
            return Err(wrong_shape(index, user, &accessor, N));
        }
        if accessor.component == Component::U32 {
            return Err(Fault::new(ACCESSOR, pointer(), format!("u32 numbers can't be used for {user}")));
        }
        self.spend(accessor.count, &pointer)?;
        let convert = converter(accessor.component, accessor.normalized);
        let size = accessor.component.size();
        let element = |bytes: &[u8]| -> [f32; N] { std::array::from_fn(|c| convert(&bytes[c * size..(c + 1) * size])) };
        let mut values = accessor.decode([0.0; N], element);
        if accessor.component != Component::F32 {
            return Ok(values);
        }
        for (i, value) in values.iter_mut().enumerate() {
            if !value.iter().all(|c| c.is_finite()) {
                return Err(Fault::new(ACCESSOR, pointer(), format!("element {i} of {user} is not finite"))
                    .hint("the file is damaged: export it again"));
            }
        }
        Ok(values)
    }

    /// Whole numbers with `N` components.
    pub fn uints<const N: usize>(&self, index: Uint, user: &str) -> Result<Vec<[u32; N]>> {
        let accessor = self.checked(index.0, &|| user.to_owned())?;
        let pointer = || format!("/accessors/{}", index.0);
        if accessor.shape != shape_of(N) {
            return Err(wrong_shape(index, user, &accessor, N));
        }
        let component = accessor.component;
        if !matches!(component, Component::U8 | Component::U16 | Component::U32) {
            return Err(Fault::new(
                ACCESSOR,
                pointer(),
                format!("{} numbers can't be used for {user}", component.name()),
            )
            .hint("u8, u16 or u32 is allowed"));
        }
        self.spend(accessor.count, &pointer)?;
        let size = component.size();
        let element = |bytes: &[u8]| -> [u32; N] {
            // Little-endian, whatever the size.
            std::array::from_fn(|c| {
                let bytes = &bytes[c * size..(c + 1) * size];
                bytes.iter().rev().fold(0, |value, &b| value << 8 | u32::from(b))
            })
        };
        Ok(accessor.decode([0; N], element))
    }

    fn spend(&self, count: usize, pointer: &dyn Fn() -> String) -> Result<()> {
        let left = self.elements_left.get();
        let count = count as u64;
        if count > left {
            return Err(Fault::new(LIMIT, pointer(), format!("more than {MAX_ELEMENTS} elements are read in one go"))
                .hint("select fewer nodes, or split the asset"));
        }
        self.elements_left.set(left - count);
        Ok(())
    }

    fn checked(&self, index: usize, user: &dyn Fn() -> String) -> Result<Checked<'a>> {
        let accessor = pick(&self.root.accessors, index, "accessor", user)?;
        let pointer = |field: &str| format!("/accessors/{index}{field}");
        let component = Component::of(accessor.component_type, || pointer("/componentType"))?;
        let size = component.size();
        let (columns, rows) = match accessor.shape.as_str() {
            "SCALAR" => (1, 1),
            "VEC2" => (1, 2),
            "VEC3" => (1, 3),
            "VEC4" => (1, 4),
            "MAT2" => (2, 2),
            "MAT3" => (3, 3),
            "MAT4" => (4, 4),
            other => {
                return Err(Fault::new(ACCESSOR, pointer("/type"), format!("type `{other}` does not exist"))
                    .hint("one of SCALAR, VEC2, VEC3, VEC4, MAT2, MAT3, MAT4 is allowed"));
            }
        };
        // Columns of matrices start at multiples of four bytes (3.6.2.4), so `MAT2` of bytes has gaps. No property of
        // glTF uses such a matrix; here only the extent counts.
        let element_size = if columns == 1 { rows * size } else { columns * (rows * size).next_multiple_of(4) };
        let count = accessor.count.0;
        let data = match accessor.buffer_view {
            Some(view) => {
                let (bytes, view) = self.view(view, || pointer("/bufferView"))?;
                let stride = view.byte_stride.map_or(element_size, |s| s.0);
                if stride < element_size || stride > 252 {
                    return Err(Fault::new(
                        ACCESSOR,
                        pointer("/bufferView"),
                        format!("byteStride {stride} does not fit elements of {element_size} bytes"),
                    )
                    .hint("byteStride has to be at least the size of an element and at most 252"));
                }
                let offset = accessor.byte_offset.0;
                if !offset.is_multiple_of(size) || !view.byte_offset.0.wrapping_add(offset).is_multiple_of(size) {
                    return Err(Fault::new(
                        ACCESSOR,
                        pointer("/byteOffset"),
                        format!("the data is not aligned to the {size} bytes of {}", component.name()),
                    )
                    .hint("export the file again"));
                }
                let end = match count {
                    0 => Some(offset),
                    n => (n - 1).checked_mul(stride).and_then(|b| b.checked_add(element_size)?.checked_add(offset)),
                };
                let Some(bytes) = end.and_then(|end| bytes.get(offset..end)) else {
                    return Err(self.too_short(index, count, accessor.buffer_view, bytes.len()));
                };
                Some((bytes, stride))
            }
            None => {
                if count > MAX_ZERO_ELEMENTS {
                    return Err(Fault::new(
                        LIMIT,
                        pointer("/count"),
                        format!("{count} elements without a buffer view, the limit is {MAX_ZERO_ELEMENTS}"),
                    ));
                }
                None
            }
        };
        let mut checked = Checked {
            component,
            normalized: accessor.normalized,
            shape: &accessor.shape,
            components: columns * rows,
            count,
            data,
            sparse: None,
        };
        if accessor.sparse.is_some() {
            checked.sparse = Some(self.sparse(index, element_size, size)?);
        }
        Ok(checked)
    }

    /// glTF 2.0, 3.6.2.3: pairs of index and value that replace elements.
    fn sparse(&self, index: usize, element_size: usize, component_size: usize) -> Result<CheckedSparse<'a>> {
        let pointer = |field: &str| format!("/accessors/{index}/sparse{field}");
        let accessor = pick(&self.root.accessors, index, "accessor", || pointer(""))?;
        let Some(sparse) = accessor.sparse.as_deref() else {
            return Ok(CheckedSparse { indices: Vec::new(), values: &[] });
        };
        let count = sparse.count.0;
        if count > accessor.count.0 {
            let message = format!("{count} sparse elements replace {} elements", accessor.count.0);
            return Err(Fault::new(ACCESSOR, pointer("/count"), message));
        }
        let component = Component::of(sparse.indices.component_type, || pointer("/indices/componentType"))?;
        if !matches!(component, Component::U8 | Component::U16 | Component::U32) {
            let message = format!("{} numbers can't be used for indices", component.name());
            return Err(Fault::new(ACCESSOR, pointer("/indices/componentType"), message));
        }
        let slice = |view: Uint, offset: usize, size: usize, align: usize, field: &str| -> Result<&'a [u8]> {
            let (bytes, json) = self.view(view, || pointer(&format!("{field}/bufferView")))?;
            if !offset.is_multiple_of(align) || !json.byte_offset.0.wrapping_add(offset).is_multiple_of(align) {
                return Err(Fault::new(ACCESSOR, pointer(&format!("{field}/byteOffset")), "the data is not aligned"));
            }
            let end = count.checked_mul(size).and_then(|n| n.checked_add(offset));
            end.and_then(|end| bytes.get(offset..end))
                .ok_or_else(|| self.too_short(index, count, Some(view), bytes.len()))
        };
        self.spend(count, &|| pointer("/count"))?;
        let size = component.size();
        let bytes = slice(sparse.indices.buffer_view, sparse.indices.byte_offset.0, size, size, "/indices")?;
        let values =
            slice(sparse.values.buffer_view, sparse.values.byte_offset.0, element_size, component_size, "/values")?;
        let mut indices = Vec::with_capacity(count);
        for bytes in bytes.chunks_exact(size) {
            let value = bytes.iter().rev().fold(0_usize, |value, &b| value << 8 | usize::from(b));
            if value >= accessor.count.0 {
                return Err(Fault::index(pointer("/indices"), "element", value, accessor.count.0));
            }
            if indices.last().is_some_and(|&last| last >= value) {
                let message = format!("sparse index {value} does not come after the one before it");
                return Err(Fault::new(ACCESSOR, pointer("/indices"), message).hint("sparse indices have to increase"));
            }
            indices.push(value);
        }
        Ok(CheckedSparse { indices, values })
    }

    fn too_short(&self, index: usize, count: usize, view: Option<Uint>, bytes: usize) -> Fault {
        let view = view.map_or(0, |v| v.0);
        Fault::new(
            TRUNCATED,
            format!("/accessors/{index}"),
            format!("{count} elements do not fit into the {bytes} bytes of buffer view {view}"),
        )
        .hint("the file is damaged: export it again")
    }

    /// The bytes of a buffer view.
    pub fn view(&self, index: Uint, user: impl FnOnce() -> String) -> Result<(&'a [u8], &'a BufferView)> {
        let view = pick(&self.root.buffer_views, index.0, "buffer view", user)?;
        let pointer = || format!("/bufferViews/{}", index.0);
        let buffer = pick(self.buffers, view.buffer.0, "buffer", || format!("{}/buffer", pointer()))?;
        let (offset, length) = (view.byte_offset.0, view.byte_length.0);
        let bytes = offset.checked_add(length).and_then(|end| buffer.get(offset..end)).ok_or_else(|| {
            Fault::new(
                TRUNCATED,
                pointer(),
                format!(
                    "{length} bytes from byte {offset} do not fit into buffer {} of {} bytes",
                    view.buffer.0,
                    buffer.len()
                ),
            )
            .hint("the file is damaged: export it again")
        })?;
        Ok((bytes, view))
    }
}

impl Checked<'_> {
    fn decode<T: Copy>(&self, zero: T, element: impl Fn(&[u8]) -> T) -> Vec<T> {
        let size = self.component.size() * self.components;
        let mut values = match self.data {
            Some((bytes, stride)) if self.count > 0 => {
                // The last element may end before its stride does.
                (0..self.count).map(|i| element(&bytes[i * stride..i * stride + size])).collect()
            }
            _ => vec![zero; self.count],
        };
        if let Some(sparse) = &self.sparse {
            for (&at, bytes) in sparse.indices.iter().zip(sparse.values.chunks_exact(size)) {
                values[at] = element(bytes);
            }
        }
        values
    }
}

fn shape_of(components: usize) -> &'static str {
    match components {
        1 => "SCALAR",
        2 => "VEC2",
        3 => "VEC3",
        4 => "VEC4",
        _ => "MAT4",
    }
}

fn wrong_shape(index: Uint, user: &str, accessor: &Checked<'_>, wanted: usize) -> Fault {
    let message = format!("accessor {} has type {}, {} is needed", index.0, accessor.shape, shape_of(wanted));
    Fault::new(ACCESSOR, user, message).hint("the file is damaged or was edited by hand: export it again")
}

/// glTF 2.0, 3.11: f = max(c / 127, -1) and so on for normalised numbers.
fn converter(component: Component, normalized: bool) -> fn(&[u8]) -> f32 {
    fn i8_at(b: &[u8]) -> f32 {
        f32::from(b[0] as i8)
    }
    fn i16_at(b: &[u8]) -> f32 {
        f32::from(i16::from_le_bytes([b[0], b[1]]))
    }
    fn u16_at(b: &[u8]) -> f32 {
        f32::from(u16::from_le_bytes([b[0], b[1]]))
    }
    match (component, normalized) {
        (Component::F32, _) => |b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]),
        (Component::U32, _) => |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as f32,
        (Component::I8, false) => i8_at,
        (Component::U8, false) => |b| f32::from(b[0]),
        (Component::I16, false) => i16_at,
        (Component::U16, false) => u16_at,
        (Component::I8, true) => |b| (i8_at(b) / 127.0).max(-1.0),
        (Component::U8, true) => |b| f32::from(b[0]) / 255.0,
        (Component::I16, true) => |b| (i16_at(b) / 32767.0).max(-1.0),
        (Component::U16, true) => |b| u16_at(b) / 65535.0,
    }
}
