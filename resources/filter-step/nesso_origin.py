"""Were these documents scored as those of a filter recipe of Nesso Studio? Standard library alone, Python 3.9 or newer.

Thresholds hold for one head over one embedder: scores of another one lie on another scale. What made a score column stands in the card
beside a file (`NAME.scores.json`), or in the metadata of a Parquet file; where neither says anything, nothing can be checked.

    from nesso_origin import check
    unknown = check("filters/jql-0.7.json", "scored/documents")   # raises ScoredOtherwise
"""

import json
import os
from typing import Any, Iterable, Iterator, List, Mapping, Optional, Sequence

#: Key of the origin in the metadata of a Parquet file.
KEY = b"nesso_scores"
FORMAT = "nesso-scores"
#: As much as the studio reads of a card.
MAX_CARD_BYTES = 4_194_304
#: A footer of a million column chunks; a larger one is not looked into.
MAX_FOOTER_BYTES = 268_435_456
ENDINGS = (".parquet", ".jsonl", ".jsonl.gz", ".jsonl.zst", ".ndjson")
MAGIC = b"PAR1"
#: A text that is the field after the one before, in Thrift's compact form.
NEXT_TEXT = 0x18


class ScoredOtherwise(ValueError):
    """A score column was made by another head, or over another embedder, than the recipe's thresholds are for."""


def check(recipe_path: Any, *inputs: Any) -> List[str]:
    """Files of which nothing is known. Raises ScoredOtherwise for the first file that does not go with the recipe."""
    with open(recipe_path, encoding="utf-8") as file:
        recipe = json.load(file)
    return check_recipe(recipe, inputs)


def check_recipe(recipe: Mapping[str, Any], inputs: Iterable[Any]) -> List[str]:
    if not _says_origin(recipe):
        return []
    unknown = []
    for path in files_below(inputs):
        columns = columns_of(path)
        made = [_column(head, columns or ()) for head in recipe["heads"]]
        if None in made:
            unknown.append(path)
        for head, column in zip(recipe["heads"], made):
            if column is not None:
                _require_same(recipe, head, column, path)
    return unknown


def files_below(inputs: Iterable[Any]) -> Iterator[str]:
    """Data files; folders stand for those below them, hidden ones left out."""
    for entry in map(os.fspath, inputs):
        if not os.path.isdir(entry):
            yield entry
            continue
        for folder, folders, names in os.walk(entry):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from (
                os.path.join(folder, name)
                for name in sorted(names)
                if name.endswith(ENDINGS) and not name.startswith(".")
            )


def columns_of(path: str) -> Optional[Sequence[Mapping[str, Any]]]:
    """What made each score column of a file; None where nothing says it, or what does is of another file."""
    size = os.path.getsize(path)
    card = _read_card(f"{path[: -len('.parquet')] if path.lower().endswith('.parquet') else path}.scores.json")
    if card is not None and card.get("output", {}).get("sizeBytes") == size:
        return card["columns"]
    inside = _parse(_read_inside(path, size)) if path.lower().endswith(".parquet") else None
    return None if inside is None else inside["columns"]


def _says_origin(recipe: Mapping[str, Any]) -> bool:
    return recipe.get("embedder") is not None or any(head.get("sha256") for head in recipe["heads"])


def _column(head: Mapping[str, Any], columns: Iterable[Mapping[str, Any]]) -> Optional[Mapping[str, Any]]:
    """That of a recipe's head: by the same names under which its score is looked for."""
    by_name = {column["column"]: column for column in columns}
    own = head["column"]
    for name in (own, own.rpartition(".")[2], head["name"], f"score_{head['name']}"):
        if name in by_name:
            return by_name[name]
    return None


def _require_same(
    recipe: Mapping[str, Any], head: Mapping[str, Any], column: Mapping[str, Any], path: str
) -> None:
    made = column["head"]
    wanted = head.get("sha256")
    if wanted and wanted != made["sha256"]:
        raise ScoredOtherwise(
            f"the thresholds are for another head: {column['column']} of {path} was made by {made['file']} "
            f"({made['sha256'][:8]}), not {wanted[:8]}"
        )
    embedder = recipe.get("embedder")
    own = column["embedder"]
    name = f"{own['id']} {own['variant']}"
    if embedder and (embedder["name"] != name or embedder.get("sha256") != own.get("sha256")):
        raise ScoredOtherwise(
            f"the thresholds are for scores over {embedder['name']}: {column['column']} of {path} was made over {name}"
        )


def _read_card(path: str) -> Optional[Mapping[str, Any]]:
    try:
        if os.path.getsize(path) > MAX_CARD_BYTES:
            return None
        with open(path, "rb") as file:
            return _parse(file.read())
    except OSError:
        return None


def _parse(text: Optional[bytes]) -> Optional[Mapping[str, Any]]:
    """Somebody else's file is as good as none."""
    try:
        value = json.loads(text or b"")
        is_ours = value["format"] == FORMAT and value["version"] == 1
        for column in value["columns"] if is_ours else ():
            column["column"], column["head"]["sha256"][:8], column["head"]["file"]
            column["embedder"]["id"], column["embedder"]["variant"]
        return value if is_ours else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _read_inside(path: str, size: int) -> Optional[bytes]:
    """The value of our key in a Parquet footer: a pair of texts with their lengths before them, in Thrift's compact form."""
    with open(path, "rb") as file:
        file.seek(max(0, size - 8))
        tail = file.read(8)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != MAGIC or length > min(MAX_FOOTER_BYTES, size - 8):
            return None
        file.seek(size - 8 - length)
        footer = file.read(length)
    at = footer.find(bytes([len(KEY)]) + KEY)
    at += 1 + len(KEY)
    if at <= len(KEY) or footer[at : at + 1] != bytes([NEXT_TEXT]):
        return None
    count = shift = 0
    for byte in footer[at + 1 : at + 6]:
        at += 1
        count |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return footer[at + 1 : at + 1 + count] if count <= MAX_CARD_BYTES else None
