//! Views of the memory that a kernel binds.
//!
//! A constructor proves alignment and that there is at least one element; after that no index can leave the buffer, because
//! every access clamps it to the last element (naga's "restrict" policy, so GPU and CPU read the same element).
//!
//! # Contract for writes
//! [`WriteArray`], [`WriteRef`] and [`WriteTail`] borrow their memory exclusively and are `Send` but not `Sync`: one thread
//! runs a kernel on its own batch, and nothing can race. To let several threads write *one* buffer, split it with
//! `chunks_mut` (safe), or make a [`SharedArray`] and promise that no two invocations that may run at the same time touch
//! the same non-atomic element.

use bytemuck::Pod;
use core::cell::Cell;
use core::marker::PhantomData;
use core::mem::{align_of, size_of};
use core::ptr::NonNull;

/// Why memory cannot be bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BufferError {
    /// Fewer bytes than one element (or the fixed part and one element).
    TooSmall {
        /// Bytes needed.
        needed: usize,
        /// Bytes given.
        given: usize,
    },
    /// The address is not a multiple of 4.
    Misaligned,
    /// More elements than a `u32` counts.
    TooLarge,
}

impl core::fmt::Display for BufferError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooSmall { needed, given } => {
                write!(f, "a buffer of {given} bytes is bound where {needed} are needed")
            }
            Self::Misaligned => write!(f, "a buffer is bound whose address is not a multiple of 4"),
            Self::TooLarge => write!(f, "a buffer of more than 2^32 - 1 elements is bound"),
        }
    }
}

impl std::error::Error for BufferError {}

/// Elements of `T` in `bytes` bytes after a header, minus one.
fn last_index(bytes: usize, header: usize, element: usize) -> Result<u32, BufferError> {
    let needed = header + element;
    if bytes < needed {
        return Err(BufferError::TooSmall { needed, given: bytes });
    }
    let count = u32::try_from((bytes - header) / element).map_err(|_| BufferError::TooLarge)?;
    Ok(count - 1)
}

fn aligned<T>(address: usize) -> Result<(), BufferError> {
    if address.is_multiple_of(align_of::<T>()) { Ok(()) } else { Err(BufferError::Misaligned) }
}

/// `min(i, last)`, as one compare and move.
#[inline(always)]
fn restrict(i: u32, last: u32) -> usize {
    (if i < last { i } else { last }) as usize
}

/// `var<storage, read> x: array<T>`: at least one element.
#[derive(Debug)]
pub struct ReadArray<'a, T> {
    first: NonNull<T>,
    last: u32,
    memory: PhantomData<&'a [T]>,
}

impl<T> Clone for ReadArray<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for ReadArray<'_, T> {}
// SAFETY: it is a shared slice.
unsafe impl<T: Sync> Send for ReadArray<'_, T> {}
// SAFETY: it is a shared slice.
unsafe impl<T: Sync> Sync for ReadArray<'_, T> {}

impl<'a, T: Pod> ReadArray<'a, T> {
    /// Binds a slice, which must not be empty.
    pub fn new(slice: &'a [T]) -> Result<Self, BufferError> {
        let last = last_index(size_of_val(slice), 0, size_of::<T>())?;
        Ok(Self { first: NonNull::from(slice).cast(), last, memory: PhantomData })
    }

    /// Binds bytes; what is left after the last whole element is ignored.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, BufferError> {
        aligned::<T>(bytes.as_ptr().addr())?;
        let last = last_index(bytes.len(), 0, size_of::<T>())?;
        Ok(Self { first: NonNull::from(bytes).cast(), last, memory: PhantomData })
    }

    /// Number of elements.
    #[inline(always)]
    pub fn len(&self) -> u32 {
        self.last + 1
    }

    /// Never: for clippy and for readers.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Element `i`, clamped to the last.
    #[inline(always)]
    pub fn at(&self, i: u32) -> &'a T {
        // SAFETY: the constructor proved elements 0..=last, alive for 'a and only read.
        unsafe { &*self.first.as_ptr().add(restrict(i, self.last)) }
    }

    /// The elements.
    pub fn as_slice(&self) -> &'a [T] {
        // SAFETY: as in `at`.
        unsafe { core::slice::from_raw_parts(self.first.as_ptr(), self.last as usize + 1) }
    }
}

/// `var<storage, read> x: S` where `S` ends in a runtime-sized array: a head `H`, then elements of `T`.
#[derive(Debug)]
pub struct ReadTail<'a, H, T> {
    head: &'a H,
    tail: ReadArray<'a, T>,
}

impl<H, T> Clone for ReadTail<'_, H, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<H, T> Copy for ReadTail<'_, H, T> {}

impl<'a, H: Pod, T: Pod> ReadTail<'a, H, T> {
    /// Binds bytes: the head, then at least one element.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, BufferError> {
        aligned::<H>(bytes.as_ptr().addr())?;
        last_index(bytes.len(), size_of::<H>(), size_of::<T>())?;
        let (head, tail) = bytes.split_at(size_of::<H>());
        let head = bytemuck::try_from_bytes(head).map_err(|_| BufferError::Misaligned)?;
        Ok(Self { head, tail: ReadArray::from_bytes(tail)? })
    }

    /// What stands before the array.
    #[inline(always)]
    pub fn head(&self) -> &'a H {
        self.head
    }

    /// The array.
    #[inline(always)]
    pub fn tail(&self) -> ReadArray<'a, T> {
        self.tail
    }
}

/// `var<storage, read_write> x: array<T>`: at least one element, borrowed exclusively.
#[derive(Debug)]
pub struct WriteArray<'a, T> {
    first: NonNull<T>,
    last: u32,
    // Cell takes Sync away: two threads with one view could race.
    memory: PhantomData<&'a mut [Cell<T>]>,
}

// SAFETY: it is an exclusive borrow of a slice.
unsafe impl<T: Send> Send for WriteArray<'_, T> {}

impl<'a, T: Pod> WriteArray<'a, T> {
    /// Binds a slice, which must not be empty.
    pub fn new(slice: &'a mut [T]) -> Result<Self, BufferError> {
        let last = last_index(size_of_val(slice), 0, size_of::<T>())?;
        Ok(Self { first: NonNull::from(slice).cast(), last, memory: PhantomData })
    }

    /// Binds bytes; what is left after the last whole element is ignored.
    pub fn from_bytes(bytes: &'a mut [u8]) -> Result<Self, BufferError> {
        aligned::<T>(bytes.as_ptr().addr())?;
        let last = last_index(bytes.len(), 0, size_of::<T>())?;
        Ok(Self { first: NonNull::from(bytes).cast(), last, memory: PhantomData })
    }

    /// Number of elements.
    #[inline(always)]
    pub fn len(&self) -> u32 {
        self.last + 1
    }

    /// Never: for clippy and for readers.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Where element `i` (clamped to the last) lies: valid for reads and writes during `'a`.
    #[inline(always)]
    pub fn at(&self, i: u32) -> *mut T {
        // SAFETY: the constructor proved elements 0..=last.
        unsafe { self.first.as_ptr().add(restrict(i, self.last)) }
    }

    /// A copy of element `i`, clamped to the last.
    #[inline(always)]
    pub fn read(&self, i: u32) -> T {
        // SAFETY: `at` is in bounds, and no reference to it lives longer than one statement.
        unsafe { *self.at(i) }
    }

    /// Writes element `i`, clamped to the last.
    #[inline(always)]
    pub fn write(&self, i: u32, value: T) {
        // SAFETY: as in `read`.
        unsafe { *self.at(i) = value }
    }
}

/// `var<storage, read_write> x: T` of fixed size, borrowed exclusively.
#[derive(Debug)]
pub struct WriteRef<'a, T>(NonNull<T>, PhantomData<&'a mut Cell<T>>);

// SAFETY: it is an exclusive borrow.
unsafe impl<T: Send> Send for WriteRef<'_, T> {}

impl<'a, T: Pod> WriteRef<'a, T> {
    /// Binds a value.
    pub fn new(value: &'a mut T) -> Self {
        Self(NonNull::from(value), PhantomData)
    }

    /// Binds the bytes of a value.
    pub fn from_bytes(bytes: &'a mut [u8]) -> Result<Self, BufferError> {
        aligned::<T>(bytes.as_ptr().addr())?;
        // A struct that is nothing but a runtime-sized array has a head of no bytes.
        if bytes.len() < size_of::<T>() {
            return Err(BufferError::TooSmall { needed: size_of::<T>(), given: bytes.len() });
        }
        Ok(Self(NonNull::from(bytes).cast(), PhantomData))
    }

    /// Where the value lies: valid for reads and writes during `'a`.
    #[inline(always)]
    pub fn at(&self) -> *mut T {
        self.0.as_ptr()
    }
}

/// `var<storage, read_write> x: S` where `S` ends in a runtime-sized array, borrowed exclusively.
#[derive(Debug)]
pub struct WriteTail<'a, H, T> {
    head: WriteRef<'a, H>,
    tail: WriteArray<'a, T>,
}

impl<'a, H: Pod, T: Pod> WriteTail<'a, H, T> {
    /// Binds bytes: the head, then at least one element.
    pub fn from_bytes(bytes: &'a mut [u8]) -> Result<Self, BufferError> {
        last_index(bytes.len(), size_of::<H>(), size_of::<T>())?;
        let (head, tail) = bytes.split_at_mut(size_of::<H>());
        Ok(Self { head: WriteRef::from_bytes(head)?, tail: WriteArray::from_bytes(tail)? })
    }

    /// Binds a head and a slice that need not lie together.
    pub fn new(head: &'a mut H, tail: &'a mut [T]) -> Result<Self, BufferError> {
        Ok(Self { head: WriteRef::new(head), tail: WriteArray::new(tail)? })
    }

    /// Where the fixed part lies.
    #[inline(always)]
    pub fn head(&self) -> *mut H {
        self.head.at()
    }

    /// The array.
    #[inline(always)]
    pub fn tail(&self) -> &WriteArray<'a, T> {
        &self.tail
    }
}

/// One buffer that several threads write: hands out views of the same memory.
#[derive(Debug)]
pub struct SharedArray<'a, T> {
    first: NonNull<T>,
    last: u32,
    memory: PhantomData<&'a mut [T]>,
}

// SAFETY: the only way in is `view`, whose caller promises that accesses do not race.
unsafe impl<T: Send> Send for SharedArray<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for SharedArray<'_, T> {}

impl<'a, T: Pod> SharedArray<'a, T> {
    /// Takes hold of a slice, which must not be empty.
    pub fn new(slice: &'a mut [T]) -> Result<Self, BufferError> {
        let WriteArray { first, last, .. } = WriteArray::new(slice)?;
        Ok(Self { first, last, memory: PhantomData })
    }

    /// A view for one thread.
    ///
    /// # Safety
    /// While two views of one buffer are in use at the same time, no element that one of them writes may be read or written
    /// through the other, except by atomics on both sides. A kernel that writes only element `global_invocation_id.x` keeps
    /// this when the threads' ranges of ids do not overlap.
    pub unsafe fn view(&self) -> WriteArray<'_, T> {
        WriteArray { first: self.first, last: self.last, memory: PhantomData }
    }
}
