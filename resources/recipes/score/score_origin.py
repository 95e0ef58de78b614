"""How the scores of a run were made, in the form that Nesso Studio and its filter step read: a card beside each file. Standard library
alone, but for counting the rows of Parquet (pyarrow) and of .zst (zstandard). Knows nothing about embedding.

One output folder holds scores of one origin: thresholds over two of them would mean nothing.
"""

import gzip
import hashlib
import json
import os
import re
import tempfile
from datetime import datetime, timezone
from pathlib import Path

KEY = "nesso_scores"
RECORD = "nesso_origin.json"
#: Where datatrove puts what it knows of a document besides text and id.
NESTED = "metadata."
BLOCK_BYTES = 1 << 20


class OtherOrigin(ValueError):
    """The output folder holds scores that were made otherwise."""


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def columns_of(heads, embedder):
    """`heads`: name, path, inputs, hidden. `embedder`: id, variant, sha256, revision."""
    return [
        {
            "column": f"{NESTED}score_{head['name']}",
            "head": {
                "name": head["name"],
                "file": os.path.basename(head["path"]),
                "sha256": sha256_of(head["path"]),
                "inputs": head["inputs"],
                "hidden": head["hidden"],
            },
            "embedder": {**embedder, "dimensions": head["inputs"]},
        }
        for head in heads
    ]


def begin(logs, columns, settings):
    """What this output folder is begun with, or was: the same for each process and each launch. Raises OtherOrigin."""
    logs = Path(logs)
    logs.mkdir(parents=True, exist_ok=True)
    path = logs / RECORD
    own = {"columns": columns, "settings": settings, "unknown": finished(logs)}
    if not path.exists():
        _create(path, own)
    record = json.loads(path.read_text(encoding="utf-8"))
    for name, value in settings.items():
        if record["settings"].get(name) != value:
            raise OtherOrigin(f"it was begun with {name} {record['settings'].get(name)}, this is {value}")
    for before, now in zip(record["columns"], columns):
        _require_same(before, now)
    if len(record["columns"]) != len(columns):
        raise OtherOrigin(f"it was begun with {len(record['columns'])} heads, these are {len(columns)}")
    if record["unknown"]:
        print(f"score: nothing says how {len(record['unknown'])} parts were scored that were there before", flush=True)
    return record


def finished(logs):
    """Tasks that datatrove has done."""
    return sorted(int(entry.name) for entry in Path(logs, "completions").glob("*") if entry.name.isdigit())


def origin(record, text_column, source):
    return {
        "format": "nesso-scores",
        "version": 1,
        "createdAt": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "textColumn": text_column,
        "source": source,
        "columns": record["columns"],
    }


def write_cards(documents, task, record, text_column, source):
    """A card beside each file of a task that was done under this record."""
    if task in record["unknown"]:
        return
    own = re.compile(rf"(?:\d+_)?{task:05d}\.(?:parquet|jsonl|jsonl\.gz|jsonl\.zst)")
    files = [path for path in sorted(Path(documents).glob(f"*{task:05d}.*")) if own.fullmatch(path.name)]
    counted = [(path, rows_of(path)) for path in files]
    whole = {**source, "rows": source["rows"] if source["rows"] is not None else sum(rows for _, rows in counted)}
    for path, rows in counted:
        output = {"file": path.name, "sizeBytes": path.stat().st_size, "rows": rows}
        _replace(card_path(path), {**origin(record, text_column, whole), "output": output})


def card_path(path):
    return path.with_name(f"{path.name.removesuffix('.parquet')}.scores.json")


def rows_of(path):
    if path.suffix == ".parquet":
        from pyarrow.parquet import read_metadata

        return read_metadata(path).num_rows
    if path.suffix == ".zst":
        from zstandard import open as open_lines
    else:
        open_lines = gzip.open if path.suffix == ".gz" else open
    with open_lines(path, "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK_BYTES), b""))


def _require_same(before, now):
    if before["column"] != now["column"] or before["head"]["sha256"] != now["head"]["sha256"]:
        raise OtherOrigin(
            f"{before['column']} was begun with {before['head']['file']} ({before['head']['sha256'][:8]}), "
            f"this is {now['column']} of {now['head']['file']} ({now['head']['sha256'][:8]})"
        )
    was, is_now = before["embedder"], now["embedder"]
    if any(was[key] != is_now[key] for key in ("id", "variant", "sha256")):
        raise OtherOrigin(f"it was begun over {was['id']} {was['variant']}, this is {is_now['id']} {is_now['variant']}")


def _aside(path, value):
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(value, indent=2) + "\n")
    os.chmod(aside, 0o644)
    return aside


def _replace(path, value):
    os.replace(_aside(path, value), path)


def _create(path, value):
    """Whole or not at all, and by one process alone."""
    aside = _aside(path, value)
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(aside)
