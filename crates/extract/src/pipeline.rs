//! The order of the stages, from a document to its facts.

use tieline_facts::{Entity, EntityType, Facts, Mention, MentionKind, WireNote};
use tieline_nlp::Engine;
use tieline_text::{Document, Note, Parsed, Upos};

use crate::MentionSpan;
use crate::time;
use crate::{
    EntityLayer, EntityResources, Explanation, RelationResources, Sighting, explain_relations,
    find_entities, find_open, find_relations, find_sightings,
};

/// Everything that turns a document into facts. Shared between threads by reference.
#[derive(Debug)]
pub struct Pipeline {
    /// Sentences, tokens, tags, trees, names.
    pub engine: Engine,
    /// Tables of the entity stage.
    pub entities: EntityResources,
    /// Rules of the relation stage.
    pub relations: RelationResources,
}

impl Pipeline {
    /// The whole way: text to facts. Never fails; what could not be used is in the notes.
    pub fn run(&self, document: &Document) -> Facts {
        self.run_with(document, false)
    }

    /// As [`Pipeline::run`], with the open layer: clauses that no relation type covers.
    pub fn run_open(&self, document: &Document) -> Facts {
        self.run_with(document, true)
    }

    fn run_with(&self, document: &Document, open: bool) -> Facts {
        let (parsed, mut notes) = self.engine.parse(document);
        let (layer, more) = find_entities(&self.entities, document, &parsed);
        notes.extend(more);
        let (relations, more) = find_relations(&self.relations, document, &parsed, &layer);
        notes.extend(more);
        let open = if open {
            find_open(&self.relations, document, &parsed, &layer)
        } else {
            Vec::new()
        };
        let mut entities = wire_entities(document, &parsed, &layer);
        self.entities.known.link(&mut entities);
        let notes = document.notes.iter().chain(&notes).map(wire_note).collect();
        Facts {
            doc: document.uri.clone(),
            date: document.date.clone().or_else(|| {
                let found = time::document_date(&document.text)?;
                Some(time::Point::Day(found).to_string())
            }),
            entities,
            relations,
            open,
            notes,
        }
    }

    /// The relations of [`Pipeline::run`], in the same order, each with its reasons. Slower.
    pub fn explain(&self, document: &Document) -> Vec<Explanation> {
        let (parsed, _) = self.engine.parse(document);
        let (layer, _) = find_entities(&self.entities, document, &parsed);
        explain_relations(&self.relations, document, &parsed, &layer)
    }

    /// Where two entities of [`Pipeline::run`] stand in one sentence, and what stopped an edge.
    pub fn sightings(&self, document: &Document, a: u32, b: u32) -> Vec<Sighting> {
        self.sightings_of(document, (a, b), None)
    }

    /// As [`Pipeline::sightings`], of one rule only if one is named by its id.
    pub fn sightings_of(
        &self,
        document: &Document,
        pair: (u32, u32),
        rule: Option<&str>,
    ) -> Vec<Sighting> {
        let (parsed, _) = self.engine.parse(document);
        let (layer, _) = find_entities(&self.entities, document, &parsed);
        find_sightings(&self.relations, document, &parsed, &layer, pair, rule)
    }
}

fn wire_entities(document: &Document, parsed: &Parsed, layer: &EntityLayer) -> Vec<Entity> {
    let mut entities: Vec<Entity> = layer
        .entities
        .iter()
        .zip(0..)
        .map(|(node, id)| Entity {
            id,
            kind: node.kind,
            name: node.name.clone(),
            iso: node.iso.clone(),
            wikidata: node.wikidata.clone(),
            known: node.known.clone(),
            gender: node.gender,
            roles: Vec::new(),
            mentions: Vec::new(),
        })
        .collect();
    for mention in &layer.mentions {
        let span = parsed.span_of(mention.tokens.clone());
        let entity = &mut entities[mention.entity as usize];
        if let Some(role) = role_before(document, parsed, mention)
            && entity.roles.len() < 8
            && !entity.roles.contains(&role)
        {
            entity.roles.push(role);
        }
        let text = span.slice(&document.text).unwrap_or_default();
        // "KYIV" of a dateline or headline is called as the text calls it elsewhere.
        let shouted = |name: &str| !name.chars().any(char::is_lowercase);
        if mention.kind == MentionKind::Name
            && entity.kind != EntityType::Organisation
            && shouted(&entity.name)
            && !shouted(text)
            && text.to_lowercase() == entity.name.to_lowercase()
        {
            entity.name = text.to_owned();
        }
        entity.mentions.push(Mention {
            start: span.start(),
            end: span.end(),
            text: text.to_owned(),
            kind: mention.kind,
        });
    }
    entities
}

/// The common noun right before a name, in its sentence: "goalkeeper" of "Goalkeeper Ada Holm".
fn role_before(document: &Document, parsed: &Parsed, mention: &MentionSpan) -> Option<String> {
    if mention.kind != MentionKind::Name {
        return None;
    }
    let first = parsed.tokens().get(mention.tokens.start as usize)?;
    let before = mention.tokens.start.checked_sub(1)?;
    let token = parsed.tokens().get(before as usize)?;
    let word = token.span.slice(&document.text)?;
    // A word of its own, one blank before the name; a name there would be part of this one.
    let beside = token.span.end() + 1 == first.span.start();
    let noun = matches!(token.upos, Upos::Noun | Upos::Propn) && word.len() > 2;
    (beside && noun && parsed.sentence_of(before) == parsed.sentence_of(mention.tokens.start))
        .then(|| word.to_lowercase())
}

fn wire_note(note: &Note) -> WireNote {
    WireNote {
        kind: note.kind.as_str().to_owned(),
        span: note.span.map(|span| (span.start(), span.end())),
        message: note.message.clone(),
    }
}
