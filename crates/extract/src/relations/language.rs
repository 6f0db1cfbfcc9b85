//! The rule language: TOML text in, compiled rules out. Described in `docs/formats.md`, "Rules".

use std::ops::Range;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use tieline_facts::{EntityType, Modality, Ontology, Polarity, RelationType, Symmetry};
use toml::Spanned;

use super::confidence::Confidence;
use super::fault::{RuleError, RuleErrorKind, error_at, nearest};
use super::words::Words;

/// Newest version of the rule format. History: 1 - first layout.
pub const RULE_FORMAT: u32 = 1;

/// What sort of word a rule is triggered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A verb, or an adjective used as predicate or attribute.
    Verb,
    /// A noun that names an event: "visit", "talks".
    Event,
    /// A noun that names one of the ends by its part in the relation: "president", "wife".
    Role,
    /// No trigger word: the link between two mentions itself.
    Link(Link),
}

impl Class {
    /// The key that a rule file uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Verb => "verb",
            Class::Event => "event",
            Class::Role => "role",
            Class::Link(_) => "link",
        }
    }
}

/// Links between two mentions that need no trigger word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// "X in Y".
    In,
    /// "X of Y".
    Of,
    /// "X at Y", "X for Y", "X with Y".
    At,
    /// "X, from Y".
    From,
    /// "X, Y" where Y is the larger place.
    Comma,
    /// "German carmaker X": a nationality or country in front of a described name.
    Descriptor,
    /// "Y's X", X described.
    Possessive,
    /// "X's Y", X described.
    Possessor,
    /// "X (Y)".
    Bracket,
    /// "X was in Y".
    Being,
    /// "X is German", "X, a German".
    Same,
}

/// Where an argument stands, seen from the trigger. Voice, relative clauses, control and
/// coordination are resolved by the engine, see `docs/formats.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// The doer: active subject, "by" of a passive, possessor or "by" of a noun.
    Subj,
    /// The undergoer: object, subject of a passive.
    Obj,
    /// Possessor, "of", or a name in front of the noun.
    Of,
    /// Who the role noun denotes.
    Holder,
    /// Both sides of "between" in what an effort is for: "an effort to end the war between A and B".
    AimedBetween,
    /// Both sides of "between".
    Between,
    /// The name joined to the trigger by a hyphen: "Munich-based".
    Hyphen,
    /// The place or party meant by "where" or "there".
    Where,
    /// A name in front of the noun or its possessor, not its complement.
    Front,
    /// A nationality in front of the noun: "the **Norwegian** singer".
    Nationality,
    /// The name right behind the verb: "named **Ada Holm** minister".
    Next,
    /// Whose the title is that stands with the subject: "**Norway**'s minister Ada Holm resigned".
    OwnerOfSubjTitle,
    /// The country in which the subject holds an office of state: "**she** resigned".
    OfficeOfSubj,
    /// The indirect object.
    Iobj,
    /// Who leads what the verb is done to: "met a delegation led by **X**".
    LeaderOfObj,
    /// Whose what the governed infinitive is done to is: "agreed to allow **UN** workers in".
    OwnerOfClauseObj,
    /// The subject of the clause that the verb governs: "demanded that **X** leave".
    ClauseSubj,
    /// What the infinitive that the verb governs is done to: "threatened to bomb **X**".
    ClauseObj,
    /// Whose the object is: "rejected **Germany**'s offer".
    OwnerOfObj,
    /// Whose the title is that the verb speaks of: "elected president of **France**".
    OwnerOfTitle,
    /// The "of" of a noun behind the verb: "sits on the board of **Siemens**".
    OfOblique,
    /// The argument of this preposition.
    Prep(Box<str>),
    /// Whose the argument of this preposition is: "sanctions on **Russian** banks".
    WhosePrep(Box<str>),
    /// Where the unnamed undergoers are: "killed nine people in **Aleppo**".
    PlaceOfObj,
    /// Where the unnamed are to whom something goes: "sent aid to the victims in **Mali**".
    PlaceOfParty,
    /// What the noun behind a preposition is directed at: "responsible for the attack on **Kabul**".
    ObjOfOblique,
    /// Where something is said or done: "told reporters in **Oslo**", "in a speech in **Oslo**".
    Venue,
    /// Whom an event weighs on: "**Norvik** is under investigation", "**Norvik** faces a probe".
    Bearer,
    /// Who does something on the occasion: "**she** said during a visit to Oslo".
    Occasion,
    /// Whose the subject is: "**Germany**'s offer drew criticism".
    OwnerOfSubj,
    /// Whose the subject of the governed clause is: "said **Germany**'s offer was a mistake".
    OwnerOfClauseSubj,
}

/// One compiled rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Stable name, for `why`.
    pub id: String,
    /// The file it stands in; index into [`RuleSet::files`].
    pub file: u32,
    /// Line of its id, counted from 1.
    pub line: u32,
    /// Id of the relation type.
    pub relation: String,
    /// What triggers it.
    pub class: Class,
    /// Alternatives for the subject, tried in order.
    pub subject: Vec<Path>,
    /// Alternatives for the object, tried in order.
    pub object: Vec<Path>,
    /// Types that the subject may have, bits by [`type_bit`].
    pub subject_types: u8,
    /// Types that the object may have.
    pub object_types: u8,
    /// Parties named together are paired with each other.
    pub each: bool,
    /// Holds in both directions.
    pub symmetric: bool,
    /// Only with one of these words as undergoer; index into [`RuleSet::sets`].
    pub with_object: Option<u32>,
    /// Not with one of these words as undergoer.
    pub without_object: Option<u32>,
    /// Only where a name of the object holds one of these words; index into [`RuleSet::sets`].
    pub object_named: Option<u32>,
    /// Not where a name of the object holds one of these words.
    pub object_not_named: Option<u32>,
    /// Only with one of these words as surface subject.
    pub with_subject: Option<u32>,
    /// Only with one of these dependents ("to court", "guilty").
    pub has: Vec<Vec<Box<str>>>,
    /// Not with any of these dependents ("to death").
    pub lacks: Vec<Vec<Box<str>>>,
    /// Only in this voice.
    pub passive: Option<bool>,
    /// The end may be left to the document: its main country.
    pub bare: bool,
    /// The relation is the one that the possessor has elsewhere in the document.
    pub counterpart: bool,
    /// A "vice" or "deputy" in front does not stop the rule.
    pub deputy: bool,
    /// Only where the clause that the verb governs has one of these words as its predicate.
    pub clause: Vec<Box<str>>,
    /// Not where the verb governs a clause.
    pub plain: bool,
    /// Not where the verb has an object or is passive: "moved to Oslo", not "moved troops to Oslo".
    pub intransitive: bool,
    /// Where somebody is, told in passing: only for those of whom the document says elsewhere
    /// that they travel, and never their own country.
    pub presence: bool,
    /// Never with the subject's own country or organisation as object.
    pub outward: bool,
    /// Status that every match has.
    pub modality: Option<Modality>,
    /// Polarity that every match has.
    pub polarity: Polarity,
    /// Share of matches that are right, estimated; 0 to 1.
    pub confidence: f32,
    /// Sentences that must match.
    pub yes: Vec<Example>,
    /// Sentences without an edge of this relation.
    pub no: Vec<Example>,
}

impl Rule {
    /// Whether the relation is read from the clause that its subject says.
    pub fn speaks(&self) -> bool {
        let said = |path: &Path| matches!(path, Path::ClauseSubj | Path::OwnerOfClauseSubj);
        !self.clause.is_empty() && self.object.iter().any(said)
    }
}

/// A sentence and the edges that must be found in it; none, if no edge of the relation may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The text.
    pub text: String,
    /// Line in the rule file, counted from 1.
    pub line: u32,
    /// Names of subject and object.
    pub edges: Vec<(String, String)>,
    /// Expected polarity.
    pub polarity: Polarity,
    /// Expected modality.
    pub modality: Modality,
}

/// The words that trigger one rule.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// The words, lower case; one of them is the key it is filed under.
    pub words: Vec<Box<str>>,
    /// Index of the key in `words`.
    pub key: u32,
    /// Index of the rule.
    pub rule: u32,
}

/// All rules, indexed by trigger word.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    /// Names of the files.
    pub files: Vec<String>,
    /// The rules in the order they were read.
    pub rules: Vec<Rule>,
    /// Key word to its triggers, the longest first.
    pub triggers: FxHashMap<Box<str>, Vec<Trigger>>,
    /// Indices of the rules without trigger words.
    pub links: Vec<u32>,
    /// Word sets of `with-object`, sorted.
    pub sets: Vec<Vec<Box<str>>>,
    /// Closed word classes that the engine itself uses.
    pub words: Words,
    /// How the confidence of a match is found.
    pub confidence: Confidence,
}

/// The bit of a type in a type mask.
pub fn type_bit(kind: EntityType) -> u8 {
    match kind {
        EntityType::Person => 1,
        EntityType::Organisation => 2,
        EntityType::Country => 4,
        EntityType::Place => 8,
        EntityType::Other => 0,
    }
}

type Names = Vec<Spanned<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawFile {
    format: Spanned<u32>,
    #[serde(default)]
    lists: std::collections::BTreeMap<String, Names>,
    #[serde(default, rename = "type")]
    types: Vec<RawType>,
    #[serde(default)]
    rule: Vec<Spanned<RawRule>>,
}

/// A relation type of the user's own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawType {
    id: Spanned<String>,
    label: Option<String>,
    section: Option<String>,
    inverse: Option<Spanned<String>>,
    #[serde(default)]
    symmetric: bool,
    #[serde(default)]
    state: bool,
    subject: Spanned<String>,
    object: Spanned<String>,
    sign: Option<Spanned<i8>>,
    #[serde(default)]
    wikidata: String,
    #[serde(default)]
    plover: String,
    #[serde(default)]
    cameo: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawRule {
    id: Spanned<String>,
    relation: Spanned<String>,
    verb: Option<Names>,
    event: Option<Names>,
    role: Option<Names>,
    link: Option<Spanned<String>>,
    subject: Option<Names>,
    object: Option<Names>,
    subject_types: Option<Spanned<String>>,
    object_types: Option<Spanned<String>>,
    #[serde(default)]
    each: bool,
    with_object: Option<Names>,
    without_object: Option<Names>,
    object_named: Option<Names>,
    object_not_named: Option<Names>,
    with_subject: Option<Names>,
    has: Option<Names>,
    lacks: Option<Names>,
    voice: Option<Spanned<String>>,
    #[serde(default)]
    bare: bool,
    #[serde(default)]
    counterpart: bool,
    #[serde(default)]
    deputy: bool,
    clause: Option<Names>,
    #[serde(default)]
    plain: bool,
    #[serde(default)]
    intransitive: bool,
    #[serde(default)]
    presence: bool,
    #[serde(default)]
    outward: bool,
    modality: Option<Modality>,
    polarity: Option<Polarity>,
    confidence: Option<Spanned<f32>>,
    #[serde(default)]
    yes: Names,
    #[serde(default)]
    no: Names,
}

/// Compiles rule files against an ontology, which the types that they define are added to. `files`
/// are pairs of name and text; the names label errors. Lists and types of one file are known in all
/// files that come after it. All faults are returned, but of a text that is no TOML only the first.
pub fn compile(ontology: &mut Ontology, files: &[(&str, &str)]) -> Result<RuleSet, Vec<RuleError>> {
    let mut set = RuleSet::default();
    let mut lists = Lists::default();
    let mut ids: rustc_hash::FxHashSet<String> = rustc_hash::FxHashSet::default();
    let mut faults = Vec::new();
    for (file, text) in files {
        let at = |span: Range<usize>, kind| error_at(file, text, span, kind);
        let raw: RawFile = match toml::from_str(text) {
            Ok(raw) => raw,
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let message = error.message().trim().to_owned();
                faults.push(at(span, RuleErrorKind::Toml(message)));
                continue;
            }
        };
        let (format, span) = (*raw.format.get_ref(), raw.format.span());
        if format != RULE_FORMAT {
            faults.push(at(span, RuleErrorKind::Version(format)));
            continue;
        }
        set.files.push((*file).to_owned());
        for (name, words) in raw.lists {
            match expand(words, &lists) {
                Ok(words) => {
                    set.words.add(&name, &words);
                    lists.insert(name, words);
                }
                Err((span, kind)) => faults.push(at(span, kind)),
            }
        }
        for kind in raw.types {
            if let Err((span, kind)) = add_type(ontology, kind) {
                faults.push(at(span, kind));
            }
        }
        let line_of = |span: Range<usize>| line_at(text, span.start);
        for rule in raw.rule {
            let whole = rule.span();
            let rule = rule.into_inner();
            let id = rule.id.get_ref().clone();
            if !ids.insert(id.clone()) {
                faults.push(at(rule.id.span(), RuleErrorKind::Twice(id)));
                continue;
            }
            let place = Place {
                file: set.files.len() as u32 - 1,
                line_of: &line_of,
            };
            if let Err((span, kind)) = compile_rule(&mut set, ontology, &lists, &place, rule, whole)
            {
                faults.push(at(span, kind));
            }
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    for triggers in set.triggers.values_mut() {
        triggers.sort_by_key(|t| (std::cmp::Reverse(t.words.len()), t.rule));
    }
    Ok(set)
}

type Lists = FxHashMap<String, Vec<Box<str>>>;

/// Where a rule stands.
struct Place<'a> {
    file: u32,
    line_of: &'a dyn Fn(Range<usize>) -> u32,
}

/// The line that a byte of a text stands in, counted from 1.
fn line_at(text: &str, byte: usize) -> u32 {
    let before = text.as_bytes().get(..byte).unwrap_or_default();
    before.iter().filter(|b| **b == b'\n').count() as u32 + 1
}

fn add_type(ontology: &mut Ontology, raw: RawType) -> Result<(), Fault> {
    let id = raw.id.get_ref().clone();
    let is_id =
        |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if !is_id(&id) {
        return Err((raw.id.span(), RuleErrorKind::Value("id")));
    }
    let symmetry = match (raw.symmetric, raw.inverse) {
        (true, Some(inverse)) => return Err((inverse.span(), RuleErrorKind::Value("inverse"))),
        (true, None) => Symmetry::Symmetric,
        (false, None) => Symmetry::Directed,
        (false, Some(inverse)) => {
            if !is_id(inverse.get_ref()) || ontology.find(inverse.get_ref()).is_some() {
                return Err((inverse.span(), RuleErrorKind::Value("inverse")));
            }
            Symmetry::Inverse(inverse.into_inner())
        }
    };
    let types = |letters: &Spanned<String>| -> Result<Vec<EntityType>, Fault> {
        let one =
            |letter| letter_type(letter).ok_or((letters.span(), RuleErrorKind::TypeLetter(letter)));
        let types = letters.get_ref().chars().map(one);
        let types = types.collect::<Result<Vec<_>, _>>()?;
        if types.is_empty() {
            return Err((letters.span(), RuleErrorKind::Value("subject or object")));
        }
        Ok(types)
    };
    let sign = match raw.sign {
        None => 0,
        Some(sign) if (-1..=1).contains(sign.get_ref()) => *sign.get_ref(),
        Some(sign) => return Err((sign.span(), RuleErrorKind::Value("sign"))),
    };
    let kind = RelationType {
        label: raw.label.unwrap_or_else(|| id.replace('_', " ")),
        id: id.clone(),
        tier: 2,
        section: raw.section.unwrap_or_else(|| "Own types".to_owned()),
        symmetry,
        is_state: raw.state,
        subject: types(&raw.subject)?,
        object: types(&raw.object)?,
        wikidata: raw.wikidata,
        plover: raw.plover,
        cameo: raw.cameo,
        sign,
    };
    if ontology.find(&id).is_some() || !ontology.add(kind) {
        return Err((raw.id.span(), RuleErrorKind::TypeTwice(id)));
    }
    Ok(())
}

fn letter_type(letter: char) -> Option<EntityType> {
    EntityType::ALL
        .into_iter()
        .find(|kind| kind.letter() == Some(letter))
}

type Fault = (Range<usize>, RuleErrorKind);

fn compile_rule(
    set: &mut RuleSet,
    ontology: &Ontology,
    lists: &Lists,
    place: &Place<'_>,
    raw: RawRule,
    whole: Range<usize>,
) -> Result<(), Fault> {
    let relation = raw.relation.get_ref().clone();
    let Some(kind) = ontology.get(&relation) else {
        let near = nearest(&relation, ontology.iter().map(|kind| kind.id.as_str()));
        let kind = RuleErrorKind::Relation { id: relation, near };
        return Err((raw.relation.span(), kind));
    };
    let symmetric = kind.symmetry == tieline_facts::Symmetry::Symmetric;
    let index = set.rules.len() as u32;
    let (class, words) = match (raw.verb, raw.event, raw.role, raw.link) {
        (Some(words), None, None, None) => (Class::Verb, words),
        (None, Some(words), None, None) => (Class::Event, words),
        (None, None, Some(words), None) => (Class::Role, words),
        (None, None, None, Some(name)) => {
            let link = parse_link(name.get_ref())
                .ok_or_else(|| (name.span(), RuleErrorKind::Link(name.get_ref().clone())))?;
            (Class::Link(link), Vec::new())
        }
        _ => return Err((whole, RuleErrorKind::Trigger)),
    };
    let paths = |names: Option<Names>, default: Path| -> Result<Vec<Path>, Fault> {
        match names {
            None => Ok(vec![default]),
            Some(names) => names.into_iter().map(parse_path).collect(),
        }
    };
    let (first, second) = match class {
        Class::Role | Class::Link(_) => (Path::Holder, Path::Of),
        Class::Verb | Class::Event => (Path::Subj, Path::Obj),
    };
    let subject = paths(raw.subject, first)?;
    let object = paths(raw.object, second)?;
    let mask = |given: Option<Spanned<String>>, default: &[EntityType]| -> Result<u8, Fault> {
        let Some(letters) = given else {
            return Ok(default.iter().fold(0, |mask, kind| mask | type_bit(*kind)));
        };
        let mut mask = 0;
        for letter in letters.get_ref().chars() {
            let kind = letter_type(letter)
                .ok_or_else(|| (letters.span(), RuleErrorKind::TypeLetter(letter)))?;
            mask |= type_bit(kind);
        }
        Ok(mask)
    };
    let subject_types = mask(raw.subject_types, &kind.subject)?;
    let object_types = mask(raw.object_types, &kind.object)?;
    let mut word_set = |names: Option<Names>| -> Result<Option<u32>, Fault> {
        let Some(names) = names else { return Ok(None) };
        let mut words = expand(names, lists)?;
        words.sort();
        words.dedup();
        set.sets.push(words);
        Ok(Some(set.sets.len() as u32 - 1))
    };
    let with_object = word_set(raw.with_object)?;
    let without_object = word_set(raw.without_object)?;
    let object_named = word_set(raw.object_named)?;
    let object_not_named = word_set(raw.object_not_named)?;
    let with_subject = word_set(raw.with_subject)?;
    let dependents = |names: Option<Names>| -> Result<Vec<Vec<Box<str>>>, Fault> {
        let Some(names) = names else {
            return Ok(Vec::new());
        };
        let words = expand(names, lists)?;
        let split = |words: &str| words.split(' ').map(Box::from).collect();
        Ok(words.iter().map(|words| split(words)).collect())
    };
    let has = dependents(raw.has)?;
    let lacks = dependents(raw.lacks)?;
    let clause = match raw.clause {
        None => Vec::new(),
        Some(names) => expand(names, lists)?,
    };
    let passive = match raw.voice {
        None => None,
        Some(voice) => match voice.get_ref().as_str() {
            "active" => Some(false),
            "passive" => Some(true),
            _ => return Err((voice.span(), RuleErrorKind::Value("voice"))),
        },
    };
    let confidence = match raw.confidence {
        None => 0.8,
        Some(value) if (0.0..=1.0).contains(value.get_ref()) => *value.get_ref(),
        Some(value) => return Err((value.span(), RuleErrorKind::Value("confidence"))),
    };
    let yes = raw.yes.into_iter().map(|line| {
        let number = (place.line_of)(line.span());
        parse_example(line, number)
    });
    let yes = yes.collect::<Result<Vec<_>, Fault>>()?;
    let no = raw.no.into_iter().map(|line| Example {
        line: (place.line_of)(line.span()),
        text: line.into_inner(),
        edges: Vec::new(),
        polarity: Polarity::Affirmed,
        modality: Modality::Asserted,
    });
    for entry in expand(words, lists)? {
        let words: Vec<Box<str>> = entry.split(' ').map(Box::from).collect();
        let key = key_of(&words, class);
        let Some(word) = words.get(key).cloned() else {
            continue;
        };
        if class == Class::Role {
            set.words.add("role-nouns", std::slice::from_ref(&word));
        }
        set.triggers.entry(word).or_default().push(Trigger {
            words,
            key: key as u32,
            rule: index,
        });
    }
    if let Class::Link(_) = class {
        set.links.push(index);
    }
    set.rules.push(Rule {
        file: place.file,
        line: (place.line_of)(raw.id.span()),
        id: raw.id.into_inner(),
        relation,
        class,
        subject,
        object,
        subject_types,
        object_types,
        each: raw.each,
        symmetric,
        with_object,
        without_object,
        object_named,
        object_not_named,
        with_subject,
        has,
        lacks,
        passive,
        bare: raw.bare,
        counterpart: raw.counterpart,
        deputy: raw.deputy,
        clause,
        plain: raw.plain,
        intransitive: raw.intransitive,
        presence: raw.presence,
        outward: raw.outward,
        modality: raw.modality,
        polarity: raw.polarity.unwrap_or_default(),
        confidence,
        yes,
        no: no.collect(),
    });
    Ok(())
}

/// Which word of a trigger the tree shows as its head: the verb comes first, the noun last
/// unless a preposition follows it ("secretary of state").
fn key_of(words: &[Box<str>], class: Class) -> usize {
    if class == Class::Verb {
        return 0;
    }
    let prep = |w: &str| matches!(w, "of" | "in" | "for" | "to" | "on" | "at");
    match words.iter().position(|word| prep(word)) {
        Some(at) if at > 0 => at - 1,
        _ => words.len().saturating_sub(1),
    }
}

fn expand(names: Names, lists: &Lists) -> Result<Vec<Box<str>>, Fault> {
    let mut words = Vec::with_capacity(names.len());
    for name in names {
        let span = name.span();
        let word = name.into_inner();
        // "as @faults": the word in front of each of the list
        let listed = match word.split_once(" @") {
            Some((front, list)) => Some((front, list)),
            None => word.strip_prefix('@').map(|list| ("", list)),
        };
        if let Some((front, list)) = listed {
            let Some(found) = lists.get(list) else {
                // in order, so that of equally near names always the same is offered
                let mut names: Vec<&str> = lists.keys().map(String::as_str).collect();
                names.sort_unstable();
                let near = nearest(list, names.into_iter());
                let id = list.to_owned();
                return Err((span, RuleErrorKind::List { id, near }));
            };
            words.extend(found.iter().map(|each| match front {
                "" => each.clone(),
                front => format!("{front} {each}").into_boxed_str(),
            }));
        } else if word.trim().is_empty() {
            return Err((span, RuleErrorKind::EmptyWord));
        } else {
            words.push(word.to_lowercase().into_boxed_str());
        }
    }
    Ok(words)
}

/// Names of the paths that take no preposition.
pub(super) const PATHS: [&str; 29] = [
    "subj",
    "obj",
    "of",
    "holder",
    "aimed between",
    "leader-of-obj",
    "owner-of-clause-obj",
    "between",
    "hyphen",
    "where",
    "front",
    "nationality",
    "next",
    "owner-of-subj-title",
    "office-of-subj",
    "iobj",
    "clause-subj",
    "clause-obj",
    "owner-of-obj",
    "owner-of-title",
    "of-oblique",
    "place-of-obj",
    "place-of-party",
    "obj-of-oblique",
    "venue",
    "occasion",
    "bearer",
    "owner-of-subj",
    "owner-of-clause-subj",
];

fn parse_path(name: Spanned<String>) -> Result<Path, Fault> {
    let span = name.span();
    let name = name.into_inner();
    Ok(match name.as_str() {
        "subj" => Path::Subj,
        "obj" => Path::Obj,
        "of" => Path::Of,
        "holder" => Path::Holder,
        "aimed between" => Path::AimedBetween,
        "leader-of-obj" => Path::LeaderOfObj,
        "owner-of-clause-obj" => Path::OwnerOfClauseObj,
        "between" => Path::Between,
        "hyphen" => Path::Hyphen,
        "where" => Path::Where,
        "front" => Path::Front,
        "nationality" => Path::Nationality,
        "next" => Path::Next,
        "owner-of-subj-title" => Path::OwnerOfSubjTitle,
        "office-of-subj" => Path::OfficeOfSubj,
        "iobj" => Path::Iobj,
        "clause-subj" => Path::ClauseSubj,
        "clause-obj" => Path::ClauseObj,
        "owner-of-obj" => Path::OwnerOfObj,
        "owner-of-title" => Path::OwnerOfTitle,
        "of-oblique" => Path::OfOblique,
        "place-of-obj" => Path::PlaceOfObj,
        "place-of-party" => Path::PlaceOfParty,
        "obj-of-oblique" => Path::ObjOfOblique,
        "venue" => Path::Venue,
        "occasion" => Path::Occasion,
        "bearer" => Path::Bearer,
        "owner-of-subj" => Path::OwnerOfSubj,
        "owner-of-clause-subj" => Path::OwnerOfClauseSubj,
        other => {
            let whose = other.strip_prefix("whose ");
            match whose.unwrap_or(other).strip_prefix("prep ") {
                Some("") => None,
                Some(prep) if whose.is_some() => Some(Path::WhosePrep(prep.into())),
                prep => prep.map(|prep| Path::Prep(prep.into())),
            }
            .ok_or_else(|| {
                let near = nearest(&name, PATHS.into_iter());
                (
                    span,
                    RuleErrorKind::Path {
                        id: name.clone(),
                        near,
                    },
                )
            })?
        }
    })
}

fn parse_link(name: &str) -> Option<Link> {
    Some(match name {
        "in" => Link::In,
        "of" => Link::Of,
        "at" => Link::At,
        "from" => Link::From,
        "comma" => Link::Comma,
        "descriptor" => Link::Descriptor,
        "possessive" => Link::Possessive,
        "possessor" => Link::Possessor,
        "bracket" => Link::Bracket,
        "being" => Link::Being,
        "same" => Link::Same,
        _ => return None,
    })
}

/// `sentence => A > B; C > D !negated ~planned`.
fn parse_example(line: Spanned<String>, number: u32) -> Result<Example, Fault> {
    let fault = || (line.span(), RuleErrorKind::Example);
    let (text, edges) = line.get_ref().split_once(" => ").ok_or_else(fault)?;
    let mut example = Example {
        text: text.trim().to_owned(),
        line: number,
        edges: Vec::new(),
        polarity: Polarity::Affirmed,
        modality: Modality::Asserted,
    };
    for edge in edges.split(';') {
        let mut edge = edge.trim();
        loop {
            let Some((rest, flag)) = edge.rsplit_once(' ') else {
                return Err(fault());
            };
            match flag {
                "!negated" => example.polarity = Polarity::Negated,
                "~planned" => example.modality = Modality::Planned,
                "~possible" => example.modality = Modality::Possible,
                "~alleged" => example.modality = Modality::Alleged,
                "~former" => example.modality = Modality::Former,
                _ => break,
            }
            edge = rest.trim();
        }
        let (subject, object) = edge.split_once(" > ").ok_or_else(fault)?;
        let pair = (subject.trim().to_owned(), object.trim().to_owned());
        example.edges.push(pair);
    }
    Ok(example)
}
