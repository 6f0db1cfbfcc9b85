//! Near-identical copies of one text: what news agencies send and many papers print.
//!
//! A text is the set of its runs of five words (shingles); how much two texts share is the size of
//! what both have over what either has (Jaccard). MinHash estimates it from a short signature
//! (Broder, "On the resemblance and containment of documents", 1997), and signatures that agree in
//! one band of several rows are found without comparing all pairs (Indyk and Motwani, 1998).
//! Everything is fixed: the same texts give the same answer on every machine.

use std::collections::BTreeMap;

/// Words in a shingle.
const SHINGLE: usize = 5;

/// Numbers in a signature.
const ROWS: usize = 96;

/// Rows of a band; two texts that share 7 tenths meet in one of 24 bands in 999 of 1,000 cases.
const BAND: usize = 4;

/// Rows that must agree for two texts to be copies: seven tenths.
const SAME: usize = ROWS * 7 / 10;

/// In a band, a text is compared with so many of those before it.
const LOOK_BACK: usize = 8;

/// Texts of fewer shingles have no signature: too little to tell.
const LEAST: usize = 12;

/// What is kept of a text to find its copies: 96 numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signature(Vec<u32>);

impl Signature {
    /// The signature of a text; `None` for one of fewer than 16 words. Words are runs of letters
    /// and digits, in any case.
    pub fn of(text: &str) -> Option<Signature> {
        let mut words = Vec::with_capacity(text.len() / 6);
        let parts = text.split(|c: char| !c.is_alphanumeric());
        for word in parts.filter(|word| !word.is_empty()) {
            words.push(hash_word(word));
        }
        if words.len() < SHINGLE + LEAST - 1 {
            return None;
        }
        let mut least = [u32::MAX; ROWS];
        for shingle in words.windows(SHINGLE) {
            let hash = shingle
                .iter()
                .fold(0x9E37_79B9_7F4A_7C15, |sum: u64, word| {
                    mix(sum.rotate_left(23) ^ word)
                });
            // Two hashes give as many as are wanted (Kirsch and Mitzenmacher, 2006).
            let (mut row, step) = (hash as u32, (hash >> 32) as u32 | 1);
            for least in &mut least {
                *least = (*least).min(scatter(row));
                row = row.wrapping_add(step);
            }
        }
        Some(Signature(least.to_vec()))
    }

    /// The estimated share, 0 to 1, of shingles that two texts have in common.
    pub fn shared(&self, other: &Signature) -> f64 {
        self.agreeing(other) as f64 / ROWS as f64
    }

    fn agreeing(&self, other: &Signature) -> usize {
        let pairs = self.0.iter().zip(&other.0);
        pairs.filter(|(a, b)| a == b).count()
    }

    /// The numbers as bytes, little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|row| row.to_le_bytes()).collect()
    }

    /// The signature of bytes that [`Signature::to_bytes`] gave; `None` for any others.
    pub fn from_bytes(bytes: &[u8]) -> Option<Signature> {
        let rows: Vec<u32> = bytes
            .chunks_exact(4)
            .filter_map(|row| row.try_into().ok())
            .map(u32::from_le_bytes)
            .collect();
        (bytes.len() == 4 * ROWS).then_some(Signature(rows))
    }
}

fn hash_word(word: &str) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325;
    for c in word.chars().flat_map(char::to_lowercase) {
        hash = mix(hash ^ u64::from(c));
    }
    hash
}

/// The finish of SplitMix64 (Steele, Lea and Flood, 2014).
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

fn scatter(mut x: u32) -> u32 {
    x = (x ^ (x >> 16)).wrapping_mul(0x7FEB_352D);
    x = (x ^ (x >> 15)).wrapping_mul(0x846C_A68B);
    x ^ (x >> 16)
}

/// Numbers the sets of copies: by text, the first text of its set. A text without signature is
/// alone.
///
/// The answer depends on the texts and their order only. Cost: sorting each of 24 bands; a text
/// is compared with at most eight others in each.
pub fn find_copies(signatures: &[Option<Signature>]) -> Vec<u32> {
    let mut first: Vec<u32> = (0..signatures.len() as u32).collect();
    let mut bands: BTreeMap<&[u32], Vec<u32>> = BTreeMap::new();
    for band in 0..ROWS / BAND {
        bands.clear();
        for (signature, number) in signatures.iter().zip(0..) {
            let rows = signature
                .as_ref()
                .and_then(|s| s.0.get(band * BAND..(band + 1) * BAND));
            if let Some(rows) = rows {
                bands.entry(rows).or_default().push(number);
            }
        }
        for members in bands.values_mut().filter(|members| members.len() > 1) {
            // Equal texts side by side, so that the look back does not miss what is near.
            members.sort_by_key(|number| (&signatures[*number as usize], *number));
            for (at, &number) in members.iter().enumerate() {
                for &other in members[at.saturating_sub(LOOK_BACK)..at].iter().rev() {
                    join(&mut first, signatures, number, other);
                }
            }
        }
    }
    // A root is smaller than what hangs on it, so one pass in order flattens all.
    for at in 0..first.len() {
        first[at] = first[first[at] as usize];
    }
    first
}

fn join(first: &mut [u32], signatures: &[Option<Signature>], a: u32, b: u32) {
    let root = |mut at: u32| {
        while first[at as usize] != at {
            at = first[at as usize];
        }
        at
    };
    let (root_a, root_b) = (root(a), root(b));
    if root_a == root_b {
        return;
    }
    let (Some(one), Some(other)) = (&signatures[a as usize], &signatures[b as usize]) else {
        return;
    };
    if SAME <= one.agreeing(other) {
        first[root_a.max(root_b) as usize] = root_a.min(root_b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of `n` sentences that depend on a seed.
    fn text(seed: u64, n: u64) -> String {
        let words = [
            "alpha", "Bravo", "charlie", "delta", "echo", "fox", "golf", "hotel", "india",
        ];
        let word = |i: u64| words[(mix(seed * 7919 + i) % words.len() as u64) as usize];
        let sentence = |s: u64| {
            let words: Vec<&str> = (0..11).map(|i| word(s * 11 + i)).collect();
            format!("{}.", words.join(" "))
        };
        (0..n).map(sentence).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn copies_are_found() {
        let (wire, other) = (text(1, 30), text(2, 30));
        let with_lead = format!("NORTHPORT, Tuesday. {wire} Subscribe to read more of this.");
        let cut: String = wire.split_inclusive('.').take(26).collect();
        let half: String = wire.split_inclusive('.').take(13).collect();
        let loud = wire.to_uppercase().replace(' ', "\n ");
        // name, one text, another, whether they are copies
        let cases = [
            ("the same", &wire, &wire, true),
            ("white space and capitals", &wire, &loud, true),
            ("dateline and a line at the end", &wire, &with_lead, true),
            ("cut at the end", &wire, &cut, true),
            ("half", &wire, &half, false),
            ("another", &wire, &other, false),
        ];
        for (name, a, b, want) in cases {
            let signatures = [Signature::of(a), Signature::of(b)];
            let got = find_copies(&signatures) == [0, 0];
            assert_eq!(got, want, "{name}");
        }
    }

    #[test]
    fn short_texts_are_alone() {
        let short = "Ada Holm met Bo Lindqvist.";
        assert_eq!(Signature::of(short), None);
        assert_eq!(find_copies(&[None, None]), [0, 1]);
    }

    #[test]
    fn many_copies_are_one_set() {
        // Two hundred copies of one text, each with a head and a foot of its own.
        let wire = text(3, 40);
        let copy =
            |n: u64| Signature::of(&format!("{} {wire} {}", text(n + 10, 1), text(n + 900, 1)));
        let mut signatures: Vec<_> = (0..200).map(copy).collect();
        signatures.push(Signature::of(&text(5, 40)));
        let found = find_copies(&signatures);
        assert!(found[..200].iter().all(|first| *first == 0));
        assert_eq!(found[200], 200);
    }

    #[test]
    fn signatures_survive_a_file() {
        let signature = Signature::of(&text(1, 5)).unwrap();
        let bytes = signature.to_bytes();
        assert_eq!(Signature::from_bytes(&bytes), Some(signature));
        assert_eq!(Signature::from_bytes(&bytes[1..]), None);
    }
}
