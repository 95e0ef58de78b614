"""Starts a script of TRL, and lets it go on from a checkpoint: python3 train_trl.py sft|dpo OPTIONS OF THE SCRIPT.

The scripts of TRL up to 0.29 take --resume_from_checkpoint and never use it: the run would start anew and say nothing. Run with 0.29
and 1.16.
"""

import functools
import runpy
import sys

from transformers import Trainer


def go_on_from_checkpoint():
    train = Trainer.train

    @functools.wraps(train)
    def wrapper(self, resume_from_checkpoint=None, *rest, **named):
        return train(self, resume_from_checkpoint or self.args.resume_from_checkpoint, *rest, **named)

    Trainer.train = wrapper


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in ("sft", "dpo"):
        print(__doc__, file=sys.stderr)
        return 2
    script = sys.argv.pop(1)
    go_on_from_checkpoint()
    runpy.run_module(f"trl.scripts.{script}", run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
