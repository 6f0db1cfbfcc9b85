//! Names on raw text: what the tagger finds, and what is left of it at the end of the pipeline.

use std::error::Error;
use std::path::Path;

use tieline_extract::Pipeline;
use tieline_facts::{EntityType, MentionKind};
use tieline_text::{Document, NameKind};

use super::Measure;
use crate::names::score::{NameScores, compare, documents, render};

/// Files that names are scored on, with the sort of text.
const SETS: [&str; 5] = [
    "dev/dwie/dev.bio",
    "dev/worldwide_newswire/dev.bio",
    "dev/uner_ewt/dev.bio",
    "dev/crossner_politics/dev.bio",
    "dev/gum/news_dev.bio",
];

/// Scores the mentions of kind name that `extract` prints, by class, and the names that the
/// linguistic engine hands to the entity stage.
pub fn eval_names(data: &Path, pipeline: &Pipeline) -> Result<Vec<Measure>, Box<dyn Error>> {
    let mut rows = Vec::new();
    for set in SETS {
        let path = data.join(set);
        let (mut scores, mut early) = (NameScores::default(), NameScores::default());
        for doc in documents(&path)? {
            let (text, gold) = render(&doc);
            let document = Document::from_text(set, text.as_str());
            let (parsed, _) = pipeline.engine.parse(&document);
            let found: Vec<_> = (parsed.names().iter())
                .filter_map(|name| {
                    let span = parsed.span_of(name.tokens.clone());
                    let class = match name.kind {
                        NameKind::Person => 0,
                        NameKind::Organisation => 1,
                        NameKind::Location => 2,
                        NameKind::Norp | NameKind::Misc => return None,
                    };
                    Some((span.start() as usize, span.end() as usize, class))
                })
                .collect();
            compare(&text, &gold, &found, &mut early, |_, _| {});
            let facts = pipeline.run(&document);
            let found: Vec<_> = facts
                .entities
                .iter()
                .filter_map(|entity| {
                    let class = match entity.kind {
                        EntityType::Person => 0,
                        EntityType::Organisation => 1,
                        EntityType::Country | EntityType::Place => 2,
                        EntityType::Other => return None,
                    };
                    Some((entity, class))
                })
                .flat_map(|(entity, class)| {
                    let named = entity
                        .mentions
                        .iter()
                        .filter(|m| m.kind == MentionKind::Name);
                    named.map(move |m| (m.start as usize, m.end as usize, class))
                })
                .collect();
            compare(&text, &gold, &found, &mut scores, |_, _| {});
        }
        let all = scores.f1(None);
        rows.push(Measure::percent("names", set, "precision", all[0]));
        rows.push(Measure::percent("names", set, "recall", all[1]));
        rows.push(Measure::percent("names", set, "F1", all[2]));
        for (class, name) in ["PER F1", "ORG F1", "LOC F1"].into_iter().enumerate() {
            rows.push(Measure::percent(
                "names",
                set,
                name,
                scores.f1(Some(class))[2],
            ));
        }
        rows.push(Measure::percent(
            "names",
            set,
            "before entities F1",
            early.f1(None)[2],
        ));
    }
    Ok(rows)
}
