//! What identity takes note of while documents come in: names, contexts, and which document has
//! what. Everything is kept once and numbered, so memory grows with distinct names and contexts,
//! and by eight bytes for each entity of each document.

use std::hash::Hash;

use rustc_hash::FxHashMap;
use tieline_facts::{
    Entity, EntityType, Facts, Mention, MentionKind, Modality, Polarity, Relation,
};

use super::context::{Context, Tie, year};
use super::names;
use crate::fold;

/// No string.
pub(crate) const NONE: u32 = u32::MAX;

/// An entity of a document by name and identifiers. Fields but `kind` are numbers of strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Form {
    pub(crate) kind: EntityType,
    /// Type and normal name, or type and ISO code: `person/ada holm`, `country/gb`.
    pub(crate) value: u32,
    /// The name as written, and folded.
    pub(crate) written: u32,
    pub(crate) folded: u32,
    pub(crate) iso: u32,
    pub(crate) wikidata: u32,
    pub(crate) known: u32,
}

/// One entity of one document: numbers of its form and context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Cluster {
    pub(crate) form: u32,
    pub(crate) context: u32,
}

/// Values, each once, in order of first appearance.
#[derive(Debug)]
struct Once<T>(FxHashMap<T, u32>);

impl<T> Default for Once<T> {
    fn default() -> Once<T> {
        Once(FxHashMap::default())
    }
}

impl<T: Hash + Eq> Once<T> {
    fn number(&mut self, value: T) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(value).or_insert(next)
    }
}

impl<T: Ord + Hash + Eq> Once<T> {
    /// The values in their own order, and by old number the new one.
    fn sorted(self) -> (Vec<T>, Vec<u32>) {
        let mut pairs: Vec<(T, u32)> = self.0.into_iter().collect();
        pairs.sort_unstable();
        let mut ranks = vec![0; pairs.len()];
        for ((_, old), new) in pairs.iter().zip(0..) {
            ranks[*old as usize] = new;
        }
        (pairs.into_iter().map(|(value, _)| value).collect(), ranks)
    }
}

/// Strings, each once.
#[derive(Debug, Default)]
struct Strings(FxHashMap<Box<str>, u32>);

impl Strings {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.0.get(text) {
            return number;
        }
        let next = self.0.len() as u32;
        self.0.insert(text.into(), next);
        next
    }
}

/// Documents as they come in.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    strings: Strings,
    forms: Once<Form>,
    contexts: Once<Context>,
    /// Form and folded other name → number of documents with both.
    aliases: FxHashMap<(u32, u32), u32>,
    clusters: Vec<Cluster>,
    /// Number of the first cluster of each document.
    starts: Vec<u32>,
}

/// Everything gathered, in an order that does not depend on that of the documents (but for
/// `clusters` and `starts`, which follow them).
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) strings: Vec<Box<str>>,
    pub(crate) forms: Vec<Form>,
    pub(crate) contexts: Vec<Context>,
    /// Form, folded other name, number of documents; in order.
    pub(crate) aliases: Vec<(u32, u32, u32)>,
    pub(crate) clusters: Vec<Cluster>,
    /// One more than there are documents.
    pub(crate) starts: Vec<u32>,
}

impl Gathered {
    pub(crate) fn text(&self, string: u32) -> &str {
        self.strings.get(string as usize).map_or("", |text| text)
    }

    pub(crate) fn form(&self, cluster: u32) -> &Form {
        &self.forms[self.clusters[cluster as usize].form as usize]
    }

    pub(crate) fn context(&self, cluster: u32) -> &Context {
        &self.contexts[self.clusters[cluster as usize].context as usize]
    }

    /// The document of a cluster.
    pub(crate) fn document(&self, cluster: u32) -> u32 {
        let after = self.starts.partition_point(|&start| start <= cluster);
        after.saturating_sub(1) as u32
    }

    /// All clusters of the document that holds one.
    pub(crate) fn neighbours(&self, cluster: u32) -> std::ops::Range<u32> {
        let document = self.document(cluster) as usize;
        let end = self.starts.get(document + 1).copied();
        self.starts[document]..end.unwrap_or(self.clusters.len() as u32)
    }
}

impl Gather {
    /// Takes note of the entities of a document.
    pub(crate) fn add(&mut self, facts: &Facts) {
        self.starts.push(self.clusters.len() as u32);
        let forms: Vec<Form> = facts.entities.iter().map(|e| self.form(e)).collect();
        let mut contexts: Vec<Context> = vec![Context::default(); forms.len()];
        let home = self.home(facts, &forms);
        for ((entity, form), context) in facts.entities.iter().zip(&forms).zip(&mut contexts) {
            self.describe(entity, form, home, context);
        }
        for relation in &facts.relations {
            tie(facts, relation, &forms, &mut contexts, &mut self.strings);
        }
        for ((entity, form), mut context) in facts.entities.iter().zip(forms).zip(contexts) {
            context.tidy();
            let form_number = self.forms.number(form);
            let cluster = Cluster {
                form: form_number,
                context: self.contexts.number(context),
            };
            self.clusters.push(cluster);
            self.note_aliases(entity, form_number, form.folded);
        }
    }

    fn form(&mut self, entity: &Entity) -> Form {
        let folded = fold(&entity.name);
        let kind = entity.kind.as_str();
        let value = match (&entity.iso, entity.kind) {
            (Some(iso), EntityType::Country) => format!("{kind}/{}", iso.to_lowercase()),
            // A name of nothing but marks folds to nothing; keep such apart by their writing.
            _ if folded.is_empty() => format!("{kind}/{}", entity.name),
            _ => format!("{kind}/{}", names::normal(entity.kind, &folded)),
        };
        let mut number = |text: &Option<String>| match text {
            Some(text) if !text.is_empty() => self.strings.number(text),
            _ => NONE,
        };
        let (iso, wikidata) = (number(&entity.iso), number(&entity.wikidata));
        let known = number(&entity.known);
        Form {
            kind: entity.kind,
            value: self.strings.number(&value),
            written: self.strings.number(&entity.name),
            folded: self.strings.number(&folded),
            iso,
            wikidata,
            known,
        }
    }

    /// The country that a document is mostly about: more than half of all mentions of countries.
    fn home(&self, facts: &Facts, forms: &[Form]) -> u32 {
        let countries = facts.entities.iter().zip(forms);
        let counts = countries
            .filter(|(entity, _)| entity.kind == EntityType::Country)
            .map(|(entity, form)| (entity.mentions.len(), form.value));
        let total: usize = counts.clone().map(|(n, _)| n).sum();
        let most = counts.max_by_key(|(n, _)| *n);
        most.filter(|(n, _)| total < 2 * n)
            .map_or(NONE, |(_, value)| value)
    }

    /// What the mentions alone tell.
    fn describe(&mut self, entity: &Entity, form: &Form, home: u32, context: &mut Context) {
        match entity.kind {
            EntityType::Person => {
                context.gender = entity.gender;
                for word in nouns(&entity.mentions) {
                    if let Some(calling) = names::calling(&word) {
                        let value = self.strings.number(calling);
                        context.add(Tie::Calling, true, value);
                    }
                }
            }
            EntityType::Organisation => {
                let folded = fold(&entity.name);
                let (rest, legal) = names::without_legal_form(&folded);
                if let Some(legal) = legal {
                    let value = self.strings.number(legal);
                    context.add(Tie::LegalForm, true, value);
                }
                if form.wikidata == NONE && form.known == NONE && names::is_common_body(rest) {
                    if home != NONE {
                        context.add(Tie::Home, true, home);
                    }
                    return;
                }
                for word in nouns(&entity.mentions) {
                    if let Some(trade) = names::trade(&word) {
                        let value = self.strings.number(trade);
                        context.add(Tie::Trade, true, value);
                    }
                }
            }
            _ => {}
        }
    }

    /// Names that one document uses beside the fullest.
    fn note_aliases(&mut self, entity: &Entity, form: u32, folded: u32) {
        if !matches!(entity.kind, EntityType::Person | EntityType::Organisation) {
            return;
        }
        let mut seen: Vec<u32> = Vec::new();
        let mut last = "";
        for mention in &entity.mentions {
            if mention.kind != MentionKind::Name || mention.text == last {
                continue;
            }
            last = &mention.text;
            let alias = self.strings.number(&fold(&mention.text));
            if alias != folded && !seen.contains(&alias) && seen.len() < 8 {
                seen.push(alias);
                *self.aliases.entry((form, alias)).or_default() += 1;
            }
        }
    }

    /// Brings all numbers into an order that does not depend on that of the documents.
    pub(crate) fn finish(self) -> Gathered {
        let mut pairs: Vec<(Box<str>, u32)> = self.strings.0.into_iter().collect();
        pairs.sort_unstable();
        let mut string_ranks = vec![0u32; pairs.len()];
        for ((_, old), new) in pairs.iter().zip(0..) {
            string_ranks[*old as usize] = new;
        }
        let strings = pairs.into_iter().map(|(text, _)| text).collect();
        let rank = |string: u32| string_ranks.get(string as usize).copied().unwrap_or(NONE);
        let forms = self.forms.0.into_iter().map(|(form, number)| {
            let form = Form {
                kind: form.kind,
                value: rank(form.value),
                written: rank(form.written),
                folded: rank(form.folded),
                iso: rank(form.iso),
                wikidata: rank(form.wikidata),
                known: rank(form.known),
            };
            (form, number)
        });
        let (forms, form_ranks) = Once(forms.collect()).sorted();
        let contexts = self.contexts.0.into_iter().map(|(mut context, number)| {
            for bond in &mut context.bonds {
                bond.value = rank(bond.value);
            }
            context.tidy();
            (context, number)
        });
        let (contexts, context_ranks) = Once(contexts.collect()).sorted();
        let aliases = self
            .aliases
            .into_iter()
            .map(|((form, alias), count)| (form_ranks[form as usize], rank(alias), count));
        let mut aliases: Vec<_> = aliases.collect();
        aliases.sort_unstable();
        let mut clusters = self.clusters;
        for cluster in &mut clusters {
            cluster.form = form_ranks[cluster.form as usize];
            cluster.context = context_ranks[cluster.context as usize];
        }
        let mut starts = self.starts;
        starts.push(clusters.len() as u32);
        Gathered {
            strings,
            forms,
            contexts,
            aliases,
            clusters,
            starts,
        }
    }
}

/// Last words of the descriptions among mentions, folded: "striker" of "the former striker".
fn nouns(mentions: &[Mention]) -> impl Iterator<Item = String> {
    let nominal = mentions.iter().filter(|m| m.kind == MentionKind::Nominal);
    nominal.filter_map(|mention| mention.text.split(' ').next_back().map(fold))
}

/// Adds what a relation says of its two ends.
fn tie(
    facts: &Facts,
    relation: &Relation,
    forms: &[Form],
    contexts: &mut [Context],
    strings: &mut Strings,
) {
    let now = match relation.modality {
        Modality::Asserted => true,
        Modality::Former => false,
        _ => return,
    };
    if relation.polarity == Polarity::Negated {
        return;
    }
    let (subject, object) = (relation.subject as usize, relation.object as usize);
    let (Some(&from), Some(&to)) = (forms.get(subject), forms.get(object)) else {
        return;
    };
    if subject == object || contexts.len() <= subject.max(object) {
        return;
    }
    let date = year(relation.date.as_deref());
    let is_country = to.kind == EntityType::Country;
    let is_person = from.kind == EntityType::Person;
    let acts = !matches!(
        relation.predicate.as_str(),
        "died_in" | "born_in" | "capital_of" | "located_in"
    );
    if is_person && acts && now && date != 0 {
        let (first, last) = contexts[subject].acted;
        let first = if first == 0 { date } else { first.min(date) };
        contexts[subject].acted = (first, last.max(date));
    }
    let calling = |contexts: &mut [Context], word: &str, strings: &mut Strings| {
        let value = strings.number(word);
        contexts[subject].add(Tie::Calling, now, value);
    };
    match relation.predicate.as_str() {
        "head_of_state_of" | "head_of_government_of" | "holds_office_in" | "elected_to"
            if is_person =>
        {
            let tie = match (is_country, relation.predicate.starts_with("head_of")) {
                (true, true) => Tie::Heads,
                (true, false) => Tie::Office,
                (false, _) => Tie::Work,
            };
            contexts[subject].add(tie, now, to.value);
            calling(contexts, "politics", strings);
        }
        "citizen_of" => contexts[subject].add(Tie::Citizen, now, to.value),
        "born_in" => {
            contexts[subject].add(Tie::Born, now, to.value);
            contexts[subject].born = date;
        }
        "ceo_of" | "chair_of" | "leads" | "works_for" | "board_member_of" | "founded"
        | "represents" | "member_of"
            if is_person =>
        {
            let tie = if is_country { Tie::Office } else { Tie::Work };
            contexts[subject].add(tie, now, to.value);
            if to.kind == EntityType::Organisation && relation.predicate != "member_of" {
                contexts[object].add(Tie::LedBy, now, from.value);
            }
        }
        "educated_at" if is_person => contexts[subject].add(Tie::Work, false, to.value),
        "member_of_party" => {
            contexts[subject].add(Tie::Party, now, to.value);
            calling(contexts, "politics", strings);
        }
        "plays_for" => {
            contexts[subject].add(Tie::Team, now, to.value);
            calling(contexts, "sport", strings);
        }
        "spouse_of" | "parent_of" | "sibling_of" | "relative_of" | "partner_of" => {
            contexts[subject].add(Tie::Family, now, to.value);
            contexts[object].add(Tie::Family, now, from.value);
        }
        "headquartered_in" | "located_in" | "capital_of" => {
            if is_country {
                contexts[subject].add(Tie::Based, now, to.value);
            } else if from.kind == EntityType::Organisation {
                contexts[subject].add(Tie::Town, now, to.value);
            }
        }
        "subsidiary_of" if is_country => contexts[subject].add(Tie::Based, now, to.value),
        "subsidiary_of" => contexts[subject].add(Tie::Owner, now, to.value),
        "acquired" | "owns" if to.kind == EntityType::Organisation => {
            contexts[object].add(Tie::Owner, false, from.value);
        }
        "died_in" | "killed" if now => {
            let dead = if is_person && relation.predicate == "died_in" {
                subject
            } else {
                object
            };
            let when = if date == 0 {
                year(facts.date.as_deref())
            } else {
                date
            };
            contexts[dead].died = contexts[dead].died.max(when);
        }
        _ => {}
    }
}
