//! Every state of ISO 3166, through the whole pipeline: by name, by adjective, by its capital that
//! speaks for it, and by its capital as a place.

use tieline_cli::load;
use tieline_data::LEXICONS;
use tieline_facts::EntityType;
use tieline_text::Document;

/// A sentence about a state, and whether the state is what it names.
struct Case {
    key: String,
    text: String,
    /// The name of the city where the capital is a place.
    place: Option<String>,
}

/// The sentences of all states.
fn cases() -> Vec<Case> {
    let table = LEXICONS.iter().find(|(name, _)| *name == "countries");
    let (_, table) = table.expect("the table of countries");
    let mut cases = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let &[key, _, _, "state", name, capital, adjective] = columns.as_slice() else {
            continue;
        };
        let mut add = |text: String, place: Option<&str>| {
            cases.push(Case {
                key: key.to_owned(),
                text,
                place: place.map(str::to_owned),
            });
        };
        let article = [
            "United",
            "Republic",
            "Islands",
            "Netherlands",
            "Philippines",
        ];
        let the = if article.iter().any(|word| name.contains(word)) {
            "the "
        } else {
            ""
        };
        add(
            format!("Officials in {the}{name} said that talks would go on next week."),
            None,
        );
        if !adjective.is_empty() {
            add(
                format!("The {adjective} foreign minister met reporters on Monday."),
                None,
            );
        }
        if !capital.is_empty() {
            add(
                format!("{capital} said it would respond to the new tariffs."),
                None,
            );
            add(
                format!("The delegation flew to {capital} on Friday."),
                Some(capital),
            );
        }
    }
    cases
}

#[test]
fn states_are_told_from_places() {
    let pipeline = load::load_pipeline().expect("the models load");
    let cases = cases();
    assert!(700 < cases.len(), "{} sentences", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let facts = pipeline.run(&Document::from_text("-", case.text.as_str()));
        let right = match (&facts.entities[..], &case.place) {
            ([only], None) => {
                only.kind == EntityType::Country && only.iso.as_deref() == Some(&case.key)
            }
            ([only], Some(city)) => only.kind == EntityType::Place && only.name == *city,
            _ => false,
        };
        if !right {
            let found = facts.entities.iter().map(|e| (e.kind.as_str(), &e.name));
            wrong.push(format!("{} {:?}", case.text, found.collect::<Vec<_>>()));
        }
    }
    let share = 100.0 * (cases.len() - wrong.len()) as f64 / cases.len() as f64;
    assert!(98.0 <= share, "{share:.1} per cent\n{}", wrong.join("\n"));
}
