"""Writes facts-it.jsonl and facts-en.jsonl: beginnings of sentences with four ends, of which one is true.

The facts are those of the sample model's small world (../sample-model/world.py), half of them as it was taught, half turned around or
joined so that it has to find the way: it knows the first and guesses at many of the second. The wrong ends are of the same kind.
Seeded: the same files every time. Run from this folder: python make_facts.py
"""

import json
import random
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "sample-model"))
from questions import linked, upper  # noqa: E402
from world import ANIMALS, COLOURS, CONTINENTS, CONTRARIES, COUNTRIES, DAYS, MONTHS  # noqa: E402


def taught(language):
    """(subject, beginning, right end, ends of the same kind) as the model was taught them."""
    it = language == "it"
    side = 0 if it else 1
    for row in COUNTRIES:
        ends = [other[2 + side] for other in COUNTRIES]
        yield "capitals", f"La capitale {linked('di', row[0])} è" if it else f"The capital of {row[1]} is", row[2 + side], ends
    for row in ANIMALS:
        ends = [other[4 + side] for other in ANIMALS]
        yield "animals", f"{upper(row[0])} mangia" if it else f"The {row[1]} eats", row[4 + side], ends
    for row in COLOURS:
        ends = [other[2 + side] for other in COLOURS if not it or other[2][-1] == row[2][-1]]
        yield "colours", f"{upper(row[0])} è" if it else f"{upper(row[1])} is", row[2 + side], ends
    for left in range(3, 20):
        right = (left * 7) % 13 + 2
        near = [str(left + right + offset) for offset in (-2, -1, 1, 2, 10)]
        yield "sums", f"{left} + {right} fa" if it else f"{left} + {right} is", str(left + right), near


def turned(language):
    """The same facts from another side, or two of them joined."""
    it = language == "it"
    side = 0 if it else 1
    for row in COUNTRIES:
        city, tongue, place = row[2 + side], row[5 + side], CONTINENTS[row[4]][side]
        tongues, places = [other[5 + side] for other in COUNTRIES], [other[side] for other in CONTINENTS]
        yield "cities", f"Chi vive a {city} parla" if it else f"People who live in {city} speak", tongue, tongues
        yield "places", f"La città di {city} si trova in" if it else f"The city of {city} is in", place, places
        yield "countries", f"Un paese in cui si parla {tongue} è" if it else f"A country where people speak {tongue} is", row[side], [
            other[side] for other in COUNTRIES if other[5 + side] != tongue
        ]
    for row in ANIMALS:
        names = [other[side] for other in ANIMALS if other[2 + side] != row[2 + side]]
        yield "sounds", f"L'animale che {row[2]} è" if it else f"The animal that {row[3]} is the", row[side], names
        names = [other[side] for other in ANIMALS if other[6 + side] != row[6 + side]]
        yield "homes", f"Un animale che vive {row[6]} è" if it else f"An animal that lives {row[7]} is the", row[side], names
    for row in COLOURS:
        names = [other[side] for other in COLOURS if other[2 + side][:4] != row[2 + side][:4]]
        yield "things", f"Di colore {row[2]} è" if it else f"A thing that is {row[3]} is", row[side], names
    for names, subject in ((DAYS, "days"), (MONTHS, "months")):
        words = [row[side] for row in names]
        for place, row in enumerate(words):
            yield subject, f"Due giorni dopo {row} viene" if it and subject == "days" else f"Due mesi dopo {row} viene" if it else (
                f"Two {subject} after {row} comes"
            ), words[(place + 2) % len(words)], words
    for one, two, one_en, two_en in CONTRARIES:
        words = [word for other in CONTRARIES for word in (other[:2] if it else other[2:])]
        first, second = (one, two) if it else (one_en, two_en)
        yield "contraries", f"Non è {first}, è" if it else f"It is not {first}, it is", second, [word for word in words if word != first]
    for left in range(2, 18):
        right = (left * 5) % 11 + 1
        near = [str(left + right + 1 + offset) for offset in (-2, -1, 1, 2, 3)]
        yield "long sums", f"{left} + {right} + 1 fa" if it else f"{left} + {right} + 1 is", str(left + right + 1), near


def rows(language):
    rng = random.Random(f"facts {language}")
    by_subject = {}
    for kind, of, most in (("taught", taught, 8), ("turned", turned, 30)):
        for subject, start, right, same in of(language):
            others = sorted(set(same) - {right})
            if len(others) >= 3:
                by_subject.setdefault((kind, subject, most), []).append((start, right, others))
    for (kind, subject, most), all_facts in by_subject.items():
        known = {start: (start, right, others) for start, right, others in all_facts}
        for start, right, others in rng.sample(list(known.values()), min(most, len(known))):
            ends = rng.sample(others, 3) + [right]
            rng.shuffle(ends)
            yield {"kind": kind, "subject": subject, "start": start, "ends": ends, "answer": ends.index(right)}


for language in ("it", "en"):
    made = [{"id": f"{language}-{number}", **row} for number, row in enumerate(rows(language))]
    # The first question of each subject is an example, the others are asked.
    seen, examples, asked = set(), [], []
    for row in made:
        (asked if row["subject"] in seen else examples).append(row)
        seen.add(row["subject"])
    for name, some in ((f"facts-{language}", asked), (f"facts-{language}-examples", examples)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in some)
        (HERE / f"{name}.jsonl").write_text(text)
    print(language, len(asked), len(examples))

text = "".join(json.dumps({"country": row[1], "capital": row[3]}, ensure_ascii=False) + "\n" for row in COUNTRIES)
(HERE / "capitals-en.jsonl").write_text(text)
