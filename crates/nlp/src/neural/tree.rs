//! The best tree over scored arcs.

/// Buffers of [`best_tree`], kept between sentences.
#[derive(Debug, Default)]
pub struct TreeScratch {
    in_tree: Vec<bool>,
    state: Vec<u32>,
}

/// Finds a tree of high score: the head of every word of a sentence of `n` words.
///
/// `scores` has a row for each word and `n + 1` columns: column 0 is the artificial root, column
/// `i + 1` word `i`. `heads[i]` becomes the index of the head of word `i`, the root's own index
/// for the root. Exactly one word hangs on the artificial root.
///
/// Each word first takes its best head (nearly always a tree already, as the scores were trained
/// that way). Otherwise the best root is fixed and loose parts are hung under it, the cheapest arc
/// first: not the exact maximum of Chu & Liu (1965) and Edmonds (1967), but always a tree.
pub fn best_tree(scores: &[f32], n: usize, heads: &mut Vec<u32>, scratch: &mut TreeScratch) {
    heads.clear();
    if n == 0 {
        return;
    }
    let width = n + 1;
    debug_assert_eq!(scores.len(), n * width);
    for (word, row) in scores.chunks_exact(width).enumerate() {
        let mut best = (f32::NEG_INFINITY, 0);
        for (column, score) in row.iter().enumerate() {
            if column != word + 1 && *score > best.0 {
                best = (*score, column);
            }
        }
        heads.push(best.1 as u32);
    }
    let n_roots = heads.iter().filter(|head| **head == 0).count();
    if n_roots != 1 || !leads_to_root(heads, &mut scratch.state) {
        // The one root: the word for which the whole changes least.
        let gain = |word: usize| {
            let row = &scores[word * width..][..width];
            let other = row
                .iter()
                .enumerate()
                .skip(1)
                .filter(|(column, _)| *column != word + 1);
            row[0]
                - other
                    .map(|(_, score)| *score)
                    .fold(f32::NEG_INFINITY, f32::max)
        };
        let mut root = (f32::NEG_INFINITY, 0);
        for word in 0..n {
            let gain = gain(word);
            if gain > root.0 {
                root = (gain, word);
            }
        }
        repair(scores, n, root.1, heads, scratch);
    }
    for (word, head) in heads.iter_mut().enumerate() {
        *head = head.checked_sub(1).unwrap_or(word as u32);
    }
}

/// Whether following heads (0 is the root, `i + 1` word `i`) ends at the root from everywhere.
fn leads_to_root(heads: &[u32], state: &mut Vec<u32>) -> bool {
    state.clear();
    state.resize(heads.len(), 0);
    for start in 0..heads.len() {
        let walk = start as u32 + 1;
        let mut at = start;
        while state[at] == 0 {
            state[at] = walk;
            match heads[at] {
                0 => break,
                head => at = head as usize - 1,
            }
            if state[at] == walk {
                return false;
            }
        }
    }
    true
}

/// Breaks every cycle, and hangs every other root, at the arc that loses least, until one tree is
/// left. Each round joins at least one component to the tree of `root`, so it ends; a sentence
/// rarely needs more than one round.
fn repair(scores: &[f32], n: usize, root: usize, heads: &mut [u32], scratch: &mut TreeScratch) {
    let width = n + 1;
    heads[root] = 0;
    let TreeScratch { in_tree, state } = scratch;
    loop {
        // Which words already hang under the root?
        in_tree.clear();
        in_tree.resize(n, false);
        state.clear();
        state.resize(n, 0);
        in_tree[root] = true;
        state[root] = u32::MAX;
        let mut missing = 0;
        for start in 0..n {
            let walk = start as u32 + 1;
            let mut at = start;
            while state[at] == 0 {
                state[at] = walk;
                match heads[at] {
                    0 => break,
                    head => at = head as usize - 1,
                }
            }
            let reaches = in_tree[at];
            let mut at = start;
            while state[at] == walk && in_tree[at] != reaches {
                in_tree[at] = reaches;
                match heads[at] {
                    0 => break,
                    head => at = head as usize - 1,
                }
            }
            missing += usize::from(!in_tree[start]);
        }
        if missing == 0 {
            return;
        }
        // The cheapest way to hang a loose word under a word of the tree.
        let mut choice = (f32::NEG_INFINITY, usize::MAX, 0);
        for word in (0..n).filter(|word| !in_tree[*word]) {
            let row = &scores[word * width..][..width];
            let now = heads[word] as usize;
            for head in (0..n).filter(|head| in_tree[*head]) {
                let loss = row[head + 1] - row[now];
                if loss > choice.0 || choice.1 == usize::MAX {
                    choice = (loss, word, head + 1);
                }
            }
        }
        heads[choice.1] = choice.2 as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(rows: &[&[f32]]) -> Vec<u32> {
        let mut heads = Vec::new();
        best_tree(
            &rows.concat(),
            rows.len(),
            &mut heads,
            &mut TreeScratch::default(),
        );
        heads
    }

    #[test]
    #[allow(clippy::type_complexity)] // a table of cases
    fn small_trees() {
        let no = f32::NEG_INFINITY;
        // name, scores, heads (the root heads itself)
        let cases: [(&str, &[&[f32]], &[u32]); 4] = [
            ("one word", &[&[0.0, 9.0]], &[0]),
            (
                "already a tree",
                &[&[0.0, no, 5.0], &[4.0, 1.0, no]],
                &[1, 1],
            ),
            ("two roots", &[&[5.0, no, 1.0], &[9.0, 0.0, no]], &[1, 1]),
            ("a cycle", &[&[0.0, no, 5.0], &[1.0, 5.0, no]], &[1, 1]),
        ];
        for (name, scores, want) in cases {
            assert_eq!(tree(scores), want, "{name}");
        }
    }

    #[test]
    fn always_one_tree() {
        let mut seed = 7u64;
        let mut next = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as f32 / 2f32.powi(31)
        };
        for n in 1..40 {
            let scores: Vec<f32> = (0..n * (n + 1)).map(|_| next()).collect();
            let mut heads = Vec::new();
            best_tree(&scores, n, &mut heads, &mut TreeScratch::default());
            let roots = (0..n).filter(|i| heads[*i] as usize == *i).count();
            assert_eq!(roots, 1, "{n} words");
            for start in 0..n {
                let mut at = start;
                for _ in 0..n {
                    at = heads[at] as usize;
                }
                assert_eq!(
                    heads[at] as usize, at,
                    "word {start} of {n} leads to the root"
                );
            }
        }
        let nan = vec![f32::NAN; 12];
        best_tree(&nan, 3, &mut Vec::new(), &mut TreeScratch::default());
    }
}
