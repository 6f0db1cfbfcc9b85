//! What identity takes note of while documents come in: names, contexts, and which document has
//! what. Everything is kept once and numbered, so memory grows with distinct names and contexts,
//! and by eight bytes for each entity of each document.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::Hash;

use rustc_hash::FxHashMap;
use tieline_facts::{
    Entity, EntityType, Facts, Mention, MentionKind, Modality, Polarity, Relation,
};

use super::context::{Context, Tie, year};
use super::decisions::{Action, Decisions, Target, is_document};
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
    decisions: Decisions,
    /// Folded name or key → decisions about it, by index.
    decided: FxHashMap<String, Vec<u32>>,
    /// Indices of decisions that found what they are about.
    used: BTreeSet<u32>,
    /// Clusters that a decision changed, with its index.
    changed: Vec<(u32, u32)>,
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
    pub(crate) decisions: Decisions,
    pub(crate) used: BTreeSet<u32>,
    pub(crate) changed: Vec<(u32, u32)>,
    /// Pairs of values that are never one.
    pub(crate) forbidden: BTreeSet<(u32, u32)>,
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
    /// With decisions about names.
    pub(crate) fn new(decisions: Decisions) -> Gather {
        let mut gather = Gather::default();
        for (decision, index) in decisions.list.iter().zip(0u32..) {
            let target = match &decision.action {
                Action::Split { name, .. }
                | Action::Retype { name, .. }
                | Action::SameAs { name, .. } => name,
                Action::Alias { alias, .. } => alias,
                Action::Merge(_) | Action::Rename { .. } | Action::Forbid(..) => continue,
            };
            let list = gather.decided.entry(target.folded.clone()).or_default();
            list.push(index);
        }
        gather.decisions = decisions;
        gather
    }

    /// An entity as the decisions want it, and the index of one that changed it.
    fn decide<'a>(&mut self, entity: &'a Entity, doc: &str) -> (Cow<'a, Entity>, Option<u32>) {
        let mut out = Cow::Borrowed(entity);
        let mut by = None;
        if self.decided.is_empty() {
            return (out, by);
        }
        let mut wanted: Vec<u32> = Vec::new();
        for name in [fold(&entity.name), plain_key(entity)] {
            wanted.extend(self.decided.get(&name).into_iter().flatten());
        }
        wanted.sort_unstable();
        wanted.dedup();
        for index in wanted {
            let action = &self.decisions.list[index as usize].action;
            let fits = |target: &Target| target.kind.is_none_or(|kind| kind == entity.kind);
            let renamed = |out: &mut Cow<'_, Entity>, name: &str| {
                let entity = out.to_mut();
                entity.name = name.to_owned();
                (entity.iso, entity.wikidata, entity.known) = (None, None, None);
            };
            match action {
                Action::Split {
                    name,
                    documents,
                    named,
                } if fits(name) && documents.iter().any(|end| is_document(doc, end)) => {
                    renamed(&mut out, named);
                }
                Action::Retype { name, to } if fits(name) => out.to_mut().kind = *to,
                Action::SameAs { name, wikidata } if fits(name) => {
                    out.to_mut().wikidata = Some(wikidata.clone());
                }
                Action::Alias { name, alias } if fits(alias) => {
                    renamed(&mut out, name_of(&name.written));
                }
                _ => continue,
            }
            self.used.insert(index);
            by = Some(index);
        }
        (out, by)
    }

    /// Takes note of the entities of a document.
    pub(crate) fn add(&mut self, facts: &Facts) {
        self.starts.push(self.clusters.len() as u32);
        let mut forms: Vec<Form> = Vec::with_capacity(facts.entities.len());
        for entity in &facts.entities {
            let (entity, by) = self.decide(entity, &facts.doc);
            if let Some(by) = by {
                let cluster = self.clusters.len() + forms.len();
                self.changed.push((cluster as u32, by));
            }
            forms.push(self.form(&entity));
        }
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

    /// The country that a document names most, if it is one.
    fn home(&self, facts: &Facts, forms: &[Form]) -> u32 {
        let (mut most, mut home) = (0, NONE);
        for (entity, form) in facts.entities.iter().zip(forms) {
            let n = entity.mentions.len();
            if entity.kind != EntityType::Country || n < most {
                continue;
            }
            home = if n == most { NONE } else { form.value };
            most = n;
        }
        home
    }

    /// What the mentions alone tell.
    fn describe(&mut self, entity: &Entity, form: &Form, home: u32, context: &mut Context) {
        match entity.kind {
            EntityType::Person => {
                context.gender = entity.gender;
                for word in nouns(entity) {
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
                for word in nouns(entity) {
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

    /// Pairs of values that decisions forbid to be one, in both directions.
    fn forbidden(&mut self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for (decision, index) in self.decisions.list.iter().zip(0u32..) {
            let Action::Forbid(a, b) = &decision.action else {
                continue;
            };
            let values = |target: &Target| -> Vec<u32> {
                let fits = |form: &&Form| is_meant(target, form, &self.strings.0);
                let forms = self.forms.0.keys().filter(fits);
                forms.map(|form| form.value).collect()
            };
            let (a, b) = (values(a), values(b));
            if !a.is_empty() && !b.is_empty() {
                self.used.insert(index);
            }
            for &a in &a {
                pairs.extend(b.iter().flat_map(|&b| [(a, b), (b, a)]));
            }
        }
        pairs
    }

    /// Brings all numbers into an order that does not depend on that of the documents.
    pub(crate) fn finish(mut self) -> Gathered {
        let forbidden = self.forbidden();
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
        let forbidden = forbidden.into_iter().map(|(a, b)| (rank(a), rank(b)));
        Gathered {
            decisions: self.decisions,
            used: self.used,
            changed: self.changed,
            forbidden: forbidden.collect(),
            strings,
            forms,
            contexts,
            aliases,
            clusters,
            starts,
        }
    }
}

/// Whether a target names a form, whose strings have these numbers.
fn is_meant(target: &Target, form: &Form, strings: &FxHashMap<Box<str>, u32>) -> bool {
    if target.kind.is_some_and(|kind| kind != form.kind) {
        return false;
    }
    let (kind, name) = match target.folded.split_once('/') {
        Some((kind, name)) => (Some(kind), name),
        None => (None, target.folded.as_str()),
    };
    let number = |text: &str| strings.get(text).copied();
    let value = number(&target.folded).is_some_and(|number| number == form.value);
    let folded = number(name).is_some_and(|number| number == form.folded);
    value || (folded && kind.is_none_or(|kind| kind == form.kind.as_str()))
}

/// The name in a target that may be a key.
fn name_of(written: &str) -> &str {
    match written.split_once('/') {
        Some((kind, name)) if EntityType::ALL.iter().any(|k| k.as_str() == kind) => name,
        _ => written,
    }
}

/// The key of an entity seen alone.
pub(crate) fn plain_key(entity: &Entity) -> String {
    let kind = entity.kind.as_str();
    match (&entity.iso, entity.kind) {
        (Some(iso), EntityType::Country) => format!("{kind}/{}", iso.to_lowercase()),
        _ => format!("{kind}/{}", fold(&entity.name)),
    }
}

/// Nouns that stand for an entity or before its name, folded: "striker" of "the former striker".
fn nouns(entity: &Entity) -> impl Iterator<Item = String> {
    let nominal = |mention: &&Mention| mention.kind == MentionKind::Nominal;
    let nominal = entity.mentions.iter().filter(nominal);
    let last = nominal.filter_map(|mention| mention.text.split(' ').next_back().map(fold));
    last.chain(entity.roles.iter().map(|role| fold(role)))
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
