"""Looks at a Nanotron checkout for what is known to break, before GPUs wait for it. Standard library alone.

    python3 check_nanotron.py CHECKOUT CONFIG

Exit code 0: nothing known is in the way (warnings are printed), 64: it would break. Tried on Nanotron main 2411b022 with datatrove 0.9
and 0.10; read for the mii-llm fork.
"""

import ast
import re
import sys
from importlib import metadata, util
from pathlib import Path

problems = []
warnings = []


def text_of(path):
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def minor_version(package):
    try:
        found = re.match(r"(\d+)\.(\d+)", metadata.version(package))
    except metadata.PackageNotFoundError:
        return None
    return (int(found[1]), int(found[2])) if found else None


def parsed(text):
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def named(node, name):
    return isinstance(node, ast.Name) and node.id == name or isinstance(node, ast.Attribute) and node.attr == name


def handed_to_datatrove(text):
    """Names of the arguments with which Nanotron makes a DatatroveFolderDataset, by a call or from a class of its own."""
    handed = set()
    for node in ast.walk(parsed(text)):
        calls = []
        if isinstance(node, ast.Call) and named(node.func, "DatatroveFolderDataset"):
            calls = [node]
        elif isinstance(node, ast.ClassDef) and any(named(base, "DatatroveFolderDataset") for base in node.bases):
            calls = [inner for inner in ast.walk(node) if isinstance(inner, ast.Call) and named(inner.func, "__init__")]
        for call in calls:
            handed.update(keyword.arg for keyword in call.keywords if keyword.arg)
    return handed


def known_to_datatrove():
    """Names of the arguments that the installed datatrove takes there, and its version; nothing where it cannot be read."""
    found = util.find_spec("datatrove")
    if found is None or found.origin is None:
        return set(), None
    for node in ast.walk(parsed(text_of(Path(found.origin).parent / "utils" / "dataset.py"))):
        if isinstance(node, ast.ClassDef) and node.name == "DatatroveFolderDataset":
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name == "__init__" and not inner.args.kwarg:
                    return {argument.arg for argument in inner.args.args + inner.args.kwonlyargs}, version_of("datatrove")
    return set(), None


def version_of(package):
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "as installed"


def look(checkout, config):
    source = checkout / "src" / "nanotron"
    if not (checkout / "run_train.py").is_file():
        problems.append(f"{checkout} has no run_train.py: it is no Nanotron checkout")
        return
    wanted = text_of(config)
    uses_folders = "dataset_folder" in wanted
    llama = text_of(source / "models" / "llama.py")
    if re.search(r"parametrizator\w*\(\s*config\s*=\s*config\.model\b", llama):
        problems.append(
            "models/llama.py hands config.model to the initialisation, which has no attribute model "
            "(huggingface/nanotron issue 386); use the mii-llm fork or its patch"
        )
    blend = text_of(source / "data" / "nemo_dataset" / "blendable_dataset.py")
    if uses_folders and re.search(r"assert\s*\(?\s*[\"']s3[\"']\s+in", blend):
        problems.append(
            "blendable_dataset.py accepts data on s3 only: a local run ends at its first step "
            "(huggingface/nanotron issue 387); use the mii-llm fork or its patch"
        )
    handed = handed_to_datatrove(text_of(source / "data" / "tokenized_bytes.py"))
    known, version = known_to_datatrove()
    unknown = sorted(handed - known) if known else []
    if uses_folders and unknown:
        # Only a datatrove of Hugging Face's own has all of upstream's; the fork's call is that of released versions before 0.7.
        suits = "branch nouamane/avoid-s3" if "read_path" in handed else "0.5 or 0.6"
        problems.append(
            f"this Nanotron hands {', '.join(unknown)} to datatrove, and datatrove {version} knows no such thing; "
            f"install datatrove {suits}"
        )
    if handed and "max_tokens" not in handed:
        for key in ("dataset_max_tokens", "dataset_read_path"):
            if re.search(rf"^\s*{key}\s*:\s*(?!null\s*$)\S", wanted, re.MULTILINE):
                warnings.append(f"{key} has no effect in this Nanotron")
    numpy = minor_version("numpy")
    if numpy is not None and numpy[0] >= 2:
        warnings.append("numpy is 2 or newer; Nanotron asks for an older one")


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    look(Path(sys.argv[1]).expanduser(), Path(sys.argv[2]))
    for sentence in warnings:
        print(f"check: {sentence}", flush=True)
    for sentence in problems:
        print(f"check: cannot start: {sentence}", file=sys.stderr, flush=True)
    return 64 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
