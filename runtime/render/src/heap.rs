//! The pool of words that kernels read small tables, attributes and texels from.

use crate::RenderError;

/// Words with the number of the first word of each thing put in.
#[derive(Default)]
pub(crate) struct Heap {
    words: Vec<u32>,
}

impl Heap {
    pub(crate) fn with_capacity(words: usize) -> Self {
        Self { words: Vec::with_capacity(words) }
    }

    /// Room for `count` words, zeroed.
    ///
    /// # Errors
    /// `SceneTooLarge` beyond 2^32 words.
    pub(crate) fn room(&mut self, count: usize) -> Result<(u32, &mut [u32]), RenderError> {
        let first = self.words.len();
        let end = first.checked_add(count).filter(|end| u32::try_from(*end).is_ok());
        let Some(end) = end else {
            return Err(RenderError::SceneTooLarge {
                reason: "attributes and textures need more than 16 GiB".to_owned(),
            });
        };
        self.words.resize(end, 0);
        // `first` is at most `end`, which fits.
        Ok((first as u32, &mut self.words[first..]))
    }

    /// Puts numbers in.
    pub(crate) fn put_floats(&mut self, values: impl ExactSizeIterator<Item = f32>) -> Result<u32, RenderError> {
        let (first, words) = self.room(values.len())?;
        for (word, value) in words.iter_mut().zip(values) {
            *word = value.to_bits();
        }
        Ok(first)
    }

    /// Puts words in.
    pub(crate) fn put_words(&mut self, words: &[u32]) -> Result<u32, RenderError> {
        let (first, room) = self.room(words.len())?;
        room.copy_from_slice(words);
        Ok(first)
    }

    /// Puts an alias table in: threshold and alias of each entry.
    pub(crate) fn put_alias(&mut self, table: &[(f32, u32)]) -> Result<u32, RenderError> {
        let (first, words) = self.room(2 * table.len())?;
        for (pair, (keep, alias)) in words.chunks_exact_mut(2).zip(table) {
            pair.copy_from_slice(&[keep.to_bits(), *alias]);
        }
        Ok(first)
    }

    pub(crate) fn into_words(self) -> Vec<u32> {
        self.words
    }
}
