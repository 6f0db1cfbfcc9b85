//! What is known of a word form before any context: clusters, frequency, usual case.
//!
//! One look-up per token, shared by the tagger, the parser and the name tagger. The table holds
//! fingerprints instead of strings; a form that is not in it passes for another one about once in
//! fifty million look-ups.

use std::fmt;

use crate::model::{ModelError, Reader, Writer};

/// Kind of the model file.
pub const KIND: [u8; 4] = *b"word";
/// Version of the format. History: 1 - first layout.
pub const VERSION: u32 = 1;

/// Bits of the hash that choose a bucket.
const BUCKET_BITS: u32 = 15;
/// Bits of the hash that tell forms of one bucket apart.
const PRINT_BITS: u32 = 28;
/// Bytes of one entry.
const ENTRY: usize = 8;

/// A hash of a word form that is the same on every machine and in every release; model files
/// hold values that were made with it.
///
/// ```
/// use tieline_nlp::words::hash;
/// assert_ne!(hash(b"Hague"), hash(b"hague"));
/// assert_ne!(hash(b""), hash(b"\0"));
/// ```
pub fn hash(bytes: &[u8]) -> u64 {
    let mut state = bytes.len() as u64 ^ 0x51_7c_c1_b7_27_22_0a_95;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        state = mix(state, u64::from_le_bytes(*chunk));
    }
    if !rest.is_empty() {
        let mut last = [0u8; 8];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        state = mix(state, u64::from_le_bytes(last));
    }
    finish(state)
}

/// Puts the lower-case form into `lower`, which is cleared first.
pub fn lower_case(form: &str, lower: &mut String) {
    lower.clear();
    if form.is_ascii() {
        lower.push_str(form);
        lower.make_ascii_lowercase();
    } else {
        lower.extend(form.chars().flat_map(char::to_lowercase));
    }
}

/// Joins two hashes, or a hash and a small number, in this order.
#[inline]
pub fn join(a: u64, b: u64) -> u64 {
    finish(mix(a, b))
}

#[inline]
fn mix(state: u64, value: u64) -> u64 {
    (state.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[inline]
fn finish(state: u64) -> u64 {
    let state = (state ^ (state >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    state ^ (state >> 29)
}

/// How a form is usually written, over all its occurrences in a large corpus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum UsualCase {
    /// Mostly in lower case, or unknown.
    #[default]
    Lower,
    /// Both in lower case and with a capital.
    Mixed,
    /// Mostly with a capital first letter.
    Title,
    /// Mostly in capitals.
    Upper,
}

/// What is known of one word form.
///
/// Clusters are paths in a tree over words: forms that share a longer prefix of the path are
/// more alike. Where the form itself is not in the table, the values are those of its lower-case
/// form; where that is missing too, they are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordInfo {
    /// [`hash`] of the form as written.
    pub form: u64,
    /// [`hash`] of the form in lower case.
    pub lower: u64,
    /// Path of the Brown cluster, the first branch in the lowest bit; at most 18 bits. 0 is no
    /// cluster.
    pub brown: u32,
    /// Leaf of a tree over word vectors with sixteen branches at each of three levels, the first
    /// branch in the lowest four bits, plus 0x1000. 0 is no vector.
    pub cluster: u16,
    /// Rarity: the negative natural logarithm of the share of the form in a large corpus, times
    /// 3, at most 63; 0 is a form that is not in the table.
    pub rarity: u8,
    /// How the form is usually written.
    pub case: UsualCase,
}

impl WordInfo {
    /// The first `bits` branches of the Brown path, at most 31.
    #[inline]
    pub fn brown_prefix(&self, bits: u32) -> u32 {
        self.brown & ((1 << bits.min(31)) - 1)
    }

    /// The first `levels` branches (1 to 3) of the vector cluster, with the flag that tells a
    /// known word; 0 without a vector.
    #[inline]
    pub fn cluster_prefix(&self, levels: u32) -> u16 {
        self.cluster & (0x1000 | ((1 << (4 * levels.min(3))) - 1))
    }
}

/// Table of word forms.
#[derive(Clone, Copy)]
pub struct WordTable {
    /// Paths of the Brown clusters, `u32` each.
    paths: &'static [u8],
    /// First entry of each bucket and one past the last, `u32` each.
    buckets: &'static [u8],
    /// Entries, `u64` each: print, path index (10 bits), cluster (13), rarity (6), case (2).
    entries: &'static [u8],
}

impl fmt::Debug for WordTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WordTable({} forms)", self.len())
    }
}

/// One form for [`WordTable::write`].
#[derive(Clone, Debug)]
pub struct WordEntry {
    /// The form as written.
    pub form: String,
    /// Path of its Brown cluster, at most 1,024 different ones in a table.
    pub brown: u32,
    /// As in [`WordInfo::cluster`].
    pub cluster: u16,
    /// As in [`WordInfo::rarity`].
    pub rarity: u8,
    /// As in [`WordInfo::case`].
    pub case: UsualCase,
}

fn bucket_of(hash: u64) -> usize {
    (hash >> (64 - BUCKET_BITS)) as usize
}

fn print_of(hash: u64) -> u64 {
    hash & ((1 << PRINT_BITS) - 1)
}

fn u32_at(bytes: &[u8], idx: usize) -> Option<u32> {
    let (chunks, _) = bytes.as_chunks::<4>();
    chunks.get(idx).map(|chunk| u32::from_le_bytes(*chunk))
}

impl WordTable {
    /// Reads a table from the bytes of its model file, without copying.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<WordTable, ModelError> {
        let mut reader = Reader::new(bytes, KIND, VERSION)?;
        let paths = reader.blob()?;
        let buckets = reader.blob()?;
        let entries = reader.blob()?;
        reader.end()?;
        let whole = |bytes: &[u8], unit: usize| bytes.len().is_multiple_of(unit);
        if !whole(paths, 4)
            || !whole(entries, ENTRY)
            || buckets.len() != ((1 << BUCKET_BITS) + 1) * 4
        {
            return Err(ModelError::Length);
        }
        let n_entries = (entries.len() / ENTRY) as u32;
        let mut last = 0;
        for chunk in buckets.as_chunks::<4>().0 {
            let first = u32::from_le_bytes(*chunk);
            if first < last || n_entries < first {
                return Err(ModelError::Value { what: "a bucket" });
            }
            last = first;
        }
        Ok(WordTable {
            paths,
            buckets,
            entries,
        })
    }

    /// Number of forms.
    pub fn len(&self) -> usize {
        self.entries.len() / ENTRY
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All that is known of a form. `lower` is a buffer of the caller; on return it holds the
    /// form in lower case.
    pub fn look_up(&self, form: &str, lower: &mut String) -> WordInfo {
        lower_case(form, lower);
        let form_hash = hash(form.as_bytes());
        let lower_hash = if form == lower.as_str() {
            form_hash
        } else {
            hash(lower.as_bytes())
        };
        let mut info = self.find(form_hash);
        if info.is_none() && form_hash != lower_hash {
            info = self.find(lower_hash);
        }
        let mut info = info.unwrap_or_default();
        info.form = form_hash;
        info.lower = lower_hash;
        info
    }

    /// The entry of a hash; the hashes in the answer are 0.
    fn find(&self, hash: u64) -> Option<WordInfo> {
        let bucket = bucket_of(hash);
        let first = u32_at(self.buckets, bucket)? as usize;
        let end = u32_at(self.buckets, bucket + 1)? as usize;
        let print = print_of(hash);
        let (entries, _) = self.entries.as_chunks::<ENTRY>();
        for entry in entries.get(first..end)? {
            let entry = u64::from_le_bytes(*entry);
            if entry & ((1 << PRINT_BITS) - 1) == print {
                let rest = entry >> PRINT_BITS;
                return Some(WordInfo {
                    form: 0,
                    lower: 0,
                    brown: u32_at(self.paths, (rest & 0x3ff) as usize).unwrap_or(0),
                    cluster: (rest >> 10 & 0x1fff) as u16,
                    rarity: (rest >> 23 & 0x3f) as u8,
                    case: match rest >> 29 & 3 {
                        0 => UsualCase::Lower,
                        1 => UsualCase::Mixed,
                        2 => UsualCase::Title,
                        _ => UsualCase::Upper,
                    },
                });
            }
        }
        None
    }

    /// Writes a model file. Of two entries whose forms cannot be told apart, the first one stays.
    /// Returns `None` for more than 1,024 different Brown paths.
    pub fn write(words: &[WordEntry]) -> Option<Vec<u8>> {
        let mut paths: Vec<u32> = words.iter().map(|word| word.brown).collect();
        paths.sort_unstable();
        paths.dedup();
        if 1 << 10 < paths.len() {
            return None;
        }
        let mut rows: Vec<(usize, u64, u64)> = Vec::with_capacity(words.len());
        for word in words {
            let hash = hash(word.form.as_bytes());
            let path = paths.partition_point(|path| *path < word.brown) as u64;
            let rest = path
                | u64::from(word.cluster & 0x1fff) << 10
                | u64::from(word.rarity.min(63)) << 23
                | (word.case as u64) << 29;
            rows.push((bucket_of(hash), print_of(hash), rest));
        }
        rows.sort_by_key(|row| (row.0, row.1));
        rows.dedup_by_key(|row| (row.0, row.1));
        let mut buckets = Vec::new();
        let mut at = 0;
        for bucket in 0..=1usize << BUCKET_BITS {
            while rows.get(at).is_some_and(|row| row.0 < bucket) {
                at += 1;
            }
            buckets.extend((at as u32).to_le_bytes());
        }
        let entries: Vec<u8> = rows
            .iter()
            .flat_map(|(_, print, rest)| (print | rest << PRINT_BITS).to_le_bytes())
            .collect();
        let paths: Vec<u8> = paths.iter().flat_map(|path| path.to_le_bytes()).collect();
        let mut writer = Writer::new(KIND, VERSION);
        writer.blob(&paths);
        writer.blob(&buckets);
        writer.blob(&entries);
        Some(writer.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Vec<u8> {
        let word = |form: &str, brown, cluster, rarity, case| WordEntry {
            form: form.to_owned(),
            brown,
            cluster,
            rarity,
            case,
        };
        let words = [
            word("London", 678, 0x1abc, 33, UsualCase::Title),
            word("said", 116, 0x1001, 21, UsualCase::Lower),
            word("NATO", 0, 0, 40, UsualCase::Upper),
            word("été", 5, 0x1fff, 60, UsualCase::Mixed),
        ];
        WordTable::write(&words).unwrap()
    }

    #[test]
    fn forms_are_found_as_written_then_in_lower_case() {
        let table = WordTable::from_bytes(small().leak()).unwrap();
        let mut lower = String::new();
        // form, lower, brown, cluster, rarity, case
        let cases = [
            ("London", "london", 678, 0x1abc, 33, UsualCase::Title),
            ("SAID", "said", 116, 0x1001, 21, UsualCase::Lower),
            ("NATO", "nato", 0, 0, 40, UsualCase::Upper),
            ("Été", "été", 5, 0x1fff, 60, UsualCase::Mixed),
            ("london", "london", 0, 0, 0, UsualCase::Lower),
            ("", "", 0, 0, 0, UsualCase::Lower),
        ];
        for (form, want_lower, brown, cluster, rarity, case) in cases {
            let info = table.look_up(form, &mut lower);
            assert_eq!(lower, want_lower);
            let want = WordInfo {
                form: hash(form.as_bytes()),
                lower: hash(want_lower.as_bytes()),
                brown,
                cluster,
                rarity,
                case,
            };
            assert_eq!(info, want, "{form}");
        }
        let london = table.look_up("London", &mut lower);
        assert_eq!(london.brown_prefix(4), 678 & 15);
        assert_eq!(london.cluster_prefix(1), 0x100c);
        assert_eq!(london.cluster_prefix(2), 0x10bc);
    }

    #[test]
    fn every_cut_is_an_error_and_no_flip_panics() {
        let whole: &'static [u8] = small().leak();
        for end in 0..whole.len() {
            assert!(
                WordTable::from_bytes(&whole[..end]).is_err(),
                "first {end} bytes"
            );
        }
        let mut lower = String::new();
        for at in
            (0..whole.len()).filter(|at| *at < 300 || *at % 9973 == 0 || whole.len() - at < 300)
        {
            let mut bytes = whole.to_vec();
            bytes[at] ^= 0xff;
            if let Ok(table) = WordTable::from_bytes(bytes.leak()) {
                table.look_up("London", &mut lower);
            }
        }
    }
}
