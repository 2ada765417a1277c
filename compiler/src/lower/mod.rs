//! Lower: from the typed program to the graph.
//!
//! A definition is evaluated once per shot (and once per frame when it depends on time), and equal nodes become one, so
//! frames and outputs share all that they have in common.

mod aovs;
mod ask;
mod cut;
mod eval;
mod intern;
mod lists;
mod matrix;
mod node;
mod opinions;
mod output;
mod scatter;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use scenec_ir::graph::{Input, Node};
use scenec_ir::{Diagnostic, Graph, Handle, Layer, Span, Value};

use crate::claim::Claim;
use crate::load::Loaded;
use crate::nearby::Nearby;
use crate::resolve::{DefId, Program};
use crate::typed::{Asked, Body, Term, Typed};
use crate::{Options, ShotInfo};

/// Levels of evaluation: expressions inside definitions inside components.
const DEEPEST: usize = 1024;
/// Components inside components.
const DEEPEST_EXPANSION: usize = 64;
/// Nodes of one graph.
const MOST_NODES: usize = 4_000_000;
/// Expanded components of one graph.
const MOST_EXPANSIONS: usize = 100_000;
/// Calls of functions: none calls itself, but a chain in which each calls the next twice is as long as it likes.
const MOST_CALLS: usize = 1_000_000;
/// A shot without `frames` has one frame, this one.
const FIRST_FRAME: i64 = 1001;
/// Steps of all `for`s together.
const MOST_STEPS: usize = 1_000_000;
/// Items of one list, those of lists within it included: a list that is made of ten of the list before is soon as long as it likes.
const MOST_ITEMS: usize = 1_000_000;
/// Bytes of one text, and of all texts of a list.
const LONGEST_TEXT: usize = 1 << 20;
const MOST_TEXT: usize = 16 << 20;

/// Makes the graph. `order` names definitions after what they read.
pub fn lower(
    nearby: &Nearby<'_>,
    loaded: &Loaded,
    program: &Program<'_>,
    typed: &Typed,
    order: &[DefId],
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Graph, Vec<ShotInfo>, Vec<Claim>) {
    let mut position = vec![0; program.count()];
    for (at, def) in order.iter().enumerate() {
        position[def.0 as usize] = at as u32;
    }
    let mut lowerer = Lowerer {
        nearby,
        loaded,
        program,
        typed,
        position,
        graph: Graph::default(),
        interned: HashMap::new(),
        ids: HashSet::new(),
        diagnostics,
        reported: BTreeSet::new(),
        first_reports: HashMap::new(),
        opening: FIRST_FRAME,
        base: typed.sets.iter().map(|(def, term)| (*def, term)).collect(),
        settings: BTreeMap::new(),
        setting: None,
        frame: None,
        frame_memo: HashMap::new(),
        scopes: Vec::new(),
        locals: Vec::new(),
        opinions: BTreeMap::new(),
        home: 0,
        params: HashMap::new(),
        applied: HashSet::new(),
        given: Vec::new(),
        layer: Layer::Generation,
        def: DefId(0),
        aspect: None,
        depth: 0,
        expansions: 0,
        calls: 0,
        steps: 0,
        too_much: false,
        choice: matrix::Choice::default(),
        seen: HashMap::new(),
        cuts: HashMap::new(),
        staged: BTreeSet::new(),
        stages: BTreeMap::new(),
        asking: false,
        claims: Vec::new(),
        asked: typed.checked.iter().find_map(|checked| match &checked.body {
            Body::Query(asked) => Some(&**asked),
            _ => None,
        }),
        is_asked_made: false,
        left_out: BTreeSet::new(),
    };
    lowerer.opinions_of_scene();
    if options.strict {
        lowerer.refuse_locks();
    }
    let shots = lowerer.outputs(options);
    lowerer.ask(&shots, options);
    lowerer.unapplied();
    (lowerer.graph, shots, lowerer.claims)
}

type Params = BTreeMap<String, Value>;
type Inputs = BTreeMap<String, Vec<Input>>;

/// What an expression is worth.
#[derive(Clone, Debug)]
enum Val {
    /// A constant.
    Const(Value),
    /// A node, or a part of the thing that it gives.
    Node(Handle<Node>, Option<String>),
    /// A list with items that are no constants.
    Many(Vec<Item>),
    /// An asset.
    Asset(DefId),
    /// A shot.
    Shot(DefId),
    /// A value that is known when the stage is finished: an expression of constants and readings.
    Later(Box<Term>),
    /// Has its error.
    Failed,
}

/// An item of a list.
#[derive(Clone, Debug)]
struct Item {
    /// What stands in the brackets of its id.
    key: String,
    value: Val,
}

/// A shot, or the program without one.
#[derive(Default)]
struct Setting<'t> {
    params: HashMap<DefId, &'t Term>,
    memo: HashMap<(DefId, Layer), Val>,
}

/// An expanded component, bible or image.
struct Scope {
    owner: DefId,
    args: HashMap<DefId, Val>,
    memo: HashMap<DefId, Val>,
    /// Id of what is expanded.
    path: String,
}

struct Lowerer<'a, 'l> {
    nearby: &'l Nearby<'l>,
    loaded: &'a Loaded,
    program: &'l Program<'a>,
    typed: &'l Typed,
    position: Vec<u32>,
    graph: Graph,
    interned: HashMap<Box<[u8]>, Handle<Node>>,
    ids: HashSet<String>,
    diagnostics: &'l mut Vec<Diagnostic>,
    reported: BTreeSet<(String, Option<Span>, String)>,
    /// The frame in which a mistake was seen first.
    first_reports: HashMap<(String, Option<Span>), i64>,
    /// First frame of the output that is being made.
    opening: i64,
    /// `--set`.
    base: HashMap<DefId, &'l Term>,
    settings: BTreeMap<Option<DefId>, Setting<'l>>,
    /// Shot that is being lowered.
    setting: Option<DefId>,
    /// Frame and time since the shot's first, seconds.
    frame: Option<(i64, f64)>,
    frame_memo: HashMap<(Option<DefId>, DefId, Layer), Val>,
    scopes: Vec<Scope>,
    /// Variables of every `for` around, within the definition that is being lowered.
    locals: Vec<Val>,
    /// Opinions by the module and the id of their thing, the strongest last.
    opinions: BTreeMap<(usize, String), Vec<opinions::Active<'l>>>,
    /// Module whose definition is being lowered, not counting what is expanded within: ids are those of it.
    home: usize,
    /// The strongest override of each parameter.
    params: HashMap<DefId, DefId>,
    /// Opinions that have changed something.
    applied: HashSet<Span>,
    /// Values that opinions put into terms.
    given: Vec<Val>,
    layer: Layer,
    /// Definition that is being lowered.
    def: DefId,
    aspect: Option<f64>,
    depth: usize,
    expansions: usize,
    calls: usize,
    steps: usize,
    too_much: bool,
    /// The combination of a matrix that is being made.
    choice: matrix::Choice,
    /// Shots whose stages were made.
    staged: BTreeSet<Option<DefId>>,
    /// Stages by shot, and by frame when time matters.
    stages: BTreeMap<(Option<DefId>, Option<i64>), Val>,
    /// Cuts that were looked at.
    cuts: HashMap<DefId, Option<std::rc::Rc<[cut::Segment]>>>,
    /// Through what the pictures that were made are seen.
    seen: HashMap<Handle<Node>, aovs::Seen>,
    /// An assertion is being lowered: operands may be known only when the stage is finished.
    asking: bool,
    claims: Vec<Claim>,
    /// What `explain` asks for, and whether the thing that has it was made.
    asked: Option<&'l Asked>,
    is_asked_made: bool,
    /// Outputs that have no frame of those that are wanted.
    left_out: BTreeSet<DefId>,
}

impl Lowerer<'_, '_> {
    /// Reports, unless the same was said already (of another frame or copy).
    fn report(&mut self, mut diagnostic: Diagnostic) {
        if let Some((frame, _)) = self.frame {
            // The same mistake in another frame may have other numbers.
            let first = *self.first_reports.entry((diagnostic.code.clone(), diagnostic.span)).or_insert(frame);
            if first != frame {
                return;
            }
            if frame != self.opening {
                let frame = format!("it is so in frame {frame}, not in the first one");
                diagnostic.hint = Some(match diagnostic.hint {
                    Some(hint) => format!("{frame}; {hint}"),
                    None => frame,
                });
            }
        }
        let key = (diagnostic.code.clone(), diagnostic.span, diagnostic.message.clone());
        if self.reported.insert(key) {
            self.diagnostics.push(diagnostic);
        }
    }

    fn error(&mut self, code: &str, message: impl Into<String>, span: Span) -> Val {
        self.report(Diagnostic::error(code, message, span));
        Val::Failed
    }

    fn too_much(&mut self, message: String, span: Span) -> Val {
        if !self.too_much {
            self.too_much = true;
            self.report(Diagnostic::error("E0406", message, span).hint("is a count or a component larger than meant?"));
        }
        Val::Failed
    }
}
