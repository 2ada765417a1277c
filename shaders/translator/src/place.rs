//! Pointer expressions as Rust places.

use crate::Error;
use crate::function::Writer;
use crate::names::ident;
use crate::structs::member_name;
use crate::types::{PRELUDE, Shape, is_written};
use naga::{AddressSpace, ArraySize, Expression, Handle, Type, TypeInner};

/// Text that can be read, and stored to where the memory allows it.
pub struct Place {
    pub text: String,
    /// True when it dereferences a raw pointer, so that its use stands in `unsafe`.
    pub raw: bool,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    /// A place of known size.
    Plain,
    /// A view of a runtime-sized array.
    Elements { base: Handle<Type> },
    /// A view of a struct that ends in one.
    Tail { base: Handle<Type>, last: usize },
}

impl Place {
    fn plain(text: String, raw: bool) -> Self {
        Self { text, raw, kind: Kind::Plain }
    }

    /// The place as a value.
    pub fn read(&self) -> String {
        if self.raw { format!("unsafe {{ {} }}", self.text) } else { self.text.clone() }
    }
}

/// What a pointer points to, or what a composite value is.
enum Composite<'t> {
    Struct(&'t [naga::StructMember]),
    Array { base: Handle<Type>, count: u32 },
    Vector,
    Matrix { columns: u32, padded: bool },
    Scalar,
}

impl Writer<'_, '_> {
    /// The place that a pointer expression denotes. `store` when it will be written.
    pub fn place(&mut self, pointer: Handle<Expression>, store: bool) -> Result<Place, Error> {
        match self.function.expressions[pointer] {
            Expression::GlobalVariable(global) => {
                let unit = self.unit;
                let variable = &unit.module.global_variables[global];
                let name = ident(variable.name.as_deref().unwrap_or("unnamed"));
                match variable.space {
                    AddressSpace::Private => Ok(Place::plain(self.private_place(global), false)),
                    AddressSpace::Uniform => Ok(Place::plain(format!("b.{name}"), false)),
                    AddressSpace::Storage { .. } => {
                        let raw = is_written(variable.space);
                        Ok(match unit.shape(variable.ty) {
                            Shape::Fixed if raw => Place::plain(format!("(*b.{name}.at())"), true),
                            Shape::Fixed => Place::plain(format!("(*b.{name})"), false),
                            Shape::Array { base, .. } => {
                                Place { text: format!("b.{name}"), raw, kind: Kind::Elements { base } }
                            }
                            Shape::Tail { base, last, .. } => {
                                Place { text: format!("b.{name}"), raw, kind: Kind::Tail { base, last } }
                            }
                        })
                    }
                    AddressSpace::Function
                    | AddressSpace::WorkGroup
                    | AddressSpace::Handle
                    | AddressSpace::Immediate
                    | AddressSpace::TaskPayload
                    | AddressSpace::RayPayload
                    | AddressSpace::IncomingRayPayload => {
                        Err(unit.refuse(self.span(pointer), &format!("a variable in {:?}", variable.space)))
                    }
                }
            }
            Expression::LocalVariable(local) => Ok(Place::plain(self.local_name(local), false)),
            Expression::FunctionArgument(index) => {
                Ok(Place::plain(format!("(*{})", self.argument_name(index as usize)), false))
            }
            Expression::AccessIndex { base, index } => {
                let place = self.place(base, store)?;
                match place.kind {
                    Kind::Elements { base } => Ok(self.element(&place, base, &format!("{index}u32"))),
                    Kind::Tail { base: element, last } => {
                        if index as usize == last {
                            let text = format!("{}.tail()", place.text);
                            return Ok(Place { text, raw: place.raw, kind: Kind::Elements { base: element } });
                        }
                        let Composite::Struct(members) = self.composite(base) else {
                            return Err(self.unit.refuse(self.span(pointer), "this access"));
                        };
                        let field = member_name(&members[index as usize], index as usize);
                        Ok(Place::plain(format!("(*{}.head()).{field}", place.text), place.raw))
                    }
                    Kind::Plain => {
                        Ok(Place::plain(self.constant_access(&place.text, base, index, pointer)?, place.raw))
                    }
                }
            }
            Expression::Access { base, index } => {
                let place = self.place(base, store)?;
                let index = self.expression(index)?;
                match place.kind {
                    Kind::Elements { base } => {
                        Ok(self.element(&place, base, &format!("{PRELUDE}::scalar::Index::to_u32({index})")))
                    }
                    Kind::Tail { .. } => Err(self.unit.refuse(self.span(pointer), "this access")),
                    Kind::Plain => {
                        let text = match self.composite(base) {
                            Composite::Vector if store => format!("(*(&mut {}).get_mut({index}))", place.text),
                            _ => self.dynamic_access(&place.text, base, &index, pointer)?,
                        };
                        Ok(Place::plain(text, place.raw))
                    }
                }
            }
            ref other => Err(self.unit.refuse(self.span(pointer), &format!("the pointer {other:?}"))),
        }
    }

    fn element(&self, place: &Place, base: Handle<Type>, index: &str) -> Place {
        let padding = if self.unit.padded(base) { ".v" } else { "" };
        Place::plain(format!("(*{}.at({index})){padding}", place.text), place.raw)
    }

    /// The length of a runtime-sized array.
    pub fn array_length(&mut self, pointer: Handle<Expression>) -> Result<String, Error> {
        let place = self.place(pointer, false)?;
        Ok(format!("{}.len()", place.text))
    }

    /// What the expression is, or what it points to.
    fn composite(&self, handle: Handle<Expression>) -> Composite<'_> {
        let types = &self.unit.module.types;
        let inner = match *self.inner(handle) {
            TypeInner::Pointer { base, .. } => &types[base].inner,
            TypeInner::ValuePointer { size, .. } => {
                return if size.is_some() { Composite::Vector } else { Composite::Scalar };
            }
            ref inner => inner,
        };
        match *inner {
            TypeInner::Struct { ref members, .. } => Composite::Struct(members),
            TypeInner::Array { base, size: ArraySize::Constant(n), .. } => Composite::Array { base, count: n.get() },
            TypeInner::Vector { .. } => Composite::Vector,
            TypeInner::Matrix { columns, rows, .. } => {
                Composite::Matrix { columns: columns as u32, padded: rows == naga::VectorSize::Tri }
            }
            _ => Composite::Scalar,
        }
    }

    /// `base.field`, `base[3]`, `base.x`: for places and for values.
    pub fn constant_access(
        &self,
        text: &str,
        base: Handle<Expression>,
        index: u32,
        whole: Handle<Expression>,
    ) -> Result<String, Error> {
        Ok(match self.composite(base) {
            Composite::Struct(members) => format!("{text}.{}", member_name(&members[index as usize], index as usize)),
            Composite::Array { base, .. } => {
                format!("{text}[{index}]{}", if self.unit.padded(base) { ".v" } else { "" })
            }
            Composite::Vector => format!("{text}.{}", ["x", "y", "z", "w"][index as usize & 3]),
            Composite::Matrix { padded, .. } => format!("{text}.c[{index}]{}", if padded { ".v" } else { "" }),
            Composite::Scalar => return Err(self.unit.refuse(self.span(whole), "this access")),
        })
    }

    /// `base[i]` with the index clamped, for places and for values.
    pub fn dynamic_access(
        &self,
        text: &str,
        base: Handle<Expression>,
        index: &str,
        whole: Handle<Expression>,
    ) -> Result<String, Error> {
        let clamped = |count: u32| format!("{PRELUDE}::scalar::index::<{count}>({index})");
        Ok(match self.composite(base) {
            Composite::Array { base, count } => {
                format!("{text}[{}]{}", clamped(count), if self.unit.padded(base) { ".v" } else { "" })
            }
            Composite::Vector => format!("{text}.get({index})"),
            Composite::Matrix { columns, padded } => {
                format!("{text}.c[{}]{}", clamped(columns), if padded { ".v" } else { "" })
            }
            Composite::Struct(_) | Composite::Scalar => return Err(self.unit.refuse(self.span(whole), "this access")),
        })
    }
}
