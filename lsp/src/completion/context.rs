//! What stands around the cursor, by tokens alone: the statement there is seldom whole.

use scenec_compiler::index::Step;
use scenec_grammar::{Token, TokenKind, words};

/// The place that is completed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place<'t> {
    /// Nothing is known to fit: comments, names that are being made up.
    Nowhere,
    /// Within quotes.
    Text {
        /// What is written in front of the cursor.
        written: &'t str,
    },
    /// Behind a number.
    Unit,
    /// In the path behind `override` or `set`: the steps in front of the cursor.
    Path(Opinion<'t>),
    /// Behind a dot; the names in front of it, or none when it follows something else.
    Member(Vec<&'t str>),
    /// Where an item begins.
    Item,
    /// Where a statement of a layer or component begins.
    Statement,
    /// A statement of a test or a gate.
    Claim,
    /// Where an entry of a bible begins.
    Entry,
    /// Where the name of an argument or field may stand; a value may stand there too when it is a call's first.
    Argument { first: bool },
    /// Where a type stands.
    Type,
    /// Where a value stands.
    Value,
    /// Behind a value.
    Behind,
    /// Behind `ease`.
    Way,
    /// Within the braces of a `use`.
    Pick,
}

/// The path behind `override` or `set`, as far as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Opinion<'t> {
    /// It stands behind `set`.
    pub is_set: bool,
    pub path: Vec<Step<'t>>,
}

/// Brackets between the cursor and the call that it stands in.
const MOST_BRACKETS: usize = 16;

/// What the value at the cursor is for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Aim<'t> {
    /// `override path =`, `set path =`.
    Opinion(Opinion<'t>),
    /// `name: Type =`: the names of the type.
    Declared(Vec<&'t str>),
    /// `path ==`, `path !=`.
    Compared(Vec<&'t str>),
}

/// The bracket around the cursor.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Around<'t> {
    /// None: the module itself.
    Module,
    /// `name(…)`, `asset.node(…)`.
    Call(Vec<&'t str>),
    /// `component Name(…)`: parameters are declared.
    Declared,
    /// `keyword name { … }`.
    Braces(&'t str),
    /// Grouping, a list, the branches of an `if`.
    Other,
}

/// The cursor and what is around it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Context<'t> {
    pub place: Place<'t>,
    pub around: Around<'t>,
    /// The argument or field whose value stands at the cursor.
    pub argument: Option<&'t str>,
    /// Arguments or fields that are given already.
    pub given: Vec<&'t str>,
    /// What is replaced: from here to the cursor.
    pub start: usize,
    /// Text of the `use` around a [`Place::Pick`], quotes included.
    pub path: Option<&'t str>,
    /// Variables of the `for`s around, the innermost last.
    pub variables: Vec<&'t str>,
    /// The cursor stands in an `override locked`, behind its value.
    pub is_locked: bool,
    /// What the value that begins at the cursor is for, where its place alone says so.
    pub aim: Option<Aim<'t>>,
    /// Where the bracket around the cursor opens.
    pub open: Option<usize>,
    /// Commas between that and the cursor.
    pub commas: usize,
}

impl<'t> Context<'t> {
    /// The innermost call around the cursor.
    pub fn of_call(text: &'t str, cursor: usize) -> Option<Self> {
        let mut cursor = cursor;
        for _ in 0..MOST_BRACKETS {
            let context = Self::at(text, cursor);
            if matches!(context.around, Around::Call(_)) {
                return Some(context);
            }
            cursor = context.open?;
        }
        None
    }

    pub fn at(text: &'t str, cursor: usize) -> Self {
        let all = scenec_grammar::tokens(text);
        let mut context = Self {
            place: Place::Nowhere,
            around: Around::Module,
            argument: None,
            given: Vec::new(),
            start: cursor,
            path: None,
            variables: Vec::new(),
            is_locked: false,
            aim: None,
            open: None,
            commas: 0,
        };
        let is_inside =
            |t: &&Token| t.start < cursor && (cursor < t.end || cursor == t.end && !text[..t.end].ends_with("*/"));
        if all.iter().filter(|t| t.kind == TokenKind::Comment).any(|t| is_inside(&t)) {
            return context;
        }
        let tokens: Vec<Token> = all.into_iter().filter(|t| t.kind != TokenKind::Comment).collect();
        let touched = tokens.iter().position(|t| t.start < cursor && cursor <= t.end);
        let word = touched.filter(|&i| tokens[i].kind == TokenKind::Word);
        let quoted = touched.filter(|&i| {
            let t = tokens[i];
            text[t.start..].starts_with('"') && (cursor < t.end || t.kind == TokenKind::Failed)
        });
        let number = touched.filter(|&i| {
            let t = tokens[i];
            matches!(t.kind, TokenKind::Number | TokenKind::Failed)
                && text[t.start..].starts_with(|c: char| c.is_ascii_digit())
        });
        let scan = Scan { text, tokens: &tokens };
        // Tokens in front of what is being typed.
        let count = match word.or(quoted).or(number) {
            Some(i) => i,
            None => tokens.partition_point(|t| t.end <= cursor),
        };
        let leads = match word {
            Some(i) => tokens[i].leads,
            None => text[..cursor].rsplit('\n').next().unwrap_or("").trim().is_empty(),
        };
        let in_list = scan.surround(count, &mut context);
        context.variables = scan.variables(count);
        context.is_locked = scan.is_locked(count);
        if let Some(i) = quoted {
            context.start = tokens[i].start + 1;
            context.place = Place::Text { written: &text[context.start..cursor] };
            let is_item = i.checked_sub(1).is_some_and(|before| scan.word(before) == "[");
            context.aim = scan.opinion(i.saturating_sub(1)).filter(|_| is_item).map(Aim::Opinion);
        } else if let Some(i) = number {
            let digits = text[tokens[i].start..cursor].trim_end_matches(|c: char| c.is_ascii_alphabetic());
            context.start = tokens[i].start + digits.len();
            context.place = Place::Unit;
        } else {
            context.start = word.map_or(cursor, |i| tokens[i].start);
            context.place = scan.place(count, leads && !in_list, in_list, &context);
            if matches!(context.place, Place::Argument { .. }) {
                context.argument = None;
            }
            context.aim = scan.aim(count);
        }
        context
    }
}

struct Scan<'t, 's> {
    text: &'t str,
    tokens: &'s [Token],
}

impl<'t> Scan<'t, '_> {
    fn kind(&self, i: usize) -> Option<TokenKind> {
        self.tokens.get(i).map(|t| t.kind)
    }

    fn word(&self, i: usize) -> &'t str {
        self.tokens.get(i).map_or("", |t| &self.text[t.start..t.end])
    }

    /// The names of a path that ends in front of `end`: `a.b.c`; none for anything else.
    fn path(&self, end: usize) -> Vec<&'t str> {
        let mut names = Vec::new();
        let mut at = end;
        while at > 0 && self.kind(at - 1) == Some(TokenKind::Word) {
            names.push(self.word(at - 1));
            at -= 1;
            if at == 0 || self.kind(at - 1) != Some(TokenKind::Dot) {
                names.reverse();
                return names;
            }
            at -= 1;
        }
        Vec::new()
    }

    /// The bracket that is open in front of `count`, and the argument there; that of a list that is an argument's value is the
    /// argument around it. True within such a list.
    fn surround(&self, count: usize, context: &mut Context<'t>) -> bool {
        let mut depth = 0usize;
        let mut open = None;
        // The last comma or line that begins an argument, on the level of the cursor.
        let mut begins = count;
        let mut found_begin = false;
        let mut commas = 0;
        for i in (0..count).rev() {
            match self.tokens[i].kind {
                TokenKind::Close => depth += 1,
                TokenKind::Open if depth == 0 => {
                    open = Some(i);
                    break;
                }
                TokenKind::Open => depth -= 1,
                TokenKind::Comma if depth == 0 => {
                    found_begin = true;
                    commas += 1;
                }
                _ => {}
            }
            if !found_begin && depth == 0 {
                begins = i;
            }
        }
        let Some(open) = open else { return false };
        if self.word(open) == "[" && open.checked_sub(1).and_then(|i| self.kind(i)) == Some(TokenKind::Colon) {
            self.surround(open, context);
            return true;
        }
        context.around = self.bracket(open);
        (context.open, context.commas) = (Some(self.tokens[open].start), commas);
        if matches!(context.around, Around::Braces("use")) {
            context.path = (0..open).rev().take(3).map(|i| self.word(i)).find(|w| w.starts_with('"'));
        }
        if matches!(context.around, Around::Other) {
            return false;
        }
        // `name:` in front of the value; fields may also be parted by lines alone.
        let named = |i: usize| {
            self.kind(i) == Some(TokenKind::Word)
                && matches!(self.kind(i + 1), Some(TokenKind::Colon | TokenKind::Equals))
        };
        context.argument = (begins..count.saturating_sub(1)).rev().find(|&i| named(i)).map(|i| self.word(i));
        let mut depth = 0usize;
        for i in open + 1..self.tokens.len() {
            match self.tokens[i].kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close if depth == 0 => break,
                TokenKind::Close => depth -= 1,
                TokenKind::Word if depth == 0 && named(i) && i != count => context.given.push(self.word(i)),
                _ => {}
            }
        }
        false
    }

    /// Variables of every `for` whose clauses or body hold the cursor.
    fn variables(&self, count: usize) -> Vec<&'t str> {
        let mut found: Vec<&'t str> = Vec::new();
        // For every brace that is open, how many variables there were in front of the `for` that it belongs to.
        let mut open: Vec<usize> = Vec::new();
        let mut clauses = 0;
        for i in 0..count {
            let is_clause = self.word(i) == "for"
                && self.kind(i + 1) == Some(TokenKind::Word)
                && self.word(i + 2) == "in"
                && i + 2 < count;
            match self.tokens[i].kind {
                TokenKind::Word if is_clause => {
                    found.push(self.word(i + 1));
                    clauses += 1;
                }
                TokenKind::Open => open.push(found.len().saturating_sub(std::mem::take(&mut clauses))),
                TokenKind::Close => {
                    let kept = open.pop().unwrap_or(0);
                    // An `if` between the clauses and the body has braces of its own only when it is a value.
                    if self.word(i) == "}" {
                        found.truncate(kept);
                        clauses = 0;
                    } else {
                        clauses = found.len().saturating_sub(kept);
                    }
                }
                // A new item or statement, whatever was left open.
                TokenKind::Equals if open.is_empty() => {
                    found.clear();
                    clauses = 0;
                }
                _ => {}
            }
        }
        found
    }

    /// The path behind `override` or `set` that ends in front of `end`; empty right behind the word.
    fn opinion(&self, end: usize) -> Option<Opinion<'t>> {
        let mut path = Vec::new();
        let mut at = end;
        // A step stands in front of a dot, of brackets or of the end.
        let mut is_step = true;
        while at > 0 {
            let word = self.word(at - 1);
            let begins = self.tokens[at - 1].leads
                || at == 1
                || matches!(self.kind(at - 2), Some(TokenKind::Open | TokenKind::Comma))
                || words::MODIFIERS.contains(&self.word(at - 2));
            match self.kind(at - 1) {
                Some(TokenKind::Word)
                    if matches!(word, "override" | "set") && begins && (is_step == path.is_empty()) =>
                {
                    path.reverse();
                    return Some(Opinion { is_set: word == "set", path });
                }
                Some(TokenKind::Word) if word == "locked" && at > 1 && self.word(at - 2) == "override" => at -= 1,
                Some(TokenKind::Word) if is_step => {
                    path.push(Step { name: word, is_item: false });
                    is_step = false;
                    at -= 1;
                }
                Some(TokenKind::Dot) if !is_step => {
                    is_step = true;
                    at -= 1;
                }
                Some(TokenKind::Close) if is_step && word == "]" => {
                    let inside = at.checked_sub(2)?;
                    let is_one = inside.checked_sub(1).is_some_and(|open| self.word(open) == "[");
                    if !is_one || !matches!(self.kind(inside), Some(TokenKind::Number | TokenKind::Text)) {
                        return None;
                    }
                    path.push(Step { name: self.word(inside).trim_matches('"'), is_item: true });
                    at = inside - 1;
                }
                _ => return None,
            }
        }
        None
    }

    /// What the value that begins behind `count` tokens is for.
    fn aim(&self, count: usize) -> Option<Aim<'t>> {
        let sign = count.checked_sub(1)?;
        match self.word(sign) {
            "=" => {
                if let Some(opinion) = self.opinion(sign).filter(|o| !o.path.is_empty()) {
                    return Some(Aim::Opinion(opinion));
                }
                let ty = self.path(sign);
                let colon = (sign + 1).checked_sub(2 * ty.len() + 1)?;
                (!ty.is_empty() && self.kind(colon) == Some(TokenKind::Colon)).then_some(Aim::Declared(ty))
            }
            "==" | "!=" => Some(self.path(sign)).filter(|path| !path.is_empty()).map(Aim::Compared),
            _ => None,
        }
    }

    fn is_locked(&self, count: usize) -> bool {
        let words = (0..count).rev().take_while(|&i| self.word(i) != "override");
        let begins = words.last().and_then(|i| i.checked_sub(1));
        begins.is_some_and(|i| {
            let rest = i + 1..count;
            self.word(i) == "override"
                && self.word(i + 1) == "locked"
                && rest.clone().skip(1).all(|k| !self.tokens[k].leads || matches!(self.word(k), "because"))
                && rest.clone().any(|k| self.kind(k) == Some(TokenKind::Equals))
                && !rest.clone().any(|k| self.word(k) == "because")
        })
    }

    fn bracket(&self, open: usize) -> Around<'t> {
        match self.word(open) {
            "(" => {
                let path = self.path(open);
                let in_front = (open + 1).checked_sub(2 * path.len() + 1).map_or("", |i| self.word(i));
                match (path.is_empty(), in_front) {
                    (true, _) => Around::Other,
                    (false, "component" | "fn" | "image") => Around::Declared,
                    (false, _) => Around::Call(path),
                }
            }
            "{" => {
                // Back to the word that leads the statement or item.
                for i in (0..open).rev() {
                    let word = self.word(i);
                    let opens = words::BLOCKS.contains(&word)
                        || words::ENTRIES.contains(&word)
                        || matches!(word, "camera" | "shot" | "cut" | "output" | "budget" | "enum" | "use");
                    let starts = self.tokens[i].leads
                        || i == 0
                        || matches!(self.kind(i - 1), Some(TokenKind::Open | TokenKind::Comma));
                    if opens && starts && self.kind(i) == Some(TokenKind::Word) {
                        return Around::Braces(word);
                    }
                    if matches!(word, "if" | "else" | "{" | "}") || self.tokens[i].leads {
                        break;
                    }
                }
                Around::Other
            }
            _ => Around::Other,
        }
    }

    fn place(&self, count: usize, leads: bool, in_list: bool, context: &Context<'t>) -> Place<'t> {
        let before = count.checked_sub(1);
        let kind = before.and_then(|i| self.kind(i));
        let last = before.map_or("", |i| self.word(i));
        let dotted = kind == Some(TokenKind::Dot);
        if let Some(opinion) = self.opinion(count - usize::from(dotted)).filter(|o| o.path.is_empty() != dotted) {
            return Place::Path(opinion);
        }
        if dotted {
            return Place::Member(self.path(count - 1));
        }
        let is_body =
            matches!(context.around, Around::Braces("environment" | "character" | "engineering" | "component"));
        let is_open = !in_list && matches!(kind, Some(TokenKind::Open | TokenKind::Comma));
        // A line may go on with the expression of the line before only behind a sign.
        let goes_on =
            matches!(kind, Some(TokenKind::Operator | TokenKind::Colon | TokenKind::Equals)) && before.is_some();
        match &context.around {
            Around::Module if leads && !goes_on => return Place::Item,
            Around::Braces("bible") if (leads || is_open) && !goes_on => return Place::Entry,
            Around::Braces("use") => return Place::Pick,
            Around::Braces("enum" | "pose") if kind != Some(TokenKind::Colon) => return Place::Nowhere,
            Around::Braces("camera" | "shot" | "cut" | "output" | "budget" | "scatter" | "variant")
                if (leads || is_open) && !goes_on =>
            {
                return Place::Argument { first: false };
            }
            Around::Braces("test" | "gate") if (leads || is_open) && !goes_on => return Place::Claim,
            Around::Braces(_) if is_body && (leads || is_open) && !goes_on => return Place::Statement,
            Around::Call(_) if is_open => {
                return Place::Argument { first: kind == Some(TokenKind::Open) };
            }
            Around::Declared if is_open => return Place::Nowhere,
            _ => {}
        }
        match kind {
            Some(TokenKind::Colon) => {
                // `let name:`, `param name:`, `fn name():`, `name:` of a declaration.
                let head = count.checked_sub(3).map_or("", |i| self.word(i));
                let declares = matches!(head, "let" | "param" | "variant")
                    || matches!(context.around, Around::Declared | Around::Braces("bible"))
                    || matches!(context.around, Around::Module) && head == ")";
                if declares { Place::Type } else { Place::Value }
            }
            Some(TokenKind::Operator) if last == "<" && self.is_type(count) => Place::Type,
            Some(TokenKind::Equals | TokenKind::Operator | TokenKind::Open | TokenKind::Comma) => Place::Value,
            Some(TokenKind::Word) if last == "ease" => Place::Way,
            Some(TokenKind::Word) if words::INFIX.contains(&last) && last != "as" => Place::Value,
            Some(TokenKind::Word) if matches!(last, "and" | "or" | "not" | "if" | "else" | "assert") => Place::Value,
            // A name is being made up.
            Some(TokenKind::Word) if words::ITEMS.contains(&last) || words::ENTRIES.contains(&last) || last == "as" => {
                Place::Nowhere
            }
            Some(_) => Place::Behind,
            None => Place::Nowhere,
        }
    }

    /// `List<` behind a colon.
    fn is_type(&self, count: usize) -> bool {
        count >= 3 && self.kind(count - 3) == Some(TokenKind::Colon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(marked: &str) -> (Place<'static>, Around<'static>, Option<&'static str>, Vec<&'static str>) {
        let cursor = marked.find('|').expect("a mark");
        let text: &'static str = Box::leak(marked.replacen('|', "", 1).into_boxed_str());
        let context = Context::at(text, cursor);
        (context.place, context.around, context.argument, context.given)
    }

    #[test]
    fn places_are_told_by_what_stands_in_front() {
        for (text, place) in [
            ("ngs 1\nla|", Place::Item),
            ("ngs 1\n|", Place::Item),
            ("environment a {\n  b|", Place::Statement),
            ("environment a { b|", Place::Statement),
            ("environment a {\n  b = sp|", Place::Value),
            ("environment a {\n  b =\n    sp|", Place::Value),
            ("environment a {\n  b = sphere(radius: 4m) |", Place::Behind),
            ("environment a {\n  b = sphere(radius: 4m) at |", Place::Value),
            ("environment a {\n  b = kit.po|", Place::Member(vec!["kit"])),
            ("environment a {\n  b = kit.post.|", Place::Member(vec!["kit", "post"])),
            ("environment a {\n  b = kit.post().|", Place::Member(vec![])),
            ("let a: Le|", Place::Type),
            ("let a: List<Le|", Place::Type),
            ("let a| = 4", Place::Nowhere),
            ("let a = 4c|", Place::Unit),
            ("let a = 4|", Place::Unit),
            ("component Post(height: Le|) {", Place::Type),
            ("component Post(height: Length = 4m, w|", Place::Nowhere),
            ("a = 1 // com|", Place::Nowhere),
            ("a = 1 /* com| */", Place::Nowhere),
            ("use \"kits/ha|", Place::Text { written: "kits/ha" }),
            ("use \"kits/ha|rbour.ngs\" as h", Place::Text { written: "kits/ha" }),
            ("use \"a.ngs\" { Po|", Place::Pick),
            ("bible Mira {\n  va|", Place::Entry),
            ("bible Mira {\n  height: Le|", Place::Type),
        ] {
            assert_eq!(at(text).0, place, "{text}");
        }
    }

    #[test]
    fn variables_are_those_of_the_lists_around() {
        for (text, wanted) in [
            ("let a = for i in 0..3 { | }", vec!["i"]),
            ("let a = for i in 0..3 for j in [1, 2] if i > 0 { f(|) }", vec!["i", "j"]),
            ("let a = for i in 0..f(3) if (i > 0) { i } + |", vec![]),
            ("let a = for i in xs { for k in ys { k } + | }", vec!["i"]),
            ("let a = for i in xs { i }\nlet b = |", vec![]),
            ("a = for i in 0..6 for\n sphere(r: if f(i, 2) == 0 { #fff } else { #000 })\n}\n}\nb = f(x |", vec![]),
            ("} } ) for i in 0..3 { ( } ) { for in in } |", vec![]),
        ] {
            let cursor = text.find('|').expect("a mark");
            assert_eq!(Context::at(&text.replacen('|', "", 1), cursor).variables, wanted, "{text}");
        }
    }

    #[test]
    fn calls_and_their_arguments_are_found() {
        let first = Place::Argument { first: true };
        let other = Place::Argument { first: false };
        let call = |names: &[&'static str]| Around::Call(names.to_vec());
        for (text, wanted) in [
            ("let a = gear(|", (first.clone(), call(&["gear"]), None, vec![])),
            ("let a = gear(te|", (first, call(&["gear"]), None, vec![])),
            ("let a = gear(teeth: 4, |", (other.clone(), call(&["gear"]), None, vec!["teeth"])),
            (
                "let a = gear(|teeth: 4, width: 3)",
                (Place::Argument { first: true }, call(&["gear"]), None, vec!["width"]),
            ),
            ("let a = gear(material: |)", (Place::Value, call(&["gear"]), Some("material"), vec!["material"])),
            (
                "let a = gear(material: kit.st|)",
                (Place::Member(vec!["kit"]), call(&["gear"]), Some("material"), vec!["material"]),
            ),
            ("let a = b(c: d(e: 1), f: (1, 2), |", (other.clone(), call(&["b"]), None, vec!["c", "f"])),
            ("let a = helmet.node(\"|", (Place::Text { written: "" }, call(&["helmet", "node"]), None, vec![])),
            ("camera main { lens: 4mm, |", (other.clone(), Around::Braces("camera"), None, vec!["lens"])),
            ("camera main {\n  lens: 4mm\n  fr|\n}", (other, Around::Braces("camera"), None, vec!["lens"])),
            ("camera main { sensor: f|", (Place::Value, Around::Braces("camera"), Some("sensor"), vec!["sensor"])),
            (
                "component Post(h: Length) {\n  a = box(size: h, |",
                (Place::Argument { first: false }, call(&["box"]), None, vec!["size"]),
            ),
        ] {
            assert_eq!(at(text), wanted, "{text}");
        }
    }
}
