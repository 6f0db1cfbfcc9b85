//! Linear-chain conditional random field over the labels of one sentence.
//!
//! J. Lafferty, A. McCallum, F. Pereira: Conditional random fields (2001). Transitions that
//! break a name are impossible; the others have weights.

use super::labels::{N_LABELS, OUTSIDE, closes, follows, opens};

/// Scores of all labels of one token, natural log; only differences mean anything.
pub type Scores = [f32; N_LABELS];

/// Weights of the steps from a label to the next.
#[derive(Clone, Debug)]
pub struct Transitions {
    /// `weights[from][to]`, natural log.
    pub weights: [[f32; N_LABELS]; N_LABELS],
    /// For each label those that may stand before it.
    before: Vec<Vec<u8>>,
    /// For each label those that may follow.
    after: Vec<Vec<u8>>,
}

impl Default for Transitions {
    fn default() -> Transitions {
        let list = |legal: &dyn Fn(usize, usize) -> bool| {
            (0..N_LABELS)
                .map(|a| {
                    (0..N_LABELS)
                        .filter(|b| legal(a, *b))
                        .map(|b| b as u8)
                        .collect()
                })
                .collect()
        };
        Transitions {
            weights: [[0.0; N_LABELS]; N_LABELS],
            before: list(&|a, b| follows(b, a)),
            after: list(&|a, b| follows(a, b)),
        }
    }
}

impl Transitions {
    /// The labels that may stand before `label`.
    pub fn before(&self, label: usize) -> &[u8] {
        &self.before[label]
    }
}

/// Best labels of a sentence into `labels`, which is cleared first; `back` is a buffer.
pub fn best_path(
    scores: &[Scores],
    transitions: &Transitions,
    back: &mut Vec<[u8; N_LABELS]>,
    labels: &mut Vec<u8>,
) {
    labels.clear();
    back.clear();
    let Some(first) = scores.first() else { return };
    let mut row = [f32::NEG_INFINITY; N_LABELS];
    for label in (0..N_LABELS).filter(|label| opens(*label)) {
        row[label] = first[label];
    }
    back.push([0; N_LABELS]);
    for now in &scores[1..] {
        let mut next = [f32::NEG_INFINITY; N_LABELS];
        let mut from = [0u8; N_LABELS];
        for label in 0..N_LABELS {
            let mut best = f32::NEG_INFINITY;
            let mut arg = 0;
            for before in &transitions.before[label] {
                let before = usize::from(*before);
                let score = row[before] + transitions.weights[before][label];
                if best < score {
                    best = score;
                    arg = before;
                }
            }
            next[label] = best + now[label];
            from[label] = arg as u8;
        }
        row = next;
        back.push(from);
    }
    let mut last = OUTSIDE;
    for label in (0..N_LABELS).filter(|label| closes(*label)) {
        if row[last] < row[label] {
            last = label;
        }
    }
    let mut label = last as u8;
    for from in back.iter().rev() {
        labels.push(label);
        label = from[usize::from(label)];
    }
    labels.reverse();
}

/// Forward and backward sums of a sentence, scaled so that every forward row adds up to 1.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    /// Emissions as probabilities relative to the best label of the token.
    emit: Vec<Scores>,
    forward: Vec<Scores>,
    backward: Vec<Scores>,
    /// Divisor of each forward row.
    scale: Vec<f32>,
    /// `exp` of the transition weights.
    step: Vec<Scores>,
}

impl Sums {
    /// Takes over new transition weights; needed before [`Sums::run`].
    pub fn set_transitions(&mut self, transitions: &Transitions) {
        self.step.clear();
        self.step.resize(N_LABELS, [0.0; N_LABELS]);
        for (from, row) in self.step.iter_mut().enumerate() {
            for to in &transitions.after[from] {
                let to = usize::from(*to);
                row[to] = transitions.weights[from][to].exp();
            }
        }
    }

    /// Computes all sums. `allowed[i]` has a bit for each label that token `i` may have.
    pub fn run(&mut self, scores: &[Scores], transitions: &Transitions, allowed: Option<&[u32]>) {
        let n = scores.len();
        self.emit.clear();
        self.forward.clear();
        self.scale.clear();
        self.backward.clear();
        self.backward.resize(n, [0.0; N_LABELS]);
        for (idx, row) in scores.iter().enumerate() {
            let mask = allowed
                .and_then(|a| a.get(idx))
                .copied()
                .unwrap_or(u32::MAX);
            let legal = |label: usize| {
                mask >> label & 1 == 1
                    && (idx > 0 || opens(label))
                    && (idx + 1 < n || closes(label))
            };
            let top = (0..N_LABELS)
                .filter(|label| legal(*label))
                .fold(f32::NEG_INFINITY, |top, label| top.max(row[label]));
            let mut emit = [0.0; N_LABELS];
            for label in (0..N_LABELS).filter(|label| legal(*label)) {
                emit[label] = (row[label] - top).exp();
            }
            let mut forward = emit;
            if let Some(last) = self.forward.last() {
                for (label, value) in forward.iter_mut().enumerate() {
                    let mut sum = 0.0;
                    for before in &transitions.before[label] {
                        let before = usize::from(*before);
                        sum += last[before] * self.step[before][label];
                    }
                    *value *= sum;
                }
            }
            let total: f32 = forward.iter().sum::<f32>().max(1e-30);
            forward.iter_mut().for_each(|x| *x /= total);
            self.emit.push(emit);
            self.forward.push(forward);
            self.scale.push(total);
        }
        for idx in (0..n).rev() {
            if idx + 1 == n {
                self.backward[idx] = [1.0; N_LABELS];
                continue;
            }
            let mut ahead = self.backward[idx + 1];
            for (value, emit) in ahead.iter_mut().zip(&self.emit[idx + 1]) {
                *value *= emit;
            }
            let divisor = self.scale[idx + 1];
            for label in 0..N_LABELS {
                let mut sum = 0.0;
                for after in &transitions.after[label] {
                    let after = usize::from(*after);
                    sum += ahead[after] * self.step[label][after];
                }
                self.backward[idx][label] = sum / divisor;
            }
        }
    }

    /// Probability of each label of one token.
    pub fn marginals(&self, idx: usize) -> Scores {
        let mut row = self.forward[idx];
        for (value, after) in row.iter_mut().zip(&self.backward[idx]) {
            *value *= after;
        }
        let total: f32 = row.iter().sum::<f32>().max(1e-30);
        row.map(|value| value / total)
    }

    /// Probability that token `idx` has label `from` and the next one label `to`.
    pub fn pair(&self, idx: usize, from: usize, to: usize) -> f32 {
        self.forward[idx][from]
            * self.step[from][to]
            * self.emit[idx + 1][to]
            * self.backward[idx + 1][to]
            / self.scale[idx + 1]
    }

    /// Probability of a run of labels that starts at token `start`, 0 to 1.
    pub fn path(&self, start: usize, labels: &[u8]) -> f32 {
        let Some((first, rest)) = labels.split_first() else {
            return 1.0;
        };
        let mut last = usize::from(*first);
        let mut share = self.forward[start][last];
        for (idx, label) in (start + 1..).zip(rest) {
            let label = usize::from(*label);
            share *= self.step[last][label] * self.emit[idx][label] / self.scale[idx];
            last = label;
        }
        let share = share * self.backward[start + labels.len() - 1][last];
        if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::labels::{Place, label};
    use super::*;

    /// All label sequences of a sentence with their scores.
    fn enumerate(scores: &[Scores], transitions: &Transitions) -> Vec<(Vec<u8>, f32)> {
        let mut paths: Vec<(Vec<u8>, f32)> = vec![(vec![], 0.0)];
        for (idx, row) in scores.iter().enumerate() {
            let mut next = Vec::new();
            for (path, sum) in &paths {
                for (to, score) in row.iter().enumerate() {
                    let step = match path.last() {
                        None if opens(to) => 0.0,
                        Some(from) if follows(usize::from(*from), to) => {
                            transitions.weights[usize::from(*from)][to]
                        }
                        _ => continue,
                    };
                    if idx + 1 == scores.len() && !closes(to) {
                        continue;
                    }
                    let mut path = path.clone();
                    path.push(to as u8);
                    next.push((path, sum + step + score));
                }
            }
            paths = next;
        }
        paths
    }

    #[test]
    fn sums_and_best_path_agree_with_enumeration() {
        let mut transitions = Transitions::default();
        let mut state = 1u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32 * 4.0 - 2.0
        };
        for row in &mut transitions.weights {
            row.iter_mut().for_each(|w| *w = random());
        }
        let scores: Vec<Scores> = (0..3).map(|_| std::array::from_fn(|_| random())).collect();
        let paths = enumerate(&scores, &transitions);
        let total: f32 = paths.iter().map(|(_, score)| score.exp()).sum();
        let (mut back, mut labels) = (Vec::new(), Vec::new());
        best_path(&scores, &transitions, &mut back, &mut labels);
        let best = paths.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        assert_eq!(labels, best.0);
        let mut sums = Sums::default();
        sums.set_transitions(&transitions);
        sums.run(&scores, &transitions, None);
        let share = |filter: &dyn Fn(&[u8]) -> bool| {
            let kept = paths.iter().filter(|(path, _)| filter(path));
            kept.map(|(_, score)| score.exp()).sum::<f32>() / total
        };
        for to in 0..N_LABELS {
            let want = share(&|path| usize::from(path[1]) == to);
            assert!((sums.marginals(1)[to] - want).abs() < 1e-4, "label {to}");
            let want = share(&|path| path[0] == 0 && usize::from(path[1]) == to);
            assert!((sums.pair(0, 0, to) - want).abs() < 1e-4, "pair to {to}");
        }
        let name = [label(2, Place::Begin) as u8, label(2, Place::Last) as u8];
        let want = share(&|path| path[..2] == name);
        assert!((sums.path(0, &name) - want).abs() < 1e-4);
        assert!((sums.path(0, &best.0) - best.1.exp() / total).abs() < 1e-4);
    }

    #[test]
    fn empty_sentence() {
        let mut labels = vec![7];
        best_path(&[], &Transitions::default(), &mut Vec::new(), &mut labels);
        assert!(labels.is_empty());
    }
}
