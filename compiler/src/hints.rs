//! What newcomers write for things that the language has by another name or in another form, and the last resort of help:
//! every error says what to do, if only in the words that fit all errors of its code.

use scenec_ir::Diagnostic;
use scenec_ir::dimension::find_unit;

/// Gives an error that has neither hint nor fix the usual hint of its code.
pub fn complete(diagnostic: &mut Diagnostic) {
    if diagnostic.is_error() && diagnostic.hint.is_none() && diagnostic.fix.is_none() {
        diagnostic.hint = Some(match usual(&diagnostic.code) {
            Some(hint) => hint.to_owned(),
            None => format!("`scenec explain {}` shows it wrong and right", diagnostic.code),
        });
    }
}

fn usual(code: &str) -> Option<&'static str> {
    Some(match code {
        "E0201" => "a name is defined by `let`, `param`, `use` or `asset`, or by a thing of a layer block",
        "E0202" => "`scenec docs` lists every node that can be called",
        "E0203" => "remove it; `scenec docs NODE` lists the parameters of a node",
        "E0204" => "give one of them another name",
        "E0205" => "name an item that the module defines itself; what it imports is not passed on",
        "E0207" => "things have `top`, `bottom` and `center`, and the parts of their component or asset",
        "E0210" => "name one of the members of the enumeration",
        "E0213" => "look whether the file may be read",
        "E0214" => "write `joint.bend: 12deg`; a joint also has `turn`, `twist` and `raise`",
        "E0220" => "use fewer, larger modules",
        "E0302" => "give a value of the type that is wanted, or change the declaration",
        "E0303" => "quantities of one kind can be added and compared; units can be multiplied and divided",
        "E0304" => "give it as `name: value`",
        "E0305" => "give a number within the limits, or change them where they are declared",
        "E0306" => "remove one of the two",
        "E0308" => "change the numbers so that there is a result",
        "E0310" => "nodes, components, bibles and images with parameters are called; all else is named alone",
        "E0311" => "write `variant name: Enum = member { member: body.variant(\"name\"), … }` with every member",
        "E0313" => "remove one: none of them wins",
        "E0405" => "put it into a block of another layer: `environment`, `character` or `engineering`",
        "E0407" => "every file is written once: give each its own path",
        "E0408" => "remove one of them",
        "E0411" => "frames are half-open: `1001..1049` has 48 of them",
        _ => return None,
    })
}

/// What does the work of a function of other languages.
pub fn foreign_function(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "pow" | "power" => "a power is written `x ^ 2`",
        "range" => "a range is written `1..24`: it holds 1 to 23",
        "map" | "filter" | "foreach" | "for_each" | "each" | "flatmap" => {
            "a list is made of another by `for`: `for x in list if x > 0 { 2 * x }`"
        }
        "mix" | "interpolate" => "it is `lerp(a, b, t)`",
        "fract" => "the fraction is `mod(x, 1)`",
        "fmod" | "modulo" | "remainder" => "what a division leaves is `mod(a, b)`",
        "exp" | "log" | "ln" | "log2" | "log10" | "asin" | "acos" | "atan" | "atan2" => {
            "functions are abs, ceil, clamp, cos, count, floor, lerp, max, min, rgb, round, sin, sqrt, sum and tan"
        }
        "vec2" | "vec3" | "vector" | "vector2" | "vector3" | "float2" | "float3" | "point" | "point3" | "xyz" => {
            "a vector is written `(x, y, z)`"
        }
        "color" | "colour" | "rgba" | "hex" | "srgb" | "rgb8" | "col" => {
            "a colour is written `#ff8800` in sRGB, or `rgb(1, 0.5, 0)` in linear light"
        }
        "list" | "array" | "tuple" => "a list is written `[a, b, c]`, a vector `(x, y, z)`",
        "str" | "string" | "format" | "concat" => "a text takes values by holes: `\"{name}\"`",
        "int" | "float" | "double" | "number" => {
            "`round`, `floor` and `ceil` make whole numbers; nothing else is converted"
        }
        "len" | "size" => "the number of items of a list is `count(list)`",
        "rand" | "uniform" => "randomness comes with a seed: `random(\"posts\", i)`; `scatter` and `terrain` take one",
        "import" | "require" | "include" => "another file is used at the top: `use \"path.ngs\" as name`",
        "gltf" | "load" | "load_gltf" | "load_model" | "model" | "mesh" | "open" => {
            "a model is an item: `asset fox = gltf(\"fox.glb\")`, and `fox.scene()` a thing of it"
        }
        "translate" | "move" | "position" | "transform" => {
            "a place stands behind the thing: `box(size: 1m) at (0m, 1m, 0m)`"
        }
        "rotate" | "rotate_x" | "rotate_y" | "rotate_z" | "rotation" => {
            "a rotation stands behind the thing: `box(size: 1m) rotate (0deg, 45deg, 0deg)`"
        }
        "scale" | "resize" => "a scale stands behind the thing: `box(size: 1m) scale 2`",
        "look_at" | "lookat" => "a camera looks by its field: `camera main { at: (0m, 1m, 5m), look_at: ball }`",
        "print" | "debug" | "echo" => "`scenec graph FILE` shows what a program means",
        _ => return None,
    })
}

/// A value of other languages: what it is here, and what may be written in its place.
pub fn foreign_value(name: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match name {
        "None" | "null" | "nil" | "NULL" | "Null" | "undefined" | "nullptr" => {
            ("what is not given is `none`; an argument that may be left out takes it", Some("none"))
        }
        "yes" | "on" | "Yes" | "On" | "YES" | "ON" => ("it is written `true`", Some("true")),
        "no" | "off" | "No" | "Off" | "NO" | "OFF" => ("it is written `false`", Some("false")),
        "self" | "this" => ("names stand alone: those of a component see its parameters and parts", None),
        "math" | "Math" | "np" | "numpy" | "std" => ("functions stand alone: `sin(30deg)`", None),
        "pi" | "PI" | "Pi" | "π" => ("half a turn is `180deg` or `0.5turn`; the number is `3.141592653589793`", None),
        "tau" | "TAU" => ("a whole turn is `1turn`; the number is `6.283185307179586`", None),
        "time" | "now" | "seconds" | "elapsed" | "TIME" | "iTime" => {
            ("the time since the shot began is `t`", Some("t"))
        }
        "frames" | "frame_number" | "framenumber" | "current_frame" | "iFrame" => {
            ("the number of the frame is `frame`", Some("frame"))
        }
        "inf" | "Infinity" | "INFINITY" | "NaN" | "nan" => ("every number is finite", None),
        _ => return None,
    })
}

/// The unit that a word means, for a call such as `deg(8)`.
pub fn unit_of_call(name: &str) -> Option<&'static str> {
    let name = match name.to_lowercase().as_str() {
        "degrees" | "degree" | "radians_from_degrees" | "deg2rad" => "deg",
        "radians" | "radian" => "rad",
        "meters" | "meter" | "metres" | "metre" => "m",
        "centimeters" | "centimetres" => "cm",
        "millimeters" | "millimetres" => "mm",
        "seconds" | "second" => "s",
        "pixels" | "pixel" => "px",
        "percent" => "pct",
        "kelvin" => "K",
        _ => name,
    };
    find_unit(name).map(|unit| unit.name)
}

/// Colours by name, of CSS (CSS Color Module Level 4, section 6.1), in sRGB.
pub fn named_color(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "black" => "#000000",
        "white" => "#ffffff",
        "gray" | "grey" => "#808080",
        "silver" => "#c0c0c0",
        "red" => "#ff0000",
        "maroon" => "#800000",
        "yellow" => "#ffff00",
        "olive" => "#808000",
        "lime" => "#00ff00",
        "green" => "#008000",
        "aqua" | "cyan" => "#00ffff",
        "teal" => "#008080",
        "blue" => "#0000ff",
        "navy" => "#000080",
        "fuchsia" | "magenta" => "#ff00ff",
        "purple" => "#800080",
        "orange" => "#ffa500",
        "pink" => "#ffc0cb",
        "brown" => "#a52a2a",
        "gold" => "#ffd700",
        _ => return None,
    })
}

/// The type that a word of other languages means.
pub fn foreign_type(name: &str) -> Option<(&'static str, bool)> {
    Some(match name.to_lowercase().as_str() {
        "float" | "double" | "f32" | "f64" | "number" | "real" | "decimal" => ("Ratio", false),
        "int32" | "i32" | "u32" | "integer" | "uint" | "long" => ("Int", true),
        "string" | "str" | "char" => ("Text", true),
        "boolean" => ("Bool", true),
        "rgb" | "colour" | "color3" | "rgba" => ("Color", true),
        "vec3f" | "float3" | "vector3" | "vector" | "point3" => ("Vec3<Length>", true),
        "vec2f" | "float2" | "vector2" => ("Vec2<Length>", true),
        "array" => ("List", false),
        "object" | "mesh" | "node" | "entity" | "prop" | "model" => ("Thing", true),
        "distance" | "size" => ("Length", true),
        "degrees" | "rotation" => ("Angle", true),
        "seconds" | "duration" => ("Time", true),
        _ => return None,
    })
}
