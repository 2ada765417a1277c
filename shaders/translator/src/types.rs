//! Rust types for WGSL types, of the same size and offsets.

use crate::Error;
use crate::compose::Composed;
use crate::names::ident;
use crate::parse::Valid;
use naga::proc::{Layouter, TypeResolution};
use naga::{AddressSpace, ArraySize, Handle, Scalar, ScalarKind, Span, StorageAccess, Type, TypeInner, VectorSize};

/// Where generated code finds the prelude.
pub const PRELUDE: &str = "::scenec_prelude";

/// A module under translation.
pub struct Unit<'a> {
    pub source: &'a Composed,
    pub module: &'a naga::Module,
    pub info: &'a naga::valid::ModuleInfo,
    pub layouter: Layouter,
}

impl<'a> Unit<'a> {
    pub fn new(source: &'a Composed, valid: &'a Valid) -> Result<Self, Error> {
        let mut layouter = Layouter::default();
        layouter.update(valid.module.to_ctx()).map_err(|e| source.error(Span::default(), e.to_string()))?;
        Ok(Self { source, module: &valid.module, info: &valid.info, layouter })
    }

    pub fn error(&self, span: Span, message: impl Into<String>) -> Error {
        self.source.error(span, message)
    }

    /// Gives an error without a place (naga keeps none for unnamed types) the place of what uses it.
    pub fn locate(&self, error: Error, span: Span) -> Error {
        if error.line == 0 { self.error(span, error.message) } else { error }
    }

    /// `construct` is not translated.
    pub fn refuse(&self, span: Span, construct: &str) -> Error {
        self.error(span, format!("{construct}: not supported by kernels that run on both executors"))
    }

    pub fn scalar(&self, scalar: Scalar, span: Span) -> Result<&'static str, Error> {
        let other = |name: &str| Err(self.refuse(span, name));
        match (scalar.kind, scalar.width) {
            (ScalarKind::Float, 4) => Ok("f32"),
            (ScalarKind::Sint, 4) => Ok("i32"),
            (ScalarKind::Uint, 4) => Ok("u32"),
            (ScalarKind::Bool, _) => Ok("bool"),
            (ScalarKind::Float, 2) => other("type f16"),
            (ScalarKind::Float, _) => other("type f64"),
            (ScalarKind::Sint, 2) => other("type i16"),
            (ScalarKind::Sint, _) => other("type i64"),
            (ScalarKind::Uint, 2) => other("type u16"),
            (ScalarKind::Uint, _) => other("type u64"),
            (ScalarKind::AbstractInt, _) => other("an abstract integer in a run-time expression"),
            (ScalarKind::AbstractFloat, _) => other("an abstract float in a run-time expression"),
        }
    }

    /// The Rust type of a value. Pointers have none: they are places.
    pub fn ty(&self, handle: Handle<Type>) -> Result<String, Error> {
        let span = self.module.types.get_span(handle);
        match self.module.types[handle].inner {
            TypeInner::Struct { .. } => Ok(format!("crate::types::{}", self.struct_name(handle))),
            ref inner => self.inner(inner, span),
        }
    }

    pub fn resolved(&self, resolution: &TypeResolution, span: Span) -> Result<String, Error> {
        match *resolution {
            TypeResolution::Handle(handle) => self.ty(handle),
            TypeResolution::Value(ref inner) => self.inner(inner, span),
        }
    }

    pub fn struct_name(&self, handle: Handle<Type>) -> String {
        match self.module.types[handle].name {
            Some(ref name) => ident(name),
            None => format!("Unnamed{}", handle.index()),
        }
    }

    pub fn inner(&self, inner: &TypeInner, span: Span) -> Result<String, Error> {
        let refuse = |construct: &str| Err(self.refuse(span, construct));
        match *inner {
            TypeInner::Scalar(scalar) | TypeInner::Atomic(scalar) => Ok(self.scalar(scalar, span)?.to_owned()),
            TypeInner::Vector { size, scalar } => {
                Ok(format!("{PRELUDE}::Vec{}<{}>", size as u8, self.scalar(scalar, span)?))
            }
            TypeInner::Matrix { columns, rows, scalar } => {
                let scalar = self.scalar(scalar, span)?;
                let column = match rows {
                    VectorSize::Bi => format!("{PRELUDE}::Vec2<{scalar}>"),
                    VectorSize::Tri => format!("{PRELUDE}::Padded3<{scalar}>"),
                    VectorSize::Quad => format!("{PRELUDE}::Vec4<{scalar}>"),
                };
                Ok(format!("{PRELUDE}::Mat<{column}, {}>", columns as u8))
            }
            TypeInner::Array { base, size, .. } => match size {
                ArraySize::Constant(n) => Ok(format!("[{}; {n}]", self.element(base)?)),
                ArraySize::Pending(_) => refuse("an array sized by an override"),
                ArraySize::Dynamic => refuse("a runtime-sized array here"),
            },
            TypeInner::Struct { .. } => refuse("a struct without a name"),
            TypeInner::Pointer { .. } | TypeInner::ValuePointer { .. } => refuse("a pointer as a value"),
            TypeInner::CooperativeMatrix { .. } => refuse("a cooperative matrix"),
            TypeInner::Image { .. } => refuse("a texture"),
            TypeInner::Sampler { .. } => refuse("a sampler"),
            TypeInner::AccelerationStructure { .. } => refuse("an acceleration structure"),
            TypeInner::RayQuery { .. } => refuse("a ray query"),
            TypeInner::BindingArray { .. } => refuse("a binding array"),
        }
    }

    /// The Rust type of an array's element: `vec3` takes its stride with it.
    pub fn element(&self, base: Handle<Type>) -> Result<String, Error> {
        let span = self.module.types.get_span(base);
        match self.module.types[base].inner {
            TypeInner::Vector { scalar, .. } if self.padded(base) => {
                Ok(format!("{PRELUDE}::Padded3<{}>", self.scalar(scalar, span)?))
            }
            _ => self.ty(base),
        }
    }

    /// True when elements of this type stand at a stride of 16 with a size of 12.
    pub fn padded(&self, base: Handle<Type>) -> bool {
        matches!(
            self.module.types[base].inner,
            TypeInner::Vector { size: VectorSize::Tri, scalar } if scalar.kind != ScalarKind::Bool
        )
    }

    /// True when host and device may share the type: its Rust type is `Pod`.
    pub fn shareable(&self, handle: Handle<Type>) -> bool {
        match self.module.types[handle].inner {
            TypeInner::Scalar(s) | TypeInner::Vector { scalar: s, .. } | TypeInner::Atomic(s) => {
                s.kind != ScalarKind::Bool
            }
            TypeInner::Matrix { .. } => true,
            TypeInner::Array { base, .. } => self.shareable(base),
            TypeInner::Struct { ref members, .. } => members.iter().all(|m| self.shareable(m.ty)),
            TypeInner::CooperativeMatrix { .. }
            | TypeInner::Pointer { .. }
            | TypeInner::ValuePointer { .. }
            | TypeInner::Image { .. }
            | TypeInner::Sampler { .. }
            | TypeInner::AccelerationStructure { .. }
            | TypeInner::RayQuery { .. }
            | TypeInner::BindingArray { .. } => false,
        }
    }

    /// The zero value, as a constant expression.
    pub fn zero(&self, handle: Handle<Type>) -> Result<String, Error> {
        let span = self.module.types.get_span(handle);
        match self.module.types[handle].inner {
            TypeInner::Struct { .. } => Ok(format!("{}::ZERO", self.ty(handle)?)),
            TypeInner::Array { base, size: ArraySize::Constant(n), .. } => {
                let zero = self.zero(base)?;
                let zero = if self.padded(base) { format!("{PRELUDE}::Padded3::new({zero})") } else { zero };
                Ok(format!("[{zero}; {n}]"))
            }
            ref inner => self.zero_inner(inner, span),
        }
    }

    pub fn zero_resolved(&self, resolution: &TypeResolution, span: Span) -> Result<String, Error> {
        match *resolution {
            TypeResolution::Handle(handle) => self.zero(handle),
            TypeResolution::Value(ref inner) => self.zero_inner(inner, span),
        }
    }

    fn zero_inner(&self, inner: &TypeInner, span: Span) -> Result<String, Error> {
        let zero = |scalar| -> Result<String, Error> {
            Ok(match self.scalar(scalar, span)? {
                "bool" => "false".to_owned(),
                "f32" => "0.0f32".to_owned(),
                name => format!("0{name}"),
            })
        };
        match *inner {
            TypeInner::Scalar(scalar) | TypeInner::Atomic(scalar) => zero(scalar),
            TypeInner::Vector { size, scalar } => Ok(format!("{PRELUDE}::Vec{}::splat({})", size as u8, zero(scalar)?)),
            TypeInner::Matrix { columns, rows, scalar } => {
                let column = format!("{PRELUDE}::Vec{}::splat({})", rows as u8, zero(scalar)?);
                let column =
                    if rows == VectorSize::Tri { format!("{PRELUDE}::Padded3::new({column})") } else { column };
                Ok(format!("{PRELUDE}::Mat {{ c: [{column}; {}] }}", columns as u8))
            }
            // Everything else has no zero of its own and is refused with its name.
            _ => self.inner(inner, span),
        }
    }

    /// The shape of a bound variable.
    pub fn shape(&self, ty: Handle<Type>) -> Shape {
        match self.module.types[ty].inner {
            TypeInner::Array { base, size: ArraySize::Dynamic, stride } => Shape::Array { base, stride },
            TypeInner::Struct { ref members, .. } => match members.last() {
                Some(last) => match self.module.types[last.ty].inner {
                    TypeInner::Array { base, size: ArraySize::Dynamic, stride } => {
                        Shape::Tail { base, stride, head: last.offset, last: members.len() - 1 }
                    }
                    _ => Shape::Fixed,
                },
                None => Shape::Fixed,
            },
            _ => Shape::Fixed,
        }
    }
}

/// What a bound variable is.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A type of known size.
    Fixed,
    /// A runtime-sized array.
    Array { base: Handle<Type>, stride: u32 },
    /// A struct that ends in one: bytes before it, and the member's index.
    Tail { base: Handle<Type>, stride: u32, head: u32, last: usize },
}

/// True for `var<storage, read_write>`.
pub fn is_written(space: AddressSpace) -> bool {
    matches!(space, AddressSpace::Storage { access } if access.contains(StorageAccess::STORE))
}
