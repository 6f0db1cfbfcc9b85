//! What a document says about an entity that helps to tell it from others of its name.

use tieline_facts::Gender;

/// How an entity is tied to another, as far as identity cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Tie {
    /// A person is head of state or government of a country.
    Heads,
    /// A person holds or won an office in a country.
    Office,
    /// A person is a citizen of a country.
    Citizen,
    /// A person leads, owns, works for or is a member of an organisation.
    Work,
    /// A person plays for a team.
    Team,
    /// A person belongs to a party.
    Party,
    /// A person is married or related to another.
    Family,
    /// A person was born in a place.
    Born,
    /// An organisation sits in a country; a place lies in one.
    Based,
    /// An organisation sits in a city.
    Town,
    /// The country that a document with a body of every state ("Supreme Court") is about.
    Home,
    /// An organisation belongs to another.
    Owner,
    /// A person leads an organisation, seen from the organisation.
    LedBy,
    /// The trade of a company, by the noun that stands for it.
    Trade,
    /// The field in which a person is known, by a noun that stands for them.
    Calling,
    /// The legal form of a company.
    LegalForm,
}

impl Tie {
    /// The tie in words, from the entity to what it is tied to.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Tie::Heads => "head of",
            Tie::Office => "office in",
            Tie::Citizen => "citizen of",
            Tie::Work => "work for",
            Tie::Team => "player of",
            Tie::Party => "member of",
            Tie::Family => "family of",
            Tie::Born => "born in",
            Tie::Based | Tie::Town => "based in",
            Tie::Home => "in a text about",
            Tie::Owner => "part of",
            Tie::LedBy => "led by",
            Tie::Trade => "trade:",
            Tie::Calling => "known in",
            Tie::LegalForm => "legal form",
        }
    }

    /// Whether the value is a country of which a person has one as a rule.
    fn is_country(self) -> bool {
        matches!(self, Tie::Heads | Tie::Office | Tie::Citizen)
    }

    /// Whether the same value speaks for one thing; a trade or legal form is shared by many.
    pub(crate) fn binds(self) -> bool {
        !matches!(self, Tie::Trade | Tie::Calling | Tie::LegalForm | Tie::Home)
    }
}

/// One tie to one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Bond {
    pub(crate) tie: Tie,
    /// Whether it holds now; a former one still speaks for a merge, never against.
    pub(crate) now: bool,
    /// Number of the other thing's name, or of a word for trades and the like.
    pub(crate) value: u32,
}

/// Everything of one entity in one document that identity looks at, apart from its name. Few
/// different ones exist, so each is kept once.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Context {
    /// Sorted, each once.
    pub(crate) bonds: Vec<Bond>,
    pub(crate) gender: Option<Gender>,
    /// Year of death and of birth; 0 where unknown.
    pub(crate) died: u16,
    pub(crate) born: u16,
    /// First and last year in which it does something that is dated; 0 where unknown.
    pub(crate) acted: (u16, u16),
}

/// Why two things of one name, or a short name and a full one, are not taken for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Veto {
    /// Different identifiers: ISO code, Wikidata item, or the user's id.
    Identifiers,
    /// "Mr" and "Mrs", or first names of different gender.
    Gender,
    /// One acts after the other died, or before the other was born.
    Dates,
    /// Heads of different countries.
    Heads,
    /// Office or citizenship in different countries, and nothing in common.
    Countries,
    /// A sportsman and a politician, with nothing in common.
    Callings,
    /// Based in different countries or cities, and nothing in common.
    Seats,
    /// Different trades, and nothing in common.
    Trades,
    /// Different legal forms.
    LegalForms,
    /// A body that every state has, in texts about different states.
    Homes,
    /// One document has both and keeps them apart.
    SameDocument,
    /// Several fit.
    Several,
    /// Nothing in the text speaks for it.
    NoContext,
    /// A decision of the user forbids it.
    Forbidden,
}

impl Veto {
    /// All vetoes.
    pub const ALL: [Veto; 14] = [
        Veto::Identifiers,
        Veto::Gender,
        Veto::Dates,
        Veto::Heads,
        Veto::Countries,
        Veto::Callings,
        Veto::Seats,
        Veto::Trades,
        Veto::LegalForms,
        Veto::Homes,
        Veto::SameDocument,
        Veto::Several,
        Veto::NoContext,
        Veto::Forbidden,
    ];

    /// The veto in words.
    pub fn words(self) -> &'static str {
        match self {
            Veto::Identifiers => "different identifiers",
            Veto::Gender => "different gender by title or first name",
            Veto::Dates => "dates exclude each other",
            Veto::Heads => "heads of different countries",
            Veto::Countries => "office or citizenship in different countries",
            Veto::Callings => "one in sport, one in politics",
            Veto::Seats => "based in different places",
            Veto::Trades => "different trades",
            Veto::LegalForms => "different legal forms",
            Veto::Homes => "a body that every state has, in texts about different states",
            Veto::SameDocument => "one document names both and keeps them apart",
            Veto::Several => "the name fits several",
            Veto::NoContext => "nothing else in the text speaks for it",
            Veto::Forbidden => "forbidden by a decision",
        }
    }

    /// Whether it may be a slip of the reading where the document also speaks of what the other
    /// side is known for.
    pub(crate) fn is_soft(self) -> bool {
        matches!(
            self,
            Veto::Countries | Veto::Callings | Veto::Seats | Veto::Trades
        )
    }
}

/// Sets of values on two sides: in common, or both known and nothing in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sets {
    Unknown,
    Common,
    Apart,
}

impl Context {
    /// Adds a bond; [`Context::tidy`] sorts.
    pub(crate) fn add(&mut self, tie: Tie, now: bool, value: u32) {
        self.bonds.push(Bond { tie, now, value });
    }

    /// Sorts the bonds and drops doubles.
    pub(crate) fn tidy(&mut self) {
        self.bonds.sort_unstable();
        self.bonds.dedup();
    }

    /// Whether it says anything that could keep two of a name apart.
    pub(crate) fn is_telling(&self) -> bool {
        !self.bonds.is_empty() || self.gender.is_some() || self.died != 0
    }

    fn values(&self, wanted: impl Fn(Tie) -> bool) -> impl Iterator<Item = u32> {
        let bonds = self.bonds.iter();
        bonds
            .filter(move |bond| bond.now && wanted(bond.tie))
            .map(|bond| bond.value)
    }

    fn compare(&self, other: &Context, wanted: fn(Tie) -> bool) -> Sets {
        let mut known = (false, false);
        for value in self.values(wanted) {
            known.0 = true;
            if other.values(wanted).any(|v| v == value) {
                return Sets::Common;
            }
        }
        known.1 = other.values(wanted).next().is_some();
        if known == (true, true) {
            Sets::Apart
        } else {
            Sets::Unknown
        }
    }

    /// A tie to one thing that both have, former or not: the strongest evidence for a merge.
    pub(crate) fn agreement(&self, other: &Context) -> Option<Bond> {
        self.bonds.iter().copied().find(|bond| {
            bond.tie.binds()
                && other
                    .bonds
                    .iter()
                    .any(|b| b.value == bond.value && b.tie.binds())
        })
    }

    /// What speaks against one thing having both contexts.
    pub(crate) fn conflict(&self, other: &Context) -> Option<Veto> {
        if matches!((self.gender, other.gender), (Some(a), Some(b)) if a != b) {
            return Some(Veto::Gender);
        }
        let dead = |a: &Context, b: &Context| {
            (a.died != 0 && a.died < b.acted.1)
                || (a.born != 0 && b.acted.0 < a.born && b.acted.0 != 0)
        };
        let twice = |a: u16, b: u16| a != 0 && b != 0 && a != b;
        if dead(self, other) || dead(other, self) || twice(self.born, other.born) {
            return Some(Veto::Dates);
        }
        if self.compare(other, |tie| tie == Tie::Heads) == Sets::Apart {
            return Some(Veto::Heads);
        }
        if self.compare(other, |tie| tie == Tie::LegalForm) == Sets::Apart {
            return Some(Veto::LegalForms);
        }
        if self.compare(other, |tie| tie == Tie::Home) == Sets::Apart {
            return Some(Veto::Homes);
        }
        if self.agreement(other).is_some() {
            return None;
        }
        if self.compare(other, Tie::is_country) == Sets::Apart {
            return Some(Veto::Countries);
        }
        if self.compare(other, |tie| tie == Tie::Calling) == Sets::Apart {
            return Some(Veto::Callings);
        }
        let countries = self.compare(other, |tie| tie == Tie::Based);
        let towns = self.compare(other, |tie| tie == Tie::Town);
        if countries == Sets::Apart || (countries == Sets::Unknown && towns == Sets::Apart) {
            return Some(Veto::Seats);
        }
        if self.compare(other, |tie| tie == Tie::Trade) == Sets::Apart {
            return Some(Veto::Trades);
        }
        None
    }

    /// Takes in what another says of the same thing.
    pub(crate) fn absorb(&mut self, other: &Context) {
        for bond in &other.bonds {
            if let Err(at) = self.bonds.binary_search(bond) {
                self.bonds.insert(at, *bond);
            }
        }
        self.gender = self.gender.or(other.gender);
        let least = |a: u16, b: u16| if a == 0 || (b != 0 && b < a) { b } else { a };
        self.died = self.died.max(other.died);
        self.born = least(self.born, other.born);
        self.acted = (
            least(self.acted.0, other.acted.0),
            self.acted.1.max(other.acted.1),
        );
    }
}

/// The year of an ISO 8601 date, 0 where there is none.
pub(crate) fn year(date: Option<&str>) -> u16 {
    let digits = date.and_then(|date| date.get(..4));
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(bonds: &[(Tie, bool, u32)]) -> Context {
        let mut context = Context::default();
        for &(tie, now, value) in bonds {
            context.add(tie, now, value);
        }
        context.tidy();
        context
    }

    #[test]
    fn conflicts() {
        use Tie::{Based, Calling, Citizen, Heads, LegalForm, Office, Trade, Work};
        // name, a, b, expected; 1 to 9 are countries, 10 to 19 organisations, 20 on words
        type Side<'a> = &'a [(Tie, bool, u32)];
        let cases: [(&str, Side<'_>, Side<'_>, Option<Veto>); 13] = [
            ("nothing known", &[], &[], None),
            ("one known", &[(Heads, true, 1)], &[], None),
            (
                "two heads",
                &[(Heads, true, 1)],
                &[(Heads, true, 2)],
                Some(Veto::Heads),
            ),
            ("was head", &[(Heads, false, 1)], &[(Heads, true, 2)], None),
            (
                "two offices",
                &[(Office, true, 1)],
                &[(Citizen, true, 2)],
                Some(Veto::Countries),
            ),
            (
                "two offices, one firm",
                &[(Office, true, 1), (Work, true, 10)],
                &[(Citizen, true, 2), (Work, true, 10)],
                None,
            ),
            (
                "changes office",
                &[(Office, true, 1)],
                &[(Work, true, 10)],
                None,
            ),
            (
                "sport and politics",
                &[(Calling, true, 20)],
                &[(Calling, true, 21)],
                Some(Veto::Callings),
            ),
            (
                "footballer, then president of the same country",
                &[(Calling, true, 20), (Citizen, true, 1)],
                &[(Calling, true, 21), (Heads, true, 1)],
                None,
            ),
            (
                "two seats",
                &[(Based, true, 1)],
                &[(Based, true, 2)],
                Some(Veto::Seats),
            ),
            (
                "two trades",
                &[(Trade, true, 20)],
                &[(Trade, true, 21)],
                Some(Veto::Trades),
            ),
            (
                "one trade",
                &[(Trade, true, 20)],
                &[(Trade, true, 20)],
                None,
            ),
            (
                "legal forms",
                &[(LegalForm, true, 20)],
                &[(LegalForm, true, 21)],
                Some(Veto::LegalForms),
            ),
        ];
        for (name, a, b, want) in cases {
            let (a, b) = (context(a), context(b));
            assert_eq!(a.conflict(&b), want, "{name}");
            assert_eq!(b.conflict(&a), want, "{name} (swapped)");
        }
    }

    #[test]
    fn dates_exclude() {
        // name, died, acted from, acted to, expected
        let cases = [
            ("acts after death", 2003, 2010, 2010, Some(Veto::Dates)),
            ("acts before", 2003, 1999, 2002, None),
            ("in the year of death", 2003, 2003, 2003, None),
            ("never acts", 2003, 0, 0, None),
        ];
        for (name, died, from, to, want) in cases {
            let dead = Context {
                died,
                ..Context::default()
            };
            let acting = Context {
                acted: (from, to),
                ..Context::default()
            };
            assert_eq!(dead.conflict(&acting), want, "{name}");
            assert_eq!(acting.conflict(&dead), want, "{name} (swapped)");
        }
    }
}
