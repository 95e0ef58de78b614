"""Loads Nanotron configs with Nanotron's own loader and prints one JSON object per file.

Arguments: YAML files. Knows nothing about the studio. The tokenized folders of a template do not exist here, so what
Nanotron would read from their metadata (tokenizer, bytes per token, vocabulary) is given by hand, as its config allows.
"""

import json
import sys

import yaml
from nanotron.config.config import get_config_from_dict


def describe_folders(content):
    try:
        for stage in content["data_stages"]:
            dataset = stage["data"]["dataset"]
            if dataset and "dataset_folder" in dataset:
                dataset["tokenizer_name"] = (content.get("tokenizer") or {}).get("tokenizer_name_or_path") or "unnamed"
                dataset["token_size_in_bytes"] = 4
                dataset["vocab_size"] = content["model"]["model_config"]["vocab_size"]
    except (AttributeError, KeyError, TypeError):
        pass  # a config so wrong is for the loader to refuse


def load(path):
    with open(path, encoding="utf-8") as file:
        content = yaml.safe_load(file)
    describe_folders(content)
    config = get_config_from_dict(content)
    return {
        "family": type(config.model.model_config).__name__,
        "globalBatch": config.global_batch_size,
        "decaySteps": config.optimizer.learning_rate_scheduler.lr_decay_steps,
    }


for path in sys.argv[1:]:
    try:
        answer = {"file": path, "loaded": load(path)}
    except Exception as error:  # every failure of the loader is a result here
        answer = {"file": path, "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
