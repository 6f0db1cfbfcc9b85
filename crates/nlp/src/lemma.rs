//! Lemmas, by tables.
//!
//! A lemma is the form with some letters cut from its end and others put there. Which ones, is
//! looked up for the form with its Penn tag, else for its longest known ending with that tag.

use std::fmt;

use tieline_text::Xpos;

use crate::model::{ModelError, Reader, Writer};
use crate::table;
use crate::words::{hash, join, lower_case};

/// Kind of the model file.
pub const KIND: [u8; 4] = *b"lemm";
/// Version of the format. History: 1 - first layout.
pub const VERSION: u32 = 1;
/// Longest ending that rules look at, in characters.
pub const MAX_ENDING: usize = 5;

/// One way to make a lemma: cut `cut` bytes from the end of the lower-case form, append `append`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit<'a> {
    /// Bytes to cut.
    pub cut: u8,
    /// What comes instead.
    pub append: &'a str,
}

/// The trained tables.
#[derive(Clone)]
pub struct Lemmas {
    edits: Vec<Edit<'static>>,
    forms: &'static [[u8; 8]],
    endings: &'static [[u8; 8]],
}

impl fmt::Debug for Lemmas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lemmas({} edits)", self.edits.len())
    }
}

/// What [`Lemmas::write`] writes; numbers are indices into `edits`.
#[derive(Clone, Debug, Default)]
pub struct LemmaTables<'a> {
    /// All edits, at most 65,535.
    pub edits: Vec<Edit<'a>>,
    /// Form in lower case and tag: edit.
    pub forms: Vec<(String, Xpos, u32)>,
    /// Ending (up to [`MAX_ENDING`] characters, maybe none) and tag: edit.
    pub endings: Vec<(String, Xpos, u32)>,
}

fn form_key(tag: Xpos, text: &str) -> u64 {
    join(hash(text.as_bytes()), tag as u64)
}

impl Lemmas {
    /// Reads the tables from the bytes of their model file. Only the list of edits is copied.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<Lemmas, ModelError> {
        let mut reader = Reader::new(bytes, KIND, VERSION)?;
        let n_edits = reader.u32()?;
        let mut edits = Vec::new();
        for _ in 0..n_edits {
            let cut = reader.u8()?;
            edits.push(Edit {
                cut,
                append: reader.str()?,
            });
        }
        let mut slots = || {
            let (slots, odd) = reader.blob()?.as_chunks::<8>();
            if odd.is_empty() && slots.len().is_power_of_two() {
                Ok(slots)
            } else {
                Err(ModelError::Length)
            }
        };
        let (forms, endings) = (slots()?, slots()?);
        reader.end()?;
        Ok(Lemmas {
            edits,
            forms,
            endings,
        })
    }

    /// Writes a model file.
    pub fn write(tables: &LemmaTables<'_>) -> Vec<u8> {
        let mut writer = Writer::new(KIND, VERSION);
        writer.u32(tables.edits.len() as u32);
        for edit in &tables.edits {
            writer.u8(edit.cut);
            writer.str(edit.append);
        }
        let by_text = |rows: &[(String, Xpos, u32)]| {
            let pair = |(text, tag, edit): &(String, Xpos, u32)| (form_key(*tag, text), edit + 1);
            table::make(&rows.iter().map(pair).collect::<Vec<_>>())
        };
        writer.blob(&by_text(&tables.forms));
        writer.blob(&by_text(&tables.endings));
        writer.finish()
    }

    /// Appends the lemma of a form with this tag to `out`. Proper nouns in the singular keep
    /// their form, those in the plural their capitals: "Palestinians" gives "Palestinian".
    /// `lower` is a buffer of the caller.
    pub fn lemma(&self, form: &str, tag: Xpos, lower: &mut String, out: &mut String) {
        if tag == Xpos::Nnp {
            out.push_str(form);
            return;
        }
        lower_case(form, lower);
        let edit = match table::find(self.forms, form_key(tag, lower)) {
            0 => self.by_ending(lower, tag),
            found => found,
        };
        let edit = (edit as usize)
            .checked_sub(1)
            .and_then(|idx| self.edits.get(idx));
        let base = if tag == Xpos::Nnps { form } else { lower };
        let kept = edit.and_then(|edit| base.get(..base.len().checked_sub(edit.cut.into())?));
        match (edit, kept) {
            (Some(edit), Some(kept)) if !kept.is_empty() || !edit.append.is_empty() => {
                out.push_str(kept);
                out.push_str(edit.append);
            }
            _ => out.push_str(base),
        }
    }

    fn by_ending(&self, lower: &str, tag: Xpos) -> u32 {
        let mut starts = [lower.len(); MAX_ENDING + 1];
        let mut n_endings = 1;
        for (at, _) in lower.char_indices().rev().take(MAX_ENDING) {
            starts[n_endings] = at;
            n_endings += 1;
        }
        for start in starts[..n_endings].iter().rev() {
            let found = table::find(self.endings, form_key(tag, &lower[*start..]));
            if found != 0 {
                return found;
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let edit = |cut, append| Edit { cut, append };
        let text = |text: &str, tag, edit| (text.to_owned(), tag, edit);
        Lemmas::write(&LemmaTables {
            edits: vec![edit(0, ""), edit(1, ""), edit(3, "y"), edit(4, "go")],
            forms: vec![text("went", Xpos::Vbd, 3)],
            endings: vec![
                text("", Xpos::Nns, 0),
                text("s", Xpos::Nns, 1),
                text("ies", Xpos::Nns, 2),
                text("is", Xpos::Nnps, 1),
            ],
        })
    }

    #[test]
    fn lemmas_follow_form_then_longest_ending() {
        let lemmas = Lemmas::from_bytes(file().leak()).unwrap();
        // form, tag, lemma
        let cases = [
            ("went", Xpos::Vbd, "go"),
            ("Cities", Xpos::Nns, "city"),
            ("talks", Xpos::Nns, "talk"),
            ("sheep", Xpos::Nns, "sheep"),
            ("Texas", Xpos::Nnp, "Texas"),
            ("Iraqis", Xpos::Nnps, "Iraqi"),
            ("Lakers", Xpos::Nnps, "Lakers"),
            ("talks", Xpos::Vbz, "talks"),
            ("", Xpos::Nns, ""),
            ("š", Xpos::Nns, "š"),
        ];
        for (form, tag, want) in cases {
            let (mut lower, mut out) = (String::new(), String::new());
            lemmas.lemma(form, tag, &mut lower, &mut out);
            assert_eq!(out, want, "{form}");
        }
    }

    #[test]
    fn every_cut_is_an_error_and_no_flip_panics() {
        let whole: &'static [u8] = file().leak();
        for end in 0..whole.len() {
            assert!(
                Lemmas::from_bytes(&whole[..end]).is_err(),
                "first {end} bytes"
            );
        }
        let (mut lower, mut out) = (String::new(), String::new());
        for at in 0..whole.len() {
            let mut bytes = whole.to_vec();
            bytes[at] ^= 0xff;
            if let Ok(lemmas) = Lemmas::from_bytes(bytes.leak()) {
                for (form, tag) in [("went", Xpos::Vbd), ("cities", Xpos::Nns)] {
                    lemmas.lemma(form, tag, &mut lower, &mut out);
                }
            }
        }
    }
}
