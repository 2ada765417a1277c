//! Files of a revision, read from git's object store: nothing is checked out.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use scenec_compiler::{Entry, FileError, World, join};
use scenec_ir::AssetIndex;
use scenec_ir::asset::AssetError;
use scenec_runtime::{Files, Outcome, RunError};

use crate::commands::program::load_asset;

/// No file is larger, as on the disk.
const LARGEST: u64 = 4 << 30;
/// What git keeps instead of a large file that `git lfs` has: <https://git-lfs.com/spec/v1>.
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/v1";

/// A revision of the repository around the current folder. Paths begin at the repository's root.
pub(crate) struct Revision {
    /// As the user wrote it; empty for the index.
    pub name: String,
    /// What stands in front of `:path`: the id of a tree, or nothing for the index.
    tree: String,
    /// The current folder within the repository: empty, or with a `/` at its end.
    prefix: String,
    /// The repository, where it is not the one around the current folder.
    repository: Option<PathBuf>,
    contents: Mutex<Option<Batch>>,
    checks: Mutex<Option<Batch>>,
}

/// `REV:path`, as git has it. The colon of `HEAD^{/fix: it}:path` within braces counts not, nor that of a drive.
pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let at = text.char_indices().find(|(_, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        *c == ':' && depth == 0
    })?;
    let (name, path) = (&text[..at.0], &text[at.0 + 1..]);
    let is_drive = cfg!(windows) && name.len() == 1;
    (!is_drive && !path.is_empty()).then_some((name, path))
}

fn git(arguments: &[&str]) -> Outcome<Output> {
    git_in(None, arguments)
}

/// Asks git; a repository of our own is named to it, whatever the environment says.
fn git_in(repository: Option<&Path>, arguments: &[&str]) -> Outcome<Output> {
    let output = command(repository).args(arguments).stdin(Stdio::null()).output();
    output.map_err(|error| missing(&error))
}

fn command(repository: Option<&Path>) -> Command {
    let mut command = Command::new("git");
    if let Some(repository) = repository {
        command.arg("--git-dir").arg(repository);
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"] {
            command.env_remove(name);
        }
        // Nobody is asked for a password, and no address runs a program.
        command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh");
    }
    command
}

/// A revision of another repository, fetched into a folder of its own that goes with it.
pub(crate) struct Mirror {
    folder: PathBuf,
    pub revision: Revision,
}

impl Mirror {
    /// Fetches one revision, which is the whole hash of a commit. The error is one lower-case line.
    pub(crate) fn fetch(url: &str, revision: &str) -> Result<Self, String> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("scenec-{}-{}.git", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        // It must be new: nobody else has put anything there.
        std::fs::create_dir(&folder).map_err(|e| format!("{}: {}", folder.display(), crate::disk::plain(&e)))?;
        let mut mirror = Self { revision: Revision::fetched(revision, &folder), folder };
        mirror.fill(url, revision)?;
        Ok(mirror)
    }

    fn fill(&mut self, url: &str, revision: &str) -> Result<(), String> {
        let git = |arguments: &[&str]| git_in(Some(&self.folder), arguments).map_err(|e| e.message);
        let format = if revision.len() == 64 { "sha256" } else { "sha1" };
        let made = git(&["init", "--quiet", "--bare", "--template=", &format!("--object-format={format}")])?;
        if !made.status.success() {
            return Err(reason(&made));
        }
        let fetch = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"];
        let one = git(&[&fetch[..], &["--depth=1", "--", url, revision]].concat())?;
        if !one.status.success() {
            // Some servers give branches and tags only.
            let all =
                git(&[&fetch[..], &["--", url, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]].concat())?;
            if !all.status.success() {
                return Err(reason(&all));
            }
        }
        let tree = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{tree}}")])?;
        if !tree.status.success() {
            return Err(format!("{url} has no commit {revision}"));
        }
        self.revision.tree = String::from_utf8_lossy(&tree.stdout).trim().to_owned();
        Ok(())
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn missing(error: &std::io::Error) -> RunError {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => "there is no program `git` on this machine".to_owned(),
        _ => format!("`git` can't be started: {error}"),
    };
    RunError::new("E0692", reason).hint("install git, or compare two files")
}

/// What git said, on one line, without its own word for errors.
fn reason(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().find(|l| !l.trim().is_empty()).unwrap_or("it failed").trim();
    first.strip_prefix("fatal: ").unwrap_or(first).to_owned()
}

impl Revision {
    /// One of a repository that is being fetched.
    fn fetched(name: &str, repository: &Path) -> Self {
        let (contents, checks) = (Mutex::default(), Mutex::default());
        let repository = Some(repository.to_owned());
        Self { name: name.to_owned(), tree: String::new(), prefix: String::new(), repository, contents, checks }
    }

    /// Finds the revision.
    pub(crate) fn open(name: &str) -> Outcome<Self> {
        let output = git(&["rev-parse", "--git-dir"])?;
        if !output.status.success() {
            return Err(RunError::new("E0692", format!("git can't be asked here: {}", reason(&output)))
                .hint("run the command in a repository; `REV:path` names a file of one of its revisions"));
        }
        // A bare repository has no folders to stand in.
        let output = git(&["rev-parse", "--show-prefix"])?;
        let shown = if output.status.success() { String::from_utf8_lossy(&output.stdout) } else { "".into() };
        let prefix = shown.trim_end_matches(['\n', '\r']).to_owned();
        let mut tree = String::new();
        if !name.is_empty() {
            let wanted = format!("{name}^{{tree}}");
            let output = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])?;
            if !output.status.success() {
                return Err(RunError::new("E0693", format!("the repository has no revision `{name}`"))
                    .hint("`git log --oneline` lists revisions; `git fetch` gets those of others"));
            }
            tree = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        }
        let (contents, checks) = (Mutex::default(), Mutex::default());
        Ok(Self { name: name.to_owned(), tree, prefix, repository: None, contents, checks })
    }

    /// A path of the command line from the repository's root on: `./scene.ngs` begins at the current folder.
    pub(crate) fn path(&self, written: &str) -> String {
        let written = written.replace('\\', "/");
        let is_here = written.starts_with("./") || written.starts_with("../");
        if is_here { join(&self.prefix, &written) } else { join("", &written) }
    }

    /// The file that the command line names; or what to write instead.
    pub(crate) fn find(&self, written: &str) -> Outcome<String> {
        let path = self.path(written);
        if self.exists(&path) {
            return Ok(path);
        }
        let error = RunError::new("E0694", format!("{} has no file `{path}`", self.title()));
        let here = join(&self.prefix, written);
        Err(if here != path && self.exists(&here) {
            error.hint(format!(
                "paths of a revision begin at the repository's root: `{0}:./{written}` or `{0}:{here}`",
                self.name
            ))
        } else {
            let shown = if self.name.is_empty() { "HEAD" } else { &self.name };
            error.hint(format!("`git ls-tree -r --name-only {shown}` lists its files"))
        })
    }

    fn title(&self) -> String {
        if self.name.is_empty() { "the index".to_owned() } else { format!("the revision `{}`", self.name) }
    }

    /// The bytes of a file, or one lower-case line that says why there are none.
    pub(crate) fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        let Some(bytes) = self.ask(&self.contents, "--batch", path)? else {
            return Err(format!("no such file in {}", self.title()));
        };
        if bytes.starts_with(LFS) {
            return Err(format!("in {} it is kept by git-lfs, and git has only a pointer to it", self.title()));
        }
        Ok(bytes)
    }

    /// Asks git for one object; `None` when it is no file.
    fn ask(&self, slot: &Mutex<Option<Batch>>, mode: &str, path: &str) -> Result<Option<Vec<u8>>, String> {
        // A line break would be a second question; outside of the repository git has nothing.
        if path.contains('\n') || path.starts_with('/') || path.split('/').any(|p| p == "..") {
            return Ok(None);
        }
        let mut slot = slot.lock().map_err(|e| e.to_string())?;
        let batch = match slot.as_mut() {
            Some(batch) => batch,
            None => {
                let batch = Batch::start(self.repository.as_deref(), mode, !self.tree.is_empty());
                slot.insert(batch.map_err(|e| e.message)?)
            }
        };
        batch.ask(&format!("{}:{path}", self.tree)).map_err(|e| format!("git does not answer: {e}"))?
    }
}

/// A `git cat-file` that answers questions.
struct Batch {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    with_content: bool,
}

impl Batch {
    /// `follows`: links are followed, which git can only within a tree.
    fn start(repository: Option<&Path>, mode: &str, follows: bool) -> Outcome<Self> {
        let mut command = command(repository);
        command.args(["cat-file", mode]);
        if follows {
            command.arg("--follow-symlinks");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| missing(&error))?;
        let gone = || RunError::new("E0692", "`git cat-file` has no input or output");
        let questions = child.stdin.take().ok_or_else(gone)?;
        let answers = BufReader::new(child.stdout.take().ok_or_else(gone)?);
        Ok(Self { child, questions: Some(questions), answers, with_content: mode == "--batch" })
    }

    /// The content of a file (empty without content); `None` for what is no file.
    fn ask(&mut self, name: &str) -> std::io::Result<Result<Option<Vec<u8>>, String>> {
        let Some(questions) = &mut self.questions else { return Ok(Ok(None)) };
        questions.write_all(name.as_bytes())?;
        questions.write_all(b"\n")?;
        questions.flush()?;
        let mut head = String::new();
        if self.answers.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        // `ID blob SIZE` and the content, `NAME missing`, or, of links that lead nowhere, `dangling SIZE` and a path.
        let mut words = head.trim_end().rsplit(' ');
        let (size, kind) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let Ok(size) = size.parse::<u64>() else { return Ok(Ok(None)) };
        let is_link = matches!(kind, "symlink" | "dangling" | "loop" | "notdir");
        if !self.with_content && !is_link {
            return Ok(Ok((kind == "blob").then(Vec::new)));
        }
        if size > LARGEST {
            // The answer is not read: this git answers no more.
            self.questions = None;
            return Ok(Err(format!("it is larger than {} MiB", LARGEST >> 20)));
        }
        let mut bytes = Vec::new();
        (&mut self.answers).take(size).read_to_end(&mut bytes)?;
        let mut end = [0];
        self.answers.read_exact(&mut end)?;
        Ok(Ok((kind == "blob").then_some(bytes)))
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // Git ends when it is asked nothing more.
        self.questions = None;
        if self.child.try_wait().ok().flatten().is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

impl Files for Revision {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.bytes(path)
    }

    fn write(&self, _path: &str, _bytes: &[u8]) -> Result<String, String> {
        Err("a revision is only read".into())
    }
}

impl World for Revision {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, FileError> {
        self.bytes(path).map(Arc::from).map_err(|message| FileError { message })
    }

    fn asset(&self, path: &str) -> Result<Arc<AssetIndex>, AssetError> {
        load_asset(path, self).map(|document| Arc::new(document.index()))
    }

    fn exists(&self, path: &str) -> bool {
        matches!(self.ask(&self.checks, "--batch-check", path), Ok(Some(_)))
    }

    fn list(&self, folder: &str) -> Option<Vec<Entry>> {
        if self.tree.is_empty() || folder.starts_with('/') || folder.split('/').any(|p| p == "..") {
            return None;
        }
        let tree = format!("{}:{folder}", self.tree);
        let output = git_in(self.repository.as_deref(), &["ls-tree", "-z", "--full-tree", &tree]).ok()?;
        if !output.status.success() {
            return None;
        }
        // `MODE TYPE ID<TAB>NAME`, each ended by a zero byte.
        let text = String::from_utf8_lossy(&output.stdout);
        let mut entries: Vec<Entry> = text
            .split('\0')
            .filter_map(|line| line.split_once('\t'))
            .map(|(head, name)| Entry { name: name.to_owned(), is_folder: head.contains(" tree ") })
            .collect();
        entries.sort();
        Some(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_revision_and_its_path_are_split_at_the_first_colon_outside_of_braces() {
        assert_eq!(split("HEAD~1:scene.ngs"), Some(("HEAD~1", "scene.ngs")));
        assert_eq!(split("v1.0:a/b:c.ngs"), Some(("v1.0", "a/b:c.ngs")));
        assert_eq!(split("HEAD^{/fix: it}:scene.ngs"), Some(("HEAD^{/fix: it}", "scene.ngs")));
        assert_eq!(split(":scene.ngs"), Some(("", "scene.ngs")));
        assert_eq!(split("scene.ngs"), None);
        assert_eq!(split("HEAD:"), None);
    }
}
