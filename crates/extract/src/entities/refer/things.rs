//! "It" and "its".

use tieline_facts::EntityType;
use tieline_text::{DepRel, Upos};

use super::{WINDOW, Walk};
use crate::entities::metonym::is_speech;
use crate::entities::view::View;

impl Walk<'_, '_> {
    /// What "it" or "its" refers to, only where the subject of the clause above is the one
    /// organisation or country: "Gazprom said it would", "Russia opened its first plant".
    pub(super) fn thing(&self, token: u32, sentence: u32, possessive: bool) -> Option<u32> {
        let view = self.view;
        if view.deprel(token) == DepRel::Expl {
            return None;
        }
        let mut verb = view.governor(token)?;
        if !possessive {
            if view.deprel(token) != DepRel::Nsubj || is_weather(view, verb) {
                return None;
            }
            if view.sentence(token).start == token && view.deprel(verb) == DepRel::Root {
                return self.subject_before(verb, sentence);
            }
            if !matches!(
                view.deprel(verb),
                DepRel::Ccomp | DepRel::Advcl | DepRel::Conj | DepRel::Xcomp
            ) {
                return None;
            }
            verb = view.governor(verb)?;
        }
        // up to the clause that has a subject before the pronoun
        let mut ground = possessive && self.is_ground(token, verb);
        // "blamed Iran for firing at **its** towns", "not to attack **its** plants": another's
        let done_to = possessive && !ground && self.is_undergoer(verb);
        for _ in 0..6 {
            if ground && !done_to && has_addressee(view.lemma(verb)) {
                if let Some(judged) = self.judged(verb, token, sentence) {
                    return Some(judged);
                }
                // a name that nothing is known of
                let object = self.clauses.object(verb);
                if object.is_some_and(|at| at < token && view.upos(at) == Upos::Propn) {
                    return None;
                }
            }
            if let Some(subject) = self.clauses.subject(verb)
                && subject < token
            {
                let at = |head: u32| {
                    let mut recent = self.recent.iter().rev().take(WINDOW);
                    recent.find(|m| m.head == head)
                };
                // "Norvik's trouble is its debt"
                let owner = || {
                    let mut recent = self.recent.iter().rev().take(WINDOW);
                    recent.find(|m| {
                        view.deprel(m.head) == DepRel::NmodPoss
                            && view.governor(m.head) == Some(subject)
                    })
                };
                let found = at(subject).or_else(|| possessive.then(owner).flatten())?;
                let kind = self.kind(found.entity)?;
                let fits = matches!(kind, EntityType::Organisation | EntityType::Country);
                return (fits
                    && found.sentence == sentence
                    && self.quotes.of(subject) == self.quotes.of(token))
                .then_some(found.entity);
            }
            ground |= possessive && self.is_ground(verb, view.governor(verb)?);
            verb = view.governor(verb)?;
        }
        None
    }

    /// Whether a phrase or clause below `above` says what somebody is judged for or made to do:
    /// "**over** its attack", "**to halt** its attack", "**of** breaking its word".
    fn is_ground(&self, below: u32, above: u32) -> bool {
        let view = self.view;
        let verbal = view.upos(below) == Upos::Verb;
        (above.min(below)..=below)
            .filter(|&at| view.governor(at) == Some(below))
            .filter(|&at| matches!(view.deprel(at), DepRel::Case | DepRel::Mark))
            .any(|at| {
                let word = view.word(at);
                match word {
                    "over" | "because" | "due" | "after" | "following" | "against" => true,
                    // "asked Iran for help in its war"
                    "for" => !matches!(view.lemma(above), "ask" | "beg" | "request"),
                    "in" => view.lemma(below) == "response",
                    "to" => verbal && view.deprel(below) != DepRel::Acl,
                    "of" | "from" => verbal,
                    _ => false,
                }
            })
    }

    /// Whether a noun is what a hostile act is done to or aimed at.
    fn is_undergoer(&self, noun: u32) -> bool {
        let view = self.view;
        let Some(above) = view.governor(noun) else {
            return false;
        };
        let aimed = (above.min(noun)..noun).any(|at| {
            view.governor(at) == Some(noun)
                && view.deprel(at) == DepRel::Case
                && matches!(
                    view.word(at),
                    "at" | "on" | "against" | "into" | "toward" | "towards"
                )
        });
        let hostile = matches!(
            view.lemma(above),
            "attack"
                | "bomb"
                | "invade"
                | "target"
                | "strike"
                | "shell"
                | "threaten"
                | "undermine"
                | "hack"
                | "kill"
                | "kidnap"
                | "abduct"
                | "steal"
                | "harass"
                | "occupy"
                | "sabotage"
                | "destroy"
        );
        aimed || (hostile && matches!(view.deprel(noun), DepRel::Obj))
    }

    /// The organisation or country that a verb judges, moves or punishes, for the "its" of the
    /// grounds: "urged **Iran** to halt its attacks", "imposed sanctions on **Iran** over its".
    fn judged(&self, verb: u32, token: u32, sentence: u32) -> Option<u32> {
        let view = self.view;
        let mut recent = self.recent.iter().rev().take(WINDOW);
        let found = recent.find(|m| {
            let above = view.governor(m.head);
            let direct = matches!(
                view.deprel(m.head),
                DepRel::Obj | DepRel::Iobj | DepRel::Obl | DepRel::Nmod
            );
            let object = above == self.clauses.object(verb)
                && above.is_some()
                && view.deprel(m.head) == DepRel::Nmod;
            let before = verb < m.head && m.end <= token && m.sentence == sentence;
            before
                && direct
                && (above == Some(verb) || object)
                && !matches!(
                    view.word(m.start.saturating_sub(1)),
                    "in" | "at" | "by" | "from"
                )
        })?;
        let kind = self.kind(found.entity)?;
        matches!(kind, EntityType::Organisation | EntityType::Country).then_some(found.entity)
    }

    /// "Norvik makes pumps. **It** sells them in Chad": the subject of the sentence before, where
    /// that is an organisation or country and nothing else there can be meant.
    fn subject_before(&self, verb: u32, sentence: u32) -> Option<u32> {
        let view = self.view;
        if !is_doing(view.lemma(verb)) {
            return None;
        }
        let mut before = self.recent.iter().rev().take(WINDOW);
        let found = before.find(|m| {
            m.sentence + 1 == sentence
                && view.deprel(m.head) == DepRel::Nsubj
                && view
                    .governor(m.head)
                    .is_some_and(|at| view.deprel(at) == DepRel::Root)
        })?;
        let own = view.parsed.sentence_of(verb)?;
        let paragraph = |at: usize| view.parsed.sentences().get(at).map(|s| s.paragraph);
        let fits = matches!(
            self.kind(found.entity)?,
            EntityType::Organisation | EntityType::Country
        );
        (fits && paragraph(own) == paragraph(own.checked_sub(1)?)).then_some(found.entity)
    }
}

/// Verbs whose subject is somebody who acts, not an event or a state of things.
fn is_doing(lemma: &str) -> bool {
    is_speech(lemma)
        || matches!(
            lemma,
            "accuse"
                | "blame"
                | "criticise"
                | "criticize"
                | "condemn"
                | "reject"
                | "refuse"
                | "demand"
                | "urge"
                | "ask"
                | "want"
                | "plan"
                | "intend"
                | "agree"
                | "decide"
                | "sell"
                | "buy"
                | "own"
                | "acquire"
                | "employ"
                | "operate"
                | "manufacture"
                | "produce"
                | "supply"
                | "publish"
                | "sign"
                | "launch"
                | "send"
                | "deploy"
                | "withdraw"
                | "invest"
                | "fund"
                | "finance"
                | "support"
                | "oppose"
                | "attack"
                | "invade"
                | "bomb"
                | "kidnap"
                | "seize"
                | "impose"
                | "ban"
                | "sue"
                | "fine"
                | "export"
                | "import"
                | "offer"
                | "join"
                | "negotiate"
                | "cooperate"
                | "compete"
                | "rival"
                | "hire"
                | "appoint"
                | "cite"
                | "quote"
                | "report"
        )
}

/// Verbs whose object is the one that they judge, move, punish or reward.
fn has_addressee(verb: &str) -> bool {
    const VERBS: [&str; 78] = [
        "accuse",
        "admonish",
        "advise",
        "allow",
        "applaud",
        "ask",
        "assail",
        "ban",
        "bar",
        "beg",
        "berate",
        "blacklist",
        "blame",
        "blast",
        "call",
        "castigate",
        "caution",
        "censure",
        "charge",
        "chastise",
        "chide",
        "commend",
        "compel",
        "condemn",
        "congratulate",
        "convict",
        "credit",
        "criticise",
        "criticize",
        "denounce",
        "direct",
        "encourage",
        "enjoin",
        "fault",
        "fine",
        "forbid",
        "force",
        "hail",
        "help",
        "implore",
        "impose",
        "indict",
        "instruct",
        "investigate",
        "lambast",
        "lambaste",
        "oblige",
        "order",
        "penalise",
        "penalize",
        "permit",
        "persuade",
        "praise",
        "press",
        "pressure",
        "prevent",
        "probe",
        "prod",
        "prohibit",
        "prosecute",
        "punish",
        "push",
        "rebuke",
        "reprimand",
        "request",
        "reward",
        "salute",
        "sanction",
        "scold",
        "slam",
        "slap",
        "sue",
        "suspect",
        "tell",
        "thank",
        "threaten",
        "urge",
        "warn",
    ];
    VERBS.binary_search(&verb).is_ok()
}

/// Verbs with an "it" that means nothing.
fn is_weather(view: &View<'_>, verb: u32) -> bool {
    view.upos(verb) != Upos::Verb
        || matches!(
            view.lemma(verb),
            "seem"
                | "appear"
                | "take"
                | "rain"
                | "snow"
                | "happen"
                | "turn"
                | "matter"
                | "come"
                | "emerge"
        )
}
