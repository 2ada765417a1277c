//! What a parameter takes, and what a call calls.

use scenec_compiler::index::{Kind, Parts, Target};
use scenec_compiler::{BUDGET_ITEM, CUT_ITEM, OUTPUT_ITEM, SHOT_ITEM};
use scenec_ir::node::{Arity, AssetNames, Default, Giver, NodeDecl, ParamType};
use scenec_ir::{AssetIndex, Dimension, Type, nodes};

use super::context::{Around, Context};
use crate::view::View;

/// What is wanted in a place.
#[derive(Clone, Debug, std::default::Default)]
pub(crate) struct Wanted {
    /// Any of these types; none takes anything.
    pub types: Vec<Type>,
    /// Members of an enumeration, written bare.
    pub members: Vec<String>,
    /// Names within an asset.
    pub names: Option<AssetNames>,
    /// A file to read.
    pub file: bool,
    /// A file to write: its path has holes.
    pub holes: bool,
    pub dimension: Option<Dimension>,
    /// The type is optional.
    pub may_lack: bool,
    /// The bible whose poses may be named bare.
    pub bible: Option<usize>,
}

impl Wanted {
    pub fn of(ty: &Type) -> Self {
        let (may_lack, ty) = (ty.is_optional(), ty.present());
        let members = match ty {
            Type::Enum(ty) => ty.members.clone(),
            _ => Vec::new(),
        };
        let types = if *ty == Type::Unknown { Vec::new() } else { vec![ty.clone()] };
        Self { types, members, dimension: dimension(ty), may_lack, ..Self::default() }
    }

    /// What a property takes.
    pub fn of_target(view: &View<'_>, target: Target) -> Option<Self> {
        match target {
            Target::Definition(at) => Some(Self::of(&view.definition(at).ty)),
            Target::Parameter(decl, name) => {
                of_node(decl, |p| p == name).into_iter().find(|f| f.name == name).map(|f| f.wanted)
            }
            _ => None,
        }
    }

    fn add(&mut self, param: ParamType) {
        let ty = match param {
            ParamType::Bool => Type::Bool,
            ParamType::Int => Type::Int,
            ParamType::Quantity(d) => Type::Quantity(d),
            ParamType::Quantities(d) => Type::List(Box::new(Type::Quantity(d))),
            ParamType::Color => Type::Color,
            ParamType::Vec2(d) => Type::Vec2(d),
            ParamType::Vec3(d) => Type::Vec3(d),
            ParamType::Frames => Type::Range(Box::new(Type::Int)),
            ParamType::Asset => Type::Asset,
            ParamType::Pose => Type::Pose,
            ParamType::Members(members) => {
                self.members.extend(members.iter().map(|m| (*m).to_owned()));
                return;
            }
            ParamType::Surfaces | ParamType::Parameters => return,
            ParamType::Shot | ParamType::Shots => Type::Shot,
            ParamType::Text | ParamType::AssetName(_) | ParamType::OutputPath | ParamType::InputPath => Type::Text,
            ParamType::Enum(members) => {
                self.members.extend(members.iter().map(|m| (*m).to_owned()));
                return;
            }
        };
        match param {
            ParamType::AssetName(names) => self.names = Some(names),
            ParamType::InputPath => self.file = true,
            ParamType::OutputPath => self.holes = true,
            _ => {}
        }
        self.dimension = dimension(&ty);
        self.types.push(ty);
    }

    /// Whether a value of the type may stand there.
    pub fn takes(&self, ty: &Type) -> bool {
        let (numbers, ty) = (|t: &Type| dimension(t), if self.may_lack { ty.present() } else { ty });
        self.types.iter().any(|want| {
            want == ty
                || matches!(want, Type::Range(item) if **item == *ty)
                || numbers(want).is_some() && numbers(want) == numbers(ty)
        })
    }

    pub fn is_known(&self) -> bool {
        !self.types.is_empty() || !self.members.is_empty()
    }
}

pub(super) fn dimension(ty: &Type) -> Option<Dimension> {
    match ty {
        Type::Int => Some(Dimension::RATIO),
        Type::Quantity(d) | Type::Vec2(d) | Type::Vec3(d) => Some(*d),
        Type::Range(item) | Type::List(item) => dimension(item),
        _ => None,
    }
}

/// What arguments belong to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Callee {
    Node(&'static NodeDecl),
    Definition(usize),
}

/// A parameter that may be given.
#[derive(Clone, Debug)]
pub(crate) struct Formal {
    pub name: String,
    pub signature: String,
    pub doc: String,
    pub wanted: Wanted,
    pub is_required: bool,
}

impl Callee {
    pub fn find(view: &View<'_>, context: &Context<'_>, owner: Option<usize>) -> Option<Self> {
        let node = |name: &str| nodes::find(name).map(Self::Node);
        match &context.around {
            Around::Braces("camera") => node("camera"),
            Around::Braces("scatter") => node("scatter"),
            Around::Braces("cut") => Some(Self::Node(&CUT_ITEM)),
            Around::Braces("shot") => Some(Self::Node(&SHOT_ITEM)),
            Around::Braces("budget") => Some(Self::Node(&BUDGET_ITEM)),
            Around::Braces("output") => Some(Self::Node(&OUTPUT_ITEM)),
            Around::Call(path) => {
                let found = super::members::follow(view, owner, path);
                match (found, path.as_slice()) {
                    (Some(super::members::Base::Definition(at)), _) if view.definition(at).is_callable() => {
                        Some(Self::Definition(at))
                    }
                    (None, [name]) => node(name).filter(|_| !name.contains('.')),
                    (None, [base @ .., method]) => {
                        let base = super::members::follow(view, owner, base)?;
                        super::members::asset(view, &base).and_then(|_| node(&format!("gltf.{method}")))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    pub fn formals(self, view: &View<'_>) -> Vec<Formal> {
        match self {
            // What a `scatter` takes and where stands in the statement itself.
            Self::Node(decl) if decl.name == "scatter" => {
                let mut formals = of_node(decl, |_| true);
                formals.retain(|f| !["prototype", "on", "in"].contains(&f.name.as_str()));
                formals
            }
            Self::Node(decl) => of_node(decl, |p| p != "asset" || !decl.name.starts_with("gltf.")),
            Self::Definition(at) => {
                let own = view.index().members(at).filter(|(_, d)| d.is_parameter());
                let mut formals: Vec<Formal> = own
                    .map(|(member, d)| Formal {
                        name: d.name.clone(),
                        signature: crate::describe::declared(view, member),
                        doc: crate::describe::documentation(view, member),
                        wanted: Wanted::of(&d.ty),
                        is_required: d.is_required,
                    })
                    .collect();
                if matches!(view.definition(at).kind, Kind::Bible) {
                    let rest = nodes::find("figure").map(|figure| {
                        of_node(figure, |p| !["asset", "skin", "node", "variant", "height"].contains(&p))
                    });
                    let taken: Vec<String> = formals.iter().map(|f| f.name.clone()).collect();
                    formals.extend(rest.into_iter().flatten().filter(|f| !taken.contains(&f.name)));
                }
                formals
            }
        }
    }
}

fn of_node(decl: &'static NodeDecl, wanted: impl Fn(&str) -> bool) -> Vec<Formal> {
    let mut formals: Vec<Formal> = Vec::new();
    for param in decl.params.iter().filter(|p| wanted(p.name)) {
        let mut takes = Wanted::default();
        takes.add(param.ty);
        formals.push(Formal {
            name: param.name.to_owned(),
            signature: param.signature(),
            doc: param.doc.to_owned(),
            wanted: takes,
            is_required: param.default == Default::Required,
        });
    }
    for port in decl.ports.iter().filter(|p| p.giver != Giver::Compiler) {
        let ty = Type::Wire(port.wire);
        match formals.iter_mut().find(|f| f.name == port.name) {
            Some(both) => both.wanted.types.push(ty),
            None => formals.push(Formal {
                name: port.name.to_owned(),
                signature: port.signature(),
                doc: port.doc.to_owned(),
                wanted: Wanted::of(&ty),
                is_required: port.arity != Arity::Optional && port.giver == Giver::Author,
            }),
        }
    }
    formals
}

/// The asset whose names a text within the call may be.
pub(crate) fn asset_of<'v>(view: &'v View<'_>, context: &Context<'_>, owner: Option<usize>) -> Option<&'v AssetIndex> {
    let Around::Call(path) = &context.around else { return None };
    let (_, base) = path.split_last()?;
    let found = match Callee::find(view, context, owner) {
        Some(Callee::Definition(at)) => match view.definition(at).parts {
            Parts::Asset(asset) => Some(asset),
            _ => None,
        },
        _ => super::members::follow(view, owner, base).and_then(|base| super::members::asset(view, &base)),
    }?;
    match &view.definition(found).kind {
        Kind::Asset { names: Some(names), .. } => Some(names),
        _ => None,
    }
}
