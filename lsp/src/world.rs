//! The world as an editor sees it: texts that are open stand in front of those on disk, and what is on disk is kept until it
//! changes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use scenec_compiler::{Entry, FileError, World};
use scenec_ir::AssetIndex;
use scenec_ir::asset::AssetError;

use crate::places::Places;

/// A longer text is not read: everything here answers while somebody types.
pub(crate) const LONGEST_TEXT: usize = 4 << 20;

/// The files of this machine. Paths are absolute where a workspace or a document says so.
pub trait Disk: World {
    /// A number that changes when the file does; `None` when there is no such file.
    fn stamp(&self, path: &str) -> Option<u64>;
}

/// What was read from disk, by absolute path.
#[derive(Default)]
pub(crate) struct Kept {
    texts: BTreeMap<String, (u64, Arc<[u8]>)>,
    assets: BTreeMap<String, (u64, Result<Arc<AssetIndex>, AssetError>)>,
    folders: BTreeMap<String, Option<Vec<Entry>>>,
}

impl Kept {
    /// Forgets what stamps don't tell: folders, and files that an asset consists of.
    pub fn forget(&mut self) {
        self.assets.clear();
        self.folders.clear();
    }
}

/// Open texts in front of the disk.
pub(crate) struct Overlay<'s> {
    pub disk: &'s dyn Disk,
    pub places: &'s Places,
    /// By name of the module.
    pub open: &'s BTreeMap<String, Arc<str>>,
    pub kept: &'s RefCell<Kept>,
}

impl World for Overlay<'_> {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, FileError> {
        let short = |bytes: Arc<[u8]>| match bytes.len() {
            0..=LONGEST_TEXT => Ok(bytes),
            long => Err(FileError { message: format!("it has {long} bytes; an editor is told of {LONGEST_TEXT}") }),
        };
        if let Some(text) = self.open.get(path) {
            return short(text.clone().into());
        }
        let path = self.places.absolute(path);
        let stamp = self.disk.stamp(&path);
        if let (Some(stamp), Some((kept, bytes))) = (stamp, self.kept.borrow().texts.get(&path))
            && *kept == stamp
        {
            return Ok(bytes.clone());
        }
        let bytes = short(self.disk.read(&path)?)?;
        if let Some(stamp) = stamp {
            self.kept.borrow_mut().texts.insert(path, (stamp, bytes.clone()));
        }
        Ok(bytes)
    }

    fn asset(&self, path: &str) -> Result<Arc<AssetIndex>, AssetError> {
        let path = self.places.absolute(path);
        let stamp = self.disk.stamp(&path);
        if let (Some(stamp), Some((kept, found))) = (stamp, self.kept.borrow().assets.get(&path))
            && *kept == stamp
        {
            return found.clone();
        }
        let found = self.disk.asset(&path);
        if let Some(stamp) = stamp {
            self.kept.borrow_mut().assets.insert(path, (stamp, found.clone()));
        }
        found
    }

    fn exists(&self, path: &str) -> bool {
        self.open.contains_key(path) || self.disk.exists(&self.places.absolute(path))
    }

    fn here(&self) -> String {
        self.places.absolute("")
    }

    fn list(&self, folder: &str) -> Option<Vec<Entry>> {
        let folder = self.places.absolute(if folder.is_empty() { "." } else { folder });
        if let Some(entries) = self.kept.borrow().folders.get(&folder) {
            return entries.clone();
        }
        let entries = self.disk.list(&folder);
        self.kept.borrow_mut().folders.insert(folder, entries.clone());
        entries
    }
}
