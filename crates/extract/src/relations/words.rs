//! Closed word classes that the relation stage reads from `seeds/rules/words.toml`.

use rustc_hash::FxHashMap;

/// A set of word classes, as bits.
pub type Classes = u64;

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $bit:literal, $text:literal;)*) => {
        $($(#[$doc])* pub const $name: Classes = 1 << $bit;)*

        fn class_named(name: &str) -> Option<Classes> {
            match name {
                $($text => Some($name),)*
                _ => None,
            }
        }
    };
}

classes! {
    /// Nouns that stand for their state: "government", "troops".
    STATE = 0, "state-nouns";
    /// Nouns that stand for their group: "militants", "fighters".
    GROUP = 1, "group-nouns";
    /// Verbs that lend their subject to an event noun: "hold talks".
    LIGHT = 2, "light-verbs";
    /// Verbs of saying.
    REPORT = 3, "reporting-verbs";
    /// Governors that make what they govern planned.
    PLAN = 4, "planned";
    /// Governors that make it possible.
    POSSIBLE = 5, "possible";
    /// Governors that make it alleged.
    ALLEGE = 6, "alleged";
    /// Verbs of denial: negated, the subject is the source.
    DENY = 7, "denial";
    /// Governors that say it did not happen.
    FAIL = 8, "failed";
    /// Modifiers that end a state: "former", "ex".
    FORMER = 9, "former";
    /// Modifiers of lesser rank: "vice", "deputy".
    DEPUTY = 10, "deputy";
    /// Verbs whose subject stays the subject of their infinitive despite an object.
    PROMISE = 11, "subject-control";
    /// Verbs that say what somebody is or becomes.
    BECOME = 12, "become";
    /// Nouns of institutions that stand at a place.
    SITE = 13, "site-nouns";
    /// Nouns that describe a person's work without an office.
    PROFESSION = 14, "professions";
    /// Nouns of relations between nominal heads and a group: "group", "party".
    KIND = 15, "kind-nouns";
    /// Trigger nouns of role rules; filed by the compiler.
    ROLE = 16, "role-nouns";
    /// Governors that turn what they govern down: "refuse", "reject".
    REFUSE = 17, "refusing";
    /// Verbs whose "of" did not happen: "acquitted of".
    ACQUIT = 18, "acquitting";
    /// Verbs that make somebody do something, which has not happened yet: "told him to go".
    ORDER = 19, "ordering";
    /// Nouns with a content: "statement that", "report that".
    CONTENT = 20, "content-nouns";
    /// Nouns of an opinion: "in the view of".
    VIEW = 21, "view-nouns";
    /// Verbs with a consequence behind them: "may lead to".
    RESULT = 22, "consequence";
    /// Verbs that say of an event that it happens: "a war could break out".
    OCCUR = 23, "occurring";
    /// Nouns of places: "the city of X", "X province".
    PLACE = 24, "place-nouns";
    /// Nouns of parts of places: "the north of X", "the outskirts of X".
    PART = 25, "part-nouns";
    /// Nouns of bodies within an organisation: "the EU parliament president".
    BODY = 26, "body-nouns";
    /// Nouns of acts: their "of" names whom they are done to, not who does them.
    ACT = 27, "acts";
    /// Nouns for a part of a place: "the north of Mali", "a village in Mali".
    INNER = 28, "inner-nouns";
    /// Institutions of a state, which "in" ties to it: "authorities in Mali".
    INSTITUTION = 29, "institutions";
    /// Nouns that stand for the country of the document where nothing says whose: "the military".
    BARE = 30, "bare-states";
    /// Adjectives that leave such a noun with that country: "local police".
    INLAND = 31, "inland";
    /// Occasions that have a place: "speech", "interview".
    VENUE = 32, "venues";
    /// Writings that say something for their author: "lawsuit", "letter".
    PAPER = 33, "papers";
    /// Nouns that with the name of a ruler stand for the state: "the Brandt government".
    RULED = 34, "ruled";
    /// Events that stand beside what their parties do: "said during talks".
    OCCASION = 35, "occasion-nouns";
    /// Nouns of parties that a number counts: "the two leaders".
    PARTY = 36, "counted-nouns";
    /// What two sides have with each other as an object: "fought a war".
    SHARED = 37, "shared-objects";
    /// Nouns of amounts, seen through: "hundreds of troops".
    AMOUNT = 38, "amount-nouns";
    /// Modifiers that make a noun no organ of its state: "opposition leaders", "business leaders".
    PRIVATE = 39, "private-modifiers";
    /// What somebody visits, addresses or gets where he is: "a crowd", "a welcome", "a factory".
    GATHERING = 40, "gatherings";
    /// Wars, fights and attacks as nouns: to want to end one is not to deny it.
    WAR = 41, "ongoing-fights";
    /// Verbs that give somebody an office: "named Holm to lead the bank".
    INSTALL = 42, "installing";
    /// Nouns of people who act for no state, whatever their nationality: "rebel", "activist".
    OUTLAW = 43, "no-organs";
    /// Peoples without an army of their own: their militants are who fights for them.
    STATELESS = 44, "stateless";
}

/// Word to its classes.
#[derive(Clone, Debug, Default)]
pub struct Words {
    classes: FxHashMap<Box<str>, Classes>,
}

impl Words {
    /// Files a named list under its class; other lists only serve rules.
    pub fn add(&mut self, name: &str, words: &[Box<str>]) {
        let Some(class) = class_named(name) else {
            return;
        };
        for word in words {
            *self.classes.entry(word.clone()).or_default() |= class;
        }
    }

    /// The classes of a word in lower case.
    pub fn of(&self, word: &str) -> Classes {
        self.classes.get(word).copied().unwrap_or(0)
    }
}
