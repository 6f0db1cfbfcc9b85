//! The network itself: its file, and the way from word inputs to scores.

use std::fmt;

use rustc_hash::FxHashMap;

use super::features::{N_FEATURES, WordInput};
use super::kernel::{HIDDEN_UNITS, LANES, Packed, PackedShort, lstm_step, padded, short};
use super::tree::{TreeScratch, best_tree};
use crate::model::{ModelError, Reader, Writer};

/// Kind of the model file.
pub const KIND: [u8; 4] = *b"nnet";
/// Version of the model file. History: 1 - first layout.
pub const VERSION: u32 = 1;

/// Sizes of a network. Widths are in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Rows of the hashed embedding, a power of two.
    pub rows: usize,
    /// Width of the hashed embedding.
    pub embed: usize,
    /// Width of the fixed word vectors.
    pub fixed: usize,
    /// Width of one direction of an LSTM layer.
    pub hidden: usize,
    /// Number of bidirectional layers.
    pub layers: usize,
    /// Width of the arc head's two views of a word.
    pub arc: usize,
    /// Width of the label head's two views of a word.
    pub label: usize,
    /// Number of Penn tags, universal tags, dependency relations, name labels.
    pub n_outputs: [usize; 4],
}

impl Shape {
    /// Width of a word's input vector.
    pub fn input(&self) -> usize {
        self.fixed + self.embed
    }

    /// Width of the input of a layer.
    pub fn layer_input(&self, layer: usize) -> usize {
        if layer == 0 {
            self.input()
        } else {
            2 * self.hidden
        }
    }

    /// Columns of the projection behind the encoder: the four views for arcs and labels, then
    /// Penn tags, universal tags, name labels, each padded to whole lanes.
    pub fn projection(&self) -> [usize; 7] {
        let [penn, universal, _, names] = self.n_outputs;
        [
            self.arc,
            self.arc,
            self.label,
            self.label,
            padded(penn),
            padded(universal),
            padded(names),
        ]
    }

    fn check(&self) -> Result<(), ModelError> {
        let bad = |what| Err(ModelError::Value { what });
        let lanes = |n: usize| n > 0 && n.is_multiple_of(LANES) && n <= 1024;
        if !self.rows.is_power_of_two() || self.rows > 1 << 22 {
            return bad("rows");
        }
        let odd = !self.input().is_multiple_of(2);
        if !(1..=1024).contains(&self.embed) || self.fixed > 1024 || odd {
            return bad("width of the input");
        }
        if !lanes(self.hidden) || !(1..=4).contains(&self.layers) {
            return bad("encoder");
        }
        if !lanes(self.arc) || !lanes(self.label) {
            return bad("width of a head");
        }
        if self.n_outputs.iter().any(|n| !(1..=255).contains(n)) {
            return bad("number of labels");
        }
        Ok(())
    }

    /// Shapes `(rows, columns)` of the dense matrices, in the order of the file.
    pub fn dense(&self) -> Vec<(usize, usize)> {
        let gates = 3 * self.hidden;
        let mut shapes = Vec::new();
        for layer in 0..self.layers {
            for _ in 0..2 {
                shapes.extend([
                    (self.layer_input(layer), gates),
                    (self.hidden, gates),
                    (1, gates),
                ]);
            }
        }
        let projection: usize = self.projection().iter().sum();
        shapes.extend([(2 * self.hidden, projection), (1, projection)]);
        // Arcs: the bilinear form, the prior of a word as a head, the root's view.
        shapes.extend([(self.arc, self.arc), (1, self.arc), (1, self.arc)]);
        // Labels: over (product, dependent, head), the bias, the root's view.
        let labels = padded(self.n_outputs[2]);
        shapes.extend([(3 * self.label, labels), (1, labels), (1, self.label)]);
        shapes
    }
}

/// One direction of one layer.
#[derive(Clone, Default)]
struct Direction {
    input: PackedShort,
    recurrent: PackedShort,
    bias: Vec<f32>,
}

/// Word vectors that are not trained, in 8 bits.
#[derive(Clone, Debug, Default)]
pub struct FixedVectors {
    rows: FxHashMap<u64, u32>,
    values: Vec<i8>,
    scale: f32,
    width: usize,
}

impl FixedVectors {
    /// A row of `width` values, in units of `scale`, for each key; the first row of equal keys
    /// counts. `None` if the numbers do not fit.
    pub fn new(
        keys: impl Iterator<Item = u64>,
        values: Vec<i8>,
        scale: f32,
        width: usize,
    ) -> Option<FixedVectors> {
        let mut rows = FxHashMap::default();
        let mut n_keys = 0;
        for (key, row) in keys.zip(0..) {
            rows.entry(key).or_insert(row);
            n_keys += 1;
        }
        let fits = n_keys * width == values.len();
        fits.then_some(FixedVectors {
            rows,
            values,
            scale,
            width,
        })
    }

    /// Copies the vector of a key into `vector`, which must be as wide; zeros where there is none.
    pub fn copy(&self, key: u64, vector: &mut [f32]) {
        match self.rows.get(&key) {
            Some(row) => {
                let from = &self.values[*row as usize * self.width..][..self.width];
                for (to, value) in vector.iter_mut().zip(from) {
                    *to = f32::from(*value) * self.scale;
                }
            }
            None => vector.fill(0.0),
        }
    }
}

/// A trained network, ready to run.
#[derive(Clone)]
pub struct Network {
    shape: Shape,
    hashed: Vec<i8>,
    hashed_scale: f32,
    fixed: FixedVectors,
    layers: Vec<[Direction; 2]>,
    projection: PackedShort,
    projection_bias: Vec<f32>,
    arc: Packed,
    arc_prior: Vec<f32>,
    arc_root: Vec<f32>,
    label: Packed,
    label_bias: Vec<f32>,
    label_root: Vec<f32>,
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network")
            .field("shape", &self.shape)
            .finish_non_exhaustive()
    }
}

/// The parts of a network as training has them; [`Network::to_bytes`] writes them.
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    /// Sizes.
    pub shape: Shape,
    /// Hashed embedding, `rows * embed`, row-major.
    pub hashed: &'a [f32],
    /// Keys of the fixed vectors ([`WordInput::key`]), ascending.
    pub keys: &'a [u64],
    /// Fixed vectors in units of `fixed_scale`, a row a key.
    pub fixed: &'a [i8],
    /// Size of one step of the fixed vectors.
    pub fixed_scale: f32,
    /// Dense matrices in the order of [`Shape::dense`].
    pub dense: &'a [&'a [f32]],
}

/// What the network says of a batch of sentences; one entry a word, in the order of the input.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Number of the Penn tag.
    pub penn: Vec<u8>,
    /// Number of the universal tag.
    pub universal: Vec<u8>,
    /// Index of the head within the sentence; the root's own index for the root.
    pub heads: Vec<u32>,
    /// How much better the arc to that head scores than the next best (natural log; below zero
    /// where another was better but made no tree).
    pub margins: Vec<f32>,
    /// Number of the dependency relation to that head.
    pub relations: Vec<u8>,
    /// Scores of the name labels (natural log, only differences within a row mean anything),
    /// [`Shape::n_outputs`]`[3]` a word.
    pub names: Vec<f32>,
}

/// Buffers of [`Network::read`], kept between calls.
#[derive(Debug, Default)]
pub struct Scratch {
    order: Vec<u32>,
    starts: Vec<u32>,
    steps: Vec<u32>,
    vector: Vec<f32>,
    input: Vec<i16>,
    gates: [Vec<f32>; 2],
    hidden: [Vec<i16>; 2],
    cells: Vec<f32>,
    projected: Vec<f32>,
    rows: Vec<f32>,
    dependents: Vec<f32>,
    transformed: Vec<f32>,
    transposed: Vec<f32>,
    heads_view: Packed,
    padded_arcs: Vec<f32>,
    arcs: Vec<f32>,
    label_input: Vec<f32>,
    label_scores: Vec<f32>,
    tree: TreeScratch,
    heads: Vec<u32>,
}

/// Units of an input number that make 1, and the most of them that count: ±8.
const INPUT_UNITS: f32 = 512.0;
const LARGEST_INPUT: i16 = 4095;

/// Sentences that are read together at most; bounds the memory of the buffers.
const BATCH_WORDS: usize = 2048;

impl Network {
    /// Writes a model file. Embeddings become 8-bit, the rest stays as it is.
    ///
    /// # Panics
    /// If a part has not the size its shape asks for.
    pub fn to_bytes(parts: &Parts<'_>) -> Vec<u8> {
        let shape = parts.shape;
        let mut writer = Writer::new(KIND, VERSION);
        let sizes = [
            shape.rows,
            shape.embed,
            shape.fixed,
            shape.hidden,
            shape.layers,
            shape.arc,
            shape.label,
        ];
        for size in sizes.into_iter().chain(shape.n_outputs) {
            writer.u32(size as u32);
        }
        assert_eq!(
            parts.hashed.len(),
            shape.rows * shape.embed,
            "hashed embedding"
        );
        let largest = parts
            .hashed
            .iter()
            .fold(1e-6f32, |max, value| max.max(value.abs()));
        let scale = largest / 127.0;
        writer.f32(scale);
        let small = |value: &f32| (value / scale).round() as i8 as u8;
        writer.blob(&parts.hashed.iter().map(small).collect::<Vec<u8>>());
        assert_eq!(
            parts.fixed.len(),
            parts.keys.len() * shape.fixed,
            "fixed vectors"
        );
        writer.f32(parts.fixed_scale);
        writer.blob(
            &parts
                .keys
                .iter()
                .flat_map(|key| key.to_le_bytes())
                .collect::<Vec<u8>>(),
        );
        writer.blob(
            &parts
                .fixed
                .iter()
                .map(|value| *value as u8)
                .collect::<Vec<u8>>(),
        );
        let shapes = shape.dense();
        assert_eq!(parts.dense.len(), shapes.len(), "number of matrices");
        for (matrix, (rows, columns)) in parts.dense.iter().zip(shapes) {
            assert_eq!(matrix.len(), rows * columns, "a matrix");
            writer.blob(
                &matrix
                    .iter()
                    .flat_map(|v| v.to_le_bytes())
                    .collect::<Vec<u8>>(),
            );
        }
        writer.finish()
    }

    /// Reads a model file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Network, ModelError> {
        let mut reader = Reader::new(bytes, KIND, VERSION)?;
        let mut size = || reader.u32().map(|size| size as usize);
        let shape = Shape {
            rows: size()?,
            embed: size()?,
            fixed: size()?,
            hidden: size()?,
            layers: size()?,
            arc: size()?,
            label: size()?,
            n_outputs: [size()?, size()?, size()?, size()?],
        };
        shape.check()?;
        let hashed_scale = reader.f32()?;
        let hashed = signed(reader.blob()?);
        if hashed.len() != shape.rows * shape.embed {
            return Err(ModelError::Length);
        }
        let fixed_scale = reader.f32()?;
        let (keys, rest) = reader.blob()?.as_chunks::<8>();
        let fixed = signed(reader.blob()?);
        if !rest.is_empty() {
            return Err(ModelError::Length);
        }
        let keys = keys.iter().map(|key| u64::from_le_bytes(*key));
        let fixed = FixedVectors::new(keys, fixed, fixed_scale, shape.fixed);
        let fixed = fixed.ok_or(ModelError::Length)?;
        let mut dense = Vec::new();
        for (rows, columns) in shape.dense() {
            let (values, rest) = reader.blob()?.as_chunks::<4>();
            if !rest.is_empty() || values.len() != rows * columns {
                return Err(ModelError::Length);
            }
            let values: Vec<f32> = values
                .iter()
                .map(|value| f32::from_le_bytes(*value))
                .collect();
            if values.iter().any(|value| !value.is_finite()) {
                return Err(ModelError::Value { what: "a weight" });
            }
            dense.push((values, rows, columns));
        }
        reader.end()?;
        let mut dense = dense.into_iter();
        let mut next = || dense.next().ok_or(ModelError::Length);
        let pack =
            |(values, rows, columns): (Vec<f32>, usize, usize)| Packed::new(&values, rows, columns);
        type Matrix = (Vec<f32>, usize, usize);
        let pack_short = |(values, rows, columns): Matrix, (scale, largest): (f32, i16)| {
            PackedShort::new(&values, rows, columns, scale, largest)
        };
        let mut layers = Vec::new();
        for layer in 0..shape.layers {
            let mut direction = || -> Result<Direction, ModelError> {
                let from_below = if layer == 0 {
                    (INPUT_UNITS, LARGEST_INPUT)
                } else {
                    (f32::from(HIDDEN_UNITS), HIDDEN_UNITS)
                };
                Ok(Direction {
                    input: pack_short(next()?, from_below),
                    recurrent: pack_short(next()?, (f32::from(HIDDEN_UNITS), HIDDEN_UNITS)),
                    bias: next()?.0,
                })
            };
            layers.push([direction()?, direction()?]);
        }
        Ok(Network {
            shape,
            hashed,
            hashed_scale,
            fixed,
            layers,
            projection: pack_short(next()?, (f32::from(HIDDEN_UNITS), HIDDEN_UNITS)),
            projection_bias: next()?.0,
            arc: pack(next()?),
            arc_prior: next()?.0,
            arc_root: next()?.0,
            label: pack(next()?),
            label_bias: next()?.0,
            label_root: next()?.0,
        })
    }

    /// Sizes of this network.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Reads sentences: `words` holds them one after the other, `lengths` their numbers of words.
    /// `reading` is cleared first; on return it has one entry a word.
    ///
    /// What is said of a sentence does not depend on its neighbours.
    pub fn read(
        &self,
        words: &[WordInput],
        lengths: &[u32],
        reading: &mut Reading,
        scratch: &mut Scratch,
    ) {
        let n_names = self.shape.n_outputs[3];
        reading.penn.clear();
        reading.universal.clear();
        reading.heads.clear();
        reading.margins.clear();
        reading.relations.clear();
        reading.names.clear();
        reading.penn.resize(words.len(), 0);
        reading.universal.resize(words.len(), 0);
        reading.heads.resize(words.len(), 0);
        reading.margins.resize(words.len(), 0.0);
        reading.relations.resize(words.len(), 0);
        reading.names.resize(words.len() * n_names, 0.0);
        let (mut first, mut word) = (0, 0);
        while first < lengths.len() {
            let (mut end, mut n_words) = (first, 0);
            while end < lengths.len()
                && (end == first || n_words + lengths[end] as usize <= BATCH_WORDS)
            {
                n_words += lengths[end] as usize;
                end += 1;
            }
            self.read_batch(words, word, &lengths[first..end], reading, scratch);
            first = end;
            word += n_words;
        }
    }

    /// Reads some sentences whose first word is number `base`.
    ///
    /// Rows of the buffers are ordered by position in the sentence, then by sentence, the longest
    /// first, so that a step of the recurrence is one block of rows.
    fn read_batch(
        &self,
        words: &[WordInput],
        base: usize,
        lengths: &[u32],
        reading: &mut Reading,
        scratch: &mut Scratch,
    ) {
        let n_words: usize = lengths.iter().map(|length| *length as usize).sum();
        scratch.order.clear();
        scratch.order.extend(0..lengths.len() as u32);
        scratch
            .order
            .sort_by_key(|sentence| std::cmp::Reverse(lengths[*sentence as usize]));
        scratch.starts.clear();
        let mut at = base as u32;
        for length in lengths {
            scratch.starts.push(at);
            at += length;
        }
        let longest = scratch
            .order
            .first()
            .map_or(0, |sentence| lengths[*sentence as usize]);
        scratch.steps.clear();
        scratch.steps.push(0);
        let (mut active, mut row) = (lengths.len(), 0);
        for step in 0..longest {
            while lengths[scratch.order[active - 1] as usize] <= step {
                active -= 1;
            }
            row += active as u32;
            scratch.steps.push(row);
        }
        self.embed(words, n_words, scratch);
        for layer in &self.layers {
            self.encode(layer, n_words, scratch);
        }
        self.decode(lengths, n_words, base, reading, scratch);
    }

    /// Fills the input rows.
    fn embed(&self, words: &[WordInput], n_words: usize, scratch: &mut Scratch) {
        let Shape {
            rows, embed, fixed, ..
        } = self.shape;
        let width = self.shape.input();
        scratch.input.clear();
        scratch.input.resize(n_words * width, 0);
        scratch.vector.resize(fixed, 0.0);
        for (step, bounds) in scratch.steps.windows(2).enumerate() {
            for (row, sentence) in (bounds[0]..bounds[1]).zip(&scratch.order) {
                let word = &words[scratch.starts[*sentence as usize] as usize + step];
                let input = &mut scratch.input[row as usize * width..][..width];
                let (vector, sum) = input.split_at_mut(fixed);
                self.fixed.copy(word.key, &mut scratch.vector);
                for (to, value) in vector.iter_mut().zip(&scratch.vector) {
                    *to = short(*value, INPUT_UNITS, LARGEST_INPUT);
                }
                let rows: [&[i8]; N_FEATURES] = std::array::from_fn(|i| {
                    let row = word.features[i] as usize & (rows - 1);
                    &self.hashed[row * embed..][..embed]
                });
                for (i, to) in sum.iter_mut().enumerate() {
                    let mut total = 0i16;
                    for row in &rows {
                        total += i16::from(row[i]);
                    }
                    *to = short(
                        f32::from(total) * self.hashed_scale,
                        INPUT_UNITS,
                        LARGEST_INPUT,
                    );
                }
            }
        }
    }

    /// Runs one bidirectional layer from `scratch.input` back into `scratch.input`.
    fn encode(&self, layer: &[Direction; 2], n_words: usize, scratch: &mut Scratch) {
        let hidden = self.shape.hidden;
        let gates_width = 3 * hidden;
        for (side, direction) in layer.iter().enumerate() {
            let gates = &mut scratch.gates[side];
            gates.resize(n_words * gates_width, 0.0);
            direction
                .input
                .multiply_into(&scratch.input, Some(&direction.bias), gates);
            let output = &mut scratch.hidden[side];
            output.resize(n_words * hidden, 0);
            scratch.cells.clear();
            scratch.cells.resize(scratch.order.len() * hidden, 0.0);
            let n_steps = scratch.steps.len() - 1;
            for i in 0..n_steps {
                let step = if side == 0 { i } else { n_steps - 1 - i };
                let (from, to) = (
                    scratch.steps[step] as usize,
                    scratch.steps[step + 1] as usize,
                );
                // Rows of the neighbour that came before, in the order of reading.
                let (before, n_before) = if side == 0 {
                    let start = if step == 0 {
                        0
                    } else {
                        scratch.steps[step - 1] as usize
                    };
                    (start, if step == 0 { 0 } else { to - from })
                } else {
                    let end = scratch.steps.get(step + 2).map_or(to, |end| *end as usize);
                    (to, end - to)
                };
                let block = &mut gates[from * gates_width..to * gates_width];
                let (old, new) = if side == 0 {
                    let (old, new) = output.split_at_mut(from * hidden);
                    (&old[before * hidden..], new)
                } else {
                    let (new, old) = output.split_at_mut(to * hidden);
                    (&old[..], &mut new[from * hidden..])
                };
                direction.recurrent.multiply_into(
                    &old[..n_before * hidden],
                    None,
                    &mut block[..n_before * gates_width],
                );
                let n = to - from;
                lstm_step(
                    block,
                    &mut scratch.cells[..n * hidden],
                    &mut new[..n * hidden],
                    hidden,
                );
            }
        }
        scratch.input.clear();
        let [left, right] = &scratch.hidden;
        for (left, right) in left.chunks_exact(hidden).zip(right.chunks_exact(hidden)) {
            scratch.input.extend_from_slice(left);
            scratch.input.extend_from_slice(right);
        }
    }

    /// Reads tags, trees and name scores off the encoded rows.
    fn decode(
        &self,
        lengths: &[u32],
        n_words: usize,
        base: usize,
        reading: &mut Reading,
        scratch: &mut Scratch,
    ) {
        let [penn, universal, _, names] = self.shape.n_outputs;
        let widths = self.shape.projection();
        let width: usize = widths.iter().sum();
        let (arc, label) = (self.shape.arc, self.shape.label);
        let views = 2 * arc + 2 * label;
        scratch.projected.resize(n_words * width, 0.0);
        let bias = Some(&self.projection_bias[..]);
        self.projection
            .multiply_into(&scratch.input, bias, &mut scratch.projected);
        for row in scratch.projected.chunks_exact_mut(width) {
            for value in &mut row[..views] {
                *value = value.max(0.0);
            }
        }
        for rank in 0..lengths.len() {
            let sentence = scratch.order[rank] as usize;
            let n = lengths[sentence] as usize;
            let start = scratch.starts[sentence] as usize;
            debug_assert!(start >= base);
            scratch.rows.clear();
            for step in 0..n {
                let row = scratch.steps[step] as usize + rank;
                scratch
                    .rows
                    .extend_from_slice(&scratch.projected[row * width..][..width]);
            }
            for (idx, row) in scratch.rows.chunks_exact(width).enumerate() {
                let (tags, rest) = row[views..].split_at(widths[4]);
                reading.penn[start + idx] = largest(&tags[..penn]) as u8;
                let (tags, rest) = rest.split_at(widths[5]);
                reading.universal[start + idx] = largest(&tags[..universal]) as u8;
                reading.names[(start + idx) * names..][..names].copy_from_slice(&rest[..names]);
            }
            self.decode_tree(n, width, scratch);
            reading.heads[start..start + n].copy_from_slice(&scratch.heads);
            for (idx, row) in scratch.arcs.chunks_exact(n + 1).enumerate() {
                reading.margins[start + idx] = margin(row, idx, scratch.heads[idx] as usize);
            }
            let n_labels = self.shape.n_outputs[2];
            let label_width = self.label.columns();
            for (idx, row) in scratch.label_scores.chunks_exact(label_width).enumerate() {
                reading.relations[start + idx] = largest(&row[..n_labels]) as u8;
            }
        }
    }
}

impl Network {
    /// Finds the tree of the sentence in `scratch.rows` (rows `width` wide): `scratch.heads`, and
    /// the scores of each word's relation to its head in `scratch.label_scores`.
    fn decode_tree(&self, n: usize, width: usize, scratch: &mut Scratch) {
        let (arc, label) = (self.shape.arc, self.shape.label);
        let rows = || scratch.rows.chunks_exact(width);
        scratch.dependents.clear();
        rows().for_each(|row| scratch.dependents.extend_from_slice(&row[..arc]));
        scratch.transformed.clear();
        (0..n).for_each(|_| scratch.transformed.extend_from_slice(&self.arc_prior));
        self.arc
            .multiply_into(&scratch.dependents, &mut scratch.transformed);
        // All views as heads, the root's first, as the columns of a matrix.
        let columns = padded(n + 1);
        scratch.transposed.clear();
        scratch.transposed.resize(arc * columns, 0.0);
        for (at, value) in self.arc_root.iter().enumerate() {
            scratch.transposed[at * columns] = *value;
        }
        for (word, row) in rows().enumerate() {
            for (at, value) in row[arc..2 * arc].iter().enumerate() {
                scratch.transposed[at * columns + word + 1] = *value;
            }
        }
        scratch.heads_view.fill(&scratch.transposed, arc, columns);
        scratch.padded_arcs.clear();
        scratch.padded_arcs.resize(n * columns, 0.0);
        scratch
            .heads_view
            .multiply_into(&scratch.transformed, &mut scratch.padded_arcs);
        scratch.arcs.clear();
        for row in scratch.padded_arcs.chunks_exact(columns) {
            scratch.arcs.extend_from_slice(&row[..n + 1]);
        }
        best_tree(&scratch.arcs, n, &mut scratch.heads, &mut scratch.tree);
        scratch.label_input.clear();
        let views = 2 * arc..2 * arc + 2 * label;
        for (word, head) in scratch.heads.iter().enumerate() {
            let dependent = &scratch.rows[word * width..][views.clone()][..label];
            let head = match *head as usize {
                head if head == word => &self.label_root[..],
                head => &scratch.rows[head * width..][views.clone()][label..],
            };
            scratch
                .label_input
                .extend(dependent.iter().zip(head).map(|(d, h)| d * h));
            scratch.label_input.extend_from_slice(dependent);
            scratch.label_input.extend_from_slice(head);
        }
        scratch.label_scores.clear();
        (0..n).for_each(|_| scratch.label_scores.extend_from_slice(&self.label_bias));
        self.label
            .multiply_into(&scratch.label_input, &mut scratch.label_scores);
    }
}

/// How much better a word's arc to its head scores than the best other one. `row` are its scores,
/// the root's first.
fn margin(row: &[f32], word: usize, head: usize) -> f32 {
    let chosen = if head == word { 0 } else { head + 1 };
    let mut other = f32::NEG_INFINITY;
    for (column, score) in row.iter().enumerate() {
        if column != chosen && column != word + 1 && *score > other {
            other = *score;
        }
    }
    row.get(chosen).map_or(0.0, |score| score - other)
}

/// The place of the largest value, the first of equals; 0 of none.
fn largest(values: &[f32]) -> usize {
    let mut best = (f32::NEG_INFINITY, 0);
    for (at, value) in values.iter().enumerate() {
        if *value > best.0 {
            best = (*value, at);
        }
    }
    best.1
}

fn signed(bytes: &[u8]) -> Vec<i8> {
    bytes.iter().map(|byte| *byte as i8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small network of weights that look random.
    fn small() -> Vec<u8> {
        let shape = Shape {
            rows: 16,
            embed: 6,
            fixed: 2,
            hidden: 32,
            layers: 2,
            arc: 32,
            label: 32,
            n_outputs: [3, 4, 5, 6],
        };
        let mut seed = 1u64;
        let mut value = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 40) as f32 / 2f32.powi(24) - 0.5
        };
        let hashed: Vec<f32> = (0..shape.rows * shape.embed).map(|_| value()).collect();
        let dense: Vec<Vec<f32>> = shape
            .dense()
            .iter()
            .map(|(rows, columns)| (0..rows * columns).map(|_| value()).collect())
            .collect();
        let dense: Vec<&[f32]> = dense.iter().map(Vec::as_slice).collect();
        Network::to_bytes(&Parts {
            shape,
            hashed: &hashed,
            keys: &[3, 7],
            fixed: &[1, -2, 3, -4],
            fixed_scale: 0.1,
            dense: &dense,
        })
    }

    fn words(n: usize) -> Vec<WordInput> {
        let word = |i: usize| WordInput {
            key: i as u64 % 9,
            features: std::array::from_fn(|f| (i * 7 + f * 31) as u32),
        };
        (0..n).map(word).collect()
    }

    fn read(network: &Network, words: &[WordInput], lengths: &[u32]) -> Reading {
        let mut reading = Reading::default();
        network.read(words, lengths, &mut reading, &mut Scratch::default());
        reading
    }

    #[test]
    fn a_sentence_reads_the_same_in_any_company() {
        let network = Network::from_bytes(&small()).unwrap();
        let words = words(61);
        let lengths = [5, 1, 30, 12, 13];
        let all = read(&network, &words, &lengths);
        assert_eq!(all.heads.len(), words.len());
        let mut at = 0;
        for length in lengths {
            let range = at..at + length as usize;
            at = range.end;
            let alone = read(&network, &words[range.clone()], &[length]);
            assert_eq!(alone.heads, all.heads[range.clone()], "heads of {range:?}");
            assert_eq!(
                alone.relations,
                all.relations[range.clone()],
                "relations of {range:?}"
            );
            assert_eq!(alone.penn, all.penn[range.clone()], "tags of {range:?}");
            assert_eq!(
                alone.names,
                all.names[range.start * 6..range.end * 6],
                "names {range:?}"
            );
            assert!(
                alone.heads.iter().all(|head| *head < length),
                "heads inside"
            );
        }
        assert!(
            all.penn.iter().any(|tag| *tag != all.penn[0]),
            "the network tells words apart"
        );
        assert!(read(&network, &[], &[]).heads.is_empty());
    }

    #[test]
    fn every_cut_is_an_error_and_none_panics() {
        let whole = small();
        for end in 0..whole.len() {
            assert!(
                Network::from_bytes(&whole[..end]).is_err(),
                "first {end} bytes"
            );
        }
    }

    #[test]
    fn a_changed_byte_never_panics() {
        let whole = small();
        let words = words(9);
        // Every byte of the sizes, and some of the weights.
        for at in (0..200).chain((200..whole.len()).step_by(997)) {
            for change in [1, 0x40, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] ^= change;
                if let Ok(network) = Network::from_bytes(&bytes) {
                    read(&network, &words, &[4, 5]);
                }
            }
        }
    }
}
