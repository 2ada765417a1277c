//! Paths of a world: each file has one.

use crate::nearby::split;
use crate::world::{World, join};

/// Names of the folders around the one where relative paths begin, the innermost last.
#[derive(Clone, Debug, Default)]
pub struct Here(Vec<String>);

impl Here {
    /// Of a world.
    pub fn of(world: &dyn World) -> Self {
        Self(world.here().split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect())
    }

    /// `../shots/a.ngs` is `a.ngs` where the current folder is `shots`.
    pub fn canonical(&self, path: String) -> String {
        let ups = ups(&path);
        if ups == 0 || ups > self.0.len() {
            return path;
        }
        let names: Vec<&str> = path.split('/').skip(ups).collect();
        let around = &self.0[self.0.len() - ups..];
        let back = around.iter().zip(&names).take_while(|(a, b)| a == *b).count();
        let mut parts = vec![".."; ups - back];
        parts.extend(&names[back..]);
        parts.join("/")
    }

    /// The folder around a folder.
    pub fn parent(&self, folder: &str) -> Option<String> {
        match folder {
            "/" => None,
            "" => (!self.0.is_empty()).then(|| "..".to_owned()),
            _ if folder.split('/').count() == ups(folder) => {
                (ups(folder) < self.0.len()).then(|| format!("../{folder}"))
            }
            _ if folder.ends_with(':') => None,
            _ => Some(split(folder).0.to_owned()),
        }
    }

    /// A file as it is named in a folder that holds it: `shots/a.ngs` for `a.ngs` in `..`.
    pub fn inside(&self, folder: &str, path: &str) -> String {
        let above = ups(folder);
        if above == 0 || folder.split('/').count() > above {
            return path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/').to_owned();
        }
        let (from, to) = (self.0.len().saturating_sub(above), self.0.len().saturating_sub(ups(path)));
        let around = self.0[from..to.max(from)].iter().map(String::as_str);
        around.chain(path.split('/').skip(ups(path))).collect::<Vec<_>>().join("/")
    }

    /// The path of what a folder names.
    pub fn below(&self, folder: &str, inside: &str) -> String {
        self.canonical(join(&crate::nearby::below(folder, "."), inside))
    }
}

/// Folders that a path goes up.
fn ups(path: &str) -> usize {
    path.split('/').take_while(|p| *p == "..").count()
}

/// True for a file in a folder or below. Both are paths of one world.
pub fn within(folder: &str, path: &str) -> bool {
    let is_absolute = |path: &str| path.starts_with('/') || path.get(1..3) == Some(":/");
    match folder {
        "/" => path.starts_with('/'),
        // A folder above holds all that is not above it.
        _ if folder.is_empty() || folder.split('/').all(|p| p == "..") => {
            !is_absolute(path) && ups(path) <= ups(folder) && path.split('/').count() > ups(path)
        }
        _ => path.strip_prefix(folder).is_some_and(|rest| rest.len() > 1 && rest.starts_with('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(here: &str) -> Here {
        Here(here.split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect())
    }

    #[test]
    fn every_file_has_one_path() {
        let here = at("/p/shots");
        for (path, wanted) in [
            ("../shots/a.ngs", "a.ngs"),
            ("../shots/kit/a.ngs", "kit/a.ngs"),
            ("../../p/shots/a.ngs", "a.ngs"),
            ("../../p/a.ngs", "../a.ngs"),
            ("../kits/a.ngs", "../kits/a.ngs"),
            ("../../../a.ngs", "../../../a.ngs"),
            ("../shots", ""),
            ("a.ngs", "a.ngs"),
            ("/p/shots/a.ngs", "/p/shots/a.ngs"),
        ] {
            assert_eq!(here.canonical(path.to_owned()), wanted, "{path}");
        }
        assert_eq!(at("").canonical("../shots/a.ngs".to_owned()), "../shots/a.ngs");
    }

    #[test]
    fn files_of_a_folder_come_back() {
        let here = at("/p/shots/new");
        for (folder, path, inside) in [
            ("", "a.ngs", "a.ngs"),
            ("kits", "kits/a/b.ngs", "a/b.ngs"),
            ("..", "a.ngs", "new/a.ngs"),
            ("..", "../a.ngs", "a.ngs"),
            ("../..", "a.ngs", "shots/new/a.ngs"),
            ("../..", "../b/a.ngs", "shots/b/a.ngs"),
            ("../..", "../../a.ngs", "a.ngs"),
            ("../kits", "../kits/a.ngs", "a.ngs"),
            ("/", "/a.ngs", "a.ngs"),
            ("/p", "/p/a.ngs", "a.ngs"),
        ] {
            assert!(within(folder, path), "{folder} {path}");
            assert_eq!(here.inside(folder, path), inside, "{folder} {path}");
            assert_eq!(here.below(folder, inside), path, "{folder} {path}");
        }
    }

    #[test]
    fn folders_end_at_the_root() {
        let here = at("/p/shots");
        let up = |folder: &str| here.parent(folder);
        assert_eq!(up("a/b").as_deref(), Some("a"));
        assert_eq!(up("a").as_deref(), Some(""));
        assert_eq!(up("").as_deref(), Some(".."));
        assert_eq!(up("..").as_deref(), Some("../.."));
        assert_eq!(up("../.."), None);
        assert_eq!(up("../kits").as_deref(), Some(".."));
        assert_eq!(up("/a").as_deref(), Some("/"));
        assert_eq!(up("/"), None);
        assert_eq!(up("C:"), None);
        assert_eq!(at("").parent(""), None);
    }

    #[test]
    fn a_folder_holds_what_is_below_it() {
        for (folder, path, wanted) in [
            ("", "a.ngs", true),
            ("", "../a.ngs", false),
            ("", "/a.ngs", false),
            ("", "", true),
            ("kits", "kits/a.ngs", true),
            ("kits", "kits2/a.ngs", false),
            ("kits", "kits/", false),
            ("..", "a.ngs", true),
            ("..", "../a.ngs", true),
            ("..", "../../a.ngs", false),
            ("..", "..", false),
            ("../kits", "../kits/a.ngs", true),
            ("../kits", "../a.ngs", false),
            ("/", "/a.ngs", true),
            ("/p", "/pq/a.ngs", false),
        ] {
            assert_eq!(within(folder, path), wanted, "{folder} {path}");
        }
    }
}
