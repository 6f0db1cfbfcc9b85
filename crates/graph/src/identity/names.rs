//! Names made comparable across documents.

use tieline_facts::EntityType;
use tieline_facts::names::{is_particle, sound_into};

use crate::fold;

/// Legal forms as they fold, each with its class: forms of one class are writings of one. They
/// are cut off the end of a company's name; two classes are two companies.
///
/// A test of the repository holds this beside `seeds/lexicons/legal_forms.tsv`.
const LEGAL_FORMS: [(&str, &str); 58] = [
    ("ab", "ab"),
    ("ag", "ag"),
    ("ao", "ao"),
    ("aps", "aps"),
    ("as", "as"),
    ("asa", "asa"),
    ("bhd", "bhd"),
    ("bv", "bv"),
    ("co", "company"),
    ("company", "company"),
    ("corp", "corporation"),
    ("corporation", "corporation"),
    ("cv", "cv"),
    ("dd", "dd"),
    ("ev", "ev"),
    ("gbr", "gbr"),
    ("gmbh", "gmbh"),
    ("inc", "incorporated"),
    ("incorporated", "incorporated"),
    ("jsc", "jsc"),
    ("kft", "kft"),
    ("kg", "kg"),
    ("kgaa", "kgaa"),
    ("kk", "kk"),
    ("lda", "lda"),
    ("limited", "limited"),
    ("llc", "llc"),
    ("llp", "llp"),
    ("lp", "lp"),
    ("ltd", "limited"),
    ("ltda", "ltda"),
    ("mbh", "gmbh"),
    ("nv", "nv"),
    ("oao", "oao"),
    ("ojsc", "ojsc"),
    ("ooo", "ooo"),
    ("oy", "oy"),
    ("oyj", "oyj"),
    ("pao", "pao"),
    ("pjsc", "pjsc"),
    ("plc", "plc"),
    ("pt", "pt"),
    ("pty", "limited"),
    ("pvt", "limited"),
    ("sa", "sa"),
    ("sarl", "sarl"),
    ("sas", "sas"),
    ("sca", "sca"),
    ("sdn", "bhd"),
    ("se", "se"),
    ("sicav", "sicav"),
    ("sl", "sl"),
    ("spa", "spa"),
    ("srl", "srl"),
    ("tbk", "tbk"),
    ("zao", "zao"),
    ("zoo", "zoo"),
    ("a s", "as"),
];

/// The class of a legal form, given folded: "ltd" and "limited" share one.
pub(crate) fn legal_form(folded: &str) -> Option<&'static str> {
    let found = LEGAL_FORMS.iter().find(|(form, _)| *form == folded);
    found.map(|(_, class)| *class)
}

/// A folded name of an organisation without legal forms at its end, and the class of the last.
///
/// What is left is never empty: "Limited" alone stays.
pub(crate) fn without_legal_form(folded: &str) -> (&str, Option<&'static str>) {
    let mut rest = folded;
    let mut class = None;
    if let Some(shorter) = rest.strip_suffix(" a s") {
        rest = shorter;
        class = Some("as");
    }
    while let Some((shorter, last)) = rest.rsplit_once(' ') {
        let Some(found) = legal_form(last) else { break };
        class = class.or(Some(found));
        rest = shorter;
    }
    (rest, class)
}

/// The name by which things of a type are compared first: folded, and for organisations without
/// legal form and "and", for people without particles.
pub(crate) fn normal(kind: EntityType, folded: &str) -> String {
    let kept = |keep: &dyn Fn(&str) -> bool, text: &str| {
        let words: Vec<&str> = text.split(' ').filter(|word| keep(word)).collect();
        if words.is_empty() {
            text.to_owned()
        } else {
            words.join(" ")
        }
    };
    match kind {
        EntityType::Person => kept(&|word| !is_particle(word), folded),
        EntityType::Organisation => kept(&|word| word != "and", without_legal_form(folded).0),
        _ => folded.to_owned(),
    }
}

/// The sounds of all words of a name, a space apart.
pub(crate) fn sounds(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in name.split(' ') {
        if !out.is_empty() {
            out.push(' ');
        }
        sound_into(word, &mut out);
    }
    out
}

/// Whether two normal names of people with the same [`sounds`] are likely spellings of one: all
/// words but one are the same, and that one has five letters at least ("Lee" is not "Li").
pub(crate) fn is_spelling(a: &str, b: &str) -> bool {
    let mut n_other = 0;
    let (mut left, mut right) = (a.split(' '), b.split(' '));
    loop {
        match (left.next(), right.next()) {
            (Some(x), Some(y)) if x == y => {}
            (Some(x), Some(y)) => {
                n_other += 1;
                if x.len().min(y.len()) < 5 {
                    return false;
                }
            }
            (None, None) => return n_other <= 1,
            _ => return false,
        }
    }
}

/// Whether a name as written is letters that stand for a longer one: two to eight capitals, no
/// small letters, dots allowed.
pub(crate) fn is_acronym(name: &str) -> bool {
    let upper = name.chars().filter(|c| c.is_uppercase()).count();
    let other = name
        .chars()
        .any(|c| !c.is_uppercase() && c != '.' && !c.is_ascii_digit());
    (2..=8).contains(&upper) && !other && name.len() <= 16
}

/// First letters of the words of a name as written, folded: of words in capitals only, and of all
/// words. Names of fewer than two words give none.
pub(crate) fn initials(name: &str) -> Vec<String> {
    let (mut capitals, mut all) = (String::new(), String::new());
    for word in name.split(|c: char| c.is_whitespace() || c == '-' || c == '/') {
        let Some(first) = word.chars().find(|c| c.is_alphanumeric()) else {
            continue;
        };
        if matches!(word, "the" | "The") {
            continue;
        }
        if first.is_uppercase() || first.is_numeric() {
            capitals.push(first);
        }
        all.push(first);
    }
    let mut found = vec![fold(&capitals), fold(&all)];
    found.dedup();
    found.retain(|letters| letters.chars().count() > 1);
    found
}

/// Bodies that every state has: "Supreme Court", "Interior Ministry", "Labour Party". The name
/// alone does not say which one.
pub(crate) fn is_common_body(normal: &str) -> bool {
    let mut has_body = false;
    let words = normal.split(' ').filter(|word| !is_small(word));
    for word in words {
        if is_body(word) {
            has_body = true;
        } else if !is_branch(word) {
            return false;
        }
    }
    has_body
}

fn is_small(word: &str) -> bool {
    matches!(word, "of" | "for" | "the" | "and" | "on" | "s")
}

fn is_body(word: &str) -> bool {
    matches!(
        word,
        "ministry"
            | "department"
            | "office"
            | "court"
            | "parliament"
            | "senate"
            | "congress"
            | "assembly"
            | "cabinet"
            | "government"
            | "army"
            | "navy"
            | "force"
            | "forces"
            | "police"
            | "party"
            | "democrats"
            | "socialists"
            | "liberals"
            | "conservatives"
            | "greens"
            | "communists"
            | "labour"
            | "commission"
            | "council"
            | "agency"
            | "bank"
            | "treasury"
            | "service"
            | "guard"
            | "committee"
            | "house"
            | "authority"
            | "union"
            | "university"
            | "academy"
            | "hospital"
            | "institute"
    )
}

fn is_branch(word: &str) -> bool {
    matches!(
        word,
        "foreign"
            | "interior"
            | "exterior"
            | "internal"
            | "external"
            | "affairs"
            | "home"
            | "defence"
            | "defense"
            | "finance"
            | "economy"
            | "economic"
            | "economics"
            | "health"
            | "justice"
            | "education"
            | "energy"
            | "transport"
            | "trade"
            | "agriculture"
            | "labour"
            | "environment"
            | "culture"
            | "supreme"
            | "high"
            | "constitutional"
            | "federal"
            | "national"
            | "general"
            | "central"
            | "state"
            | "public"
            | "people"
            | "peoples"
            | "electoral"
            | "election"
            | "security"
            | "intelligence"
            | "prosecutor"
            | "prosecutors"
            | "attorney"
            | "appeal"
            | "appeals"
            | "district"
            | "criminal"
            | "social"
            | "democratic"
            | "democrats"
            | "christian"
            | "liberal"
            | "conservative"
            | "socialist"
            | "communist"
            | "green"
            | "free"
            | "republican"
            | "progressive"
            | "popular"
            | "workers"
            | "freedom"
            | "independence"
            | "air"
            | "armed"
            | "coast"
            | "border"
            | "secret"
            | "civil"
            | "lower"
            | "upper"
            | "representatives"
            | "deputies"
            | "commons"
            | "lords"
            | "statistics"
            | "technical"
            | "medical"
            | "city"
            | "town"
            | "development"
            | "investment"
            | "reserve"
            | "new"
            | "united"
            | "alliance"
            | "opposition"
    )
}

/// Trades that a company is in by the noun that stands for it ("the airline"); a company has one.
pub(crate) fn trade(noun: &str) -> Option<&'static str> {
    const TRADES: [(&str, &str); 34] = [
        ("airline", "airline"),
        ("carrier", "airline"),
        ("bank", "bank"),
        ("lender", "bank"),
        ("brewer", "brewery"),
        ("brewery", "brewery"),
        ("carmaker", "carmaker"),
        ("automaker", "carmaker"),
        ("club", "club"),
        ("team", "club"),
        ("drugmaker", "drugmaker"),
        ("pharmaceutical", "drugmaker"),
        ("insurer", "insurer"),
        ("miner", "mining"),
        ("mine", "mining"),
        ("newspaper", "newspaper"),
        ("paper", "newspaper"),
        ("daily", "newspaper"),
        ("broadcaster", "broadcaster"),
        ("channel", "broadcaster"),
        ("retailer", "retailer"),
        ("supermarket", "retailer"),
        ("chain", "retailer"),
        ("school", "school"),
        ("university", "university"),
        ("hospital", "hospital"),
        ("shipyard", "shipyard"),
        ("shipbuilder", "shipyard"),
        ("chipmaker", "chipmaker"),
        ("steelmaker", "steelmaker"),
        ("party", "party"),
        ("charity", "charity"),
        ("union", "union"),
        ("court", "court"),
    ];
    let found = TRADES.iter().find(|(word, _)| *word == noun);
    found.map(|(_, trade)| *trade)
}

/// Fields in which a person is known by the noun that stands for them ("the striker").
pub(crate) fn calling(noun: &str) -> Option<&'static str> {
    match noun {
        "striker" | "midfielder" | "goalkeeper" | "defender" | "footballer" | "sprinter"
        | "swimmer" | "skier" | "cyclist" | "player" | "athlete" | "coach" | "winger"
        | "forward" | "boxer" | "golfer" | "runner" | "champion" => Some("sport"),
        "minister" | "president" | "chancellor" | "senator" | "mayor" | "lawmaker" | "premier"
        | "congressman" | "congresswoman" | "governor" | "politician" | "deputy" => {
            Some("politics")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_names() {
        use EntityType::{Organisation, Person, Place};
        // name, type, written, expected
        let cases = [
            ("legal form", Organisation, "Norvik AS", "norvik"),
            (
                "two legal forms",
                Organisation,
                "Tan Lee Sdn. Bhd.",
                "tan lee",
            ),
            ("form of dots", Organisation, "Enea S.p.A.", "enea"),
            ("slash", Organisation, "Norvik A/S", "norvik"),
            ("nothing else", Organisation, "Limited", "limited"),
            (
                "a group is more",
                Organisation,
                "Norvik Group",
                "norvik group",
            ),
            (
                "sign for and",
                Organisation,
                "Crane & Wolters",
                "crane wolters",
            ),
            (
                "word and",
                Organisation,
                "Crane and Wolters",
                "crane wolters",
            ),
            ("particles", Person, "Pieter van der Laan", "pieter laan"),
            ("only a particle", Person, "Al", "al"),
            (
                "a place keeps all",
                Place,
                "San Juan al Mar",
                "san juan al mar",
            ),
        ];
        for (name, kind, written, want) in cases {
            assert_eq!(normal(kind, &fold(written)), want, "{name}");
        }
    }

    #[test]
    fn spellings() {
        // name, a, b, expected
        let cases = [
            (
                "iy for y",
                "Volodymyr Zelenskiy",
                "Volodymyr Zelensky",
                true,
            ),
            ("q for g", "Muammar Qaddafi", "Muammar Gaddafi", true),
            ("first name", "Ghennady Orlov", "Gennady Orlov", true),
            ("short words", "Bruce Lee", "Bruce Li", false),
            (
                "two words differ",
                "Sergey Lukyanov",
                "Sergei Lukianov",
                false,
            ),
            ("another name", "Ada Holm", "Ida Holm", false),
            ("more words", "Ada Holm", "Ada Maria Holm", false),
        ];
        for (name, a, b, want) in cases {
            let (a, b) = (fold(a), fold(b));
            let found = sounds(&a) == sounds(&b) && is_spelling(&a, &b);
            assert_eq!(found, want, "{name}");
        }
    }

    #[test]
    fn letters() {
        // name, letters or none
        let cases: [(&str, &[&str]); 5] = [
            ("Royal United Services Institute", &["rusi"]),
            ("Bank of England", &["be", "boe"]),
            ("Norvik", &[]),
            ("the Green League", &["gl"]),
            ("Anglo-Dutch Bank", &["adb"]),
        ];
        for (name, want) in cases {
            assert_eq!(initials(name), want, "{name}");
        }
        for (name, want) in [("RUSI", true), ("U.N.", true), ("AfD", false), ("A", false)] {
            assert_eq!(is_acronym(name), want, "{name}");
        }
    }

    #[test]
    fn bodies_of_every_state() {
        let cases = [
            ("supreme court", true),
            ("ministry of foreign affairs", true),
            ("labour party", true),
            ("norvik party", false),
            ("international olympic committee", false),
            ("foreign", false),
            ("bundesbank", false),
        ];
        for (name, want) in cases {
            assert_eq!(is_common_body(name), want, "{name}");
        }
    }

    #[test]
    fn legal_forms_are_unique() {
        let mut seen: Vec<&str> = LEGAL_FORMS.iter().map(|(form, _)| *form).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), LEGAL_FORMS.len());
    }
}
