"""Scores documents with the JQLAnnotator of JQL-AI/JQL-Annotation-Pipeline (56e5f3a, datatrove 0.4): one process of srun a GPU.

Process i of n works on tasks i, i + n, … in turn; datatrove remembers the finished ones in LOGS. Cards beside the files say which heads
over which embedder made the scores (score_origin.py), as the studio's own scoring does.
"""

import argparse
import json
import os
import re
import sys
import time
from pathlib import Path

import score_origin

#: What the annotator does to each document: bfloat16, first token, length 1, at most 8,192 tokens.
RECIPE = "bf16 cls-l2 max8192"
EMBEDDERS = ("Snowflake/snowflake-arctic-embed-m-v2.0", "Alibaba-NLP/gte-multilingual-base")


def parse(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--code", required=True, type=Path)
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--logs", required=True)
    parser.add_argument("--heads", default="")
    parser.add_argument("--embedder", choices=EMBEDDERS, default=EMBEDDERS[0])
    parser.add_argument("--batch-size", type=int, default=1000)
    parser.add_argument("--tasks", type=int, default=1)
    parser.add_argument("--format", choices=("parquet", "jsonl"), default="parquet")
    return parser.parse_args(argv)


def refuse(sentence):
    print(f"score: {sentence}", file=sys.stderr)
    raise SystemExit(2)


def heads_of(text):
    """`a=/x.ckpt,b=/y.ckpt` → a dictionary; None for the published heads."""
    heads = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, equals, path = part.partition("=")
        if not equals or not name or not path:
            refuse(f"“{part}” is not name=path")
        heads[name] = os.path.expanduser(path)
    return heads or None


def main():
    arguments = parse()
    source = arguments.code / "src"
    if not source.is_dir():
        refuse(f"{arguments.code} is no checkout of JQL-Annotation-Pipeline: there is no src in it")
    process = int(os.environ.get("SLURM_PROCID", "0"))
    processes = int(os.environ.get("SLURM_NTASKS", "1"))
    # The annotator takes the GPU from its task; here a process has one GPU, whatever task it works on.
    local = os.environ.get("SLURM_LOCALID", "0")
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")
    if len(visible) > 1:
        os.environ["CUDA_VISIBLE_DEVICES"] = visible[int(local) % len(visible)]
    sys.path[:0] = [str(source), str(arguments.code)]
    try:
        from datatrove.executor.local import LocalPipelineExecutor
        from datatrove.pipeline.readers import JsonlReader, ParquetReader
        from datatrove.pipeline.writers import JsonlWriter, ParquetWriter
        from datatrove_jql_annotator import JQLAnnotator
    except ImportError as error:
        refuse(f"{error}; install the requirements of JQL-Annotation-Pipeline in the environment of the target")
    heads = heads_of(arguments.heads)
    if heads is None and arguments.embedder != EMBEDDERS[0]:
        refuse(f"the published heads are for {EMBEDDERS[0]}: name heads that were trained over {arguments.embedder}")
    annotator = JQLAnnotator(
        embedder_model_id=arguments.embedder, regression_head_checkpoints=heads, batch_size=arguments.batch_size
    )
    try:
        record = score_origin.begin(arguments.logs, columns_of(annotator), settings_of(arguments))
    except score_origin.OtherOrigin as error:
        refuse(f"the scores in {arguments.output} were made otherwise: {error}; choose another output folder")
    documents = f"{arguments.output}/documents"
    for task in range(process, arguments.tasks, processes):
        reader = (ParquetReader if arguments.format == "parquet" else JsonlReader)(arguments.input)
        source = source_of(reader, task, arguments)
        if arguments.format == "parquet":
            writer = marking(ParquetWriter)(documents)
            writer.origin = score_origin.origin(record, reader.text_key, source)
        else:
            writer = JsonlWriter(documents)
        LocalPipelineExecutor(
            pipeline=[reader, annotator, writer],
            tasks=arguments.tasks,
            workers=1,
            local_tasks=1,
            local_rank_offset=task,
            logging_dir=arguments.logs,
        ).run()
        score_origin.write_cards(documents, task, record, reader.text_key, source)
        note(arguments)


def columns_of(annotator):
    """The heads as the annotator loads them, and the embedder that it loads by its name, both with the hashes of their files."""
    import torch
    from transformers.utils.hub import cached_file
    from utils.regression_head import RegressionHead

    heads = []
    for name, path in annotator.regression_head_checkpoints.items():
        try:
            layer = RegressionHead.load_from_checkpoint(path, map_location="cpu").layer1
        except Exception as error:  # Whatever a file of another kind makes torch raise.
            refuse(f"{path} is no checkpoint of a regression head: {error}")
        heads.append({"name": name, "path": path, "inputs": layer.in_features, "hidden": layer.out_features})
    model = annotator.embedder_model_id
    weights = cached_file(model, "model.safetensors", _raise_exceptions_for_missing_entries=False)
    tokenizer = score_origin.sha256_of(cached_file(model, "tokenizer.json"))
    found = re.search(r"/snapshots/([0-9a-f]{40})/", weights or "")
    embedder = {
        "id": model,
        "variant": f"{RECIPE} torch-{torch.__version__.split('+')[0]} tokenizer-{tokenizer[:8]}",
        "sha256": weights and score_origin.sha256_of(weights),
        "revision": found and found.group(1),
    }
    return score_origin.columns_of(heads, embedder)


def settings_of(arguments):
    """Finished tasks mean something only with these."""
    return {"input": arguments.input, "tasks": arguments.tasks, "format": arguments.format}


def source_of(reader, task, arguments):
    """What a task reads; the rows of JSON lines are counted in what it writes."""
    names = reader.data_folder.get_shard(
        task, arguments.tasks, recursive=reader.recursive, glob_pattern=reader.glob_pattern
    ) or []
    rows = None
    if arguments.format == "parquet":
        from pyarrow.parquet import read_metadata

        rows = 0
        for name in names:
            with reader.data_folder.open(name, "rb") as file:
                rows += read_metadata(file).num_rows
    size = sum(reader.data_folder.size(name) for name in names)
    return {"file": names[0] if len(names) == 1 else f"{len(names)} files", "sizeBytes": size, "rows": rows}


def marking(writer):
    """A writer of Parquet whose files say themselves how their scores were made, wherever they go."""

    class Marking(writer):
        origin = None

        def _write(self, document, file_handler, filename):
            is_new = filename not in self._writers
            super()._write(document, file_handler, filename)
            # Before pyarrow 16 the card beside the file is all there is.
            if is_new and hasattr(self._writers[filename], "add_key_value_metadata"):
                self._writers[filename].add_key_value_metadata({score_origin.KEY: json.dumps(self.origin)})

    return Marking


def note(arguments):
    path = os.environ.get("NESSO_METRICS")
    done = sum(1 for entry in Path(arguments.logs, "completions").glob("*") if entry.is_file())
    if path:
        line = {"step": done, "time": time.time(), "tasks_done": done, "total_steps": arguments.tasks}
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
