//! Quotations, and who speaks in them.

use tieline_text::Xpos;

use crate::entities::view::View;

/// Which tokens stand between quotation marks.
pub struct Quotes {
    /// Number of the quotation of each token, from 1; 0 outside.
    number: Vec<u32>,
    /// How many quotations there are.
    pub count: u32,
}

impl Quotes {
    /// A quotation ends at its closing mark or, where that is missing, with the paragraph.
    pub fn find(view: &View<'_>) -> Quotes {
        let mut number = vec![0; view.tokens.len()];
        let (mut count, mut open) = (0, None);
        let mut paragraph = None;
        for sentence in view.parsed.sentences() {
            if paragraph != Some(sentence.paragraph) {
                paragraph = Some(sentence.paragraph);
                open = None;
            }
            for token in sentence.tokens.clone() {
                let mark = view.word(token);
                let closes = match open {
                    Some('"') => matches!(mark, "\"" | "”" | "''" | "“"),
                    Some('\'') => matches!(mark, "’" | "'") && !is_clitic_place(view, token),
                    _ => false,
                };
                if closes {
                    open = None;
                    continue;
                }
                if open.is_none() {
                    open = match mark {
                        "\"" | "“" | "``" | "„" | "«" => Some('"'),
                        "‘" => Some('\''),
                        _ => None,
                    };
                    if open.is_some() {
                        count += 1;
                        continue;
                    }
                }
                if open.is_some()
                    && let Some(slot) = number.get_mut(token as usize)
                {
                    *slot = count;
                }
            }
        }
        Quotes { number, count }
    }

    /// Number of the quotation that a token stands in, 0 outside.
    pub fn of(&self, token: u32) -> u32 {
        self.number.get(token as usize).copied().unwrap_or(0)
    }
}

/// Whether a closing single quote is rather the possessive of a plural: no space before it and a
/// noun after.
fn is_clitic_place(view: &View<'_>, token: u32) -> bool {
    view.tokens
        .get(token as usize)
        .is_some_and(|token| token.xpos == Xpos::Pos)
}
