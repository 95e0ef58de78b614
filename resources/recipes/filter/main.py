"""Applies a filter recipe of Nesso Studio to a corpus with datatrove 0.4 to 0.10; nesso_filter.py, nesso_recipe.py and
nesso_origin.py lie beside it."""

import argparse
import json
import os
import sys
import time
from pathlib import Path


def parse(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--recipe", required=True)
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--format", choices=("parquet", "jsonl"), default="parquet")
    parser.add_argument("--language", default="")
    parser.add_argument("--tasks", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep-removed", action="store_true")
    return parser.parse_args(argv)


def refuse(sentence):
    print(f"filter: {sentence}", file=sys.stderr)
    raise SystemExit(2)


def main():
    arguments = parse()
    # datatrove starts its workers anew: they look for the step where this program lies.
    here = str(Path(__file__).resolve().parent)
    sys.path.insert(0, here)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    try:
        from datatrove.executor.local import LocalPipelineExecutor
        from datatrove.pipeline.readers import JsonlReader, ParquetReader
        from datatrove.pipeline.writers import JsonlWriter, ParquetWriter
        from nesso_filter import NessoFilter
    except ImportError as error:
        refuse(f"{error}; install datatrove[io,processing] in the environment of the target")
    if not Path(arguments.input).is_dir():
        refuse(f"{arguments.input} is no folder on this computer")
    reader, writer = (ParquetReader, ParquetWriter) if arguments.format == "parquet" else (JsonlReader, JsonlWriter)
    removed = JsonlWriter(f"{arguments.output}/removed") if arguments.keep_removed else None
    try:
        step = NessoFilter(arguments.recipe, language=arguments.language or None, exclusion_writer=removed, scored=arguments.input)
    except (OSError, ValueError, KeyError) as error:
        refuse(f"{arguments.recipe}: {error}")
    if step.unknown_origin:
        first = step.unknown_origin[0]
        print(f"filter: nothing says how the scores of {len(step.unknown_origin)} files were made, such as {first}", flush=True)
    LocalPipelineExecutor(
        pipeline=[reader(arguments.input), step, writer(f"{arguments.output}/kept")],
        tasks=arguments.tasks,
        workers=arguments.workers,
        logging_dir=f"{arguments.output}/logs",
    ).run()
    note(arguments)


def counts(logs):
    """Documents kept and dropped, as the finished tasks counted them."""
    kept = dropped = 0
    for path in Path(logs, "stats").glob("*.json"):
        for step in json.loads(path.read_text(encoding="utf-8")):
            stats = step.get("stats", {})
            if "forwarded" in stats or "dropped" in stats:
                kept += total(stats.get("forwarded", 0))
                dropped += total(stats.get("dropped", 0))
    return kept, dropped


def total(value):
    return value.get("total", 0) if isinstance(value, dict) else value


def note(arguments):
    done = sum(1 for entry in Path(arguments.output, "logs", "completions").glob("*") if entry.is_file())
    kept, dropped = counts(f"{arguments.output}/logs")
    print(f"{done} tasks done: {kept} documents kept, {dropped} removed", flush=True)
    path = os.environ.get("NESSO_METRICS")
    if path:
        line = {"step": done, "time": time.time(), "tasks_done": done, "kept": kept, "removed": dropped}
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
