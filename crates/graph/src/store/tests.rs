use std::collections::BTreeMap;

use tieline_facts::{Entity, Evidence, Mention, MentionKind, Modality, Polarity, Relation};
use tieline_facts::{EntityType, TriggerSpan};

use super::*;
use crate::identity::Decisions;
use crate::model::Graph;

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let name = format!("tieline-store-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Random numbers (xorshift), the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }
}

const NAMES: [&str; 9] = [
    "Ada Holm",
    "Holm",
    "Bo Lind",
    "Norvik",
    "Teleson AB",
    "teleson",
    "Cy \"x\"\n",
    "Ida Holm",
    "",
];

/// A document that depends on path and version only.
fn document(path: &str, version: u64) -> NewDocument {
    let seed = path
        .bytes()
        .fold(version + 1, |sum, b| sum.wrapping_mul(257) ^ u64::from(b));
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let n = 2 + random.below(5);
    let entities: Vec<Entity> = (0..n as u32)
        .map(|id| {
            let name = NAMES[random.below(NAMES.len())].to_owned();
            let mention = Mention {
                start: 3 * id,
                end: 3 * id + 2,
                text: name.clone(),
                kind: [MentionKind::Name, MentionKind::Pronoun][random.below(2)],
            };
            Entity {
                id,
                kind: [EntityType::Person, EntityType::Organisation][random.below(2)],
                name,
                iso: None,
                wikidata: (random.below(4) == 0).then(|| format!("Q{}", random.below(3))),
                known: None,
                gender: None,
                roles: Vec::new(),
                mentions: vec![mention; 1 + random.below(2)],
            }
        })
        .collect();
    let relations = (0..random.below(6) as u32).map(|at| Relation {
        subject: random.below(n) as u32,
        predicate: ["met_with", "accused", "unheard_of"][random.below(3)].to_owned(),
        object: random.below(n) as u32,
        polarity: [Polarity::Affirmed, Polarity::Negated][random.below(2)],
        modality: [Modality::Asserted, Modality::Alleged][random.below(2)],
        source: (random.below(2) == 0).then(|| random.below(n) as u32),
        source_text: None,
        date: Some(["2025-01-16", "2003-05", "last year"][random.below(3)].to_owned()),
        from: (random.below(3) == 0).then(|| "1998".to_owned()),
        until: None,
        amount: (random.below(3) == 0).then(|| tieline_facts::Amount {
            text: "12%".to_owned(),
            value: 12.0,
            unit: "%".to_owned(),
        }),
        confidence: random.below(100) as f32 / 99.0,
        evidence: Evidence {
            start: 40 * at,
            end: 40 * at + 30,
            text: format!("Sentence {at} of {path}, no. {version}."),
            trigger: TriggerSpan {
                start: 40 * at + 2,
                end: 40 * at + 5,
            },
        },
        rule: Some("rule".to_owned()),
    });
    let relations = relations.collect();
    // Some paths hold the same text.
    let step = random.below(3) + 1;
    let words: Vec<String> = (0..40).map(|n| format!("w{}", n * step)).collect();
    NewDocument {
        facts: Facts {
            doc: path.to_owned(),
            date: (random.below(2) == 0).then(|| "2025-02-03".to_owned()),
            entities,
            relations,
            open: Vec::new(),
            notes: vec![tieline_facts::WireNote {
                kind: "encoding".to_owned(),
                span: (random.below(2) == 0).then_some((1, 2)),
                message: "a note".to_owned(),
            }],
        },
        hash: fingerprint([path.as_bytes(), &version.to_le_bytes()]),
        title: None,
        signature: Signature::of(&words[..20 + 20 * random.below(2)].join(" ")),
    }
}

fn origin() -> Origin {
    Origin {
        program: "test".to_owned(),
        models: "m".to_owned(),
        rules: "r".to_owned(),
    }
}

fn ontology() -> Ontology {
    let rows = "#! relations 1\n\
        met_with\tmet with\t1\tDiplomacy\tsym\tevent\tPOC\tPOC\t-\tCONSULT\t040\t+\n\
        accused\taccused\t1\tConflict\t-\tevent\tPOC\tPOC\t-\tACCUSE\t112\t-\n";
    Ontology::parse(rows).unwrap()
}

fn build(path: &Path, documents: &[NewDocument]) -> String {
    let mut store = Store::open_to_write(path, &origin()).unwrap();
    for document in documents {
        store.put(document).unwrap();
    }
    store.finish(&ontology()).unwrap();
    store.dump().unwrap()
}

/// One of some files of decisions, the first without any.
fn decisions(which: usize) -> Decisions {
    let text = [
        "",
        "[[merge]]\nnames = [\"Ada Holm\", \"Ida Holm\"]\nwhy = \"married\"\n\
         [[split]]\nname = \"Norvik\"\ndocuments = [\"a/*\", \"2.txt\"]\nas = \"Norvik (port)\"\n\
         [[rename]]\nname = \"Nobody\"\nto = \"Somebody\"\n",
        "[[retype]]\nname = \"Teleson AB\"\nto = \"place\"\n\
         [[forbid]]\nnames = [\"Holm\", \"Ada Holm\"]\n\
         [[alias]]\nname = \"Bo Lind\"\nalias = \"Teleson\"\n\
         [[same-as]]\nname = \"Bo Lind\"\nwikidata = \"Q7\"\ntype = \"person\"\n",
    ][which];
    let read = Decisions::parse(&format!("format = 1\n{text}"), "d.toml");
    read.unwrap()
}

/// Why everything is what it is.
fn reasons(graph: &Graph) -> String {
    let mut out = String::new();
    for id in graph.node_ids() {
        let (joins, misses) = (graph.joins(id).unwrap(), graph.near_misses(id).unwrap());
        out += &format!("{} {joins:?} {misses:?}\n", graph.node(id).key);
    }
    out
}

#[test]
fn decisions_come_back_as_they_were() {
    let folder = Folder::new("decisions");
    let file = folder.file("a.tieline");
    build(&file, &[document("a.txt", 1)]);
    for which in [1, 2, 0, 2, 2] {
        let mut store = Store::open_to_change(&file).unwrap();
        let decided = decisions(which);
        store.decide(&decided).unwrap();
        store.finish(&ontology()).unwrap();
        assert!(store.decisions().unwrap().is_same(&decided));
        let notes = store.notes().unwrap();
        assert_eq!(notes.is_empty(), which == 0, "{notes:?}");
        assert!(!store.finish(&ontology()).unwrap(), "nothing is left to do");
    }
}

#[test]
fn too_many_relation_types_are_told() {
    let folder = Folder::new("types");
    let file = folder.file("a.tieline");
    let mut one = document("a.txt", 1);
    one.facts.entities.truncate(2);
    let mut relation = (1..).find_map(|n| document("b.txt", n).facts.relations.pop());
    let relation = relation.as_mut().unwrap();
    (relation.subject, relation.object, relation.source) = (0, 1, None);
    (0..2).for_each(|at| one.facts.entities[at].name = format!("Name{at}"));
    one.facts.relations = (0..65_536)
        .map(|n| {
            relation.predicate = format!("type_{n}");
            relation.clone()
        })
        .collect();
    let too_large = |error: StoreError| {
        assert!(matches!(error.kind(), StoreErrorKind::TooLarge), "{error}");
    };
    let mut store = Store::open_to_write(&file, &origin()).unwrap();
    store.put(&one).unwrap();
    too_large(store.finish(&ontology()).unwrap_err());
    drop(store);
    too_large(Store::open(&file).unwrap().load(&ontology()).unwrap_err());
    // One less fits.
    one.facts.relations.pop();
    let mut store = Store::open_to_write(&file, &origin()).unwrap();
    store.put_exactly(&one).unwrap();
    store.finish(&Ontology::default()).unwrap();
    let graph = Store::open(&file).unwrap().load(&Ontology::default());
    assert_eq!(graph.unwrap().n_edges(), 65_535);
}

#[test]
fn any_way_leads_to_the_same_file() {
    let folder = Folder::new("same");
    for seed in 1..=12u64 {
        let mut random = Random(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
        let file = folder.file(&format!("{seed}.tieline"));
        let mut held: BTreeMap<String, u64> = BTreeMap::new();
        let mut decided = Decisions::default();
        // Some runs, each of some steps, with and without an end.
        for _ in 0..3 {
            let mut store = Store::open_to_write(&file, &origin()).unwrap();
            if random.below(2) == 0 {
                decided = decisions(random.below(3));
                store.decide(&decided).unwrap();
            }
            for _ in 0..random.below(12) {
                let path = format!(
                    "{}/{}.txt",
                    ["a", "a b", "c"][random.below(3)],
                    random.below(5)
                );
                let version = random.below(3) as u64;
                if random.below(3) == 0 {
                    let had = held.remove(&path).is_some();
                    assert_eq!(store.remove(&path).unwrap(), usize::from(had), "{path}");
                } else {
                    let want = match held.insert(path.clone(), version) {
                        None => Put::Added,
                        Some(before) if before == version => Put::Unchanged,
                        Some(_) => Put::Replaced,
                    };
                    assert_eq!(
                        store.put(&document(&path, version)).unwrap(),
                        want,
                        "{path}"
                    );
                }
                if random.below(6) == 0 {
                    store.finish(&ontology()).unwrap();
                }
                if random.below(9) == 0 {
                    let n = held.len();
                    held.retain(|path, _| !path.starts_with("a/"));
                    assert_eq!(store.remove("./a/").unwrap(), n - held.len());
                }
            }
            store.commit().unwrap();
        }
        let dump = build(&file, &[]);
        let fresh: Vec<_> = held
            .iter()
            .rev()
            .map(|(path, v)| document(path, *v))
            .collect();
        let fresh_file = folder.file(&format!("{seed}-fresh.tieline"));
        let mut store = Store::open_to_write(&fresh_file, &origin()).unwrap();
        store.decide(&decided).unwrap();
        store.commit().unwrap();
        drop(store);
        let fresh = build(&fresh_file, &fresh);
        assert_eq!(dump, fresh, "seed {seed}");
        let documents = held.iter().map(|(path, v)| document(path, *v));
        let (facts, signatures): (Vec<_>, Vec<_>) =
            documents.map(|one| (one.facts, one.signature)).unzip();
        let copies = crate::find_copies(&signatures);
        let memory = Graph::from_copies(facts, &copies, &ontology(), &decided).unwrap();
        let loaded = Store::open(&file).unwrap().load(&ontology()).unwrap();
        assert_eq!(reasons(&loaded), reasons(&memory.0), "seed {seed}");
        assert_eq!(
            Store::open(&file).unwrap().notes().unwrap(),
            memory.1.notes()
        );
        let store = Store::open(&file).unwrap();
        assert!(store.is_sound().unwrap());
        let documents: Vec<Facts> = held
            .iter()
            .map(|(path, v)| document(path, *v).facts)
            .collect();
        assert_eq!(
            store.facts().unwrap().0,
            documents,
            "facts come back as they were"
        );
    }
}

#[test]
fn lines_lead_to_the_same_file() {
    let folder = Folder::new("lines");
    for seed in 0..8 {
        let documents: Vec<_> = (0..12)
            .map(|n| {
                let mut one = document(&format!("{seed}/{n:02}.txt"), seed * 100 + n);
                one.title = (n % 3 == 0).then(|| format!("Title \"{n}\"\n"));
                // A sentence has one text.
                one.facts.entities[0].roles = vec!["chair".to_owned(); (n % 2) as usize];
                one.facts.entities[0].known = (n % 4 == 0).then(|| format!("k{n}"));
                one
            })
            .collect();
        let first = folder.file(&format!("{seed}.tieline"));
        build(&first, &documents);
        let mut store = Store::open_to_change(&first).unwrap();
        let decided = decisions(seed as usize % 3);
        store.decide(&decided).unwrap();
        store.finish(&ontology()).unwrap();
        let want = store.dump().unwrap();
        drop(store);
        let mut writer = LineWriter::new(&ontology(), &Ontology::default(), &decided);
        let mut lines = Vec::new();
        let store = Store::open(&first).unwrap();
        let kept = store.for_each_document(|document, origin| {
            lines.push(writer.line(&document, &origin));
            Ok::<(), StoreError>(())
        });
        kept.unwrap();
        let second = folder.file(&format!("{seed}-again.tieline"));
        let mut types = Ontology::default();
        for round in 0..2 {
            let mut store = Store::open_to_write(&second, &Origin::elsewhere()).unwrap();
            // In another order.
            for (line, original) in lines.iter().zip(&documents).rev() {
                let read = from_line(line).unwrap();
                assert_eq!(&read.document, original);
                for kind in read.types {
                    types.add(kind);
                }
                if let Some(decided) = read.decisions {
                    store.decide(&decided).unwrap();
                }
                store.write_for(&read.origin.unwrap()).unwrap();
                let put = store.put_exactly(&read.document).unwrap();
                assert_eq!(put, [Put::Added, Put::Unchanged][round]);
            }
            assert_eq!(store.finish(&types).unwrap(), round == 0);
            assert!(store.dump().unwrap() == want, "seed {seed}");
        }
        assert_eq!(types, ontology(), "the types come along");
    }
}

/// Everything that a graph answers.
fn answers(graph: &Graph) -> String {
    let mut out = String::new();
    for id in graph.node_ids() {
        let aliases: Vec<_> = graph.aliases(id).collect();
        out += &format!("{:?} {aliases:?}\n", graph.node(id));
    }
    for id in graph.edge_ids() {
        let edge = graph.edge(id);
        let relation = graph.relation(edge.relation);
        let evidence = graph.evidence(id).unwrap();
        out += &format!(
            "{edge:?} {relation:?} {:?} {evidence:?}\n",
            graph.sources(id)
        );
    }
    for (document, at) in graph.documents().iter().zip(0..) {
        let nodes: Vec<_> = (0..9)
            .map(|entity| graph.node_of(crate::DocId(at), entity).unwrap())
            .collect();
        out += &format!("{document:?} {nodes:?}\n");
    }
    out
}

#[test]
fn a_file_answers_as_memory_does() {
    let folder = Folder::new("answers");
    let mut documents: Vec<NewDocument> = (0..30)
        .map(|n| document(&format!("{n:02}.txt"), n))
        .collect();
    // One text twice.
    let mut twin = documents[3].clone();
    assert!(twin.signature.is_some() && !twin.facts.relations.is_empty());
    twin.facts.doc = "twin.txt".to_owned();
    documents.push(twin);
    let signatures: Vec<_> = documents.iter().map(|one| one.signature.clone()).collect();
    let copies = crate::find_copies(&signatures);
    assert!(
        copies.iter().zip(0..).any(|(first, own)| *first != own),
        "some are copies"
    );
    let facts = documents.iter().map(|one| one.facts.clone()).collect();
    let memory = Graph::from_copies(facts, &copies, &ontology(), &Decisions::default());
    let memory = memory.unwrap().0;
    assert!(memory.n_edges() > 20);
    assert!(
        memory
            .edges()
            .iter()
            .any(|edge| edge.support < edge.n_documents)
    );

    let file = folder.file("a.tieline");
    build(&file, &documents);
    let loaded = Store::open(&file).unwrap().load(&ontology()).unwrap();
    assert_eq!(answers(&loaded), answers(&memory));

    // Out of date: derived by the reader, or, while another writes, in memory.
    let mut writer = Store::open_to_write(&file, &origin()).unwrap();
    writer.remove("07.txt").unwrap();
    writer.commit().unwrap();
    let in_memory = Store::open(&file).unwrap().load(&ontology()).unwrap();
    drop(writer);
    let in_file = Store::open(&file).unwrap().load(&ontology()).unwrap();
    assert_eq!(in_memory.documents().len(), 30);
    assert_eq!(answers(&in_file), answers(&in_memory));
    let again = Store::open(&file).unwrap();
    assert!(
        again.sql(derive::is_current_for_any).unwrap(),
        "kept for the next reader"
    );
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let folder = Folder::new("unusable");
    let text = folder.file("text.tieline");
    fs::write(
        &text,
        "Ada Holm met Bo Lind in Northport on Tuesday, and more.",
    )
    .unwrap();
    let other = folder.file("other.tieline");
    Connection::open(&other)
        .unwrap()
        .execute_batch("CREATE TABLE x (y)")
        .unwrap();
    let future = folder.file("future.tieline");
    build(&future, &[document("a.txt", 1)]);
    Connection::open(&future)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let empty = folder.file("empty.tieline");
    fs::write(&empty, "").unwrap();
    // name, file, what reading says, what writing says
    let cases = [
        ("a text", &text, "not a graph file", "not a graph file"),
        (
            "of another program",
            &other,
            "not a graph file",
            "not a graph file",
        ),
        (
            "newer",
            &future,
            "newer tieline: format 99",
            "newer tieline: format 99",
        ),
        ("a folder", &folder.0, "not a graph file", "read-only"),
        (
            "missing",
            &folder.file("no.tieline"),
            "no such graph file",
            "",
        ),
        (
            "in no folder",
            &folder.file("no/no.tieline"),
            "no such graph file",
            "cannot be reached",
        ),
        ("empty", &empty, "not a graph file", ""),
    ];
    for (name, file, reading, writing) in cases {
        let before = fs::read(file).ok();
        let error = Store::open(file).map(drop).unwrap_err().to_string();
        assert!(error.contains(reading), "{name}, reading: {error}");
        match Store::open_to_write(file, &origin()) {
            Ok(_) => assert_eq!(writing, "", "{name}"),
            Err(error) => {
                let error = error.to_string();
                assert!(
                    !writing.is_empty() && error.contains(writing),
                    "{name}: {error}"
                );
                assert_eq!(fs::read(file).ok(), before, "{name}: untouched");
            }
        }
    }
}

#[test]
fn one_writes_at_a_time() {
    let folder = Folder::new("two");
    let file = folder.file("a.tieline");
    let first = Store::open_to_write(&file, &origin()).unwrap();
    let second = Store::open_to_write(&file, &origin())
        .map(drop)
        .unwrap_err();
    assert!(
        second.to_string().contains("another tieline is writing"),
        "{second}"
    );
    drop(first);
    assert!(Store::open_to_write(&file, &origin()).is_ok());
    let left: Vec<_> = fs::read_dir(&folder.0)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["a.tieline"], "nothing is left beside the file");
}

#[test]
fn a_full_disk_loses_nothing() {
    let folder = Folder::new("full");
    let file = folder.file("a.tieline");
    let documents: Vec<_> = (0..400)
        .map(|n| document(&format!("{n:03}.txt"), n))
        .collect();
    let want = build(&folder.file("b.tieline"), &documents);
    let mut store = Store::open_to_write(&file, &origin()).unwrap();
    store
        .sql(|db| db.pragma_update(None, "max_page_count", 60))
        .unwrap();
    let mut n_safe = 0;
    let error = documents.iter().find_map(|document| {
        let failed = store.put(document).and_then(|_| store.commit()).err();
        n_safe += usize::from(failed.is_none());
        failed
    });
    let error = error.expect("sixty pages are too few");
    assert!(matches!(error.kind(), StoreErrorKind::Full), "{error}");
    assert!(error.to_string().contains("no space left"), "{error}");
    assert!(matches!(
        store.finish(&ontology()).unwrap_err().kind(),
        StoreErrorKind::Full
    ));
    drop(store);
    assert!(n_safe > 10);
    let store = Store::open(&file).unwrap();
    assert!(store.is_sound().unwrap());
    assert_eq!(store.counts().unwrap().documents, n_safe as u64);
    assert_eq!(store.load(&ontology()).unwrap().documents().len(), n_safe);
    assert_eq!(build(&file, &documents), want, "the next run completes it");
}

#[test]
fn what_reads_documents_differently_reads_them_again() {
    let folder = Folder::new("origin");
    let file = folder.file("a.tieline");
    let one = document("a.txt", 1);
    build(&file, std::slice::from_ref(&one));
    let store = Store::open_to_write(&file, &origin()).unwrap();
    assert!(store.holdings().unwrap().has("a.txt", &one.hash));
    assert!(!store.holdings().unwrap().has("a.txt", "other"));
    drop(store);
    let newer = Origin {
        models: "m2".to_owned(),
        ..origin()
    };
    let mut store = Store::open_to_write(&file, &newer).unwrap();
    assert!(!store.holdings().unwrap().has("a.txt", &one.hash));
    assert_eq!(store.put(&one).unwrap(), Put::Replaced);
    assert_eq!(store.put(&one).unwrap(), Put::Unchanged);
}
