//! Why a relation was found: the rule, the path to both ends, what they refer to, the cues.
//!
//! A second, slower way in beside `find_relations`: it runs the same engine and reads more off the
//! same matches, so the fast way pays nothing for it.

use serde::{Serialize, Serializer};
use tieline_facts::{MentionKind, Modality, Polarity, Relation};
use tieline_text::{DepRel, Document, Parsed, Span};

use super::confidence::{FACTORS, Factors};
use super::language::{Rule, RuleSet};
use super::quotes::Speakers;
use super::status;
use super::syntax::{Arg, NONE, Tree};
use super::{Match, RelationResources, all_matches, assemble};
use crate::{EntityLayer, MentionSpan};

/// Words of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// First byte in the document.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Verbatim.
    pub text: String,
}

/// One arc of a dependency path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Where the step starts.
    pub from: Words,
    /// Where it leads.
    pub to: Words,
    /// Whether it leads to the governor of `from`; otherwise `to` hangs on `from`.
    pub up: bool,
    /// The relation of the lower of the two to the higher, as Universal Dependencies call it.
    pub relation: &'static str,
    /// The preposition or other marker of the lower one.
    pub marker: Option<String>,
}

/// One member of a chain of reference, from the words at the end of a path to a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// The words.
    #[serde(flatten)]
    pub words: Words,
    /// `name`, `demonym`, `nominal`, `pronoun`; `stand-in` for words that stand for the entity
    /// named beside them ("German **troops**").
    pub kind: &'static str,
}

/// One end of a relation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct End {
    /// The name of the entity.
    pub name: String,
    /// From the trigger to the word that refers to it; empty if that is the trigger itself.
    pub path: Vec<Step>,
    /// From that word to a name. Empty if the end is not in the sentence: a title without
    /// complement, settled by the document.
    pub reference: Vec<Reference>,
    /// How certain the reference is, 0 to 1.
    pub certainty: f32,
}

/// Words that decided how a relation is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cue {
    /// `polarity`, `modality` or `attribution`.
    pub about: &'static str,
    /// What it says: `negated`, `planned`, ….
    pub value: &'static str,
    /// The words; none where the rule says so itself.
    pub words: Option<Words>,
}

/// A rule by name and place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RulePlace {
    /// Its id.
    pub id: String,
    /// The file it stands in.
    pub file: String,
    /// Line there, counted from 1.
    pub line: u32,
    /// `verb`, `event`, `role` or `link`.
    pub class: &'static str,
}

/// Why one relation was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The relation as on the wire.
    pub relation: Relation,
    /// The rule that found it.
    pub rule: RulePlace,
    /// The words that carry the relation.
    pub trigger: Words,
    /// How the subject was reached.
    pub subject: End,
    /// How the object was reached.
    pub object: End,
    /// What decided on polarity, modality and source.
    pub cues: Vec<Cue>,
    /// What the confidence is made of, in the order of [`FACTORS`]; by name when serialised.
    #[serde(serialize_with = "by_name")]
    pub factors: Factors,
}

fn by_name<S: Serializer>(factors: &Factors, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(FACTORS.iter().zip(factors))
}

/// The relations that `find_relations` finds, in the same order, each with its reasons.
pub fn explain_relations(
    resources: &RelationResources,
    document: &Document,
    parsed: &Parsed,
    entities: &EntityLayer,
) -> Vec<Explanation> {
    if entities.entities.len() < 2 {
        return Vec::new();
    }
    let rules = &resources.rules;
    let tree = Tree::new(&rules.words, document, parsed, entities);
    let matches = all_matches(rules, &tree);
    let found = assemble::relations(&resources.ontology, rules, &tree, matches);
    let speakers = Speakers::new(&tree);
    let explained = found
        .into_iter()
        .filter_map(|(relation, one)| explain(rules, &tree, &speakers, relation, &one));
    explained.collect()
}

fn explain(
    rules: &RuleSet,
    tree: &Tree<'_>,
    speakers: &Speakers,
    relation: Relation,
    one: &Match,
) -> Option<Explanation> {
    let rule = rules.rules.get(one.rule as usize)?;
    let last = one.trigger.1.min(tree.len().checked_sub(1)?);
    let trigger = key_of(tree, one.trigger.0, last.max(one.trigger.0));
    Some(Explanation {
        rule: place(rules, one.rule)?,
        trigger: words_at(
            tree,
            Span::new(
                relation.evidence.trigger.start,
                relation.evidence.trigger.end,
            ),
        ),
        subject: end(tree, trigger, &one.subject),
        object: end(tree, trigger, &one.object),
        cues: cues(rule, tree, speakers, one, &relation),
        factors: factors(rule, tree, one, &relation),
        relation,
    })
}

/// A rule by its index.
pub(super) fn place(rules: &RuleSet, index: u32) -> Option<RulePlace> {
    let rule = rules.rules.get(index as usize)?;
    Some(RulePlace {
        id: rule.id.clone(),
        file: rules
            .files
            .get(rule.file as usize)
            .cloned()
            .unwrap_or_default(),
        line: rule.line,
        class: rule.class.as_str(),
    })
}

/// The word of a trigger that the others hang on.
pub(super) fn key_of(tree: &Tree<'_>, first: u32, last: u32) -> u32 {
    (first..=last)
        .find(|&token| {
            let head = tree.head(token);
            head == token || !(first..=last).contains(&head)
        })
        .unwrap_or(first)
}

fn words_at(tree: &Tree<'_>, span: Span) -> Words {
    Words {
        start: span.start(),
        end: span.end(),
        text: span
            .slice(&tree.document.text)
            .unwrap_or_default()
            .to_owned(),
    }
}

/// A token, or the name it stands in.
pub(super) fn word(tree: &Tree<'_>, token: u32) -> Words {
    let named = tree.name_mention[token as usize];
    let tokens = match tree.layer.mentions.get(named as usize) {
        Some(mention) => mention.tokens.clone(),
        None => token..token + 1,
    };
    words_at(tree, tree.parsed.span_of(tokens))
}

/// The words of a mention.
pub(super) fn mention_words(tree: &Tree<'_>, mention: &MentionSpan) -> Words {
    words_at(tree, tree.parsed.span_of(mention.tokens.clone()))
}

/// The way from one token to another over the tree: up to the word that both hang under, and
/// down. Empty between different sentences.
pub(super) fn path(tree: &Tree<'_>, from: u32, to: u32) -> Vec<Step> {
    let up_from = ancestors(tree, from);
    let up_to = ancestors(tree, to);
    let meet = up_from
        .iter()
        .position(|token| up_to.contains(token))
        .and_then(|at| Some((at, up_to.iter().position(|token| *token == up_from[at])?)));
    let Some((meet, down)) = meet else {
        return Vec::new();
    };
    let arc = |lower: u32, higher: u32, up: bool| {
        let (from, to) = if up { (lower, higher) } else { (higher, lower) };
        let marker = tree.child(lower, &[DepRel::Case, DepRel::Mark]);
        Step {
            from: word(tree, from),
            to: word(tree, to),
            up,
            relation: tree.rel(lower).as_str(),
            marker: marker.map(|marker| tree.text(marker).to_lowercase()),
        }
    };
    let rising = up_from
        .iter()
        .zip(up_from.iter().skip(1))
        .take(meet)
        .map(|(lower, higher)| arc(*lower, *higher, true));
    let falling = up_to
        .iter()
        .zip(up_to.iter().skip(1))
        .take(down)
        .map(|(lower, higher)| arc(*lower, *higher, false));
    let falling: Vec<Step> = falling.collect();
    let steps = rising.chain(falling.into_iter().rev());
    // arcs inside one name say nothing
    steps.filter(|step| step.from != step.to).collect()
}

/// A token and all it hangs under, up to the root.
fn ancestors(tree: &Tree<'_>, token: u32) -> Vec<u32> {
    let mut found = vec![token];
    let mut at = token;
    while tree.head(at) != at && found.len() < 512 {
        at = tree.head(at);
        found.push(at);
    }
    found
}

fn end(tree: &Tree<'_>, trigger: u32, arg: &Arg) -> End {
    let entity = tree.layer.entities.get(arg.entity as usize);
    End {
        name: entity.map(|entity| entity.name.clone()).unwrap_or_default(),
        path: path(tree, trigger, arg.token),
        reference: reference(tree, arg),
        certainty: arg.certainty,
    }
}

fn reference(tree: &Tree<'_>, arg: &Arg) -> Vec<Reference> {
    let mentions = &tree.layer.mentions;
    let own = |at: u32| {
        let mention = mentions.get(at as usize)?;
        (mention.entity == arg.entity).then_some(mention)
    };
    let direct = own(tree.name_mention[arg.token as usize])
        .or_else(|| own(tree.head_mention[arg.token as usize]));
    let mut chain = Vec::new();
    let first = match direct {
        Some(mention) => mention,
        None => {
            // the nearest mention in the sentence, for which the word stands
            let Some(sentence) = tree.parsed.sentence_of(arg.token) else {
                return chain;
            };
            let tokens = &tree.parsed.sentences()[sentence].tokens;
            let near = mentions
                .iter()
                .filter(|mention| mention.entity == arg.entity && tokens.contains(&mention.head))
                .min_by_key(|mention| mention.head.abs_diff(arg.token));
            let Some(near) = near else {
                return chain;
            };
            chain.push(Reference {
                words: word(tree, arg.token),
                kind: "stand-in",
            });
            near
        }
    };
    chain.push(Reference {
        words: mention_words(tree, first),
        kind: first.kind.as_str(),
    });
    if matches!(first.kind, MentionKind::Nominal | MentionKind::Pronoun) {
        let named = |m: &&MentionSpan| m.entity == arg.entity && m.kind == MentionKind::Name;
        let before = mentions
            .iter()
            .filter(named)
            .take_while(|mention| mention.tokens.start <= first.tokens.start)
            .last();
        if let Some(name) = before.or_else(|| mentions.iter().find(named)) {
            chain.push(Reference {
                words: mention_words(tree, name),
                kind: name.kind.as_str(),
            });
        }
    }
    chain
}

fn factors(rule: &Rule, tree: &Tree<'_>, one: &Match, relation: &Relation) -> Factors {
    let sentence = tree.parsed.sentence_of(one.trigger.0);
    let sentence = sentence.and_then(|at| tree.parsed.sentences().get(at));
    let length = sentence.map_or(1, |sentence| sentence.tokens.len() as u32);
    let hedged = assemble::is_hedged(relation.polarity, relation.modality);
    assemble::factors_of(rule, tree, one, length, hedged)
}

fn cues(
    rule: &Rule,
    tree: &Tree<'_>,
    speakers: &Speakers,
    one: &Match,
    relation: &Relation,
) -> Vec<Cue> {
    let mut cues = status::Cues::default();
    if one.predicate != NONE {
        cues = status::status(tree, speakers, one.predicate).cues;
    }
    let mut found = Vec::new();
    let at = |token: Option<u32>| token.map(|token| word(tree, token));
    if cues.polarity.is_some() || rule.polarity == Polarity::Negated {
        found.push(Cue {
            about: "polarity",
            value: relation.polarity.as_str(),
            words: at(cues.polarity),
        });
    }
    let words = at(one.title.map(|(_, token)| token).or(cues.modality));
    if relation.modality != Modality::Asserted && (words.is_some() || rule.modality.is_some()) {
        found.push(Cue {
            about: "modality",
            value: relation.modality.as_str(),
            words,
        });
    }
    if relation.source_text.is_some() {
        found.push(Cue {
            about: "attribution",
            value: "said by",
            words: at(cues.source),
        });
    }
    found
}
