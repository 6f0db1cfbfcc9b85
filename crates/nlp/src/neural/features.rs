//! What the network sees of a word: rows of the hashed embedding, and the GloVe key.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Hashed embeddings that are summed for one word.
pub const N_FEATURES: usize = 12;

/// Longest form, in bytes, that is looked at; the rest of a longer one is ignored.
const LONGEST: usize = 64;

/// One word as the network takes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordInput {
    /// Hash of the lower-cased form, the key of its fixed vector.
    pub key: u64,
    /// 32-bit hashes of the features; the table takes the low bits.
    pub features: [u32; N_FEATURES],
}

/// Where a word stands, as far as its features care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// First word of its sentence (opening quotes not counted).
    pub first: bool,
    /// Most letters of the sentence are capitals.
    pub shouting: bool,
}

/// Hash of a lower-cased form, as [`WordInput::key`] has it.
pub fn word_key(lower: &str) -> u64 {
    finish(0x51, lower.as_bytes())
}

/// The features of one word. `cluster` is its Brown cluster (Brown et al. 1992), the bits of the
/// path from the root in the lowest place first; 0 if unknown.
pub fn features(form: &str, cluster: u32, place: Place) -> WordInput {
    let mut lower = [0u8; LONGEST];
    let mut shape = [0u8; LONGEST];
    let (lower, shape) = lower_and_shape(form, &mut lower, &mut shape);
    let prefix = |n: usize| chars_in_front(lower, n);
    let suffix = |n: usize| chars_at_end(lower, n);
    let flags = u8::from(place.first) | u8::from(place.shouting) << 1;
    let mut out = [0; N_FEATURES];
    let parts: [(u8, u8, &[u8]); 9] = [
        (1, 0, lower),
        (2, 0, cut(form.as_bytes())),
        (3, 0, prefix(2)),
        (4, 0, prefix(3)),
        (5, 0, suffix(1)),
        (6, 0, suffix(2)),
        (7, 0, suffix(3)),
        (8, 0, suffix(4)),
        (9, flags, shape),
    ];
    for (row, (kind, extra, bytes)) in out.iter_mut().zip(parts) {
        *row = finish(u64::from(kind) << 8 | u64::from(extra), bytes) as u32;
    }
    let bits = [(10u64, 0x3f), (11, 0x3ff), (12, u32::MAX)];
    for (row, (kind, mask)) in out[parts.len()..].iter_mut().zip(bits) {
        *row = finish(kind << 8 | u64::from(cluster == 0), &(cluster & mask).to_le_bytes()) as u32;
    }
    WordInput { key: finish(0x51, lower), features: out }
}

fn cut(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(LONGEST)]
}

/// Lower-cased bytes, and the shape: one letter a run of up to two of the same class.
fn lower_and_shape<'a>(
    form: &str,
    lower: &'a mut [u8; LONGEST],
    shape: &'a mut [u8; LONGEST],
) -> (&'a [u8], &'a [u8]) {
    let (mut n_lower, mut n_shape) = (0, 0);
    for c in form.chars() {
        let class = match c {
            'a'..='z' => b'x',
            'A'..='Z' => b'X',
            '0'..='9' => b'd',
            c if c.is_ascii() => c as u8,
            c if c.is_uppercase() => b'X',
            c if c.is_alphabetic() => b'x',
            _ => b'u',
        };
        let run = n_shape >= 2 && shape[n_shape - 1] == class && shape[n_shape - 2] == class;
        if !run && n_shape < LONGEST {
            shape[n_shape] = class;
            n_shape += 1;
        }
        for small in c.to_lowercase() {
            let mut buffer = [0; 4];
            let bytes = small.encode_utf8(&mut buffer).as_bytes();
            if n_lower + bytes.len() > LONGEST {
                return (&lower[..n_lower], &shape[..n_shape]);
            }
            lower[n_lower..n_lower + bytes.len()].copy_from_slice(bytes);
            n_lower += bytes.len();
        }
    }
    (&lower[..n_lower], &shape[..n_shape])
}

/// The first `n` characters of UTF-8 bytes.
fn chars_in_front(bytes: &[u8], n: usize) -> &[u8] {
    let mut starts = bytes.iter().enumerate().filter(|(_, b)| is_start(**b)).map(|(at, _)| at);
    &bytes[..starts.nth(n).unwrap_or(bytes.len())]
}

/// The last `n` characters of UTF-8 bytes.
fn chars_at_end(bytes: &[u8], n: usize) -> &[u8] {
    let starts = bytes.iter().enumerate().rev().filter(|(_, b)| is_start(**b)).map(|(at, _)| at);
    &bytes[starts.take(n).last().unwrap_or(0)..]
}

fn is_start(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

fn finish(seed: u64, bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u64(seed);
    hasher.write(bytes);
    hasher.write_u8(bytes.len() as u8);
    // FxHash leaves its best bits on top; mix them down for tables that take the low ones.
    let hash = hasher.finish();
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 17
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_words() {
        let take = |form: &str| {
            let (mut lower, mut shape) = ([0; LONGEST], [0; LONGEST]);
            let (lower, shape) = lower_and_shape(form, &mut lower, &mut shape);
            (String::from_utf8(lower.to_vec()).unwrap(), String::from_utf8(shape.to_vec()).unwrap())
        };
        // form, lower, shape
        let cases = [
            ("Kyiv", "kyiv", "Xxx"),
            ("NATO", "nato", "XX"),
            ("U.S.", "u.s.", "X.X."),
            ("12,000", "12,000", "dd,dd"),
            ("Čech", "čech", "Xxx"),
            ("", "", ""),
        ];
        for (form, lower, shape) in cases {
            assert_eq!(take(form), (lower.to_owned(), shape.to_owned()), "{form}");
        }
        assert_eq!(chars_at_end("čaš".as_bytes(), 2), "aš".as_bytes());
        assert_eq!(chars_in_front("čaš".as_bytes(), 1), "č".as_bytes());
        assert_eq!(chars_in_front(b"ab", 3), b"ab");
        let long = "é".repeat(1000);
        assert_eq!(features(&long, 0, Place::default()), features(&long, 0, Place::default()));
    }

    #[test]
    fn what_matters_changes_the_features() {
        let plain = features("Apple", 5, Place::default());
        assert_eq!(plain.key, features("apple", 5, Place::default()).key);
        assert_ne!(plain, features("apple", 5, Place::default()));
        assert_ne!(plain, features("Apple", 6, Place::default()));
        assert_ne!(plain, features("Apple", 5, Place { first: true, shouting: false }));
        assert_eq!(word_key("apple"), plain.key);
    }
}
