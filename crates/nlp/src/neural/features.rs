//! What the network sees of a word: rows of the hashed embedding, and the GloVe key.

use crate::words::{WordInfo, WordTable, hash, join};

/// Hashed embeddings that are summed for one word.
pub const N_FEATURES: usize = 13;

/// Places in [`WordInput::features`] of what only a known word has: its own form and its clusters.
pub const OF_THE_WORD: [usize; 6] = [0, 1, 9, 10, 11, 12];

/// Longest form, in bytes, that is looked at; the rest of a longer one is ignored.
const LONGEST: usize = 64;

/// One word as the network takes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordInput {
    /// Hash of the lower-cased form ([`WordInfo::lower`]), the key of its fixed vector.
    pub key: u64,
    /// 32-bit hashes of the features; the table takes the low bits.
    pub features: [u32; N_FEATURES],
}

/// Where a word stands, as far as its features care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// First word of its sentence (marks in front not counted).
    pub first: bool,
    /// Most letters of the sentence are capitals.
    pub shouting: bool,
}

/// The inputs of one sentence, appended to `inputs`. `lower` is a buffer.
pub fn sentence_inputs<'a>(
    table: &WordTable,
    forms: impl Iterator<Item = &'a str> + Clone,
    lower: &mut String,
    inputs: &mut Vec<WordInput>,
) {
    let (mut n_letters, mut n_capitals) = (0, 0);
    for c in forms
        .clone()
        .flat_map(str::chars)
        .filter(|c| c.is_alphabetic())
    {
        n_letters += 1;
        n_capitals += usize::from(c.is_uppercase());
    }
    let shouting = n_letters >= 8 && n_capitals * 10 > n_letters * 6;
    let mut first = true;
    let mut plain = String::new();
    for form in forms {
        let form = plain_quotes(form, &mut plain);
        let info = table.look_up(form, lower);
        inputs.push(features(form, &info, Place { first, shouting }));
        first = first && !form.chars().any(char::is_alphanumeric);
    }
}

/// The form with typographic quotes made plain, as the training texts have them.
fn plain_quotes<'a>(form: &'a str, buffer: &'a mut String) -> &'a str {
    if form.is_ascii() || !form.contains(['’', '‘', '“', '”', '„', '\u{a0}']) {
        return form;
    }
    buffer.clear();
    buffer.extend(form.chars().map(|c| match c {
        '’' | '‘' => '\'',
        '“' | '”' | '„' => '"',
        '\u{a0}' => ' ',
        c => c,
    }));
    buffer
}

/// The features of one word.
pub fn features(form: &str, info: &WordInfo, place: Place) -> WordInput {
    let mut lower = [0u8; LONGEST];
    let mut shape = [0u8; LONGEST];
    let (lower, shape) = lower_and_shape(form, &mut lower, &mut shape);
    let prefix = |n: usize| chars_in_front(lower, n);
    let suffix = |n: usize| chars_at_end(lower, n);
    let flags = u64::from(place.first) | u64::from(place.shouting) << 1;
    let usual = u64::from(info.case as u8) << 6 | u64::from(info.rarity / 4);
    let row = |kind: u64, value: u64| (join(kind, value) >> 13) as u32;
    WordInput {
        key: info.lower,
        features: [
            row(1, info.lower),
            row(2, info.form),
            row(3, hash(prefix(2))),
            row(4, hash(prefix(3))),
            row(5, hash(suffix(1))),
            row(6, hash(suffix(2))),
            row(7, hash(suffix(3))),
            row(8, hash(suffix(4))),
            row(9 + flags, hash(shape)),
            row(20, u64::from(info.brown_prefix(6))),
            row(21, u64::from(info.brown_prefix(10))),
            row(22, u64::from(info.brown)),
            row(23, usual),
        ],
    }
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
    let mut starts = bytes
        .iter()
        .enumerate()
        .filter(|(_, b)| is_start(**b))
        .map(|(at, _)| at);
    &bytes[..starts.nth(n).unwrap_or(bytes.len())]
}

/// The last `n` characters of UTF-8 bytes.
fn chars_at_end(bytes: &[u8], n: usize) -> &[u8] {
    let starts = bytes
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, b)| is_start(**b))
        .map(|(at, _)| at);
    &bytes[starts.take(n).last().unwrap_or(0)..]
}

fn is_start(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_words() {
        let take = |form: &str| {
            let (mut lower, mut shape) = ([0; LONGEST], [0; LONGEST]);
            let (lower, shape) = lower_and_shape(form, &mut lower, &mut shape);
            (
                String::from_utf8(lower.to_vec()).unwrap(),
                String::from_utf8(shape.to_vec()).unwrap(),
            )
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
    }

    #[test]
    fn what_matters_changes_the_features() {
        let info = |form: &str, brown| WordInfo {
            form: hash(form.as_bytes()),
            lower: hash(form.to_lowercase().as_bytes()),
            brown,
            ..WordInfo::default()
        };
        let plain = features("Apple", &info("Apple", 5), Place::default());
        assert_eq!(
            plain.key,
            features("apple", &info("apple", 5), Place::default()).key
        );
        assert_ne!(
            plain,
            features("apple", &info("apple", 5), Place::default())
        );
        assert_ne!(
            plain,
            features("Apple", &info("Apple", 6), Place::default())
        );
        let first = Place {
            first: true,
            shouting: false,
        };
        assert_ne!(plain, features("Apple", &info("Apple", 5), first));
        let long = "é".repeat(1000);
        features(&long, &info(&long, 0), Place::default());
    }
}
