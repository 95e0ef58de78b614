"""Decides about documents as a filter recipe of Nesso Studio says. Standard library alone, Python 3.9 or newer.

    from nesso_recipe import Recipe
    recipe = Recipe.read("filters/jql-0.7.json")
    recipe.keeps({"language": "ita_Latn", "score_a": 2.1, "score_b": 1.9, "score_c": 2.4})

    python3 nesso_recipe.py RECIPE [--language ita_Latn] [--ids] FILE.jsonl[.gz] …   # kept lines, or their ids, to standard output

Keeps what `nesso quality apply` keeps of the same documents: a missing score, NaN, a head without a threshold and a language that
the recipe does not know never pass; comparisons are made in doubles. As a program it refuses files that were scored otherwise than
the recipe's were, where something says how: nesso_origin.py lies beside it for that.
"""

import argparse
import gzip
import json
import math
import sys
from dataclasses import dataclass
from numbers import Real
from typing import Any, Iterator, Mapping, Optional, Tuple

FORMAT = "nesso-filter"
VERSION = 1
#: The language of documents that name none.
NO_LANGUAGE = "und"
# In files that were made of several folders: the language of the folder that a document lay in.
FOLDER_LANGUAGE = "folder_language"
LANGUAGE_KEYS = ("language", "lang", "language_code")
SCRIPT_KEYS = ("language_script", "script")


@dataclass(frozen=True)
class Head:
    name: str
    column: str


@dataclass(frozen=True)
class Recipe:
    heads: Tuple[Head, ...]
    #: language -> head -> threshold; None where nothing passes.
    thresholds: Mapping[str, Mapping[str, Optional[float]]]
    strict: bool
    needed: int
    language_keys: Tuple[str, ...] = LANGUAGE_KEYS
    script_keys: Tuple[str, ...] = SCRIPT_KEYS

    @staticmethod
    def read(path: Any) -> "Recipe":
        with open(path, encoding="utf-8") as file:
            return Recipe.parse(json.load(file))

    @staticmethod
    def parse(value: Mapping[str, Any]) -> "Recipe":
        """Raises ValueError for what is not a recipe of this version."""
        if not isinstance(value, Mapping) or value.get("format") != FORMAT or value.get("version") != VERSION:
            raise ValueError(f"not a filter recipe of version {VERSION}")
        heads = tuple(Head(head["name"], head["column"]) for head in value["heads"])
        kind = value["rule"]["kind"]
        if kind not in ("all", "any", "at-least"):
            raise ValueError(f"unknown rule {kind}")
        needed = {"all": len(heads), "any": 1}.get(kind) or int(value["rule"]["heads"])
        if not heads or not 1 <= needed <= len(heads):
            raise ValueError(f"the rule asks for {needed} of {len(heads)} heads")
        operator = value["operator"]
        if operator not in ("gte", "gt"):
            raise ValueError(f"unknown operator {operator}")
        language, script = _language_source(value)
        return Recipe(heads, value["thresholds"], operator == "gt", needed, language, script)

    def language_of(self, metadata: Mapping[str, Any], otherwise: Optional[str] = None) -> str:
        """`otherwise` is for documents that name none: the language of their folder."""
        own = _first_text(metadata, self.language_keys)
        if own is None:
            return _first_text(metadata, (FOLDER_LANGUAGE,)) or otherwise or NO_LANGUAGE
        script = None if "_" in own else _first_text(metadata, self.script_keys)
        return own if script is None else f"{own}_{script}"

    def passes(self, head: Head, metadata: Mapping[str, Any], language: str) -> bool:
        threshold = self.thresholds.get(language, {}).get(head.name)
        score = score_of(head, metadata)
        if threshold is None or score is None:
            return False
        return score > threshold if self.strict else score >= threshold

    def keeps(self, metadata: Mapping[str, Any], language: Optional[str] = None) -> bool:
        """`language` is that of the folder, for documents that name none."""
        known = self.language_of(metadata, language)
        return sum(self.passes(head, metadata, known) for head in self.heads) >= self.needed

    def reason(self, metadata: Mapping[str, Any], language: Optional[str] = None) -> Optional[str]:
        """None for a document that is kept, else why it is not: a value for `filter_reason`."""
        known = self.language_of(metadata, language)
        if known not in self.thresholds:
            return "nesso_unknown_language"
        failed = [head.name for head in self.heads if not self.passes(head, metadata, known)]
        if len(self.heads) - len(failed) >= self.needed:
            return None
        missing = any(score_of(head, metadata) is None for head in self.heads if head.name in failed)
        return "nesso_missing_score" if missing else f"nesso_below_threshold_{'+'.join(failed)}"


def _language_source(value: Mapping[str, Any]) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
    """The columns that the recipe was made with come first; `folder name` and `none` are not columns."""
    said = str(value.get("source", {}).get("language", ""))
    if said in ("", "folder name", "none", FOLDER_LANGUAGE):
        return LANGUAGE_KEYS, SCRIPT_KEYS
    language, _, script = said.partition(" + ")
    # Without a script column the language alone was the key of the thresholds.
    return (language, *LANGUAGE_KEYS), ((script, *SCRIPT_KEYS) if script else ())


def lookup(metadata: Mapping[str, Any], path: str) -> Any:
    """`metadata.score_x` as a key, as a path through nested objects, or without the `metadata.` that a reader has opened."""
    if path in metadata:
        return metadata[path]
    first, dot, rest = path.partition(".")
    inner = metadata.get(first) if dot else metadata.get("metadata")
    found = lookup(inner, rest if dot else path) if isinstance(inner, Mapping) else None
    return lookup(metadata, rest) if found is None and dot and first == "metadata" else found


def score_of(head: Head, metadata: Mapping[str, Any]) -> Optional[float]:
    for key in (head.column, head.name, f"score_{head.name}"):
        value = lookup(metadata, key)
        if isinstance(value, Real) and not isinstance(value, bool):
            score = float(value)
            return None if math.isnan(score) else score
    return None


def _first_text(metadata: Mapping[str, Any], keys: Tuple[str, ...]) -> Optional[str]:
    for key in keys:
        value = lookup(metadata, key)
        if isinstance(value, str) and value.strip(" ") != "":
            return value.strip(" ")
    return None


def _lines(path: str) -> Iterator[str]:
    opened = gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")
    with opened as file:
        yield from (line for line in file if line.strip() != "")


def main() -> int:
    from nesso_origin import check

    parser = argparse.ArgumentParser(description="Writes the documents that a filter recipe of Nesso Studio keeps.")
    parser.add_argument("recipe")
    parser.add_argument("files", nargs="+", help=".jsonl or .jsonl.gz")
    parser.add_argument("--language", help="of documents that name none: the name of their folder")
    parser.add_argument("--ids", action="store_true", help="write ids only")
    options = parser.parse_args()
    try:
        recipe = Recipe.read(options.recipe)
        check(options.recipe, *options.files)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"{options.recipe} cannot be used: {error}", file=sys.stderr)
        return 1
    for path in options.files:
        for number, line in enumerate(_lines(path), 1):
            try:
                document = json.loads(line)
            except ValueError:
                print(f"{path}: document {number} is not valid JSON", file=sys.stderr)
                return 1
            if recipe.keeps(document, options.language):
                sys.stdout.write(f"{document.get('id', '')}\n" if options.ids else line.rstrip("\n") + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
