//! The best one-to-one assignment of rows to columns.

/// For each row its column, or `None` where there are more rows than columns, so that the sum of
/// the chosen weights is greatest. Weights are not negative; rows are of one length. The Hungarian
/// method with potentials, cubic in the longer side.
pub fn best_assignment(weights: &[Vec<f64>]) -> Vec<Option<usize>> {
    let n_rows = weights.len();
    let n_columns = weights.first().map_or(0, Vec::len);
    let n = n_rows.max(n_columns);
    // costs, on a square padded with zeros; row and column 0 are not used
    let cost = |row: usize, column: usize| {
        let found = weights.get(row - 1).and_then(|r| r.get(column - 1));
        -found.copied().unwrap_or(0.0)
    };
    let (mut of_row, mut of_column) = (vec![0.0; n + 1], vec![0.0; n + 1]);
    let mut row_of = vec![0usize; n + 1];
    for row in 1..=n {
        row_of[0] = row;
        let mut least = vec![f64::INFINITY; n + 1];
        let mut came_from = vec![0usize; n + 1];
        let mut used = vec![false; n + 1];
        let mut column = 0;
        loop {
            used[column] = true;
            let at = row_of[column];
            let (mut delta, mut next) = (f64::INFINITY, 0);
            for other in 1..=n {
                if used[other] {
                    continue;
                }
                let reduced = cost(at, other) - of_row[at] - of_column[other];
                if reduced < least[other] {
                    least[other] = reduced;
                    came_from[other] = column;
                }
                if least[other] < delta {
                    (delta, next) = (least[other], other);
                }
            }
            for other in 0..=n {
                if used[other] {
                    of_row[row_of[other]] += delta;
                    of_column[other] -= delta;
                } else {
                    least[other] -= delta;
                }
            }
            column = next;
            if row_of[column] == 0 {
                break;
            }
        }
        while column != 0 {
            let before = came_from[column];
            row_of[column] = row_of[before];
            column = before;
        }
    }
    let mut columns = vec![None; n_rows];
    for (column, row) in row_of.iter().skip(1).take(n_columns).enumerate() {
        if let Some(slot) = columns.get_mut(row - 1) {
            *slot = Some(column);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments() {
        // name, weights, expected columns
        type Case<'a> = (&'a str, &'a [&'a [f64]], &'a [Option<usize>]);
        let cases: [Case<'_>; 5] = [
            ("nothing", &[], &[]),
            (
                "greedy is wrong",
                &[&[9.0, 8.0], &[8.0, 1.0]],
                &[Some(1), Some(0)],
            ),
            ("more columns", &[&[1.0, 3.0, 2.0]], &[Some(1)]),
            (
                "more rows",
                &[&[1.0], &[3.0], &[2.0]],
                &[None, Some(0), None],
            ),
            (
                "three by three",
                &[&[7.0, 5.0, 6.0], &[8.0, 4.0, 7.0], &[9.0, 6.0, 4.0]],
                &[Some(1), Some(2), Some(0)],
            ),
        ];
        for (name, weights, want) in cases {
            let rows: Vec<Vec<f64>> = weights.iter().map(|row| row.to_vec()).collect();
            assert_eq!(best_assignment(&rows), want, "{name}");
        }
    }
}
