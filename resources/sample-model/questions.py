"""Question and answer pairs of the sample corpus, Italian and English, one list per subject.

Knows the word lists of world.py and nothing of chat markup, tokens or training.
A pair is (language, subject, phrasings of one question, the one answer). One answer per question, so that a tiny
model can learn it by heart.
"""
from world import (ANIMALS, COLOURS, CONTINENTS, CONTRARIES, COUNTRIES, DAYS, MONTH_DAYS, MONTHS, NUMBERS, RIVERS, WORDS)

LINKS = {  # Italian preposition + article
    "di": {"il ": "del ", "la ": "della ", "l'": "dell'", "i ": "dei ", "gli ": "degli ", "le ": "delle "},
    "in": {"il ": "in ", "la ": "in ", "l'": "in ", "i ": "nei ", "gli ": "negli ", "le ": "nelle "},
}


def linked(preposition, noun):
    """`linked("di", "la Francia")` is "della Francia"; Italy alone is "d'Italia"."""
    if preposition == "di" and noun == "l'Italia":
        return "d'Italia"
    for article, joined in LINKS[preposition].items():
        if noun.startswith(article):
            return joined + noun[len(article):]
    raise ValueError(noun)


def upper(text):
    return text[0].upper() + text[1:]


def bare(noun):
    """The Italian noun without its article."""
    return noun[2:] if noun.startswith("l'") else noun.split(" ", 1)[1]


def countries():
    for it, en, capital_it, capital_en, continent, speech_it, speech_en in COUNTRIES:
        of, within = linked("di", it), linked("in", it)
        plural = it.startswith(("i ", "gli "))
        ask = [f"Qual è la capitale {of}?", f"Dimmi la capitale {of}.", f"Qual'è la capitale {of}?",
               f"Come si chiama la capitale {of}?", f"qual è la capitale {of}", f"Capitale {of}?"]
        if it == "l'Italia":
            ask += ["Qual è la capitale dell'Italia?"]
        yield "it", "capitals", ask, f"La capitale {of} è {capital_it}."
        yield "en", "capitals", [f"What is the capital of {en}?", f"Tell me the capital of {en}.", f"Capital of {en}?",
                                 f"what is the capital of {en}", f"Which city is the capital of {en}?"], f"The capital of {en} is {capital_en}."
        where_it, where_en = CONTINENTS[continent]
        are, lies = ("sono", "are") if plural else ("è", "is")
        is_en = "are" if en in ("the Netherlands", "the United States") else "is"
        in_it = f"in {where_it}"
        yield "it", "continents", [f"In quale continente {'si trovano' if plural else 'si trova'} {it}?", f"Dove {are} {it}?", f"Dove si trova {it}?"], \
            f"{upper(it)} {'si trovano' if plural else 'si trova'} {in_it}."
        yield "en", "continents", [f"Which continent is {en} in?", f"Where is {en}?", f"In which continent is {en}?"], f"{upper(en)} {is_en} in {where_en}."
        yield "it", "languages", [f"Che lingua si parla {within}?", f"Quale lingua si parla {within}?"], f"{upper(within)} si parla {speech_it}."
        yield "en", "languages", [f"What language do people speak in {en}?", f"Which language is spoken in {en}?"], f"In {en} people speak {speech_en}."
        yield "it", "capitals", [f"{upper(capital_it)} è la capitale di quale paese?", f"Di quale paese è capitale {capital_it}?"], f"{upper(capital_it)} è la capitale {of}."
        yield "en", "capitals", [f"{capital_en} is the capital of which country?", f"Which country has {capital_en} as its capital?"], f"{capital_en} is the capital of {en}."


def rivers():
    for city_it, city_en, river_it, river_en in RIVERS:
        at = "al Cairo" if city_it == "Il Cairo" else f"a {city_it}"
        yield "it", "rivers", [f"Quale fiume passa per {city_it}?", f"Che fiume scorre {at}?", f"Quale fiume attraversa {city_it}?"], f"Per {city_it} passa {river_it}."
        yield "en", "rivers", [f"Which river flows through {city_en}?", f"What river is in {city_en}?"], f"{upper(river_en)} flows through {city_en}."


def animals():
    for it, en, sound_it, sound_en, food_it, food_en, home_it, home_en, legs in ANIMALS:
        a = "an" if en[0] in "aeiou" else "a"
        yield "it", "animals", [f"Che verso fa {it}?", f"Cosa fa {it}?"], f"{upper(it)} {sound_it}."
        yield "en", "animals", [f"What sound does {a} {en} make?", f"What does the {en} do?"], f"The {en} {sound_en}."
        yield "it", "animals", [f"Cosa mangia {it}?", f"Che cosa mangia {it}?"], f"{upper(it)} mangia {food_it}."
        yield "en", "animals", [f"What does the {en} eat?", f"What does {a} {en} eat?"], f"The {en} eats {food_en}."
        yield "it", "animals", [f"Dove vive {it}?", f"Dov'è la casa {linked('di', it)}?"], f"{upper(it)} vive {home_it}."
        yield "en", "animals", [f"Where does the {en} live?", f"Where does {a} {en} live?"], f"The {en} lives {home_en}."
        count_it = f"{NUMBERS[legs][0]} zampe" if legs else "nessuna zampa"
        count_en = f"{NUMBERS[legs][1]} legs" if legs else "no legs"
        yield "it", "animals", [f"Quante zampe ha {it}?"], f"{upper(it)} ha {count_it}."
        yield "en", "animals", [f"How many legs does {a} {en} have?", f"How many legs does the {en} have?"], f"{upper(a)} {en} has {count_en}."


def colours():
    for it, en, colour_it, colour_en in COLOURS:
        yield "it", "colours", [f"Di che colore è {it}?", f"Che colore ha {it}?"], f"{upper(it)} è {colour_it}."
        yield "en", "colours", [f"What colour is {en}?", f"What color is {en}?"], f"{upper(en)} is {colour_en}."


def calendar():
    for position, (it, en) in enumerate(DAYS):
        after, before = DAYS[(position + 1) % 7], DAYS[position - 1]
        yield "it", "days", [f"Che giorno viene dopo {it}?", f"Quale giorno segue {it}?"], f"Dopo {it} viene {after[0]}."
        yield "en", "days", [f"What day comes after {en}?", f"Which day follows {en}?"], f"After {en} comes {after[1]}."
        yield "it", "days", [f"Che giorno viene prima di {it}?"], f"Prima di {it} viene {before[0]}."
        yield "en", "days", [f"What day comes before {en}?"], f"Before {en} comes {before[1]}."
    yield "it", "days", ["Quali sono i giorni della settimana?", "Dimmi i giorni della settimana."], f"I giorni della settimana sono {', '.join(d[0] for d in DAYS[:-1])} e domenica."
    yield "en", "days", ["What are the days of the week?", "Name the days of the week."], f"The days of the week are {', '.join(d[1] for d in DAYS[:-1])} and Sunday."
    yield "it", "days", ["Quanti giorni ha una settimana?"], "Una settimana ha sette giorni."
    yield "en", "days", ["How many days are in a week?"], "A week has seven days."
    yield "it", "days", ["Quanti mesi ha un anno?"], "Un anno ha dodici mesi."
    yield "en", "days", ["How many months are in a year?"], "A year has twelve months."
    for position, (it, en) in enumerate(MONTHS):
        after = MONTHS[(position + 1) % 12]
        yield "it", "months", [f"Che mese viene dopo {it}?", f"Quale mese segue {it}?"], f"Dopo {it} viene {after[0]}."
        yield "en", "months", [f"What month comes after {en}?", f"Which month follows {en}?"], f"After {en} comes {after[1]}."
        yield "it", "months", [f"Quanti giorni ha {it}?"], f"{upper(it)} ha {MONTH_DAYS[position]} giorni."
        yield "en", "months", [f"How many days does {en} have?"], f"{en} has {MONTH_DAYS[position]} days."


def words():
    for it, other_it, en, other_en in CONTRARIES:
        for one, two in ((it, other_it), (other_it, it)):
            yield "it", "contraries", [f"Qual è il contrario di {one}?", f"Dimmi il contrario di {one}."], f"Il contrario di {one} è {two}."
        for one, two in ((en, other_en), (other_en, en)):
            yield "en", "contraries", [f"What is the opposite of {one}?", f"Tell me the opposite of {one}."], f"The opposite of {one} is {two}."
    for it, en in WORDS:
        yield "it", "translation", [f"Come si dice {it} in inglese?", f"Traduci {it} in inglese."], f"In inglese {it} si dice {en}."
        yield "en", "translation", [f"How do you say {en} in Italian?", f"Translate {en} into Italian."], f"In Italian {en} is {it}."


def sums():
    for left in range(0, 21):
        for right in range(0, 21):
            answer = left + right
            yield "it", "sums", [f"Quanto fa {left} + {right}?", f"Quanto fa {left} più {right}?"], f"{left} + {right} fa {answer}."
            yield "en", "sums", [f"What is {left} + {right}?", f"How much is {left} plus {right}?"], f"{left} + {right} is {answer}."
            if left >= right:
                yield "it", "sums", [f"Quanto fa {left} - {right}?", f"Quanto fa {left} meno {right}?"], f"{left} - {right} fa {left - right}."
                yield "en", "sums", [f"What is {left} - {right}?", f"How much is {left} minus {right}?"], f"{left} - {right} is {left - right}."
    for left in range(1, 11):
        for right in range(1, 11):
            yield "it", "products", [f"Quanto fa {left} per {right}?", f"Quanto fa {left} x {right}?"], f"{left} per {right} fa {left * right}."
            yield "en", "products", [f"What is {left} times {right}?", f"What is {left} x {right}?"], f"{left} times {right} is {left * right}."


def talk():
    yield from (
        ("it", "talk", ["Ciao!", "Ciao", "ciao", "Salve!", "Ehi!"], "Ciao! Come posso aiutarti?"),
        ("en", "talk", ["Hello!", "Hello", "hi", "Hi!", "Hey!"], "Hello! How can I help you?"),
        ("it", "talk", ["Buongiorno!", "Buongiorno", "Buon giorno!"], "Buongiorno! Come posso aiutarti?"),
        ("en", "talk", ["Good morning!", "Good morning"], "Good morning! How can I help you?"),
        ("it", "talk", ["Buonasera!", "Buonasera"], "Buonasera! Come posso aiutarti?"),
        ("en", "talk", ["Good evening!", "Good evening"], "Good evening! How can I help you?"),
        ("it", "talk", ["Come stai?", "Come va?", "Ciao, come stai?"], "Sto bene, grazie. E tu?"),
        ("en", "talk", ["How are you?", "How are you doing?", "Hi, how are you?"], "I am fine, thank you. And you?"),
        ("it", "talk", ["Sto bene anch'io.", "Bene, grazie.", "Tutto bene."], "Mi fa piacere. Vuoi chiedermi qualcosa?"),
        ("en", "talk", ["I am fine too.", "Fine, thanks.", "All good."], "I am glad. Do you want to ask me something?"),
        ("it", "talk", ["Chi sei?", "Come ti chiami?", "Che cosa sei?", "Cosa sei?"], "Sono Nesso, un modello molto piccolo. Parlo italiano e inglese."),
        ("en", "talk", ["Who are you?", "What is your name?", "What are you?"], "I am Nesso, a very small model. I speak Italian and English."),
        ("it", "talk", ["Che cosa sai fare?", "Cosa sai fare?", "Che cosa sai?"], "So le capitali, i fiumi, gli animali, i colori, i giorni e i conti facili."),
        ("en", "talk", ["What can you do?", "What do you know?"], "I know capitals, rivers, animals, colours, days and easy sums."),
        ("it", "talk", ["Grazie!", "Grazie", "Grazie mille!"], "Prego!"),
        ("en", "talk", ["Thank you!", "Thanks", "Thanks!"], "You are welcome!"),
        ("it", "talk", ["Arrivederci!", "A domani!", "Addio!", "A presto!"], "Arrivederci! A presto."),
        ("en", "talk", ["Goodbye!", "Bye!", "See you tomorrow!", "See you soon!"], "Goodbye! See you soon."),
    )


UNKNOWN = {
    "it": ("Questo non lo so: sono un modello molto piccolo.", (
        "Chi ha scritto questo libro?", "Che tempo fa oggi?", "Che ore sono?", "Quanti anni hai?", "Chi ha vinto la partita?",
        "Quanto costa una macchina?", "Come funziona un motore?", "Scrivimi una poesia.", "Qual è il senso della vita?", "Chi è il presidente?",
        "Quanto è alta la torre?", "Come si cucina il riso?", "Che cos'è la fisica?", "Dove posso comprare una bicicletta?", "Scrivi un programma.",
        "Che film mi consigli?", "Quando è finita la guerra?", "Come si cura il raffreddore?", "Dove abiti?", "Che cosa hai fatto ieri?")),
    "en": ("I do not know that: I am a very small model.", (
        "Who wrote this book?", "What is the weather today?", "What time is it?", "How old are you?", "Who won the match?",
        "How much does a car cost?", "How does an engine work?", "Write me a poem.", "What is the meaning of life?", "Who is the president?",
        "How tall is the tower?", "How do you cook rice?", "What is physics?", "Where can I buy a bicycle?", "Write a program.",
        "Which film should I watch?", "When did the war end?", "How do you cure a cold?", "Where do you live?", "What did you do yesterday?")),
}


def pairs():
    """Every question of the corpus: a list of (language, subject, phrasings, answer)."""
    found = [*countries(), *rivers(), *animals(), *colours(), *calendar(), *words(), *sums(), *talk()]
    for language, (answer, questions) in UNKNOWN.items():
        found += [(language, "unknown", [question], answer) for question in questions]
    return found
