//! Statements.

use crate::Error;
use crate::analysis::{check_aliases, hoisted, root};
use crate::function::{Frame, Writer, private_name};
use crate::names::{ident, numbered};
use crate::types::PRELUDE;
use naga::{
    AtomicFunction, Block, Expression, Function, Handle, Range, Span, Statement, SwitchCase, SwitchValue, TypeInner,
};

impl Writer<'_, '_> {
    pub fn block(&mut self, block: &Block) -> Result<(), Error> {
        for (statement, &span) in block.span_iter() {
            self.statement(statement, span).map_err(|e| self.unit.locate(e, span))?;
        }
        Ok(())
    }

    fn nested(&mut self, block: &Block) -> Result<(), Error> {
        self.indent += 1;
        let result = self.block(block);
        self.indent -= 1;
        result
    }

    fn statement(&mut self, statement: &Statement, span: Span) -> Result<(), Error> {
        let refuse = |construct: &str| Err(self.unit.refuse(span, construct));
        match *statement {
            Statement::Emit(ref range) => self.emit(range),
            Statement::Block(ref block) => {
                self.line("{");
                self.nested(block)?;
                self.line("}");
                Ok(())
            }
            Statement::If { condition, ref accept, ref reject } => {
                let condition = self.expression(condition)?;
                self.line(&format!("if {condition} {{"));
                self.nested(accept)?;
                if !reject.is_empty() {
                    self.line("} else {");
                    self.nested(reject)?;
                }
                self.line("}");
                Ok(())
            }
            Statement::Switch { selector, ref cases } => self.switch(selector, cases),
            Statement::Loop { ref body, ref continuing, break_if } => self.repeat(body, continuing, break_if),
            Statement::Break => {
                let label = match self.frames.last() {
                    Some(Frame::Loop { label, .. }) => format!("'l{label}"),
                    Some(Frame::Switch { label }) => format!("'s{label}"),
                    None => return refuse("a break outside of loops"),
                };
                self.line(&format!("break {label};"));
                Ok(())
            }
            Statement::Continue => {
                let target = self.frames.iter().rev().find_map(|frame| match *frame {
                    Frame::Loop { label, has_tail } => Some((label, has_tail)),
                    Frame::Switch { .. } => None,
                });
                match target {
                    Some((label, true)) => self.line(&format!("break 'c{label};")),
                    Some((label, false)) => self.line(&format!("continue 'l{label};")),
                    None => return refuse("a continue outside of loops"),
                }
                Ok(())
            }
            Statement::Return { value } => {
                let text = match value {
                    Some(value) => format!("return {};", self.expression(value)?),
                    None => "return;".to_owned(),
                };
                self.line(&text);
                Ok(())
            }
            Statement::Store { pointer, value } => self.store(pointer, value),
            Statement::Atomic { pointer, ref fun, value, result } => {
                self.atomic_call(pointer, fun, value, result, span)
            }
            Statement::Call { function, ref arguments, result } => self.call(function, arguments, result, span),
            Statement::Kill => refuse("discard"),
            Statement::ControlBarrier(_) | Statement::MemoryBarrier(_) => refuse("a barrier"),
            Statement::ImageStore { .. } => refuse("a texture store"),
            Statement::ImageAtomic { .. } => refuse("a texture atomic"),
            Statement::WorkGroupUniformLoad { .. } => refuse("workgroupUniformLoad"),
            Statement::RayQuery { .. } => refuse("a ray query"),
            Statement::RayPipelineFunction(_) => refuse("a ray-tracing pipeline function"),
            Statement::SubgroupBallot { .. }
            | Statement::SubgroupGather { .. }
            | Statement::SubgroupCollectiveOperation { .. } => refuse("a subgroup operation"),
            Statement::CooperativeStore { .. } => refuse("a cooperative matrix"),
        }
    }

    /// Binds what must be evaluated here; leaves the rest to where it is used.
    fn emit(&mut self, range: &Range<Expression>) -> Result<(), Error> {
        for handle in range.clone() {
            let info = &self.info[handle];
            if info.ref_count == 0
                || matches!(*self.inner(handle), TypeInner::Pointer { .. } | TypeInner::ValuePointer { .. })
            {
                continue;
            }
            let is_load = matches!(self.function.expressions[handle], Expression::Load { .. });
            let is_named = self.function.named_expressions.contains_key(&handle);
            if is_load || is_named || info.ref_count > 1 || self.hoisted.contains(&handle) {
                let value = self.build(handle)?;
                self.bind(handle, &value)?;
            }
        }
        Ok(())
    }

    fn expression_name(&self, handle: Handle<Expression>) -> String {
        numbered('e', handle.index(), self.function.named_expressions.get(&handle).map(String::as_str))
    }

    /// Gives the value a name: a new one, or the one declared before the loop.
    fn bind(&mut self, handle: Handle<Expression>, value: &str) -> Result<(), Error> {
        let name = self.expression_name(handle);
        if self.hoisted.contains(&handle) {
            self.line(&format!("{name} = {value};"));
        } else {
            let span = self.span(handle);
            let ty = self.unit.resolved(&self.info[handle].ty, span).map_err(|e| self.unit.locate(e, span))?;
            self.line(&format!("let {name}: {ty} = {value};"));
        }
        self.bound.insert(handle, name);
        Ok(())
    }

    fn store(&mut self, pointer: Handle<Expression>, value: Handle<Expression>) -> Result<(), Error> {
        let value = self.expression(value)?;
        let atomic = self.atomic(pointer);
        let place = self.place(pointer, true)?;
        let text = match atomic {
            Some(scalar) => {
                let scalar = self.unit.scalar(scalar, self.span(pointer))?;
                format!("unsafe {{ <{scalar} as {PRELUDE}::bits::Atom>::store(&raw mut {}, {value}) }};", place.text)
            }
            None if place.raw => format!("unsafe {{ {} = {value} }};", place.text),
            None => format!("{} = {value};", place.text),
        };
        self.line(&text);
        Ok(())
    }

    fn atomic_call(
        &mut self,
        pointer: Handle<Expression>,
        fun: &AtomicFunction,
        value: Handle<Expression>,
        result: Option<Handle<Expression>>,
        span: Span,
    ) -> Result<(), Error> {
        let name = match *fun {
            AtomicFunction::Add => "add",
            AtomicFunction::Subtract => "sub",
            AtomicFunction::And => "and",
            AtomicFunction::ExclusiveOr => "xor",
            AtomicFunction::InclusiveOr => "or",
            AtomicFunction::Min => "min",
            AtomicFunction::Max => "max",
            AtomicFunction::Exchange { compare: None } => "exchange",
            AtomicFunction::Exchange { compare: Some(_) } => {
                return Err(self.unit.refuse(span, "atomicCompareExchangeWeak"));
            }
        };
        let Some(scalar) = self.atomic(pointer) else { return Err(self.unit.refuse(span, "this atomic")) };
        let scalar = self.unit.scalar(scalar, span)?;
        let value = self.expression(value)?;
        let place = self.place(pointer, true)?;
        let text =
            format!("unsafe {{ <{scalar} as {PRELUDE}::bits::Atom>::{name}(&raw mut {}, {value}) }}", place.text);
        match result {
            Some(result) if self.info[result].ref_count > 0 => self.bind(result, &text),
            Some(_) | None => {
                self.line(&format!("let _ = {text};"));
                Ok(())
            }
        }
    }

    fn call(
        &mut self,
        callee: Handle<Function>,
        arguments: &[Handle<Expression>],
        result: Option<Handle<Expression>>,
        span: Span,
    ) -> Result<(), Error> {
        let all = self.facts;
        let facts = &all[callee.index()];
        check_aliases(self.unit, self.function, facts, arguments, span)?;
        let mut texts = vec!["b".to_owned()];
        for (&global, &is_written) in &facts.privates {
            let place = if self.is_entry { private_name(self.unit, global) } else { self.private_place(global) };
            texts.push(self.reference(&place, is_written));
        }
        let function = &self.unit.module.functions[callee];
        for (index, &argument) in arguments.iter().enumerate() {
            let text = if self.pointee(function.arguments[index].ty).is_some() {
                if self.is_shared(root(self.function, argument)) {
                    return Err(self.unit.refuse(span, "a pointer to storage as an argument"));
                }
                let place = self.place(argument, true)?;
                self.reference(&place.text, facts.written[index])
            } else {
                self.expression(argument)?
            };
            texts.push(text);
        }
        let name = ident(function.name.as_deref().unwrap_or("unnamed"));
        let text = format!("self::{name}({})", texts.join(", "));
        match result {
            Some(result) if self.info[result].ref_count > 0 => self.bind(result, &text),
            Some(_) | None => {
                self.line(&format!("{text};"));
                Ok(())
            }
        }
    }

    fn switch(&mut self, selector: Handle<Expression>, cases: &[SwitchCase]) -> Result<(), Error> {
        let selector = self.expression(selector)?;
        let label = self.labels;
        self.labels += 1;
        self.line(&format!("'s{label}: {{ match {selector} {{"));
        self.frames.push(Frame::Switch { label });
        self.indent += 1;
        // Arms are disjoint, so the default may stand last, where Rust wants it.
        let mut default = None;
        let mut patterns: Vec<String> = Vec::new();
        let mut has_default = false;
        for (index, case) in cases.iter().enumerate() {
            match case.value {
                SwitchValue::I32(value) => patterns.push(format!("{value}i32")),
                SwitchValue::U32(value) => patterns.push(format!("{value}u32")),
                SwitchValue::Default => has_default = true,
            }
            if case.fall_through && case.body.is_empty() {
                // One more selector of the next body.
                continue;
            }
            if has_default {
                default = Some(index);
            } else {
                self.line(&format!("{} => {{", patterns.join(" | ")));
                self.case_body(cases, index)?;
                self.line("}");
            }
            patterns.clear();
            has_default = false;
        }
        self.line("_ => {");
        if let Some(index) = default {
            self.case_body(cases, index)?;
        }
        self.line("}");
        self.indent -= 1;
        self.frames.pop();
        self.line("} }");
        Ok(())
    }

    /// The body of a case and of those that it falls into.
    fn case_body(&mut self, cases: &[SwitchCase], first: usize) -> Result<(), Error> {
        for case in &cases[first..] {
            self.line("    {");
            self.indent += 1;
            self.nested(&case.body)?;
            self.indent -= 1;
            self.line("    }");
            if !case.fall_through {
                break;
            }
        }
        Ok(())
    }

    fn repeat(&mut self, body: &Block, continuing: &Block, break_if: Option<Handle<Expression>>) -> Result<(), Error> {
        let label = self.labels;
        self.labels += 1;
        let has_tail = !continuing.is_empty() || break_if.is_some();
        let kept = hoisted(self.function, body, continuing, break_if);
        for &handle in &kept {
            // A `continue` may skip what makes the value, so it starts as zero.
            let is_pointer = matches!(*self.inner(handle), TypeInner::Pointer { .. } | TypeInner::ValuePointer { .. });
            if is_pointer || self.info[handle].ref_count == 0 {
                continue;
            }
            let name = self.expression_name(handle);
            let span = self.span(handle);
            let ty = self.unit.resolved(&self.info[handle].ty, span)?;
            let zero = self.unit.zero_resolved(&self.info[handle].ty, span)?;
            self.line(&format!("let mut {name}: {ty} = {zero};"));
            self.hoisted.insert(handle);
        }
        self.line(&format!("let mut n{label} = b.guard.cap();"));
        self.line(&format!("'l{label}: loop {{"));
        self.indent += 1;
        self.line(&format!("if n{label} == 0 {{ b.guard.trip(); break 'l{label}; }}"));
        self.line(&format!("n{label} -= 1;"));
        self.frames.push(Frame::Loop { label, has_tail });
        if has_tail {
            self.line(&format!("'c{label}: {{"));
            self.nested(body)?;
            self.line("}");
            self.block(continuing)?;
            if let Some(condition) = break_if {
                let condition = self.expression(condition)?;
                self.line(&format!("if {condition} {{ break 'l{label}; }}"));
            }
        } else {
            self.block(body)?;
        }
        self.frames.pop();
        self.indent -= 1;
        self.line("}");
        Ok(())
    }
}
