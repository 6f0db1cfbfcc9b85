//! Weights of hashed features: a sparse set of rows, one value for each label.

use super::labels::N_LABELS;
use crate::model::{ModelError, Reader, Writer};

/// Values in a row, the labels and padding.
pub const WIDTH: usize = 24;
/// Sums of rows, in units of the table's scale.
pub type Row = [i16; WIDTH];

/// Which feature hashes have a row, and which one.
///
/// A feature is the first `bits` bits of its hash; two features with the same bits share a row.
#[derive(Clone, Debug, Default)]
pub struct Index {
    bits: u32,
    /// For 64 neighbouring features each: which have rows, and the number of rows before them.
    blocks: Vec<(u64, u32)>,
    n_rows: usize,
}

impl Index {
    /// An index of the features whose numbers are given in ascending order.
    ///
    /// `bits` is 6 to 28. Returns `None` when a number is out of order or too large.
    pub fn new(bits: u32, features: impl IntoIterator<Item = u32>) -> Option<Index> {
        if !(6..=28).contains(&bits) {
            return None;
        }
        let mut blocks = vec![(0u64, 0u32); 1 << (bits - 6)];
        let mut last = None;
        let mut n_rows = 0;
        for feature in features {
            if last.is_some_and(|last| feature <= last) {
                return None;
            }
            last = Some(feature);
            blocks.get_mut((feature >> 6) as usize)?.0 |= 1 << (feature & 63);
            n_rows += 1;
        }
        let mut before = 0;
        for block in &mut blocks {
            block.1 = before;
            before += block.0.count_ones();
        }
        Some(Index {
            bits,
            blocks,
            n_rows,
        })
    }

    /// Number of a feature.
    #[inline]
    pub fn feature(&self, hash: u64) -> u32 {
        (hash >> (64 - self.bits)) as u32
    }

    /// Row of a feature.
    #[inline]
    pub fn row(&self, hash: u64) -> Option<usize> {
        let feature = self.feature(hash);
        let (set, before) = *self.blocks.get((feature >> 6) as usize)?;
        let bit = feature & 63;
        if set >> bit & 1 == 0 {
            return None;
        }
        Some(before as usize + (set & ((1 << bit) - 1)).count_ones() as usize)
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.n_rows
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.n_rows == 0
    }

    /// Numbers of the features that have rows, ascending.
    pub fn features(&self) -> impl Iterator<Item = u32> + '_ {
        self.blocks.iter().enumerate().flat_map(|(idx, (set, _))| {
            (0..64)
                .filter(move |bit| set >> bit & 1 == 1)
                .map(move |bit| (idx as u32) << 6 | bit)
        })
    }
}

/// Quantised weights, for inference.
#[derive(Clone, Debug, Default)]
pub struct Table {
    index: Index,
    rows: Vec<[i8; WIDTH]>,
}

impl Table {
    /// A table with one row for each feature of the index, in order.
    pub fn new(index: Index, rows: Vec<[i8; WIDTH]>) -> Option<Table> {
        (index.len() == rows.len()).then_some(Table { index, rows })
    }

    /// Adds the row of a feature, if it has one.
    #[inline]
    pub fn add(&self, hash: u64, sum: &mut Row) {
        if let Some(row) = self.index.row(hash).and_then(|row| self.rows.get(row)) {
            for (to, value) in sum.iter_mut().zip(row) {
                *to = to.wrapping_add(i16::from(*value));
            }
        }
    }

    /// Writes the table: bits, rows, distances between features as variable-length numbers, then
    /// for each row a mask of three bytes and the values other than 0.
    pub fn write(&self, writer: &mut Writer) {
        let mut gaps = Vec::new();
        let mut last = 0;
        for feature in self.index.features() {
            let mut gap = feature - last;
            last = feature;
            while 127 < gap {
                gaps.push((gap & 127) as u8 | 128);
                gap >>= 7;
            }
            gaps.push(gap as u8);
        }
        let mut values = Vec::new();
        for row in &self.rows {
            let mask = (0..N_LABELS)
                .filter(|i| row[*i] != 0)
                .fold(0u32, |m, i| m | 1 << i);
            values.extend(&mask.to_le_bytes()[..3]);
            values.extend(
                row[..N_LABELS]
                    .iter()
                    .filter(|v| **v != 0)
                    .map(|v| *v as u8),
            );
        }
        writer.u32(self.index.bits);
        writer.u32(self.rows.len() as u32);
        writer.blob(&gaps);
        writer.blob(&values);
    }

    /// Reads what [`Table::write`] wrote.
    pub fn read(reader: &mut Reader<'_>) -> Result<Table, ModelError> {
        let bits = reader.u32()?;
        let n_rows = reader.u32()? as usize;
        let gaps = reader.blob()?;
        let values = reader.blob()?;
        if gaps.len() < n_rows || values.len() / 3 < n_rows {
            return Err(ModelError::Length);
        }
        let bad = ModelError::Value {
            what: "a feature number",
        };
        let mut features = Vec::with_capacity(n_rows);
        let (mut last, mut gap, mut shift) = (0u32, 0u32, 0);
        for byte in gaps {
            if 28 < shift {
                return Err(bad);
            }
            gap |= u32::from(byte & 127) << shift;
            if byte & 128 != 0 {
                shift += 7;
                continue;
            }
            last = last.checked_add(gap).ok_or(bad)?;
            features.push(last);
            (gap, shift) = (0, 0);
        }
        let index = Index::new(bits, features).ok_or(bad)?;
        let mut rows = Vec::with_capacity(n_rows);
        let mut rest = values;
        while !rest.is_empty() {
            let (mask, tail) = rest.split_first_chunk::<3>().ok_or(ModelError::Length)?;
            let mut mask = u32::from_le_bytes([mask[0], mask[1], mask[2], 0]);
            if mask >> N_LABELS != 0 {
                return Err(ModelError::Value { what: "a mask" });
            }
            let (row_values, tail) = tail
                .split_at_checked(mask.count_ones() as usize)
                .ok_or(ModelError::Length)?;
            let mut row = [0i8; WIDTH];
            for value in row_values {
                if let Some(to) = row.get_mut(mask.trailing_zeros() as usize) {
                    *to = *value as i8;
                }
                mask &= mask.wrapping_sub(1);
            }
            rows.push(row);
            rest = tail;
        }
        if rows.len() != n_rows {
            return Err(ModelError::Length);
        }
        Table::new(index, rows).ok_or(ModelError::Length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_and_survive_writing() {
        let features = [0u32, 3, 63, 64, 700, (1 << 12) - 1];
        let index = Index::new(12, features).unwrap();
        assert_eq!(index.features().collect::<Vec<_>>(), features);
        let mut rows = vec![[0i8; WIDTH]; features.len()];
        for (value, row) in (1..).zip(&mut rows) {
            row[value as usize] = value;
            row[N_LABELS - 1] = -value;
        }
        let table = Table::new(index, rows).unwrap();
        let mut writer = Writer::new(*b"test", 1);
        table.write(&mut writer);
        let file = writer.finish();
        let mut reader = Reader::new(&file, *b"test", 1).unwrap();
        let again = Table::read(&mut reader).unwrap();
        reader.end().unwrap();
        for feature in 0..1u32 << 12 {
            let hash = u64::from(feature) << 52;
            let (mut a, mut b) = ([0; WIDTH], [0; WIDTH]);
            table.add(hash, &mut a);
            again.add(hash, &mut b);
            assert_eq!(a, b);
            let place = features.iter().position(|f| *f == feature);
            assert_eq!(a != [0; WIDTH], place.is_some(), "{feature}");
            if let Some(place) = place {
                assert_eq!(a[N_LABELS - 1], -(place as i16 + 1));
            }
        }
    }

    #[test]
    fn bad_feature_lists_are_refused() {
        assert!(Index::new(12, [5, 5]).is_none(), "twice");
        assert!(Index::new(12, [5, 4]).is_none(), "order");
        assert!(Index::new(12, [1 << 12]).is_none(), "range");
        assert!(Index::new(40, []).is_none(), "bits");
    }
}
