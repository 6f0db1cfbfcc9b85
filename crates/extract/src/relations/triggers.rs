//! Which rules a word may trigger.

use std::ops::Range;

use tieline_text::{DepRel, Upos, Xpos};

use super::language::{Class, Rule, RuleSet, Trigger};
use super::syntax::{Tree, lower};

/// The triggers that a token may be the key of.
pub(super) fn triggers_at<'r>(
    rules: &'r RuleSet,
    tree: &Tree<'_>,
    token: u32,
    buffer: &mut String,
) -> &'r [Trigger] {
    let upos = tree.upos(token);
    if !matches!(upos, Upos::Noun | Upos::Propn | Upos::Verb | Upos::Adj) {
        return &[];
    }
    let lemma = lower(tree.lemma(token), buffer);
    let stemmed = if tree.is_gerund(token) {
        stem(rules, lemma)
    } else {
        None
    };
    let mut triggers = stemmed.or_else(|| rules.triggers.get(lemma));
    if triggers.is_none() && upos == Upos::Verb {
        // a regular past whose lemma was guessed wrong: "freed"
        let text = tree.text(token);
        triggers = text
            .strip_suffix('d')
            .or_else(|| text.strip_suffix("ed"))
            .and_then(|word| rules.triggers.get(word));
    }
    if triggers.is_none() && upos == Upos::Propn {
        triggers = lemma
            .strip_suffix('s')
            .and_then(|word| rules.triggers.get(word));
    }
    if triggers.is_none() {
        // "Ex-chancellor" in one token
        triggers = lemma
            .strip_prefix("ex-")
            .and_then(|word| rules.triggers.get(word));
    }
    let Some(triggers) = triggers else {
        return &[];
    };
    let inside = tree.name_mention[token as usize];
    if let Some(mention) = tree.layer.mentions.get(inside as usize)
        && mention.tokens.len() > 1
    {
        return &[]; // a word of a name triggers nothing
    }
    triggers
}

/// Whether a token's part of speech lets it trigger rules of a class.
pub(super) fn admits(class: Class, tree: &Tree<'_>, token: u32) -> bool {
    let upos = tree.upos(token);
    match class {
        Class::Verb => matches!(upos, Upos::Verb | Upos::Adj) || tree.is_gerund(token),
        Class::Event => matches!(upos, Upos::Noun | Upos::Propn) || possessed(tree, token),
        // "chief negotiator": the adjective names nobody
        Class::Role => upos != Upos::Verb && !(upos == Upos::Adj && qualifies(tree, token)),
        Class::Link(_) => false,
    }
}

/// Whether an adjective stands right in front of the noun that it qualifies.
fn qualifies(tree: &Tree<'_>, adjective: u32) -> bool {
    let noun = tree.head(adjective);
    let near = adjective < noun && noun <= adjective + 2;
    tree.rel(adjective) == DepRel::Amod && near && tree.upos(noun) == Upos::Noun
}

/// The triggers of the verb that a noun in -ing is a form of: "meeting", "suing", "banning".
fn stem<'r>(rules: &'r RuleSet, noun: &str) -> Option<&'r Vec<Trigger>> {
    let stem = noun.strip_suffix("ing")?;
    let short = stem.get(..stem.len().checked_sub(1)?)?;
    rules
        .triggers
        .get(stem)
        .or_else(|| rules.triggers.get(format!("{stem}e").as_str()))
        .or_else(|| {
            rules
                .triggers
                .get(short)
                .filter(|_| stem.ends_with(&short[short.len().saturating_sub(1)..]))
        })
}

/// Whether a possessor stands right in front: then it is a noun, whatever the tagger says.
fn possessed(tree: &Tree<'_>, token: u32) -> bool {
    token
        .checked_sub(1)
        .is_some_and(|before| matches!(tree.xpos(before), Xpos::Pos | Xpos::PrpPoss))
}

/// The tokens of the trigger around its key, if all its words are there.
pub(super) fn trigger_words(
    tree: &Tree<'_>,
    trigger: &Trigger,
    rule: &Rule,
    token: u32,
) -> Option<Range<u32>> {
    if trigger.words.len() == 1 {
        return Some(token..token + 1);
    }
    if rule.class == Class::Verb {
        // a particle may stand behind the object: "call the visit off"
        let mut end = token + 1;
        for word in trigger.words.iter().skip(1) {
            let near = (token + 1..(token + 3).min(tree.len())).find(|&at| tree.says(at, word));
            let child = || {
                tree.children(token).iter().copied().find(|&child| {
                    matches!(tree.rel(child), DepRel::CompoundPrt | DepRel::Advmod)
                        && tree.says(child, word)
                })
            };
            let at = near.or_else(child)?;
            end = end.max(at + 1);
        }
        return Some(token..if end - token > 3 { token + 1 } else { end });
    }
    let start = token.checked_sub(trigger.key)?;
    if tree.len() < start + trigger.words.len() as u32 {
        return None;
    }
    for (word, at) in trigger.words.iter().zip(start..) {
        if at != token && !tree.is_word(at, word) {
            return None;
        }
    }
    Some(start..start + trigger.words.len() as u32)
}
