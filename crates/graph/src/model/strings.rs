//! Many strings in one piece of memory, each once.

use rustc_hash::FxHashMap;

/// A string of [`Strings`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct StrId(u32);

impl StrId {
    /// The empty string.
    pub(crate) const EMPTY: StrId = StrId(0);
}

/// Strings by number. Memory: the letters once and 4 bytes a string.
#[derive(Clone, Debug)]
pub(crate) struct Strings {
    text: String,
    /// Where each string ends; it starts where the one before ends.
    ends: Vec<u32>,
}

impl Strings {
    /// The string; empty for one of another collection.
    pub(crate) fn get(&self, id: StrId) -> &str {
        let at = id.0 as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = start.copied().unwrap_or(0) as usize;
        let end = self.ends.get(at).copied().unwrap_or(0) as usize;
        self.text.get(start..end).unwrap_or_default()
    }
}

impl Default for Strings {
    /// Only the empty string.
    fn default() -> Strings {
        Strings {
            text: String::new(),
            ends: vec![0],
        }
    }
}

/// Collects strings.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    strings: Strings,
    /// Hash of a string, or the next free number after it → the string.
    ids: FxHashMap<u64, u32>,
    /// More than 4 GiB were asked for.
    full: bool,
}

impl Interner {
    /// The number of a string; equal strings have one.
    pub(crate) fn intern(&mut self, text: &str) -> StrId {
        if text.is_empty() {
            return StrId::EMPTY;
        }
        let mut hash = hash(text);
        while let Some(&id) = self.ids.get(&hash) {
            if self.strings.get(StrId(id)) == text {
                return StrId(id);
            }
            hash = hash.wrapping_add(1);
        }
        let id = self.strings.ends.len();
        let end = self.strings.text.len() + text.len();
        let (Ok(id), Ok(end)) = (u32::try_from(id), u32::try_from(end)) else {
            self.full = true;
            return StrId::EMPTY;
        };
        self.strings.text.push_str(text);
        self.strings.ends.push(end);
        self.ids.insert(hash, id);
        StrId(id)
    }

    /// The strings, or `None` if they were more than 4 GiB.
    pub(crate) fn finish(mut self) -> Option<Strings> {
        self.strings.text.shrink_to_fit();
        self.strings.ends.shrink_to_fit();
        (!self.full).then_some(self.strings)
    }
}

fn hash(text: &str) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::{Interner, StrId};

    #[test]
    fn equal_strings_have_one_number() {
        let mut interner = Interner::default();
        let words = ["a", "", "b", "a", "née", "b", ""];
        let ids: Vec<StrId> = words.iter().map(|word| interner.intern(word)).collect();
        let strings = interner.finish().unwrap();
        for (word, id) in words.iter().zip(&ids) {
            assert_eq!(strings.get(*id), *word);
        }
        assert_eq!(ids[0], ids[3]);
        assert_eq!(ids[1], StrId::EMPTY);
        assert_ne!(ids[0], ids[2]);
    }
}
