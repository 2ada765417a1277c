//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use scenec_runtime::Device;

/// A declarative scene-graph compiler and path tracer.
#[derive(Debug, Parser)]
#[command(name = "scenec", version, about, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compile a scene and make its outputs.
    Build(Build),
    /// Check types, units and names; render nothing.
    Check(Check),
    /// Say what was added, removed and changed between two programs.
    ///
    /// A and B are each a program, a graph as `scenec graph --format ron` writes it (`.ron`), or either of them in a revision
    /// of git: `scenec diff HEAD~1:scene.ngs scene.ngs`. Paths of a revision begin at the repository's root, or with `./` at
    /// the current folder; `:scene.ngs` is what is staged. Modules and assets of a revision come from that revision. As with
    /// `git diff`, the exit code does not tell whether there are differences, unless --exit-code asks for it.
    Diff(Diff),
    /// Put programs into their one layout.
    Fmt(Fmt),
    /// Print the compiled graph.
    Graph(Graph),
    /// Make the tests of a scene: its tests, gates and budget.
    ///
    /// Nothing is rendered or written. The exit code is 2 when one fails.
    Test(Test),
    /// Render one glTF file, no scene needed.
    Render(Render),
    /// Print the page of a diagnostic code, or every opinion on a property of a scene.
    ///
    /// `scenec explain E0301` prints a page. `scenec explain scene.ngs quay.post.height` shows who says what of a property, the
    /// strongest first; `*` marks what decides.
    Explain(Explain),
    /// Print the manual, or a page of it.
    Docs(Docs),
    /// Write down what programs read: `scene.lock` beside the `scene.toml` of their package.
    ///
    /// The lock has the digest of every module and asset that a build of the programs reads, in their package and in those that
    /// it uses. With --frozen, `build`, `check`, `test` and `graph` refuse whatever differs. Programs that are in the lock stay in it.
    Lock(Lock),
    /// Copy what programs need of other packages into `vendor`, beside the `scene.toml` of their package.
    ///
    /// Only this command fetches anything: packages of git, at the revision that their `scene.toml` says. Afterwards a build
    /// needs neither a network nor the originals. What programs of the lock need is copied too.
    Vendor(Vendor),
    /// Serve an editor: the Language Server Protocol on standard input and output.
    Lsp {
        /// Many clients say so; there is nothing else.
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Say what this machine can render on.
    Doctor,
}

/// How messages come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
    /// One SARIF 2.1.0 log, for code hosts and editors.
    Sarif,
}

/// Form of the manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DocsFormat {
    /// A list, or one page.
    Text,
    /// All of it as one Markdown text, or one page.
    Markdown,
    /// All of it as a folder of HTML files with a search; needs --out.
    Html,
}

#[derive(Debug, Args)]
pub(crate) struct Docs {
    /// A node (`gear`, `gltf.node`), function (`along`), type (`Length`), unit (`deg`), word (`override`), code (`E0301`), guide
    /// (`tutorial`) or list (`functions`).
    pub name: Option<String>,
    /// Form.
    #[arg(long, value_enum, default_value = "text")]
    pub format: DocsFormat,
    /// Folder for the HTML files.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Trade of time against noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Quality {
    /// Half the size, at most 4 samples a pixel.
    Draft,
    /// At most 16 samples a pixel.
    Preview,
    /// As the scene says.
    Final,
}

/// `1001` or `1001..1025`.
fn frames(text: &str) -> Result<(i64, i64), String> {
    let number = |text: &str| {
        text.trim().parse::<i64>().map_err(|_| format!("`{}` is no frame; written 1001 or 1001..1025", text.trim()))
    };
    let (low, high) = match text.split_once("..") {
        None => {
            let first = number(text)?;
            (first, first.checked_add(1).ok_or("the frame is too large")?)
        }
        Some((low, high)) => (number(low)?, number(high)?),
    };
    match low < high {
        true => Ok((low, high)),
        false => Err(format!("{low}..{high} holds no frame: the end is not one of them")),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    /// The scene.
    pub file: String,
    /// Folder that the outputs' paths are relative to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// Set a `param` of the scene, or a property of a thing: --set wetness=0.2 --set crate.size=2m (may be repeated).
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub sets: Vec<String>,
    /// Make only the outputs of this shot.
    #[arg(long)]
    pub shot: Option<String>,
    /// Make only these frames: one, 1001, or a half-open range, 1001..1025.
    #[arg(long, value_name = "FRAMES", value_parser = frames, allow_hyphen_values = true)]
    pub frames: Option<(i64, i64)>,
    /// Refuse overrides of locks.
    #[arg(long)]
    pub strict: bool,
    /// Refuse files that differ from `scene.lock`.
    #[arg(long)]
    pub frozen: bool,
    /// Trade of time against noise.
    #[arg(long, value_enum, default_value = "final")]
    pub quality: Quality,
    #[command(flatten)]
    pub machine: Machine,
    #[command(flatten)]
    pub talk: Talk,
}

#[derive(Debug, Args)]
pub(crate) struct Lock {
    /// Programs of one package.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,
    /// Print nothing but errors.
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Vendor {
    /// Programs of one package.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,
    /// Print nothing but errors.
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A code such as E0301, or a scene.
    #[arg(value_name = "CODE|FILE")]
    pub what: String,
    /// A property of the scene as an `override` names it, or a parameter: quay.post.height, posts[2].radius, wetness.
    pub path: Option<String>,
    /// Set a `param` of the scene, or a property of a thing (may be repeated).
    #[arg(long = "set", value_name = "NAME=VALUE", requires = "path")]
    pub sets: Vec<String>,
    /// What decides in this shot.
    #[arg(long, requires = "path")]
    pub shot: Option<String>,
    /// Print a JSON object.
    #[arg(long, requires = "path")]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The scene or module.
    pub file: String,
    /// Set a `param` of the scene, or a property of a thing (may be repeated).
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub sets: Vec<String>,
    /// How messages come.
    #[arg(long, value_enum, default_value = "human")]
    pub message_format: MessageFormat,
    /// Refuse overrides of locks.
    #[arg(long)]
    pub strict: bool,
    /// Refuse files that differ from `scene.lock`.
    #[arg(long, conflicts_with = "fix")]
    pub frozen: bool,
    /// Mend what a machine can: carry out the fixes, in the scene and in the modules it uses.
    #[arg(long)]
    pub fix: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// The scene.
    pub file: String,
    /// Only tests and gates whose names hold this text.
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// Set a `param` of the scene, or a property of a thing (may be repeated).
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub sets: Vec<String>,
    /// Ask only about this shot.
    #[arg(long)]
    pub shot: Option<String>,
    /// How messages come.
    #[arg(long, value_enum, default_value = "human")]
    pub message_format: MessageFormat,
    /// The same as --message-format json.
    #[arg(long, conflicts_with = "message_format")]
    pub json: bool,
    /// Refuse overrides of locks.
    #[arg(long)]
    pub strict: bool,
    /// Refuse files that differ from `scene.lock`.
    #[arg(long)]
    pub frozen: bool,
    #[command(flatten)]
    pub machine: Machine,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// What was.
    #[arg(value_name = "A")]
    pub old: String,
    /// What is.
    #[arg(value_name = "B")]
    pub new: String,
    /// Set a `param` of both programs, or a property of a thing (may be repeated). Graphs that were written out stay as they are.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub sets: Vec<String>,
    /// Tables for a pull request.
    #[arg(long, conflicts_with_all = ["json", "quiet"])]
    pub markdown: bool,
    /// End with 1 if there are differences.
    #[arg(long)]
    pub exit_code: bool,
    #[command(flatten)]
    pub talk: Talk,
}

#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Programs, folders with programs in them, or `-` for standard input, which is written to standard output.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<String>,
    /// Write nothing: name the files that would change, and end with 1 if there are any.
    #[arg(long)]
    pub check: bool,
    /// Write nothing: show what would change as a unified diff, and end with 1 if anything would.
    #[arg(long)]
    pub diff: bool,
    #[command(flatten)]
    pub talk: Talk,
}

/// Form of a printed graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// One line a node.
    Text,
    /// Graphviz.
    Dot,
    /// The stable form that can be read back.
    Ron,
}

#[derive(Debug, Args)]
pub(crate) struct Graph {
    /// The scene.
    pub file: String,
    /// Set a `param` of the scene, or a property of a thing (may be repeated).
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub sets: Vec<String>,
    /// Refuse files that differ from `scene.lock`.
    #[arg(long)]
    pub frozen: bool,
    /// Form.
    #[arg(long, value_enum, default_value = "text")]
    pub format: GraphFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Render {
    /// A .gltf or .glb file.
    pub model: String,
    /// View file with size, depth and sky; the model's own camera and lights are used. Without it the camera is framed on
    /// the model in a photo studio.
    #[arg(long, value_name = "VIEW.json")]
    pub config: Option<String>,
    /// Samples per pixel (default: the view file's, or 64).
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    pub spp: Option<u32>,
    /// End where the picture's noise is no more than this, such as 0.02; --spp is the most that a pixel gets then (default: 4096).
    #[arg(long, value_parser = noise)]
    pub noise: Option<f32>,
    /// Seed of the random numbers.
    #[arg(long, default_value_t = 0)]
    pub seed: u32,
    /// Picture to write: .exr (scene-linear, 32-bit) or .png (through a view transform).
    #[arg(short = 'o', long, value_name = "FILE")]
    pub out: String,
    /// Size without a view file, such as 1280x720.
    #[arg(long, value_name = "WxH", default_value = "960x720", value_parser = size)]
    pub size: (u32, u32),
    /// Render only this node of the file.
    #[arg(long)]
    pub node: Option<String>,
    /// Material variant.
    #[arg(long)]
    pub variant: Option<String>,
    /// Animation clip to pose the model by.
    #[arg(long)]
    pub clip: Option<String>,
    /// Time in the clip, in seconds.
    #[arg(long, default_value_t = 0.0, requires = "clip", value_parser = finite)]
    pub time: f32,
    /// Exposure in stops on top of what metering finds; for .png.
    #[arg(long, default_value_t = 0.0, allow_hyphen_values = true, value_parser = finite)]
    pub exposure: f32,
    #[command(flatten)]
    pub machine: Machine,
    #[command(flatten)]
    pub talk: Talk,
}

#[derive(Debug, Args)]
pub(crate) struct Machine {
    /// auto (a real GPU, else the CPU), native (the CPU) or gpu (any wgpu adapter).
    #[arg(long, default_value = "auto", value_parser = device)]
    pub device: Device,
    /// Threads of the CPU executor (default: all cores).
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Talk {
    /// Events as JSON, one object a line, on standard output.
    #[arg(long, conflicts_with = "quiet")]
    pub json: bool,
    /// Print nothing but errors.
    #[arg(long, short)]
    pub quiet: bool,
}

fn device(text: &str) -> Result<Device, String> {
    text.parse().map_err(|_| "one of auto, native, gpu".to_owned())
}

fn finite(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(v) if v.is_finite() => Ok(v),
        _ => Err("a finite number".into()),
    }
}

fn noise(text: &str) -> Result<f32, String> {
    let noise = text.trim().parse::<f32>().ok().filter(|n| (1e-4..=10.0).contains(n));
    noise.ok_or_else(|| "a number from 0.0001 to 10, such as 0.02".to_owned())
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let parse = |s: &str| s.trim().parse::<u32>().ok().filter(|n| (1..=32768).contains(n));
    text.split_once('x')
        .and_then(|(w, h)| Some((parse(w)?, parse(h)?)))
        .ok_or_else(|| "WIDTHxHEIGHT, each 1 to 32768, such as 1280x720".to_owned())
}
