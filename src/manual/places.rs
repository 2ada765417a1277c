//! Where names belong that have no page of their own: parameters, members of enumerations, parts of things, the clocks.

use scenec_compiler::manual;
use scenec_compiler::{BUDGET_ITEM, CUT_ITEM, OUTPUT_ITEM, SHOT_ITEM};
use scenec_ir::node::{NodeDecl, ParamType};
use scenec_ir::nodes;

/// What a name is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A parameter or a port of a node, or a field of an item.
    Parameter,
    /// A member of the enumeration that this parameter takes.
    Member(&'static str),
    /// A part of a thing.
    Part,
    /// What every expression has.
    Clock,
    /// `none`.
    None,
    /// A way from one key of a curve to the next.
    Ease,
}

/// A name with what it belongs to.
pub(super) struct Place {
    pub name: &'static str,
    pub what: What,
    /// The node or item; empty for what belongs to all.
    pub owner: &'static str,
    /// How it is declared or written.
    pub form: String,
    pub doc: &'static str,
}

/// All of them, in the order of the manual.
pub(super) fn all() -> Vec<Place> {
    let free =
        |what: What| move |e: manual::Entry| Place { name: e.name, what, owner: "", form: e.form.into(), doc: e.doc };
    let mut all: Vec<Place> = manual::clocks().into_iter().map(free(What::Clock)).collect();
    all.push(free(What::None)(manual::NONE));
    all.extend(manual::eases().into_iter().map(free(What::Ease)));
    // Other kinds are made by the compiler: no program names their parameters.
    let is_written = |d: &&NodeDecl| d.callable || matches!(d.name, "camera" | "scatter");
    let nodes = nodes::all().iter().copied().filter(is_written);
    for decl in nodes.chain([&SHOT_ITEM, &CUT_ITEM, &OUTPUT_ITEM, &BUDGET_ITEM]) {
        of_decl(decl, &mut all);
    }
    all
}

fn of_decl(decl: &'static NodeDecl, all: &mut Vec<Place>) {
    let owner = decl.name;
    for param in decl.params {
        let (form, doc) = (param.signature(), param.doc);
        if let ParamType::Enum(members) | ParamType::Members(members) = param.ty {
            let what = What::Member(param.name);
            all.extend(members.iter().map(|name| Place { name, what, owner, form: form.clone(), doc }));
        }
        all.push(Place { name: param.name, what: What::Parameter, owner, form, doc });
    }
    for port in decl.ports.iter().filter(|port| decl.written_ports().any(|p| p.name == port.name)) {
        all.push(Place { name: port.name, what: What::Parameter, owner, form: port.signature(), doc: port.doc });
    }
    for name in decl.parts {
        all.push(Place { name, what: What::Part, owner, form: (*name).to_owned(), doc: "" });
    }
}

/// All places of a name as a list; those that say the same are one line.
pub(super) fn of(name: &str) -> Option<String> {
    let mut lines: Vec<(Place, Vec<&'static str>)> = Vec::new();
    for place in all().into_iter().filter(|place| place.name == name) {
        let same = |(p, _): &&mut (Place, _)| p.what == place.what && p.form == place.form && p.doc == place.doc;
        match lines.iter_mut().find(same) {
            Some((_, owners)) => owners.push(place.owner),
            None => {
                let owners = vec![place.owner];
                lines.push((place, owners));
            }
        }
    }
    let line = |(place, owners): &(Place, Vec<&'static str>)| {
        let owners: Vec<String> = owners.iter().map(|owner| format!("`{owner}`")).collect();
        let (owners, Place { form, doc, .. }) = (owners.join(", "), place);
        match place.what {
            What::Parameter => format!("* `{form}`, of {owners}: {doc}\n"),
            What::Member(of) => format!("* `{name}`, a value of `{of}` of {owners}: `{form}`. {doc}\n"),
            What::Part => format!("* `{name}`, a part of {owners}\n"),
            What::Clock | What::None => format!("* `{name}`, in every expression: {doc} `{form}`\n"),
            What::Ease => format!("* `{form}`, a way from one key of a curve to the next: {doc}\n"),
        }
    };
    (!lines.is_empty()).then(|| lines.iter().map(line).collect())
}
