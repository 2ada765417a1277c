//! Codes of the syntax phase.

use super::Code;

const fn code(
    code: &'static str,
    title: &'static str,
    page: &'static str,
    wrong: &'static str,
    right: &'static str,
) -> Code {
    Code { code, title, page, wrong, right }
}

/// The pages.
pub const CODES: &[Code] = &[
    code(
        "E0101",
        "the edition is missing",
        "Every program begins with the edition of the language it is written in: `ngs 1`. It stands in front of all \
         items, and it is what keeps an old program readable when the language grows.",
        "let size = 4m\n",
        "ngs 1\nlet size = 4m\n",
    ),
    code(
        "E0102",
        "the edition is unknown",
        "This version of scenec reads edition 1. A program that names another edition was written for another version; \
         nothing else in the file is looked at.",
        "ngs 7\n",
        "ngs 1\n",
    ),
    code(
        "E0103",
        "something else was expected here",
        "A statement or an item does not have the form that its first words promise. The message says what may stand at \
         the mark. Only this one statement is left out; the rest of the file is read.",
        "ngs 1\nenvironment yard { ground = plane(size: ) }\n",
        "ngs 1\nenvironment yard { ground = plane(size: 4m) }\n",
    ),
    code(
        "E0104",
        "a bracket is never closed",
        "Every `(`, `[` and `{` needs its partner. The mark stands at the bracket that was opened; the second mark stands \
         where the partner is missed at the latest: the keyword of the next item at the start of a line, the next \
         binding, or the end of the file.",
        "ngs 1\ncamera main {\n  lens: 35mm\nlet size = (1m, 2m)\n",
        "ngs 1\ncamera main {\n  lens: 35mm\n}\nlet size = (1m, 2m)\n",
    ),
    code(
        "E0105",
        "a closing bracket without a partner",
        "A `)`, `]` or `}` closes nothing, or closes a bracket of another kind.",
        "ngs 1\nlet size = (1m, 2m))\n",
        "ngs 1\nlet size = (1m, 2m)\n",
    ),
    code(
        "E0106",
        "nested too deeply",
        "Brackets nest at most 100 deep, and one expression has at most 256 levels of operators, calls and fields. Give \
         inner parts a name with `let`, or make them a component.",
        "ngs 1\nlet x = ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\
         1))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))\n",
        "ngs 1\nlet x = ((1))\n",
    ),
    code(
        "E0107",
        "a text is never closed",
        "A text ends on the line it starts on, with a straight double quote. A line break inside of a text is written `\\n`.",
        "ngs 1\nasset crate = gltf(\"crate.glb)\n",
        "ngs 1\nasset crate = gltf(\"crate.glb\")\n",
    ),
    code(
        "E0108",
        "a comment is never closed",
        "A comment that begins with `/*` ends with `*/`. Comments nest, so every `/*` inside needs its own `*/`.",
        "ngs 1\n/* not yet\nlet a = 1\n",
        "ngs 1\n/* not yet */\nlet a = 1\n",
    ),
    code(
        "E0109",
        "a character that no word or operator has",
        "Outside of texts and comments, a program is made of ASCII letters, digits, `_` and the operators of the language.",
        "ngs 1\nlet a = 1 @\n",
        "ngs 1\nlet a = 1\n",
    ),
    code(
        "E0110",
        "quotes of the wrong kind",
        "Texts stand between straight double quotes. Word processors and web pages replace them with typographic ones, and \
         other languages use single quotes or back-ticks.",
        "ngs 1\nlet a = 'rain'\n",
        "ngs 1\nlet a = \"rain\"\n",
    ),
    code(
        "E0111",
        "`#` begins no comment",
        "Comments begin with `//` or stand between `/*` and `*/`; `///` documents what follows. `#` begins a colour.",
        "ngs 1\n# the size\nlet a = 1\n",
        "ngs 1\n// the size\nlet a = 1 // and a colour: #3a4a55\n",
    ),
    code(
        "E0112",
        "a separator that the language does not have",
        "Statements of a block and items of a file need nothing between them: each ends where the next begins. Fields in \
         braces are separated by commas or line breaks, arguments in parentheses by commas. There is no `;`.",
        "ngs 1\nlet a = 1;\nlet b = 2\n",
        "ngs 1\nlet a = 1\nlet b = 2\n",
    ),
    code(
        "E0113",
        "`=` and `:` are confused",
        "A binding gives a name to a value and is written `name = value`. A field or an argument fills a place that \
         has its name already and is written `name: value`.",
        "ngs 1\ncamera main { lens = 35mm }\n",
        "ngs 1\ncamera main { lens: 35mm }\n",
    ),
    code(
        "E0114",
        "a comma is missing",
        "Arguments, tuples and lists separate their elements by commas, also when each stands on its own line. Fields \
         in braces need a comma only when two of them stand on one line.",
        "ngs 1\nlet a = (1m 2m)\n",
        "ngs 1\nlet a = (1m, 2m)\ncamera main {\n  lens: 35mm\n  f_stop: 4\n}\n",
    ),
    code(
        "E0115",
        "not the beginning of an item",
        "A file holds items, and every item begins with its keyword: `use`, `asset`, `param`, `let`, `enum`, `environment`, \
         `character`, `engineering`, `component`, `bible`, `camera`, `shot`, `cut`, `fn`, `override`, `image`, `output`, `test`, `gate` or `budget`.",
        "ngs 1\nenviroment yard { }\n",
        "ngs 1\nenvironment yard { }\n",
    ),
    code(
        "E0116",
        "not supported yet",
        "This is a word of the language, but this version of scenec does not compile it yet: `design`. Nothing of \
         it is built, so the program is refused rather than built without it.",
        "ngs 1\ndesign hero { version: 3 }\n",
        "ngs 1\n// design hero { version: 3 }\n",
    ),
    code(
        "E0117",
        "in the wrong place",
        "Things stand inside of a layer block (`environment`, `character`, `engineering`) or a component; items stand at the \
         top of a file. A value of the whole file is named by `let`.",
        "ngs 1\nsize = 4m\n",
        "ngs 1\nlet size = 4m\n",
    ),
    code(
        "E0118",
        "a number of an unknown form",
        "Numbers are written `3`, `2.5` or `1e-3`: at least one digit on either side of the point. They reach to about \
         1.8e308.",
        "ngs 1\nlet a = .5\n",
        "ngs 1\nlet a = 0.5\n",
    ),
    code(
        "E0119",
        "an unknown unit",
        "A unit stands directly behind its number, or behind one blank: `4m`, `20 kg`, `0.02/m`, `9.81m/s^2`. The message \
         offers the closest unit of the language. Degrees are `deg`, percent is `pct`. Exponents of units are whole \
         numbers between -12 and 12.",
        "ngs 1\nlet a = 4meters\n",
        "ngs 1\nlet a = 4m\n",
    ),
    code(
        "E0120",
        "a colour of an unknown form",
        "Colours are written `#rrggbb`: six hexadecimal digits, sRGB. There is no short form and no alpha.",
        "ngs 1\nlet a = #fff\n",
        "ngs 1\nlet a = #ffffff\n",
    ),
    code(
        "E0121",
        "an unknown escape or hole in a text",
        "In a text, `{name}` is a hole that is filled later and `{name:4}` one with at least four digits. Escapes are \
         `\\n`, `\\t`, `\\\\`, `\\\"`, `\\{` and `\\}`. Paths are written with `/` on every system.",
        "ngs 1\nlet a = \"C:\\dir\"\n",
        "ngs 1\nlet a = \"C:/dir \\{ {frame:4}\"\n",
    ),
    code(
        "E0122",
        "not a legal name",
        "Names are made of the letters a to z and A to Z, digits and `_`, do not begin with a digit, and have at most 255 bytes. A hyphen is a minus \
         sign. `if`, `else`, `true`, `false`, `not`, `and` and `or` can't be names.",
        "ngs 1\nlet front-wheel = 4m\n",
        "ngs 1\nlet front_wheel = 4m\n",
    ),
    code(
        "E0123",
        "an operator of another language",
        "The language writes `and`, `or`, `not` and `^` where others write `&&`, `||`, `!` and `**`. Ranges are half-open \
         and written `1..4`, which holds 1, 2 and 3.",
        "ngs 1\nlet a = true && false\n",
        "ngs 1\nlet a = true and false\n",
    ),
    code(
        "E0124",
        "too large",
        "A source file has at most 16 MiB, and one statement at most 200,000 words and signs. Large data belongs into an \
         asset that the program names.",
        "",
        "ngs 1\nasset terrain = gltf(\"terrain.glb\")\n",
    ),
    code(
        "E0125",
        "too many errors",
        "After 100 syntax errors the rest of a file is not read: it is most likely no program, or one mistake has spoilt \
         everything behind it. Mend the first error first.",
        "",
        "ngs 1\n",
    ),
    code(
        "E0130",
        "an item can't be private",
        "`private` hides an item from other modules. What a `use` brings in, an `override` and an `output` are never seen by other modules.",
        "ngs 1\nprivate use \"kit.ngs\" as kit\n",
        "ngs 1\nprivate let height = 3m\n",
    ),
];
