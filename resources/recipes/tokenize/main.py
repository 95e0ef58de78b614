"""Tokenizes a folder of documents with datatrove, and merges. For datatrove 0.4 to 0.10.

Finished tasks are remembered in OUTPUT/logs: the same command goes on where it ended. In a Slurm array each element takes its share
of the tasks. Says how far it is in the file that NESSO_METRICS names.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path


def parse(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--eos-token", default="")
    parser.add_argument("--pattern", default="")
    parser.add_argument("--text-key", default="text")
    parser.add_argument("--id-key", default="id")
    parser.add_argument("--tasks", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--name", default="corpus")
    parser.add_argument("--shuffle-chunk", type=int, default=0)
    parser.add_argument("--limit", type=int, default=-1)
    parser.add_argument("--shuffle", action="store_true")
    parser.add_argument("--merge", action="store_true")
    return parser.parse_args(argv)


def share(tasks):
    """First task and number of tasks of this element of an array; all of them outside one."""
    element = os.environ.get("SLURM_ARRAY_TASK_ID")
    if element is None:
        return 0, tasks
    first = int(os.environ.get("SLURM_ARRAY_TASK_MIN", "0"))
    step = int(os.environ.get("SLURM_ARRAY_TASK_STEP", "1") or 1)
    count = int(os.environ.get("SLURM_ARRAY_TASK_COUNT", "1"))
    index = (int(element) - first) // step
    begin, end = tasks * index // count, tasks * (index + 1) // count
    return begin, end - begin


def files_of(folder, pattern):
    root = Path(folder)
    if not root.is_dir():
        sys.exit(refuse(f"{folder} is no folder on this computer"))
    return sorted(path for path in root.rglob(pattern or "*") if path.is_file() and not path.name.startswith("."))


def refuse(sentence):
    print(f"tokenize: {sentence}", file=sys.stderr)
    raise SystemExit(2)


def reader_for(arguments, files):
    from datatrove.pipeline.readers import JsonlReader, ParquetReader

    endings = {"".join(path.suffixes[-2:]) if path.suffix in (".gz", ".zst", ".xz") else path.suffix for path in files}
    parquet = {ending for ending in endings if ending.endswith(".parquet")}
    lines = {ending for ending in endings if ".json" in ending}
    if not parquet and not lines:
        refuse(f"no Parquet or JSONL files in {arguments.input}; there are {', '.join(sorted(endings)) or 'none'}")
    if parquet and lines:
        refuse("the folder holds Parquet and JSONL files; choose one kind with Files, such as *.parquet")
    kind, ending = (ParquetReader, "*.parquet") if parquet else (JsonlReader, "*.json*")
    return kind(
        arguments.input,
        text_key=arguments.text_key,
        id_key=arguments.id_key,
        glob_pattern=arguments.pattern or ending,
        limit=arguments.limit,
        recursive=True,
    )


def note(**values):
    path = os.environ.get("NESSO_METRICS")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps({"time": time.time(), **values}) + "\n")


def totals(folder):
    """Tokens and documents of the finished files: `.ds.metadata` says `tokenizer|bytes`, then the count of tokens."""
    tokens = documents = 0
    for path in folder.glob("*.ds.metadata"):
        lines = path.read_text(encoding="utf-8").splitlines()
        tokens += int(lines[1]) if len(lines) > 1 and lines[1].isdigit() else 0
        index = path.with_suffix(".index")
        documents += index.stat().st_size // 8 if index.is_file() else 0
    return tokens, documents


def main():
    arguments = parse()
    try:
        from datatrove.executor.local import LocalPipelineExecutor
        from datatrove.pipeline.tokens.merger import DocumentTokenizerMerger
        from datatrove.pipeline.tokens.tokenizer import DocumentTokenizer
    except ImportError as error:
        refuse(f"{error}; install datatrove[io,processing] in the environment of the target")
    files = files_of(arguments.input, arguments.pattern)
    tokens, merged, logs = (arguments.output / name for name in ("tokens", "merged", "logs"))
    rank, count = share(arguments.tasks)
    if arguments.tasks > len(files):
        print(f"{arguments.tasks} tasks share {len(files)} files: some have nothing to do", flush=True)
    if count == 0:
        print("No task is left for this element of the array", flush=True)
        return
    if not arguments.eos_token:
        print("No end of document was chosen: borders between documents are lost for Nanotron", flush=True)
    note(kind="start", total_steps=arguments.tasks)
    executor = LocalPipelineExecutor(
        pipeline=[
            reader_for(arguments, files),
            DocumentTokenizer(
                output_folder=str(tokens),
                local_working_dir=str(arguments.output / "working") if arguments.shuffle else None,
                tokenizer_name_or_path=arguments.tokenizer,
                save_filename=arguments.name,
                eos_token=arguments.eos_token or None,
                shuffle_documents=arguments.shuffle,
                shuffle_chunk_size=arguments.shuffle_chunk or None,
                seed=arguments.seed,
            ),
        ],
        tasks=arguments.tasks,
        workers=min(arguments.workers, count),
        local_tasks=count,
        local_rank_offset=rank,
        logging_dir=str(logs / "tokenize"),
    )
    executor.run()
    progress(logs, tokens)
    if not arguments.merge:
        return
    if "SLURM_ARRAY_TASK_ID" in os.environ:
        print("An array does not merge: launch the run once more without one, after all of its elements", flush=True)
        return
    LocalPipelineExecutor(
        pipeline=[
            DocumentTokenizerMerger(
                input_folder=str(tokens),
                output_folder=str(merged),
                save_filename=arguments.name,
                shuffle=arguments.shuffle,
                shuffle_chunk_size=arguments.shuffle_chunk or None,
                seed=arguments.seed,
                progress=False,
            )
        ],
        tasks=1,
        logging_dir=str(logs / "merge"),
    ).run()
    print(f"Merged into {merged}", flush=True)


def progress(logs, tokens):
    done = sum(1 for path in (logs / "tokenize" / "completions").glob("*") if path.is_file())
    count, documents = totals(tokens)
    note(step=done, tasks_done=done, tokens=count, documents=documents)
    print(f"{done} tasks done: {documents} documents, {count} tokens", flush=True)


if __name__ == "__main__":
    main()
