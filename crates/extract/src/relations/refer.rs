//! What the phrases of a tree refer to: names, coordinated parts, owners, lists.

use tieline_facts::{EntityType, MentionKind};
use tieline_text::{DepRel, Upos, Xpos};

use super::syntax::{Arg, DEPTH, NONE, Tree};
use super::words;
use crate::MentionSpan;

impl Tree<'_> {
    /// The other names of "**NATO, U.S.** and British troops", given the token of the last.
    pub fn listed_before(&self, token: u32) -> Vec<Arg> {
        let mut listed = Vec::new();
        let mut own = match self.name_at(token) {
            Some(own) => own,
            None => return listed,
        };
        let acts = |kind| matches!(kind, EntityType::Country | EntityType::Organisation);
        for step in 0..6 {
            let Some(before) = own.tokens.start.checked_sub(2) else {
                break;
            };
            let joint = before + 1;
            let joined = match step {
                0 => self.says(joint, "and"),
                _ => self.says(joint, ","),
            };
            let (Some(next), true) = (self.name_at(before), joined) else {
                break;
            };
            let kinds = (self.kind(next.entity), self.kind(own.entity));
            if kinds.0 != kinds.1 && !(acts(kinds.0) && acts(kinds.1)) {
                break;
            }
            listed.extend(self.mention_of(before));
            own = next;
        }
        listed
    }

    /// The mention by name that covers a token.
    fn name_at(&self, token: u32) -> Option<&MentionSpan> {
        let mention = self.name_mention.get(token as usize)?;
        self.layer.mentions.get(*mention as usize)
    }

    /// The entities that the phrase headed by `token` refers to, its coordinated parts included.
    pub fn refer(&self, token: u32, out: &mut Vec<Arg>) {
        let before = out.len();
        self.refer_at(token, 0, out);
        if before < out.len() {
            self.list_around(token, before, out);
        }
    }

    /// Names of the same sort listed around a name, "A, B and C", where the tree broke the list.
    fn list_around(&self, token: u32, before: usize, out: &mut Vec<Arg>) {
        let Some(own) = self
            .layer
            .mentions
            .get(self.name_mention[token as usize] as usize)
        else {
            return;
        };
        let kind = self.kind(own.entity);
        let mut more = [NONE; 8];
        let mut n = 0;
        let mut closed = false;
        let mut at = own.tokens.end;
        while n < more.len() && at + 1 < self.len() {
            let and = self.says(at, "and") || self.says(at, "or");
            if !and && !self.says(at, ",") {
                break;
            }
            let mut next = at + 1;
            if !and && self.says(next, "and") {
                next += 1;
                closed = true;
            }
            closed |= and;
            if next < self.len() && self.upos(next) == Upos::Det {
                next += 1;
            }
            let Some(&named) = self.name_mention.get(next as usize) else {
                break;
            };
            let Some(mention) = self.layer.mentions.get(named as usize) else {
                break;
            };
            if mention.tokens.start != next
                || mention.kind != MentionKind::Name
                || self.kind(mention.entity) != kind
            {
                break;
            }
            more[n] = mention.head;
            n += 1;
            at = mention.tokens.end;
            if closed {
                break;
            }
        }
        // what follows the list must not make its last name the start of something else
        let ends = at >= self.len() || !matches!(self.xpos(at), Xpos::Pos | Xpos::Vbd | Xpos::Vbz);
        // a single name joined by "and" is left to the tree
        if closed && n > 1 && (ends || self.rel(token) == DepRel::Nsubj) {
            for &head in more.iter().take(n) {
                let known = self.mention_of(head).is_none_or(|arg| {
                    out.iter()
                        .skip(before)
                        .any(|other| other.entity == arg.entity)
                });
                if !known {
                    out.extend(self.mention_of(head));
                }
            }
        }
    }

    pub(super) fn refer_at(&self, token: u32, depth: u32, out: &mut Vec<Arg>) {
        let one = self.refer_one(token);
        out.extend(one);
        if one.is_none() && depth == 0 {
            self.counted(token, out);
        }
        if one.is_none() && depth < DEPTH {
            self.they(token, depth, out);
        }
        self.of_list(token, one, out);
        // "Chad and Mali have said **they** want"
        if depth == 0
            && let Some(subject) = self.speaker_of(token)
            && let (Some(one), Some(first)) = (one, self.refer_one(subject))
            && self.says(token, "they")
            && one.entity == first.entity
        {
            for &child in self.children(subject) {
                if self.rel(child) == DepRel::Conj && !self.predicates(child) {
                    self.refer_at(child, depth + 1, out);
                }
            }
        }
        if one.is_none() && depth < DEPTH {
            self.stands_for(token, depth, out);
        }
        self.accompanied(token, one, depth, out);
        if self.is(token, words::STATE)
            && self.xpos(token) == Xpos::Nns
            && self.name_mention[token as usize] == NONE
            && let Some(modifier) = self.named_modifier(token)
        {
            out.extend(self.listed_before(modifier));
        }
        if depth >= DEPTH {
            return;
        }
        for &child in self.children(token) {
            if self.rel(child) == DepRel::Conj
                && !self.predicates(child)
                && !self.negated_part(child)
                && !self.begins_parallel(token, child)
                && (depth == 0 || self.head(child) == token)
            {
                let case = self.child(child, &[DepRel::Case]);
                let same = match (case, self.child(token, &[DepRel::Case])) {
                    (Some(mine), Some(first)) => self.says(mine, self.text(first)),
                    _ => true,
                };
                if same {
                    self.refer_at(child, depth + 1, out);
                }
            }
            // "Secretary of State Ada Holm **and Carl Berg**", hung on the name
            let titled = matches!(self.rel(child), DepRel::Appos | DepRel::Flat)
                && child > token
                && self.name_mention[token as usize] == NONE
                && self.name_mention[child as usize] != NONE
                && one.is_some_and(|one| {
                    self.mention_of(child)
                        .is_some_and(|named| named.entity == one.entity)
                });
            if titled {
                for &next in self.children(child) {
                    if self.rel(next) == DepRel::Conj
                        && !self.predicates(next)
                        && !self.negated_part(next)
                        && let Some(arg) = self.refer_one(next)
                        && out.iter().all(|known| known.entity != arg.entity)
                    {
                        out.push(arg);
                    }
                }
            }
        }
    }

    /// "in Chile and **Cusco** in Peru": what has its own place behind the same preposition is
    /// beside the thing before that preposition, not beside the place.
    fn begins_parallel(&self, first: u32, second: u32) -> bool {
        let Some(case) = self.child(first, &[DepRel::Case]) else {
            return false;
        };
        let name = |token: u32| {
            self.name_mention
                .get(token as usize)
                .and_then(|&mention| self.layer.mentions.get(mention as usize))
        };
        let Some(own) = name(second) else {
            return false;
        };
        let end = own.tokens.end;
        self.says(end, "in")
            && self.says(case, "in")
            && name(end + 1).is_some_and(|place| {
                matches!(
                    self.kind(place.entity),
                    EntityType::Country | EntityType::Place
                )
            })
    }

    /// Whether the country named right in front of an attack is as likely where it was: "the
    /// **Kenya** attack", but not "the US attack" or "the Kenyan attack".
    fn happens_in(&self, name: u32, noun: u32) -> bool {
        let anywhere = ["attack", "assault", "offensive", "ambush", "massacre"];
        let plain = |at: u32| {
            let found = self
                .layer
                .mentions
                .get(self.name_mention[at as usize] as usize);
            found.is_some_and(|found| found.kind == MentionKind::Name)
        };
        name < noun
            && anywhere.contains(&self.lemma(noun))
            && plain(name)
            && !matches!(self.rel(name), DepRel::NmodPoss)
            && self
                .text(name)
                .bytes()
                .any(|byte| byte.is_ascii_lowercase())
    }

    /// "one of its fiercest critics, **Ada Holm**".
    fn one_of(&self, one: u32) -> Option<Arg> {
        if !self.says(one, "one") {
            return None;
        }
        let several = self.children(one).iter().copied().find(|&child| {
            self.rel(child) == DepRel::Nmod
                && self.has_case(child, "of")
                && self.name_mention[child as usize] == NONE
        })?;
        let named = self.child(several, &[DepRel::Appos])?;
        let arg = self.mention_of(named)?;
        (self.kind(arg.entity) == EntityType::Person).then_some(Arg {
            token: one,
            certainty: 0.88,
            ..arg
        })
    }

    /// "a group **known as Norvik**", "a militia **called Norvik**".
    fn known_as(&self, noun: u32) -> Option<Arg> {
        if self.upos(noun) != Upos::Noun {
            return None;
        }
        let clause = self.child(noun, &[DepRel::Acl])?;
        let called = matches!(self.lemma(clause), "know" | "call" | "dub" | "name")
            && self.xpos(clause) == Xpos::Vbn
            && clause <= noun + 3;
        let name = self.children(clause).iter().copied().find(|&child| {
            matches!(self.rel(child), DepRel::Xcomp | DepRel::Obj)
                || (self.rel(child) == DepRel::Obl && self.has_case(child, "as"))
        });
        let arg = self.mention_of(name.filter(|_| called)?)?;
        Some(Arg {
            token: noun,
            certainty: arg.certainty * 0.9,
            ..arg
        })
    }

    /// "missiles **fired by Peru**".
    fn sent_by(&self, noun: u32) -> Option<Arg> {
        let clause = self.child(noun, &[DepRel::Acl])?;
        if !self.is_passive(clause) {
            return None;
        }
        let mut agents = Vec::new();
        self.agents(clause, &mut agents);
        agents.into_iter().find_map(|agent| self.mention_of(agent))
    }

    /// What a noun stands for by way of another: "representatives of the governments of **A** and
    /// **B**", "officials from the ministry of **A**".
    fn stands_for(&self, token: u32, depth: u32, out: &mut Vec<Arg>) {
        let stands = words::STATE | words::GROUP;
        let named = |at: u32| {
            self.head_mention[at as usize] != NONE || self.name_mention[at as usize] != NONE
        };
        if !self.is(token, stands) || named(token) {
            return;
        }
        let inner = self.children(token).iter().copied().find(|&child| {
            self.rel(child) == DepRel::Nmod
                && (self.has_case(child, "of") || self.has_case(child, "from"))
                && self.is(child, stands | words::KIND)
                && !named(child)
        });
        if let Some(inner) = inner {
            let before = out.len();
            self.refer_at(inner, depth + 1, out);
            // "members of the party of Berg" are not Berg, "a unit of the insurer" not the insurer
            if self.is(inner, words::KIND) {
                let part = matches!(self.lemma(token), "unit" | "arm" | "division" | "branch");
                let mut at = 0;
                out.retain(|arg| {
                    at += 1;
                    at <= before || (!part && self.kind(arg.entity) == EntityType::Organisation)
                });
            }
            for arg in out.iter_mut().skip(before) {
                arg.certainty *= 0.95;
            }
        }
    }

    /// "but not Germany".
    fn negated_part(&self, token: u32) -> bool {
        self.children(token)
            .iter()
            .any(|&c| c < token && (self.says(c, "not") || self.says(c, "rather")))
    }

    /// The one entity that the phrase headed by `token` refers to, without its coordination.
    pub fn refer_one(&self, token: u32) -> Option<Arg> {
        let mention = match self.name_mention[token as usize] {
            NONE => self.head_mention[token as usize],
            named => named,
        };
        if let Some(found) = self.layer.mentions.get(mention as usize) {
            let certainty = match found.kind {
                MentionKind::Name => 1.0,
                MentionKind::Demonym => 0.97,
                MentionKind::Nominal => 0.88,
                MentionKind::Pronoun => 0.82,
            };
            return Some(Arg {
                token,
                entity: found.entity,
                certainty,
            });
        }
        // "the opposition leader X" is X, not the country he leads it in
        for &child in self.children(token) {
            if matches!(
                self.rel(child),
                DepRel::Appos | DepRel::Flat | DepRel::NmodDesc
            ) || (self.rel(child) == DepRel::Compound
                && child > token
                && (token + 1..child).all(|at| self.upos(at) != Upos::Adp))
            {
                let named = self.name_mention[child as usize];
                if let Some(found) = self.layer.mentions.get(named as usize)
                    && found.kind == MentionKind::Name
                {
                    return Some(Arg {
                        token,
                        entity: found.entity,
                        certainty: 0.92,
                    });
                }
            }
        }
        // "Norway's ambassador to Mali, **Ada Holm**," is she and not Norway
        if self.is(token, words::ROLE)
            && self.upos(token) == Upos::Noun
            && let Some(named) = self.child(token, &[DepRel::Appos])
            && let Some(arg) = self.mention_of(named)
            && self.kind(arg.entity) == EntityType::Person
        {
            return Some(Arg { token, ..arg });
        }
        if let Some(arg) = self.own_country(token) {
            return Some(arg);
        }
        if self.is(token, words::ROLE)
            && matches!(self.xpos(token), Xpos::Nn | Xpos::Nnp)
            && let Some(arg) = super::roles::apposed_past(self, token)
        {
            return Some(Arg {
                token,
                certainty: 0.9,
                ..arg
            });
        }
        let service = self.is_secret_service(token);
        if service || self.is(token, words::STATE | words::GROUP | words::KIND) {
            let state = service || self.is(token, words::STATE);
            let owner = if self.is(token, words::ACT) {
                self.doer(token).and_then(|doer| {
                    // "the **Kenya** attack" is rather one there
                    self.refer_one(doer)
                        .filter(|_| !self.happens_in(doer, token))
                })
            } else {
                self.owner(token)
                    .or_else(|| self.seat_of(token))
                    .or_else(|| self.group_of(token))
                    .or_else(|| self.sent_by(token))
            };
            // "the Syrian regime of Bashar Berg" is Syria's
            let nation = owner
                .filter(|arg| self.kind(arg.entity) == EntityType::Person)
                .filter(|_| self.is(token, words::RULED))
                .and_then(|_| super::roles::nationality(self, token));
            if let Some(arg) = nation.or(owner) {
                let fits = match self.kind(arg.entity) {
                    EntityType::Country => {
                        (state || self.is(token, words::GROUP))
                            && !self.acts_alone(token, arg.token)
                            && !self.is_private(token)
                    }
                    EntityType::Organisation => !self.is_some_of(token),
                    EntityType::Place => self.governs(token),
                    // "Carl Berg's office condemned"; "the Berg government" is the state's where
                    // the text says which, and else his
                    EntityType::Person => {
                        matches!(self.lemma(token), "office" | "campaign" | "camp")
                            || self.is(token, words::RULED)
                    }
                    _ => false,
                };
                if let Some(country) = self.state_of(arg.entity)
                    && self.is(token, words::RULED)
                {
                    return Some(Arg {
                        token,
                        entity: country,
                        certainty: arg.certainty * 0.9,
                    });
                }
                if fits {
                    return Some(Arg {
                        token,
                        certainty: arg.certainty * 0.95,
                        ..arg
                    });
                }
            }
        }
        let named = self
            .place_of(token)
            .or_else(|| self.one_of(token))
            .or_else(|| self.known_as(token));
        if let Some(arg) = named {
            return Some(arg);
        }
        if self.is(token, words::INNER)
            && let Some(place) = self.lies_in(token)
        {
            return Some(place);
        }
        // "journalist Ada Holm" where the parse took the title for the subject
        if self.is(token, words::ROLE | words::PROFESSION)
            && matches!(self.xpos(token), Xpos::Nn | Xpos::Nnp)
            && let Some(&named) = self.name_mention.get(token as usize + 1)
            && let Some(found) = self.layer.mentions.get(named as usize)
            && found.tokens.start == token + 1
            && found.kind == MentionKind::Name
            && self.kind(found.entity) == EntityType::Person
        {
            return Some(Arg {
                token,
                entity: found.entity,
                certainty: 0.9,
            });
        }
        if self.rel(token) == DepRel::Appos {
            let named = self.name_mention[self.head(token) as usize];
            let found = self.layer.mentions.get(named as usize)?;
            return Some(Arg {
                token,
                entity: found.entity,
                certainty: 0.9,
            });
        }
        // "Norvik is a company **based in Oslo**"
        if self.child(token, &[DepRel::Cop]).is_some()
            && let Some(subject) = self.child(token, &[DepRel::Nsubj])
        {
            let arg = self.mention_of(subject)?;
            return Some(Arg {
                token,
                certainty: arg.certainty * 0.95,
                ..arg
            });
        }
        self.titled(token)
            .or_else(|| self.reporter(token))
            .or_else(|| self.bare_state(token))
    }

    /// "intelligence services".
    fn is_secret_service(&self, noun: u32) -> bool {
        let kinds = ["intelligence", "security", "secret", "spy"];
        self.lemma(noun) == "service"
            && noun
                .checked_sub(1)
                .is_some_and(|at| kinds.iter().any(|kind| self.says(at, kind)))
    }

    /// A body that acts for a place: "the **Bavarian** government".
    pub fn governs(&self, noun: u32) -> bool {
        let bodies = ["government", "parliament", "legislature", "authorities"];
        bodies.iter().any(|word| self.says(noun, word))
    }

    /// "two CDU politicians" do not stand for their party.
    pub(super) fn is_some_of(&self, noun: u32) -> bool {
        let person = matches!(
            self.lemma(noun),
            "politician" | "lawmaker" | "deputy" | "legislator"
        );
        person && self.child(noun, &[DepRel::Nummod]).is_some()
    }

    /// "Colombian rebels", "Croatian activists" do not act for their state; "Palestinian
    /// militants" are who fights for theirs.
    fn acts_alone(&self, noun: u32, nation: u32) -> bool {
        let armed = self.lemma(noun) != "activist";
        self.is(noun, words::OUTLAW) && !(armed && self.is(nation, words::STATELESS))
    }

    /// "German business leaders", "Syrian opposition fighters" do not stand for the state.
    fn is_private(&self, noun: u32) -> bool {
        let before = noun.saturating_sub(3)..noun;
        before.into_iter().any(|at| {
            self.head(at) == noun
                && matches!(self.rel(at), DepRel::Compound | DepRel::Amod)
                && self.is(at, words::PRIVATE)
        })
    }

    /// The country that a person holds an office of state in.
    fn state_of(&self, person: u32) -> Option<u32> {
        self.offices.get()?.get(&person).copied()
    }

    /// "journalist **Amy Wilentz**", where the tree left the noun and the name apart.
    fn titled(&self, noun: u32) -> Option<Arg> {
        if self.upos(noun) != Upos::Noun || self.xpos(noun) != Xpos::Nn {
            return None;
        }
        let mention = self.name_mention.get(noun as usize + 1)?;
        let mention = self.layer.mentions.get(*mention as usize)?;
        let sort = match self.kind(mention.entity) {
            EntityType::Person => words::ROLE | words::PROFESSION,
            // "the rights **group Norvik**", where the parse hung the name on the noun
            EntityType::Organisation if self.head(mention.head) == noun => words::KIND,
            _ => return None,
        };
        let named = mention.kind == MentionKind::Name && mention.tokens.start == noun + 1;
        (named && self.is(noun, sort)).then_some(Arg {
            token: noun,
            entity: mention.entity,
            certainty: 0.9,
        })
    }

    /// The subject of the clause of saying that a pronoun's clause hangs under.
    fn speaker_of(&self, pronoun: u32) -> Option<u32> {
        if self.upos(pronoun) != Upos::Pron
            || !(self.says(pronoun, "they") || self.says(pronoun, "it"))
        {
            return None;
        }
        let clause = self.head(pronoun);
        let verb = self.head(clause);
        if !matches!(self.rel(pronoun), DepRel::Nsubj | DepRel::Expl)
            || self.rel(clause) != DepRel::Ccomp
            || !self.is(verb, words::REPORT)
        {
            return None;
        }
        let subject = self
            .child(verb, &[DepRel::Nsubj])
            .filter(|&at| at < pronoun)?;
        (self.upos(subject) != Upos::Pron).then_some(subject)
    }

    /// "German authorities said **they** would": who speaks of itself.
    fn reporter(&self, pronoun: u32) -> Option<Arg> {
        let subject = self.speaker_of(pronoun)?;
        let arg = self.refer_one(subject)?;
        matches!(
            self.kind(arg.entity),
            EntityType::Country | EntityType::Organisation
        )
        .then_some(Arg {
            token: pronoun,
            certainty: arg.certainty * 0.85,
            ..arg
        })
    }

    /// The further states of "the foreign ministers of A, **B** and **C**".
    fn of_list(&self, token: u32, one: Option<Arg>, out: &mut Vec<Arg>) {
        let stands = words::STATE | words::GROUP;
        if one.is_none()
            || !self.is(token, stands)
            || self.xpos(token) != Xpos::Nns
            || self.name_mention[token as usize] != NONE
            || self.head_mention[token as usize] != NONE
        {
            return;
        }
        let Some(first) = self.owner(token).map(|arg| arg.token) else {
            return;
        };
        if self.head(first) != token {
            return;
        }
        for &child in self.children(first) {
            if self.rel(child) == DepRel::Conj
                && !self.negated_part(child)
                && let Some(arg) = self.mention_of(child)
                && one.is_some_and(|one| self.kind(one.entity) == self.kind(arg.entity))
            {
                out.push(Arg { token, ..arg });
            }
        }
    }

    /// Those named with somebody, "A, along with **B**", as an example of a sort, "countries such
    /// as **A**", or as what an amount is of, "hundreds of **Hamas** fighters".
    fn accompanied(&self, token: u32, one: Option<Arg>, depth: u32, out: &mut Vec<Arg>) {
        if depth >= DEPTH {
            return;
        }
        for &child in self.children(token) {
            if !matches!(self.rel(child), DepRel::Nmod | DepRel::Obl) || child < token {
                continue;
            }
            let with = ["along with", "together with", "as well as", "alongside"];
            let such = ["such as", "like", "including"];
            let among = |preps: &[&str]| preps.iter().any(|prep| self.has_case(child, prep));
            let fits = if one.is_some() {
                among(&with)
            } else {
                among(&such) || (self.is(token, words::AMOUNT) && self.has_case(child, "of"))
            };
            if fits {
                self.refer_at(child, depth + 1, out);
            }
        }
    }

    /// The two that "their" means: the only persons of the sentence before the word, or else of the
    /// sentence before that, joined by "and".
    pub fn couple(&self, possessive: u32) -> Option<[Arg; 2]> {
        let sentence = self.parsed.sentence_of(possessive)?;
        for back in 0..2 {
            let span = &self
                .parsed
                .sentences()
                .get(sentence.checked_sub(back)?)?
                .tokens;
            let mut people: [Option<(Arg, u32, u32)>; 2] = [None, None];
            let mut at = span.start;
            while at < span.end.min(possessive) {
                let mention = self
                    .layer
                    .mentions
                    .get(self.name_mention[at as usize] as usize);
                let Some(mention) = mention else {
                    at += 1;
                    continue;
                };
                let start = at;
                at = mention.tokens.end.max(at + 1);
                let known = |one: &Option<(Arg, u32, u32)>| {
                    one.is_some_and(|(arg, ..)| arg.entity == mention.entity)
                };
                if self.kind(mention.entity) != EntityType::Person || people.iter().any(known) {
                    continue;
                }
                let arg = Arg {
                    token: mention.head,
                    entity: mention.entity,
                    certainty: 0.85,
                };
                // a third person
                let free = people.iter_mut().find(|one| one.is_none())?;
                *free = Some((arg, start, at));
            }
            match people {
                [Some((first, _, end)), Some((second, start, _))] => {
                    let joined = start <= end + 6 && (end..start).any(|at| self.says(at, "and"));
                    return joined.then_some([first, second]);
                }
                [None, None] => {}
                _ => return None,
            }
        }
        None
    }

    /// Adds what amounts are of: "a package of **sanctions**", "$5m in **aid**".
    pub fn see_through(&self, nouns: &mut Vec<u32>) {
        let first = nouns.len();
        for at in 0..first {
            let mut noun = nouns[at];
            for _ in 0..3 {
                let money = self.is_money(noun);
                let inner = self.children(noun).iter().copied().find(|&child| {
                    self.rel(child) == DepRel::Nmod
                        && ((self.is(noun, words::AMOUNT) && self.has_case(child, "of"))
                            || (money
                                && (self.has_case(child, "of") || self.has_case(child, "in"))))
                });
                let Some(inner) = inner else {
                    break;
                };
                nouns.push(inner);
                noun = inner;
            }
        }
    }

    fn is_money(&self, noun: u32) -> bool {
        let money = [
            "dollar", "euro", "pound", "yen", "yuan", "million", "billion", "$", "£", "€", "worth",
        ];
        money.contains(&self.lemma(noun))
    }

    /// The place of "the city of **Homs**", "the north of **Iraq**", "**Raqqa** province".
    fn place_of(&self, token: u32) -> Option<Arg> {
        if !self.is(token, words::PLACE | words::PART) {
            return None;
        }
        let placed = |at: u32| {
            let arg = self.mention_of(at)?;
            let place = matches!(
                self.kind(arg.entity),
                EntityType::Place | EntityType::Country
            );
            (place && self.name_mention[at as usize] != NONE).then_some(Arg {
                token,
                certainty: 0.95,
                ..arg
            })
        };
        // "the Paris suburb **of Aulnay**", "the **Helmand** province"
        let children = || self.children(token).iter().copied();
        let of = |&child: &u32| self.rel(child) == DepRel::Nmod && self.has_case(child, "of");
        let front = |&child: &u32| {
            self.rel(child) == DepRel::Compound
                && self.is(token, words::PLACE)
                && child + 1 == token
        };
        let named = children().filter(of).find_map(placed);
        named.or_else(|| children().filter(front).find_map(placed))
    }

    /// "fighters in **Hamas**", "lawmakers within the **Labour Party**".
    fn group_of(&self, noun: u32) -> Option<Arg> {
        if !self.is(noun, words::GROUP) {
            return None;
        }
        let mut inside = self.children(noun).iter().copied();
        inside.find_map(|child| {
            let within = self.rel(child) == DepRel::Nmod
                && (self.has_case(child, "in") || self.has_case(child, "within"));
            let arg = within.then(|| self.mention_of(child)).flatten()?;
            (self.kind(arg.entity) == EntityType::Organisation).then_some(arg)
        })
    }

    /// "authorities **in Mali**".
    fn seat_of(&self, noun: u32) -> Option<Arg> {
        if !self.is(noun, words::INSTITUTION) {
            return None;
        }
        let inside = self.children(noun).iter().copied();
        inside
            .filter(|&child| self.rel(child) == DepRel::Nmod && self.has_case(child, "in"))
            .find_map(|child| self.mention_of(child))
    }

    /// The place that a noun is a part of or lies in: "the north **of Mali**", "the eastern
    /// **Ghouta** region", "a base **in Mali**".
    fn lies_in(&self, noun: u32) -> Option<Arg> {
        let fits = |arg: &Arg| {
            matches!(
                self.kind(arg.entity),
                EntityType::Country | EntityType::Place
            )
        };
        let inside = self.children(noun).iter().copied().find(|&child| {
            self.rel(child) == DepRel::Nmod
                && (self.has_case(child, "in") || self.has_case(child, "of"))
        });
        let arg = self
            .owner(noun)
            .filter(fits)
            .or_else(|| self.refer_one(inside?).filter(fits))?;
        Some(Arg {
            token: noun,
            certainty: arg.certainty * 0.93,
            ..arg
        })
    }

    /// Both names of "the **Israeli-Palestinian** talks", "the **Iran** and **Iraq** talks".
    pub fn pair_in_front(&self, noun: u32) -> Option<[Arg; 2]> {
        let token = self.named_modifier(noun)?;
        let second = self.mention_of(token)?;
        let mention = self.name_mention[token as usize] as usize;
        let start = self.layer.mentions.get(mention)?.tokens.start;
        let joint = start.checked_sub(1)?;
        let first = self.mention_of(joint.checked_sub(1)?)?;
        let joined = ["-", "–", "‑", "/"]
            .iter()
            .any(|mark| self.says(joint, mark));
        (joined && self.kind(first.entity) == self.kind(second.entity)).then_some([first, second])
    }

    /// The entity of the mention that a token heads or stands in.
    pub fn mention_of(&self, token: u32) -> Option<Arg> {
        let mention = match self.name_mention[token as usize] {
            NONE => self.head_mention[token as usize],
            named => named,
        };
        let found = self.layer.mentions.get(mention as usize)?;
        let certainty = match found.kind {
            MentionKind::Name => 1.0,
            MentionKind::Demonym => 0.97,
            MentionKind::Nominal => 0.88,
            MentionKind::Pronoun => 0.82,
        };
        Some(Arg {
            token,
            entity: found.entity,
            certainty,
        })
    }
}
