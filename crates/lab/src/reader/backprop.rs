//! The loss of a batch and its gradient, by hand: the same sums as `nlp::neural` computes, kept
//! for the way back.

use tieline_nlp::neural::features::{N_FEATURES, OF_THE_WORD, WordInput};
use tieline_nlp::neural::kernel::{Packed, lstm_step_traced, padded};
use tieline_nlp::neural::{FixedVectors, Shape};

use super::data::Example;
use crate::random::Random;

/// Label of a word whose label is not known: no loss.
pub const UNKNOWN: u8 = 255;

/// Trained numbers.
#[derive(Clone, Debug)]
pub struct Params {
    /// Hashed embedding, row-major.
    pub hashed: Vec<f32>,
    /// Dense matrices in the order of [`Shape::dense`].
    pub dense: Vec<Vec<f32>>,
}

impl Params {
    /// Small random numbers (Glorot & Bengio 2010), zero biases, open forget gates.
    pub fn new(shape: &Shape, random: &mut Random) -> Params {
        let mut uniform = |n: usize, limit: f32| -> Vec<f32> {
            (0..n)
                .map(|_| (2.0 * random.unit() - 1.0) * limit)
                .collect()
        };
        let hashed = uniform(shape.rows * shape.embed, 0.05);
        let mut dense = Vec::new();
        for (rows, columns) in shape.dense() {
            if rows == 1 {
                dense.push(vec![0.0; columns]);
            } else {
                dense.push(uniform(
                    rows * columns,
                    (6.0 / (rows + columns) as f32).sqrt(),
                ));
            }
        }
        // Root views start apart from zero, so that the rectified heads see them.
        let n = dense.len();
        dense[n - 4] = uniform(shape.arc, 0.3).into_iter().map(f32::abs).collect();
        dense[n - 1] = uniform(shape.label, 0.3)
            .into_iter()
            .map(f32::abs)
            .collect();
        Params { hashed, dense }
    }
}

/// Gradients of [`Params`].
#[derive(Clone, Debug)]
pub struct Grads {
    /// As the hashed embedding; only rows in `touched` may differ from zero.
    pub hashed: Vec<f32>,
    /// Rows of the hashed embedding with a gradient, each once.
    pub touched: Vec<u32>,
    is_touched: Vec<bool>,
    /// As the dense matrices.
    pub dense: Vec<Vec<f32>>,
}

impl Grads {
    /// Zeros.
    pub fn new(shape: &Shape) -> Grads {
        Grads {
            hashed: vec![0.0; shape.rows * shape.embed],
            touched: Vec::new(),
            is_touched: vec![false; shape.rows],
            dense: shape
                .dense()
                .iter()
                .map(|(rows, columns)| vec![0.0; rows * columns])
                .collect(),
        }
    }

    /// Back to zeros.
    pub fn clear(&mut self, embed: usize) {
        for row in self.touched.drain(..) {
            self.is_touched[row as usize] = false;
            self.hashed[row as usize * embed..][..embed].fill(0.0);
        }
        self.dense.iter_mut().for_each(|matrix| matrix.fill(0.0));
    }

    /// Adds another gradient.
    pub fn add(&mut self, other: &Grads, embed: usize) {
        for row in &other.touched {
            self.touch(*row);
            let at = *row as usize * embed;
            for (to, from) in self.hashed[at..at + embed]
                .iter_mut()
                .zip(&other.hashed[at..])
            {
                *to += from;
            }
        }
        for (to, from) in self.dense.iter_mut().zip(&other.dense) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        }
    }

    fn touch(&mut self, row: u32) {
        if !std::mem::replace(&mut self.is_touched[row as usize], true) {
            self.touched.push(row);
        }
    }
}

/// Rates of dropout.
#[derive(Clone, Copy, Debug)]
pub struct Dropout {
    /// Of whole words (their own features; affixes stay).
    pub word: f32,
    /// Of numbers in the input of a layer, the same ones for all words of a sentence
    /// (Gal & Ghahramani 2016).
    pub input: f32,
    /// The same behind the encoder.
    pub output: f32,
}

/// Summed losses (natural log) and the number of words behind each: Penn tags, universal tags,
/// arcs, relations, names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Losses {
    /// Sums.
    pub sum: [f64; 5],
    /// Words.
    pub n: [usize; 5],
}

impl Losses {
    /// Adds another.
    pub fn add(&mut self, other: &Losses) {
        for i in 0..5 {
            self.sum[i] += other.sum[i];
            self.n[i] += other.n[i];
        }
    }
}

/// Rows of a batch: ordered by position, then by sentence, the longest first.
struct Layout {
    order: Vec<usize>,
    steps: Vec<usize>,
}

impl Layout {
    fn new(batch: &[&Example]) -> Layout {
        let mut order: Vec<usize> = (0..batch.len()).collect();
        order.sort_by_key(|sentence| std::cmp::Reverse(batch[*sentence].words.len()));
        let mut steps = vec![0];
        let (mut active, mut row) = (order.len(), 0);
        for step in 0..batch[order[0]].words.len() {
            while batch[order[active - 1]].words.len() <= step {
                active -= 1;
            }
            row += active;
            steps.push(row);
        }
        Layout { order, steps }
    }

    fn n_rows(&self) -> usize {
        self.steps[self.steps.len() - 1]
    }

    /// For each row, the row before it in the order of reading of a side.
    fn before(&self, side: usize) -> Vec<Option<usize>> {
        let mut before = vec![None; self.n_rows()];
        for step in 1..self.steps.len() - 1 {
            let (from, to) = (self.steps[step], self.steps[step + 1]);
            for row in from..to {
                let other = self.steps[step - 1] + row - from;
                if side == 0 {
                    before[row] = Some(other);
                } else {
                    before[other] = Some(row);
                }
            }
        }
        before
    }
}

/// `c += a * b` for row-major matrices.
fn product(a: &[f32], b: &[f32], k: usize, n: usize, c: &mut [f32], pack: &mut Packed) {
    pack.fill(b, k, n);
    pack.multiply_into(a, c);
}

fn transpose(matrix: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut out = vec![0.0; rows * columns];
    const BLOCK: usize = 16;
    for r0 in (0..rows).step_by(BLOCK) {
        for c0 in (0..columns).step_by(BLOCK) {
            for r in r0..rows.min(r0 + BLOCK) {
                for c in c0..columns.min(c0 + BLOCK) {
                    out[c * rows + r] = matrix[r * columns + c];
                }
            }
        }
    }
    out
}

fn add_columns(matrix: &[f32], columns: usize, sums: &mut [f32]) {
    for row in matrix.chunks_exact(columns) {
        sums.iter_mut()
            .zip(row)
            .for_each(|(sum, value)| *sum += value);
    }
}

/// What one direction of a layer keeps for the way back.
struct Trace {
    gates: Vec<f32>,
    cells: Vec<f32>,
    squashed: Vec<f32>,
    hidden: Vec<f32>,
}

fn forward(
    layout: &Layout,
    side: usize,
    input: &[f32],
    weights: &[Vec<f32>],
    k: usize,
    h: usize,
) -> Trace {
    let n_rows = layout.n_rows();
    let width = 3 * h;
    let mut pack = Packed::default();
    let mut gates = Vec::with_capacity(n_rows * width);
    (0..n_rows).for_each(|_| gates.extend_from_slice(&weights[2]));
    product(input, &weights[0], k, width, &mut gates, &mut pack);
    pack.fill(&weights[1], h, width);
    let mut cells = vec![0.0; n_rows * h];
    let mut hidden = vec![0.0; n_rows * h];
    let mut squashed = vec![0.0; n_rows * h];
    let mut old_cells = Vec::new();
    let n_steps = layout.steps.len() - 1;
    let mut old = Vec::new();
    for i in 0..n_steps {
        let step = if side == 0 { i } else { n_steps - 1 - i };
        let (from, to) = (layout.steps[step], layout.steps[step + 1]);
        let (start, n_before) = if side == 0 {
            if step == 0 {
                (0, 0)
            } else {
                (layout.steps[step - 1], to - from)
            }
        } else {
            (to, layout.steps.get(step + 2).map_or(0, |end| end - to))
        };
        old.clear();
        old.extend_from_slice(&hidden[start * h..(start + n_before) * h]);
        pack.multiply_into(&old, &mut gates[from * width..(from + n_before) * width]);
        old_cells.clear();
        old_cells.extend_from_slice(&cells[start * h..(start + n_before) * h]);
        lstm_step_traced(
            &mut gates[from * width..to * width],
            &old_cells,
            &mut cells[from * h..to * h],
            &mut squashed[from * h..to * h],
            &mut hidden[from * h..to * h],
            h,
        );
    }
    Trace {
        gates,
        cells,
        squashed,
        hidden,
    }
}

/// Adds to the gradients of the weights and of the input.
#[allow(clippy::too_many_arguments)]
fn backward(
    layout: &Layout,
    side: usize,
    input_transposed: &[f32],
    weights: &[Vec<f32>],
    k: usize,
    h: usize,
    trace: &mut Trace,
    mut d_hidden: Vec<f32>,
    grads: &mut [Vec<f32>],
    d_input: &mut [f32],
) {
    let n_rows = layout.n_rows();
    let width = 3 * h;
    let before = layout.before(side);
    let mut pack = Packed::default();
    pack.fill(&transpose(&weights[1], h, width), width, h);
    let mut d_cells = vec![0.0; n_rows * h];
    let n_steps = layout.steps.len() - 1;
    let mut d_old = Vec::new();
    for i in 0..n_steps {
        let step = if side == 0 { n_steps - 1 - i } else { i };
        let (from, to) = (layout.steps[step], layout.steps[step + 1]);
        for row in from..to {
            let gates = &mut trace.gates[row * width..][..width];
            for j in 0..h {
                let (f, o, g) = (gates[j], gates[h + j], gates[2 * h + j]);
                let squashed = trace.squashed[row * h + j];
                let d_h = d_hidden[row * h + j];
                let d_c = d_cells[row * h + j] + d_h * o * (1.0 - squashed * squashed);
                let old = before[row].map_or(0.0, |row| trace.cells[row * h + j]);
                if let Some(row) = before[row] {
                    d_cells[row * h + j] = d_c * f;
                }
                gates[j] = d_c * (old - g) * f * (1.0 - f);
                gates[h + j] = d_h * squashed * o * (1.0 - o);
                gates[2 * h + j] = d_c * (1.0 - f) * (1.0 - g * g);
            }
        }
        let (start, n_before) = if side == 0 {
            if step == 0 {
                (0, 0)
            } else {
                (layout.steps[step - 1], to - from)
            }
        } else {
            (to, layout.steps.get(step + 2).map_or(0, |end| end - to))
        };
        d_old.clear();
        d_old.extend_from_slice(&d_hidden[start * h..(start + n_before) * h]);
        pack.multiply_into(
            &trace.gates[from * width..(from + n_before) * width],
            &mut d_old,
        );
        d_hidden[start * h..(start + n_before) * h].copy_from_slice(&d_old);
    }
    let d_gates = &trace.gates;
    pack.fill(d_gates, n_rows, width);
    pack.multiply_into(input_transposed, &mut grads[0]);
    let mut old = vec![0.0; n_rows * h];
    for (row, before) in before.iter().enumerate() {
        if let Some(before) = before {
            old[row * h..][..h].copy_from_slice(&trace.hidden[before * h..][..h]);
        }
    }
    pack.multiply_into(&transpose(&old, n_rows, h), &mut grads[1]);
    add_columns(d_gates, width, &mut grads[2]);
    product(
        d_gates,
        &transpose(&weights[0], k, width),
        width,
        k,
        d_input,
        &mut pack,
    );
}

/// Subtracts the expectation: turns scores into the gradient of the cross-entropy, times
/// `weight`; returns the loss.
fn cross_entropy(scores: &mut [f32], gold: usize, weight: f32) -> f32 {
    let max = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    let of_gold = scores[gold] - max;
    for score in scores.iter_mut() {
        *score = (*score - max).exp();
        total += *score;
    }
    for score in scores.iter_mut() {
        *score *= weight / total;
    }
    scores[gold] -= weight;
    weight * (total.ln() - of_gold)
}

/// One mask a sentence, each entry 0 or `1 / (1 - rate)`.
fn masks(n: usize, width: usize, rate: f32, random: &mut Random) -> Vec<f32> {
    let keep = 1.0 / (1.0 - rate);
    (0..n * width)
        .map(|_| if random.unit() < rate { 0.0 } else { keep })
        .collect()
}

/// Applies sentence masks to rows.
fn mask_rows(layout: &Layout, masks: &[f32], width: usize, rows: &mut [f32]) {
    for bounds in layout.steps.windows(2) {
        for (rank, row) in (bounds[0]..bounds[1]).enumerate() {
            let mask = &masks[rank * width..][..width];
            rows[row * width..][..width]
                .iter_mut()
                .zip(mask)
                .for_each(|(v, m)| *v *= m);
        }
    }
}

/// Weights of the five losses, in the order of [`Losses`].
const LOSS_WEIGHTS: [f32; 5] = [1.0, 0.25, 1.0, 1.0, 1.5];

/// The loss of a batch; adds its gradient (not divided by anything) to `grads`.
pub fn step(
    shape: &Shape,
    params: &Params,
    fixed: &FixedVectors,
    batch: &[&Example],
    dropout: Dropout,
    random: &mut Random,
    grads: &mut Grads,
) -> Losses {
    let layout = Layout::new(batch);
    let n_rows = layout.n_rows();
    let h = shape.hidden;
    // The input.
    let width = shape.input();
    let mut input = vec![0.0; n_rows * width];
    let mut table_rows = vec![[u32::MAX; N_FEATURES]; n_rows];
    for (position, bounds) in layout.steps.windows(2).enumerate() {
        for (rank, row) in (bounds[0]..bounds[1]).enumerate() {
            let mut word = batch[layout.order[rank]].words[position];
            if random.unit() < dropout.word {
                forget(&mut word);
            }
            let (vector, sum) = input[row * width..][..width].split_at_mut(shape.fixed);
            fixed.copy(word.key, vector);
            for (slot, feature) in table_rows[row].iter_mut().zip(word.features) {
                *slot = feature & (shape.rows as u32 - 1);
                let from = &params.hashed[*slot as usize * shape.embed..][..shape.embed];
                sum.iter_mut()
                    .zip(from)
                    .for_each(|(sum, value)| *sum += value);
            }
        }
    }
    // The encoder.
    let mut layer_masks = Vec::new();
    let mut transposed = Vec::new();
    let mut traces = Vec::new();
    for layer in 0..shape.layers {
        let k = shape.layer_input(layer);
        let mask = masks(batch.len(), k, dropout.input, random);
        mask_rows(&layout, &mask, k, &mut input);
        let weights = &params.dense[layer * 6..][..6];
        let left = forward(&layout, 0, &input, &weights[..3], k, h);
        let right = forward(&layout, 1, &input, &weights[3..], k, h);
        transposed.push(transpose(&input, n_rows, k));
        layer_masks.push(mask);
        input = Vec::with_capacity(n_rows * 2 * h);
        for (left, right) in left
            .hidden
            .chunks_exact(h)
            .zip(right.hidden.chunks_exact(h))
        {
            input.extend_from_slice(left);
            input.extend_from_slice(right);
        }
        traces.push([left, right]);
    }
    // The projection.
    let at = shape.layers * 6;
    let widths = shape.projection();
    let columns: usize = widths.iter().sum();
    let views = 2 * shape.arc + 2 * shape.label;
    let mask = masks(batch.len(), 2 * h, dropout.output, random);
    mask_rows(&layout, &mask, 2 * h, &mut input);
    let mut pack = Packed::default();
    let mut projected = Vec::with_capacity(n_rows * columns);
    (0..n_rows).for_each(|_| projected.extend_from_slice(&params.dense[at + 1]));
    product(
        &input,
        &params.dense[at],
        2 * h,
        columns,
        &mut projected,
        &mut pack,
    );
    let view_masks = masks(batch.len(), views, dropout.output, random);
    for bounds in layout.steps.windows(2) {
        for (rank, row) in (bounds[0]..bounds[1]).enumerate() {
            let mask = &view_masks[rank * views..][..views];
            let row = &mut projected[row * columns..][..views];
            row.iter_mut()
                .zip(mask)
                .for_each(|(v, m)| *v = v.max(0.0) * m);
        }
    }
    // The heads: losses and the gradient of the projection.
    let mut losses = Losses::default();
    let mut d_projected = vec![0.0; n_rows * columns];
    for (rank, sentence) in layout.order.iter().enumerate() {
        let example = batch[*sentence];
        let n = example.words.len();
        let rows: Vec<usize> = (0..n).map(|step| layout.steps[step] + rank).collect();
        let [penn, universal, _, names] = shape.n_outputs;
        let outputs = [
            (0, views, penn, &example.penn),
            (1, views + widths[4], universal, &example.universal),
            (4, views + widths[4] + widths[5], names, &example.names),
        ];
        for (task, from, n_labels, gold) in outputs {
            for (row, gold) in rows.iter().zip(gold) {
                if *gold == UNKNOWN {
                    continue;
                }
                let d = &mut d_projected[row * columns + from..][..n_labels];
                d.copy_from_slice(&projected[row * columns + from..][..n_labels]);
                let weight = LOSS_WEIGHTS[task] * example.weight;
                losses.sum[task] += f64::from(cross_entropy(d, usize::from(*gold), weight));
                losses.n[task] += 1;
            }
        }
        if !example.heads.is_empty() {
            tree_loss(
                shape,
                params,
                example,
                &rows,
                &projected,
                &mut d_projected,
                &mut losses,
                grads,
                &mut pack,
            );
        }
    }
    // Back through the rectifier, the projection and the encoder.
    for bounds in layout.steps.windows(2) {
        for (rank, row) in (bounds[0]..bounds[1]).enumerate() {
            let mask = &view_masks[rank * views..][..views];
            let values = &projected[row * columns..][..views];
            let d = &mut d_projected[row * columns..][..views];
            for ((d, value), mask) in d.iter_mut().zip(values).zip(mask) {
                *d = if *value > 0.0 { *d * mask } else { 0.0 };
            }
        }
    }
    pack.fill(&d_projected, n_rows, columns);
    pack.multiply_into(&transpose(&input, n_rows, 2 * h), &mut grads.dense[at]);
    add_columns(&d_projected, columns, &mut grads.dense[at + 1]);
    let mut d_output = vec![0.0; n_rows * 2 * h];
    let back = transpose(&params.dense[at], 2 * h, columns);
    product(
        &d_projected,
        &back,
        columns,
        2 * h,
        &mut d_output,
        &mut pack,
    );
    mask_rows(&layout, &mask, 2 * h, &mut d_output);
    for layer in (0..shape.layers).rev() {
        let k = shape.layer_input(layer);
        let mut d_input = vec![0.0; n_rows * k];
        let weights = &params.dense[layer * 6..][..6];
        for side in 0..2 {
            let rows = d_output.chunks_exact(2 * h);
            let d_hidden = rows
                .flat_map(|row| row[side * h..][..h].iter().copied())
                .collect();
            backward(
                &layout,
                side,
                &transposed[layer],
                &weights[side * 3..][..3],
                k,
                h,
                &mut traces[layer][side],
                d_hidden,
                &mut grads.dense[layer * 6 + side * 3..][..3],
                &mut d_input,
            );
        }
        mask_rows(&layout, &layer_masks[layer], k, &mut d_input);
        d_output = d_input;
    }
    for (row, slots) in table_rows.iter().enumerate() {
        let d = &d_output[row * width + shape.fixed..(row + 1) * width];
        for slot in slots {
            grads.touch(*slot);
            let to = &mut grads.hashed[*slot as usize * shape.embed..][..shape.embed];
            to.iter_mut().zip(d).for_each(|(to, d)| *to += d);
        }
    }
    losses
}

/// Makes a word an unknown one: only its affixes and its shape stay.
fn forget(word: &mut WordInput) {
    word.key = 0;
    for feature in OF_THE_WORD {
        word.features[feature] = 0x5eed_0000 + feature as u32;
    }
}

/// Losses of heads and relations of one sentence.
#[allow(clippy::too_many_arguments)]
fn tree_loss(
    shape: &Shape,
    params: &Params,
    example: &Example,
    rows: &[usize],
    projected: &[f32],
    d_projected: &mut [f32],
    losses: &mut Losses,
    grads: &mut Grads,
    pack: &mut Packed,
) {
    let at = shape.layers * 6 + 2;
    let columns: usize = shape.projection().iter().sum();
    let (arc, label) = (shape.arc, shape.label);
    let n = rows.len();
    let n_heads = padded(n + 1);
    let mut dependents = Vec::with_capacity(n * arc);
    let mut heads = Vec::with_capacity(n_heads * arc);
    heads.extend_from_slice(&params.dense[at + 2]);
    for row in rows {
        dependents.extend_from_slice(&projected[row * columns..][..arc]);
        heads.extend_from_slice(&projected[row * columns + arc..][..arc]);
    }
    heads.resize(n_heads * arc, 0.0);
    let mut transformed: Vec<f32> = Vec::with_capacity(n * arc);
    (0..n).for_each(|_| transformed.extend_from_slice(&params.dense[at + 1]));
    product(
        &dependents,
        &params.dense[at],
        arc,
        arc,
        &mut transformed,
        pack,
    );
    let mut scores = vec![0.0; n * n_heads];
    product(
        &transformed,
        &transpose(&heads, n_heads, arc),
        arc,
        n_heads,
        &mut scores,
        pack,
    );
    for (word, row) in scores.chunks_exact_mut(n_heads).enumerate() {
        row[n + 1..].fill(0.0);
        let head = example.heads[word] as usize;
        let column = if head == word { 0 } else { head + 1 };
        row[word + 1] = f32::NEG_INFINITY;
        let weight = LOSS_WEIGHTS[2] * example.weight;
        losses.sum[2] += f64::from(cross_entropy(&mut row[..n + 1], column, weight));
        losses.n[2] += 1;
    }
    // scores is now its own gradient.
    let mut d_transformed = vec![0.0; n * arc];
    product(&scores, &heads, n_heads, arc, &mut d_transformed, pack);
    let mut d_heads = vec![0.0; n_heads * arc];
    product(
        &transpose(&scores, n, n_heads),
        &transformed,
        n,
        arc,
        &mut d_heads,
        pack,
    );
    let mut d_dependents = vec![0.0; n * arc];
    let back = transpose(&params.dense[at], arc, arc);
    product(&d_transformed, &back, arc, arc, &mut d_dependents, pack);
    pack.fill(&d_transformed, n, arc);
    pack.multiply_into(&transpose(&dependents, n, arc), &mut grads.dense[at]);
    add_columns(&d_transformed, arc, &mut grads.dense[at + 1]);
    add_columns(&d_heads[..arc], arc, &mut grads.dense[at + 2]);
    for (word, row) in rows.iter().enumerate() {
        let d = &mut d_projected[row * columns..][..2 * arc];
        d[..arc]
            .iter_mut()
            .zip(&d_dependents[word * arc..])
            .for_each(|(d, v)| *d += v);
        d[arc..]
            .iter_mut()
            .zip(&d_heads[(word + 1) * arc..])
            .for_each(|(d, v)| *d += v);
    }
    // Relations, given the gold heads.
    let at = at + 3;
    let n_columns = padded(shape.n_outputs[2]);
    let views = 2 * arc;
    let view = |word: usize, side: usize| {
        &projected[rows[word] * columns + views + side * label..][..label]
    };
    let mut pairs = Vec::with_capacity(n * 3 * label);
    for (word, head) in example.heads.iter().enumerate() {
        let dependent = view(word, 0);
        let head = if *head as usize == word {
            &params.dense[at + 2][..]
        } else {
            view(*head as usize, 1)
        };
        pairs.extend(dependent.iter().zip(head).map(|(d, h)| d * h));
        pairs.extend_from_slice(dependent);
        pairs.extend_from_slice(head);
    }
    let mut scores = Vec::with_capacity(n * n_columns);
    (0..n).for_each(|_| scores.extend_from_slice(&params.dense[at + 1]));
    product(
        &pairs,
        &params.dense[at],
        3 * label,
        n_columns,
        &mut scores,
        pack,
    );
    for (word, row) in scores.chunks_exact_mut(n_columns).enumerate() {
        row[shape.n_outputs[2]..].fill(0.0);
        let gold = usize::from(example.relations[word]);
        let weight = LOSS_WEIGHTS[3] * example.weight;
        let loss = cross_entropy(&mut row[..shape.n_outputs[2]], gold, weight);
        losses.sum[3] += f64::from(loss);
        losses.n[3] += 1;
    }
    pack.fill(&scores, n, n_columns);
    pack.multiply_into(&transpose(&pairs, n, 3 * label), &mut grads.dense[at]);
    add_columns(&scores, n_columns, &mut grads.dense[at + 1]);
    let mut d_pairs = vec![0.0; n * 3 * label];
    let back = transpose(&params.dense[at], 3 * label, n_columns);
    product(&scores, &back, n_columns, 3 * label, &mut d_pairs, pack);
    for (word, head) in example.heads.iter().enumerate() {
        let d = &d_pairs[word * 3 * label..][..3 * label];
        let pair = &pairs[word * 3 * label..][..3 * label];
        let is_root = *head as usize == word;
        for j in 0..label {
            let (dependent, governor) = (pair[label + j], pair[2 * label + j]);
            d_projected[rows[word] * columns + views + j] += d[label + j] + d[j] * governor;
            let d_governor = d[2 * label + j] + d[j] * dependent;
            if is_root {
                grads.dense[at + 2][j] += d_governor;
            } else {
                d_projected[rows[*head as usize] * columns + views + label + j] += d_governor;
            }
        }
    }
}
