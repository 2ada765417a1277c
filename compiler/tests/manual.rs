//! The manual says what is so: its examples have the values that it gives them, and nothing of the language is left out.

use scenec_compiler::{MemoryWorld, Parsed, analyse, manual};
use scenec_grammar::words;
use scenec_ir::Value;

/// Values of `a` and `b`, and what is wrong.
fn values(a: &str, b: &str) -> Result<[Value; 2], String> {
    let text = format!("ngs 1\nlet a = {a}\nlet b = {b}\n");
    let analysis = analyse(&MemoryWorld::of("x.ngs", text), "x.ngs", None, &mut Parsed::default());
    let value = |name: &str| {
        let found = analysis.index.definitions.iter().find(|d| d.name == name)?;
        found.value.clone()
    };
    match (value("a"), value("b")) {
        (Some(a), Some(b)) => Ok([a, b]),
        _ => Err(format!("{a} or {b} has no value: {:?}", analysis.compilation.diagnostics)),
    }
}

/// Equal to four digits, and of one dimension.
fn same(a: &Value, b: &Value) -> bool {
    let near = |x: f64, y: f64| (x - y).abs() <= 1e-4 * x.abs().max(1.0);
    match (a, b) {
        (Value::Quantity(x, d), Value::Quantity(y, e)) => d == e && near(*x, *y),
        (Value::Vec2(x, d), Value::Vec2(y, e)) => d == e && x.iter().zip(y).all(|(x, y)| near(*x, *y)),
        (Value::Vec3(x, d), Value::Vec3(y, e)) => d == e && x.iter().zip(y).all(|(x, y)| near(*x, *y)),
        (Value::Color(x), Value::Color(y)) => x.iter().zip(y).all(|(x, y)| near(f64::from(*x), f64::from(*y))),
        _ => a == b,
    }
}

#[test]
fn examples_of_functions_have_the_values_beside_them() {
    let mut failures = Vec::new();
    for function in manual::functions() {
        assert!(!function.doc.is_empty() && !function.examples.is_empty(), "{} has no page", function.name);
        for (expression, value) in function.examples {
            assert!(
                expression.contains(&format!("{}(", function.name)),
                "{expression} does not show {}",
                function.name
            );
            match values(expression, value) {
                Ok([a, b]) if same(&a, &b) => {}
                Ok([a, b]) => failures.push(format!("{expression} is {a}, not {b}")),
                Err(reason) => failures.push(reason),
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What the table of operators says of which is the stronger.
#[test]
fn operators_are_as_strong_as_the_manual_says() {
    let cases = [
        ("2^3^2", "512"),
        ("-2^2", "-4"),
        ("2 * 3^2", "18"),
        ("-3 * 2 + 1", "-5"),
        ("1 + 2 * 3", "7"),
        ("0..1 + 2", "0..3"),
        ("1 + 1 == 2", "true"),
        ("not (1 == 2)", "true"),
        ("1 < 2 and 3 == 3 or false", "true"),
        ("false and false or true", "true"),
        ("[1, 2][0 + 1]", "2"),
        ("7 / 2", "3.5"),
        ("20kg / 1m^3", "20kg/m^3"),
        ("(2m + 20cm).x", "0"),
    ];
    for (expression, value) in &cases[..cases.len() - 1] {
        let [a, b] = values(expression, value).expect("it has a value");
        assert!(same(&a, &b), "{expression} is {a}, not {b}");
    }
    assert!(values(cases[cases.len() - 1].0, "0").is_err(), "a length has no parts");
    assert!(values("not 1 == 2", "true").is_err(), "`not` takes what stands next to it");
}

#[test]
fn the_comparer_fails_when_it_must() {
    let differ = |a: &str, b: &str| values(a, b).map_or(true, |[a, b]| !same(&a, &b));
    assert!(differ("4m", "4s") && differ("4m", "4.01m") && differ("3", "3.0") && differ("#ff0000", "#00ff00"));
    assert!(!differ("4m", "400cm"));
}

/// Every type can be written, and its form is one of the language.
#[test]
fn types_of_the_manual_are_types() {
    let dimensions = manual::dimensions();
    let names = manual::TYPES.iter().map(|t| t.name).chain(dimensions.iter().map(|(name, ..)| *name));
    for name in names {
        let name = match name {
            "List" | "Range" => format!("{name}<Int>"),
            "T?" => "Length?".to_owned(),
            name => name.to_owned(),
        };
        let text = format!("ngs 1\ncomponent _A(x: {name}) {{ }}\n");
        let world = MemoryWorld::of("x.ngs", text);
        let analysis = analyse(&world, "x.ngs", None, &mut Parsed::default());
        let errors: Vec<_> = analysis.compilation.diagnostics.iter().filter(|d| d.is_error()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
    let units: usize = dimensions.iter().map(|(_, _, units)| units.len()).sum();
    assert_eq!(units, scenec_ir::dimension::UNITS.len(), "every unit is of a dimension that has a name");
}

#[test]
fn words_of_the_manual_are_those_of_the_grammar() {
    let names = |entries: &[manual::Entry]| entries.iter().map(|e| e.name).collect::<Vec<_>>();
    assert_eq!(names(manual::ITEMS), words::ITEMS);
    assert_eq!(names(manual::MODIFIERS), words::MODIFIERS);
    assert_eq!(names(manual::ENTRIES), words::ENTRIES);
    assert_eq!(names(manual::CLAUSES), words::CLAUSES);
    // Those that begin a clause have their own list.
    let within = words::NEVER_NAMES.iter().chain(&words::INFIX).filter(|w| !words::CLAUSES.contains(w));
    assert_eq!(names(manual::WORDS), within.copied().collect::<Vec<_>>());
    let signs = ["^", "*", "/", "+", "-", "..", "==", "!=", "<", "<=", ">", ">=", "??", "and", "or", "not", "|>"];
    let told: Vec<&str> = manual::OPERATORS.iter().flat_map(|o| o.name.split_whitespace()).collect();
    for sign in signs.iter().chain(&words::CLAUSES) {
        assert!(told.contains(sign), "no operator `{sign}`");
    }
}
