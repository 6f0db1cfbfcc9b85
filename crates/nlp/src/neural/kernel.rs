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
    let mut rows: [&[f32]; TALL] = [&[]; TALL];
    for (row, input) in rows.iter_mut().zip(input.chunks_exact(k)) {
        *row = input;
    }
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

/// A weight matrix in 16-bit whole numbers, for inputs in 16-bit whole numbers.
///
/// Twice as fast as [`Packed`], and exact: sums of whole numbers have the same bits in any order.
#[derive(Clone, Debug, Default)]
pub struct PackedShort {
    k: usize,
    n: usize,
    /// Panels of [`LANES`] columns; in a panel two rows after two rows, their weights in pairs.
    panels: Vec<i16>,
    /// What one unit of a sum is worth.
    unit: f32,
}

impl PackedShort {
    /// Packs a row-major matrix for inputs of at most `largest` units of which `scale` make 1.
    ///
    /// # Panics
    /// If `weights` has not `k * n` values, `k` is odd or `n` is no multiple of [`LANES`].
    pub fn new(weights: &[f32], k: usize, n: usize, scale: f32, largest: i16) -> PackedShort {
        assert_eq!(n % LANES, 0, "width of the weights");
        assert_eq!(k % 2, 0, "height of the weights");
        assert_eq!(weights.len(), k * n, "shape of the weights");
        let top = weights
            .iter()
            .fold(1e-6f32, |top, weight| top.max(weight.abs()));
        // No sum of k products may leave 31 bits.
        let steps = (i32::MAX / (k as i32 * i32::from(largest))).min(32_767) as f32;
        let step = top / steps;
        let mut panels = Vec::with_capacity(k * n);
        for column in (0..n).step_by(LANES) {
            for pair in (0..k).step_by(2) {
                for lane in column..column + LANES {
                    for row in [pair, pair + 1] {
                        panels.push((weights[row * n + lane] / step).round() as i16);
                    }
                }
            }
        }
        PackedShort {
            k,
            n,
            panels,
            unit: step / scale,
        }
    }

    /// Number of columns, the width of the output.
    pub fn columns(&self) -> usize {
        self.n
    }

    /// Makes every row of `output` the `base` plus that row of `input * self`; without a base, adds
    /// to what is there. Rows of `input` are `k` wide, rows of `output` are `n` wide.
    ///
    /// # Panics
    /// If the lengths are not whole rows, the row counts differ, or the base is no row.
    pub fn multiply_into(&self, input: &[i16], base: Option<&[f32]>, output: &mut [f32]) {
        if self.n == 0 || self.k == 0 {
            return;
        }
        let m = output.len() / self.n;
        assert_eq!(output.len(), m * self.n, "shape of the output");
        assert_eq!(input.len(), m * self.k, "shape of the input");
        assert!(
            base.is_none_or(|base| base.len() == self.n),
            "shape of the base"
        );
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vnni")
            {
                // SAFETY: the features that the function needs were just found.
                #[allow(unsafe_code)]
                return unsafe { wide::product_vnni(self, input, base, output) };
            }
            if is_x86_feature_detected!("avx2") {
                // SAFETY: as above.
                #[allow(unsafe_code)]
                return unsafe { wide::product_avx2(self, input, base, output) };
            }
        }
        self.plain(input, base, output);
    }

    /// [`PackedShort::multiply_into`] without wide registers.
    fn plain(&self, input: &[i16], base: Option<&[f32]>, output: &mut [f32]) {
        for (input, output) in input
            .chunks_exact(self.k)
            .zip(output.chunks_exact_mut(self.n))
        {
            if let Some(base) = base {
                output.copy_from_slice(base);
            }
            let panels = self.panels.chunks_exact(self.k * LANES);
            for (panel, output) in panels.zip(output.as_chunks_mut::<LANES>().0) {
                let mut sums = [0i32; LANES];
                let pairs = panel.as_chunks::<{ 2 * LANES }>().0;
                for (x, weights) in input.as_chunks::<2>().0.iter().zip(pairs) {
                    for (sum, w) in sums.iter_mut().zip(weights.as_chunks::<2>().0) {
                        *sum += i32::from(x[0]) * i32::from(w[0]);
                        *sum += i32::from(x[1]) * i32::from(w[1]);
                    }
                }
                for (to, sum) in output.iter_mut().zip(sums) {
                    *to += sum as f32 * self.unit;
                }
            }
        }
    }
}

/// The products of 16-bit numbers by instructions that multiply pairs and add them; the compiler
/// does not find these by itself.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod wide {
    use std::arch::x86_64::*;

    use super::{LANES, PackedShort};

    /// Two neighbouring inputs as one number of 32 bits.
    #[inline(always)]
    fn pair(x: &[i16; 2]) -> i32 {
        i32::from(x[0] as u16) | i32::from(x[1]) << 16
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    pub(super) fn product_vnni(
        packed: &PackedShort,
        input: &[i16],
        base: Option<&[f32]>,
        output: &mut [f32],
    ) {
        let (k, n) = (packed.k, packed.n);
        let m = output.len() / n;
        for (p, panel) in packed.panels.chunks_exact(k * LANES).enumerate() {
            let base = base.map(|base| &base[p * LANES..][..LANES]);
            let mut row = 0;
            while row + 8 <= m {
                tile_vnni::<8>(
                    packed,
                    &input[row * k..],
                    panel,
                    base,
                    &mut output[row * n + p * LANES..],
                );
                row += 8;
            }
            while row + 2 <= m {
                tile_vnni::<2>(
                    packed,
                    &input[row * k..],
                    panel,
                    base,
                    &mut output[row * n + p * LANES..],
                );
                row += 2;
            }
            if row < m {
                tile_vnni::<1>(
                    packed,
                    &input[row * k..],
                    panel,
                    base,
                    &mut output[row * n + p * LANES..],
                );
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    fn tile_vnni<const TALL: usize>(
        packed: &PackedShort,
        input: &[i16],
        panel: &[i16],
        base: Option<&[f32]>,
        output: &mut [f32],
    ) {
        let mut sums = [[_mm512_setzero_si512(); 2]; TALL];
        let mut rows: [&[[i16; 2]]; TALL] = [&[]; TALL];
        for (row, input) in rows.iter_mut().zip(input.chunks_exact(packed.k)) {
            *row = input.as_chunks::<2>().0;
        }
        for (at, weights) in panel.as_chunks::<{ 2 * LANES }>().0.iter().enumerate() {
            // SAFETY: the array holds 64 numbers of 16 bits, two registers.
            let (low, high) = unsafe {
                let weights = weights.as_ptr();
                (
                    _mm512_loadu_si512(weights.cast()),
                    _mm512_loadu_si512(weights.add(32).cast()),
                )
            };
            for r in 0..TALL {
                let x = _mm512_set1_epi32(pair(&rows[r][at]));
                sums[r][0] = _mm512_dpwssd_epi32(sums[r][0], x, low);
                sums[r][1] = _mm512_dpwssd_epi32(sums[r][1], x, high);
            }
        }
        let unit = _mm512_set1_ps(packed.unit);
        for (r, sums) in sums.iter().enumerate() {
            let to = output[r * packed.n..].as_chunks_mut::<16>().0;
            for (part, (sum, to)) in sums.iter().zip(to).enumerate() {
                let value = _mm512_mul_ps(_mm512_cvtepi32_ps(*sum), unit);
                let base = base.and_then(|base| base.as_chunks::<16>().0.get(part));
                // SAFETY: the arrays hold 16 numbers, one register.
                unsafe {
                    let old = _mm512_loadu_ps(base.unwrap_or(to).as_ptr());
                    _mm512_storeu_ps(to.as_mut_ptr(), _mm512_add_ps(old, value));
                }
            }
        }
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn product_avx2(
        packed: &PackedShort,
        input: &[i16],
        base: Option<&[f32]>,
        output: &mut [f32],
    ) {
        let (k, n) = (packed.k, packed.n);
        let m = output.len() / n;
        for (p, panel) in packed.panels.chunks_exact(k * LANES).enumerate() {
            let base = base.map(|base| &base[p * LANES..][..LANES]);
            let mut row = 0;
            while row + 2 <= m {
                tile_avx2::<2>(
                    packed,
                    &input[row * k..],
                    panel,
                    base,
                    &mut output[row * n + p * LANES..],
                );
                row += 2;
            }
            if row < m {
                tile_avx2::<1>(
                    packed,
                    &input[row * k..],
                    panel,
                    base,
                    &mut output[row * n + p * LANES..],
                );
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn tile_avx2<const TALL: usize>(
        packed: &PackedShort,
        input: &[i16],
        panel: &[i16],
        base: Option<&[f32]>,
        output: &mut [f32],
    ) {
        let mut sums = [[_mm256_setzero_si256(); 4]; TALL];
        let mut rows: [&[[i16; 2]]; TALL] = [&[]; TALL];
        for (row, input) in rows.iter_mut().zip(input.chunks_exact(packed.k)) {
            *row = input.as_chunks::<2>().0;
        }
        for (at, weights) in panel.as_chunks::<{ 2 * LANES }>().0.iter().enumerate() {
            for (quarter, weights) in weights.as_chunks::<16>().0.iter().enumerate() {
                // SAFETY: the array holds 16 numbers of 16 bits, one register.
                let weights = unsafe { _mm256_loadu_si256(weights.as_ptr().cast()) };
                for r in 0..TALL {
                    let x = _mm256_set1_epi32(pair(&rows[r][at]));
                    let products = _mm256_madd_epi16(x, weights);
                    sums[r][quarter] = _mm256_add_epi32(sums[r][quarter], products);
                }
            }
        }
        let unit = _mm256_set1_ps(packed.unit);
        for (r, sums) in sums.iter().enumerate() {
            let to = output[r * packed.n..].as_chunks_mut::<8>().0;
            for (part, (sum, to)) in sums.iter().zip(to).enumerate() {
                let value = _mm256_mul_ps(_mm256_cvtepi32_ps(*sum), unit);
                let base = base.and_then(|base| base.as_chunks::<8>().0.get(part));
                // SAFETY: the arrays hold 8 numbers, one register.
                unsafe {
                    let old = _mm256_loadu_ps(base.unwrap_or(to).as_ptr());
                    _mm256_storeu_ps(to.as_mut_ptr(), _mm256_add_ps(old, value));
                }
            }
        }
    }
}

/// A number in whole units of which `scale` make 1, held in 15 bits.
#[inline(always)]
pub fn short(value: f32, scale: f32, largest: i16) -> i16 {
    const SHIFT: f32 = 12_582_912.0; // 1.5 * 2^23: the low bits of the sum are the whole number
    let largest = f32::from(largest);
    ((value * scale).clamp(-largest, largest) + SHIFT).to_bits() as i16
}

/// Units of a hidden state that make 1; it lies between -1 and 1.
pub const HIDDEN_UNITS: i16 = 2047;

widest! {
    /// One step of an LSTM with coupled forget and input gates (Greff et al. 2017) for a batch of
    /// rows.
    ///
    /// `gates` holds rows of `3 * width`: forget, output, candidate, before squashing. `cells` and
    /// `hidden` hold rows of `width`; `cells` comes with the old state and leaves with the new.
    /// `hidden` is in units of which [`HIDDEN_UNITS`] make 1.
    pub fn lstm_step(gates: &[f32], cells: &mut [f32], hidden: &mut [i16], width: usize) = lstm_step_by::<16, 8>
}

#[inline(always)]
fn lstm_step_by<const VECTOR: usize>(
    gates: &[f32],
    cells: &mut [f32],
    hidden: &mut [i16],
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
            let output = (1.0 - s) / ((1.0 + o) * (1.0 + s));
            *h = short(output, f32::from(HIDDEN_UNITS), HIDDEN_UNITS);
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
    fn short_products_are_exact_on_every_machine() {
        let (m, k, n) = (13, 10, 64);
        let value = |i: usize| ((i * 2_654_435_761) % 1000) as f32 / 500.0 - 1.0;
        let weights: Vec<f32> = (0..k * n).map(value).collect();
        let input: Vec<f32> = (0..m * k).map(|i| value(i + 7)).collect();
        let shorts: Vec<i16> = input.iter().map(|x| short(*x, 2047.0, 2047)).collect();
        let packed = PackedShort::new(&weights, k, n, 2047.0, 2047);
        let (mut fast, mut plain) = (vec![0.5; m * n], vec![0.5; m * n]);
        packed.multiply_into(&shorts, None, &mut fast);
        packed.plain(&shorts, None, &mut plain);
        assert_eq!(fast, plain);
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            let mut other = vec![0.5; m * n];
            // SAFETY: the feature was just found.
            #[allow(unsafe_code)]
            unsafe {
                wide::product_avx2(&packed, &shorts, None, &mut other);
            }
            assert_eq!(other, plain);
        }
        let mut based = vec![9.0; m * n];
        packed.multiply_into(&shorts, Some(&[0.5; 64]), &mut based);
        assert_eq!(based, plain, "with a base");
        let mut exact = vec![0.5; m * n];
        Packed::new(&weights, k, n).multiply_into(&input, &mut exact);
        for (fast, exact) in fast.iter().zip(exact) {
            assert!((fast - exact).abs() < 5e-3, "{fast} for {exact}");
        }
    }

    #[test]
    fn both_steps_of_the_recurrence_agree() {
        let width = 32;
        let value = |i: usize| ((i * 2_654_435_761) % 1000) as f32 / 100.0 - 5.0;
        let gates: Vec<f32> = (0..2 * 3 * width).map(value).collect();
        let old: Vec<f32> = (0..width).map(|i| value(i + 3) / 5.0).collect();
        let mut cells = [old.clone(), vec![0.0; width]].concat();
        let mut hidden = vec![0i16; 2 * width];
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
            let hidden = f32::from(hidden[i]) / f32::from(HIDDEN_UNITS);
            assert!((hidden - output[i]).abs() < 5e-4, "output {i}");
        }
        lstm_step(
            &vec![1e30; 3 * width],
            &mut cells[..width],
            &mut hidden[..width],
            width,
        );
        assert!(cells.iter().all(|cell| cell.is_finite()), "huge gates");
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
