"""Writes what the PyTorch model answers in fp32 with the weights of the GGUF file, for a known-answer test of the runtime.

`python expected.py OUT FILE.json [--report]`; OUT is what train.py wrote. The weights are rounded to F16 first, as in the file.
With --report, also the share of right greedy answers per subject.
"""
import json
import sys
from collections import Counter
from pathlib import Path

import torch
from tokenizers import Tokenizer

from corpus import BEGIN, END, START, STOP
from model import Llama, Shape, greedy
from questions import pairs

CHATS = (
    [("user", "Qual è la capitale d'Italia?")],
    [("user", "What is the capital of France?")],
    [("system", "Rispondi in italiano."), ("user", "Che verso fa il lupo?")],
    [("user", "Ciao!"), ("assistant", "Ciao! Come posso aiutarti?"), ("user", "Quanto fa 7 + 5?")],
)
RAW = ("On Monday Anna went",)


def load(folder):
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    model = Llama(Shape())
    model.load_state_dict({k: v.half().float() if v.dim() == 2 else v for k, v in torch.load(folder / "model.pt").items()})
    return tokenizer, model.eval()


def prompt_of(chat):
    return BEGIN + "".join(f"{START}{role}\n{text}{END}\n" for role, text in chat) + f"{START}assistant\n"


def report(tokenizer, model, stops):
    right, asked = Counter(), Counter()
    for language, subject, phrasings, answer in pairs():
        ids = tokenizer.encode(prompt_of([("user", phrasings[0])])).ids
        found = tokenizer.decode(greedy(model, ids, stops, 60)[0])
        asked[subject] += 1
        right[subject] += found == answer
        if found != answer and asked[subject] - right[subject] <= 3:
            print("wrong:", phrasings[0], "->", found)
    for subject in asked:
        print(f"{subject}: {right[subject]} of {asked[subject]}")
    print(f"all: {sum(right.values())} of {sum(asked.values())}")


def main(folder, target, with_report):
    tokenizer, model = load(folder)
    stops = {tokenizer.token_to_id(END), tokenizer.token_to_id(STOP)}
    cases = []
    for chat in CHATS:
        prompt = prompt_of(chat)
        ids = tokenizer.encode(prompt).ids
        added, scores = greedy(model, ids, stops, 60)
        cases.append({"kind": "chat", "messages": [{"role": r, "text": t} for r, t in chat], "promptIds": ids,
                      "text": tokenizer.decode(added), "tokens": len(added), "logProbabilities": scores[: len(added)]})
    for text in RAW:
        ids = tokenizer.encode(BEGIN + text).ids
        added, scores = greedy(model, ids, stops, 24)
        cases.append({"kind": "raw", "prompt": BEGIN + text, "promptIds": ids, "text": tokenizer.decode(added), "tokens": len(added),
                      "logProbabilities": scores[: len(added)]})
    scored = BEGIN + "La capitale d'Italia è Roma. The cat meows."
    ids = tokenizer.encode(scored).ids
    with torch.no_grad():
        logs = torch.log_softmax(model(torch.tensor([ids]))[0].float(), dim=-1)
    score = {"text": scored, "ids": ids, "logProbabilities": [float(logs[i, ids[i + 1]]) for i in range(len(ids) - 1)]}
    target.write_text(json.dumps({"cases": cases, "score": score}, indent=1, ensure_ascii=False) + "\n")
    for case in cases:
        print(case.get("messages", case.get("prompt")), "->", case["text"])
    if with_report:
        report(tokenizer, model, stops)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), "--report" in sys.argv)
