//! One function: its signature, and the state that its translation keeps.

use crate::Error;
use crate::analysis::{Facts, Root};
use crate::constant::FROM_FUNCTION;
use crate::names::{ident, numbered};
use crate::structs::doc;
use crate::types::Unit;
use naga::valid::FunctionInfo;
use naga::{AddressSpace, Expression, Function, GlobalVariable, Handle, Type, TypeInner};
use std::collections::{BTreeMap, BTreeSet};

/// Stands in a function's text for the attribute of the build it goes into.
pub const ATTRIBUTE_MARK: &str = "\u{1}attribute\u{1}";
/// Stands for the prelude's module of the build's rounding functions.
pub const ISA_MARK: &str = "\u{1}isa\u{1}";

/// Where a `break` or `continue` goes.
pub enum Frame {
    /// A loop; `has_tail` when `continue` must still run a `continuing` block.
    Loop { label: usize, has_tail: bool },
    /// A switch.
    Switch { label: usize },
}

/// The translation of one function.
pub struct Writer<'a, 'u> {
    pub unit: &'u Unit<'a>,
    pub function: &'u Function,
    pub info: &'u FunctionInfo,
    pub facts: &'u [Facts],
    /// True for an entry point, whose private variables are its locals.
    pub is_entry: bool,
    /// Expressions that have a name by now.
    pub bound: BTreeMap<Handle<Expression>, String>,
    /// Expressions that were declared before their loop.
    pub hoisted: BTreeSet<Handle<Expression>>,
    pub frames: Vec<Frame>,
    pub labels: usize,
    pub out: String,
    pub indent: usize,
}

/// A function as text: `attributes` and ISA marks stand where the builds differ.
pub struct Translated {
    /// Rust name.
    pub name: String,
    /// Doc comment lines.
    pub docs: String,
    /// `(name, type)` of every parameter after the bindings.
    pub parameters: Vec<(String, String)>,
    /// Return type, empty for none.
    pub result: String,
    /// The whole function, with marks.
    pub text: String,
}

/// The Rust name of a private variable.
pub fn private_name(unit: &Unit<'_>, global: Handle<GlobalVariable>) -> String {
    numbered('p', global.index(), unit.module.global_variables[global].name.as_deref())
}

impl<'a, 'u> Writer<'a, 'u> {
    pub fn new(
        unit: &'u Unit<'a>,
        function: &'u Function,
        info: &'u FunctionInfo,
        facts: &'u [Facts],
        is_entry: bool,
    ) -> Self {
        Self {
            unit,
            function,
            info,
            facts,
            is_entry,
            bound: BTreeMap::new(),
            hoisted: BTreeSet::new(),
            frames: Vec::new(),
            labels: 0,
            out: String::new(),
            indent: 1,
        }
    }

    /// Translates the function; `own` are its facts.
    pub fn translate(mut self, name: &str, own: &Facts, docs: Option<&Vec<String>>) -> Result<Translated, Error> {
        let mut parameters = Vec::new();
        if !self.is_entry {
            for (&global, &is_written) in &own.privates {
                let ty = self.unit.ty(self.unit.module.global_variables[global].ty)?;
                let reference = if is_written { "&mut " } else { "&" };
                parameters.push((private_name(self.unit, global), format!("{reference}{ty}")));
            }
        }
        for (index, argument) in self.function.arguments.iter().enumerate() {
            let ty = match self.pointee(argument.ty) {
                Some(base) => {
                    let reference = if own.written[index] { "&mut " } else { "&" };
                    format!("{reference}{}", self.unit.ty(base)?)
                }
                None => self.unit.ty(argument.ty)?,
            };
            parameters.push((self.argument_name(index), ty));
        }
        let result = match self.function.result {
            Some(ref result) => self.unit.ty(result.ty)?,
            None => String::new(),
        };

        self.privates_of_entry(own)?;
        for (handle, local) in self.function.local_variables.iter() {
            let span = self.function.local_variables.get_span(handle);
            let ty = self.unit.ty(local.ty).map_err(|e| self.unit.locate(e, span))?;
            let value = match local.init {
                Some(init) => self.expression(init)?,
                None => self.unit.zero(local.ty)?,
            };
            let name = self.local_name(handle);
            self.line(&format!("let mut {name}: {ty} = {value};"));
        }
        let function = self.function;
        self.block(&function.body)?;
        if let Some(ref result) = self.function.result
            && !matches!(self.function.body.last(), Some(naga::Statement::Return { .. }))
        {
            // Reached only when a loop was left at its cap.
            let zero = self.unit.zero(result.ty)?;
            self.line(&zero);
        }

        let name = ident(name);
        let list: String = parameters.iter().map(|(name, ty)| format!(", {name}: {ty}")).collect();
        let arrow = if result.is_empty() { String::new() } else { format!(" -> {result}") };
        let docs = doc(docs, "");
        let text = format!(
            "{docs}{ATTRIBUTE_MARK}#[inline]\npub fn {name}(b: &super::Bindings<'_>{list}){arrow} {{\n{}}}\n",
            self.out
        );
        Ok(Translated { name, docs, parameters, result, text })
    }

    /// Private variables start anew with each invocation, so an entry point owns them.
    fn privates_of_entry(&mut self, own: &Facts) -> Result<(), Error> {
        if !self.is_entry {
            return Ok(());
        }
        for &global in own.privates.keys() {
            let variable = &self.unit.module.global_variables[global];
            let ty = self.unit.ty(variable.ty)?;
            let value = match variable.init {
                Some(init) => self.unit.constant_expression(init, FROM_FUNCTION)?,
                None => self.unit.zero(variable.ty)?,
            };
            let name = private_name(self.unit, global);
            self.line(&format!("let mut {name}: {ty} = {value};"));
        }
        Ok(())
    }

    /// The type that a pointer type points to, none for other types.
    pub fn pointee(&self, ty: Handle<Type>) -> Option<Handle<Type>> {
        match self.unit.module.types[ty].inner {
            TypeInner::Pointer { base, .. } => Some(base),
            _ => None,
        }
    }

    pub fn argument_name(&self, index: usize) -> String {
        numbered('a', index, self.function.arguments[index].name.as_deref())
    }

    pub fn local_name(&self, handle: Handle<naga::LocalVariable>) -> String {
        numbered('v', handle.index(), self.function.local_variables[handle].name.as_deref())
    }

    /// The private variable as a place.
    pub fn private_place(&self, global: Handle<GlobalVariable>) -> String {
        let name = private_name(self.unit, global);
        if self.is_entry { name } else { format!("(*{name})") }
    }

    /// A call's argument for a parameter that is a reference to `root`'s variable.
    pub fn reference(&self, place: &str, is_written: bool) -> String {
        if is_written { format!("&mut {place}") } else { format!("&{place}") }
    }

    /// Refuses pointers into memory that other invocations share: naga allows functions to take none.
    pub fn is_shared(&self, root: Option<Root>) -> bool {
        matches!(root, Some(Root::Global(global)) if self.unit.module.global_variables[global].space != AddressSpace::Private)
    }

    pub fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.out.push_str("    ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    pub fn inner(&self, handle: Handle<Expression>) -> &TypeInner {
        self.info[handle].ty.inner_with(&self.unit.module.types)
    }

    pub fn span(&self, handle: Handle<Expression>) -> naga::Span {
        self.function.expressions.get_span(handle)
    }
}
