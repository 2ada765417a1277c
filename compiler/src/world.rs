//! Everything the compiler may ask of the world outside.

use std::collections::BTreeMap;
use std::sync::Arc;

use scenec_ir::AssetIndex;
use scenec_ir::asset::AssetError;

/// Why a module can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// One lower-case line: "no such file".
    pub message: String,
}

/// A name in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Name without its folder.
    pub name: String,
    /// True for folders.
    pub is_folder: bool,
}

/// Files and assets by path. Paths have `/` separators and are relative to wherever the root module's path is.
pub trait World {
    /// The bytes of a module.
    fn read(&self, path: &str) -> Result<Arc<[u8]>, FileError>;

    /// The names inside a glTF asset.
    fn asset(&self, path: &str) -> Result<Arc<AssetIndex>, AssetError>;

    /// True when there is such a file to read (a height map, a sky).
    fn exists(&self, path: &str) -> bool {
        let _ = path;
        true
    }

    /// The absolute path of the folder where relative paths begin; empty when there is nothing around it.
    fn here(&self) -> String {
        String::new()
    }

    /// The folder with the files of a revision of a git repository, where that can be read; `Err` with one lower-case line
    /// when it could not be fetched. Nothing but the command that makes copies of packages fetches anything.
    fn fetched(&self, url: &str, revision: &str) -> Option<Result<String, String>> {
        let _ = (url, revision);
        None
    }

    /// What a folder holds (`""` is where relative paths begin), sorted; `None` when there is no such folder, or it can't
    /// or should not be listed. It serves hints only. Links to folders are left out, so that no search leaves the tree.
    fn list(&self, folder: &str) -> Option<Vec<Entry>> {
        let _ = folder;
        None
    }
}

/// A world in memory, for tests and embedded programs.
#[derive(Clone, Debug, Default)]
pub struct MemoryWorld {
    /// Module texts.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Assets.
    pub assets: BTreeMap<String, AssetIndex>,
}

impl MemoryWorld {
    /// A world of one module.
    pub fn of(path: &str, text: impl Into<Vec<u8>>) -> Self {
        Self::default().with(path, text)
    }

    /// Adds a module.
    pub fn with(mut self, path: &str, text: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), text.into());
        self
    }

    /// Adds an asset.
    pub fn with_asset(mut self, path: &str, index: AssetIndex) -> Self {
        self.assets.insert(path.to_owned(), index);
        self
    }
}

impl World for MemoryWorld {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, FileError> {
        let bytes = self.files.get(path).ok_or_else(|| FileError { message: "no such file".into() })?;
        Ok(bytes.as_slice().into())
    }

    fn asset(&self, path: &str) -> Result<Arc<AssetIndex>, AssetError> {
        self.assets.get(path).map(|index| Arc::new(index.clone())).ok_or_else(|| AssetError {
            code: "E0501",
            path: path.to_owned(),
            pointer: String::new(),
            message: "no such file".into(),
            hint: None,
        })
    }

    fn exists(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.assets.contains_key(path)
    }

    fn list(&self, folder: &str) -> Option<Vec<Entry>> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let inside = self.files.keys().chain(self.assets.keys()).filter_map(|path| path.strip_prefix(&prefix));
        let mut entries: Vec<Entry> = inside
            .map(|rest| match rest.split_once('/') {
                Some((name, _)) => Entry { name: name.to_owned(), is_folder: true },
                None => Entry { name: rest.to_owned(), is_folder: false },
            })
            .collect();
        entries.sort();
        entries.dedup();
        (!entries.is_empty()).then_some(entries)
    }
}

/// A world in which some modules have other texts.
pub struct EditedWorld<'w> {
    /// Everything else.
    pub world: &'w dyn World,
    /// Texts by the paths of their modules.
    pub texts: BTreeMap<String, String>,
}

impl World for EditedWorld<'_> {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, FileError> {
        match self.texts.get(path) {
            Some(text) => Ok(text.as_bytes().into()),
            None => self.world.read(path),
        }
    }

    fn asset(&self, path: &str) -> Result<Arc<AssetIndex>, AssetError> {
        self.world.asset(path)
    }

    fn exists(&self, path: &str) -> bool {
        self.world.exists(path)
    }

    fn here(&self) -> String {
        self.world.here()
    }

    fn fetched(&self, url: &str, revision: &str) -> Option<Result<String, String>> {
        self.world.fetched(url, revision)
    }

    fn list(&self, folder: &str) -> Option<Vec<Entry>> {
        self.world.list(folder)
    }
}

/// `path` as named by the module `module`: relative to its folder, with `.` and `..` resolved.
pub fn join(module: &str, path: &str) -> String {
    let path = path.replace('\\', "/");
    let absolute = path.starts_with('/') || path.get(1..3) == Some(":/");
    let folder = module.rfind('/').map_or("", |at| &module[..at]);
    let whole =
        if absolute || folder.is_empty() && !module.starts_with('/') { path } else { format!("{folder}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "." => {}
            "" if !parts.is_empty() => {}
            ".." if parts.last().is_some_and(|p| !p.is_empty() && *p != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn paths_are_relative_to_the_module() {
        assert_eq!(join("scene.ngs", "kits/a.ngs"), "kits/a.ngs");
        assert_eq!(join("a/scene.ngs", "b/../c.ngs"), "a/c.ngs");
        assert_eq!(join("a/scene.ngs", "../../c.ngs"), "../c.ngs");
        assert_eq!(join("/a/scene.ngs", "./x.glb"), "/a/x.glb");
        assert_eq!(join("a/scene.ngs", "/x.glb"), "/x.glb");
        assert_eq!(join("/scene.ngs", "x.glb"), "/x.glb");
        assert_eq!(join("../a/s.ngs", "../b.ngs"), "../b.ngs");
    }
}
