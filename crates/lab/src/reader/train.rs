//! The training loop: batches, Adam, averaging.

use std::time::Instant;

use tieline_nlp::neural::{FixedVectors, Network, Parts, Reading, Scratch, Shape};

use super::backprop::{Dropout, Grads, Losses, Params, step};
use super::data::Example;
use crate::random::Random;

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Words in a batch, about.
    pub batch_words: usize,
    /// Batches in all.
    pub n_steps: usize,
    /// Highest learning rate (Adam, Kingma & Ba 2015).
    pub rate: f32,
    /// Dropout.
    pub dropout: Dropout,
    /// Seed of everything random.
    pub seed: u64,
    /// Threads; the result is the same for the same number.
    pub threads: usize,
}

struct Adam {
    first: Params,
    second: Params,
}

impl Adam {
    fn update(
        &mut self,
        params: &mut Params,
        grads: &Grads,
        scale: f32,
        rate: f32,
        t: u32,
        embed: usize,
    ) {
        const B1: f32 = 0.9;
        const B2: f32 = 0.98;
        let correct = ((1.0 - B2.powi(t as i32)).sqrt()) / (1.0 - B1.powi(t as i32));
        let one = |p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32]| {
            for (((p, g), m), v) in p.iter_mut().zip(g).zip(m).zip(v) {
                let g = g * scale;
                *m = B1 * *m + (1.0 - B1) * g;
                *v = B2 * *v + (1.0 - B2) * g * g;
                *p -= rate * correct * *m / (v.sqrt() + 1e-8);
            }
        };
        for i in 0..params.dense.len() {
            one(
                &mut params.dense[i],
                &grads.dense[i],
                &mut self.first.dense[i],
                &mut self.second.dense[i],
            );
        }
        // Rows without a gradient keep their state (lazy Adam).
        for row in &grads.touched {
            let at = *row as usize * embed;
            let range = at..at + embed;
            one(
                &mut params.hashed[range.clone()],
                &grads.hashed[range.clone()],
                &mut self.first.hashed[range.clone()],
                &mut self.second.hashed[range],
            );
        }
    }
}

/// Trains on examples; `source` gives the next one. `watch` is called with the averaged
/// parameters now and then.
pub fn train(
    shape: &Shape,
    fixed: &FixedVectors,
    plan: &Plan,
    mut source: impl FnMut(&mut Random) -> usize,
    examples: &[Example],
    watch: &mut dyn FnMut(usize, &Params),
) -> Params {
    let mut random = Random(plan.seed);
    let mut params = Params::new(shape, &mut random);
    let zero = Params {
        hashed: vec![0.0; params.hashed.len()],
        dense: params
            .dense
            .iter()
            .map(|matrix| vec![0.0; matrix.len()])
            .collect(),
    };
    let mut adam = Adam {
        first: zero.clone(),
        second: zero,
    };
    let mut average = params.clone();
    let mut grads: Vec<Grads> = (0..plan.threads).map(|_| Grads::new(shape)).collect();
    let start = Instant::now();
    let mut recent = Losses::default();
    let mut n_words = 0usize;
    for at in 1..=plan.n_steps {
        // Sentences of like length together cost least; take from a window.
        let mut batches: Vec<Vec<&Example>> = Vec::new();
        for _ in 0..plan.threads {
            let mut batch = Vec::new();
            let mut words = 0;
            while words < plan.batch_words / plan.threads {
                let example = &examples[source(&mut random)];
                words += example.words.len();
                batch.push(example);
            }
            n_words += words;
            batches.push(batch);
        }
        let seeds: Vec<u64> = batches.iter().map(|_| random.next()).collect();
        let losses: Vec<Losses> = std::thread::scope(|scope| {
            let handles: Vec<_> = batches
                .iter()
                .zip(&mut grads)
                .zip(&seeds)
                .map(|((batch, grads), seed)| {
                    let params = &params;
                    scope.spawn(move || {
                        grads.clear(shape.embed);
                        step(
                            shape,
                            params,
                            fixed,
                            batch,
                            plan.dropout,
                            &mut Random(*seed),
                            grads,
                        )
                    })
                })
                .collect();
            handles
                .into_iter()
                .map(|handle| handle.join().expect("a training thread"))
                .collect()
        });
        losses.iter().for_each(|loss| recent.add(loss));
        let (head, rest) = grads.split_at_mut(1);
        rest.iter()
            .for_each(|other| head[0].add(other, shape.embed));
        let words: usize = batches
            .iter()
            .flatten()
            .map(|example| example.words.len())
            .sum();
        let norm: f32 = head[0]
            .dense
            .iter()
            .flatten()
            .map(|g| g * g)
            .sum::<f32>()
            .sqrt();
        let scale = 1.0 / words as f32;
        let clip = (1.0 / (norm * scale)).min(1.0);
        let warm = (at as f32 / 200.0).min(1.0);
        let left = 1.0 - (at - 1) as f32 / plan.n_steps as f32;
        adam.update(
            &mut params,
            &head[0],
            scale * clip,
            plan.rate * warm * left,
            at as u32,
            shape.embed,
        );
        // Exponential average of the parameters, faster at the start.
        let keep = (1.0 - 10.0 / (at as f32 + 10.0)).min(0.9985);
        let blend = |average: &mut [f32], now: &[f32]| {
            average
                .iter_mut()
                .zip(now)
                .for_each(|(a, p)| *a += (1.0 - keep) * (p - *a));
        };
        for (average, now) in average.dense.iter_mut().zip(&params.dense) {
            blend(average, now);
        }
        if at % 8 == 0 || at == plan.n_steps {
            let keep = keep.powi(8);
            average
                .hashed
                .iter_mut()
                .zip(&params.hashed)
                .for_each(|(a, p)| *a += (1.0 - keep) * (p - *a));
        }
        if at % 200 == 0 {
            let rate = n_words as f64 / start.elapsed().as_secs_f64();
            let mean: Vec<String> = (0..5)
                .map(|i| format!("{:.4}", recent.sum[i] / recent.n[i].max(1) as f64))
                .collect();
            eprintln!(
                "step {at}/{} {:.0}s {rate:.0} words/s clip {clip:.2} losses {}",
                plan.n_steps,
                start.elapsed().as_secs_f64(),
                mean.join(" ")
            );
            recent = Losses::default();
        }
        if at % 2000 == 0 || at == plan.n_steps {
            watch(at, &average);
        }
    }
    average
}

/// Scores trees of examples: unlabelled and labelled attachment (universal relations), Penn tags.
pub fn tree_scores(network: &Network, examples: &[Example]) -> (f64, f64, f64) {
    use tieline_text::DepRel;
    let (mut reading, mut scratch) = (Reading::default(), Scratch::default());
    let (mut n, mut unlabelled, mut labelled, mut penn) = (0, 0, 0, 0);
    let words: Vec<_> = examples
        .iter()
        .flat_map(|e| e.words.iter().copied())
        .collect();
    let lengths: Vec<u32> = examples.iter().map(|e| e.words.len() as u32).collect();
    network.read(&words, &lengths, &mut reading, &mut scratch);
    let mut at = 0;
    for example in examples {
        for word in 0..example.words.len() {
            let head = reading.heads[at + word] == example.heads[word];
            let universal = |label: u8| DepRel::from_index(label).map(DepRel::universal);
            let label =
                universal(reading.relations[at + word]) == universal(example.relations[word]);
            n += 1;
            unlabelled += usize::from(head);
            labelled += usize::from(head && label);
            penn += usize::from(reading.penn[at + word] == example.penn[word]);
        }
        at += example.words.len();
    }
    let share = |k: usize| 100.0 * k as f64 / n.max(1) as f64;
    (share(unlabelled), share(labelled), share(penn))
}

/// The network of these parameters.
pub fn network_bytes(
    shape: &Shape,
    params: &Params,
    vectors: &(Vec<u64>, Vec<i8>, f32),
) -> Vec<u8> {
    let dense: Vec<&[f32]> = params.dense.iter().map(Vec::as_slice).collect();
    Network::to_bytes(&Parts {
        shape: *shape,
        hashed: &params.hashed,
        keys: &vectors.0,
        fixed: &vectors.1,
        fixed_scale: vectors.2,
        dense: &dense,
    })
}
