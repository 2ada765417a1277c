//! Module constants and literals.

use crate::Error;
use crate::names::ident;
use crate::structs::doc;
use crate::types::{PRELUDE, Unit};
use naga::{Constant, Expression, Handle, Literal, Span, TypeInner, VectorSize};

/// A constant, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstDefinition {
    /// Its Rust name.
    pub name: String,
    /// Its Rust source.
    pub text: String,
}

impl Unit<'_> {
    /// Every named constant of the module.
    pub fn constants(&self) -> Result<Vec<ConstDefinition>, Error> {
        let mut out = Vec::new();
        for (handle, constant) in self.module.constants.iter() {
            let Some(ref name) = constant.name else { continue };
            let name = ident(name);
            let span = self.module.constants.get_span(handle);
            let ty = self.ty(constant.ty).map_err(|e| self.locate(e, span))?;
            let value = self.constant_expression(constant.init, "")?;
            let docs = self.module.doc_comments.as_deref().and_then(|d| d.constants.get(&handle));
            // An array that were a `const` would be copied at each use.
            let keyword = match self.module.types[constant.ty].inner {
                TypeInner::Array { .. } => "static",
                _ => "const",
            };
            let text = format!("{}pub {keyword} {name}: {ty} = {value};\n", doc(docs, ""));
            out.push(ConstDefinition { name, text });
        }
        Ok(out)
    }

    /// A constant where it is used.
    pub fn constant(&self, handle: Handle<Constant>, path: &str) -> Result<String, Error> {
        let constant = &self.module.constants[handle];
        match constant.name {
            Some(ref name) => Ok(format!("{path}{}", ident(name))),
            None => self.constant_expression(constant.init, path),
        }
    }

    pub fn literal(&self, literal: Literal, span: Span) -> Result<String, Error> {
        let refuse = |name| Err(self.refuse(span, name));
        match literal {
            Literal::F32(x) if !x.is_finite() => Ok(format!("f32::from_bits({:#x})", x.to_bits())),
            Literal::F32(x) if x.is_sign_negative() => Ok(format!("({x:?}f32)")),
            Literal::F32(x) => Ok(format!("{x:?}f32")),
            Literal::U32(x) => Ok(format!("{x}u32")),
            Literal::I32(x) if x < 0 => Ok(format!("({x}i32)")),
            Literal::I32(x) => Ok(format!("{x}i32")),
            Literal::Bool(x) => Ok(format!("{x}")),
            Literal::F64(_) => refuse("a literal of type f64"),
            Literal::F16(_) => refuse("a literal of type f16"),
            Literal::U16(_) => refuse("a literal of type u16"),
            Literal::I16(_) => refuse("a literal of type i16"),
            Literal::U64(_) => refuse("a literal of type u64"),
            Literal::I64(_) => refuse("a literal of type i64"),
            Literal::AbstractInt(_) | Literal::AbstractFloat(_) => refuse("an abstract literal"),
        }
    }

    /// A module-scope constant expression, as one in Rust; `path` leads to the module of constants.
    pub fn constant_expression(&self, handle: Handle<Expression>, path: &str) -> Result<String, Error> {
        let arena = &self.module.global_expressions;
        let span = arena.get_span(handle);
        match arena[handle] {
            Expression::Literal(literal) => self.literal(literal, span),
            Expression::Constant(constant) => self.constant(constant, path),
            Expression::ZeroValue(ty) => self.zero(ty),
            Expression::Splat { size, value } => {
                Ok(format!("{PRELUDE}::Vec{}::splat({})", size as u8, self.constant_expression(value, path)?))
            }
            Expression::Compose { ty, ref components } => match self.module.types[ty].inner {
                TypeInner::Vector { size, .. } => {
                    let mut lanes = Vec::new();
                    for &component in components {
                        self.lanes(component, path, &mut lanes)?;
                    }
                    Ok(format!("{PRELUDE}::Vec{}::new({})", size as u8, lanes.join(", ")))
                }
                _ => {
                    let values: Result<Vec<_>, _> =
                        components.iter().map(|&c| self.constant_expression(c, path)).collect();
                    self.aggregate(ty, &values?, span)
                }
            },
            // naga folds everything else before it gets here.
            ref other => Err(self.refuse(span, &format!("the constant expression {other:?}"))),
        }
    }

    /// An array, matrix or struct of these components.
    pub fn aggregate(&self, ty: Handle<naga::Type>, values: &[String], span: Span) -> Result<String, Error> {
        let pad = |v: &String| format!("{PRELUDE}::Padded3::new({v})");
        match self.module.types[ty].inner {
            TypeInner::Array { base, .. } => {
                let values: Vec<_> =
                    values.iter().map(|v| if self.padded(base) { pad(v) } else { v.clone() }).collect();
                Ok(format!("[{}]", values.join(", ")))
            }
            TypeInner::Matrix { rows, .. } => {
                let values: Vec<_> =
                    values.iter().map(|v| if rows == VectorSize::Tri { pad(v) } else { v.clone() }).collect();
                Ok(format!("{PRELUDE}::Mat {{ c: [{}] }}", values.join(", ")))
            }
            TypeInner::Struct { .. } => self.struct_literal(ty, values),
            ref inner => Err(self.refuse(span, &format!("a constructor of {inner:?}"))),
        }
    }

    /// The scalars of a constant scalar or vector.
    fn lanes(&self, handle: Handle<Expression>, path: &str, out: &mut Vec<String>) -> Result<(), Error> {
        let text = self.constant_expression(handle, path)?;
        match *self.info[handle].inner_with(&self.module.types) {
            TypeInner::Vector { size, .. } => {
                out.extend(["x", "y", "z", "w"].iter().take(size as usize).map(|lane| format!("{text}.{lane}")));
            }
            _ => out.push(text),
        }
        Ok(())
    }
}

/// The module of constants, as seen from a function.
pub const FROM_FUNCTION: &str = "super::consts::";
