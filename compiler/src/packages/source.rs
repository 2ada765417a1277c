//! Where a package comes from: what it is known by, wherever it is read.

use std::fmt;

use scenec_ir::Spanned;

use super::manifest::Origin;
use crate::nearby::split;
use crate::world::join;

/// Where a package comes from. Two packages are the same when this is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A folder, relative to that of the program's package, or absolute; empty for that package itself.
    Path(String),
    /// A folder of a revision of a git repository.
    Git {
        /// Address of the repository.
        url: String,
        /// Whole hash of the commit.
        revision: String,
        /// Folder within the repository; empty for its root.
        folder: String,
    },
}

impl Source {
    /// The package of the program.
    pub fn own() -> Self {
        Self::Path(String::new())
    }

    /// What a package from here means by `origin`; a path that leaves its repository comes back.
    pub(super) fn of<'o>(&self, origin: &'o Origin) -> Result<Self, &'o Spanned<String>> {
        let from = |folder: &str, path: &str| {
            join(&if folder.is_empty() { String::new() } else { format!("{folder}/.") }, path)
        };
        match (self, origin) {
            (_, Origin::Git { url, revision }) => {
                let url = url.value.trim_end_matches('/').to_owned();
                Ok(Self::Git { url, revision: revision.value.clone(), folder: String::new() })
            }
            (Self::Path(folder), Origin::Path(path)) => Ok(Self::Path(from(folder, &path.value))),
            (Self::Git { url, revision, folder }, Origin::Path(path)) => {
                let folder = from(folder, &path.value);
                let leaves =
                    folder.starts_with('/') || folder.split('/').next() == Some("..") || folder.get(1..3) == Some(":/");
                if leaves { Err(path) } else { Ok(Self::Git { url: url.clone(), revision: revision.clone(), folder }) }
            }
        }
    }

    /// Name of its folder below `vendor`: a word that people know it by, and a part of the hash of the source, which tells
    /// versions apart.
    pub fn folder_name(&self) -> String {
        let known_by = match self {
            Self::Path(path) => path.as_str(),
            Self::Git { url, folder, .. } if folder.is_empty() => url.trim_end_matches(".git"),
            Self::Git { folder, .. } => folder,
        };
        let word: String =
            split(known_by).1.chars().filter(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).take(40).collect();
        let hash = blake3::hash(self.to_string().as_bytes()).to_hex();
        format!("{}-{}", if word.is_empty() { "package" } else { &word }, &hash[..12])
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) if path.is_empty() => write!(f, "path ."),
            Self::Path(path) => write!(f, "path {path}"),
            Self::Git { url, revision, folder } if folder.is_empty() => write!(f, "git {url} {revision}"),
            Self::Git { url, revision, folder } => write!(f, "git {url} {revision} {folder}"),
        }
    }
}
