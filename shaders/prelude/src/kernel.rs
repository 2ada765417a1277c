//! What a host must know of a kernel to bind buffers to it, as constants written by the translator.

/// A kernel file: its WGSL text with all includes resolved, and what it binds.
#[derive(Clone, Copy, Debug)]
pub struct Kernel {
    /// The stem of the kernel's file.
    pub name: &'static str,
    /// The composed WGSL, ready for `create_shader_module`.
    pub wgsl: &'static str,
    /// Every resource that the file declares, by group and binding.
    pub bindings: &'static [Binding],
    /// The `@compute` functions, in source order.
    pub entry_points: &'static [EntryPoint],
}

/// One `@compute` function.
#[derive(Clone, Copy, Debug)]
pub struct EntryPoint {
    /// Its name in WGSL.
    pub name: &'static str,
    /// Invocations per workgroup.
    pub workgroup_size: [u32; 3],
    /// The resources that it uses itself or through a call, by group and binding.
    pub bindings: &'static [Binding],
}

/// One resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// `@group`.
    pub group: u32,
    /// `@binding`.
    pub binding: u32,
    /// The variable's name.
    pub name: &'static str,
    /// Address space and access.
    pub kind: BindingKind,
    /// Bytes that a buffer must have at least (one element for a runtime-sized array).
    pub min_size: u64,
    /// Bytes from one element to the next when the resource is or ends in a runtime-sized array.
    pub stride: Option<u32>,
}

/// Address space and access of a [`Binding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindingKind {
    /// `var<uniform>`
    Uniform,
    /// `var<storage, read>`
    StorageRead,
    /// `var<storage, read_write>`
    StorageReadWrite,
}
