//! Measures of coreference: MUC, B-cubed and CEAF-e.
//!
//! All three compare two sets of clusters over mentions, the key (gold) and the response (ours),
//! whose mentions need not be the same, in the way of the reference scorer (Pradhan et al. 2014).
//! Sums run over documents before the division. Mentions are compared by equality.

use std::collections::BTreeMap;

use super::assign::best_assignment;

/// Numerators and denominators of precision and recall.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ratio {
    precision: (f64, f64),
    recall: (f64, f64),
}

impl Ratio {
    /// Per cent; 0 where nothing was found.
    pub fn precision(&self) -> f64 {
        share(self.precision)
    }

    /// Per cent; 0 where the key is empty.
    pub fn recall(&self) -> f64 {
        share(self.recall)
    }

    /// Harmonic mean of both, in per cent.
    pub fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r > 0.0 {
            2.0 * p * r / (p + r)
        } else {
            0.0
        }
    }

    fn add(&mut self, precision: (f64, f64), recall: (f64, f64)) {
        self.precision.0 += precision.0;
        self.precision.1 += precision.1;
        self.recall.0 += recall.0;
        self.recall.1 += recall.1;
    }
}

fn share((part, whole): (f64, f64)) -> f64 {
    if whole > 0.0 {
        100.0 * part / whole
    } else {
        0.0
    }
}

/// Sums over documents.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CorefScores {
    /// Mentions found, whatever their cluster.
    pub mentions: Ratio,
    /// Links that a clustering needs, present in the other (Vilain et al. 1995). Clusters of one
    /// mention count for nothing.
    pub muc: Ratio,
    /// For each mention, how much of its cluster is in the other's (Bagga and Baldwin 1998).
    pub b_cubed: Ratio,
    /// Similarity (phi 4) of clusters, aligned one to one as well as can be (Luo 2005).
    pub ceaf_e: Ratio,
}

impl CorefScores {
    /// Mean of the three F1 values, as in the CoNLL-2012 task.
    pub fn average(&self) -> f64 {
        (self.muc.f1() + self.b_cubed.f1() + self.ceaf_e.f1()) / 3.0
    }

    /// Adds one document. A mention stands in one cluster of a side at most; where it stands in
    /// more, the last counts.
    pub fn add<M: Ord + Copy>(&mut self, key: &[Vec<M>], response: &[Vec<M>]) {
        let (of_key, of_response) = (clusters_of(key), clusters_of(response));
        let both = of_key
            .keys()
            .filter(|mention| of_response.contains_key(mention))
            .count() as f64;
        self.mentions.add(
            (both, of_response.len() as f64),
            (both, of_key.len() as f64),
        );
        self.muc
            .add(links(response, &of_key), links(key, &of_response));
        self.b_cubed
            .add(overlap(response, &of_key), overlap(key, &of_response));
        let rows: Vec<Vec<f64>> = key
            .iter()
            .map(|k| response.iter().map(|r| phi4(k, r)).collect())
            .collect();
        let similarity: f64 = best_assignment(&rows)
            .into_iter()
            .enumerate()
            .filter_map(|(row, column)| Some(rows[row][column?]))
            .sum();
        self.ceaf_e.add(
            (similarity, response.len() as f64),
            (similarity, key.len() as f64),
        );
    }
}

/// The cluster of each mention.
fn clusters_of<M: Ord + Copy>(clusters: &[Vec<M>]) -> BTreeMap<M, usize> {
    let pairs = clusters.iter().enumerate();
    pairs
        .flat_map(|(idx, cluster)| cluster.iter().map(move |mention| (*mention, idx)))
        .collect()
}

/// How many parts each cluster falls into on the other side; a mention that the other side
/// lacks is a part of its own. Links kept, and links needed.
fn links<M: Ord + Copy>(clusters: &[Vec<M>], other: &BTreeMap<M, usize>) -> (f64, f64) {
    let (mut kept, mut needed) = (0.0, 0.0);
    for cluster in clusters {
        let mut parts: Vec<usize> = Vec::new();
        let mut alone = 0;
        for mention in cluster {
            match other.get(mention) {
                Some(part) => parts.push(*part),
                None => alone += 1,
            }
        }
        parts.sort_unstable();
        parts.dedup();
        kept += cluster.len() as f64 - (parts.len() + alone) as f64;
        needed += cluster.len() as f64 - 1.0;
    }
    (kept, needed)
}

/// Sum over mentions of the share of their cluster that stands together on the other side, and
/// the number of mentions.
fn overlap<M: Ord + Copy>(clusters: &[Vec<M>], other: &BTreeMap<M, usize>) -> (f64, f64) {
    let (mut sum, mut count) = (0.0, 0.0);
    for cluster in clusters {
        let mut together: BTreeMap<usize, f64> = BTreeMap::new();
        for part in cluster.iter().filter_map(|mention| other.get(mention)) {
            *together.entry(*part).or_default() += 1.0;
        }
        let size = cluster.len() as f64;
        sum += together.values().map(|n| n * n / size).sum::<f64>();
        count += size;
    }
    (sum, count)
}

/// Twice the shared mentions over those of both.
fn phi4<M: Ord>(a: &[M], b: &[M]) -> f64 {
    let shared = a.iter().filter(|mention| b.contains(mention)).count();
    2.0 * shared as f64 / (a.len() + b.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clusters(text: &str) -> Vec<Vec<char>> {
        text.split(' ').map(|part| part.chars().collect()).collect()
    }

    /// Precision and recall in per mille.
    type Pair = (u32, u32);

    #[test]
    fn textbook_examples() {
        // Values worked out by hand in: Vilain et al. 1995; Bagga and Baldwin 1998; Luo 2005,
        // table 1, systems a to d; Pradhan et al. 2014, section 4.
        // name, key, response, MUC, B-cubed, CEAF-e
        let cases: [(&str, &str, &str, Pair, Pair, Pair); 7] = [
            (
                "two halves of a chain",
                "abcd",
                "ab cd",
                (1000, 667),
                (1000, 500),
                (333, 667),
            ),
            (
                "the small cluster joined to a large one",
                "12345 67 89abc",
                "12345 6789abc",
                (900, 1000),
                (762, 1000),
                (917, 611),
            ),
            (
                "the two large ones joined",
                "12345 67 89abc",
                "1234589abc 67",
                (900, 1000),
                (583, 1000),
                (833, 556),
            ),
            (
                "all in one",
                "12345 67 89abc",
                "123456789abc",
                (818, 1000),
                (375, 1000),
                (588, 196),
            ),
            (
                "each alone",
                "12345 67 89abc",
                "1 2 3 4 5 6 7 8 9 a b c",
                (0, 0),
                (1000, 250),
                (111, 444),
            ),
            (
                "mentions missed and invented",
                "abc defg",
                "ab cd fghi",
                (400, 400),
                (500, 417),
                (433, 650),
            ),
            (
                "the same",
                "abc de",
                "ed cab",
                (1000, 1000),
                (1000, 1000),
                (1000, 1000),
            ),
        ];
        for (name, key, response, muc, b_cubed, ceaf_e) in cases {
            let mut scores = CorefScores::default();
            scores.add(&clusters(key), &clusters(response));
            let mille = |ratio: &Ratio| {
                let round = |percent: f64| (10.0 * percent).round() as u32;
                (round(ratio.precision()), round(ratio.recall()))
            };
            assert_eq!(mille(&scores.muc), muc, "{name}: MUC");
            assert_eq!(mille(&scores.b_cubed), b_cubed, "{name}: B-cubed");
            assert_eq!(mille(&scores.ceaf_e), ceaf_e, "{name}: CEAF-e");
        }
    }

    #[test]
    fn documents_add_up_and_nothing_divides_by_zero() {
        let mut scores = CorefScores::default();
        scores.add::<char>(&[], &[]);
        assert_eq!((scores.average(), scores.mentions.f1()), (0.0, 0.0));
        scores.add(&clusters("ab"), &clusters("ab"));
        scores.add(&clusters("cd"), &[]);
        // one document whole, one missed: recall one half in all four
        for ratio in [scores.mentions, scores.muc, scores.b_cubed, scores.ceaf_e] {
            assert_eq!((ratio.precision(), ratio.recall()), (100.0, 50.0));
        }
    }
}
