//! Nouns that name an event: who acts in it, where the sentence does not put a name beside it.

use tieline_facts::EntityType;
use tieline_text::{DepRel, Upos, Xpos};

use super::syntax::{DEPTH, NONE, Tree};
use super::words;

/// Prepositions that put an occasion beside what its parties do or say: "said **after** talks
/// with", "flew home **from** a visit to".
const BESIDE: [&str; 14] = [
    "during",
    "after",
    "before",
    "following",
    "in",
    "at",
    "on",
    "for",
    "from",
    "into",
    "with",
    "amid",
    "ahead of",
    "prior to",
];

/// Verbs of charges: whoever is charged "with the murder of" somebody is said to have done it.
const CHARGES: [&str; 9] = [
    "accuse", "charge", "suspect", "indict", "convict", "acquit", "jail", "sentence", "imprison",
];

impl Tree<'_> {
    /// The verb that carries an event noun and lends it its subject, if any.
    pub fn carrier(&self, noun: u32) -> Option<u32> {
        let verb = self.head(noun);
        if verb == noun {
            return None;
        }
        // "in an effort to resolve the standoff", "threw out the complaints", "fled to avoid the raid"
        let ends = matches!(
            self.lemma(verb),
            "resolve" | "throw" | "avoid" | "escape" | "survive"
        ) && (self.is(noun, words::WAR)
            || self.child(verb, &[DepRel::CompoundPrt]).is_some());
        if ends {
            return None;
        }
        // "held **months of** negotiations"
        if self.rel(noun) == DepRel::Nmod
            && self.has_case(noun, "of")
            && !self.is(noun, words::WAR)
            && matches!(
                self.lemma(verb),
                "day" | "week" | "month" | "year" | "hour" | "round" | "series"
            )
        {
            return self.carrier(verb);
        }
        let lends = words::LIGHT
            | words::PLAN
            | words::FAIL
            | words::POSSIBLE
            | words::DENY
            | words::REFUSE;
        match self.rel(noun) {
            DepRel::Obj | DepRel::NsubjPass if self.is(verb, lends) => Some(verb),
            // "is open to talks"
            DepRel::Obl if self.upos(verb) == Upos::Adj => {
                let ready = self.is(verb, words::PLAN | words::POSSIBLE) || self.says(verb, "open");
                let inside = ["to", "for"].iter().any(|prep| self.has_case(noun, prep));
                (ready && inside).then_some(verb)
            }
            DepRel::Obl if self.is(verb, words::PLAN) && self.has_case(noun, "to") => Some(verb),
            // "returned to the negotiations with X"
            DepRel::Obl
                if matches!(self.lemma(verb), "return" | "come") && self.has_case(noun, "to") =>
            {
                Some(verb)
            }
            // "confessed to the murder of"
            DepRel::Obl if matches!(self.lemma(verb), "confess" | "admit") => {
                self.has_case(noun, "to").then_some(verb)
            }
            DepRel::Obl if self.is(verb, words::LIGHT) => {
                let inside = ["in", "on", "into", "for"];
                // "entered into talks", but not "released findings into the murder of"
                let whole =
                    |prep: &str| prep != "into" || self.child(verb, &[DepRel::Obj]).is_none();
                inside
                    .iter()
                    .any(|prep| self.has_case(noun, prep) && whole(prep))
                    .then_some(verb)
            }
            DepRel::Conj => {
                let first = self.head(noun);
                (self.rel(first) == DepRel::Obj && self.is(self.head(first), lends))
                    .then(|| self.head(first))
            }
            _ => None,
        }
    }

    /// Who does what an event noun names: possessor, "by", the subject of the verb that carries it
    /// or of the copula, a name in front of it, the subject of the verb that it stands beside.
    pub fn event_subjects(&self, noun: u32, depth: u32, out: &mut Vec<u32>) {
        let before = out.len();
        self.own_agents(noun, out);
        if out.len() > before {
            return;
        }
        let modifier = self.named_modifier(noun);
        // "an agreement to provide **U.S.** support": theirs, whoever agreed
        let given = matches!(
            self.lemma(noun),
            "support" | "aid" | "assistance" | "backing" | "funding"
        );
        if given
            && let Some(modifier) = modifier
            && let Some(arg) = self.mention_of(modifier)
            && self.kind(arg.entity) == EntityType::Country
        {
            out.push(modifier);
            return;
        }
        if let Some(carrier) = self.carrier(noun)
            && depth < DEPTH
        {
            // "prevented a British exit", "fear an Eritrean attack": not the preventer's
            let stops = words::FAIL | words::DENY | words::REFUSE | words::POSSIBLE;
            // "rejected a demand": another's
            let refused = self.is(carrier, words::REFUSE)
                && matches!(
                    self.lemma(noun),
                    "demand" | "call" | "appeal" | "plea" | "request" | "offer" | "claim"
                );
            if refused {
                return;
            }
            // "seeks Iranian investment": theirs
            let sought = matches!(self.lemma(carrier), "seek" | "want" | "need" | "attract");
            let other = modifier.is_some() && (sought || self.is(carrier, stops));
            if !other || self.is(carrier, words::LIGHT) {
                if self.rel(noun) == DepRel::NsubjPass {
                    self.agents(carrier, out);
                } else {
                    self.subjects_at(carrier, depth + 1, out);
                }
                if modifier.is_some() && !self.any_refers(out.get(before..).unwrap_or_default()) {
                    out.truncate(before);
                }
            }
        }
        if out.len() > before {
            return;
        }
        if self.child(noun, &[DepRel::Cop]).is_some() {
            self.subjects_at(noun, depth + 1, out);
        }
        if out.len() > before {
            return;
        }
        let place = modifier
            .and_then(|at| self.mention_of(at))
            .is_some_and(|arg| self.kind(arg.entity) == EntityType::Place);
        if modifier.is_none() || place {
            self.beside(noun, depth, out);
        }
        if out.len() == before {
            out.extend(modifier);
        }
    }

    /// Who acts in an event whose name in front says where or with whom: "**Merkel**'s China
    /// visit", "ends his exile with a Gaza visit".
    pub fn event_agents(&self, noun: u32, out: &mut Vec<u32>) {
        let before = out.len();
        self.own_agents(noun, out);
        if out.len() == before
            && let Some(carrier) = self.carrier(noun)
        {
            self.subjects_at(carrier, 1, out);
        }
        if out.len() == before {
            self.beside(noun, 0, out);
        }
    }

    fn any_refers(&self, tokens: &[u32]) -> bool {
        tokens.iter().any(|&token| self.refer_one(token).is_some())
    }

    /// Possessor, "by", or the agent of a participle: "talks held by X".
    fn own_agents(&self, noun: u32, out: &mut Vec<u32>) {
        let before = out.len();
        for &child in self.children(noun) {
            match self.rel(child) {
                // "Peru intensified **its** attacks on"
                DepRel::NmodPoss
                    if self.xpos(child) == Xpos::PrpPoss
                        && self.refer_one(child).is_none()
                        && self.possessed_by_subject(noun) =>
                {
                    self.subjects_at(self.head(noun), 1, out);
                }
                // not "this week's visit"
                DepRel::NmodPoss
                    if self.refer_one(child).is_some()
                        || self.child(child, &[DepRel::Conj]).is_some()
                        || (self.xpos(child) == Xpos::PrpPoss && !self.opens(noun)) =>
                {
                    out.push(child);
                }
                DepRel::Nmod if self.has_case(child, "by") => out.push(child),
                DepRel::Acl | DepRel::AclRelcl if self.is_passive(child) => {
                    self.agents(child, out);
                }
                _ => {}
            }
        }
        if out.len() > before {
            return;
        }
        // "the expulsion of Ivan Petrov **by Norway**", where the tree hung it on the undergoer
        for &child in self.children(noun) {
            if self.rel(child) == DepRel::Nmod {
                out.extend(self.by(child));
            }
        }
    }

    /// What "by" ties to a word.
    pub(super) fn by(&self, word: u32) -> impl Iterator<Item = u32> + '_ {
        self.children(word).iter().copied().filter(|&child| {
            matches!(
                self.rel(child),
                DepRel::Nmod | DepRel::Obl | DepRel::OblAgent
            ) && self.has_case(child, "by")
        })
    }

    /// Whether a noun stands as the object of an active verb, so that "its" is about the subject.
    fn possessed_by_subject(&self, noun: u32) -> bool {
        let verb = self.head(noun);
        self.rel(noun) == DepRel::Obj && self.upos(verb) == Upos::Verb && !self.is_passive(verb)
    }

    /// Who says what a writing says: "**a UN** report accused", "issued a statement that condemned".
    pub(super) fn spoken_by(&self, noun: u32) -> Option<u32> {
        if !self.is(noun, words::PAPER)
            || self.head_mention[noun as usize] != NONE
            || self.name_mention[noun as usize] != NONE
        {
            return None;
        }
        self.doer(noun).or_else(|| {
            let mut subjects = Vec::new();
            self.event_subjects(noun, 1, &mut subjects);
            subjects
                .into_iter()
                .find(|&subject| self.refer_one(subject).is_some())
        })
    }

    /// "During her visit to Peru, Ada Holm said": the pronoun is about who comes.
    fn opens(&self, noun: u32) -> bool {
        self.rel(noun) == DepRel::Obl
            && self
                .child(self.head(noun), &[DepRel::Nsubj])
                .is_some_and(|subject| noun < subject)
    }

    /// The subject of the verb that an event stands beside: "**Ada Holm** said after talks with",
    /// "opened the forum with an attack on", "was convicted of the murder of".
    fn beside(&self, noun: u32, depth: u32, out: &mut Vec<u32>) {
        let occasion = self.is(noun, words::OCCASION);
        // "is on trial for the murder of"
        let trial = self.head(noun);
        if self.lemma(trial) == "trial" && trial != noun && self.has_case(noun, "for") {
            if self.child(trial, &[DepRel::Cop]).is_some() {
                self.subjects_at(trial, depth + 1, out);
            }
            return;
        }
        let mut at = noun;
        for step in 0..4 {
            let head = self.head(at);
            let oblique = match self.rel(at) {
                DepRel::Conj if step == 0 => false,
                DepRel::Obl | DepRel::Nmod | DepRel::Advcl => true,
                DepRel::Obj if step > 0 => false,
                _ => return,
            };
            if head == at {
                return;
            }
            let verb = self.upos(head) == Upos::Verb;
            if oblique && step == 0 || self.rel(noun) == DepRel::Conj && step == 1 {
                if verb && CHARGES.contains(&self.lemma(head)) {
                    let of = ["of", "with", "for", "over"];
                    if of.iter().any(|prep| self.has_case(at, prep)) {
                        self.patients(head, out);
                    }
                    return;
                }
                let stands = if occasion {
                    BESIDE.iter().any(|prep| self.has_case(at, prep))
                } else {
                    self.has_case(at, "with") && verb
                };
                if !stands {
                    return;
                }
            }
            // "recalled their ambassadors for consultations": with their own
            if verb && matches!(self.lemma(head), "recall" | "summon" | "withdraw") {
                return;
            }
            if verb {
                let subjects = out.len();
                self.subjects_at(head, depth + 1, out);
                // "criticised Peru for talks with": whose talks is not said
                let whose = self.has_case(at, "for")
                    && self
                        .child(head, &[DepRel::Obj])
                        .is_some_and(|object| self.refer_one(object).is_some());
                if whose || !self.any_refers(out.get(subjects..).unwrap_or_default()) {
                    out.truncate(subjects);
                }
                return;
            }
            // "his remarks during a visit to"
            if let Some(owner) = self.child(head, &[DepRel::NmodPoss])
                && oblique
            {
                if self.refer_one(owner).is_some() {
                    out.push(owner);
                }
                return;
            }
            if self.head_mention[head as usize] != NONE && step > 0 {
                return;
            }
            at = head;
        }
    }

    /// Whom an event weighs on: "**it** is under investigation", "**it** faces an investigation".
    pub fn bearers(&self, noun: u32, out: &mut Vec<u32>) {
        let verb = self.head(noun);
        let under = self.has_case(noun, "under");
        let weighs = match self.rel(noun) {
            DepRel::Obj => matches!(self.lemma(verb), "face" | "suffer" | "endure" | "incur"),
            DepRel::Obl => under && self.upos(verb) == Upos::Verb,
            _ => false,
        };
        if under && self.child(noun, &[DepRel::Cop]).is_some() {
            self.subjects_at(noun, 1, out);
        } else if weighs && verb != noun {
            self.subjects_at(verb, 1, out);
        }
    }

    /// Who does something during an event: "**she** said during a visit", "at the end of a visit".
    pub fn occasion_subjects(&self, noun: u32, out: &mut Vec<u32>) {
        let mut at = noun;
        if self.rel(at) == DepRel::Nmod && self.has_case(at, "of") {
            at = self.head(at);
        }
        let verb = self.head(at);
        let attends = [
            "during", "on", "in", "at", "after", "before", "from", "ahead of", "for", "under",
        ];
        let within = self.rel(at) == DepRel::Obl
            && attends.iter().any(|prep| self.has_case(at, prep))
            && self.upos(verb) == Upos::Verb;
        if within && !self.is_passive(verb) {
            self.surface_subjects(verb, out);
        }
    }

    /// Whether what follows a name makes it somebody beside the matter: "**U.S.**-backed fighters",
    /// not "**Saudi**-led coalition".
    fn is_backer(&self, end: u32) -> bool {
        const LEADS: [&str; 9] = [
            "led",
            "spearheaded",
            "run",
            "dominated",
            "ruled",
            "commanded",
            "launched",
            "ordered",
            "fired",
        ];
        let participle = end + 1;
        participle < self.len()
            && (self.xpos(end) == Xpos::Hyph || self.says(end, "-"))
            && matches!(self.xpos(participle), Xpos::Vbn | Xpos::Vbd)
            && !LEADS.iter().any(|word| self.says(participle, word))
    }

    /// "**al-Qaida** in Iraq chief Berg": the organisation whose branch lies in the place named right
    /// in front of a noun.
    pub fn branch_of(&self, place: u32) -> Option<u32> {
        let mention = self.name_mention[place as usize];
        let words = &self.layer.mentions.get(mention as usize)?.tokens;
        let of = words.start.checked_sub(2)?;
        let branch = self.says(of + 1, "in")
            && self.name_mention[of as usize] != NONE
            && (self.mention_of(of))
                .is_some_and(|of| self.kind(of.entity) == EntityType::Organisation);
        branch.then_some(of)
    }

    /// How many tokens a short form in brackets right before a word takes: "the Front for Mali
    /// **(FPM)** demand".
    pub fn bracket_before(&self, word: u32) -> u32 {
        let closed = word > 3 && self.says(word - 1, ")") && self.says(word - 3, "(");
        if closed { 3 } else { 0 }
    }

    /// The name or demonym in front of a noun, over adjectives and other nouns: "the recent
    /// **Israeli** air strike".
    pub fn named_modifier(&self, noun: u32) -> Option<u32> {
        let mut at = noun;
        at -= self.bracket_before(at);
        for _ in 0..5 {
            at = at.checked_sub(1)?;
            let mention = self.name_mention[at as usize];
            if mention != NONE {
                let end = self.layer.mentions[mention as usize].tokens.end;
                let name = self.branch_of(at).unwrap_or(at);
                return (end <= noun && !self.is_backer(end)).then_some(name);
            }
            let inside = matches!(self.upos(at), Upos::Adj | Upos::Noun | Upos::Num)
                || matches!(
                    self.xpos(at),
                    Xpos::Hyph | Xpos::Vbn | Xpos::Vbg | Xpos::Nnp | Xpos::Nnps
                );
            if !inside {
                return None;
            }
        }
        None
    }
}
