"""The anchor of the training bench: the same training in PyTorch, asked for over standard input.

Usage: python torch-training.py FOLDER DOCUMENTS INPUTS HIDDEN BATCH THREADS
Reads FOLDER/vectors.f32 and FOLDER/labels.f32. A line `steps N` answers with the milliseconds of N steps; `epochs N` with those of
a training of N epochs from a fresh head, validation after each, and with the last validation's Spearman.
"""
import math
import sys
import time

import numpy
import torch

folder, (documents, inputs, hidden, batch, threads) = sys.argv[1], map(int, sys.argv[2:7])
torch.set_num_threads(threads)
torch.manual_seed(42)
vectors = torch.from_numpy(numpy.fromfile(f"{folder}/vectors.f32", dtype=numpy.float32).reshape(documents, inputs))
labels = torch.from_numpy(numpy.fromfile(f"{folder}/labels.f32", dtype=numpy.float32))
held_out = documents // 10
validation, training = torch.arange(held_out), torch.arange(held_out, documents)


def fresh(fused):
    head = torch.nn.Sequential(torch.nn.Linear(inputs, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 1))
    groups = [
        {"params": [p for p in head.parameters() if p.dim() > 1], "weight_decay": 0.01},
        {"params": [p for p in head.parameters() if p.dim() == 1], "weight_decay": 0.0},
    ]
    return head, torch.optim.AdamW(groups, lr=5e-4, fused=fused)


def step(head, optimiser, rows, rate):
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad(set_to_none=True)
    loss = torch.nn.functional.mse_loss(head(vectors[rows]).squeeze(1), labels[rows])
    loss.backward()
    optimiser.step()
    return loss.item()


def ranks(values):
    values = values.double()
    _, inverse, counts = torch.unique(values, return_inverse=True, return_counts=True)
    ends = counts.cumsum(0)
    return (ends - (counts - 1) / 2)[inverse]


def spearman(scores, truth):
    return torch.corrcoef(torch.stack([ranks(scores), ranks(truth)]))[0, 1].item()


def timed_steps(head, optimiser, count):
    start = time.perf_counter()
    for _ in range(count):
        rows = training[torch.randint(len(training), (batch,))]
        step(head, optimiser, rows, 5e-4)
    return (time.perf_counter() - start) * 1000


def timed_epochs(fused, epochs):
    head, optimiser = fresh(fused)
    steps_per_epoch = math.ceil(len(training) / batch)
    total, done = epochs * steps_per_epoch, 0
    start = time.perf_counter()
    for _ in range(epochs):
        order = training[torch.randperm(len(training))]
        for first in range(0, len(order), batch):
            step(head, optimiser, order[first : first + batch], 5e-4 * 0.5 * (1 + math.cos(math.pi * done / total)))
            done += 1
        with torch.no_grad():
            reached = spearman(head(vectors[validation]).squeeze(1), labels[validation])
    return (time.perf_counter() - start) * 1000, reached


# Whichever optimiser is quicker here is the one to beat.
heads = {fused: fresh(fused) for fused in (True, False)}
for fused in heads:
    timed_steps(*heads[fused], 5)
quicker = min(heads, key=lambda fused: min(timed_steps(*heads[fused], 5) for _ in range(3)))
print("ready", flush=True)
for line in sys.stdin:
    what, count = line.split()
    if what == "steps":
        print(timed_steps(*heads[quicker], int(count)), flush=True)
    else:
        print(*timed_epochs(quicker, int(count)), flush=True)
