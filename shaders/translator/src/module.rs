//! One kernel file as a Rust module: bindings, metadata, functions in two builds, dispatch.

use crate::Error;
use crate::analysis::{facts, facts_of};
use crate::compose::Composed;
use crate::constant::ConstDefinition;
use crate::function::{ATTRIBUTE_MARK, ISA_MARK, Translated, Writer};
use crate::names::ident;
use crate::parse::parse;
use crate::structs::{Definition, doc, member_name};
use crate::types::{PRELUDE, Shape, Unit, is_written};
use naga::valid::FunctionInfo;
use naga::{AddressSpace, Binding, BuiltIn, EntryPoint, GlobalVariable, Handle, ShaderStage, TypeInner};
use std::fmt::Write;

/// The features of the `v3` build. `fma` is not among them for its instructions' sake: nothing is contracted anyway.
const V3_FEATURES: &str = "avx2,bmi1,bmi2,lzcnt,popcnt";

/// A kernel translated.
pub struct Kernel {
    pub structs: Vec<Definition>,
    pub constants: Vec<ConstDefinition>,
    /// The inside of the kernel's module, without its constants.
    pub text: String,
}

/// Translates one composed kernel file.
pub fn translate(name: &str, source: &Composed) -> Result<Kernel, Error> {
    let valid = parse(source)?;
    let unit = Unit::new(source, &valid)?;
    unit.refuse_globals()?;

    let known = facts(&unit);
    let docs = unit.module.doc_comments.as_deref();
    let mut functions = Vec::new();
    for (handle, function) in unit.module.functions.iter() {
        let writer = Writer::new(&unit, function, &unit.info[handle], &known, false);
        let name = function.name.as_deref().unwrap_or("unnamed");
        let docs = docs.and_then(|d| d.functions.get(&handle));
        let translated = writer.translate(name, &known[handle.index()], docs);
        functions.push(translated.map_err(|e| unit.locate(e, unit.module.functions.get_span(handle)))?);
    }
    let mut drivers = String::new();
    let mut dispatch = String::new();
    for (index, entry) in unit.module.entry_points.iter().enumerate() {
        let own = facts_of(&unit, &entry.function, &known);
        let info = unit.info.get_entry_point(index);
        let writer = Writer::new(&unit, &entry.function, info, &known, true);
        let docs = docs.and_then(|d| d.entry_points.get(&index));
        let translated = writer.translate(&entry.name, &own, docs);
        functions.push(translated.map_err(|e| unit.locate(e, unit.entry_span(entry)))?);
        drivers.push_str(&unit.driver(entry)?);
        dispatch.push_str(&entry_dispatch(&entry.name, &doc(docs, "")));
    }
    let entries = unit.module.entry_points.len();
    for function in &functions[..functions.len() - entries] {
        dispatch.push_str(&function_dispatch(function));
    }

    let mut body: String = functions.iter().map(|f| f.text.as_str()).collect();
    body.push_str(&drivers);
    let base = body.replace(ATTRIBUTE_MARK, "").replace(ISA_MARK, "base");
    let attribute = format!("#[target_feature(enable = \"{V3_FEATURES}\")]\n");
    let v3 = body.replace(ATTRIBUTE_MARK, &attribute).replace(ISA_MARK, "v3");

    let mut text = unit.bindings()?;
    text.push_str(&unit.metadata(name)?);
    text.push_str(&dispatch);
    let _ = write!(
        text,
        "/// For every processor.\npub mod base {{\n{base}}}\n\
         /// For x86-64 processors with AVX2; the same bits.\n#[cfg(target_arch = \"x86_64\")]\npub mod v3 {{\n{v3}}}\n"
    );
    Ok(Kernel { structs: unit.struct_definitions()?, constants: unit.constants()?, text })
}

impl Unit<'_> {
    /// Refuses module-scope constructs that no kernel may have, used or not.
    fn refuse_globals(&self) -> Result<(), Error> {
        if let Some((handle, _)) = self.module.overrides.iter().next() {
            return Err(self.refuse(self.module.overrides.get_span(handle), "an override"));
        }
        for (handle, variable) in self.module.global_variables.iter() {
            let span = self.module.global_variables.get_span(handle);
            match variable.space {
                AddressSpace::Private | AddressSpace::Uniform | AddressSpace::Storage { .. } => {}
                AddressSpace::Handle => {
                    let construct = match self.module.types[variable.ty].inner {
                        TypeInner::Sampler { .. } => "a sampler",
                        TypeInner::AccelerationStructure { .. } => "an acceleration structure",
                        _ => "a texture",
                    };
                    return Err(self.refuse(span, construct));
                }
                AddressSpace::WorkGroup => return Err(self.refuse(span, "workgroup memory")),
                AddressSpace::Immediate => return Err(self.refuse(span, "an immediate (push constant)")),
                AddressSpace::Function
                | AddressSpace::TaskPayload
                | AddressSpace::RayPayload
                | AddressSpace::IncomingRayPayload => {
                    return Err(self.refuse(span, &format!("a variable in {:?}", variable.space)));
                }
            }
        }
        for entry in &self.module.entry_points {
            if entry.stage != ShaderStage::Compute {
                let message = format!("entry point {} is not @compute", entry.name);
                return Err(self.refuse(self.entry_span(entry), &message));
            }
        }
        Ok(())
    }

    /// Where an entry point stands: naga keeps no span for it.
    fn entry_span(&self, entry: &EntryPoint) -> naga::Span {
        let text = &self.source.text;
        let is_name = |c: char| c == '_' || c.is_alphanumeric();
        let found = text.match_indices("fn").find(|&(at, _)| {
            let name = text[at + 2..].trim_start();
            !text[..at].ends_with(is_name)
                && name.strip_prefix(&entry.name).is_some_and(|rest| !rest.starts_with(is_name))
        });
        found.map_or(naga::Span::default(), |(at, _)| naga::Span::new(at as u32, at as u32 + 2))
    }

    /// Bound variables that some function uses, by group and binding.
    fn bound(&self) -> Vec<Handle<GlobalVariable>> {
        let functions = self.module.functions.iter().map(|(handle, _)| &self.info[handle]);
        let entries = (0..self.module.entry_points.len()).map(|index| self.info.get_entry_point(index));
        let infos: Vec<&FunctionInfo> = functions.chain(entries).collect();
        self.bound_by(&infos)
    }

    fn bound_by(&self, infos: &[&FunctionInfo]) -> Vec<Handle<GlobalVariable>> {
        let mut out: Vec<_> = self
            .module
            .global_variables
            .iter()
            .filter(|(handle, g)| g.binding.is_some() && infos.iter().any(|info| !info[*handle].is_empty()))
            .map(|(handle, _)| handle)
            .collect();
        out.sort_by_key(|&handle| self.module.global_variables[handle].binding.as_ref().map(|b| (b.group, b.binding)));
        out
    }

    fn bindings(&self) -> Result<String, Error> {
        let mut text = String::from(
            "/// What the kernel reads and writes.\npub struct Bindings<'a> {\n    \
             /// Leaves endless loops, and reports them.\n",
        );
        let _ = writeln!(text, "    pub guard: &'a {PRELUDE}::LoopGuard,");
        for handle in self.bound() {
            let variable = &self.module.global_variables[handle];
            let name = ident(variable.name.as_deref().unwrap_or("unnamed"));
            let span = self.module.global_variables.get_span(handle);
            let is_struct = matches!(self.module.types[variable.ty].inner, TypeInner::Struct { .. });
            let written = is_written(variable.space);
            let ty = match self.shape(variable.ty) {
                Shape::Fixed => {
                    let ty = self.ty(variable.ty).map_err(|e| self.locate(e, span))?;
                    match variable.space {
                        AddressSpace::Uniform => ty,
                        _ if written => format!("{PRELUDE}::WriteRef<'a, {ty}>"),
                        _ => format!("&'a {ty}"),
                    }
                }
                Shape::Array { base, .. } => {
                    let view = if written { "WriteArray" } else { "ReadArray" };
                    format!("{PRELUDE}::{view}<'a, {}>", self.element(base).map_err(|e| self.locate(e, span))?)
                }
                Shape::Tail { base, .. } if is_struct => {
                    let view = if written { "WriteTail" } else { "ReadTail" };
                    let head = self.head_name(variable.ty);
                    format!(
                        "{PRELUDE}::{view}<'a, crate::types::{head}, {}>",
                        self.element(base).map_err(|e| self.locate(e, span))?
                    )
                }
                Shape::Tail { .. } => return Err(self.refuse(span, "this variable")),
            };
            let docs = self.module.doc_comments.as_deref().and_then(|d| d.global_variables.get(&handle));
            let _ = writeln!(text, "{}    pub {name}: {ty},", doc(docs, "    "));
        }
        text.push_str("}\n");
        Ok(text)
    }

    fn binding_list(&self, handles: &[Handle<GlobalVariable>]) -> String {
        let mut text = String::from("&[");
        for &handle in handles {
            let variable = &self.module.global_variables[handle];
            let Some(ref at) = variable.binding else { continue };
            let kind = match variable.space {
                AddressSpace::Uniform => "Uniform",
                space if is_written(space) => "StorageReadWrite",
                _ => "StorageRead",
            };
            let (min_size, stride) = match self.shape(variable.ty) {
                Shape::Fixed => (self.layouter[variable.ty].size, None),
                Shape::Array { stride, .. } => (stride, Some(stride)),
                // A struct's size is rounded up to its alignment, its last element included.
                Shape::Tail { stride, head, .. } => (self.layouter[variable.ty].size.max(head + stride), Some(stride)),
            };
            let stride = match stride {
                Some(stride) => format!("::core::option::Option::Some({stride})"),
                None => "::core::option::Option::None".to_owned(),
            };
            let _ = write!(
                text,
                "{PRELUDE}::Binding {{ group: {}, binding: {}, name: {:?}, kind: {PRELUDE}::BindingKind::{kind}, \
                 min_size: {min_size}, stride: {stride} }}, ",
                at.group,
                at.binding,
                variable.name.as_deref().unwrap_or("unnamed"),
            );
        }
        text.push(']');
        text
    }

    fn metadata(&self, name: &str) -> Result<String, Error> {
        let mut entries = String::new();
        for (index, entry) in self.module.entry_points.iter().enumerate() {
            let used = self.bound_by(&[self.info.get_entry_point(index)]);
            let _ = write!(
                entries,
                "{PRELUDE}::EntryPoint {{ name: {:?}, workgroup_size: {:?}, bindings: {} }}, ",
                entry.name,
                entry.workgroup_size,
                self.binding_list(&used)
            );
        }
        Ok(format!(
            "/// The composed WGSL.\npub const WGSL: &str = {:?};\n\
             /// What a host must know.\npub const KERNEL: {PRELUDE}::Kernel = {PRELUDE}::Kernel {{ name: {name:?}, wgsl: WGSL, \
             bindings: {}, entry_points: &[{entries}] }};\n",
            self.source.text,
            self.binding_list(&self.bound()),
        ))
    }

    /// Runs an entry point over a range or a grid of global ids.
    fn driver(&self, entry: &EntryPoint) -> Result<String, Error> {
        let name = ident(&entry.name);
        let [wx, wy, wz] = entry.workgroup_size;
        let mut arguments = String::new();
        for argument in &entry.function.arguments {
            let text = match argument.binding {
                Some(ref binding) => self.builtin(binding, entry)?,
                None => {
                    let TypeInner::Struct { ref members, .. } = self.module.types[argument.ty].inner else {
                        return Err(self.refuse(self.entry_span(entry), "an entry point's argument without @builtin"));
                    };
                    let mut values = Vec::new();
                    for (index, member) in members.iter().enumerate() {
                        let Some(ref binding) = member.binding else {
                            let what = format!("member {} without @builtin", member_name(member, index));
                            return Err(self.refuse(self.entry_span(entry), &what));
                        };
                        values.push(self.builtin(binding, entry)?);
                    }
                    self.struct_literal(argument.ty, &values)?
                }
            };
            let _ = write!(arguments, ", {text}");
        }
        Ok(format!(
            "{ATTRIBUTE_MARK}pub fn {name}_ids(b: &super::Bindings<'_>, ids: ::core::ops::Range<u32>) {{\n    \
                 let groups = {PRELUDE}::Vec3::new(ids.end.div_ceil({wx}), 1, 1);\n    \
                 for x in ids {{\n        \
                     let id = {PRELUDE}::Vec3::new(x, 0, 0);\n        \
                     self::{name}(b{arguments});\n    \
                 }}\n\
             }}\n\
             {ATTRIBUTE_MARK}pub fn {name}_grid(b: &super::Bindings<'_>, extent: [u32; 3]) {{\n    \
                 let groups = {PRELUDE}::Vec3::new(extent[0].div_ceil({wx}), extent[1].div_ceil({wy}), \
                 extent[2].div_ceil({wz}));\n    \
                 for z in 0..extent[2] {{ for y in 0..extent[1] {{ for x in 0..extent[0] {{\n        \
                     let id = {PRELUDE}::Vec3::new(x, y, z);\n        \
                     self::{name}(b{arguments});\n    \
                 }} }} }}\n\
             }}\n"
        ))
    }

    /// A builtin input in terms of the driver's `id` and `groups`.
    fn builtin(&self, binding: &Binding, entry: &EntryPoint) -> Result<String, Error> {
        let [wx, wy, wz] = entry.workgroup_size;
        let size = format!("{PRELUDE}::Vec3::new({wx}u32, {wy}, {wz})");
        let refuse = |what: String| Err(self.refuse(self.entry_span(entry), &what));
        match *binding {
            Binding::BuiltIn(BuiltIn::GlobalInvocationId) => Ok("id".to_owned()),
            Binding::BuiltIn(BuiltIn::LocalInvocationId) => Ok(format!("(id % {size})")),
            Binding::BuiltIn(BuiltIn::LocalInvocationIndex) => {
                Ok(format!("(id.x % {wx} + (id.y % {wy}) * {wx} + (id.z % {wz}) * {})", wx * wy))
            }
            Binding::BuiltIn(BuiltIn::WorkGroupId) => Ok(format!("(id / {size})")),
            Binding::BuiltIn(BuiltIn::WorkGroupSize) => Ok(size),
            Binding::BuiltIn(BuiltIn::NumWorkGroups) => Ok("groups".to_owned()),
            Binding::BuiltIn(other) => refuse(format!("builtin {other:?} of entry point {}", entry.name)),
            Binding::Location { .. } => refuse(format!("a @location argument of entry point {}", entry.name)),
        }
    }
}

const CHOICE: &str = "#[cfg(target_arch = \"x86_64\")]\n    if isa.is_v3() {\n        \
                      // SAFETY: such an Isa is made only where the processor has the features.\n        ";

fn entry_dispatch(name: &str, docs: &str) -> String {
    let name = ident(name);
    let docs = if docs.is_empty() { docs.to_owned() } else { format!("{docs}///\n") };
    format!(
        "{docs}/// Runs the entry point once for each global id `(x, 0, 0)` with `x` in `ids`.\n\
         pub fn {name}(isa: {PRELUDE}::Isa, b: &Bindings<'_>, ids: ::core::ops::Range<u32>) {{\n    \
         {CHOICE}return unsafe {{ v3::{name}_ids(b, ids) }};\n    }}\n    let _ = isa;\n    base::{name}_ids(b, ids)\n}}\n\
         {docs}/// Runs the entry point once for each global id below `extent`, x fastest.\n\
         pub fn {name}_grid(isa: {PRELUDE}::Isa, b: &Bindings<'_>, extent: [u32; 3]) {{\n    \
         {CHOICE}return unsafe {{ v3::{name}_grid(b, extent) }};\n    }}\n    let _ = isa;\n    \
         base::{name}_grid(b, extent)\n}}\n"
    )
}

fn function_dispatch(function: &Translated) -> String {
    let Translated { name, docs, parameters, result, .. } = function;
    let list: String = parameters.iter().map(|(name, ty)| format!(", {name}: {ty}")).collect();
    let names: String = parameters.iter().map(|(name, _)| format!(", {name}")).collect();
    let arrow = if result.is_empty() { String::new() } else { format!(" -> {result}") };
    format!(
        "{docs}#[inline]\npub fn {name}(isa: {PRELUDE}::Isa, b: &Bindings<'_>{list}){arrow} {{\n    \
         {CHOICE}return unsafe {{ v3::{name}(b{names}) }};\n    }}\n    let _ = isa;\n    base::{name}(b{names})\n}}\n"
    )
}
