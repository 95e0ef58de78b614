"""Trains the sample model from scratch on the generated corpus and writes weights, tokenizer, log and a summary.

`python train.py OUT [--steps N] [--threads N]`. Needs torch and tokenizers; users of the studio never run it.
The log is written in the format of Nanotron's current main branch, so that the studio's log view has a real curve.
"""
import argparse
import json
import math
import time
from datetime import datetime, timedelta
from pathlib import Path

import torch
import torch.nn.functional as F

from corpus import BEGIN, documents
from model import Llama, Shape
from tokenizer import train_tokenizer

PEAK_RATE, FLOOR_RATE, WARMUP, DECAY_SHARE, CLIP = 3e-3, 1e-5, 100, 0.4, 1.0


def human(value):
    """Three significant digits with K, M or B, as the Nanotron log writes numbers."""
    if abs(value) < 1:
        return f"{value:.3g}"
    value = float(f"{value:.3g}")
    power = 0
    while abs(value) >= 1000:
        value, power = value / 1000, power + 1
    return f"{value:f}".rstrip("0").rstrip(".") + ["", "K", "M", "B", "T"][power]


def rate_at(step, steps):
    """Warm-up, flat, linear decay. Steps count from 1."""
    decay = int(steps * DECAY_SHARE)
    if step <= WARMUP:
        return PEAK_RATE * step / WARMUP
    if step <= steps - decay:
        return PEAK_RATE
    return PEAK_RATE + (FLOOR_RATE - PEAK_RATE) * (step - (steps - decay)) / decay


def packed(tokenizer, texts, length):
    """Documents one after another, cut to rows of `length + 1`; a document cut by the edge continues in the next row."""
    stream = [i for encoding in tokenizer.encode_batch(texts) for i in encoding.ids]
    rows = len(stream) // (length + 1)
    return torch.tensor(stream[: rows * (length + 1)]).view(rows, length + 1)


def own_document(ids, begin):
    """Causal mask in which a token sees only its own document: (batch, 1, length, length)."""
    document = (ids == begin).cumsum(dim=1)
    same = document[:, :, None] == document[:, None, :]
    return (same & torch.ones(ids.shape[1], ids.shape[1], dtype=torch.bool).tril())[:, None]


class Log:
    """Writes log lines both to the screen and to the file."""

    def __init__(self, path):
        self.file = path.open("w")

    def write(self, message, level="INFO"):
        colour = "\x1b[1;33m" if level == "WARNING" else "\x1b[2;3m"
        for line in message.split("\n"):
            text = f"{colour}{datetime.now():%m/%d %H:%M:%S} [{level}]\x1b[0m: {line}"
            self.file.write(text + "\n")
        self.file.flush()
        print(message, flush=True)


def loss_of(model, rows, begin, dtype):
    ids, targets = rows[:, :-1], rows[:, 1:]
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype == "bfloat16"):
        logits = model(ids, own_document(ids, begin))
    # The first token of the next document cannot be foreseen, so it is not counted.
    targets = targets.masked_fill(targets == begin, -100)
    return F.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), ignore_index=-100)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--rows", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--log-every", type=int, default=2)
    parser.add_argument("--dtype", choices=("bfloat16", "float32"), default="bfloat16")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    torch.manual_seed(8)
    shape = Shape()
    log = Log(options.out / "train.log")
    log.write("=" * 50 + "\nBuilding model\n" + "=" * 50)
    tokenizer = train_tokenizer(documents(1, 20000), shape.vocabulary)
    tokenizer.save(str(options.out / "tokenizer.json"))
    assert tokenizer.get_vocab_size() == shape.vocabulary, tokenizer.get_vocab_size()
    begin = tokenizer.token_to_id(BEGIN)
    model = Llama(shape)
    parameters = sum(p.numel() for p in model.parameters())
    log.write(f"Total number of parameters: {human(parameters)} ({parameters * 4 / 2**20:.2f}MiB)")
    decayed = [p for p in model.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if p.dim() != 2]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}],
                                  lr=PEAK_RATE, betas=(0.9, 0.95), eps=1e-8)
    held_out = packed(tokenizer, documents(999, 600), shape.context)
    per_step = options.rows * shape.context
    flops_per_token = 6 * parameters + 12 * shape.layers * shape.hidden * shape.context
    log.write("=" * 50 + "\nStart training\n" + "=" * 50)
    log.write(f"mbs: {options.rows} | grad_accum: 1 | cp: 1 | sequence_length: {shape.context} | global_batch_size: {options.rows} | "
              f"train_steps: {options.steps} | start_iteration_step: 0 | consumed_tokens_total: 0")
    rows, cursor, shard, started, losses = None, 0, 0, time.time(), []
    for step in range(1, options.steps + 1):
        if rows is None or cursor + options.rows > len(rows):
            rows, cursor, shard = packed(tokenizer, documents(1000 + shard, 6000), shape.context), 0, shard + 1
        began = time.time()
        batch, cursor = rows[cursor : cursor + options.rows], cursor + options.rows
        rate = rate_at(step, options.steps)
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = loss_of(model, batch, begin, options.dtype)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        losses.append(loss.item())
        took = time.time() - began
        if step % options.log_every == 0 or step in (1, options.steps):
            left = str(timedelta(seconds=int((options.steps - step) * took)))
            log.write(f"iteration: {step} / {options.steps} | consumed_tokens: {human(step * per_step)} | time_per_iteration_ms: {human(took * 1000)} | "
                      f"tokens_per_sec: {human(per_step / took)} | tokens_per_sec_per_gpu: {human(per_step / took)} | global_batch_size: {human(per_step)} | "
                      f"grad_norm: {human(float(norm))} | lm_loss: {human(loss.item())} | lr: {human(rate)} | "
                      f"model_tflops_per_gpu: {human(flops_per_token * per_step / took / 1e12)} | eta: {left}")
        if step % 500 == 0 or step == options.steps:
            torch.save(model.state_dict(), options.out / "model.pt")
            log.write(f"Saving checkpoint at checkpoints/nesso-tiny/{step}", "WARNING")
    model.eval()
    with torch.no_grad():
        validation = [float(loss_of(model, rows, begin, "float32")) for rows in held_out.split(8)]
    summary = {"parameters": parameters, "steps": options.steps, "tokensPerStep": per_step, "seconds": round(time.time() - started),
               "firstLoss": losses[0], "finalLoss": sum(losses[-50:]) / 50, "heldOutLoss": sum(validation) / len(validation),
               "threads": options.threads, "perplexity": math.exp(sum(validation) / len(validation))}
    (options.out / "summary.json").write_text(json.dumps(summary, indent=2))
    print(summary)


if __name__ == "__main__":
    main()
