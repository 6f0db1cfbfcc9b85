//! CoNLL-U: sentences with gold trees, read and written.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tieline_text::{DepRel, Upos, Xpos};

/// One token of a treebank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The form.
    pub form: String,
    /// The lemma.
    pub lemma: String,
    /// Universal part of speech.
    pub upos: Upos,
    /// Penn tag.
    pub xpos: Xpos,
    /// Index of the head within the sentence; the root's own for the root.
    pub head: u32,
    /// Relation to the head.
    pub deprel: DepRel,
    /// The last column as it stands.
    pub misc: String,
}

/// One sentence of a treebank, never empty.
pub type Tree = Vec<Row>;

/// Reads a treebank. Ranges (`1-2`) and empty nodes (`1.1`) are left out; an unknown subtype of a
/// relation is cut, an unknown tag becomes the default of its set.
pub fn read(path: &Path) -> Result<Vec<Tree>, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut trees = Vec::new();
    let mut tree = Tree::new();
    for (line, number) in text.lines().zip(1u32..) {
        if line.starts_with('#') {
            continue;
        }
        if line.trim().is_empty() {
            if !tree.is_empty() {
                trees.push(std::mem::take(&mut tree));
            }
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        let &[id, form, lemma, upos, xpos, _, head, deprel, _, misc] = cells.as_slice() else {
            return Err(format!(
                "{}:{number}: {} columns, expected 10",
                path.display(),
                cells.len()
            )
            .into());
        };
        if id.contains(['-', '.']) {
            continue;
        }
        let universal = deprel.split(':').next().unwrap_or_default();
        let own = tree.len() as u32;
        tree.push(Row {
            form: form.to_owned(),
            lemma: lemma.to_owned(),
            upos: upos.parse().unwrap_or_default(),
            xpos: xpos.parse().unwrap_or_default(),
            head: head
                .parse::<u32>()
                .unwrap_or(0)
                .checked_sub(1)
                .unwrap_or(own),
            deprel: deprel
                .parse()
                .or_else(|_| universal.parse())
                .unwrap_or_default(),
            misc: misc.to_owned(),
        });
    }
    if !tree.is_empty() {
        trees.push(tree);
    }
    Ok(trees)
}

/// Writes sentences in the ten columns.
pub fn write(trees: &[Tree], out: &mut impl Write) -> io::Result<()> {
    for tree in trees {
        for (row, idx) in tree.iter().zip(0u32..) {
            let head = if row.head == idx { 0 } else { row.head + 1 };
            writeln!(
                out,
                "{}\t{}\t{}\t{}\t{}\t_\t{head}\t{}\t_\t{}",
                idx + 1,
                row.form,
                row.lemma,
                row.upos,
                row.xpos,
                row.deprel,
                row.misc
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}
