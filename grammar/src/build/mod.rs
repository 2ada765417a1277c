//! Pest's pairs to the AST. A [`Pair`] never leaves this folder; every function asserts the rule it reads.

mod explain;
mod expr;
mod habits;
mod item;
mod keys;
mod plain;
mod text;
mod units;

use std::cell::{Cell, RefCell};

pub(crate) use explain::module_name;
pub use text::back_slashes;

use pest::Parser;
use pest::iterators::Pair;
use scenec_ir::{Diagnostic, FileId, Span};

use crate::ast::Ident;
use crate::lex::Lexed;
use crate::words;

#[derive(pest_derive::Parser)]
#[grammar = "ngs.pest"]
struct NgsParser;

/// What every builder needs.
pub(crate) struct Build<'a> {
    file: FileId,
    /// Source text.
    text: &'a str,
    /// Text that pest reads, of the same length.
    lexed: &'a Lexed,
    /// Offset of the piece in the text.
    base: usize,
    /// The limits of a parameter are read, both of which are legal.
    limits: Cell<bool>,
    /// What is plain is read from the tokens.
    plain: bool,
    diagnostics: RefCell<Vec<Diagnostic>>,
}

/// A piece that pest refused; the diagnostic is in the list.
pub(crate) struct Refused;

type Node<'a> = Pair<'a, Rule>;

impl<'a> Build<'a> {
    /// A builder of the piece that starts at byte `base`. What is plain is read from the tokens, if that is wanted.
    pub fn new(file: FileId, text: &'a str, lexed: &'a Lexed, base: usize, plain: bool) -> Self {
        Self { file, text, lexed, base, limits: Cell::new(false), plain, diagnostics: RefCell::default() }
    }

    /// What went wrong.
    pub fn finish(self) -> Vec<Diagnostic> {
        self.diagnostics.into_inner()
    }

    /// Reads `base..end` by a rule that spans from `SOI` to `EOI`.
    fn read(&self, rule: Rule, end: usize) -> Result<Node<'a>, Refused> {
        let piece = &self.lexed.clean[self.base..end];
        match NgsParser::parse(rule, piece) {
            // A rule that was parsed gives exactly one pair.
            Ok(mut pairs) => pairs.next().ok_or(Refused),
            Err(error) => {
                // A fault of the scan in the same piece is the likely cause.
                let faults = &self.lexed.faults;
                let first = faults.partition_point(|&f| (f as usize) < self.base);
                // What was taken out may have stood behind the last token that is left.
                let next = self.lexed.tokens.partition_point(|t| (t.start as usize) < end);
                let next = self.lexed.tokens.get(next).map_or(self.text.len(), |t| t.start as usize);
                if faults.get(first).is_none_or(|&f| f as usize > next) {
                    self.report(self.explain(rule, end, &error));
                }
                Err(Refused)
            }
        }
    }

    fn report(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    fn at(&self, start: usize, end: usize) -> Span {
        let (mut start, mut end) = (self.base + start, self.base + end);
        // A typographic quote is several bytes, of which the clean text has one as a straight quote.
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        Span::new(self.file, start, end)
    }

    /// Span of a pair. Pest lets the blanks in front of an absent optional part belong to a pair; they do not here.
    fn span(&self, pair: &Node) -> Span {
        let text = pair.as_str();
        let start = pair.as_span().start();
        let content = text.trim_end_matches([' ', '\t', '\r', '\n']);
        self.at(start, start + content.len())
    }

    fn doc(&self, span: Span) -> String {
        self.lexed.doc(span.start)
    }

    /// A name that is declared, or the name of a field.
    fn name(&self, pair: Node) -> Ident {
        assert_eq!(pair.as_rule(), Rule::name);
        let span = self.span(&pair);
        let text = pair.as_str();
        if text.contains('-') {
            let right = text.replace('-', "_");
            self.report(
                Diagnostic::error("E0122", format!("name `{text}` has a hyphen"), span)
                    .hint("a hyphen is a minus sign; names are joined by `_`")
                    .fix(format!("write `{right}`"), span, right.clone()),
            );
            return Ident::new(right, span);
        }
        if words::NEVER_NAMES.contains(&text) {
            self.report(
                Diagnostic::error("E0122", format!("`{text}` is a word of the language and can't be a name"), span)
                    .fix(format!("write `{text}_`"), span, format!("{text}_")),
            );
        }
        Ident::new(text.to_owned(), span)
    }

    /// `a.b.c`.
    fn path(&self, pair: Node) -> Vec<Ident> {
        assert_eq!(pair.as_rule(), Rule::path);
        pair.into_inner().map(|p| self.name(p)).collect()
    }

    /// Reports an `=` where a field wants `:`, or the reverse.
    fn assign(&self, pair: Node, wanted: &str) {
        assert_eq!(pair.as_rule(), Rule::assign);
        let found = pair.as_str().trim_end();
        if found == wanted {
            return;
        }
        let span = self.span(&pair);
        let hint = match wanted {
            ":" => "fields and arguments are written `name: value`",
            _ => "bindings are written `name = value`",
        };
        // The blanks of the sign that is meant.
        let before = self.text[..span.start as usize].trim_end_matches(' ').len();
        let blank = !self.text[span.end as usize..].starts_with([' ', '\n', '\r', '\t']);
        let lead = if wanted == ":" { "" } else { " " };
        let text = format!("{lead}{wanted}{}", if blank { " " } else { "" });
        self.report(Diagnostic::error("E0113", format!("`{found}` where `{wanted}` is meant"), span).hint(hint).fix(
            format!("write `{wanted}`"),
            Span { start: before as u32, ..span },
            text,
        ));
    }

    /// The elements of a list in brackets, and one diagnostic for all commas that are missing between them. Where
    /// `lines` is true, a new line separates as well.
    fn elements(&self, pairs: impl Iterator<Item = Node<'a>>, lines: bool) -> Vec<Node<'a>> {
        let mut elements: Vec<Node> = Vec::new();
        let mut missing: Vec<Span> = Vec::new();
        let mut comma = true;
        for pair in pairs {
            match pair.as_rule() {
                Rule::comma => comma = true,
                Rule::open_paren
                | Rule::close_paren
                | Rule::open_list
                | Rule::close_list
                | Rule::open_brace
                | Rule::close_brace
                | Rule::close
                | Rule::EOI => {}
                _ => {
                    if let (false, Some(last)) = (comma, elements.last()) {
                        let end = self.span(last).after();
                        let between = end.end as usize..self.base + pair.as_span().start();
                        if !(lines && self.text[between].contains('\n')) {
                            missing.push(end);
                        }
                    }
                    comma = false;
                    elements.push(pair);
                }
            }
        }
        if let Some(&first) = missing.first() {
            let more = match missing.len() {
                1 => String::new(),
                n => format!(" (and {} more here)", n - 1),
            };
            let mut diagnostic = Diagnostic::error("E0114", format!("missing `,`{more}"), first)
                .label("a comma belongs here")
                .fix("insert `,`", first, ",");
            if let Some(fix) = &mut diagnostic.fix {
                fix.edits.extend(missing[1..].iter().map(|&span| scenec_ir::Edit { span, text: ",".to_owned() }));
            }
            self.report(diagnostic);
        }
        elements
    }
}
