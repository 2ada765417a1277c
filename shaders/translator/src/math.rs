//! Numeric builtins, as calls into the prelude.

use crate::Error;
use crate::function::{ISA_MARK, Writer};
use crate::types::PRELUDE;
use naga::proc::TypeResolution;
use naga::{Expression, Handle, MathFunction};

impl Writer<'_, '_> {
    pub fn math(
        &mut self,
        handle: Handle<Expression>,
        fun: MathFunction,
        args: [Option<Handle<Expression>>; 4],
    ) -> Result<String, Error> {
        use MathFunction as Mf;
        let mut texts = Vec::new();
        for arg in args.into_iter().flatten() {
            texts.push(self.expression(arg)?);
        }
        let is_vector = args[0].is_some_and(|a| self.vector_size(a).is_some());
        let list = texts.join(", ");
        let math = |name: &str| Ok(format!("{PRELUDE}::math::{name}({list})"));
        let bits = |name: &str| Ok(format!("{PRELUDE}::bits::{name}({list})"));
        let rounding = |name: &str| Ok(format!("{PRELUDE}::{ISA_MARK}::{name}({list})"));
        let method = |name: &str| Ok(format!("{}.{name}({})", texts[0], texts[1..].join(", ")));
        let refuse = |name: &str| Err(self.unit.refuse(self.span(handle), name));
        match fun {
            Mf::Abs => math("abs"),
            Mf::Min => math("min"),
            Mf::Max => math("max"),
            Mf::Clamp => math("clamp"),
            Mf::Saturate => math("saturate"),
            Mf::Cos => math("cos"),
            Mf::Cosh => math("cosh"),
            Mf::Sin => math("sin"),
            Mf::Sinh => math("sinh"),
            Mf::Tan => math("tan"),
            Mf::Tanh => math("tanh"),
            Mf::Acos => math("acos"),
            Mf::Asin => math("asin"),
            Mf::Atan => math("atan"),
            Mf::Atan2 => math("atan2"),
            Mf::Asinh => math("asinh"),
            Mf::Acosh => math("acosh"),
            Mf::Atanh => math("atanh"),
            Mf::Radians => math("radians"),
            Mf::Degrees => math("degrees"),
            Mf::Ceil => rounding("ceil"),
            Mf::Floor => rounding("floor"),
            Mf::Round => rounding("round"),
            Mf::Fract => rounding("fract"),
            Mf::Trunc => rounding("trunc"),
            Mf::Modf => self.pair(handle, &format!("{PRELUDE}::{ISA_MARK}::modf({list})"), ["m.0", "m.1"]),
            Mf::Frexp if is_vector => self.pair(
                handle,
                &format!("{list}.each({PRELUDE}::math::frexp)"),
                ["m.each(|m| m.0)", "m.each(|m| m.1)"],
            ),
            Mf::Frexp => self.pair(handle, &format!("{PRELUDE}::math::frexp({list})"), ["m.0", "m.1"]),
            Mf::Ldexp if is_vector => Ok(format!("{}.pair({}, {PRELUDE}::math::ldexp)", texts[0], texts[1])),
            Mf::Ldexp => math("ldexp"),
            Mf::Exp => math("exp"),
            Mf::Exp2 => math("exp2"),
            Mf::Log => math("log"),
            Mf::Log2 => math("log2"),
            Mf::Pow => math("pow"),
            Mf::Dot => method("dot"),
            Mf::Dot4I8Packed => bits("dot4_i8_packed"),
            Mf::Dot4U8Packed => bits("dot4_u8_packed"),
            Mf::Cross => method("cross"),
            Mf::Distance if is_vector => Ok(format!("({} - {}).length()", texts[0], texts[1])),
            Mf::Distance => Ok(format!("{PRELUDE}::math::abs({} - {})", texts[0], texts[1])),
            Mf::Length if is_vector => method("length"),
            Mf::Length => math("abs"),
            Mf::Normalize => method("normalize"),
            Mf::FaceForward => method("face_forward"),
            Mf::Reflect => method("reflect"),
            Mf::Refract => method("refract"),
            Mf::Sign => math("sign"),
            Mf::Fma => math("fma"),
            Mf::Mix if is_vector && args[2].is_some_and(|t| self.vector_size(t).is_none()) => math("mix_scalar"),
            Mf::Mix => math("mix"),
            Mf::Step => math("step"),
            Mf::SmoothStep => math("smoothstep"),
            Mf::Sqrt => math("sqrt"),
            Mf::InverseSqrt => math("inverse_sqrt"),
            Mf::Transpose => Ok(format!("{PRELUDE}::matrix::Transpose::transpose({list})")),
            Mf::Determinant => method("determinant"),
            Mf::QuantizeToF16 => math("quantize_to_f16"),
            Mf::CountTrailingZeros => bits("count_trailing_zeros"),
            Mf::CountLeadingZeros => bits("count_leading_zeros"),
            Mf::CountOneBits => bits("count_one_bits"),
            Mf::ReverseBits => bits("reverse_bits"),
            Mf::ExtractBits => bits("extract_bits"),
            Mf::InsertBits => bits("insert_bits"),
            Mf::FirstTrailingBit => bits("first_trailing_bit"),
            Mf::FirstLeadingBit => bits("first_leading_bit"),
            Mf::Pack4x8snorm => bits("pack4x8snorm"),
            Mf::Pack4x8unorm => bits("pack4x8unorm"),
            Mf::Pack2x16snorm => bits("pack2x16snorm"),
            Mf::Pack2x16unorm => bits("pack2x16unorm"),
            Mf::Pack2x16float => bits("pack2x16float"),
            Mf::Pack4xI8 => bits("pack4x_i8"),
            Mf::Pack4xU8 => bits("pack4x_u8"),
            Mf::Pack4xI8Clamp => bits("pack4x_i8_clamp"),
            Mf::Pack4xU8Clamp => bits("pack4x_u8_clamp"),
            Mf::Unpack4x8snorm => bits("unpack4x8snorm"),
            Mf::Unpack4x8unorm => bits("unpack4x8unorm"),
            Mf::Unpack2x16snorm => bits("unpack2x16snorm"),
            Mf::Unpack2x16unorm => bits("unpack2x16unorm"),
            Mf::Unpack2x16float => bits("unpack2x16float"),
            Mf::Unpack4xI8 => bits("unpack4x_i8"),
            Mf::Unpack4xU8 => bits("unpack4x_u8"),
            // Not in WGSL: naga has them for other languages.
            Mf::Outer => refuse("outer product"),
            Mf::Inverse => refuse("matrix inverse"),
        }
    }

    /// `modf` and `frexp`: the value `m` taken apart into the builtin's struct.
    fn pair(&self, handle: Handle<Expression>, value: &str, parts: [&str; 2]) -> Result<String, Error> {
        let TypeResolution::Handle(ty) = self.info[handle].ty else {
            return Err(self.unit.refuse(self.span(handle), "this result"));
        };
        let literal = self.unit.struct_literal(ty, &parts.map(str::to_owned))?;
        Ok(format!("({{ let m = {value}; {literal} }})"))
    }
}
