"""Answers the part of wandb's interface that training tools call, and keeps every value in metrics.jsonl.

First on PYTHONPATH of a job of Nesso Studio. It needs no account, opens no connection, and never raises into the trainer. Printed
logs round to three or four digits; here a value keeps all of them. Standard library alone, Python 3.8 or newer. Written for what
Nanotron, Transformers 4 and 5, TRL, Accelerate, Axolotl, LLaMA-Factory and nanochat call of wandb 0.17 to 0.22.

A line: {"step": 10, "time": 1764000000.5, "loss": 2.0731, "train.accuracy": 0.5}. NaN and infinities are written as Python's json
does; texts, tables, images and whatever else is no number are left out.
"""

import atexit
import importlib.machinery
import json
import math
import os
import socket
import sys
import threading
import time

__version__ = "0.19.11"

#: Values a tool logs as its own count, the most trusted first.
STEP_KEYS = ("iteration_step", "train/global_step", "global_step", "trainer/global_step", "step", "_step")
#: A dictionary deeper than this is no metric.
MAX_DEPTH = 5
MAX_TAGS = 10_000

_lock = threading.RLock()


def _quiet(result=None):
    """Whatever goes wrong in here is told once on standard error, and the training goes on."""

    def wrap(function):
        def call(*args, **kwargs):
            try:
                return function(*args, **kwargs)
            except Exception as error:  # noqa: BLE001
                _complain(error)
                return result

        call.__name__ = function.__name__
        call.__doc__ = function.__doc__
        return call

    return wrap


_told = set()


def _complain(error):
    try:
        text = f"nesso: a metric was not kept: {type(error).__name__}: {error}"
        if text not in _told and len(_told) < 20:
            _told.add(text)
            print(text, file=sys.stderr, flush=True)
    except Exception:  # noqa: BLE001
        pass


class _Anything(type):
    """A class that has whatever is looked up on it."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing


class _Nothing(metaclass=_Anything):
    """Whatever else is asked for: can be called, entered, iterated and asked on, and does nothing."""

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0

    def __bool__(self):
        return False

    def __setitem__(self, key, value):
        pass

    def __getitem__(self, key):
        return self


class Image(_Nothing):
    pass


class Table(_Nothing):
    pass


class Html(_Nothing):
    pass


class Histogram(_Nothing):
    pass


class Video(_Nothing):
    pass


class Audio(_Nothing):
    pass


class Artifact(_Nothing):
    pass


class AlertLevel:
    INFO = "INFO"
    WARN = "WARN"
    ERROR = "ERROR"


class Error(Exception):
    pass


class CommError(Error):
    pass


class UsageError(Error):
    pass


class Settings(dict):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self.get(name)

    def __setattr__(self, name, value):
        self[name] = value


class Config(dict):
    """A dictionary with attributes; a key may be set twice."""

    def update(self, *args, allow_val_change=None, **kwargs):
        try:
            for source in (*args, kwargs):
                super().update(source if hasattr(source, "keys") else vars(source))
        except Exception as error:  # noqa: BLE001
            _complain(error)

    def setdefaults(self, values):
        for key, value in dict(values).items():
            self.setdefault(key, value)

    def as_dict(self):
        return dict(self)

    def __getattr__(self, name):
        if name in self:
            return self[name]
        raise AttributeError(name)

    def __setattr__(self, name, value):
        self[name] = value


class Summary(Config):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self.get(name)


def _number(value):
    """A Python number with all digits, or None. Takes NumPy scalars and tensors with one element."""
    if value is None or isinstance(value, (str, bytes)):
        return None
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value + 0
    if isinstance(value, (list, tuple, set, dict, _Nothing)):
        return None
    count = getattr(value, "numel", None)
    size = count() if callable(count) else getattr(value, "size", 1)
    if size != 1:
        return None
    item = getattr(value, "item", None)
    if callable(item):
        return _number(item()) if not isinstance(item(), complex) else None
    try:
        return float(value) if hasattr(value, "__float__") else None
    except (TypeError, ValueError):
        return None


def _flatten(values, into, prefix="", depth=0):
    for key, value in values.items():
        tag = f"{prefix}{key}"
        if isinstance(value, dict):
            if depth < MAX_DEPTH:
                _flatten(value, into, f"{tag}.", depth + 1)
            continue
        number = _number(value)
        if number is not None and len(into) < MAX_TAGS:
            into[tag] = number


class _Writer:
    """One process of a job writes: the first that opens a run. Tools that open one in a single process choose it themselves."""

    def __init__(self):
        self.file = None
        self.owner = None
        self.refused = False

    def _path(self):
        return os.environ.get("NESSO_METRICS") or os.path.join(os.getcwd(), "metrics.jsonl")

    def _claim(self, path):
        job = os.environ.get("SLURM_JOB_ID") or f"p{os.getppid()}"
        attempt = os.environ.get("SLURM_RESTART_COUNT", "0")
        round_ = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
        owner = os.path.join(os.path.dirname(path), f".metrics-owner-{job}-{attempt}-{round_}")
        for _ in range(2):
            try:
                handle = os.open(owner, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
            except FileExistsError:
                if not self._is_left_behind(owner):
                    return False
                os.unlink(owner)
                continue
            os.write(handle, f"{socket.gethostname()} {os.getpid()}".encode())
            os.close(handle)
            self.owner = owner
            return True
        return False

    def _is_left_behind(self, owner):
        """Its process ran on this node and was killed: an earlier command of the same job."""
        with open(owner, encoding="utf-8") as file:
            host, _, pid = file.read().partition(" ")
        if host != socket.gethostname() or not pid.isdigit():
            return False
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False

    def write(self, row):
        with _lock:
            if self.refused:
                return
            if self.file is None:
                path = self._path()
                if not self._claim(path):
                    self.refused = True
                    return
                self.file = open(path, "a", encoding="utf-8")  # noqa: SIM115
            self.file.write(json.dumps(row) + "\n")
            self.file.flush()

    def close(self):
        with _lock:
            if self.file is not None:
                self.file.close()
                self.file = None
            if self.owner is not None:
                try:
                    os.unlink(self.owner)
                except OSError:
                    pass
                self.owner = None


_writer = _Writer()
_process = os.getpid()


@atexit.register
def _at_exit():
    # A forked worker of a data loader must not give up what its parent holds.
    if os.getpid() == _process:
        _quiet()(_writer.close)()


class Run:
    def __init__(self, project=None, name=None, config=None, **settings):
        self.project = project or os.environ.get("WANDB_PROJECT") or "nesso"
        self.name = name or os.environ.get("WANDB_NAME") or "run"
        self.id = settings.get("id") or os.environ.get("SLURM_JOB_ID") or "nesso"
        self.entity = settings.get("entity") or ""
        self.group = settings.get("group") or ""
        self.job_type = settings.get("job_type") or ""
        self.notes = settings.get("notes")
        self.tags = tuple(settings.get("tags") or ())
        self.dir = os.environ.get("NESSO_RUN_FOLDER") or os.getcwd()
        self.config = Config()
        self.summary = Summary()
        self.offline = True
        self.disabled = False
        self.resumed = False
        self.sweep_id = None
        self.settings = Settings()
        self.url = None
        self.path = f"{self.project}/{self.id}"
        self._steps = {}
        self._step = 0
        if config is not None:
            self.config.update(config)

    @property
    def step(self):
        return self._step

    def project_name(self):
        return self.project

    def get_url(self):
        return None

    get_project_url = get_url

    @_quiet()
    def log(self, data=None, step=None, commit=None, sync=None):
        """Keeps the numbers of `data`, now. A value of None, a text or a picture is none."""
        if not isinstance(data, dict):
            return
        values = {}
        _flatten(data, values)
        with _lock:
            at = _number(step)
            if at is None:
                at = self._own_step(values)
            # Steps are counted even where the count is no tag of the line, so that lines keep their order.
            if at is None:
                at = self._step + (0 if commit is False else 1)
            at = int(at)
            self._step = max(self._step, at)
            self.summary.update(values)
            row = {"step": at, "time": time.time()}
            row.update((tag, value) for tag, value in values.items() if tag not in row)
            if len(row) > 2:
                _writer.write(row)

    def _own_step(self, values):
        asked = [self._steps.get(tag) or self._steps.get("*") for tag in values]
        for key in (*[name for name in asked if name], *STEP_KEYS):
            value = values.get(key)
            if value is not None and math.isfinite(value):
                return value
        return None

    @_quiet(_Nothing())
    def define_metric(self, name=None, step_metric=None, **kwargs):
        if name is not None and step_metric is not None:
            self._steps[str(name)] = str(getattr(step_metric, "name", step_metric))
        return _Nothing()

    @_quiet()
    def finish(self, exit_code=None, quiet=None):
        global run
        _writer.close()
        if run is self:
            run = None

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.finish()
        return False

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()


#: The open run, as tools look it up.
run = None
config = Config()
summary = Summary()


def init(project=None, name=None, config=None, **settings):  # noqa: A002
    """The run of this process; a second call gives the open one unless `reinit` is asked for."""
    global run
    with _lock:
        if run is not None and not settings.get("reinit"):
            if config is not None:
                run.config.update(config)
            return run
        try:
            run = Run(project=project, name=name, config=config, **settings)
        except Exception as error:  # noqa: BLE001
            _complain(error)
            run = Run()
        globals()["config"] = run.config
        globals()["summary"] = run.summary
        return run


def log(data=None, step=None, commit=None, sync=None):
    (run or init()).log(data, step=step, commit=commit, sync=sync)


def define_metric(name=None, step_metric=None, **kwargs):
    return (run or init()).define_metric(name, step_metric=step_metric, **kwargs)


def finish(exit_code=None, quiet=None):
    if run is not None:
        run.finish(exit_code)


def login(*args, **kwargs):
    return True


def setup(*args, **kwargs):
    return _Nothing()


def watch(*args, **kwargs):
    return []


def unwatch(*args, **kwargs):
    return None


def save(*args, **kwargs):
    return []


def alert(*args, **kwargs):
    return None


def ensure_configured():
    return None


def termlog(*args, **kwargs):
    return None


termwarn = termerror = mark_preempting = termlog
log_artifact = use_artifact = link_artifact = Api = _Nothing
api = _Nothing()


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _Nothing


class _Finder:
    """`import wandb.sdk.lib.whatever`: every part is there and holds nothing, but for the names that are really used."""

    names = {
        f"{__name__}.errors": {"Error": Error, "CommError": CommError, "UsageError": UsageError},
        f"{__name__}.sdk.wandb_run": {"Run": Run},
        f"{__name__}.sdk.wandb_settings": {"Settings": Settings},
    }

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if not name.startswith(f"{__name__}."):
            return None
        return importlib.machinery.ModuleSpec(name, cls, is_package=True)

    @staticmethod
    def create_module(spec):
        return None

    @classmethod
    def exec_module(cls, module):
        module.__getattr__ = __getattr__
        module.__dict__.update(cls.names.get(module.__name__, {}))


sys.meta_path.append(_Finder)
