"""Starts a script of TRL, and lets it go on from a checkpoint: python3 train_trl.py sft|dpo OPTIONS OF THE SCRIPT.

The scripts of TRL up to 0.29 take --resume_from_checkpoint and never use it: the run would start anew and say nothing. A job that Slurm
started again goes on from the newest whole checkpoint of its output folder. Run with 0.29 and 1.16.
"""

import functools
import os
import re
import runpy
import sys
from pathlib import Path

from transformers import Trainer


def go_on_from_checkpoint():
    train = Trainer.train

    @functools.wraps(train)
    def wrapper(self, resume_from_checkpoint=None, *rest, **named):
        return train(self, resume_from_checkpoint or self.args.resume_from_checkpoint, *rest, **named)

    Trainer.train = wrapper


def after_restart(words, environment):
    """The options of the script, with the newest whole checkpoint where Slurm started the job again."""
    if environment.get("SLURM_RESTART_COUNT", "0") == "0" or "--output_dir" not in words[:-1]:
        return words
    output = Path(words[words.index("--output_dir") + 1])
    whole = [path for path in output.glob("checkpoint-*") if re.fullmatch(r"checkpoint-\d+", path.name)]
    # The trainer writes this file last.
    whole = [path for path in whole if (path / "trainer_state.json").is_file()]
    if not whole:
        return words
    newest = max(whole, key=lambda path: int(path.name.split("-")[1]))
    return [*words, "--resume_from_checkpoint", str(newest)]


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in ("sft", "dpo"):
        print(__doc__, file=sys.stderr)
        return 2
    script = sys.argv.pop(1)
    sys.argv[1:] = after_restart(sys.argv[1:], os.environ)
    go_on_from_checkpoint()
    runpy.run_module(f"trl.scripts.{script}", run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
