//! Mentions and their entities within one document.
//!
//! In the order of work: [`shape`] repairs what the name tagger found, [`find`] collects candidate
//! mentions from that and the lexicons; [`context`] types names by their sentences; [`metonym`] decides whether a capital is the city or the state; [`cluster`] groups
//! what refers to one thing, [`people`] the persons among it; [`refer`] resolves descriptions and
//! pronouns, where it is sure.

mod cluster;
mod context;
mod find;
mod fold;
mod known;
mod lexicon;
mod metonym;
mod people;
mod refer;
mod shape;
mod view;

pub use known::{Known, KnownError, KnownErrorKind};
pub use lexicon::{
    Form, Gender, LEXICON_FORMAT, LexiconError, LexiconErrorKind, Lexicons, Referent, Sense,
    TABLES as LEXICON_TABLES,
};

pub use refer::weights::fact_names as pronoun_facts;
pub use refer::{PronounChoice, PronounOption};
use tieline_facts::{EntityType, MentionKind};
use tieline_text::{Document, Note, Parsed};

use crate::EntityLayer;
use view::View;

/// Tables that entity detection needs.
#[derive(Debug, Default)]
pub struct EntityResources {
    /// Countries, organisations, titles, first names and so on.
    pub lexicons: Lexicons,
    /// The user's own list; empty by default.
    pub known: Known,
}

impl EntityResources {
    /// Parses the lexicons, given as name and text (`tieline-data` carries them).
    pub fn from_tables(tables: &[(&str, &str)]) -> Result<EntityResources, LexiconError> {
        Ok(EntityResources {
            lexicons: Lexicons::parse(tables)?,
            known: Known::default(),
        })
    }
}

/// Finds mentions and groups those that refer to one thing.
///
/// Precision first: a pronoun or description that fits two entities is left out. It never fails.
/// Cost: linear in the tokens; look-ups for each name.
pub fn find_entities(
    resources: &EntityResources,
    document: &Document,
    parsed: &Parsed,
) -> (EntityLayer, Vec<Note>) {
    let view = View::new(&resources.lexicons, document, parsed);
    let mut drafts = find::find_drafts(&view);
    known::add_known(&view, &resources.known, &mut drafts);
    metonym::decide(&view, &mut drafts);
    let mut build = cluster::cluster(&view, drafts);
    refer::resolve(&view, &mut build);
    let mut layer = build.finish(&view);
    place_within(&resources.lexicons, &mut layer);
    note_officials(&view, &mut layer);
    (layer, Vec::new())
}

/// Notes for each place the country that its name points to.
fn place_within(lexicons: &Lexicons, layer: &mut EntityLayer) {
    for node in &mut layer.entities {
        if node.kind != EntityType::Place || node.iso.is_some() {
            continue;
        }
        let capital = |name: &str| {
            let mut senses = lexicons.senses(name).iter();
            senses
                .find(|sense| sense.form == Form::Capital)
                .and_then(Sense::country)
        };
        let country = capital(&node.name).or_else(|| lexicons.city(&node.name));
        let row = country.and_then(|idx| lexicons.countries.get(idx as usize));
        node.within = row.map(|row| row.key.to_string());
    }
}

/// Notes for people who are known to hold an office of state the country, by their full name or by
/// title and surname.
fn note_officials(view: &View<'_>, layer: &mut EntityLayer) {
    let lexicons = view.lexicons;
    let code = |idx: u32| {
        lexicons
            .countries
            .get(idx as usize)
            .map(|row| row.key.to_string())
    };
    for node in &mut layer.entities {
        if node.kind == EntityType::Person && node.name.contains(' ') {
            node.serves = lexicons.official(&node.name).and_then(code);
        }
    }
    for mention in &layer.mentions {
        let Some(node) = layer.entities.get_mut(mention.entity as usize) else {
            continue;
        };
        let lone = node.kind == EntityType::Person && !node.name.contains(' ');
        if !lone || node.serves.is_some() || mention.kind != MentionKind::Name {
            continue;
        }
        if let Some((length, ..)) = view.title_before(mention.tokens.start) {
            let titled = mention.tokens.start - length..mention.tokens.end;
            node.serves = lexicons.official(view.slice(&titled)).and_then(code);
        }
    }
}

/// The choices that [`find_entities`] has for each "he" and "she": what the weights of
/// `seeds/lexicons/salience.tsv` are learned from.
pub fn pronoun_choices(
    resources: &EntityResources,
    document: &Document,
    parsed: &Parsed,
) -> Vec<PronounChoice> {
    let view = View::new(&resources.lexicons, document, parsed);
    let mut drafts = find::find_drafts(&view);
    metonym::decide(&view, &mut drafts);
    let mut build = cluster::cluster(&view, drafts);
    refer::choices(&view, &mut build)
}
