//! Errors without the asset's path: inner code says what and where, [`Document`](super::Document) adds the path.

use scenec_ir::asset::AssetError;

/// A problem at a JSON pointer of the asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub code: &'static str,
    pub pointer: String,
    pub message: String,
    pub hint: Option<String>,
}

pub type Result<T> = std::result::Result<T, Fault>;

pub const UNREADABLE: &str = "E0501";
pub const MALFORMED: &str = "E0502";
pub const TRUNCATED: &str = "E0503";
pub const INDEX: &str = "E0504";
pub const HIERARCHY: &str = "E0505";
pub const EXTENSION: &str = "E0506";
pub const ACCESSOR: &str = "E0507";
pub const IMAGE: &str = "E0508";
pub const NAME: &str = "E0509";
pub const LIMIT: &str = "E0510";
pub const URI: &str = "E0511";

impl Fault {
    pub fn new(code: &'static str, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, pointer: pointer.into(), message: message.into(), hint: None }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// `what` names the array, as in `accessor`.
    pub fn index(pointer: impl Into<String>, what: &str, index: usize, len: usize) -> Self {
        let held = match len {
            0 => format!("the file has no {what}s"),
            1 => format!("the file has one {what}, index 0"),
            n => format!("the file has {n} {what}s, 0 to {}", n - 1),
        };
        Self::new(INDEX, pointer, format!("{what} {index} does not exist: {held}"))
            .hint("the file is damaged or was edited by hand: export it again")
    }

    pub fn at(self, path: &str) -> AssetError {
        AssetError {
            code: self.code,
            path: path.to_owned(),
            pointer: self.pointer,
            message: self.message,
            hint: self.hint,
        }
    }
}

/// The element that `index` refers to, or E0504 at `pointer`.
pub fn pick<'a, T>(items: &'a [T], index: usize, what: &str, pointer: impl FnOnce() -> String) -> Result<&'a T> {
    items.get(index).ok_or_else(|| Fault::index(pointer(), what, index, items.len()))
}
