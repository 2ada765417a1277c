//! What must be known of functions before they are written: which pointers are stored through, which private variables they
//! touch, and which values of a loop's body its `continuing` block needs.

use crate::Error;
use crate::types::Unit;
use naga::{
    AddressSpace, AtomicFunction, Block, Expression, Function, GlobalVariable, Handle, SampleLevel, Span, Statement,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a caller must know of a function.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// For each argument: true when the function, or one that it calls, stores through it.
    pub written: Vec<bool>,
    /// Private variables that it or one that it calls uses, and whether they are stored to.
    pub privates: BTreeMap<Handle<GlobalVariable>, bool>,
}

/// What a pointer expression starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    Argument(u32),
    Local(Handle<naga::LocalVariable>),
    Global(Handle<GlobalVariable>),
}

/// The variable or argument that a pointer points into.
pub fn root(function: &Function, mut pointer: Handle<Expression>) -> Option<Root> {
    loop {
        match function.expressions[pointer] {
            Expression::Access { base, .. } | Expression::AccessIndex { base, .. } => pointer = base,
            Expression::FunctionArgument(index) => return Some(Root::Argument(index)),
            Expression::LocalVariable(local) => return Some(Root::Local(local)),
            Expression::GlobalVariable(global) => return Some(Root::Global(global)),
            _ => return None,
        }
    }
}

/// Facts of every function, callees first.
pub fn facts(unit: &Unit<'_>) -> Vec<Facts> {
    let mut all: Vec<Facts> = Vec::new();
    for (_, function) in unit.module.functions.iter() {
        all.push(facts_of(unit, function, &all));
    }
    all
}

/// Facts of one function whose callees are known.
pub fn facts_of(unit: &Unit<'_>, function: &Function, known: &[Facts]) -> Facts {
    let mut facts = Facts { written: vec![false; function.arguments.len()], privates: BTreeMap::new() };
    for (_, expression) in function.expressions.iter() {
        if let Expression::GlobalVariable(global) = *expression
            && unit.module.global_variables[global].space == AddressSpace::Private
        {
            facts.privates.entry(global).or_insert(false);
        }
    }
    let written = |root: Option<Root>, facts: &mut Facts| match root {
        Some(Root::Argument(index)) => facts.written[index as usize] = true,
        Some(Root::Global(global)) => {
            if let Some(flag) = facts.privates.get_mut(&global) {
                *flag = true;
            }
        }
        Some(Root::Local(_)) | None => {}
    };
    walk(&function.body, &mut |statement| match *statement {
        Statement::Store { pointer, .. } | Statement::Atomic { pointer, .. } => {
            written(root(function, pointer), &mut facts);
        }
        Statement::Call { function: callee, ref arguments, .. } => {
            // Callees stand earlier in the arena: WGSL has no recursion, and naga orders by dependency.
            let Some(callee) = known.get(callee.index()) else { return };
            for (&argument, &is_written) in arguments.iter().zip(&callee.written) {
                if is_written {
                    written(root(function, argument), &mut facts);
                }
            }
            for (&private, &is_written) in &callee.privates {
                *facts.privates.entry(private).or_insert(false) |= is_written;
            }
        }
        _ => {}
    });
    facts
}

/// Visits every statement, nested ones included.
pub fn walk(block: &Block, visit: &mut dyn FnMut(&Statement)) {
    for statement in block.iter() {
        visit(statement);
        match *statement {
            Statement::Block(ref block) => walk(block, visit),
            Statement::If { ref accept, ref reject, .. } => {
                walk(accept, visit);
                walk(reject, visit);
            }
            Statement::Switch { ref cases, .. } => cases.iter().for_each(|case| walk(&case.body, visit)),
            Statement::Loop { ref body, ref continuing, .. } => {
                walk(body, visit);
                walk(continuing, visit);
            }
            _ => {}
        }
    }
}

/// Two pointers to one variable, one of them written through: WGSL forbids it, naga does not look, Rust would not compile.
pub fn check_aliases(
    unit: &Unit<'_>,
    caller: &Function,
    callee: &Facts,
    arguments: &[Handle<Expression>],
    span: Span,
) -> Result<(), Error> {
    let mut seen: BTreeMap<Root, bool> = BTreeMap::new();
    for (&private, &is_written) in &callee.privates {
        seen.insert(Root::Global(private), is_written);
    }
    for (index, (&argument, &is_written)) in arguments.iter().zip(&callee.written).enumerate() {
        let Some(root) = root(caller, argument) else { continue };
        if let Some(&other_is_written) = seen.get(&root)
            && (is_written || other_is_written)
        {
            let message = format!(
                "argument {index} points into a variable that this call also reaches another way, and one of the two is \
                 written: WGSL forbids such aliases; copy one of them first"
            );
            return Err(unit.error(span, message));
        }
        seen.insert(root, is_written);
    }
    Ok(())
}

/// Values that the top level of a loop's body makes and that `continuing` or `break if` use.
pub fn hoisted(
    function: &Function,
    body: &Block,
    continuing: &Block,
    break_if: Option<Handle<Expression>>,
) -> BTreeSet<Handle<Expression>> {
    let mut used = BTreeSet::new();
    let mut open: Vec<Handle<Expression>> = break_if.into_iter().collect();
    walk(continuing, &mut |statement| statement_operands(statement, &mut open));
    while let Some(handle) = open.pop() {
        if used.insert(handle) {
            operands(&function.expressions[handle], &mut open);
        }
    }
    let mut made = BTreeSet::new();
    for statement in body.iter() {
        match *statement {
            Statement::Emit(ref range) => made.extend(range.clone()),
            Statement::Call { result: Some(result), .. } | Statement::Atomic { result: Some(result), .. } => {
                made.insert(result);
            }
            _ => {}
        }
    }
    used.intersection(&made).copied().collect()
}

/// Expressions that a statement uses itself.
fn statement_operands(statement: &Statement, out: &mut Vec<Handle<Expression>>) {
    match *statement {
        // An emitted expression is found again through what uses it; without use it needs nothing, except that it may be
        // bound all the same.
        Statement::Emit(ref range) => out.extend(range.clone()),
        Statement::If { condition, .. } => out.push(condition),
        Statement::Switch { selector, .. } => out.push(selector),
        Statement::Loop { break_if, .. } => out.extend(break_if),
        Statement::Return { value } => out.extend(value),
        Statement::Store { pointer, value } => out.extend([pointer, value]),
        Statement::Atomic { pointer, ref fun, value, result } => {
            out.extend([pointer, value]);
            out.extend(result);
            if let AtomicFunction::Exchange { compare: Some(compare) } = *fun {
                out.push(compare);
            }
        }
        Statement::Call { ref arguments, result, .. } => {
            out.extend(arguments);
            out.extend(result);
        }
        Statement::Block(_)
        | Statement::Break
        | Statement::Continue
        | Statement::Kill
        | Statement::ControlBarrier(_)
        | Statement::MemoryBarrier(_) => {}
        // Refused when the statement itself is translated.
        Statement::ImageStore { .. }
        | Statement::ImageAtomic { .. }
        | Statement::WorkGroupUniformLoad { .. }
        | Statement::RayQuery { .. }
        | Statement::RayPipelineFunction(_)
        | Statement::SubgroupBallot { .. }
        | Statement::SubgroupGather { .. }
        | Statement::SubgroupCollectiveOperation { .. }
        | Statement::CooperativeStore { .. } => {}
    }
}

/// Expressions that an expression is made of.
pub fn operands(expression: &Expression, out: &mut Vec<Handle<Expression>>) {
    match *expression {
        Expression::Literal(_)
        | Expression::Constant(_)
        | Expression::Override(_)
        | Expression::ZeroValue(_)
        | Expression::FunctionArgument(_)
        | Expression::GlobalVariable(_)
        | Expression::LocalVariable(_)
        | Expression::CallResult(_)
        | Expression::AtomicResult { .. } => {}
        Expression::Compose { ref components, .. } => out.extend(components),
        Expression::Access { base, index } => out.extend([base, index]),
        Expression::AccessIndex { base, .. } => out.push(base),
        Expression::Splat { value, .. } => out.push(value),
        Expression::Swizzle { vector, .. } => out.push(vector),
        Expression::Load { pointer } => out.push(pointer),
        Expression::Unary { expr, .. } | Expression::As { expr, .. } | Expression::Derivative { expr, .. } => {
            out.push(expr);
        }
        Expression::Binary { left, right, .. } => out.extend([left, right]),
        Expression::Select { condition, accept, reject } => out.extend([condition, accept, reject]),
        Expression::Relational { argument, .. } => out.push(argument),
        Expression::Math { arg, arg1, arg2, arg3, .. } => {
            out.push(arg);
            out.extend(arg1);
            out.extend(arg2);
            out.extend(arg3);
        }
        Expression::ArrayLength(array) => out.push(array),
        // Refused when the expression itself is translated.
        Expression::ImageSample { level, .. } => {
            if let SampleLevel::Exact(level) = level {
                out.push(level);
            }
        }
        Expression::ImageLoad { .. }
        | Expression::ImageQuery { .. }
        | Expression::WorkGroupUniformLoadResult { .. }
        | Expression::RayQueryVertexPositions { .. }
        | Expression::RayQueryProceedResult
        | Expression::RayQueryGetIntersection { .. }
        | Expression::SubgroupBallotResult
        | Expression::SubgroupOperationResult { .. }
        | Expression::CooperativeLoad { .. }
        | Expression::CooperativeMultiplyAdd { .. } => {}
    }
}
