//! No input makes the parser fail, panic, overflow its stack or take long.
//!
//! `SCENEC_FUZZ_SECONDS` sets how long the mutation test runs (default 2).

#![allow(clippy::print_stderr)]

use std::time::{Duration, Instant};

use scenec_ir::{Diagnostic, FileId};

fn parse(text: &str) -> (scenec_grammar::ast::Module, Vec<Diagnostic>) {
    let (module, diagnostics) = scenec_grammar::parse(FileId(0), text);
    for d in &diagnostics {
        let spans = d
            .span
            .iter()
            .chain(d.because.iter().map(|b| &b.span))
            .chain(d.fix.iter().flat_map(|f| f.edits.iter().map(|e| &e.span)));
        for span in spans {
            assert!(span.start <= span.end && text.get(span.range()).is_some(), "span {span:?} of {d:?}");
        }
        assert!(scenec_ir::codes::find(&d.code).is_some(), "{} has no page", d.code);
        assert!(!d.message.contains('\n') && !d.message.contains("Rule"), "{}", d.message);
    }
    let errors = format!("{module:?}").contains("Error");
    assert!(!errors || !diagnostics.is_empty(), "an error node without a diagnostic in {text:?}");
    (module, diagnostics)
}

/// The time of one parse in an unoptimised build.
fn within(limit: Duration, what: &str, text: &str) -> Vec<Diagnostic> {
    let start = Instant::now();
    let (_, diagnostics) = scenec_grammar::parse(FileId(0), text);
    let time = start.elapsed();
    assert!(time < limit, "{what} took {time:?}");
    diagnostics
}

const FAST: Duration = Duration::from_secs(10);

fn codes(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|d| d.code.as_str()).collect()
}

#[test]
fn empty_and_almost_empty() {
    assert_eq!(codes(&parse("").1), ["E0101"]);
    assert_eq!(codes(&parse("\n\n// nothing\n").1), ["E0101"]);
    assert_eq!(codes(&parse("ngs").1), ["E0101"]);
    assert_eq!(codes(&parse("ngs 1").1), [""; 0]);
    assert_eq!(codes(&parse("\u{feff}ngs 1\r\nlet a = 1\r\n").1), [""; 0]);
    assert_eq!(codes(&parse("\u{feff}let a\t=\u{a0}1").1), ["E0101"]);
    for c in 0u32..256 {
        if let Some(c) = char::from_u32(c) {
            parse(&c.to_string());
            parse(&format!("ngs 1\nlet a = {c}"));
            parse(&format!("ngs 1\nenvironment a {{ {c}{c} = {c} }}"));
        }
    }
}

#[test]
fn a_hundred_thousand_levels() {
    const N: usize = 100_000;
    for (open, close) in
        [("{", "}"), ("(", ")"), ("[", "]"), ("a(", ")"), ("{a:", "}"), ("environment a {", "}"), ("/*", "*/")]
    {
        for text in [open.repeat(N), format!("{}{}", open.repeat(N), close.repeat(N)), close.repeat(N)] {
            for head in ["", "ngs 1\nlet x = ", "ngs 1\nenvironment a { x = "] {
                let found = within(FAST, open, &format!("{head}{text}"));
                assert!(!found.is_empty());
            }
        }
    }
    let deep = format!("ngs 1\nlet x = {}1{}\nlet y = = 2\n", "(".repeat(N), ")".repeat(N));
    assert_eq!(codes(&within(FAST, "parentheses", &deep)), ["E0106", "E0103"]);
    let open = format!("ngs 1\nlet x = {}", "{".repeat(N));
    assert_eq!(codes(&within(FAST, "open braces", &open)), ["E0106"]);
}

/// Found by the mutation test: a span began or ended within a typographic quote.
#[test]
fn spans_stand_on_character_boundaries() {
    assert_eq!(codes(&parse("ngs 1\nlet a = f(“x” “y” 'z')\n").1), ["E0110", "E0114", "E0110", "E0110"]);
    assert_eq!(codes(&parse("ngs 1\nlet a = [0“0, #0“ b]\n").1).len(), 2);
    assert_eq!(codes(&parse("ngs 1\nlet a = “größe {x y}”\n").1), ["E0110", "E0121"]);
}

/// The bound of depth is that of one expression, not of a file.
#[test]
fn many_blocks_and_statements_are_not_deep() {
    let mut text = String::from("ngs 1\n");
    for i in 0..1000 {
        text +=
            &format!("environment e{i} {{\n  scatter s: T on a.b {{ count: 3 }}\n}} camera c{i} {{ lens: 35mm }}\n");
    }
    text += &format!("character f {{\n{}}}\n", "  scatter s: T(1) on a.b { count: 3 }\n  x = -a.b(c)\n".repeat(1000));
    text += &format!("bible B {{\n{}}}\n", "  pose p { a.b: -1deg }\n  enum E { a, b }\n".repeat(1000));
    text += &"enum E { a, b } component C() { } image i = a.b() |> c()\n".repeat(1000);
    assert_eq!(codes(&parse(&text).1), [""; 0]);
}

/// Long blocks are read by several threads; nothing of that is seen.
#[test]
fn a_long_block_keeps_its_order() {
    let line = |i: usize| match i % 97 {
        13 => format!("  x{i} = = f(1)\n"),
        _ => format!("  x{i} = f(a: {i}m)\n"),
    };
    let lines: String = (0..3000).map(line).collect();
    let (module, diagnostics) = parse(&format!("ngs 1\nenvironment e {{\n{lines}}}\n"));
    let places: Vec<u32> = diagnostics.iter().filter_map(|d| d.span).map(|s| s.start).collect();
    assert_eq!(places.len(), (0..3000).filter(|i| i % 97 == 13).count());
    assert!(places.is_sorted());
    let dump = scenec_grammar::dump(&module);
    let found: Vec<usize> = (0..3000).filter(|i| i % 97 != 13).filter_map(|i| dump.find(&format!("x{i} "))).collect();
    assert!(found.len() > 2900 && found.is_sorted(), "{} names", found.len());
    // More errors than are shown: the same hundred as ever.
    let wrong = format!("ngs 1\nenvironment e {{\n{}}}\n", "  x = = 1\n".repeat(2000));
    assert_eq!(parse(&wrong).1, parse(&wrong).1);
    assert_eq!(parse(&wrong).1.len(), scenec_grammar::limits::ERRORS + 1);
}

#[test]
fn long_names() {
    let name = "n".repeat(300);
    for text in
        ["let N = 1", "N = 1", "environment N {}", "environment e { N = f(1) }", "N x {}", "let x = N", "let x = a.N"]
    {
        assert_eq!(codes(&parse(&format!("ngs 1\n{}\n", text.replace('N', &name))).1), ["E0122"], "{text}");
    }
}

#[test]
fn long_chains() {
    const N: usize = 100_000;
    let chains =
        ["- ", "not ", "1 + ", "a ^ ", "a.", "a |> ", "if a { b } else ", "x at ", "List<", "a..", "a(1)", "!", "a-"];
    for chain in chains {
        for head in ["let x = ", "let x: ", "param x in ", "image x = "] {
            let text = format!("ngs 1\n{head}{}", chain.repeat(N));
            assert!(!within(FAST, chain, &text).is_empty(), "{head}{chain}");
        }
    }
    // Long, but flat.
    let list = format!("ngs 1\nlet x = [{}]\n", "(1m, -2.5m), ".repeat(20_000));
    assert_eq!(codes(&within(FAST, "list", &list)), [""; 0]);
    let longer = format!("ngs 1\nlet x = [{}]\nlet y = = 1", "1, ".repeat(200_000));
    assert_eq!(codes(&within(FAST, "longer list", &longer)), ["E0124", "E0103"]);
}

/// The deepest tree that is let through, walked on a small stack.
#[test]
fn the_deepest_legal_tree_fits_a_small_stack() {
    let worker = std::thread::Builder::new().stack_size(2 << 20).spawn(|| {
        let mut text = String::from("ngs 1\n");
        for (open, close) in [("(", ")"), ("f(a: ", ")"), ("[", "]"), ("-(", ")"), ("if a { ", " } else { b }")] {
            text += &format!("let x = {}1{}\n", open.repeat(100), close.repeat(100));
        }
        text += &format!("let x = {}1\nlet y = 1{}\n", "-".repeat(250), " + 1".repeat(250));
        let (module, diagnostics) = scenec_grammar::parse(FileId(0), &text);
        let copy = module.clone();
        assert_eq!(module, copy);
        assert!(scenec_grammar::dump(&module).len() > 1000);
        diagnostics.iter().filter(|d| d.code != "E0106").count()
    });
    let unexpected = worker.expect("a thread starts").join().expect("no overflow");
    assert_eq!(unexpected, 0);
}

#[test]
fn sixteen_megabytes() {
    let full = scenec_grammar::limits::FILE_BYTES;
    for unit in [
        "a",
        "4a",
        "\"a",
        "{a",
        "a.",
        "#f",
        "a-",
        "a ",
        "a = b\n",
        "\"",
        "\u{1}",
        "(",
        "1",
        "\n",
        "/* ",
        "é",
        "let a = 1\n",
        "//\n",
        "///x\n",
        ";",
        "# a\n",
        "'",
    ] {
        // The unoptimised parser gets a sixteenth, which shows anything that grows faster than the text.
        let size = if cfg!(debug_assertions) { full / 16 } else { full };
        within(FAST, unit, &unit.repeat(size / unit.len()));
    }
    let over = "x".repeat(full + 1);
    assert_eq!(codes(&within(FAST, "too large", &over)), ["E0124"]);
    let mut random = Random(7);
    let bytes: Vec<u8> = (0..full / 4).map(|_| random.next() as u8).collect();
    let random = String::from_utf8_lossy(&bytes);
    assert_eq!(codes(&within(FAST, "random bytes", &random)), ["E0101"], "no program at all");
    let found = within(FAST, "random bytes behind an edition", &format!("ngs 1\nlet a = 1\n{random}"));
    assert_eq!(codes(&found).last(), Some(&"E0125"));
    assert_eq!(found.len(), scenec_grammar::limits::ERRORS + 1);
}

/// xorshift64*: the test has the same inputs everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

fn corpus() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut paths: Vec<_> = ["ngs", "errors"]
        .iter()
        .flat_map(|f| std::fs::read_dir(root.join(f)).expect("the folders are part of the crate"))
        .map(|e| e.expect("the folder can be listed").path())
        .filter(|p| p.extension().is_some_and(|e| e == "ngs"))
        .collect();
    paths.sort();
    paths.iter().map(|p| std::fs::read_to_string(p).expect("the suite is UTF-8")).collect()
}

/// Pieces that the mutator throws in.
const WORDS: [&str; 40] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "=",
    ";",
    "\"",
    "'",
    "“",
    "”",
    "#",
    "//",
    "/*",
    "*/",
    "///",
    "..",
    "|>",
    ".",
    "-",
    "1.",
    ".5",
    "4m",
    "20 kg",
    "1e999",
    "let ",
    "\nenvironment a {",
    "\ncamera b ",
    "if ",
    "else",
    "at ",
    "not ",
    "\\",
    "\u{feff}",
    "é",
    "\r\n",
    "\u{0}",
];

fn mutate(random: &mut Random, corpus: &[String]) -> String {
    let mut bytes = corpus[random.below(corpus.len())].clone().into_bytes();
    for _ in 0..1 + random.below(6) {
        let length = bytes.len();
        let (a, b) = (random.below(length + 1), random.below(length + 1));
        let (a, b) = (a.min(b), a.max(b).min(a.min(b) + 60));
        match random.below(7) {
            0 => bytes.truncate(a),
            1 => drop(bytes.drain(a..b)),
            2 => {
                let copy = bytes[a..b].to_vec();
                let at = random.below(length + 1);
                bytes.splice(at..at, copy);
            }
            3 => {
                for byte in &mut bytes[a..b.min(a + 4)] {
                    *byte = random.next() as u8;
                }
            }
            4 | 5 => {
                let word = WORDS[random.below(WORDS.len())].as_bytes();
                bytes.splice(a..a, word.iter().copied());
            }
            _ => {
                let other = &corpus[random.below(corpus.len())].as_bytes();
                let from = random.below(other.len());
                let to = (from + random.below(200)).min(other.len());
                bytes.splice(a..b, other[from..to].iter().copied());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn mutated_programs() {
    let seconds = std::env::var("SCENEC_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(2);
    let corpus = corpus();
    let seed = if seconds > 2 { seconds * 7919 } else { 1 };
    let mut random = Random(seed);
    let start = Instant::now();
    let mut count = 0u64;
    let mut slowest = Duration::ZERO;
    while start.elapsed() < Duration::from_secs(seconds) {
        let text = mutate(&mut random, &corpus);
        let before = Instant::now();
        let outcome = std::panic::catch_unwind(|| parse(&text));
        slowest = slowest.max(before.elapsed());
        let Ok(found) = outcome else { panic!("input {count} of seed {seed}: {text:?}") };
        let whole = scenec_grammar::parse_by_grammar(FileId(0), &text);
        assert!(found == whole, "plain bindings differ, input {count} of seed {seed}: {text:?}");
        count += 1;
    }
    eprintln!("{count} mutated programs in {seconds} s, slowest {slowest:?}");
    // Generous: at a low priority one parse may wait for the machine.
    assert!(slowest < FAST, "{slowest:?}");
}
