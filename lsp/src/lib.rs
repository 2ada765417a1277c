//! The language server: what an editor asks about .ngs programs, answered over the Language Server Protocol 3.17.
//!
//! ```text
//! wire       bytes          -> messages
//! server     messages       -> answers; one thread, everything that waits is read before anything is checked
//! documents  edits          -> texts that are open
//! world      texts, disk    -> what the compiler reads
//! programs   texts          -> analyses, one for each root; modules that did not change are not parsed again
//! view       analysis       -> one module of it, with places as the protocol counts them
//! the rest   view           -> one feature each
//! ```
//!
//! It knows the compiler and the grammar, and no file: those come from [`Disk`], bytes from the caller.

mod actions;
mod completion;
mod describe;
mod diagnostics;
mod documents;
mod formatting;
mod hover;
mod inlay;
mod navigate;
mod outline;
mod places;
mod position;
mod programs;
mod rename;
mod semantic;
mod server;
mod signature;
mod symbols;
mod view;
mod wire;
mod world;

pub use server::serve;
pub use world::Disk;
