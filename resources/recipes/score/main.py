"""Scores documents with the JQLAnnotator of JQL-AI/JQL-Annotation-Pipeline (56e5f3a, datatrove 0.4): one process of srun a GPU.

Process i of n works on tasks i, i + n, … in turn; datatrove remembers the finished ones in LOGS.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path


def parse(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--code", required=True, type=Path)
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--logs", required=True)
    parser.add_argument("--heads", default="")
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
    chosen = {} if heads is None else {"regression_head_checkpoints": heads}
    reader, writer = (ParquetReader, ParquetWriter) if arguments.format == "parquet" else (JsonlReader, JsonlWriter)
    for task in range(process, arguments.tasks, processes):
        LocalPipelineExecutor(
            pipeline=[
                reader(arguments.input),
                JQLAnnotator(batch_size=arguments.batch_size, **chosen),
                writer(arguments.output + "/documents"),
            ],
            tasks=arguments.tasks,
            workers=1,
            local_tasks=1,
            local_rank_offset=task,
            logging_dir=arguments.logs,
        ).run()
        note(arguments)


def note(arguments):
    path = os.environ.get("NESSO_METRICS")
    done = sum(1 for entry in Path(arguments.logs, "completions").glob("*") if entry.is_file())
    if path:
        line = {"step": done, "time": time.time(), "tasks_done": done, "total_steps": arguments.tasks}
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
