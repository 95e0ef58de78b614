# Starts `lighteval nanotron`. From 0.11 to 0.13 lighteval asks its folder models.nanotron for classes that lie in a module in there, and
# ends before it began; so they are put where it looks. Given by torchrun to each of its processes.
import importlib
import os
import sys

# Beside this lies evaluate.py, which would stand for the package `evaluate`.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [path for path in sys.path if os.path.abspath(path) != HERE]


def put_classes_where_they_are_sought():
    try:
        folder = importlib.import_module('lighteval.models.nanotron')
        module = importlib.import_module('lighteval.models.nanotron.nanotron_model')
    except ImportError:
        # Another version, or no nanotron: lighteval says it better.
        return
    for name in ('FullNanotronConfig', 'LightEvalConfig', 'NanotronLightevalModel'):
        if not hasattr(folder, name) and hasattr(module, name):
            setattr(folder, name, getattr(module, name))


if __name__ == '__main__':
    if 'nanotron' in sys.argv[1:]:
        put_classes_where_they_are_sought()
    from lighteval.__main__ import app

    app()
