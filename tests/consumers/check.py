"""Reads every export back and compares counts and one awkward label. Usage: check.py FOLDER"""
import csv
import importlib
import json
import pathlib
import re
import shutil
import sys

from awkward import NAME

OUT = pathlib.Path(sys.argv[1])
STATS = {(row["what"], row["which"]): row["number"] for row in json.load(open(OUT / "stats.json"))}
NODES, EDGES = STATS["entities", ""], STATS["relations", ""]
failures = 0


def same(what, found, wanted):
    global failures
    if found != wanted:
        failures += 1
        print(f"FAILED {what}: found {found!r}, wanted {wanted!r}")


def reader(*packages):
    """Runs the function below it if the packages are there."""
    def run(check):
        for package in packages:
            try:
                importlib.import_module(package)
            except ImportError:
                print(f"skipped: {check.__name__}, because {package} is not installed")
                return
        check()
        print(f"read back: {check.__name__}")
    return run


@reader("networkx")
def graphml():
    import networkx
    graph = networkx.read_graphml(OUT / "graph.graphml", force_multigraph=True)
    same("graphml nodes", graph.number_of_nodes(), NODES)
    same("graphml edges", graph.number_of_edges(), EDGES)
    names = {data["name"] for _, data in graph.nodes(data=True)}
    same("graphml label", NAME in names, True)


@reader("networkx")
def gexf():
    import networkx
    graph = networkx.read_gexf(OUT / "graph.gexf")
    same("gexf nodes", graph.number_of_nodes(), NODES)
    same("gexf edges", graph.number_of_edges(), EDGES)
    same("gexf label", NAME in {data["label"] for _, data in graph.nodes(data=True)}, True)


def rdf(file, kind):
    import rdflib
    from rdflib.namespace import RDF, RDFS
    graph = rdflib.Dataset(default_union=True)
    graph.parse(OUT / file, format=kind)
    same(f"{kind} statements", len(set(graph.subjects(RDF.type, RDF.Statement))), EDGES)
    things = {s for s in graph.subjects(RDF.type, None) if ":entity/" in str(s)}
    same(f"{kind} entities", len(things), NODES)
    same(f"{kind} label", NAME in {str(label) for label in graph.objects(None, RDFS.label)}, True)


@reader("rdflib")
def turtle():
    rdf("graph.turtle", "turtle")


@reader("rdflib")
def jsonld():
    rdf("graph.jsonld", "json-ld")


@reader("rdflib")
def nquads():
    rdf("graph.nquads", "nquads")


@reader("followthemoney")
def followthemoney():
    from followthemoney import model
    things, links, names = 0, 0, set()
    for line in open(OUT / "graph.ftm", encoding="utf-8"):
        data = json.loads(line)
        proxy = model.get_proxy(data, cleaned=False)
        for key, values in data["properties"].items():
            prop = proxy.schema.properties.get(key)
            same(f"ftm {proxy.schema.name} has {key}", prop is not None, True)
            # What the model refuses when it cleans a value is lost to its users.
            if prop is not None and (key == "name" or prop.type.name in ("entity", "country", "date")):
                same(f"ftm keeps {key}", len(proxy.get(key)), len(values))
        if data["id"].startswith("tl-edge-"):
            links += 1
            same("ftm edge", proxy.schema.edge, True)
        elif not data["id"].startswith("tl-document-"):
            things += 1
            names.update(proxy.get("name"))
    denied = sum(n for (what, which), n in STATS.items()
                 if what == "relations that are" and which.startswith("negated"))
    same("ftm entities", things, NODES)
    same("ftm edges", links, EDGES - denied)
    same("ftm label", NAME in names, True)


@reader("csv")
def tables():
    for folder, edges in (("gephi-csv", "edges.csv"), ("neo4j-csv", "relationships.csv")):
        nodes = list(csv.DictReader(open(OUT / folder / "nodes.csv", encoding="utf-8", newline="")))
        name = "Label" if folder == "gephi-csv" else "name"
        same(f"{folder} nodes", len(nodes), NODES)
        same(f"{folder} label", NAME in {row[name] for row in nodes}, True)
        rows = list(csv.DictReader(open(OUT / folder / edges, encoding="utf-8", newline="")))
        same(f"{folder} edges", len(rows), EDGES)


@reader("pyarrow")
def parquet():
    import pyarrow.parquet
    nodes = pyarrow.parquet.read_table(OUT / "parquet" / "nodes.parquet")
    edges = pyarrow.parquet.read_table(OUT / "parquet" / "edges.parquet")
    evidence = pyarrow.parquet.read_table(OUT / "parquet" / "evidence.parquet")
    same("parquet nodes", nodes.num_rows, NODES)
    same("parquet edges", edges.num_rows, EDGES)
    same("parquet statements", evidence.num_rows, STATS["statements", ""])
    same("parquet label", NAME in nodes["name"].to_pylist(), True)


@reader("ladybug", "pyarrow")
def embedded_graph_database():
    import ladybug
    shutil.rmtree(OUT / "db", ignore_errors=True)
    (OUT / "db").unlink(missing_ok=True)
    connection = ladybug.Connection(ladybug.Database(str(OUT / "db")))
    connection.execute(
        "CREATE NODE TABLE Entity(key STRING PRIMARY KEY, name STRING, type STRING, iso STRING, "
        "wikidata STRING, aliases STRING, mentions INT32, documents INT32, first_seen STRING, "
        "last_seen STRING)")
    connection.execute(
        "CREATE REL TABLE Tie(FROM Entity TO Entity, predicate STRING, relation STRING, "
        "polarity STRING, modality STRING, symmetric BOOLEAN, sign INT32, statements INT32, "
        "documents INT32, confidence DOUBLE, `first` STRING, `last` STRING, since STRING, "
        "until STRING, quote STRING, document STRING)")
    connection.execute(f"COPY Entity FROM '{OUT / 'parquet' / 'nodes.parquet'}'")
    connection.execute(f"COPY Tie FROM '{OUT / 'parquet' / 'edges.parquet'}'")
    one = lambda query: connection.execute(query).get_next()[0]
    same("database nodes", one("MATCH (n:Entity) RETURN count(*)"), NODES)
    same("database edges", one("MATCH (:Entity)-[t:Tie]->(:Entity) RETURN count(*)"), EDGES)
    ceo = connection.execute("MATCH (a:Entity)-[t:Tie {predicate: 'ceo_of'}]->(b) RETURN a.name")
    names = set()
    while ceo.has_next():
        names.add(ceo.get_next()[0])
    same("database label", NAME in names, True)


@reader("json")
def cypher():
    lines = open(OUT / "graph.cypher", encoding="utf-8").read().split("\n")
    # Outside quotes nothing of an article may stand.
    string = re.compile(r"'(?:[^'\\]|\\.)*'")
    shape = re.compile(
        r"^(MERGE \(n:\w+ \{key: S\}\) SET [\w.=, \[\]]*;"
        r"|MATCH \(a:\w+ \{key: S\}\), \(b:\w+ \{key: S\}\) MERGE \(a\)-\[r:`\w+` "
        r"\{polarity: S, modality: S\}\]->\(b\) SET [\w.=, ]*;)$")
    for line in filter(None, lines):
        plain = string.sub("S", line)
        same(f"cypher line {plain[:90]}", bool(shape.match(plain)), True)
    same("cypher nodes", sum(line.startswith("MERGE (n:") for line in lines), NODES)
    same("cypher edges", sum(line.startswith("MATCH ") for line in lines), EDGES)


@reader("sqlite3")
def graph_file():
    import sqlite3
    database = sqlite3.connect(f"file:{OUT / 'graph.tieline'}?mode=ro", uri=True)
    one = lambda query, *values: database.execute(query, values).fetchone()[0]
    same("graph file nodes", one("SELECT count(*) FROM entities"), NODES)
    same("graph file edges", one("SELECT count(*) FROM edges"), EDGES)
    same("graph file label", one("SELECT count(*) FROM entities WHERE name = ?", NAME), 1)
    same("graph file evidence", one("SELECT count(DISTINCT edge) FROM evidence"), EDGES)
    reasons = "SELECT count(DISTINCT key) FROM merges WHERE reason <> ''"
    same("graph file reasons", one(reasons), NODES)


@reader("json")
def lines():
    documents = [json.loads(line) for line in open(OUT / "graph.jsonl", encoding="utf-8")]
    paths = [document["doc"] for document in documents]
    same("lines in order", paths, sorted(paths, key=str.encode))
    names = {entity["name"] for document in documents for entity in document["entities"]}
    same("lines label", NAME in names, True)
    for document in documents:
        ids = [entity["id"] for entity in document["entities"]]
        same(f"ids of {document['doc']}", ids, list(range(len(ids))))


@reader("json")
def notes():
    files = {file.stem: file.read_text(encoding="utf-8") for file in (OUT / "markdown").glob("*.md")}
    same("notes", len(files), NODES)
    links = [link for text in files.values() for link in re.findall(r"(?<!\\)\[\[(.*?)\]\]", text)]
    same("notes linked", len(links), 2 * EDGES)
    same("links without a note", sorted(set(links) - set(files)), [])


sys.exit(1 if failures else 0)
