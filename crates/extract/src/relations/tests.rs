//! The engine on trees written by hand, so that neither parser nor entity stage is asked.

use tieline_facts::{EntityType, MentionKind, Modality, Polarity};
use tieline_text::{Document, Parsed, Span, Word};

use super::*;
use crate::{EntityNode, MentionSpan};

const RELATIONS: &str = include_str!("../../../../seeds/rules/relations.tsv");

fn resources() -> RelationResources {
    let rules = [
        (
            "words.toml",
            include_str!("../../../../seeds/rules/words.toml"),
        ),
        (
            "offices.toml",
            include_str!("../../../../seeds/rules/offices.toml"),
        ),
        (
            "family.toml",
            include_str!("../../../../seeds/rules/family.toml"),
        ),
        (
            "diplomacy.toml",
            include_str!("../../../../seeds/rules/diplomacy.toml"),
        ),
        (
            "speech.toml",
            include_str!("../../../../seeds/rules/speech.toml"),
        ),
        (
            "conflict.toml",
            include_str!("../../../../seeds/rules/conflict.toml"),
        ),
        (
            "business.toml",
            include_str!("../../../../seeds/rules/business.toml"),
        ),
        (
            "places.toml",
            include_str!("../../../../seeds/rules/places.toml"),
        ),
    ];
    RelationResources::compile(RELATIONS, &rules).unwrap()
}

/// One token a cell: `form lemma UPOS XPOS head deprel`, then optionally a mention: a letter for
/// the type, a small `d` for a demonym, `n` for a nominal, `p` for a pronoun, and the entity's
/// name with `_` for spaces; `+` continues the mention of the token before.
fn read(table: &str) -> (Document, Parsed, EntityLayer) {
    let mut text = String::new();
    let mut rows = Vec::new();
    for cell in table.split('|').map(str::trim) {
        let fields: Vec<&str> = cell.split_whitespace().collect();
        if !text.is_empty() {
            text.push(' ');
        }
        let start = text.len() as u32;
        text.push_str(fields[0]);
        rows.push((fields, Span::new(start, text.len() as u32)));
    }
    let mut layer = EntityLayer::default();
    let mut words = Vec::new();
    for (idx, (fields, span)) in rows.iter().enumerate() {
        let head: u32 = fields[4].parse().unwrap();
        words.push(Word {
            span: *span,
            upos: fields[2].parse().unwrap(),
            xpos: fields[3].parse().unwrap(),
            lemma: fields[1],
            head: if head == 0 { idx as u32 } else { head - 1 },
            deprel: fields[5].parse().unwrap(),
        });
        let Some(mention) = fields.get(6) else {
            continue;
        };
        if *mention == "+" {
            layer.mentions.last_mut().unwrap().tokens.end += 1;
            continue;
        }
        let (sort, name) = mention.split_once(':').unwrap();
        let name = name.replace('_', " ");
        let kind = match &sort[..1] {
            "P" => EntityType::Person,
            "O" => EntityType::Organisation,
            "C" => EntityType::Country,
            _ => EntityType::Place,
        };
        let entity = layer.entities.iter().position(|node| node.name == name);
        let entity = entity.unwrap_or_else(|| {
            layer.entities.push(EntityNode {
                kind,
                name,
                iso: None,
                wikidata: None,
                known: None,
                gender: None,
                within: None,
                serves: None,
            });
            layer.entities.len() - 1
        });
        layer.mentions.push(MentionSpan {
            tokens: idx as u32..idx as u32 + 1,
            head: idx as u32,
            kind: match sort.get(1..) {
                Some("d") => MentionKind::Demonym,
                Some("n") => MentionKind::Nominal,
                Some("p") => MentionKind::Pronoun,
                _ => MentionKind::Name,
            },
            entity: entity as u32,
        });
    }
    let mut parsed = Parsed::default();
    parsed.push_sentence(0, &words).unwrap();
    (Document::from_text("test", text), parsed, layer)
}

fn edges(resources: &RelationResources, table: &str) -> Vec<String> {
    let (document, parsed, layer) = read(table);
    let (relations, _) = find_relations(resources, &document, &parsed, &layer);
    let name = |id: u32| layer.entities[id as usize].name.as_str();
    relations
        .iter()
        .map(|r| {
            let not = if r.polarity == Polarity::Negated {
                " not"
            } else {
                ""
            };
            let how = if r.modality == Modality::Asserted {
                ""
            } else {
                r.modality.as_str()
            };
            let line = format!(
                "{} {}{} {} {}",
                name(r.subject),
                r.predicate,
                not,
                name(r.object),
                how
            );
            assert_eq!(r.evidence.text, document.text, "evidence is the sentence");
            line.trim().to_owned()
        })
        .collect()
}

#[test]
fn trees_give_edges() {
    let resources = resources();
    // name, tokens, edges
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "active",
            "Russia Russia PROPN NNP 2 nsubj C:Russia | attacked attack VERB VBD 0 root | Ukraine Ukraine PROPN NNP 2 obj C:Ukraine",
            &["Russia attacked Ukraine"],
        ),
        (
            "passive with agent",
            "Ukraine Ukraine PROPN NNP 3 nsubj:pass C:Ukraine | was be AUX VBD 3 aux:pass | attacked attack VERB VBN 0 root | by by ADP IN 5 case | Russia Russia PROPN NNP 3 obl:agent C:Russia",
            &["Russia attacked Ukraine"],
        ),
        (
            "passive without agent says nobody did it",
            "Ukraine Ukraine PROPN NNP 3 nsubj:pass C:Ukraine | was be AUX VBD 3 aux:pass | attacked attack VERB VBN 0 root | near near ADP IN 5 case | Russia Russia PROPN NNP 3 obl C:Russia",
            &[],
        ),
        (
            "state nouns stand for the state",
            "Russian russian ADJ JJ 2 amod Cd:Russia | troops troops NOUN NNS 3 nsubj | shelled shell VERB VBD 0 root | Kharkiv Kharkiv PROPN NNP 3 obj L:Kharkiv",
            &["Russia attacked Kharkiv"],
        ),
        (
            "negation",
            "Russia Russia PROPN NNP 4 nsubj C:Russia | did do AUX VBD 4 aux | not not PART RB 4 advmod | attack attack VERB VB 0 root | Ukraine Ukraine PROPN NNP 4 obj C:Ukraine",
            &["Russia attacked not Ukraine"],
        ),
        (
            "denial of a clause",
            "Iran Iran PROPN NNP 2 nsubj C:Iran | denied deny VERB VBD 0 root | that that SCONJ IN 6 mark | it it PRON PRP 6 nsubj Cp:Iran | had have AUX VBD 6 aux | attacked attack VERB VBN 2 ccomp | Israel Israel PROPN NNP 6 obj C:Israel",
            &["Iran attacked not Israel"],
        ),
        (
            "control and plan",
            "Norway Norway PROPN NNP 2 nsubj C:Norway | plans plan VERB VBZ 0 root | to to PART TO 4 mark | sanction sanction VERB VB 2 xcomp | Iran Iran PROPN NNP 4 obj C:Iran",
            &["Norway sanctioned Iran planned"],
        ),
        (
            "the accused does what he is accused of",
            "Norway Norway PROPN NNP 2 nsubj C:Norway | accused accuse VERB VBD 0 root | Iran Iran PROPN NNP 2 obj C:Iran | of of SCONJ IN 5 mark | attacking attack VERB VBG 2 advcl | Israel Israel PROPN NNP 5 obj C:Israel",
            &["Norway accused Iran", "Iran attacked Israel alleged"],
        ),
        (
            "relative clause",
            "Norvik Norvik PROPN NNP 0 root O:Norvik | , , PUNCT , 4 punct | which which PRON WDT 4 nsubj | bought buy VERB VBD 1 acl:relcl | Siemens Siemens PROPN NNP 4 obj O:Siemens",
            &["Norvik acquired Siemens"],
        ),
        (
            "coordinated verbs share a subject, coordinated objects an edge each",
            "Norway Norway PROPN NNP 2 nsubj C:Norway | came come VERB VBD 0 root | and and CCONJ CC 4 cc | condemned condemn VERB VBD 2 conj | Iran Iran PROPN NNP 4 obj C:Iran | and and CCONJ CC 7 cc | Israel Israel PROPN NNP 5 conj C:Israel",
            &["Norway criticised Iran", "Norway criticised Israel"],
        ),
        (
            "an object noun decides",
            "Norway Norway PROPN NNP 2 nsubj C:Norway | signed sign VERB VBD 0 root | a a DET DT 4 det | treaty treaty NOUN NN 2 obj | with with ADP IN 6 case | Iran Iran PROPN NNP 4 nmod C:Iran",
            &["Norway signed_deal_with Iran"],
        ),
        (
            "without the object noun nothing is signed",
            "Norway Norway PROPN NNP 2 nsubj C:Norway | signed sign VERB VBD 0 root | a a DET DT 4 det | book book NOUN NN 2 obj | with with ADP IN 6 case | Iran Iran PROPN NNP 4 nmod C:Iran",
            &[],
        ),
        (
            "reciprocal subjects",
            "Norway Norway PROPN NNP 4 nsubj C:Norway | and and CCONJ CC 3 cc | Iran Iran PROPN NNP 1 conj C:Iran | signed sign VERB VBD 0 root | a a DET DT 6 det | pact pact NOUN NN 4 obj",
            &["Norway signed_deal_with Iran"],
        ),
        (
            "event noun between",
            "Talks talk NOUN NNS 6 nsubj | between between ADP IN 3 case | Norway Norway PROPN NNP 1 nmod C:Norway | and and CCONJ CC 5 cc | Iran Iran PROPN NNP 3 conj C:Iran | ended end VERB VBD 0 root",
            &["Norway in_talks_with Iran"],
        ),
        (
            "light verb",
            "Norway Norway PROPN NNP 3 nsubj C:Norway | may may AUX MD 3 aux | hold hold VERB VB 0 root | talks talk NOUN NNS 3 obj | with with ADP IN 6 case | Iran Iran PROPN NNP 4 nmod C:Iran",
            &["Norway in_talks_with Iran possible"],
        ),
        (
            "possessed event noun",
            "Brandt Brandt PROPN NNP 3 nmod:poss P:Brandt | 's 's PART POS 1 case | visit visit NOUN NN 6 nsubj | to to ADP IN 5 case | China China PROPN NNP 3 nmod C:China | ended end VERB VBD 0 root",
            &["Brandt visited China"],
        ),
        (
            "demonym and title",
            "German german ADJ JJ 2 amod Cd:Germany | Chancellor Chancellor PROPN NNP 3 nmod:desc | Elena Elena PROPN NNP 5 nsubj P:Elena_Brandt | Brandt Brandt PROPN NNP 3 flat + | left leave VERB VBD 0 root",
            &["Elena Brandt head_of_government_of Germany"],
        ),
        (
            "former title in front",
            "former former ADJ JJ 4 amod | French french ADJ JJ 4 amod Cd:France | President President PROPN NNP 4 compound | Duval Duval PROPN NNP 5 nsubj P:Duval | left leave VERB VBD 0 root",
            &["Duval head_of_state_of France former"],
        ),
        (
            "a deputy is not the head",
            "French french ADJ JJ 4 amod Cd:France | Vice Vice PROPN NNP 4 compound | President President PROPN NNP 4 compound | Duval Duval PROPN NNP 5 nsubj P:Duval | left leave VERB VBD 0 root",
            &["Duval holds_office_in France"],
        ),
        (
            "apposition",
            "Duval Duval PROPN NNP 7 nsubj P:Duval | , , PUNCT , 4 punct | the the DET DT 4 det | head head NOUN NN 1 appos | of of ADP IN 6 case | Norvik Norvik PROPN NNP 4 nmod O:Norvik | left leave VERB VBD 0 root",
            &["Duval leads Norvik"],
        ),
        (
            "copula",
            "Duval Duval PROPN NNP 5 nsubj P:Duval | is be AUX VBZ 5 cop | not not PART RB 5 advmod | the the DET DT 5 det | CEO CEO NOUN NN 0 root | of of ADP IN 7 case | Norvik Norvik PROPN NNP 5 nmod O:Norvik",
            &["Duval ceo_of not Norvik"],
        ),
        (
            "somebody's son",
            "Berg Berg PROPN NNP 3 nmod:poss P:Berg | 's 's PART POS 1 case | son son NOUN NN 4 compound | Carl Carl PROPN NNP 5 nsubj P:Carl | left leave VERB VBD 0 root",
            &["Berg parent_of Carl"],
        ),
        (
            "place and country",
            "in in ADP IN 2 case | Graz Graz PROPN NNP 0 root L:Graz | , , PUNCT , 4 punct | Austria Austria PROPN NNP 2 appos C:Austria | . . PUNCT . 2 punct",
            &["Graz located_in Austria"],
        ),
        (
            "a list of places is no nesting",
            "in in ADP IN 2 case | Graz Graz PROPN NNP 0 root L:Graz | , , PUNCT , 4 punct | Austria Austria PROPN NNP 2 conj C:Austria | and and CCONJ CC 6 cc | Oslo Oslo PROPN NNP 2 conj L:Oslo",
            &[],
        ),
        (
            "nationality in front of a described name",
            "German german ADJ JJ 2 amod Cd:Germany | carmaker carmaker NOUN NN 3 compound | Norvik Norvik PROPN NNP 4 nsubj O:Norvik | grew grow VERB VBD 0 root",
            &["Norvik headquartered_in Germany"],
        ),
        (
            "parallel places are no list",
            "Davos Davos PROPN NNP 0 root L:Davos | in in ADP IN 3 case | Austria Austria PROPN NNP 1 nmod C:Austria | and and CCONJ CC 5 cc | Graz Graz PROPN NNP 3 conj L:Graz | in in ADP IN 7 case | Norway Norway PROPN NNP 3 nmod C:Norway",
            &["Davos located_in Austria", "Graz located_in Norway"],
        ),
        (
            "what comes later is not former, and an occasion is not planned",
            "on on ADP IN 3 case | later late ADJ JJR 3 amod | visits visit NOUN NNS 7 obl | to to ADP IN 5 case | China China PROPN NNP 3 nmod C:China | Duval Duval PROPN NNP 7 nsubj P:Duval | sought seek VERB VBD 0 root | help help NOUN NN 7 obj",
            &["Duval visited China"],
        ),
        (
            "instead of a deed",
            "Instead instead ADV RB 3 mark | of of SCONJ IN 1 fixed | visiting visit VERB VBG 6 advcl | China China PROPN NNP 3 obj C:China | Duval Duval PROPN NNP 6 nsubj P:Duval | slept sleep VERB VBD 0 root",
            &["Duval visited not China"],
        ),
        (
            "a chief negotiator is no chief",
            "Norvik Norvik PROPN NNP 4 nmod:poss O:Norvik | 's 's PART POS 1 case | chief chief ADJ JJ 4 amod | negotiator negotiator NOUN NN 6 nsubj | Duval Duval PROPN NNP 4 appos P:Duval | left leave VERB VBD 0 root",
            &["Duval represents Norvik"],
        ),
        (
            "two names in one sentence are no relation",
            "Duval Duval PROPN NNP 2 nsubj P:Duval | read read VERB VBD 0 root | a a DET DT 4 det | book book NOUN NN 2 obj | about about ADP IN 6 case | Norvik Norvik PROPN NNP 4 nmod O:Norvik",
            &[],
        ),
    ];
    let mut failures = String::new();
    for (name, table, want) in cases {
        let got = edges(&resources, table);
        if got != *want {
            failures.push_str(&format!("{name}: got {got:?}, expected {want:?}\n"));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn faults_are_named_with_their_place() {
    let rule = |body: &str| format!("format = 1\n[[rule]]\nid = \"a\"\n{body}\n");
    // name, text, line, part of the message
    let cases = [
        ("no TOML", "format = 1\n[[rule]".to_owned(), 2, ""),
        (
            "newer format",
            "format = 9\n".to_owned(),
            1,
            "rule format 9",
        ),
        (
            "no such type",
            rule("relation = \"likes\"\nverb = [\"like\"]"),
            4,
            "no relation type `likes`",
        ),
        (
            "no trigger",
            rule("relation = \"visited\""),
            2,
            "exactly one of",
        ),
        (
            "two triggers",
            rule("relation = \"visited\"\nverb = [\"a\"]\nrole = [\"b\"]"),
            2,
            "exactly one of",
        ),
        (
            "no such path",
            rule("relation = \"visited\"\nverb = [\"tour\"]\nobject = [\"behind\"]"),
            6,
            "no argument path `behind` (known: subj, obj,",
        ),
        (
            "a path misspelt",
            rule("relation = \"visited\"\nverb = [\"tour\"]\nobject = [\"sub\"]"),
            6,
            "no argument path `sub`; did you mean `subj`?",
        ),
        (
            "a type misspelt",
            rule("relation = \"aquired\"\nverb = [\"buy\"]"),
            4,
            "no relation type `aquired`; did you mean `acquired`?",
        ),
        (
            "a list misspelt",
            "format = 1\n[lists]\ndeals = [\"deal\"]\n[[rule]]\nid = \"a\"\n\
             relation = \"visited\"\nverb = [\"@deal\"]"
                .to_owned(),
            7,
            "no word list `@deal`; did you mean `@deals`?",
        ),
        (
            "same id twice",
            rule("relation = \"visited\"\nverb = [\"tour\"]\n[[rule]]\nid = \"a\"\nrelation = \"visited\"\nverb = [\"see\"]"),
            7,
            "a rule `a` was defined before",
        ),
        (
            "a type that exists",
            "format = 1\n[[type]]\nid = \"visited\"\nsubject = \"P\"\nobject = \"P\"\n".to_owned(),
            3,
            "a relation type `visited` exists already",
        ),
        (
            "a type named like an inverse",
            "format = 1\n[[type]]\nid = \"hosted\"\nsubject = \"P\"\nobject = \"P\"\n".to_owned(),
            3,
            "a relation type `hosted` exists already",
        ),
        (
            "a type with a bad sign",
            "format = 1\n[[type]]\nid = \"x\"\nsign = 7\nsubject = \"P\"\nobject = \"P\"\n".to_owned(),
            4,
            "bad value of `sign`: 1 friendly",
        ),
        (
            "a type with a bad letter",
            "format = 1\n[[type]]\nid = \"x\"\nsubject = \"P\"\nobject = \"Q\"\n".to_owned(),
            5,
            "no entity type `Q`",
        ),
        (
            "symmetric and an inverse",
            "format = 1\n[[type]]\nid = \"x\"\nsymmetric = true\ninverse = \"y\"\nsubject = \"P\"\nobject = \"P\"\n".to_owned(),
            5,
            "bad value of `inverse`",
        ),
        (
            "no such list",
            rule("relation = \"visited\"\nverb = [\"@tours\"]"),
            5,
            "no word list `@tours`",
        ),
        (
            "bad type letter",
            rule("relation = \"visited\"\nverb = [\"tour\"]\nobject-types = \"Z\""),
            6,
            "no entity type `Z`",
        ),
        (
            "bad example",
            rule("relation = \"visited\"\nverb = [\"tour\"]\nyes = [\"A toured B.\"]"),
            6,
            "an example reads",
        ),
        (
            "unknown key",
            rule("relation = \"visited\"\nverbs = [\"tour\"]"),
            5,
            "verbs",
        ),
        (
            "empty word",
            rule("relation = \"visited\"\nverb = [\"\"]"),
            5,
            "an empty word",
        ),
    ];
    for (name, text, line, message) in cases {
        let error = RelationResources::compile(RELATIONS, &[("my.toml", &text)]).unwrap_err();
        assert_eq!(error.line, line, "{name}: {error}");
        let shown = error.to_string();
        assert!(
            shown.starts_with("my.toml:") && shown.contains(message),
            "{name}: {shown}"
        );
    }
}

#[test]
fn all_faults_are_named() {
    let text = "format = 1\n[[type]]\nid = \"X\"\nsubject = \"P\"\nobject = \"P\"\n[[rule]]\nid = \"a\"\n\
                relation = \"visited\"\n[[rule]]\nid = \"a\"\nrelation = \"visited\"\nverb = [\"see\"]\n";
    let faults = RelationResources::check(RELATIONS, &[("my.toml", text)]).unwrap_err();
    let lines: Vec<u32> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [3, 6, 10], "{faults:?}");
}

#[test]
fn own_types_and_their_rules_work() {
    let text = "format = 1\n[[type]]\nid = \"sponsors\"\ninverse = \"sponsored_by\"\nsubject = \"O\"\n\
                object = \"P\"\n[[rule]]\nid = \"a\"\nrelation = \"sponsors\"\nverb = [\"sponsor\"]\n\
                yes = [\"A sponsors B. => A > B\"]\nno = [\n  \"A saw B.\",\n]\n";
    let resources = RelationResources::compile(RELATIONS, &[("my.toml", text)]).unwrap();
    let found = resources.ontology().find("sponsored_by");
    assert_eq!(
        found.map(|(kind, back)| (kind.label.as_str(), back)),
        Some(("sponsors", true))
    );
    let rules = resources.rules();
    let rule = &rules[0];
    assert_eq!((rule.file, rule.line, rule.class), ("my.toml", 8, "verb"));
    assert_eq!((rule.yes[0].line, rule.no[0].line), (11, 13));
    let table = "Norvik norvik PROPN NNP 2 nsubj O:Norvik | sponsors sponsor VERB VBZ 0 root | \
                 Ada ada PROPN NNP 2 obj P:Ada";
    assert_eq!(edges(&resources, table), ["Norvik sponsors Ada"]);
}

#[test]
fn a_trigger_cut_off_by_the_end_of_the_text_is_none() {
    // "secretary of state", "head of government": the noun stands last
    let resources = resources();
    for noun in ["secretary", "head", "member", "director"] {
        let table = format!(
            "Norway norway PROPN NNP 3 nmod:poss C:Norway | Ada ada PROPN NNP 3 compound P:Ada | \
             {noun} {noun} NOUN NN 0 root"
        );
        edges(&resources, &table);
    }
}

#[test]
fn any_tree_is_survived() {
    let resources = resources();
    // chains, stars, every word a trigger, mentions everywhere
    for deprel in ["conj", "xcomp", "acl:relcl", "nmod", "appos", "advcl"] {
        let mut cells = vec!["president president NOUN NN 0 root".to_owned()];
        for idx in 1..60 {
            let mention = match idx % 3 {
                0 => format!(" P:p{}", idx % 7),
                1 => format!(" C:c{}", idx % 5),
                _ => String::new(),
            };
            cells.push(format!(
                "attack attack {} NN {} {deprel}{mention}",
                if idx % 2 == 0 { "VERB" } else { "NOUN" },
                idx
            ));
        }
        edges(&resources, &cells.join(" | "));
    }
}
