# Stands for lighteval on a checkpoint of Nanotron: reads both configs as it does, writes results and details in its layout (as of 0.13).
import json
import os
import sys


def app():
    if '--help' in sys.argv:
        print('--checkpoint-config-path --lighteval-config-path --load-tasks-multilingual')
        sys.exit(0)
    words = sys.argv[1:]
    if words[0] != 'nanotron' or '--load-tasks-multilingual' not in words:
        sys.exit('asked for %r' % words)
    checkpoint = words[words.index('--checkpoint-config-path') + 1]
    with open(words[words.index('--lighteval-config-path') + 1]) as file:
        asked = json.load(file)
    with open(checkpoint) as file:
        file.read()
    task = asked['tasks']['tasks']
    at = '2026-11-22T12-00-00.000000'
    folder = os.path.join(asked['logging']['output_dir'], 'results', 'nanotron')
    details = os.path.join(asked['logging']['output_dir'], 'details', 'nanotron', at)
    os.makedirs(folder)
    os.makedirs(details)
    results = {
        'config_general': {'lighteval_sha': '?', 'num_fewshot_seeds': 1, 'max_samples': None, 'model_name': os.path.dirname(checkpoint)},
        'results': {task: {'acc_norm': 0.31, 'acc_norm_stderr': 0.0135}, 'all': {'acc_norm': 0.31, 'acc_norm_stderr': 0.0135}},
        'versions': {task: 0},
        'config_tasks': {},
        'summary_tasks': {},
        'summary_general': {},
    }
    with open(os.path.join(details, 'details_%s_%s.parquet' % (task, at)), 'wb') as file:
        file.write(b'PAR1' + bytes(range(256)) + b'PAR1')
    with open(os.path.join(folder, 'results_%s.json' % at), 'w') as file:
        json.dump(results, file)


if __name__ == '__main__':
    app()
