//! Words and constructions that change the status of what they govern, one question each.

use tieline_facts::{MentionKind, Modality};
use tieline_text::{DepRel, Span, Upos, Xpos};

use super::status::is_quote;
use super::syntax::Tree;
use super::words::{self, Classes};

/// Governors that change the status of their arguments, but not of what stands beside them.
pub(super) const TURNING: Classes = words::PLAN
    | words::POSSIBLE
    | words::ALLEGE
    | words::FAIL
    | words::ORDER
    | words::REFUSE
    | words::DENY;

/// A phrase that says when or why: "agreed **after talks with X**".
pub(super) fn aside(tree: &Tree<'_>, at: u32, rel: DepRel) -> bool {
    const BESIDE: [&str; 12] = [
        "after",
        "following",
        "since",
        "despite",
        "because of",
        "amid",
        "during",
        "in response to",
        "as a result of",
        "in retaliation for",
        "thanks to",
        "in the wake of",
    ];
    rel == DepRel::Obl
        && (BESIDE.iter().any(|case| tree.has_case(at, case))
            || (tree.is(at, words::OCCASION) && tree.has_case(at, "in")))
}

/// "offered an apology": said, not only planned.
pub(super) fn offered(tree: &Tree<'_>, at: u32, verb: u32) -> bool {
    matches!(tree.lemma(verb), "offer")
        && matches!(
            tree.lemma(at),
            "apology" | "support" | "praise" | "criticism" | "solidarity" | "backing" | "assurance"
        )
}

/// "warned **against** X".
pub(super) fn warns(tree: &Tree<'_>, verb: u32) -> bool {
    matches!(tree.lemma(verb), "warn" | "caution")
}

/// What a governor makes of its argument, where that takes more than its class.
pub(super) fn of_governor(tree: &Tree<'_>, at: u32, head: u32) -> Option<Modality> {
    let rel = tree.rel(at);
    let lemma = tree.lemma(head);
    let argument = matches!(
        rel,
        DepRel::Obj | DepRel::NsubjPass | DepRel::Nmod | DepRel::Xcomp | DepRel::Acl
    );
    match lemma {
        "postpone" | "delay" | "defer" | "reschedule" | "postponement" if argument => {
            Some(Modality::Planned)
        }
        "appear" | "seem" if rel == DepRel::Xcomp && tree.has_mark_to(at) => {
            Some(Modality::Alleged)
        }
        "vote" if rel == DepRel::Xcomp || tree.has_case(at, "for") => Some(Modality::Planned),
        "prevent" | "avert" | "avoid" | "thwart" | "foil" if tree.has_mark_to(head) => {
            Some(Modality::Possible)
        }
        // "talks are due to resume", "a meeting is likely to take place"
        _ if matches!(rel, DepRel::Nsubj | DepRel::NsubjPass)
            && tree.is(head, words::PLAN | words::POSSIBLE)
            && tree
                .child(head, &[DepRel::Xcomp])
                .is_some_and(|happens| tree.is(happens, words::OCCUR | words::LIGHT)) =>
        {
            let planned = tree.is(head, words::PLAN);
            Some(if planned {
                Modality::Planned
            } else {
                Modality::Possible
            })
        }
        "warn" | "caution" if rel == DepRel::Obl && tree.has_case(at, "against") => {
            Some(Modality::Possible)
        }
        "close" | "near"
            if tree.upos(head) == Upos::Adj
                && matches!(rel, DepRel::Advcl | DepRel::Xcomp | DepRel::Obl)
                && tree.has_case(at, "to") =>
        {
            Some(Modality::Possible)
        }
        _ => None,
    }
}

/// "to **end** the war", "a **solution** to the conflict", "called for a **halt** to the fighting":
/// the fight that somebody wants to end goes on.
pub(super) fn ends_fight(tree: &Tree<'_>, at: u32, head: u32) -> bool {
    let ends = matches!(
        tree.lemma(head),
        "end"
            | "stop"
            | "halt"
            | "resolve"
            | "settle"
            | "cease"
            | "defuse"
            | "conclude"
            | "solve"
            | "ending"
            | "resolution"
            | "settlement"
            | "solution"
            | "cessation"
            | "quell"
            | "pause"
    );
    let open = matches!(tree.xpos(head), Xpos::Vb | Xpos::Vbg) || tree.upos(head) == Upos::Noun;
    ends && open
        && (tree.is(at, words::WAR)
            || matches!(
                tree.lemma(at),
                "dispute" | "row" | "crisis" | "problem" | "issue" | "impasse" | "deadlock"
            ))
        && matches!(
            tree.rel(at),
            DepRel::Obj | DepRel::NsubjPass | DepRel::Nmod | DepRel::Obl
        )
}

/// Whether a noun says which of its kind did something: "the **only** state to have", "the
/// **first** president to visit". Its infinitive tells what is or was done.
pub(super) fn singled_out(tree: &Tree<'_>, noun: u32) -> bool {
    tree.children(noun).iter().any(|&child| {
        tree.rel(child) == DepRel::Amod
            && (tree.xpos(child) == Xpos::Jjs
                || tree
                    .children(child)
                    .iter()
                    .any(|&most| tree.says(most, "most"))
                || matches!(
                    tree.lemma(child),
                    "only" | "sole" | "first" | "second" | "third" | "last" | "latest"
                ))
    })
}

/// Adjectives of conviction: "is convinced that".
pub(super) fn sure(tree: &Tree<'_>, word: u32) -> bool {
    let adjective = matches!(
        tree.lemma(word),
        "certain"
            | "sure"
            | "confident"
            | "adamant"
            | "convinced"
            | "aware"
            | "clear"
            | "hopeful"
            | "optimistic"
            | "plain"
    );
    let state = tree.lemma(word) == "convince" && tree.xpos(word) == Xpos::Vbn;
    (adjective && tree.upos(word) != Upos::Noun) || state
}

/// "it was reported that": nobody says it.
pub(super) fn hearsay(tree: &Tree<'_>, verb: u32) -> bool {
    let vague = matches!(
        tree.lemma(verb),
        "report" | "believe" | "say" | "think" | "suggest" | "speculate" | "understand" | "rumour"
    );
    let subject = [DepRel::NsubjPass, DepRel::Expl, DepRel::Nsubj];
    vague
        && tree.is_passive(verb)
        && tree
            .child(verb, &subject)
            .is_some_and(|subject| tree.says(subject, "it"))
}

/// Verbs that carry a statement: "voiced fears that", "released a report that".
pub(super) fn voices(tree: &Tree<'_>, verb: u32) -> bool {
    matches!(
        tree.lemma(verb),
        "express"
            | "voice"
            | "raise"
            | "issue"
            | "make"
            | "release"
            | "publish"
            | "post"
            | "spread"
            | "have"
            | "repeat"
            | "reiterate"
            | "confirm"
            | "acknowledge"
            | "circulate"
            | "send"
            | "hold"
            | "give"
    )
}

/// A subject that stands for nobody.
pub(super) fn empty(tree: &Tree<'_>, subject: u32) -> bool {
    tree.rel(subject) == DepRel::Expl
        || ["it", "there", "this", "that", "which", "what"]
            .iter()
            .any(|word| tree.says(subject, word))
}

/// "X did Y, **said Holm**", which the parse took for a second clause.
pub(super) fn said_behind(tree: &Tree<'_>, clause: u32) -> bool {
    let own = [DepRel::Cc, DepRel::Ccomp, DepRel::Xcomp, DepRel::Obj];
    tree.is(clause, words::REPORT)
        && tree.child(clause, &own).is_none()
        && tree.child(clause, &[DepRel::Nsubj]).is_some()
}

/// `"...," wrote Holm`: the name behind the verb, which the parse took for its object.
pub(super) fn name_behind(tree: &Tree<'_>, verb: u32) -> Option<u32> {
    let addressed = matches!(
        tree.lemma(verb),
        "tell"
            | "inform"
            | "remind"
            | "show"
            | "find"
            | "know"
            | "quote"
            | "cite"
            | "accuse"
            | "charge"
    );
    let before = verb.checked_sub(1)?;
    let set_off = tree.upos(before) == Upos::Punct;
    (set_off && !addressed && tree.is(verb, words::REPORT)).then(|| tree.name_next_to(verb))?
}

/// `"...," Holm, who heads X, said`: the name right behind the quotation marks.
pub(super) fn name_after_quote(tree: &Tree<'_>, verb: u32) -> Option<u32> {
    let quote = (verb.saturating_sub(25)..verb)
        .rev()
        .find(|&at| is_quote(tree, at))?;
    named(tree, quote + 1)
}

/// "the head of X, Holm, said": the name between commas right before the verb.
pub(super) fn name_in_commas(tree: &Tree<'_>, verb: u32) -> Option<u32> {
    let comma = verb.checked_sub(1).filter(|&at| tree.says(at, ","))?;
    let last = comma.checked_sub(1)?;
    let mention = tree
        .layer
        .mentions
        .get(tree.name_mention[last as usize] as usize)?;
    let opened = mention.tokens.start.checked_sub(1)?;
    (mention.tokens.end == comma && tree.says(opened, ",")).then_some(mention.head)
}

fn named(tree: &Tree<'_>, start: u32) -> Option<u32> {
    let mention = tree
        .layer
        .mentions
        .get(*tree.name_mention.get(start as usize)? as usize)?;
    let named = mention.tokens.start == start && mention.kind == MentionKind::Name;
    named.then_some(mention.head)
}

/// "quoted **Holm** as saying".
pub(super) fn quoted_as(tree: &Tree<'_>, verb: u32) -> Option<u32> {
    let head = tree.head(verb);
    if tree.rel(verb) != DepRel::Advcl
        || !matches!(tree.lemma(head), "quote" | "cite")
        || !tree.has_case(verb, "as")
    {
        return None;
    }
    let mut quoted = Vec::new();
    tree.patients(head, &mut quoted);
    quoted.first().copied()
}

/// "we know that": whoever speaks speaks of himself.
pub(super) fn speaks_itself(tree: &Tree<'_>, subject: u32) -> bool {
    ["we", "i", "you", "us", "one"]
        .iter()
        .any(|word| tree.says(subject, word))
        && tree.refer_one(subject).is_none()
}

/// "when he **visits** Y": still to come.
pub(super) fn still_to_come(tree: &Tree<'_>, clause: u32) -> bool {
    let present = matches!(tree.xpos(clause), Xpos::Vbz | Xpos::Vbp)
        && tree
            .child(clause, &[DepRel::Aux, DepRel::AuxPass, DepRel::Cop])
            .is_none();
    present
        && tree.children(clause).iter().any(|&child| {
            child < clause
                && ["when", "once", "until"]
                    .iter()
                    .any(|word| tree.says(child, word))
        })
}

/// "before **flying** to Y": comes about if what it belongs to does.
pub(super) fn first_this(tree: &Tree<'_>, clause: u32) -> bool {
    tree.xpos(clause) == Xpos::Vbg && tree.has_case(clause, "before")
}

/// Words by which a text keeps its distance, but accuses nobody.
pub(super) fn softly(tree: &Tree<'_>, word: u32) -> bool {
    matches!(
        tree.lemma(word),
        "reportedly" | "apparently" | "presumably" | "seemingly" | "appear" | "seem" | "believe"
    )
}

/// "arrives on Monday", "is visiting X next week": the present tense of what is to come.
pub(super) fn coming(tree: &Tree<'_>, verb: u32) -> Option<u32> {
    const DAYS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    const SPANS: [&str; 7] = [
        "week", "month", "year", "spring", "summer", "autumn", "winter",
    ];
    let children = tree.children(verb);
    let aux = |child: u32| matches!(tree.rel(child), DepRel::Aux | DepRel::AuxPass | DepRel::Cop);
    let present = match tree.xpos(verb) {
        Xpos::Vbz | Xpos::Vbp => !children.iter().any(|&child| aux(child)),
        Xpos::Vbg => children.iter().any(|&child| {
            tree.rel(child) == DepRel::Aux && matches!(tree.xpos(child), Xpos::Vbz | Xpos::Vbp)
        }),
        _ => false,
    };
    // "fighting continues Tuesday": it lasts already
    let lasts = matches!(
        tree.lemma(verb),
        "continue" | "remain" | "persist" | "rage" | "stay" | "last"
    );
    if !present || lasts || tree.is(verb, words::REPORT) {
        return None;
    }
    // "heads to Oslo": not there yet
    if tree.lemma(verb) == "head" && tree.child(verb, &[DepRel::Obj]).is_none() {
        return Some(verb);
    }
    let next = |at: u32| {
        let mut inner = tree.children(at).iter();
        inner.any(|&inner| tree.says(inner, "next") || tree.says(inner, "coming"))
    };
    children.iter().copied().find(|&child| {
        let time = matches!(
            tree.rel(child),
            DepRel::Obl | DepRel::Advmod | DepRel::OblUnmarked
        );
        time && (tree.says(child, "tomorrow")
            || (DAYS.iter().any(|day| tree.says(child, day)))
            || (SPANS.contains(&tree.lemma(child)) && next(child)))
    })
}

/// The noun phrase around its head, without what follows the name or noun.
pub(super) fn phrase(tree: &Tree<'_>, head: u32) -> Span {
    let mut start = head;
    for &child in tree.children(head) {
        if child < start
            && !matches!(
                tree.rel(child),
                DepRel::Case | DepRel::Punct | DepRel::Mark | DepRel::Cc
            )
        {
            start = child;
            if let Some(&inner) = tree.children(child).first() {
                start = start.min(inner);
            }
        }
    }
    if head - start > 12 {
        start = head;
    }
    let mention = tree
        .layer
        .mentions
        .get(tree.name_mention[head as usize] as usize);
    let end = mention.map_or(head + 1, |mention| mention.tokens.end.max(head + 1));
    tree.parsed.span_of(start..end)
}

/// Whether a colon stands in front of the clause, with nothing but a quotation mark between.
pub(super) fn colon_before(tree: &Tree<'_>, clause: u32) -> bool {
    let first = tree.children(clause).first().copied().unwrap_or(clause);
    let from = first.min(clause).saturating_sub(2);
    (from..clause).any(|at| tree.says(at, ":"))
}

/// "insists that Ghana pull out": wanted, not said to be so.
pub(super) fn subjunctive(tree: &Tree<'_>, clause: u32, verb: &str) -> bool {
    let wants = matches!(
        verb,
        "insist" | "demand" | "propose" | "suggest" | "recommend" | "request" | "ask" | "order"
    );
    let bare = tree.child(clause, &[DepRel::Aux, DepRel::AuxPass, DepRel::Cop]);
    let base = match tree.xpos(clause) {
        Xpos::Vb => true,
        Xpos::Vbp => tree
            .child(clause, &[DepRel::Nsubj])
            .is_some_and(|subject| matches!(tree.xpos(subject), Xpos::Nn | Xpos::Nnp)),
        Xpos::Vbn => bare.is_some_and(|aux| tree.says(aux, "be")),
        _ => false,
    };
    wants && base && bare.is_none_or(|aux| tree.says(aux, "be"))
}

/// A clause in the indicative: "suggested that X attacked Y" is no proposal.
pub(super) fn plain(tree: &Tree<'_>, clause: u32) -> bool {
    let tensed = matches!(tree.xpos(clause), Xpos::Vbd | Xpos::Vbz);
    tensed || tree.child(clause, &[DepRel::Aux, DepRel::Cop]).is_some()
}

/// "X did Y," Holm wrote: a finite clause in front, with a quotation mark between.
pub(super) fn quoted_before(tree: &Tree<'_>, clause: u32, verb: u32) -> bool {
    clause < verb
        && !tree
            .children(clause)
            .iter()
            .any(|&child| tree.rel(child) == DepRel::Mark)
        && (clause + 1..verb).any(|at| is_quote(tree, at))
}

/// The "if" of a clause: "will send troops **if** asked".
pub(super) fn condition(tree: &Tree<'_>, clause: u32) -> Option<u32> {
    let is_if = |&child: &u32| {
        tree.rel(child) == DepRel::Mark
            && (tree.says(child, "if") || tree.says(child, "unless"))
            && !(child > 0 && (tree.says(child - 1, "even") || tree.says(child - 1, "as")))
    };
    tree.children(clause).iter().copied().find(is_if)
}

/// The journey that something is the purpose of: "**travel** to Mali for talks".
pub(super) fn journey(tree: &Tree<'_>, purpose: u32) -> Option<u32> {
    let travels = [
        "visit", "travel", "go", "fly", "head", "come", "return", "arrive", "tour", "meet",
    ];
    if !matches!(tree.rel(purpose), DepRel::Obl | DepRel::Nmod) || !tree.has_case(purpose, "for") {
        return None;
    }
    let head = tree.head(purpose);
    let goal = matches!(tree.rel(head), DepRel::Obj | DepRel::Obl)
        && tree.name_mention[head as usize] != super::syntax::NONE;
    let verb = if goal { tree.head(head) } else { head };
    (tree.upos(verb) == Upos::Verb && travels.contains(&tree.lemma(verb))).then_some(verb)
}
