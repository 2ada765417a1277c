//! Expressions that have a value.

use crate::Error;
use crate::constant::FROM_FUNCTION;
use crate::function::{ISA_MARK, Writer};
use crate::types::PRELUDE;
use naga::{BinaryOperator, Expression, Handle, RelationalFunction, ScalarKind, TypeInner, UnaryOperator, VectorSize};

/// What an operator works on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Scalar,
    Vector,
    Matrix,
}

impl Writer<'_, '_> {
    /// The expression as Rust text of highest precedence: a name when it is bound, else written in place.
    pub fn expression(&mut self, handle: Handle<Expression>) -> Result<String, Error> {
        if let Some(name) = self.bound.get(&handle) {
            return Ok(name.clone());
        }
        self.build(handle)
    }

    /// The expression's own text, even when a name exists.
    pub fn build(&mut self, handle: Handle<Expression>) -> Result<String, Error> {
        let span = self.span(handle);
        let refuse = |construct: &str| Err(self.unit.refuse(span, construct));
        let function = self.function;
        match function.expressions[handle] {
            Expression::Literal(literal) => self.unit.literal(literal, span),
            Expression::Constant(constant) => self.unit.constant(constant, FROM_FUNCTION),
            Expression::ZeroValue(ty) => self.unit.zero(ty),
            Expression::Compose { ty, ref components } => self.compose(ty, components, span),
            Expression::Access { base, index } => {
                let base_text = self.expression(base)?;
                let index = self.expression(index)?;
                self.dynamic_access(&base_text, base, &index, handle)
            }
            Expression::AccessIndex { base, index } => {
                let base_text = self.expression(base)?;
                self.constant_access(&base_text, base, index, handle)
            }
            Expression::Splat { size, value } => {
                Ok(format!("{PRELUDE}::Vec{}::splat({})", size as u8, self.expression(value)?))
            }
            Expression::Swizzle { size, vector, pattern } => {
                let vector = self.expression(vector)?;
                let lanes: Vec<_> = pattern.iter().take(size as usize).map(|&c| (c as u8).to_string()).collect();
                Ok(format!("{vector}.swizzle{}::<{}>()", size as u8, lanes.join(", ")))
            }
            Expression::FunctionArgument(index) => Ok(self.argument_name(index as usize)),
            Expression::Load { pointer } => self.load(pointer),
            Expression::Unary { op, expr } => self.unary(op, expr),
            Expression::Binary { op, left, right } => self.binary(op, left, right),
            Expression::Select { condition, accept, reject } => {
                let c = self.expression(condition)?;
                let a = self.expression(accept)?;
                let r = self.expression(reject)?;
                Ok(match self.shape(condition) {
                    Shape::Vector => format!("{c}.select({a}, {r})"),
                    Shape::Scalar | Shape::Matrix => format!("(if {c} {{ {a} }} else {{ {r} }})"),
                })
            }
            Expression::Relational { fun, argument } => {
                let is_vector = self.shape(argument) == Shape::Vector;
                let text = self.expression(argument)?;
                match fun {
                    RelationalFunction::All | RelationalFunction::Any if !is_vector => Ok(text),
                    RelationalFunction::All => Ok(format!("{text}.all()")),
                    RelationalFunction::Any => Ok(format!("{text}.any()")),
                    RelationalFunction::IsNan => refuse("isNan"),
                    RelationalFunction::IsInf => refuse("isInf"),
                }
            }
            Expression::Math { fun, arg, arg1, arg2, arg3 } => self.math(handle, fun, [Some(arg), arg1, arg2, arg3]),
            Expression::As { expr, kind, convert } => self.convert(expr, kind, convert, span),
            Expression::ArrayLength(array) => self.array_length(array),
            // Results are bound by the statement that makes them.
            Expression::CallResult(_) | Expression::AtomicResult { .. } => refuse("a result before its call"),
            Expression::GlobalVariable(_) | Expression::LocalVariable(_) => refuse("a pointer as a value"),
            Expression::Override(_) => refuse("an override"),
            Expression::ImageSample { .. } => refuse("a texture sample"),
            Expression::ImageLoad { .. } => refuse("a texture load"),
            Expression::ImageQuery { .. } => refuse("a texture query"),
            Expression::Derivative { .. } => refuse("a derivative"),
            Expression::WorkGroupUniformLoadResult { .. } => refuse("workgroupUniformLoad"),
            Expression::RayQueryVertexPositions { .. }
            | Expression::RayQueryProceedResult
            | Expression::RayQueryGetIntersection { .. } => refuse("a ray query"),
            Expression::SubgroupBallotResult | Expression::SubgroupOperationResult { .. } => {
                refuse("a subgroup operation")
            }
            Expression::CooperativeLoad { .. } | Expression::CooperativeMultiplyAdd { .. } => {
                refuse("a cooperative matrix")
            }
        }
    }

    fn load(&mut self, pointer: Handle<Expression>) -> Result<String, Error> {
        if let Some(scalar) = self.atomic(pointer) {
            let scalar = self.unit.scalar(scalar, self.span(pointer))?;
            let place = self.place(pointer, false)?;
            return Ok(format!("unsafe {{ <{scalar} as {PRELUDE}::bits::Atom>::load(&raw mut {}) }}", place.text));
        }
        Ok(self.place(pointer, false)?.read())
    }

    /// The scalar of a pointer to an atomic.
    pub fn atomic(&self, pointer: Handle<Expression>) -> Option<naga::Scalar> {
        match *self.inner(pointer) {
            TypeInner::Pointer { base, .. } => match self.unit.module.types[base].inner {
                TypeInner::Atomic(scalar) => Some(scalar),
                _ => None,
            },
            _ => None,
        }
    }

    fn shape(&self, handle: Handle<Expression>) -> Shape {
        match *self.inner(handle) {
            TypeInner::Vector { .. } => Shape::Vector,
            TypeInner::Matrix { .. } => Shape::Matrix,
            _ => Shape::Scalar,
        }
    }

    fn kind(&self, handle: Handle<Expression>) -> Option<ScalarKind> {
        self.inner(handle).scalar_kind()
    }

    fn compose(
        &mut self,
        ty: Handle<naga::Type>,
        components: &[Handle<Expression>],
        span: naga::Span,
    ) -> Result<String, Error> {
        let values: Result<Vec<_>, _> = components.iter().map(|&c| self.expression(c)).collect();
        let values = values?;
        let TypeInner::Vector { size, .. } = self.unit.module.types[ty].inner else {
            return self.unit.aggregate(ty, &values, span);
        };
        let ty = self.unit.ty(ty)?;
        // A generic argument in expression position wants the turbofish.
        let ty = ty.replacen('<', "::<", 1);
        Ok(if values.len() == size as usize {
            format!("{ty}::new({})", values.join(", "))
        } else if values.len() == 1 {
            values.concat()
        } else {
            format!("{ty}::from(({}))", values.join(", "))
        })
    }

    fn unary(&mut self, op: UnaryOperator, expr: Handle<Expression>) -> Result<String, Error> {
        let is_scalar = self.shape(expr) == Shape::Scalar;
        let is_float = self.kind(expr) == Some(ScalarKind::Float);
        let text = self.expression(expr)?;
        Ok(match op {
            UnaryOperator::Negate if is_scalar && !is_float => format!("{text}.wrapping_neg()"),
            UnaryOperator::Negate => format!("(-{text})"),
            UnaryOperator::LogicalNot | UnaryOperator::BitwiseNot if is_scalar => format!("(!{text})"),
            UnaryOperator::LogicalNot | UnaryOperator::BitwiseNot => format!("{text}.bit_not()"),
        })
    }

    fn binary(
        &mut self,
        op: BinaryOperator,
        left: Handle<Expression>,
        right: Handle<Expression>,
    ) -> Result<String, Error> {
        use BinaryOperator as Op;
        let is_scalar = self.shape(left) == Shape::Scalar && self.shape(right) == Shape::Scalar;
        let is_float = self.kind(left) == Some(ScalarKind::Float);
        let l = self.expression(left)?;
        let r = self.expression(right)?;
        let infix = |op: &str| format!("({l} {op} {r})");
        let method = |name: &str| format!("{l}.{name}({r})");
        let numeric = |op: &str, wrapping: &str| {
            // Vectors and matrices have operators; theirs wrap.
            if is_scalar && !is_float { method(wrapping) } else { infix(op) }
        };
        let compare = |op: &str, name: &str| if is_scalar { infix(op) } else { method(name) };
        Ok(match op {
            Op::Add => numeric("+", "wrapping_add"),
            Op::Subtract => numeric("-", "wrapping_sub"),
            Op::Multiply => numeric("*", "wrapping_mul"),
            Op::Divide if is_scalar && !is_float => format!("{PRELUDE}::scalar::Num::div({l}, {r})"),
            Op::Divide => infix("/"),
            Op::Modulo if is_scalar && !is_float => format!("{PRELUDE}::scalar::Num::rem({l}, {r})"),
            Op::Modulo if is_float => format!("{PRELUDE}::{ISA_MARK}::rem({l}, {r})"),
            Op::Modulo => infix("%"),
            Op::Equal => compare("==", "equal"),
            Op::NotEqual => compare("!=", "not_equal"),
            Op::Less => compare("<", "less"),
            Op::LessEqual => compare("<=", "less_equal"),
            Op::Greater => compare(">", "greater"),
            Op::GreaterEqual => compare(">=", "greater_equal"),
            Op::And => compare("&", "bit_and"),
            Op::ExclusiveOr => compare("^", "bit_xor"),
            Op::InclusiveOr => compare("|", "bit_or"),
            Op::LogicalAnd => infix("&&"),
            Op::LogicalOr => infix("||"),
            Op::ShiftLeft if is_scalar => method("wrapping_shl"),
            Op::ShiftRight if is_scalar => method("wrapping_shr"),
            Op::ShiftLeft => method("shift_left"),
            Op::ShiftRight => method("shift_right"),
        })
    }

    fn convert(
        &mut self,
        expr: Handle<Expression>,
        kind: ScalarKind,
        convert: Option<u8>,
        span: naga::Span,
    ) -> Result<String, Error> {
        let text = self.expression(expr)?;
        if self.kind(expr) == Some(kind) {
            return Ok(text);
        }
        let width = convert.unwrap_or(4);
        let to = self.unit.scalar(naga::Scalar { kind, width }, span)?;
        let is_vector = self.shape(expr) == Shape::Vector;
        Ok(match (convert, is_vector) {
            (Some(_), true) => format!("{text}.cast::<{to}>()"),
            (Some(_), false) => format!("{PRELUDE}::scalar::Cast::<{to}>::cast({text})"),
            (None, true) => format!("{text}.bitcast::<{to}>()"),
            (None, false) => format!("{PRELUDE}::scalar::Bitcast::<{to}>::bitcast({text})"),
        })
    }

    /// The number of components when the expression is a vector.
    pub fn vector_size(&self, handle: Handle<Expression>) -> Option<VectorSize> {
        match *self.inner(handle) {
            TypeInner::Vector { size, .. } => Some(size),
            _ => None,
        }
    }
}
