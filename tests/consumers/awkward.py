"""Facts in wire format v1 about two things whose names hold everything that breaks a format."""
import json

NAME = "Ada \"O'Hara\" <b>&amp;</b> {x} [y] | ; \\N #1 `z` $a$ 😀 café אבג"
OTHER = "Norvik, \"Sons\" & Daughters; Ltd\u202e\u0001"
QUOTE = "“Ada”\tsaid: <script>alert('1')</script> & \"so\"\r\non {1} [2] | 3; \\end\u2028."


def entity(id, kind, name):
    mention = {"start": 0, "end": 3, "text": name, "kind": "name"}
    return {"id": id, "type": kind, "name": name, "iso": None, "mentions": [mention]}


if __name__ == "__main__":
    print(json.dumps({
        "doc": "a \"strange\" <file> & name.txt",
        "entities": [entity(0, "person", NAME), entity(1, "organisation", OTHER)],
        "relations": [{
            "subject": 0, "predicate": "ceo_of", "object": 1, "polarity": "affirmed",
            "modality": "asserted", "source": None, "source_text": QUOTE, "date": "2003-05",
            "confidence": 0.9,
            "evidence": {"start": 0, "end": 9, "text": QUOTE, "trigger": {"start": 0, "end": 1}},
        }],
        "notes": [],
    }))
