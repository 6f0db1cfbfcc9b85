//! Labels of the name tagger: where a token stands in a name, and of which class the name is.

use tieline_text::NameKind;

/// Number of classes.
pub const N_CLASSES: usize = NameKind::ALL.len();
/// Number of labels: outside, and four positions for each class.
pub const N_LABELS: usize = 1 + 4 * N_CLASSES;
/// Label of a token outside of names.
pub const OUTSIDE: usize = 0;

/// Where a token stands in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Place {
    /// First of several.
    Begin,
    /// Neither first nor last.
    Inside,
    /// Last of several.
    Last,
    /// The only one.
    Unit,
}

/// The label of a class and a place.
pub const fn label(class: usize, place: Place) -> usize {
    1 + 4 * class + place as usize
}

/// Class of a label other than [`OUTSIDE`].
pub const fn class_of(label: usize) -> usize {
    (label - 1) / 4
}

/// Place of a label other than [`OUTSIDE`].
pub const fn place_of(label: usize) -> Place {
    match (label - 1) % 4 {
        0 => Place::Begin,
        1 => Place::Inside,
        2 => Place::Last,
        _ => Place::Unit,
    }
}

/// Whether a label starts outside of any open name, so that it may stand first or after a name.
pub const fn opens(label: usize) -> bool {
    label == OUTSIDE || matches!(place_of(label), Place::Begin | Place::Unit)
}

/// Whether no name is open after a label, so that it may stand last or before a name.
pub const fn closes(label: usize) -> bool {
    label == OUTSIDE || matches!(place_of(label), Place::Last | Place::Unit)
}

/// Whether `next` may follow `label`.
pub const fn follows(label: usize, next: usize) -> bool {
    if opens(next) {
        closes(label)
    } else {
        !closes(label) && class_of(label) == class_of(next)
    }
}

/// Spans of a sequence of labels, as first token, end, class. Whatever does not fit is left out.
pub fn spans(labels: &[u8]) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
    let mut start = None;
    labels.iter().enumerate().filter_map(move |(idx, label)| {
        let label = usize::from(*label);
        if label == OUTSIDE || N_LABELS <= label {
            start = None;
            return None;
        }
        match place_of(label) {
            Place::Begin => {
                start = Some(idx);
                None
            }
            Place::Inside => None,
            Place::Last => start.take().map(|start| (start, idx + 1, class_of(label))),
            Place::Unit => Some((idx, idx + 1, class_of(label))),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_closed_before_the_next() {
        let (b, i, l, u) = (
            label(1, Place::Begin),
            label(1, Place::Inside),
            label(1, Place::Last),
            label(2, Place::Unit),
        );
        // name, labels, legal
        let cases: [(&str, &[usize], bool); 7] = [
            ("outside", &[OUTSIDE, OUTSIDE], true),
            ("whole name", &[b, i, l, u], true),
            ("name cut short", &[b, OUTSIDE], false),
            ("inside without begin", &[OUTSIDE, i], false),
            ("class changes", &[label(0, Place::Begin), l], false),
            ("begin in a name", &[b, b], false),
            ("two units", &[u, u], true),
        ];
        for (name, labels, legal) in cases {
            let ok = labels.windows(2).all(|pair| follows(pair[0], pair[1]));
            assert_eq!(ok, legal, "{name}");
        }
        let found: Vec<_> = spans(&[b as u8, i as u8, l as u8, u as u8, 0, l as u8]).collect();
        assert_eq!(found, [(0, 3, 1), (3, 4, 2)]);
    }
}
