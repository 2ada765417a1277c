//! Struct definitions: `repr(C)`, padding written out, offsets asserted.

use crate::Error;
use crate::names::ident;
use crate::types::{PRELUDE, Shape, Unit};
use naga::{Handle, Type, TypeInner};
use std::fmt::Write;

/// One field of the Rust struct.
enum Field {
    /// WGSL member of this index.
    Member(usize),
    /// So many 4-byte words of padding.
    Padding(u32),
}

/// A struct definition, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its Rust name.
    pub name: String,
    /// Its Rust source.
    pub text: String,
}

impl Unit<'_> {
    /// Fields in memory order; padding only where host and device share the type.
    fn fields(&self, handle: Handle<Type>) -> Vec<Field> {
        let TypeInner::Struct { ref members, span } = self.module.types[handle].inner else { return Vec::new() };
        let shape = self.shape(handle);
        let (count, end) = match shape {
            Shape::Tail { head, last, .. } => (last, head),
            Shape::Fixed | Shape::Array { .. } => (members.len(), span),
        };
        let shareable = self.shareable(handle);
        let mut fields = Vec::new();
        let mut at = 0;
        for (index, member) in members.iter().enumerate().take(count) {
            if shareable && member.offset > at {
                fields.push(Field::Padding((member.offset - at) / 4));
            }
            fields.push(Field::Member(index));
            at = member.offset + self.module.types[member.ty].inner.size(self.module.to_ctx());
        }
        if shareable && end > at {
            fields.push(Field::Padding((end - at) / 4));
        }
        fields
    }

    /// A struct literal with these values for its members.
    pub fn struct_literal(&self, handle: Handle<Type>, values: &[String]) -> Result<String, Error> {
        let TypeInner::Struct { ref members, .. } = self.module.types[handle].inner else { return Ok(String::new()) };
        let mut text = format!("{} {{", self.ty(handle)?);
        let mut pads = 0;
        for field in self.fields(handle) {
            match field {
                Field::Member(index) => {
                    let _ = write!(text, " {}: {},", member_name(&members[index], index), values[index]);
                }
                Field::Padding(words) => {
                    let _ = write!(text, " _pad{pads}: [0; {words}],");
                    pads += 1;
                }
            }
        }
        text.push_str(" }");
        Ok(text)
    }

    /// Every struct of the module.
    pub fn struct_definitions(&self) -> Result<Vec<Definition>, Error> {
        let mut out = Vec::new();
        for (handle, ty) in self.module.types.iter() {
            if let TypeInner::Struct { .. } = ty.inner {
                let definition = self.struct_definition(handle);
                out.push(definition.map_err(|e| self.locate(e, self.module.types.get_span(handle)))?);
            }
        }
        Ok(out)
    }

    /// The name of a struct's Rust type, which for one with a runtime-sized tail is that of its head.
    pub fn head_name(&self, handle: Handle<Type>) -> String {
        format!("{}_head", self.struct_name(handle))
    }

    fn struct_definition(&self, handle: Handle<Type>) -> Result<Definition, Error> {
        let TypeInner::Struct { ref members, span } = self.module.types[handle].inner else {
            return Ok(Definition { name: String::new(), text: String::new() });
        };
        let shareable = self.shareable(handle);
        let (name, size) = match self.shape(handle) {
            Shape::Tail { head, .. } => (self.head_name(handle), head),
            Shape::Fixed | Shape::Array { .. } => (self.struct_name(handle), span),
        };
        let docs = self.module.doc_comments.as_deref();
        let mut text = doc(docs.and_then(|d| d.types.get(&handle)), "");
        let _ = writeln!(text, "#[derive(Clone, Copy, Debug, PartialEq)]\n#[repr(C)]\npub struct {name} {{");
        let mut zero = String::new();
        let mut sizes = vec!["0".to_owned()];
        let mut offsets = String::new();
        let mut pads = 0;
        for field in self.fields(handle) {
            match field {
                Field::Member(index) => {
                    let member = &members[index];
                    let field = member_name(member, index);
                    let ty = self.ty(member.ty)?;
                    text.push_str(&doc(docs.and_then(|d| d.struct_members.get(&(handle, index))), "    "));
                    let _ = writeln!(text, "    pub {field}: {ty},");
                    let _ = write!(zero, " {field}: {},", self.zero(member.ty)?);
                    let _ = writeln!(
                        offsets,
                        "    assert!(::core::mem::offset_of!({name}, {field}) == {});",
                        member.offset
                    );
                    sizes.push(format!("::core::mem::size_of::<{ty}>()"));
                }
                Field::Padding(words) => {
                    let _ = writeln!(text, "    /// Padding.\n    pub _pad{pads}: [u32; {words}],");
                    let _ = write!(zero, " _pad{pads}: [0; {words}],");
                    sizes.push(format!("{}", words * 4));
                    pads += 1;
                }
            }
        }
        let _ =
            writeln!(text, "}}\nimpl {name} {{\n    /// All zero.\n    pub const ZERO: Self = Self {{{zero} }};\n}}");
        let _ = writeln!(
            text,
            "impl ::core::default::Default for {name} {{\n    fn default() -> Self {{ Self::ZERO }}\n}}"
        );
        if shareable {
            let _ = write!(
                text,
                "const _: () = {{\n{offsets}    assert!(::core::mem::size_of::<{name}>() == {size});\n    \
                 assert!({} == {size});\n}};\n\
                 // SAFETY: repr(C), every field is Pod, and the sum of their sizes is the size: no padding bytes.\n\
                 unsafe impl {PRELUDE}::bytemuck::Pod for {name} {{}}\n\
                 // SAFETY: every field may be zero.\n\
                 unsafe impl {PRELUDE}::bytemuck::Zeroable for {name} {{}}\n",
                sizes.join(" + ")
            );
        }
        Ok(Definition { name, text })
    }
}

/// A member's Rust name.
pub fn member_name(member: &naga::StructMember, index: usize) -> String {
    match member.name {
        Some(ref name) => ident(name),
        None => format!("member{index}"),
    }
}

/// WGSL doc comments as Rust doc comments.
pub fn doc(lines: Option<&Vec<String>>, indent: &str) -> String {
    let mut text = String::new();
    for line in lines.into_iter().flatten() {
        let _ = writeln!(text, "{indent}/// {}", line.trim_start_matches('/').trim());
    }
    text
}
