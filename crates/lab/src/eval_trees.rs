//! Scores trees against a gold treebank, on gold tokens.

use std::collections::BTreeSet;
use std::fmt;

use tieline_text::{DepRel, Upos};

use crate::conllu::{Row, Tree};

/// Percentages over one treebank. Labels are compared by their universal part.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TreeScores {
    /// Number of tokens.
    pub n_tokens: usize,
    /// Penn tags that are right.
    pub xpos: f64,
    /// Universal parts of speech that are right.
    pub upos: f64,
    /// Lemmas that are right, capitals ignored.
    pub lemma: f64,
    /// Heads that are right.
    pub uas: f64,
    /// Heads and labels that are right.
    pub las: f64,
    /// The same without punctuation.
    pub las_nopunct: f64,
    /// Verbs with their subject or object, names and fixed phrases taken as one node: precision,
    /// recall, F1.
    pub pairs: [f64; 3],
    /// Content words attached to the right node.
    pub content_uas: f64,
}

impl fmt::Display for TreeScores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "xpos {:.2} upos {:.2} lemma {:.2} uas {:.2} las {:.2} las_nopunct {:.2} pairs {:.2}/{:.2}/{:.2} content {:.2}",
            self.xpos,
            self.upos,
            self.lemma,
            self.uas,
            self.las,
            self.las_nopunct,
            self.pairs[0],
            self.pairs[1],
            self.pairs[2],
            self.content_uas
        )
    }
}

/// Relations that count for content attachment.
const CONTENT: [DepRel; 13] = [
    DepRel::Nsubj,
    DepRel::Obj,
    DepRel::Iobj,
    DepRel::Obl,
    DepRel::Nmod,
    DepRel::Amod,
    DepRel::Advmod,
    DepRel::Compound,
    DepRel::Appos,
    DepRel::Conj,
    DepRel::Acl,
    DepRel::Advcl,
    DepRel::Xcomp,
];
/// The rest of them.
const CONTENT_TOO: [DepRel; 3] = [DepRel::Ccomp, DepRel::Nummod, DepRel::Csubj];

/// The node that each token counts as: the first token of a name or of a fixed phrase.
fn groups(tree: &Tree) -> Vec<usize> {
    let mut group: Vec<usize> = (0..tree.len()).collect();
    for (idx, row) in tree.iter().enumerate() {
        if matches!(row.deprel.universal(), "flat" | "fixed") {
            group[idx] = row.head as usize;
        }
    }
    for start in 0..group.len() {
        // a chain is no longer than the sentence, whatever the file says
        for _ in 0..group.len() {
            let next = group[group[start]];
            if next == group[start] {
                break;
            }
            group[start] = next;
        }
    }
    group
}

/// Scores trees that have the same tokens. Returns `None` if they have not.
pub fn score(gold: &[Tree], system: &[Tree]) -> Option<TreeScores> {
    if gold.len() != system.len() {
        return None;
    }
    let mut n = 0usize;
    let (mut n_words, mut xpos, mut upos, mut lemma) = (0, 0, 0, 0);
    let (mut uas, mut las, mut las_words) = (0, 0, 0);
    let (mut content, mut content_right) = (0, 0);
    let (mut wanted, mut found, mut both) = (0, 0, 0);
    for (gold, system) in gold.iter().zip(system) {
        if gold.len() != system.len() {
            return None;
        }
        let group = groups(gold);
        let mut is_cop = vec![false; gold.len()];
        for row in gold {
            if row.deprel == DepRel::Cop {
                is_cop[row.head as usize] = true;
            }
        }
        let (mut want, mut got) = (BTreeSet::new(), BTreeSet::new());
        let core = |row: &Row| match row.deprel.universal() {
            "nsubj" => Some("nsubj"),
            "obj" => Some("obj"),
            _ => None,
        };
        for (idx, (g, s)) in gold.iter().zip(system).enumerate() {
            let same_head = g.head == s.head;
            let same_label = g.deprel.universal() == s.deprel.universal();
            let is_word = g.deprel != DepRel::Punct;
            n += 1;
            n_words += usize::from(is_word);
            xpos += usize::from(g.xpos == s.xpos);
            upos += usize::from(g.upos == s.upos);
            lemma += usize::from(g.lemma.to_lowercase() == s.lemma.to_lowercase());
            uas += usize::from(same_head);
            las += usize::from(same_head && same_label);
            las_words += usize::from(is_word && same_head && same_label);
            let (gold_head, system_head) = (g.head as usize, s.head as usize);
            let is_content = CONTENT
                .iter()
                .chain(&CONTENT_TOO)
                .any(|label| label.as_str() == g.deprel.universal());
            if gold_head != idx
                && is_content
                && !is_cop[gold_head]
                && !is_cop[idx]
                && group[idx] == idx
            {
                content += 1;
                content_right +=
                    usize::from(system_head != idx && group[system_head] == group[gold_head]);
                if gold[gold_head].upos == Upos::Verb
                    && let Some(label) = core(g)
                {
                    want.insert((group[gold_head], idx, label));
                }
            }
            if system_head != idx
                && gold[system_head].upos == Upos::Verb
                && !is_cop[system_head]
                && let Some(label) = core(s)
            {
                got.insert((group[system_head], group[idx], label));
            }
        }
        wanted += want.len();
        found += got.len();
        both += want.intersection(&got).count();
    }
    let share = |a: usize, b: usize| 100.0 * a as f64 / b.max(1) as f64;
    Some(TreeScores {
        n_tokens: n,
        xpos: share(xpos, n),
        upos: share(upos, n),
        lemma: share(lemma, n),
        uas: share(uas, n),
        las: share(las, n),
        las_nopunct: share(las_words, n_words),
        pairs: [
            share(both, found),
            share(both, wanted),
            share(2 * both, found + wanted),
        ],
        content_uas: share(content_right, content),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieline_text::Xpos;

    /// Head (counted from 1, 0 for the root), relation, part of speech.
    fn tree(rows: &[(u32, DepRel, Upos)]) -> Tree {
        let row = |(idx, (head, deprel, upos)): (usize, &(u32, DepRel, Upos))| Row {
            form: "a".to_owned(),
            lemma: "a".to_owned(),
            upos: *upos,
            xpos: Xpos::Nn,
            head: head.checked_sub(1).unwrap_or(idx as u32),
            deprel: *deprel,
            misc: String::new(),
        };
        rows.iter().enumerate().map(row).collect()
    }

    #[test]
    fn scores_of_small_trees() {
        use DepRel::{Flat, Nsubj, NsubjPass, Obj, Obl, Punct, Root};
        use Upos::{Noun, Propn, Verb};
        let gold = tree(&[
            (3, Nsubj, Propn),
            (1, Flat, Propn),
            (0, Root, Verb),
            (3, Obj, Noun),
            (3, Punct, Upos::Punct),
        ]);
        let with = |idx: usize, head: u32, label: DepRel| {
            let mut system = gold.clone();
            (system[idx].head, system[idx].deprel) = (head, label);
            system
        };
        // name, system, las, las without punctuation, pairs F1, content
        let cases = [
            ("the same", gold.clone(), 100.0, 100.0, 100.0, 100.0),
            (
                "a subtype is no error",
                with(0, 2, NsubjPass),
                100.0,
                100.0,
                100.0,
                100.0,
            ),
            (
                "a wrong label",
                with(3, 2, Obl),
                80.0,
                75.0,
                200.0 / 3.0,
                100.0,
            ),
            (
                "inside a name it is one node",
                with(1, 0, Obj),
                80.0,
                75.0,
                100.0,
                100.0,
            ),
            ("punctuation", with(4, 3, Punct), 80.0, 100.0, 100.0, 100.0),
            (
                "a wrong head",
                with(3, 0, Obj),
                80.0,
                75.0,
                200.0 / 3.0,
                50.0,
            ),
        ];
        for (name, system, las, las_nopunct, pairs, content) in cases {
            let scores = score(std::slice::from_ref(&gold), &[system]).unwrap();
            let got = (
                scores.las,
                scores.las_nopunct,
                scores.pairs[2],
                scores.content_uas,
            );
            let want = (las, las_nopunct, pairs, content);
            let near = [
                got.0 - want.0,
                got.1 - want.1,
                got.2 - want.2,
                got.3 - want.3,
            ];
            assert!(near.iter().all(|d| d.abs() < 1e-9), "{name}: {got:?}");
        }
        assert_eq!(score(&[gold], &[]), None, "different sentences");
    }
}
