"""lm-evaluation-harness on transformers for test/bench/lm-eval.ts: loads a folder once, then scores the same requests for every line
that it is given, and prints the seconds that took. Arguments: folder, file of requests, threads."""

import json
import sys
import time

import torch
from lm_eval.api.instance import Instance
from lm_eval.models.huggingface import HFLM

folder, requests, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
model = HFLM(pretrained=folder, dtype="float32", device="cpu", batch_size=16, add_bos_token=True)
items = [json.loads(line) for line in open(requests)]


def run():
    asked = [
        Instance(request_type="loglikelihood", doc={}, arguments=(one["context"], one["continuation"]), idx=index)
        for index, one in enumerate(items)
    ]
    began = time.perf_counter()
    found = model.loglikelihood(asked, disable_tqdm=True)
    return time.perf_counter() - began, [value for value, _ in found]


print(json.dumps("ready"), flush=True)
for _ in sys.stdin:
    seconds, values = run()
    print(json.dumps({"seconds": seconds, "values": values}), flush=True)
