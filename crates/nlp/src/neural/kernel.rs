//! Dense arithmetic: matrix products on packed weights, and the squashing functions.
//!
//! Every element of a product is one chain of fused multiply-adds over `k`, first to last. It
//! does not depend on how many rows are multiplied together nor on the width of the machine's
//! registers, so a sentence gets the same bits in any batch, on any thread, on any processor.

/// Columns that are computed together; every width of a product is a multiple of it.
pub const LANES: usize = 32;

/// `n` rounded up to whole [`LANES`].
pub const fn padded(n: usize) -> usize {
    n.div_ceil(LANES) * LANES
}

/// Declares a function and its copies for wider registers, and picks one at run time.
///
/// The body is plain code; the compiler makes vectors of its inner loops, as wide as the copy
/// allows. All copies compute the same bits.
macro_rules! widest {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) = $body:ident::<$wide512:literal, $wide256:literal>) => {
        $(#[$meta])*
        $vis fn $name($($arg: $type),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq")]
                fn wide512($($arg: $type),*) { $body::<$wide512>($($arg),*); }
                #[target_feature(enable = "avx2,fma")]
                fn wide256($($arg: $type),*) { $body::<$wide256>($($arg),*); }
                if is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                {
                    // SAFETY: the features that the copy needs were just found.
                    #[allow(unsafe_code)]
                    return unsafe { wide512($($arg),*) };
                }
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: as above.
                    #[allow(unsafe_code)]
                    return unsafe { wide256($($arg),*) };
                }
            }
            $body::<1>($($arg),*);
        }
    };
}

/// A weight matrix of `k` rows and `n` columns, laid out for [`Packed::multiply_into`].
#[derive(Clone, Debug, Default)]
pub struct Packed {
    k: usize,
    n: usize,
    /// Panels of [`LANES`] columns; in a panel row after row.
    panels: Vec<f32>,
}

impl Packed {
    /// Packs a row-major matrix.
    ///
    /// # Panics
    /// If `weights` has not `k * n` values or `n` is no multiple of [`LANES`].
    pub fn new(weights: &[f32], k: usize, n: usize) -> Packed {
        let mut packed = Packed::default();
        packed.fill(weights, k, n);
        packed
    }

    /// Packs a row-major matrix into the memory of the old one.
    ///
    /// # Panics
    /// If `weights` has not `k * n` values or `n` is no multiple of [`LANES`].
    pub fn fill(&mut self, weights: &[f32], k: usize, n: usize) {
        assert_eq!(n % LANES, 0, "width of the weights");
        assert_eq!(weights.len(), k * n, "shape of the weights");
        self.k = k;
        self.n = n;
        self.panels.clear();
        self.panels.reserve(k * n);
        for column in (0..n).step_by(LANES) {
            for row in 0..k {
                self.panels
                    .extend_from_slice(&weights[row * n + column..][..LANES]);
            }
        }
    }

    /// Number of columns, the width of the output.
    pub fn columns(&self) -> usize {
        self.n
    }

    /// Number of rows, the width of the input.
    pub fn rows(&self) -> usize {
        self.k
    }

    /// Adds `input * self` to `output`. Both are row-major; rows of `input` are `k` wide, rows of
    /// `output` are `n` wide.
    ///
    /// # Panics
    /// If the lengths are not whole rows or the row counts differ.
    pub fn multiply_into(&self, input: &[f32], output: &mut [f32]) {
        if self.n == 0 || self.k == 0 {
            return;
        }
        let m = output.len() / self.n;
        assert_eq!(output.len(), m * self.n, "shape of the output");
        assert_eq!(input.len(), m * self.k, "shape of the input");
        product(&self.panels, self.k, input, output, self.n);
    }
}

widest! {
    fn product(panels: &[f32], k: usize, input: &[f32], output: &mut [f32], n: usize) = product_by::<8, 2>
}

#[inline(always)]
fn product_by<const TALL: usize>(
    panels: &[f32],
    k: usize,
    input: &[f32],
    output: &mut [f32],
    n: usize,
) {
    let m = output.len() / n;
    for (p, panel) in panels.chunks_exact(k * LANES).enumerate() {
        let column = p * LANES;
        let mut row = 0;
        while row + TALL <= m {
            tile::<TALL>(
                &input[row * k..],
                k,
                panel,
                &mut output[row * n + column..],
                n,
            );
            row += TALL;
        }
        while TALL > 4 && row + 4 <= m {
            tile::<4>(
                &input[row * k..],
                k,
                panel,
                &mut output[row * n + column..],
                n,
            );
            row += 4;
        }
        while row < m {
            tile::<1>(
                &input[row * k..],
                k,
                panel,
                &mut output[row * n + column..],
                n,
            );
            row += 1;
        }
    }
}

#[inline(always)]
fn tile<const TALL: usize>(input: &[f32], k: usize, panel: &[f32], output: &mut [f32], n: usize) {
    let mut sums = [[0f32; LANES]; TALL];
    for (r, sum) in sums.iter_mut().enumerate() {
        sum.copy_from_slice(&output[r * n..][..LANES]);
    }
    let rows: [&[f32]; TALL] = std::array::from_fn(|r| &input[r * k..][..k]);
    for (at, weights) in panel.as_chunks::<LANES>().0.iter().enumerate().take(k) {
        for r in 0..TALL {
            let x = rows[r][at];
            for lane in 0..LANES {
                sums[r][lane] = x.mul_add(weights[lane], sums[r][lane]);
            }
        }
    }
    for (r, sum) in sums.iter().enumerate() {
        output[r * n..][..LANES].copy_from_slice(sum);
    }
}

/// `e^x` with a relative error below 5e-6 for |x| < 87; larger arguments are clamped.
///
/// The same bits on every machine, unlike a system's own function: range reduction by powers of
/// two, then the Taylor polynomial of degree 5 on [-ln 2 / 2, ln 2 / 2].
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const SHIFT: f32 = 12_582_912.0; // 1.5 * 2^23: adding it rounds to a whole number
    let x = x.clamp(-87.0, 87.0);
    let whole = x.mul_add(std::f32::consts::LOG2_E, SHIFT) - SHIFT;
    let r = whole.mul_add(-0.693_359_4, x);
    let r = whole.mul_add(2.121_944_4e-4, r);
    let mut sum = 1.0 / 5040.0;
    for c in [
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        sum = r.mul_add(sum, c);
    }
    let power = f32::from_bits(((whole as i32 + 127) as u32) << 23);
    sum * power
}

/// The logistic function.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The hyperbolic tangent.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    2.0f32.mul_add(sigmoid(2.0 * x), -1.0)
}

widest! {
    /// One step of an LSTM with coupled forget and input gates (Greff et al. 2017) for a batch of
    /// rows.
    ///
    /// `gates` holds rows of `3 * width`: forget, output, candidate, before squashing. `cells` and
    /// `hidden` hold rows of `width`; `cells` comes with the old state and leaves with the new.
    pub fn lstm_step(gates: &[f32], cells: &mut [f32], hidden: &mut [f32], width: usize) = lstm_step_by::<16, 8>
}

#[inline(always)]
fn lstm_step_by<const VECTOR: usize>(
    gates: &[f32],
    cells: &mut [f32],
    hidden: &mut [f32],
    width: usize,
) {
    let rows = gates.chunks_exact(3 * width);
    for ((gates, cells), hidden) in rows
        .zip(cells.chunks_exact_mut(width))
        .zip(hidden.chunks_exact_mut(width))
    {
        let (forget, rest) = gates.split_at(width);
        let (output, candidate) = rest.split_at(width);
        for ((((f, o), g), c), h) in forget
            .iter()
            .zip(output)
            .zip(candidate)
            .zip(cells)
            .zip(hidden)
        {
            // With F = e^-f and so on, sigmoid(f) = 1 / (1 + F) and tanh(g) = (1 - G) / (1 + G)
            // for G = e^-2g: one division for the cell and one for the output.
            let (f, o, g) = (inverse_exp(*f), inverse_exp(*o), inverse_exp(2.0 * *g));
            let sum = f.mul_add(1.0 - g, c.mul_add(g, *c));
            *c = sum / ((1.0 + f) * (1.0 + g));
            let s = inverse_exp(2.0 * *c);
            *h = (1.0 - s) / ((1.0 + o) * (1.0 + s));
        }
    }
}

/// `e^-x`, with `x` held where squares of the result stay finite.
#[inline(always)]
fn inverse_exp(x: f32) -> f32 {
    exp(-x.clamp(-40.0, 40.0))
}

widest! {
    /// [`lstm_step`] for training: leaves the squashed gates in `gates` and the squashed new cells
    /// in `squashed`. `cells` holds rows of new cells, `old` those before, one for each row of
    /// `cells` or fewer (the rest start from zero).
    pub fn lstm_step_traced(gates: &mut [f32], old: &[f32], cells: &mut [f32], squashed: &mut [f32], hidden: &mut [f32], width: usize) = lstm_step_traced_by::<16, 8>
}

#[inline(always)]
fn lstm_step_traced_by<const VECTOR: usize>(
    gates: &mut [f32],
    old: &[f32],
    cells: &mut [f32],
    squashed: &mut [f32],
    hidden: &mut [f32],
    width: usize,
) {
    for (row, gates) in gates.chunks_exact_mut(3 * width).enumerate() {
        let (open, candidate) = gates.split_at_mut(2 * width);
        open.iter_mut().for_each(|gate| *gate = sigmoid(*gate));
        candidate.iter_mut().for_each(|gate| *gate = tanh(*gate));
        let (forget, output) = open.split_at(width);
        let range = row * width..(row + 1) * width;
        let cells = &mut cells[range.clone()];
        match old.get(range.clone()) {
            Some(old) => cells.copy_from_slice(old),
            None => cells.fill(0.0),
        }
        for ((c, f), g) in cells.iter_mut().zip(forget).zip(&*candidate) {
            *c = f.mul_add(*c - g, *g);
        }
        let squashed = &mut squashed[range.clone()];
        squashed
            .iter_mut()
            .zip(cells)
            .for_each(|(s, c)| *s = tanh(*c));
        let hidden = &mut hidden[range];
        for ((h, o), s) in hidden.iter_mut().zip(output).zip(squashed) {
            *h = o * *s;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_do_not_depend_on_the_batch() {
        let (m, k, n) = (21, 13, 64);
        let value = |i: usize| ((i * 2_654_435_761) % 1000) as f32 / 500.0 - 1.0;
        let a: Vec<f32> = (0..m * k).map(value).collect();
        let b: Vec<f32> = (0..k * n).map(|i| value(i + 7)).collect();
        let packed = Packed::new(&b, k, n);
        let mut all = vec![0.25; m * n];
        packed.multiply_into(&a, &mut all);
        for row in 0..m {
            let mut one = vec![0.25; n];
            packed.multiply_into(&a[row * k..][..k], &mut one);
            assert_eq!(one, all[row * n..][..n], "row {row} alone");
            let mut plain = vec![0.25f32; n];
            for at in 0..k {
                for (column, sum) in plain.iter_mut().enumerate() {
                    *sum = a[row * k + at].mul_add(b[at * n + column], *sum);
                }
            }
            assert_eq!(one, plain, "row {row} by plain code");
        }
    }

    #[test]
    fn both_steps_of_the_recurrence_agree() {
        let width = 32;
        let value = |i: usize| ((i * 2_654_435_761) % 1000) as f32 / 100.0 - 5.0;
        let gates: Vec<f32> = (0..2 * 3 * width).map(value).collect();
        let old: Vec<f32> = (0..width).map(|i| value(i + 3) / 5.0).collect();
        let mut cells = [old.clone(), vec![0.0; width]].concat();
        let mut hidden = vec![0.0; 2 * width];
        lstm_step(&gates, &mut cells, &mut hidden, width);
        let (mut traced, mut squashed) = (vec![9.0; 2 * width], vec![0.0; 2 * width]);
        let mut output = vec![0.0; 2 * width];
        let mut gates = gates;
        lstm_step_traced(
            &mut gates,
            &old,
            &mut traced,
            &mut squashed,
            &mut output,
            width,
        );
        for i in 0..2 * width {
            assert!((cells[i] - traced[i]).abs() < 1e-4, "cell {i}");
            assert!((hidden[i] - output[i]).abs() < 1e-4, "output {i}");
        }
        lstm_step(
            &vec![1e30; 3 * width],
            &mut cells[..width],
            &mut hidden[..width],
            width,
        );
        assert!(hidden.iter().all(|h| h.is_finite()), "huge gates");
    }

    #[test]
    fn squashing_is_close_to_the_exact_functions() {
        for step in -2000..=2000 {
            let x = step as f32 / 100.0;
            let error = |got: f32, want: f64| (f64::from(got) - want).abs() / want.abs().max(1e-3);
            assert!(error(exp(x), f64::from(x).exp()) < 5e-6, "exp {x}");
            assert!(
                (f64::from(tanh(x)) - f64::from(x).tanh()).abs() < 5e-6,
                "tanh {x}"
            );
        }
        assert!(sigmoid(-1e30) >= 0.0 && sigmoid(1e30) <= 1.0);
    }
}
