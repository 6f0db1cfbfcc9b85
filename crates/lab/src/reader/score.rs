//! Names by the whole engine, scored.

use std::error::Error;
use std::path::Path;

use tieline_nlp::Engine;
use tieline_text::{Document, NameKind};

use crate::names::score::{NameScores, compare, documents, render};

/// Strict-span scores of the engine's names on a file of tagged words.
pub fn engine_names(engine: &Engine, path: &Path) -> Result<NameScores, Box<dyn Error>> {
    let mut scores = NameScores::default();
    for doc in documents(path)? {
        let (text, gold) = render(&doc);
        let document = Document::from_text("-", text);
        let (parsed, _) = engine.parse(&document);
        let found: Vec<_> = parsed
            .names()
            .iter()
            .filter_map(|name| {
                let class = match name.kind {
                    NameKind::Person => 0,
                    NameKind::Organisation => 1,
                    NameKind::Location => 2,
                    NameKind::Norp | NameKind::Misc => return None,
                };
                let span = parsed.span_of(name.tokens.clone());
                Some((span.start() as usize, span.end() as usize, class))
            })
            .collect();
        compare(&document.text, &gold, &found, &mut scores, |_, _| {});
    }
    Ok(scores)
}
