"""Generates the text the sample model is trained on: chats, plain statements and short stories, from word lists alone.

Deterministic for a seed. Knows nothing of tokens or training. `python corpus.py` prints a sample and the counts.
"""
import random
from collections import Counter

from questions import pairs, upper
from world import ANIMALS, DAYS

START, END, BEGIN, STOP = "<|im_start|>", "<|im_end|>", "<|begin_of_text|>", "<|end_of_text|>"
SYSTEM = {
    "it": ("Sei Nesso, un assistente piccolo e gentile.", "Rispondi in italiano.", "Rispondi con una frase breve."),
    "en": ("You are Nesso, a small and kind assistant.", "Answer in English.", "Answer with one short sentence."),
}
PEOPLE = ("Anna", "Marco", "Lucia", "Pietro", "Sara", "Giorgio", "Elena", "Davide", "Marta", "Paolo", "Chiara", "Luca")
PLACES = (("nel bosco", "in the forest"), ("al mercato", "at the market"), ("in giardino", "in the garden"),
          ("vicino al fiume", "near the river"), ("sulla collina", "on the hill"), ("in piazza", "in the square"))
FINDS = (("una chiave d'oro", "a golden key"), ("un vecchio libro", "an old book"), ("una lettera", "a letter"),
         ("una mela rossa", "a red apple"), ("una piccola barca", "a small boat"), ("una stella di carta", "a paper star"))
ENDINGS = (("Quella sera tornò a casa felice.", "That evening {p} went home happy."),
           ("Da quel giorno furono sempre amici.", "From that day on they were always friends."),
           ("Poi si addormentò sotto le stelle.", "Then {p} fell asleep under the stars."),
           ("Alla fine risero tutti insieme.", "In the end they all laughed together."))
WEATHER = (("C'era il sole", "It was sunny"), ("Pioveva piano", "It was raining softly"), ("Soffiava il vento", "The wind was blowing"),
           ("Nevicava", "It was snowing"))
TOLD_IT = ("Raccontami una storia.", "Raccontami una storia breve.", "Mi racconti una storia?")
TOLD_EN = ("Tell me a story.", "Tell me a short story.", "Can you tell me a story?")
SAID_IT = "{a} guardò {p} e poi corse via."
SAID_EN = "The {a} looked at {p} and then ran away."


def story(rng, language):
    """Five or six sentences about one person, one animal, one place and one find."""
    person, place, find, ending, weather, day = (rng.choice(x) for x in (PEOPLE, PLACES, FINDS, ENDINGS, WEATHER, DAYS))
    animal = rng.choice(ANIMALS)
    it = language == "it"
    column = 0 if it else 1
    article = "an" if animal[1][0] in "aeiou" else "a"
    lines = [
        f"{upper(day[0])} {person} andò {place[0]}." if it else f"On {day[1]} {person} went for a walk {place[1]}.",
        f"{weather[column]}.",
        f"Lì vide {animal[0]}." if it else f"There {person} saw {article} {animal[1]}.",
        (SAID_IT if it else SAID_EN).format(a=upper(animal[0]) if it else animal[1], p=person),
        f"Sull'erba {person} trovò {find[0]}." if it else f"On the grass {person} found {find[1]}.",
        ending[column].format(p=person),
    ]
    if rng.random() < 0.4:
        lines.pop(1)
    return " ".join(lines)


def chat(turns, system=None):
    """ChatML, as chat_template.jinja writes it; every message ends with END and a line break."""
    text = BEGIN
    if system:
        text += f"{START}system\n{system}{END}\n"
    for question, answer in turns:
        text += f"{START}user\n{question}{END}\n{START}assistant\n{answer}{END}\n"
    return text


def weight(subject):
    """Copies of a pair per pass: sums are many and plain, small subjects are few and must not be drowned."""
    return {"talk": 14, "unknown": 6, "sums": 1, "products": 3, "days": 8, "months": 4}.get(subject, 4)


def documents(seed, count):
    """`count` documents as texts. Half are chats of one turn, the others longer chats, statements and stories."""
    rng = random.Random(seed)
    every = pairs()
    weights = [weight(subject) for _, subject, _, _ in every]
    by_language = {code: [p for p in every if p[0] == code] for code in ("it", "en")}
    language_weights = {code: [weight(p[1]) for p in by_language[code]] for code in by_language}
    result = []

    def turn(language):
        if rng.random() < 0.05:
            return rng.choice(TOLD_IT if language == "it" else TOLD_EN), story(rng, language)
        _, _, phrasings, answer = rng.choices(by_language[language], language_weights[language])[0]
        return rng.choice(phrasings), answer

    for _ in range(count):
        kind = rng.random()
        language = rng.choice(("it", "en"))
        system = rng.choice(SYSTEM[language]) if rng.random() < 0.15 else None
        if kind < 0.55:
            pair = rng.choices(every, weights)[0]
            result.append(chat([(rng.choice(pair[2]), pair[3])], rng.choice(SYSTEM[pair[0]]) if system else None))
        elif kind < 0.80:
            mixed = rng.random() < 0.3 and not system
            turns = [turn(rng.choice(("it", "en")) if mixed else language) for _ in range(rng.randint(2, 5))]
            result.append(chat(turns, system))
        elif kind < 0.90:
            facts = [rng.choices(by_language[language], language_weights[language])[0] for _ in range(rng.randint(2, 6))]
            facts = [answer for _, subject, _, answer in facts if subject not in ("talk", "unknown")]
            result.append(BEGIN + " ".join(facts or [story(rng, language)]) + STOP)
        else:
            result.append(BEGIN + story(rng, language) + STOP)
    return result


def subjects_of(all_pairs):
    return Counter((language, subject) for language, subject, _, _ in all_pairs)


if __name__ == "__main__":
    sample = documents(7, 4000)
    print("\n----\n".join(sample[:14]))
    print(dict(subjects_of(pairs())), len(pairs()), "pairs", sum(map(len, sample)) / len(sample), "characters per document")
