//! Documents in the manner of Wadler and Oppen: text with places where a line may break, and the printer that chooses.
//!
//! Every document knows its width on one line and whether it holds a break that can't be undone. The printer decides from
//! the outside in: a group stands on one line when it fits, and otherwise all its own places break. A decision looks
//! ahead by at most one line, so that printing is linear in the length of the text.

use std::borrow::Cow;

/// Columns of a line.
pub(super) const WIDTH: usize = 100;
/// Columns of one level.
const INDENT: usize = 2;

/// A document.
#[derive(Debug)]
pub(super) struct Doc<'a> {
    kind: Kind<'a>,
    /// Characters on one line, forced breaks not counted.
    width: usize,
    forced: bool,
}

#[derive(Debug)]
enum Kind<'a> {
    Text(Cow<'a, str>),
    /// A blank that is left out at the end of a line.
    Space,
    /// A place to break: the blank that stands there on one line, and whether an empty line follows.
    Line {
        space: bool,
        forced: bool,
        empty: bool,
    },
    /// A comment; `own` ones begin a line, `line` ones end it.
    Comment {
        text: Cow<'a, str>,
        own: bool,
        line: bool,
    },
    /// A text that stands only where the group is broken.
    IfBroken(&'static str),
    All(Vec<Doc<'a>>),
    Indent(Box<Doc<'a>>),
    Group(Box<Doc<'a>>),
    Chain(Box<Chain<'a>>),
}

/// An expression and what is done to it, step by step: `thing at … scale …`, `a |> b() |> c()`.
#[derive(Debug)]
struct Chain<'a> {
    head: Doc<'a>,
    /// Each begins with its place to break.
    steps: Doc<'a>,
    /// The head ends with a bracket, behind which the steps may go on.
    bracket: bool,
}

impl<'a> Doc<'a> {
    fn new(kind: Kind<'a>, width: usize, forced: bool) -> Self {
        Self { kind, width, forced }
    }

    pub fn nil() -> Self {
        Self::all(Vec::new())
    }

    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        let width = text.chars().count();
        Self::new(Kind::Text(text), width, false)
    }

    pub fn space() -> Self {
        Self::new(Kind::Space, 1, false)
    }

    /// A blank, or a new line.
    pub fn line() -> Self {
        Self::new(Kind::Line { space: true, forced: false, empty: false }, 1, false)
    }

    /// Nothing, or a new line.
    pub fn soft() -> Self {
        Self::new(Kind::Line { space: false, forced: false, empty: false }, 0, false)
    }

    /// A new line in any case, perhaps with an empty one in front.
    pub fn hard(empty: bool) -> Self {
        Self::new(Kind::Line { space: true, forced: true, empty }, 1, true)
    }

    pub fn comment(text: Cow<'a, str>, own: bool, line: bool) -> Self {
        let width = text.chars().count();
        let forced = line || text.contains('\n');
        Self::new(Kind::Comment { text, own, line }, width, forced)
    }

    pub fn if_broken(text: &'static str) -> Self {
        Self::new(Kind::IfBroken(text), 0, false)
    }

    pub fn all(parts: Vec<Doc<'a>>) -> Self {
        let width = parts.iter().fold(0usize, |sum, d| sum.saturating_add(d.width));
        let forced = parts.iter().any(|d| d.forced);
        Self::new(Kind::All(parts), width, forced)
    }

    pub fn indent(self) -> Self {
        let (width, forced) = (self.width, self.forced);
        Self::new(Kind::Indent(Box::new(self)), width, forced)
    }

    pub fn group(self) -> Self {
        let (width, forced) = (self.width, self.forced);
        Self::new(Kind::Group(Box::new(self)), width, forced)
    }

    /// The same with its breaks forced.
    pub fn broken(self, forced: bool) -> Self {
        Self { forced: self.forced || forced, ..self }
    }

    /// `head` and the steps behind it.
    pub fn chain(head: Doc<'a>, steps: Vec<Doc<'a>>, bracket: bool) -> Self {
        let steps = Self::all(steps);
        let (width, forced) = (head.width.saturating_add(steps.width), head.forced || steps.forced);
        Self::new(Kind::Chain(Box::new(Chain { head, steps, bracket })), width, forced)
    }

    /// The text of the document, with `\n` for line breaks.
    pub fn print(&self) -> String {
        let mut printer = Printer::default();
        printer.run(self);
        printer.out
    }
}

/// How the places of a document break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Flat,
    Broken,
}

#[derive(Default)]
struct Printer {
    out: String,
    column: usize,
    /// Indentation of the line that is being written.
    margin: usize,
    /// A blank is due in front of the next text.
    space: bool,
    /// A line comment was written: what comes next stands on a new line with this indentation.
    owed: Option<usize>,
}

impl Printer {
    fn run(&mut self, doc: &Doc) {
        let mut stack: Vec<(usize, Mode, &Doc)> = vec![(0, Mode::Broken, doc)];
        while let Some((margin, mode, doc)) = stack.pop() {
            match &doc.kind {
                Kind::Text(text) => self.text(text),
                Kind::Space => self.space = true,
                Kind::IfBroken(text) if mode == Mode::Broken => self.text(text),
                Kind::IfBroken(_) => {}
                Kind::Line { space, forced, empty } => match mode {
                    Mode::Flat if !forced => self.space |= space,
                    _ => self.line(margin, *empty),
                },
                Kind::Comment { text, own, line } => self.comment(text, *own, *line, margin),
                Kind::All(parts) => stack.extend(parts.iter().rev().map(|d| (margin, mode, d))),
                Kind::Indent(inner) => stack.push((margin + INDENT, mode, inner)),
                Kind::Group(inner) => {
                    let mode = match mode == Mode::Flat || self.fits(doc, &stack) {
                        true => Mode::Flat,
                        false => Mode::Broken,
                    };
                    stack.push((margin, mode, inner));
                }
                Kind::Chain(chain) => {
                    let Chain { head, steps, bracket } = &**chain;
                    if mode == Mode::Flat || self.fits(doc, &stack) {
                        stack.push((margin, Mode::Flat, steps));
                        stack.push((margin, Mode::Flat, head));
                        continue;
                    }
                    // The steps stand below each other, unless the head ends with a bracket of its own line, behind
                    // which they fit. Only widths count, so that a second run decides the same.
                    let head_fits = self.fits(head, &[(margin + INDENT, Mode::Broken, steps)]);
                    let behind = *bracket && !head_fits && !steps.forced && margin + 1 + steps.width <= WIDTH;
                    match behind {
                        true => stack.push((margin, Mode::Flat, steps)),
                        false => stack.push((margin + INDENT, Mode::Broken, steps)),
                    }
                    stack.push((margin, Mode::Broken, head));
                }
            }
        }
    }

    /// Column of the next text.
    fn at(&self) -> usize {
        match self.owed {
            Some(margin) => margin,
            None if self.column == 0 => self.margin,
            None => self.column + usize::from(self.space),
        }
    }

    /// True when `doc` and what follows it up to the next possible break fit into the line.
    fn fits(&self, doc: &Doc, rest: &[(usize, Mode, &Doc)]) -> bool {
        let start = self.at();
        if doc.forced || start + doc.width > WIDTH {
            return false;
        }
        let mut room = WIDTH - start - doc.width;
        let mut rest = rest.iter().rev();
        let mut stack: Vec<(Mode, &Doc)> = Vec::new();
        loop {
            let Some((mode, doc)) = stack.pop().or_else(|| rest.next().map(|&(_, mode, doc)| (mode, doc))) else {
                return true;
            };
            let width = match &doc.kind {
                Kind::Line { forced, .. } if *forced || mode == Mode::Broken => return true,
                // A comment behind a statement may reach further.
                Kind::Comment { .. } if doc.forced => return true,
                Kind::IfBroken(text) if mode == Mode::Broken => text.len(),
                Kind::All(parts) => {
                    stack.extend(parts.iter().rev().map(|d| (mode, d)));
                    continue;
                }
                Kind::Indent(inner) | Kind::Group(inner) => {
                    stack.push((mode, inner));
                    continue;
                }
                Kind::Chain(chain) => {
                    stack.push((mode, &chain.steps));
                    stack.push((mode, &chain.head));
                    continue;
                }
                _ => doc.width,
            };
            match room.checked_sub(width) {
                Some(left) => room = left,
                None => return false,
            }
        }
    }

    fn line(&mut self, margin: usize, empty: bool) {
        if empty && !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.push('\n');
        self.column = 0;
        self.margin = margin;
        self.space = false;
        self.owed = None;
    }

    /// Writes what is due in front of a text.
    fn begin(&mut self) {
        if let Some(margin) = self.owed {
            self.line(margin, false);
        }
        if self.column == 0 {
            self.out.extend(std::iter::repeat_n(' ', self.margin));
            self.column = self.margin;
        } else if self.space {
            self.out.push(' ');
            self.column += 1;
        }
        self.space = false;
    }

    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.begin();
            self.out.push_str(text);
            self.column += text.chars().count();
        }
    }

    fn comment(&mut self, text: &str, own: bool, line: bool, margin: usize) {
        // Within an expression, what stands on a line of its own goes one level in.
        let fresh = self.column == 0 || self.owed.is_some();
        if own && !fresh {
            self.line(margin + INDENT, false);
        }
        self.begin();
        self.out.push_str(text);
        self.column = match text.rsplit_once('\n') {
            Some((_, last)) => last.chars().count().max(1),
            None => self.column + text.chars().count(),
        };
        self.space = false;
        if line {
            let alone = own || fresh;
            self.owed = Some(if alone { self.margin } else { margin + INDENT });
        }
    }
}
