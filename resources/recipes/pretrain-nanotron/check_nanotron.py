"""Looks at a Nanotron checkout for what is known to break, before GPUs wait for it. Standard library alone.

    python3 check_nanotron.py CHECKOUT CONFIG

Exit code 0: nothing known is in the way (warnings are printed), 64: it would break. Read for Nanotron main up to February 2026 and the
mii-llm fork.
"""

import re
import sys
from importlib import metadata
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
    if uses_folders and re.search(r"assert\s+[\"']s3[\"']\s+in", blend):
        problems.append(
            "blendable_dataset.py accepts data on s3 only: a local run ends at its first step "
            "(huggingface/nanotron issue 387); use the mii-llm fork or its patch"
        )
    loader = text_of(source / "data" / "tokenized_bytes.py")
    datatrove = minor_version("datatrove")
    call = re.search(r"DatatroveFolderDataset\((.*?)\n\s*\)", loader, re.DOTALL)
    arguments = call[1] if call else ""
    if uses_folders and "folder_path" in arguments and datatrove is not None and datatrove >= (0, 7):
        problems.append(
            f"this Nanotron calls datatrove with folder_path, which datatrove {datatrove[0]}.{datatrove[1]} calls data_folder; "
            "install datatrove 0.5 or 0.6"
        )
    if arguments and "max_tokens" not in arguments:
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
