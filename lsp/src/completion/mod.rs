//! What may stand at the cursor.

pub(crate) mod context;
pub(crate) mod members;
mod paths;
mod texts;
pub(crate) mod wanted;

use std::collections::BTreeSet;

use lsp_types::{
    CompletionItem, CompletionItemKind as Icon, CompletionList, CompletionParams, CompletionTextEdit, Documentation,
    InsertTextFormat, MarkupContent, MarkupKind, TextEdit,
};
use scenec_compiler::index::Kind;
use scenec_compiler::manual::{TYPES, functions};
use scenec_compiler::ways;
use scenec_grammar::words;
use scenec_ir::dimension::{self, UNITS};
use scenec_ir::node::Wire;
use scenec_ir::nodes::measure::is_measure;
use scenec_ir::{Layer, Span, Type, nodes};

use self::context::{Aim, Around, Context, Place};
use self::wanted::{Callee, Wanted};
use crate::describe;
use crate::server::Client;
use crate::view::View;

/// Signs behind which something is offered without being asked for.
pub(crate) const TRIGGERS: [&str; 5] = [".", "\"", "(", "/", "{"];

pub(crate) fn completion(view: &View<'_>, client: Client, params: &CompletionParams) -> CompletionList {
    let cursor = view.offset(params.text_document_position.position);
    let context = Context::at(view.text(), cursor as usize);
    let span = Span { file: view.file, start: context.start as u32, end: cursor };
    let mut offers = Offers { view, client, span, items: Vec::new(), seen: BTreeSet::new() };
    let owner = view.owner_at(cursor);
    let callee = Callee::find(view, &context, owner);
    let formals = callee.map(|c| c.formals(view)).unwrap_or_default();
    let wanted = context.argument.and_then(|name| formals.iter().find(|f| f.name == name)).map(|f| f.wanted.clone());
    let wanted = context.aim.as_ref().and_then(|aim| paths::aimed(view, owner, aim)).or(wanted);
    let wanted = wanted.or_else(|| {
        let known = view.index().known_at(view.file, cursor).next()?;
        known.wanted.as_ref().map(Wanted::of)
    });
    let mut wanted = wanted.unwrap_or_default();
    // The poses of a figure are those of its bible.
    if let Some(Callee::Definition(at)) = callee
        && matches!(view.definition(at).kind, Kind::Bible)
    {
        wanted.bible = Some(at);
    }
    match &context.place {
        Place::Nowhere => {}
        Place::Path(opinion) => paths::offer(view, owner, opinion, &mut offers),
        Place::Text { .. } if matches!(context.aim, Some(Aim::Opinion(_))) => {
            if let Some(Aim::Opinion(opinion)) = &context.aim {
                paths::materials(view, owner, opinion, &mut offers);
            }
        }
        Place::Text { written } => texts::offer(view, &context, owner, &wanted, &formals, written, &mut offers),
        Place::Unit => units(&wanted, &mut offers),
        Place::Member(path) => {
            let dot = view.text()[..context.start].trim_end().trim_end_matches('.').len();
            members::offer(view, owner, path, dot as u32, &mut offers);
        }
        Place::Item => {
            offers.keywords(&words::ITEMS, "item");
            offers.keywords(&words::MODIFIERS, "hides an item from other modules");
        }
        Place::Statement => offers.keywords(&["let", "override", "scatter"], "statement"),
        Place::Claim => offers.keywords(&["let", "assert"], "statement of a test"),
        Place::Entry => {
            offers.keywords(&["enum", "variant", "pose"], "entry of a bible");
            offers.plain("rig", Icon::FIELD, "the figure that it is worn by", 0);
        }
        Place::Argument { first } => {
            for formal in formals.iter().filter(|f| !context.given.contains(&f.name.as_str())) {
                offers.argument(&formal.name, &formal.signature, &formal.doc);
            }
            if matches!(context.around, Around::Braces("shot")) {
                offers.keywords(&["set"], "a property of this shot");
            }
            if let Some(Callee::Node(decl)) = callee
                && is_measure(decl)
            {
                // Their types tell which is which.
                let things = [Wire::Thing, Wire::Camera].map(Type::Wire);
                let types = things.into_iter().chain([Type::Shot]).collect();
                values(view, owner, &Wanted { types, ..Wanted::default() }, &mut offers);
            }
            // The first that must be given may go without its name.
            let unnamed = formals.iter().find(|f| f.is_required).filter(|_| *first);
            if let Some(unnamed) = unnamed {
                values(view, owner, &unnamed.wanted, &mut offers);
            } else if callee.is_none() && matches!(context.around, Around::Call(_)) {
                values(view, owner, &Wanted::default(), &mut offers);
            }
        }
        Place::Type => types(view, owner, &mut offers),
        Place::Value => {
            context.variables.iter().rev().for_each(|v| offers.plain(v, Icon::VARIABLE, "variable of the `for`", 1));
            values(view, owner, &wanted, &mut offers);
        }
        Place::Way => ways().for_each(|way| offers.plain(way, Icon::ENUM_MEMBER, "how this key is reached", 0)),
        Place::Behind => {
            let things = owner.is_some_and(|o| matches!(view.definition(o).kind, Kind::Layer(_) | Kind::Component));
            let kind = owner.map(|o| &view.definition(o).kind);
            if things {
                offers.keywords(&words::CLAUSES, "where it stands");
            }
            if matches!(context.around, Around::Module) {
                offers.keywords(&["as", "in"], "");
            }
            if context.is_locked {
                offers.keywords(&["because"], "why a lock is overridden");
            }
            if matches!((kind, &context.around), (Some(Kind::Bible), Around::Braces("bible"))) {
                offers.keywords(&["requires"], "what a rule demands");
            }
            if matches!(context.around, Around::Other) {
                offers.keywords(&["ease"], "how this key is reached");
            }
            offers.keywords(&["and", "or"], "");
        }
        Place::Pick => pick(view, &context, &mut offers),
    }
    offers.items.sort_by(|a, b| (&a.sort_text, &a.label).cmp(&(&b.sort_text, &b.label)));
    CompletionList { is_incomplete: false, items: offers.items }
}

fn units(wanted: &Wanted, offers: &mut Offers<'_, '_>) {
    for unit in UNITS {
        let fits = wanted.dimension.is_none_or(|d| d == unit.dimension);
        // A derived quantity is put together from several units.
        let is_derived = wanted.dimension.is_some_and(|d| UNITS.iter().all(|u| u.dimension != d));
        if fits || is_derived {
            offers.plain(unit.name, Icon::UNIT, &unit.dimension.to_string(), u8::from(!fits));
        }
    }
}

fn types(view: &View<'_>, owner: Option<usize>, offers: &mut Offers<'_, '_>) {
    let enums = view.index().visible(view.module, owner);
    for (name, at) in enums {
        match view.definition(at).kind {
            Kind::Enum(_) | Kind::Alias(_) => offers.named(name, at, 0),
            _ => {}
        }
    }
    dimension::names().for_each(|name| offers.plain(name, Icon::CLASS, "quantity", 1));
    TYPES.iter().for_each(|ty| offers.plain(ty.name, Icon::CLASS, "type", 1));
}

fn values(view: &View<'_>, owner: Option<usize>, wanted: &Wanted, offers: &mut Offers<'_, '_>) {
    wanted.members.iter().for_each(|m| offers.plain(m, Icon::ENUM_MEMBER, "", 0));
    if let Some(bible) = wanted.bible.filter(|_| wanted.types.contains(&Type::Pose)) {
        let poses = view.index().members(bible).filter(|(_, d)| matches!(d.kind, Kind::Pose)).map(|m| m.0);
        poses.collect::<Vec<_>>().into_iter().for_each(|at| offers.definition(at, 0));
    }
    if wanted.types.is_empty() && wanted.is_known() {
        return;
    }
    let layer = owner.and_then(|o| match view.definition(o).kind {
        Kind::Layer(layer) => Some(layer),
        _ => None,
    });
    for (name, at) in view.index().visible(view.module, owner) {
        let def = view.definition(at);
        if matches!(def.kind, Kind::Output | Kind::Failed) {
            continue;
        }
        let may_hold = matches!(def.kind, Kind::Alias(_) | Kind::Asset { .. } | Kind::Layer(_) | Kind::Enum(_));
        // Numbers of one kind make those of another; nothing else becomes what it is not.
        let may_become = wanted.dimension.is_some() && wanted::dimension(&def.ty).is_some() || def.ty == Type::Unknown;
        let rank = match wanted.is_known() {
            _ if may_hold => 3,
            true if wanted.takes(&def.ty) => 1,
            true if may_become => 4,
            true => continue,
            false => 2,
        };
        offers.named(name, at, rank);
    }
    let wire = |wire: Wire| wanted.takes(&Type::Wire(wire));
    for decl in nodes::all().iter().filter(|d| d.callable && !d.name.contains('.')) {
        let stands = decl.layers.is_empty() || layer.is_none_or(|l| l == Layer::Generation || decl.layers.contains(&l));
        if stands && (wire(decl.output) || !wanted.is_known()) {
            let rank = if wire(decl.output) { 2 } else { 3 };
            offers.call(decl.name, &describe::node_signature(decl), decl.doc, rank);
        }
    }
    if !wanted.is_known() || wanted.dimension.is_some() || wanted.types.contains(&Type::Color) {
        functions().iter().for_each(|f| offers.call(f.name, f.form, f.doc, 5));
    }
    if !wanted.is_known() || wanted.dimension.is_some() {
        offers.plain("t", Icon::VARIABLE, "Time since the shot began", 5);
        offers.plain("frame", Icon::VARIABLE, "Int: the number of the frame", 5);
    }
    if !wanted.is_known() || wanted.types.contains(&Type::Bool) {
        ["true", "false"].iter().for_each(|word| offers.plain(word, Icon::KEYWORD, "Bool", 5));
        offers.keywords(&["not"], "");
    }
    if wanted.may_lack {
        offers.plain("none", Icon::KEYWORD, "nothing is given", 4);
    }
    offers.keywords(&["if"], "");
    if !wanted.is_known() || wanted.types.iter().any(|ty| matches!(ty, Type::List(_))) {
        offers.keywords(&["for"], "a list");
    }
}

/// Items of the module that a `use` names.
fn pick(view: &View<'_>, context: &Context<'_>, offers: &mut Offers<'_, '_>) {
    let Some(path) = context.path else { return };
    let name = view.here().path_of(path.trim_matches('"'));
    let Some(module) = view.index().modules.iter().position(|m| m.path == name) else { return };
    let public: Vec<usize> = view.index().public(module).map(|(at, _)| at).collect();
    public.into_iter().for_each(|at| offers.definition(at, 0));
}

/// Collects what is offered; the first of a name counts.
pub(crate) struct Offers<'v, 's> {
    view: &'v View<'s>,
    client: Client,
    /// What is replaced.
    span: Span,
    items: Vec<CompletionItem>,
    seen: BTreeSet<String>,
}

impl Offers<'_, '_> {
    fn push(&mut self, label: &str, insert: String, icon: Icon, detail: &str, doc: &str, rank: u8) {
        if label.is_empty() || !self.seen.insert(label.to_owned()) {
            return;
        }
        let doc = MarkupContent { kind: MarkupKind::Markdown, value: doc.to_owned() };
        self.items.push(CompletionItem {
            label: label.to_owned(),
            kind: Some(icon),
            detail: Some(detail.to_owned()).filter(|d| !d.is_empty()),
            documentation: Some(Documentation::MarkupContent(doc.clone())).filter(|_| !doc.value.is_empty()),
            sort_text: Some(format!("{rank}{label}")),
            insert_text_format: insert.contains("$0").then_some(InsertTextFormat::SNIPPET),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit { range: self.view.range(self.span), new_text: insert })),
            ..CompletionItem::default()
        });
    }

    /// A word as it is.
    fn plain(&mut self, label: &str, icon: Icon, detail: &str, rank: u8) {
        self.push(label, label.to_owned(), icon, detail, "", rank);
    }

    fn keywords(&mut self, words: &[&str], detail: &str) {
        words.iter().for_each(|word| self.plain(word, Icon::KEYWORD, detail, 6));
    }

    /// Something that is called: the cursor comes between its brackets.
    fn call(&mut self, name: &str, detail: &str, doc: &str, rank: u8) {
        let is_open = self.view.text()[self.span.end as usize..].starts_with('(');
        let insert = if self.client.snippets && !is_open { format!("{name}($0)") } else { name.to_owned() };
        self.push(name, insert, Icon::FUNCTION, detail, doc, rank);
    }

    /// The name of an argument or field.
    fn argument(&mut self, name: &str, detail: &str, doc: &str) {
        let is_named = self.view.text()[self.span.end as usize..].trim_start().starts_with(':');
        let insert = if is_named { name.to_owned() } else { format!("{name}: ") };
        self.push(name, insert, Icon::PROPERTY, detail, doc, 0);
    }

    /// A property at the end of a path.
    fn property(&mut self, name: &str, detail: &str, doc: &str) {
        self.push(name, name.to_owned(), Icon::PROPERTY, detail, doc, 0);
    }

    fn definition(&mut self, at: usize, rank: u8) {
        let name = self.view.definition(at).name.clone();
        self.named(&name, at, rank);
    }

    /// A definition by the name that it has here.
    fn named(&mut self, name: &str, at: usize, rank: u8) {
        let def = self.view.definition(at);
        let (detail, doc) = (describe::signature(self.view, at), describe::documentation(self.view, at));
        if def.is_callable() && !matches!(def.kind, Kind::Image) {
            return self.call(name, &detail, &doc, rank);
        }
        let icon = match def.kind {
            Kind::Alias(_) | Kind::Layer(_) => Icon::MODULE,
            Kind::Asset { .. } => Icon::FILE,
            Kind::Enum(_) => Icon::ENUM,
            Kind::Param | Kind::Let => Icon::VARIABLE,
            Kind::Field { .. } | Kind::Variant | Kind::Pose => Icon::FIELD,
            Kind::Thing => Icon::VALUE,
            _ => Icon::REFERENCE,
        };
        self.push(name, name.to_owned(), icon, &detail, &doc, rank);
    }
}
