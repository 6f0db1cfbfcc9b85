//! Questions to small graphs, written as `subject relation object` lines.

use tieline_facts::{
    Entity, EntityType, Evidence, Facts, Mention, MentionKind, Ontology, Polarity, Relation,
    TriggerSpan,
};

use super::*;
use crate::{Graph, NodeId, Resolution};

pub(crate) fn ontology() -> Ontology {
    let rows = [
        "#! relations 1",
        "met_with\tmet with\t1\tTalks\tsym\tevent\tPOC\tPOC\t-\t-\t-\t+",
        "accused\taccused\t1\tTalks\taccused_by\tevent\tPOC\tPOC\t-\t-\t-\t-",
        "ceo_of\tCEO of\t1\tOffices\thas_ceo\tstate\tP\tO\t-\t-\t-\t0",
        "headquartered_in\theadquartered in\t1\tPlaces\t-\tstate\tO\tLC\t-\t-\t-\t0",
    ];
    Ontology::parse(&rows.join("\n")).unwrap()
}

/// One document a line: `Subject relation Object`, `!` before the relation for a denial, then
/// `@date` and `~modality`. Names with a capital X at their end are organisations, the rest people.
pub(crate) fn graph(lines: &[&str]) -> Graph {
    let facts = lines.iter().enumerate().map(|(number, line)| {
        let words: Vec<&str> = line.split(' ').collect();
        let entity = |id: u32, name: &str| Entity {
            id,
            kind: if name.ends_with('X') {
                EntityType::Organisation
            } else {
                EntityType::Person
            },
            name: name.to_owned(),
            mentions: vec![Mention {
                start: 0,
                end: 1,
                text: name.to_owned(),
                kind: MentionKind::Name,
            }],
            ..Entity::default()
        };
        let date = words
            .iter()
            .find_map(|word| word.strip_prefix('@'))
            .map(str::to_owned);
        let modality = words
            .iter()
            .find_map(|word| modality(word.strip_prefix('~')?));
        let denied = words[1].starts_with('!');
        let relation = Relation {
            subject: 0,
            predicate: words[1].trim_start_matches('!').to_owned(),
            object: 1,
            polarity: if denied {
                Polarity::Negated
            } else {
                Polarity::Affirmed
            },
            modality: modality.unwrap_or_default(),
            date,
            confidence: 0.9,
            evidence: Evidence {
                start: 0,
                end: line.len() as u32,
                text: (*line).to_owned(),
                trigger: TriggerSpan { start: 0, end: 1 },
            },
            ..Relation::default()
        };
        Facts {
            doc: format!("{number}.txt"),
            entities: vec![entity(0, words[0]), entity(1, words[2])],
            relations: vec![relation],
            ..Facts::default()
        }
    });
    Graph::from_facts(facts, &ontology())
}

fn node(graph: &Graph, name: &str) -> NodeId {
    match graph.resolve(name, None) {
        Resolution::One(id) => id,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn ways_are_found_cheapest_first() {
    let graph = graph(&[
        "Ada met_with Bea",
        "Bea met_with Cleo",
        "Ada met_with Dora",
        "Dora met_with Cleo",
        "Dora met_with Cleo",
        "Ada accused Eve",
        "Eve !met_with Cleo",
        "Flo met_with Gus",
    ]);
    let scheme = Scheme::of(&graph, &ontology());
    let all = EdgeFilter::default();
    let affirmed = EdgeFilter {
        polarity: Some(Polarity::Affirmed),
        ..EdgeFilter::default()
    };
    // name, filter, from, to, ways
    let cases = [
        (
            "better supported first",
            &all,
            "Ada",
            "Cleo",
            vec!["Ada Dora Cleo", "Ada Bea Cleo", "Ada Eve Cleo"],
        ),
        (
            "denied edges filtered",
            &affirmed,
            "Ada",
            "Cleo",
            vec!["Ada Dora Cleo", "Ada Bea Cleo"],
        ),
        (
            "against the direction",
            &all,
            "Eve",
            "Ada",
            vec!["Eve Ada", "Eve Cleo Dora Ada", "Eve Cleo Bea Ada"],
        ),
        ("no way", &all, "Ada", "Flo", vec![]),
    ];
    for (name, filter, from, to, want) in cases {
        let ways = Ways::new(&graph, &scheme, filter);
        let found = ways.best(node(&graph, from), node(&graph, to), 3);
        let shown: Vec<String> = found
            .iter()
            .map(|path| {
                let names: Vec<&str> = path.nodes.iter().map(|id| graph.name(*id)).collect();
                names.join(" ")
            })
            .collect();
        assert_eq!(shown, want, "{name}");
        for path in &found {
            assert_eq!(path.hops.len() + 1, path.nodes.len(), "{name}");
            assert!(path.hops.iter().all(|hop| !hop.is_empty()), "{name}");
        }
    }
    let ways = Ways::new(&graph, &scheme, &all);
    let ends = ["Bea", "Dora", "Flo"].map(|name| node(&graph, name));
    let (tree, missed) = ways.connect(&ends);
    assert_eq!(tree.len(), 3, "two ends and the one node between them");
    assert_eq!(missed, vec![node(&graph, "Flo")]);
    let common = ways.common(node(&graph, "Bea"), node(&graph, "Dora"));
    assert_eq!(common, vec![node(&graph, "Ada"), node(&graph, "Cleo")]);
}

#[test]
fn queries_are_answered() {
    let graph = graph(&[
        "Ada ceo_of NorX",
        "Bea ceo_of SudX",
        "Cleo ceo_of WestX ~former",
        "NorX headquartered_in Oslo",
        "SudX headquartered_in Oslo",
        "Ada met_with Bea @2024-05-02",
        "Cleo met_with Ada @2023",
        "Cleo accused Ada",
    ]);
    let ontology = ontology();
    let scheme = Scheme::of(&graph, &ontology);
    // query, rows; a count stands after its row
    let cases = [
        (
            "?x ceo_of ?y . ?y headquartered_in Oslo",
            vec!["Ada NorX", "Bea SudX"],
        ),
        ("?y has_ceo Ada", vec!["NorX"]),
        ("Ada ceo_of ?y", vec!["NorX"]),
        ("?x met_with Ada", vec!["Bea", "Cleo"]),
        ("Ada met_with ?x", vec!["Bea", "Cleo"]),
        ("?x met_with Ada [since=2024]", vec!["Bea"]),
        ("?x ceo_of ?y [facts]", vec!["Ada NorX", "Bea SudX"]),
        ("?x ceo_of ?y [modality=former|planned]", vec!["Cleo WestX"]),
        ("?x accused|met_with Ada . ?x != Bea", vec!["Cleo"]),
        ("?x * Ada . ?x is organisation", vec![]),
        ("Ada * ?x . ?x is organisation", vec!["NorX"]),
        (
            "select ?y : ?x ceo_of ?y . ?x met_with ?z",
            vec!["NorX", "SudX", "WestX"],
        ),
        (
            "count ?x by ?y : ?x met_with ?y",
            vec!["Ada 2", "Bea 1", "Cleo 1"],
        ),
        ("count : ?x ceo_of ?y", vec!["3"]),
        ("?x ceo_of ?x", vec![]),
    ];
    for (text, want) in cases {
        let query = Query::parse(text, &ontology).unwrap_or_else(|error| panic!("{text}: {error}"));
        let answer = answer(&graph, &scheme, &query, 0).unwrap_or_else(|e| panic!("{text}: {e}"));
        let shown: Vec<String> = answer
            .rows
            .iter()
            .map(|row| {
                let names = row.values.iter().map(|id| graph.name(*id).to_owned());
                let all: Vec<String> = names.chain(row.count.map(|n| n.to_string())).collect();
                all.join(" ")
            })
            .collect();
        assert_eq!(shown, want, "{text}");
    }
    let query = Query::parse("?x * ?y", &ontology).unwrap();
    let answer = answer(&graph, &scheme, &query, 2).unwrap();
    assert_eq!((answer.rows.len(), answer.cut), (2, true));
}

#[test]
fn errors_of_queries_point_at_their_column() {
    let ontology = ontology();
    let graph = graph(&["Annabella ceo_of NorX", "Bea met_with Annabella"]);
    let scheme = Scheme::of(&graph, &ontology);
    // query, message
    let cases = [
        ("", "column 1: a clause is missing, such as ?x visited ?y"),
        (
            "?x ceo_off ?y",
            "column 4: no relation is called ceo_off; did you mean ceo_of?",
        ),
        (
            "?x ceo_of",
            "column 4: a name or a ?variable is missing after the relation",
        ),
        (
            "ceo_of ?x",
            "column 1: a name or a ?variable is missing before the relation",
        ),
        ("?x ceo_of \"NorX", "column 11: this quote has no end"),
        (
            "?x ceo_of ?y [modality=maybe]",
            "column 15: bad value maybe; expected asserted, planned, possible, alleged or former",
        ),
        ("?x ceo_of ?y [facts", "column 14: this [ has no ]"),
        (
            "?x ceo_of ?y [when=2003]",
            "column 15: no filter is called when=2003; there are facts, modality, polarity, since, until, as-of, support, confidence, by",
        ),
        (
            "?x ceo_of ?y [since=2025-02-31]",
            "column 15: bad value 2025-02-31; expected a date: 2025, 2025-03 or 2025-03-14",
        ),
        (
            "?x ceo_of ?y . ?x is human",
            "column 22: no type is called human; there are person, organisation, country, place, other",
        ),
        (
            "select ?z : ?x ceo_of ?y",
            "column 8: no clause says what ?z is",
        ),
        (
            "? ceo_of ?y",
            "column 1: expected a variable such as ?x, found ?",
        ),
        (
            "Zoe Quist ceo_of ?y",
            "column 1: no entity is called Zoe Quist",
        ),
        (
            "Anabella ceo_of ?y",
            "column 1: no entity is called Anabella; did you mean Annabella?",
        ),
    ];
    for (text, want) in cases {
        let found =
            Query::parse(text, &ontology).and_then(|query| answer(&graph, &scheme, &query, 0));
        let error = found.err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some(want), "{text}");
    }
}

#[test]
fn ranks_are_those_of_the_textbook() {
    // A star of four around Hub, and a tail.
    let graph = graph(&[
        "Hub met_with Ann",
        "Hub met_with Bob",
        "Hub met_with Cat",
        "Cat met_with Dan",
    ]);
    let near = Neighbours::of(&graph, |_| true);
    let of = |scores: &[f64], name: &str| scores[node(&graph, name).index()];
    // Betweenness over ordered pairs: Hub lies on 10 of 12 (all but Cat–Dan), Cat on 6.
    let between = betweenness(&near);
    assert!(
        (of(&between, "Hub") - 10.0 / 15.0).abs() < 1e-9,
        "{between:?}"
    );
    assert!(
        (of(&between, "Cat") - 6.0 / 15.0).abs() < 1e-9,
        "{between:?}"
    );
    assert_eq!(of(&between, "Ann"), 0.0);
    let ranks = pagerank(&near);
    assert!((ranks.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    assert_eq!(ranked(&ranks)[0].0, node(&graph, "Hub"));
    // No neighbour of Hub knows another: effective size is their number.
    assert_eq!(of(&brokerage(&near), "Hub"), 3.0);
}

#[test]
fn two_cliques_are_two_communities() {
    let mut lines = Vec::new();
    for group in [["Ann", "Bob", "Cat", "Dan"], ["Eve", "Flo", "Gus", "Hal"]] {
        for (at, a) in group.iter().enumerate() {
            for b in &group[at + 1..] {
                lines.push(format!("{a} met_with {b}"));
            }
        }
    }
    lines.push("Dan met_with Eve".to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let graph = graph(&lines);
    let groups = communities(&graph, |_| Some(1.0));
    let of = |name: &str| groups[node(&graph, name).index()];
    assert_eq!(members(&groups).len(), 2);
    assert!(
        ["Bob", "Cat", "Dan"]
            .iter()
            .all(|name| of(name) == of("Ann"))
    );
    assert!(
        ["Flo", "Gus", "Hal"]
            .iter()
            .all(|name| of(name) == of("Eve"))
    );
}

#[test]
fn disputes_times_and_changes() {
    let lines = [
        "Ada met_with Bea @2024-05-02",
        "Ada !met_with Bea",
        "Ada accused Bea @2023",
        "Bea accused Cleo",
    ];
    let graph_of = graph;
    let graph = graph_of(&lines);
    let ontology = ontology();
    let scheme = Scheme::of(&graph, &ontology);
    let all = EdgeFilter::default();
    let found = disputes(&graph, &scheme, &all);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].affirmed.len(), found[0].denied.len()), (1, 1));
    let ada = node(&graph, "Ada");
    let moments = timeline(&graph, &scheme, ada, &all).unwrap();
    let dates: Vec<String> = moments
        .iter()
        .map(|moment| moment.date.to_string())
        .collect();
    assert_eq!(dates, ["2023", "2024-05-02"]);
    let bea = node(&graph, "Bea");
    let years = balance(&graph, &scheme, ada, bea, Period::Year, &all).unwrap();
    let years: Vec<(String, f64)> = years
        .iter()
        .map(|year| {
            (
                year.period.map(|date| date.to_string()).unwrap_or_default(),
                year.share(),
            )
        })
        .collect();
    assert_eq!(years, [("2023".to_owned(), -1.0), ("2024".to_owned(), 1.0)]);
    let after = graph_of(&[lines[0], lines[0], lines[1], "Cleo accused Bea"]);
    let other = Scheme::of(&after, &ontology);
    let found = changes((&graph, &scheme, &all), (&after, &other, &all));
    let shown: Vec<&str> = found
        .iter()
        .map(|change| match change {
            EdgeChange::New(_) => "new",
            EdgeChange::Gone(_) => "gone",
            EdgeChange::Changed(..) => "changed",
        })
        .collect();
    assert_eq!(shown, ["gone", "changed", "gone", "new"]);
}

#[test]
fn states_hold_between_their_dates() {
    let graph = graph(&[
        "Ada ceo_of NorX",
        "Bea ceo_of NorX ~former",
        "Ada met_with Bea @2020",
    ]);
    let scheme = Scheme::of(&graph, &ontology());
    let as_of = |day: &str| EdgeFilter {
        as_of: crate::Date::parse(day),
        ..EdgeFilter::default()
    };
    let held = |filter: &EdgeFilter| {
        let ids = graph
            .edge_ids()
            .filter(|id| filter.admits(&graph, &scheme, *id));
        ids.map(|id| graph.name(graph.edge(id).subject).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(held(&as_of("2024-01-01")), ["Ada"]);
    let since = EdgeFilter {
        since: crate::Date::parse("2020-03"),
        until: crate::Date::parse("2020-04"),
        ..EdgeFilter::default()
    };
    assert_eq!(held(&since), ["Ada"], "2020 may be March");
}
