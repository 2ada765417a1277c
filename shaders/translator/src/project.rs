//! A folder of kernels, as one Rust source file.

use crate::Error;
use crate::compose::compose;
use crate::module::{Kernel, translate};
use crate::names::ident;
use crate::types::PRELUDE;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// The outcome of [`generate`].
#[derive(Clone, Debug)]
pub struct Generated {
    /// Rust items: modules `types`, `consts` and `kernels`, and the list `KERNELS`. To be included at the root of a crate.
    pub rust: String,
    /// The kernels' names, sorted.
    pub kernels: Vec<String>,
}

/// Generated code is read, not linted.
const ALLOW: &str = "#[allow(warnings, clippy::all)]";

/// Translates every kernel below `root`: each `.wgsl` file with a `@compute` function of its own.
///
/// All errors of all files are returned together.
pub fn generate(root: &Path) -> Result<Generated, Vec<Error>> {
    let mut files = Vec::new();
    collect(root, "", &mut files).map_err(|e| vec![e])?;
    let mut sources = Vec::new();
    let mut errors = Vec::new();
    for file in files {
        match std::fs::read_to_string(root.join(&file)) {
            Ok(text) if is_kernel(&text) => sources.push(file),
            Ok(_) => {}
            Err(e) => errors.push(Error::of_file(file, format!("cannot be read: {e}"))),
        }
    }
    let mut kernels: BTreeMap<String, (String, Kernel)> = BTreeMap::new();
    for file in sources {
        let stem = Path::new(&file).file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
        let is_identifier = stem.starts_with(|c: char| c.is_ascii_lowercase())
            && stem.chars().all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit());
        if !is_identifier {
            errors.push(Error::of_file(
                file,
                "a kernel's file name must be a lower-case identifier: it names a Rust module",
            ));
            continue;
        }
        if let Some((other, _)) = kernels.get(&stem) {
            errors.push(Error::of_file(file, format!("{other} is a kernel of the same name")));
            continue;
        }
        match compose(root, &file).and_then(|source| translate(&stem, &source)) {
            Ok(kernel) => {
                kernels.insert(stem, (file, kernel));
            }
            Err(error) => errors.push(error),
        }
    }
    let types = merge_structs(&kernels, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }

    let mut rust = String::from("// Written by scenec-translator from the WGSL kernels.\n");
    let _ = write!(rust, "/// Structs that kernels and hosts share.\n{ALLOW}\npub mod types {{\n{types}}}\n");
    let _ = write!(
        rust,
        "/// Constants on whose value all kernels agree.\n{ALLOW}\npub mod consts {{\n{}}}\n",
        common_constants(&kernels)
    );
    let _ = writeln!(rust, "/// One module per kernel.\n{ALLOW}\npub mod kernels {{");
    for (name, (file, kernel)) in &kernels {
        let constants: String = kernel.constants.iter().map(|c| c.text.as_str()).collect();
        let _ = write!(
            rust,
            "/// `{file}`\npub mod {} {{\n{}/// The kernel's constants.\npub mod consts {{\n{constants}}}\n}}\n",
            ident(name),
            kernel.text
        );
    }
    let list: String = kernels.keys().map(|name| format!("&kernels::{}::KERNEL, ", ident(name))).collect();
    let _ = write!(rust, "}}\n/// Every kernel, by name.\npub const KERNELS: &[&{PRELUDE}::Kernel] = &[{list}];\n");
    Ok(Generated { rust, kernels: kernels.into_keys().collect() })
}

/// All `.wgsl` files, sorted, as paths with `/` relative to the root.
fn collect(root: &Path, folder: &str, out: &mut Vec<String>) -> Result<(), Error> {
    let unreadable = |e: std::io::Error| Error::of_file(folder, format!("cannot be listed: {e}"));
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root.join(folder)).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let is_folder = entry.file_type().map_err(unreadable)?.is_dir();
        names.push((entry.file_name().to_string_lossy().into_owned(), is_folder));
    }
    names.sort();
    for (name, is_folder) in names {
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if is_folder {
            collect(root, &path, out)?;
        } else if path.ends_with(".wgsl") {
            out.push(path);
        }
    }
    Ok(())
}

/// True when the text has an entry point outside of comments.
fn is_kernel(text: &str) -> bool {
    text.lines().any(|line| line.split("//").next().is_some_and(|code| code.contains("@compute")))
}

/// Each struct once; the same name must mean the same struct everywhere.
fn merge_structs(kernels: &BTreeMap<String, (String, Kernel)>, errors: &mut Vec<Error>) -> String {
    let mut seen: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for (file, kernel) in kernels.values() {
        for definition in &kernel.structs {
            match seen.get(definition.name.as_str()) {
                Some(&(other, text)) if text != definition.text => {
                    let message = format!(
                        "struct {} is another one in {other}: rename one, or put it into a file that both include",
                        definition.name
                    );
                    errors.push(Error::of_file(file.clone(), message));
                }
                Some(_) => {}
                None => {
                    seen.insert(&definition.name, (file, &definition.text));
                }
            }
        }
    }
    seen.values().map(|(_, text)| *text).collect()
}

/// Constants that have one value wherever they occur, and whose value needs no others that do not.
fn common_constants(kernels: &BTreeMap<String, (String, Kernel)>) -> String {
    let mut texts: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for (_, kernel) in kernels.values() {
        for constant in &kernel.constants {
            texts
                .entry(&constant.name)
                .and_modify(|known| {
                    if *known != Some(constant.text.as_str()) {
                        *known = None;
                    }
                })
                .or_insert(Some(&constant.text));
        }
    }
    texts.into_values().flatten().collect()
}
