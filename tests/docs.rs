//! Every program and every command in README.md and `docs/*.md` is tried, and what the manual is made of is in it.
//!
//! A block of `ngs` that begins with `ngs 1` is a whole program; any other has a remark above it that names its frame, a program in
//! `docs/frames` with `// here` in the place of the block:
//!
//! ```text
//! <!-- in: scene -->           the block stands in docs/frames/scene.ngs
//! <!-- error: E0301 -->        it has exactly these errors, separated by commas; without the remark none
//! <!-- warning: W0201 -->      the same for the warnings of a whole program
//! <!-- file: kit.ngs -->       it is kept under this name, for later blocks of the same text
//! <!-- not run: reason -->     a block of `console` that is not run
//! ```
//!
//! Blocks of `console` hold commands, `$ scenec …`, with what they print; `…` stands for anything. What stands between
//! `<!-- scenec docs NAME -->` and `<!-- end -->` is what that command prints. `UPDATE_DOCS=1` writes both.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use scenec_compiler::manual;
use scenec_ir::FileId;
use serde_json::Value;
use support::*;

/// A block of code.
#[derive(Clone, Debug, Default, PartialEq)]
struct Block {
    /// Number of its first line, from 1.
    line: usize,
    language: String,
    remarks: Vec<(String, String)>,
    text: String,
}

impl Block {
    fn remark(&self, name: &str) -> Option<&str> {
        self.remarks.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    fn codes(&self, name: &str) -> Vec<String> {
        let text = self.remark(name).unwrap_or_default();
        let mut codes: Vec<String> = text.split(',').map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()).collect();
        codes.sort();
        codes
    }
}

fn remark(line: &str) -> Option<(String, String)> {
    let inner = line.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let (name, value) = inner.split_once(':').unwrap_or((inner, ""));
    Some((name.trim().to_owned(), value.trim().to_owned()))
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut remarks = Vec::new();
    let mut open: Option<Block> = None;
    for (at, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(block), None) => block.text += &format!("{line}\n"),
            (None, Some(language)) => {
                let remarks = std::mem::take(&mut remarks);
                open = Some(Block { line: at + 2, language: language.trim().to_owned(), remarks, text: String::new() });
            }
            (None, None) => match remark(line) {
                Some(said) => remarks.push(said),
                None => remarks.clear(),
            },
        }
    }
    assert!(open.is_none(), "a block of code has no end");
    found
}

fn guides() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = files_in(&root().join("docs"));
    all.retain(|path| path.extension().is_some_and(|e| e == "md"));
    all.push(root().join("README.md"));
    assert!(all.len() > 3, "the guides are not where they should be");
    all
}

fn name_of(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// A folder with the assets and modules of the examples, in which the programs of one text are tried.
fn workplace() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let work = folder.path().join("scenes");
    copy_tree(&root().join("examples/scenes"), &work);
    copy_tree(&root().join("examples/packages"), &folder.path().join("packages"));
    for place in [work.join("assets"), folder.path().join("assets")] {
        copy_tree(&root().join("examples/assets"), &place);
    }
    (folder, work)
}

/// The program that a block is or stands in.
fn program(block: &Block) -> Result<String, String> {
    let is_whole = block.text.starts_with("ngs ");
    match block.remark("in") {
        None if is_whole || block.remark("error") == Some("E0101") => Ok(block.text.clone()),
        None => Err("it does not begin with `ngs 1` and names no frame: `<!-- in: items -->`".into()),
        Some(_) if is_whole => Err("a whole program stands in no frame".into()),
        Some(frame) => {
            let path = root().join("docs/frames").join(format!("{frame}.ngs"));
            let frame = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let line = frame.lines().find(|l| l.trim() == "// here").ok_or("the frame has no `// here`")?;
            let indent = line.trim_end_matches("// here");
            let inner = block.text.lines().map(|l| match l {
                "" => String::new(),
                l => format!("{indent}{l}"),
            });
            Ok(frame.replace(line, &inner.collect::<Vec<_>>().join("\n")))
        }
    }
}

/// Codes of errors and warnings that `scenec check` gives.
fn check(work: &Path, file: &str) -> (Vec<String>, Vec<String>) {
    let output = stdout(&scenec(work, &["check", file, "--message-format", "json"]));
    let mut codes = (Vec::new(), Vec::new());
    for line in output.lines() {
        let said: Value = serde_json::from_str(line).expect("a JSON object in each line");
        let Some(code) = said["code"].as_str() else { continue };
        if said["severity"] == "error" { &mut codes.0 } else { &mut codes.1 }.push(code.to_owned());
    }
    codes.0.sort();
    codes.1.sort();
    codes
}

/// What is wrong with a block of `ngs`.
fn problems(block: &Block, work: &Path) -> Vec<String> {
    let text = match program(block) {
        Ok(text) => text,
        Err(reason) => return vec![reason],
    };
    let mut problems = Vec::new();
    let file = block.remark("file").unwrap_or("block.ngs");
    let path = work.join(file);
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
    fs::write(&path, &text).expect("a program is written");
    let (errors, warnings) = check(work, file);
    if errors != block.codes("error") {
        problems.push(format!("it has the errors {errors:?}, not {:?}", block.codes("error")));
    }
    // A module by itself is read by nobody, and so is what stands in a frame.
    let is_scene = block.remark("in").is_none() && errors.is_empty() && text.contains("\ncamera ");
    if is_scene && warnings != block.codes("warning") {
        problems.push(format!("it has the warnings {warnings:?}, not {:?}", block.codes("warning")));
    }
    match scenec_grammar::format(FileId(0), &text) {
        Ok(formatted) if formatted != text => {
            let line = formatted.lines().zip(text.lines()).find(|(a, b)| a != b).map_or("", |(a, _)| a);
            problems.push(format!("`scenec fmt` would change it: {line}"));
        }
        Ok(_) => {}
        Err(_) if errors.iter().any(|e| e.starts_with("E01")) => {}
        Err(diagnostics) => problems.push(format!("it can't be formatted: {diagnostics:?}")),
    }
    problems
}

/// Words of a command line; double quotes hold words together.
fn split(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in command.chars() {
        match c {
            '"' | '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("there is one").push(c),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

/// True when `text` is what `pattern` says, in which `…` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.trim_end().split('…');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.trim_end().strip_prefix(first) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return rest.is_empty() };
    for piece in middle {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.len() >= last.len() && rest.ends_with(last)
}

/// Commands of a block of `console`, each with what is to be printed.
fn commands(block: &Block) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in block.text.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command.to_owned(), String::new())),
            (None, Some((_, printed))) => *printed += &format!("{line}\n"),
            (None, None) => panic!("a block of console begins with `$ `, not with {line:?}"),
        }
    }
    commands
}

/// What a command prints, on both outputs, in its order.
fn printed(work: &Path, arguments: &[&str]) -> String {
    let path = work.join("printed.txt");
    let file = fs::File::create(&path).expect("a file");
    let both = file.try_clone().expect("a file has two names");
    command(work, arguments).stdout(file).stderr(both).status().expect("the binary runs");
    fs::read_to_string(&path).expect("it prints text")
}

/// `done in 0.3 s` is another time on every machine.
fn without_times(text: &str) -> String {
    let line = |line: &str| match line.strip_suffix(" s").and_then(|l| l.rsplit_once(" in ")) {
        Some((before, time)) if time.parse::<f64>().is_ok() => format!("{before} in … s\n"),
        _ => match line.strip_prefix("done in ") {
            Some(_) => "done in … s\n".to_owned(),
            None => format!("{line}\n"),
        },
    };
    text.lines().map(line).collect()
}

/// The block as it is when its commands have been run, with `…` kept where it still holds.
fn run(block: &Block, work: &Path) -> String {
    let mut text = String::new();
    for (command, expected) in commands(block) {
        let words = split(&command);
        assert_eq!(words.first().map(String::as_str), Some("scenec"), "only scenec is run, not {command:?}");
        let arguments: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        let printed = printed(work, &arguments);
        let shown = if matches(&expected, &printed) { expected } else { without_times(&printed) };
        text += &format!("$ {command}\n{shown}");
        // The empty lines between two commands are those of the text.
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}

fn updates() -> bool {
    std::env::var_os("UPDATE_DOCS").is_some()
}

/// Tests that write the guides take turns.
static GUIDES: Mutex<()> = Mutex::new(());

#[test]
fn every_program_compiles_and_every_command_prints_what_stands_there() {
    let _turn = GUIDES.lock().unwrap_or_else(PoisonError::into_inner);
    let mut failures = Vec::new();
    let (mut programs, mut runs) = (0, 0);
    for path in guides() {
        let text = fs::read_to_string(&path).expect("a guide is UTF-8");
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut changes: Vec<(std::ops::Range<usize>, String)> = Vec::new();
        let (_folder, work) = workplace();
        for block in blocks(&text) {
            let place = format!("{}:{}", name_of(&path), block.line);
            match block.language.as_str() {
                "ngs" => {
                    programs += 1;
                    failures.extend(problems(&block, &work).into_iter().map(|p| format!("{place}: {p}")));
                }
                "console" if block.remark("not run").is_none() => {
                    runs += 1;
                    let found = run(&block, &work);
                    if found.trim_end() == block.text.trim_end() {
                        continue;
                    }
                    match updates() {
                        true => {
                            let first = block.line - 1;
                            changes.push((first..first + block.text.lines().count(), found.trim_end().to_owned()));
                        }
                        false => failures.push(format!("{place}: the commands print\n{found}")),
                    }
                }
                // Commands of other programs, file listings, parts of messages.
                "console" | "text" | "toml" | "json" | "" => {}
                other => failures.push(format!("{place}: a block of {other:?} is not tried")),
            }
        }
        for (place, text) in changes.into_iter().rev() {
            lines.splice(place, [text]);
        }
        if updates() {
            fs::write(&path, lines.join("\n") + "\n").expect("a guide is written");
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(programs > 40 && runs > 5, "{programs} programs and {runs} runs were tried");
}

#[test]
fn the_comparer_fails_when_it_must() {
    let (_folder, work) = workplace();
    let count = |text: &str| blocks(text).iter().map(|b| problems(b, &work).len()).sum::<usize>();
    assert_eq!(count("```ngs\nngs 1\nlet _a = 4m\n```\n"), 0);
    assert_eq!(count("```ngs\nlet _a = 4m\n```\n"), 1, "no frame");
    assert_eq!(count("<!-- in: items -->\n```ngs\nlet _a = 4m\n```\n"), 0);
    assert_eq!(count("<!-- in: nowhere -->\n```ngs\nlet _a = 4m\n```\n"), 1, "no such frame");
    assert_eq!(count("<!-- in: items -->\n```ngs\nlet _a = 4m + 3s\n```\n"), 1, "an error");
    assert_eq!(count("<!-- in: items -->\n<!-- error: E0303 -->\n```ngs\nlet _a = 4m + 3s\n```\n"), 0);
    assert_eq!(count("<!-- in: items -->\n<!-- error: E0301 -->\n```ngs\nlet _a = 4m + 3s\n```\n"), 1, "another error");
    assert_eq!(count("<!-- in: items -->\n<!-- error: E0303 -->\n```ngs\nlet _a = 4m\n```\n"), 1, "no error");
    assert_eq!(count("<!-- in: items -->\n```ngs\nlet  _a = 4m\n```\n"), 1, "another layout");
    assert_eq!(count("<!-- in: items -->\n\n```ngs\nlet _a = 4m\n```\n"), 1, "the remark is about something else");
    assert!(matches("a…c\n", "abbc\n") && matches("…", "x") && matches("a", "a\n") && matches("a…b…c", "a1b2c"));
    assert!(!matches("a", "ab") && !matches("a…c", "ab") && !matches("a…aa", "aa") && !matches("b…", "ab"));
    assert_eq!(split("scenec build --set \"name = 3\" x"), ["scenec", "build", "--set", "name = 3", "x"]);
}

/// The right column of the tables for those who know other tools is written in this language.
#[test]
fn words_of_other_tools_are_told_in_this_language() {
    let text = fs::read_to_string(root().join("docs/coming-from.md")).expect("the tables are there");
    let forms =
        ["@", "environment e {\n@\n}", "let x = @", "let x = f(@)", "bible b {\n@\n}", "let x = a @", "shot s { @ }"];
    let mut wrong = Vec::new();
    let mut tried = 0;
    for row in text.lines().filter(|l| l.starts_with("| ") && !l.ends_with("| here |")) {
        let row = row.replace("\\|", "¦");
        let right = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default().replace('¦', "|");
        for code in right.split('`').skip(1).step_by(2).filter(|c| !c.starts_with("scenec ")) {
            tried += 1;
            let reads = |form: &str| {
                ["x", "x = y"].iter().any(|inner| {
                    let text = format!("ngs 1\n{}\n", form.replace('@', &code.replace('…', inner)));
                    scenec_grammar::parse(FileId(0), &text).1.is_empty()
                })
            };
            // A word by itself is a word of the language.
            let is_word = code == "^" || scenec(root(), &["docs", code]).status.success();
            if !is_word && !forms.iter().any(|form| reads(form)) {
                wrong.push(code.to_owned());
            }
        }
    }
    assert!(wrong.is_empty(), "no program has {wrong:?}");
    assert!(tried > 50, "{tried} pieces");
}

/// Links between the guides, and from the README, with their anchors; those of the site are followed in `manual_site.rs`.
#[test]
fn links_of_the_guides_lead_somewhere() {
    let anchor = |title: &str| -> String {
        let kept = title
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .collect::<String>();
        kept.replace(' ', "-")
    };
    let mut links = 0;
    for path in guides() {
        let text = fs::read_to_string(&path).expect("a guide is UTF-8");
        for link in text.split("](").skip(1).filter_map(|l| l.split(')').next()) {
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            if link.contains("://") || link.contains(' ') {
                continue;
            }
            links += 1;
            let target = if file.is_empty() { path.clone() } else { path.with_file_name(file) };
            assert!(target.exists(), "{}: there is no {link}", name_of(&path));
            let there = fs::read_to_string(&target).unwrap_or_default();
            let mut titles =
                there.lines().filter(|l| l.starts_with('#')).map(|l| anchor(l.trim_start_matches('#').trim()));
            assert!(place.is_empty() || titles.any(|t| t == place), "{}: nothing is at {link}", name_of(&path));
        }
    }
    assert!(links > 10, "{links} links");
}

#[test]
fn lists_of_the_guides_are_those_of_the_declarations() {
    let _turn = GUIDES.lock().unwrap_or_else(PoisonError::into_inner);
    let mut stale = Vec::new();
    let mut lists = 0;
    for path in guides() {
        let text = fs::read_to_string(&path).expect("a guide is UTF-8");
        let mut after = String::new();
        let mut rest = text.as_str();
        while let Some((before, behind)) = rest.split_once("<!-- scenec docs ") {
            let (name, behind) = behind.split_once(" -->\n").expect("the remark has an end");
            let (was, behind) = behind.split_once("<!-- end -->").expect("the list has an end");
            let is = format!("{}\n", good(&scenec(root(), &["docs", name])).trim_end());
            if was != is {
                stale.push(format!("{}: {name}", name_of(&path)));
            }
            after += &format!("{before}<!-- scenec docs {name} -->\n{is}<!-- end -->");
            rest = behind;
            lists += 1;
        }
        if updates() {
            fs::write(&path, after + rest).expect("a guide is written");
        }
    }
    assert!(updates() || stale.is_empty(), "UPDATE_DOCS=1 writes these anew: {stale:?}");
    assert!(lists > 8, "{lists} lists");
}

/// A unit, type, function, word, clause, way or node that nobody explains is half of a feature.
#[test]
fn the_reference_mentions_all_that_there_is() {
    let text = fs::read_to_string(root().join("docs/reference.md")).expect("the reference is there");
    let mut names: Vec<&str> = scenec_ir::nodes::all().iter().map(|d| d.name).collect();
    names.extend(scenec_ir::dimension::UNITS.iter().map(|u| u.name));
    names.extend(scenec_ir::dimension::names());
    names.extend(scenec_compiler::ops::FUNCTIONS.iter().map(|f| f.0));
    names.extend(manual::TYPES.iter().map(|t| t.name));
    names.extend(manual::eases().iter().map(|e| e.name));
    use scenec_grammar::words;
    names.extend(
        words::ITEMS
            .iter()
            .chain(&words::MODIFIERS)
            .chain(&words::ENTRIES)
            .chain(&words::CLAUSES)
            .chain(&words::IN_BIBLES),
    );
    names.extend(words::INFIX.iter().chain(&words::NEVER_NAMES));
    assert!(names.len() > 150, "{}", names.len());
    // Within back-ticks, as a word of its own.
    let code: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let says = |code: &str, name: &str| {
        code.match_indices(name)
            .any(|(at, _)| !code[..at].ends_with(is_word) && !code[at + name.len()..].starts_with(is_word))
    };
    let missing: Vec<_> = names.iter().filter(|name| !code.iter().any(|code| says(code, name))).collect();
    assert!(missing.is_empty(), "the reference does not mention {missing:?}");
}

#[test]
fn every_name_has_a_page_and_a_wrong_one_gets_the_closest() {
    for name in [
        "gear",
        "gltf.node",
        "along",
        "Length",
        "Vec3",
        "deg",
        "override",
        "shot",
        "facing",
        "E0301",
        "reference",
        "eases",
    ] {
        let page = good(&scenec(root(), &["docs", name]));
        assert!(page.len() > 40, "{name}: {page}");
    }
    assert!(good(&scenec(root(), &["docs", "sin"])).contains("sin(x: Angle) -> Ratio"));
    assert!(good(&scenec(root(), &["docs", "km"])).contains("1km is 1000 m"));
    assert!(good(&scenec(root(), &["docs", "shot"])).contains("`fps: Ratio in 1..1000 = 24`"));
    // What has no page is told with what it belongs to, and so is what has one.
    for (name, says) in [
        ("agx", "* `agx`, a value of `transform` of `view`: `transform: srgb | agx | neutral"),
        ("lens", ", of `camera`: "),
        ("frame", "* `frame`, in every expression: The number of the frame"),
        ("frame", ", of `camera`: "),
        ("t", "A unit of `Mass`"),
        ("t", "* `t`, in every expression: "),
        ("fps", "* `fps: Ratio in 1..1000 = 24`, of `shot`: "),
        ("smooth", "* `ease smooth`, a way "),
        ("radius", ", of `sphere`"),
        ("follow", "## Also"),
    ] {
        let page = good(&scenec(root(), &["docs", name]));
        assert!(page.contains(says), "{name}: {page}");
    }
    let list = good(&scenec(root(), &["docs"]));
    let whole = good(&scenec(root(), &["docs", "--format", "markdown"]));
    for decl in scenec_ir::nodes::all() {
        assert!(list.lines().any(|l| l.starts_with(decl.name)), "{} is not listed", decl.name);
        assert!(whole.contains(&format!("# {}\n", decl.name)), "{} has no page", decl.name);
    }
    let wrong = scenec(root(), &["docs", "geer"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(stderr(&wrong).contains("did you mean `gear`?"), "{}", stderr(&wrong));
    let wrong = scenec(root(), &["docs", "spacin"]);
    assert!(stderr(&wrong).contains("did you mean `spacing`?"), "{}", stderr(&wrong));
}
