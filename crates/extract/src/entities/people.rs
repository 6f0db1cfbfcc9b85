//! Which names of people belong to one person.
//!
//! Full names are grouped first: the same surname (or one spelling of it) and agreeing given
//! names. Then single names join the one person whom they fit; two people of one surname stay
//! apart, and a title's gender decides between them where it can.

use rustc_hash::FxHashMap;
use tieline_facts::names::is_particle;

use super::find::{Draft, Kind};
use super::fold::{fold, similar, sound};
use super::lexicon::Gender;
use super::view::View;

/// How many people of one surname are compared; beyond that a new name is a new person.
const LIMIT: usize = 24;

/// One person of a document.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Folded words of the fullest name.
    words: Vec<String>,
    pub gender: Option<Gender>,
    /// What a single name says, which may be a given name or a surname: "Alexis", "Cameron".
    pub guess: Option<Gender>,
}

/// The people of a document, and to whom each draft belongs.
#[derive(Debug, Default)]
pub struct People {
    pub people: Vec<Person>,
    /// One entry per draft; `None` for drafts that are no person.
    pub of_draft: Vec<Option<u32>>,
}

/// Folded words of a name without particles and generational suffixes.
fn name_words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let all: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let keep = |word: &&&str| {
        let generation = matches!(**word, "jr" | "sr" | "ii" | "iii" | "iv" | "jnr" | "snr");
        !generation && !is_particle(word)
    };
    let mut words: Vec<String> = all
        .iter()
        .filter(keep)
        .map(|word| (*word).to_owned())
        .collect();
    if words.is_empty() {
        words = all.iter().map(|word| (*word).to_owned()).collect();
    }
    words
}

/// Groups the drafts that are persons.
pub fn group(view: &View<'_>, drafts: &[Draft]) -> People {
    let mut people = People {
        people: Vec::new(),
        of_draft: vec![None; drafts.len()],
    };
    let mut names: Vec<(usize, Vec<String>)> = Vec::new();
    for (idx, draft) in drafts.iter().enumerate() {
        if draft.kind == Kind::Person {
            let words = name_words(view.slice(&draft.tokens));
            if !words.is_empty() {
                names.push((idx, words));
            }
        }
    }
    let mut index = Index::default();
    // full names, the fuller first
    let mut full: Vec<usize> = (0..names.len()).filter(|&n| names[n].1.len() > 1).collect();
    full.sort_by_key(|&n| (std::cmp::Reverse(names[n].1.len()), names[n].0));
    for n in full {
        let (draft_idx, words) = &names[n];
        let gender = drafts[*draft_idx].gender.or_else(|| gender_of(view, words));
        let found = index.find_full(view, &people.people, words, gender);
        let person = found.unwrap_or_else(|| index.add(&mut people.people, words.clone()));
        let entry = &mut people.people[person as usize];
        entry.gender = drafts[*draft_idx].gender.or(entry.gender).or(gender);
        people.of_draft[*draft_idx] = Some(person);
    }
    // the order of introduction decides between people whom a single name fits
    let mut first_seen: FxHashMap<u32, usize> = FxHashMap::default();
    for (idx, person) in people.of_draft.iter().enumerate() {
        if let Some(person) = person {
            first_seen.entry(*person).or_insert(idx);
        }
    }
    for (draft_idx, words) in names.iter().filter(|(_, words)| words.len() == 1) {
        let draft = &drafts[*draft_idx];
        let found = index.find_single(view, &people.people, &words[0], draft, &first_seen);
        let person = match found {
            Single::Person(person) => person,
            Single::Family => continue,
            Single::New => {
                let person = index.add(&mut people.people, words.clone());
                first_seen.insert(person, *draft_idx);
                person
            }
        };
        let entry = &mut people.people[person as usize];
        entry.gender = entry.gender.or(draft.gender);
        if entry.gender.is_none() && entry.words.len() == 1 && !draft.titled {
            entry.guess = view.lexicons.first_name(&words[0]);
        }
        people.of_draft[*draft_idx] = Some(person);
    }
    people
}

/// Gender of a full name by its first word.
fn gender_of(view: &View<'_>, words: &[String]) -> Option<Gender> {
    words
        .first()
        .and_then(|word| view.lexicons.first_name(word))
}

enum Single {
    Person(u32),
    /// "the Obamas": several people, so nobody.
    Family,
    New,
}

/// People by their words.
#[derive(Default)]
struct Index {
    by_first: FxHashMap<String, Vec<u32>>,
    by_last: FxHashMap<String, Vec<u32>>,
    by_middle: FxHashMap<String, Vec<u32>>,
    by_sound: FxHashMap<String, Vec<u32>>,
}

impl Index {
    fn add(&mut self, people: &mut Vec<Person>, words: Vec<String>) -> u32 {
        let id = people.len() as u32;
        let (first, last) = (words.first(), words.last());
        if let (Some(first), Some(last)) = (first, last) {
            self.by_first.entry(first.clone()).or_default().push(id);
            self.by_last.entry(last.clone()).or_default().push(id);
            self.by_sound.entry(sound(last)).or_default().push(id);
        }
        for word in words.iter().skip(1).rev().skip(1) {
            self.by_middle.entry(word.clone()).or_default().push(id);
        }
        people.push(Person {
            words,
            gender: None,
            guess: None,
        });
        id
    }

    fn find_full(
        &self,
        view: &View<'_>,
        people: &[Person],
        words: &[String],
        gender: Option<Gender>,
    ) -> Option<u32> {
        let (first, last) = (words.first()?, words.last()?);
        let none = Vec::new();
        let same_sound = self.by_sound.get(&sound(last)).unwrap_or(&none);
        let same_first = self.by_first.get(first).unwrap_or(&none);
        let candidates = same_sound
            .iter()
            .take(LIMIT)
            .chain(same_first.iter().take(LIMIT));
        candidates.copied().find(|&id| {
            let Some(person) = people.get(id as usize) else {
                return false;
            };
            let clash = matches!((gender, person.gender), (Some(a), Some(b)) if a != b);
            if clash && person.words.first() != Some(first) {
                return false;
            }
            same_person(view, &person.words, words)
        })
    }

    fn find_single(
        &self,
        view: &View<'_>,
        people: &[Person],
        word: &str,
        draft: &Draft,
        first_seen: &FxHashMap<u32, usize>,
    ) -> Single {
        let none = Vec::new();
        let by_last = self.by_last.get(word).unwrap_or(&none);
        let by_first = self.by_first.get(word).unwrap_or(&none);
        let by_middle = self.by_middle.get(word).unwrap_or(&none);
        let start = draft.tokens.start;
        let knight = matches!(
            view.before(start),
            "Sir" | "Dame" | "Lord" | "Prince" | "Queen" | "King"
        );
        let orders: [&Vec<u32>; 3] = if knight {
            [by_first, by_last, by_middle]
        } else {
            [by_last, by_first, by_middle]
        };
        for list in orders {
            if let Some(person) = pick(people, list, draft.gender, first_seen) {
                return Single::Person(person);
            }
            // somebody of that name, but of the other gender: "Mrs Clinton" is not Bill
            if !list.is_empty() && draft.gender.is_some() && std::ptr::eq(list, by_last) {
                return Single::New;
            }
        }
        if let Some(stem) = word.strip_suffix('s')
            && matches!(view.before(start), "the" | "The")
            && self.by_last.contains_key(stem)
        {
            return Single::Family;
        }
        if word.len() < 4 {
            return Single::New;
        }
        let same_sound = self.by_sound.get(&sound(word)).unwrap_or(&none);
        if let Some(person) = pick(people, same_sound, draft.gender, first_seen) {
            return Single::Person(person);
        }
        // another spelling, where only one person comes near
        let near = |person: &&Person| {
            let last = person.words.last().map_or("", String::as_str);
            person.words.len() > 1 && similar(last, word)
        };
        let mut close = people
            .iter()
            .take(4 * LIMIT)
            .enumerate()
            .filter(|(_, person)| near(person));
        match (close.next(), close.next()) {
            (Some((idx, _)), None) => Single::Person(idx as u32),
            _ => Single::New,
        }
    }
}

/// The one candidate that fits, or the first introduced of several.
fn pick(
    people: &[Person],
    candidates: &[u32],
    gender: Option<Gender>,
    first_seen: &FxHashMap<u32, usize>,
) -> Option<u32> {
    let fits = |id: &&u32| {
        let known = people.get(**id as usize).and_then(|person| person.gender);
        !matches!((known, gender), (Some(a), Some(b)) if a != b)
    };
    let sure =
        |id: &&u32| gender.is_some() && people.get(**id as usize).and_then(|p| p.gender) == gender;
    let order = |id: &&u32| first_seen.get(*id).copied().unwrap_or(usize::MAX);
    let near = &candidates[..candidates.len().min(LIMIT)];
    let exact = near.iter().filter(sure).min_by_key(order);
    exact
        .or_else(|| near.iter().filter(fits).min_by_key(order))
        .copied()
}

/// Whether two full names can be one person's.
fn same_person(view: &View<'_>, a: &[String], b: &[String]) -> bool {
    let (longer, shorter) = if a.len() < b.len() { (b, a) } else { (a, b) };
    if longer == shorter {
        return true;
    }
    // "Pedro Sanchez" and "Pedro Sanchez Perez-Castejon"; "Suu Kyi" and "Aung San Suu Kyi"
    if longer.starts_with(shorter) || (longer.ends_with(shorter) && shorter.len() > 1) {
        return true;
    }
    let ([given_a @ .., last_a], [given_b @ .., last_b]) = (longer, shorter) else {
        return false;
    };
    let (Some(first_a), Some(first_b)) = (given_a.first(), given_b.first()) else {
        return false;
    };
    if last_a != last_b {
        // one spelling of the surname and the very same given names
        return given_a == given_b && first_a.len() > 2 && similar(last_a, last_b);
    }
    let agrees = |x: &String, y: &String| given_agree(view, x, y);
    if agrees(first_a, first_b) {
        // "George H. W." and "George W.": middle names that share nothing
        let (middle_a, middle_b) = (&given_a[1..], &given_b[1..]);
        return middle_b
            .iter()
            .all(|y| middle_a.iter().any(|x| agrees(x, y)))
            && (middle_b.is_empty()
                || middle_a
                    .first()
                    .zip(middle_b.first())
                    .is_none_or(|(x, y)| agrees(x, y)));
    }
    // "Tayyip Erdogan" and "Recep Tayyip Erdogan"
    given_b.iter().all(|y| y.len() > 2 && given_a.contains(y))
}

/// Whether two given names can be one: equal, initial, short form, or another spelling.
fn given_agree(view: &View<'_>, a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if short.len() == 1 {
        return long.starts_with(short);
    }
    let full_a = view.lexicons.full_names(a);
    let full_b = view.lexicons.full_names(b);
    if full_a
        .iter()
        .any(|name| **name == *b || full_b.contains(name))
        || full_b.iter().any(|name| **name == *a)
    {
        return true;
    }
    let genders = (view.lexicons.first_name(a), view.lexicons.first_name(b));
    !matches!(genders, (Some(x), Some(y)) if x != y) && similar(a, b)
}
