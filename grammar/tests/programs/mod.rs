//! Random programs from the grammar, with comments, documentation and line breaks at every place that may have them.
//! A seed gives the same program everywhere.

/// xorshift64*.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds give unrelated streams.
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        random.next();
        random
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    /// True once in `n` times.
    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

const NAMES: [&str; 11] =
    ["alpha", "b_2", "_c", "Dd", "a_rather_long_name_of_a_thing", "x9", "hero", "quay", "set", "facing_", "iffy"];
/// Words that are names only behind a dot or in front of a colon.
const MEMBERS: [&str; 8] = ["at", "if", "and", "camera", "e5", "_u", "scale", "top"];
const LABELS: [&str; 8] = ["size", "camera", "at", "on", "in", "let", "scale", "material_of_the_thing"];
const NUMBERS: [&str; 16] = [
    "0",
    "007",
    "4m",
    "20 kg",
    "0.02/m",
    "9.81m/s^2",
    "1.5E+3",
    "2.50",
    "1e-3",
    "1 m^3",
    "8deg",
    "5mm^-2",
    "1000 kg/m^3",
    "2 ev",
    "123456789012",
    "0.5",
];
const TEXTS: [&str; 6] =
    ["\"\"", "\"plain\"", "\"out/{shot}.{frame:4}.exr\"", "\"// no /* comment\"", "\"größe 数\"", "\"a\\\"b\""];
const COLORS: [&str; 3] = ["#3a4a55", "#FFffFF", "#000000"];
const OPERATORS: [&str; 14] = ["??", "+", "-", "*", "/", "^", "==", "!=", "<", "<=", ">", ">=", "and", "or"];
const RESERVED: [&str; 2] = [
    "design m(a: List<Length>, b: Length) -> Length { a + (b - a) * 0.5 }",
    "design b { triangles: 3, memory: 4\n  other: 5 }",
];

/// What may stand in front of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    /// Blanks and comments within the line.
    Blank,
    /// Line breaks too.
    Line,
    /// Nothing, or a line break: in front of signs.
    Tight,
}

struct Writer<'r> {
    random: &'r mut Random,
    text: String,
    /// Open brackets, which let lines break everywhere.
    brackets: usize,
    comments: usize,
    /// The last token is a word.
    word: bool,
    /// How often something special stands between tokens: once in so many times.
    calm: usize,
}

/// A program without errors, except for words that are reserved.
pub fn program(random: &mut Random) -> String {
    let calm = [2, 4, 8, 30, 1000][random.below(5)];
    let items = 1 + random.below(3);
    let mut writer = Writer { random, text: String::new(), brackets: 0, comments: 0, word: false, calm };
    writer.above();
    writer.text += "ngs";
    writer.put("1", Room::Blank);
    for _ in 0..items {
        writer.item();
    }
    writer.lines();
    writer.text
}

impl Writer<'_> {
    fn comment(&mut self, lines: bool) {
        self.comments += 1;
        let n = self.comments;
        let text = match self.random.below(if lines { 8 } else { 3 }) {
            0 => format!("/* c{n} */"),
            1 => format!("/*{n}*/"),
            2 => format!("/* c{n} /* nested */ */"),
            3 => format!("/* c{n}\n     more */"),
            4 => format!("//// c{n} \t\n"),
            5 => format!("/// c{n}\n"),
            6 => format!("///   c{n}  \n"),
            _ => format!("// c{n}\n"),
        };
        self.text += &text;
    }

    /// A token and what stands in front of it.
    fn put(&mut self, token: &str, room: Room) {
        let lines = room != Room::Blank || self.brackets > 0;
        if self.random.once_in(self.calm) {
            self.text.push(' ');
            for _ in 0..1 + self.random.below(3) {
                match self.random.below(4) {
                    0 if lines => self.text += ["\n", "\n\n", "\n\n\n", "\n   \n"][self.random.below(4)],
                    1 => self.text += "  ",
                    _ => self.comment(lines),
                }
            }
            self.text.push(' ');
        } else if room != Room::Tight {
            self.text.push(' ');
        }
        self.text += token;
        self.word = token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    }

    fn open(&mut self, token: &str, room: Room) {
        self.put(token, room);
        self.brackets += 1;
    }

    fn close(&mut self, token: &str) {
        self.put(token, Room::Tight);
        self.brackets -= 1;
    }

    /// The end of a line and perhaps comments.
    fn lines(&mut self) {
        if self.random.once_in(self.calm * 2) {
            self.comment(true);
        }
        self.text += ["\n", "\n", "\n", "\n\n", "\n\n\n\n", "\n\t\n"][self.random.below(6)];
        self.above();
    }

    fn above(&mut self) {
        while self.random.once_in(self.calm + 1) {
            self.comment(true);
            self.text += ["", "\n", "\n\n"][self.random.below(3)];
        }
    }

    fn name(&mut self) -> String {
        self.random.pick(&NAMES).to_owned()
    }

    fn path(&mut self) {
        let name = self.name();
        self.put(&name, Room::Blank);
        for _ in 0..self.random.below(3) {
            self.put(".", Room::Tight);
            let name = self.name();
            self.put(&name, Room::Blank);
        }
    }

    /// `n` elements, commas between them and perhaps behind.
    fn list(&mut self, n: usize, mut element: impl FnMut(&mut Self)) {
        for i in 0..n {
            if i > 0 {
                self.put(",", Room::Tight);
            }
            element(self);
        }
        if n > 0 && self.random.once_in(3) {
            self.put(",", Room::Tight);
        }
    }

    fn ty(&mut self, depth: usize) {
        self.path();
        if depth > 0 && self.random.once_in(4) {
            self.put("<", Room::Tight);
            self.ty(depth - 1);
            if self.random.once_in(3) {
                self.put(",", Room::Tight);
                self.ty(depth - 1);
            }
            self.put(">", Room::Tight);
        }
        if self.random.once_in(5) {
            // Alone it would belong to the choice of another language; what follows a type tells them apart.
            self.text.push('?');
        }
    }

    fn expr(&mut self, depth: usize) {
        self.arith(depth);
        for _ in 0..self.random.below(9) / 6 * depth {
            let word = self.random.pick(&["at", "rotate", "scale", "facing", "follow", "parent"]);
            self.put(word, Room::Line);
            self.arith(depth - 1);
        }
        for _ in 0..self.random.below(9) / 6 * depth {
            self.put("|>", Room::Line);
            self.postfix(depth - 1);
        }
    }

    fn arith(&mut self, depth: usize) {
        self.operand(depth);
        for _ in 0..self.random.below(7) / 4 * depth.min(3) {
            if self.random.once_in(6) {
                self.put("..", Room::Line);
            } else {
                let sign = self.random.pick(&OPERATORS);
                self.put(sign, Room::Line);
            }
            self.operand(depth - 1);
        }
    }

    fn operand(&mut self, depth: usize) {
        for _ in 0..self.random.below(8) / 6 {
            let sign = self.random.pick(&["-", "not"]);
            self.put(sign, Room::Blank);
        }
        self.postfix(depth);
    }

    fn postfix(&mut self, depth: usize) {
        let callable = self.atom(depth);
        if !callable {
            return;
        }
        for _ in 0..self.random.below(3) {
            if depth > 0 && self.random.once_in(6) {
                self.open("[", Room::Tight);
                self.expr(depth - 1);
                self.close("]");
            } else if depth > 0 && self.random.once_in(2) {
                self.open("(", Room::Tight);
                let n = self.random.below(5);
                self.list(n, |w| {
                    if w.random.once_in(2) {
                        let label = w.random.pick(&LABELS);
                        w.put(label, Room::Blank);
                        w.put(":", Room::Tight);
                    }
                    w.expr(depth - 1);
                });
                self.close(")");
            } else {
                self.put(".", Room::Tight);
                let member = self.random.pick(&MEMBERS);
                // Outside of brackets, a word at the start of a line begins something new.
                self.put(member, if self.brackets > 0 { Room::Tight } else { Room::Blank });
            }
        }
    }

    /// An operand; true when a call or field may follow.
    fn atom(&mut self, depth: usize) -> bool {
        let behind_word = self.word;
        match self.random.below(if depth > 0 { 14 } else { 6 }) {
            0 | 1 => {
                let name = self.name();
                self.put(&name, Room::Blank);
                return true;
            }
            2 | 3 => {
                let number = self.random.pick(&NUMBERS);
                self.put(number, Room::Blank);
            }
            4 => {
                let text = self.random.pick(&TEXTS);
                self.put(text, Room::Blank);
            }
            // Behind a word, a `#` at the start of a line is read as a comment of another language.
            5 if behind_word => self.put("true", Room::Blank),
            5 => {
                let color = self.random.pick(&COLORS);
                self.text.push(' ');
                self.text += color;
            }
            6 | 7 => {
                self.open("(", Room::Blank);
                let n = 1 + self.random.below(3);
                self.list(n, |w| w.expr(depth - 1));
                self.close(")");
                return true;
            }
            8 | 9 => {
                self.open("[", Room::Blank);
                let n = self.random.below(6);
                self.list(n, |w| w.expr(depth - 1));
                self.close("]");
            }
            10 => self.choice(depth - 1),
            11 => self.iteration(depth - 1),
            12 => self.curve(depth - 1),
            _ => {
                let name = self.name();
                self.put(&name, Room::Blank);
                self.open("(", Room::Tight);
                self.list(1, |w| w.expr(depth - 1));
                self.close(")");
                return true;
            }
        }
        false
    }

    /// `(0s: 0m, 2s: 4m ease in_out, over: t)`.
    fn curve(&mut self, depth: usize) {
        self.open("(", Room::Blank);
        let n = 1 + self.random.below(3);
        self.list(n, |w| {
            // `not 20 kg: 3` would be a number and a name.
            let time = w.random.pick(&["0s", "12 kg", "2s", "1001", "a.b", "start", "-4m"]);
            w.put(time, Room::Line);
            w.put(":", Room::Tight);
            w.expr(depth);
            if w.random.once_in(3) {
                w.put("ease", Room::Line);
                w.way();
            }
        });
        self.close(")");
    }

    fn way(&mut self) {
        if self.random.once_in(3) {
            self.open("(", Room::Blank);
            self.put("0.4, 0, 0.2, 1", Room::Blank);
            self.close(")");
        } else {
            let name = self.random.pick(&["in", "out", "in_out", "hold"]);
            self.put(name, Room::Blank);
        }
    }

    fn iteration(&mut self, depth: usize) {
        for _ in 0..1 + self.random.below(3) / 2 {
            self.put("for", Room::Blank);
            let name = self.name();
            self.put(&name, Room::Blank);
            self.put("in", Room::Line);
            self.arith(depth);
        }
        if self.random.once_in(3) {
            self.put("if", Room::Blank);
            self.arith(depth);
        }
        self.open("{", Room::Tight);
        self.expr(depth);
        self.close("}");
    }

    fn choice(&mut self, depth: usize) {
        self.put("if", Room::Blank);
        self.arith(depth);
        self.open("{", Room::Tight);
        self.expr(depth);
        self.close("}");
        if self.random.once_in(4) {
            return;
        }
        self.put("else", Room::Line);
        if depth > 0 && self.random.once_in(3) {
            return self.choice(depth - 1);
        }
        self.open("{", Room::Line);
        self.expr(depth);
        self.close("}");
    }

    fn param(&mut self) {
        let name = self.name();
        self.put(&name, Room::Blank);
        if self.random.once_in(2) {
            self.put(":", Room::Tight);
            self.ty(2);
        }
        if self.random.once_in(4) {
            self.put("in", Room::Line);
            self.operand(1);
            self.put("..", Room::Tight);
            // `20 kg = 3` would be a number and a name.
            self.put("a", Room::Blank);
        }
        if self.random.once_in(2) {
            self.put("=", Room::Line);
            self.expr(2);
        }
    }

    fn params(&mut self) {
        self.open("(", Room::Tight);
        let n = self.random.below(5);
        self.list(n, Self::param);
        self.close(")");
    }

    /// Entries in braces, separated by commas or lines.
    fn braces(&mut self, mut entry: impl FnMut(&mut Self)) {
        self.open("{", Room::Tight);
        let n = self.random.below(6);
        let lines = self.random.once_in(2);
        for i in 0..n {
            match i {
                0 if lines => self.lines(),
                0 => {}
                _ if lines && self.random.once_in(2) => self.lines(),
                _ => self.put(",", Room::Tight),
            }
            entry(self);
        }
        if n > 0 && self.random.once_in(3) {
            self.put(",", Room::Tight);
        }
        self.close("}");
    }

    fn field(&mut self) {
        let label = self.random.pick(&LABELS);
        self.put(label, Room::Blank);
        self.put(":", Room::Tight);
        self.expr(2);
    }

    fn body(&mut self, bible: bool) {
        self.put("{", Room::Tight);
        for n in 0..self.random.below(4) {
            self.lines();
            self.text += "   ";
            if bible {
                self.entry(n);
            } else {
                self.statement(n);
            }
        }
        self.lines();
        self.text.push('}');
    }

    fn statement(&mut self, n: usize) {
        match self.random.below(8) {
            0 => self.binding(),
            1 => {
                self.text += &format!("scatter s{n}");
                self.put(":", Room::Tight);
                if self.random.once_in(3) {
                    self.open("[", Room::Blank);
                    let prototypes = 1 + self.random.below(3);
                    self.list(prototypes, |g| g.operand(1));
                    self.close("]");
                } else {
                    self.operand(1);
                }
                let word = self.random.pick(&["on", "in"]);
                self.put(word, Room::Line);
                self.path();
                self.braces(Self::field);
            }
            2 => self.opinion(),
            _ => {
                self.text += &format!("x{n}");
                self.put("=", Room::Line);
                let depth = 1 + self.random.below(3);
                self.expr(depth);
            }
        }
    }

    fn claims(&mut self) {
        self.put("{", Room::Tight);
        for _ in 0..self.random.below(4) {
            self.lines();
            self.text += "   ";
            if self.random.once_in(3) {
                self.binding();
                continue;
            }
            self.text += "assert";
            self.arith(2);
            if self.random.once_in(3) {
                self.put("else", Room::Line);
                let text = self.random.pick(&["\"\"", "\"it is hidden\"", "\"größe \\\" 数\""]);
                self.put(text, Room::Line);
            }
        }
        self.lines();
        self.text.push('}');
    }

    fn opinion(&mut self) {
        self.text += "override";
        let locked = self.random.once_in(3);
        if locked {
            self.put("locked", Room::Blank);
        }
        self.path();
        if self.random.once_in(4) {
            self.open("[", Room::Tight);
            self.expr(0);
            self.close("]");
        }
        self.put("=", Room::Line);
        self.expr(1);
        if locked {
            self.put("because", Room::Line);
            let text = self.random.pick(&["\"\"", "\"gag, s040\"", "\"größe \\\" 数\""]);
            self.put(text, Room::Blank);
        }
    }

    fn entry(&mut self, n: usize) {
        match self.random.below(8) {
            6 => {
                self.text += &format!("lock l{n}");
                self.put(":", Room::Tight);
                self.ty(1);
                self.put("=", Room::Line);
                self.expr(1);
            }
            7 => {
                self.text += "rule";
                self.arith(1);
                self.put("requires", Room::Line);
                self.arith(1);
            }
            0 => self.members(),
            1 => {
                self.text += &format!("variant v{n}");
                self.put(":", Room::Tight);
                self.ty(0);
                self.put("=", Room::Line);
                self.operand(0);
                self.braces(Self::field);
            }
            2 => {
                self.text += &format!("pose p{n}");
                self.braces(|w| {
                    w.path();
                    w.put(":", Room::Tight);
                    w.expr(1);
                });
            }
            _ => {
                self.text += &format!("f{n}");
                self.put(":", Room::Tight);
                if self.random.once_in(2) {
                    self.ty(1);
                    self.put("=", Room::Line);
                }
                self.expr(2);
            }
        }
        if self.random.once_in(4) {
            self.put(",", Room::Tight);
        }
    }

    fn members(&mut self) {
        let name = self.name();
        self.text += &format!("enum {name}");
        self.braces(|w| {
            let name = w.name();
            w.put(&name, Room::Blank);
        });
    }

    fn binding(&mut self) {
        let name = self.name();
        self.text += &format!("let {name}");
        if self.random.once_in(3) {
            self.put(":", Room::Tight);
            self.ty(2);
        }
        self.put("=", Room::Line);
        let depth = 1 + self.random.below(4);
        self.expr(depth);
    }

    fn item(&mut self) {
        self.lines();
        let name = self.name();
        let kind = self.random.below(18);
        // What has a name that other modules could write.
        if matches!(kind, 1..=9 | 11..=13) && self.random.once_in(6) {
            self.put("private", Room::Blank);
            self.put("", Room::Blank);
        }
        match kind {
            0 => {
                self.text += "use \"kits/a.ngs\"";
                if self.random.once_in(2) {
                    self.put("as", Room::Line);
                    self.put(&name, Room::Blank);
                } else {
                    self.braces(|w| {
                        let name = w.name();
                        w.put(&name, Room::Blank);
                        if w.random.once_in(3) {
                            w.put("as", Room::Line);
                            let name = w.name();
                            w.put(&name, Room::Blank);
                        }
                    });
                }
            }
            1 => {
                self.text += &format!("asset {name}");
                self.put("=", Room::Line);
                self.put("gltf", Room::Blank);
                self.open("(", Room::Tight);
                self.put("\"a.glb\"", Room::Tight);
                if self.random.once_in(3) {
                    self.put(",", Room::Tight);
                }
                self.close(")");
            }
            2 => {
                self.text += "param";
                self.param();
            }
            3 | 4 => self.binding(),
            5 => self.members(),
            6 | 7 => {
                let layer = self.random.pick(&["environment", "character", "engineering"]);
                self.text += &format!("{layer} {name}");
                self.body(false);
            }
            8 => {
                self.text += &format!("component {name}");
                if self.random.once_in(2) {
                    self.params();
                }
                self.body(false);
            }
            9 => {
                self.text += &format!("bible {name}");
                self.body(true);
            }
            10 => {
                let item = self.random.pick(&["camera", "output"]);
                self.text += &format!("{item} {name}");
                self.braces(Self::field);
            }
            11 => {
                self.text += &format!("shot {name}");
                self.braces(|w| match w.random.below(3) {
                    0 => {
                        w.put("set", Room::Blank);
                        w.put("", Room::Blank);
                        w.path();
                        w.put("=", Room::Line);
                        w.expr(2);
                    }
                    _ => w.field(),
                });
            }
            12 => {
                self.text += &format!("fn {name}");
                self.params();
                if self.random.once_in(2) {
                    self.put(":", Room::Tight);
                    self.ty(2);
                }
                self.put("=", Room::Line);
                self.expr(3);
            }
            13 => {
                self.text += &format!("image {name}");
                if self.random.once_in(2) {
                    self.params();
                }
                self.put("=", Room::Line);
                self.expr(3);
            }
            14 => self.opinion(),
            15 => {
                let item = self.random.pick(&["test", "gate"]);
                self.text += &format!("{item} \"{name} holds\"");
                self.claims();
            }
            16 => {
                self.text += &format!("cut {name}");
                self.braces(Self::field);
            }
            17 => {
                self.text += "budget";
                self.braces(Self::field);
            }
            _ => {
                let reserved = self.random.pick(&RESERVED);
                self.text += reserved;
            }
        }
    }
}
