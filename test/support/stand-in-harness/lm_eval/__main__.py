# Stands for lm-evaluation-harness where a job is tested: takes its options, writes results and answers in its layout (as of 0.4.9), and
# notes each call. A task that a file `fail-<task>` in its home names ends badly, as one does whose data set cannot be loaded.
import json
import os
import re
import sys
import time

options = dict(word[2:].split('=', 1) for word in sys.argv[1:] if word.startswith('--') and '=' in word)
flags = [word for word in sys.argv[1:] if word.startswith('--') and '=' not in word]
task = options['tasks']
model = re.search(r'pretrained=([^,]*)', options['model_args']).group(1)
home = os.path.expanduser('~')
with open(os.path.join(home, 'calls'), 'a') as calls:
    calls.write('%s %s %s\n' % (task, options.get('num_fewshot', '-'), os.environ.get('SLURM_ARRAY_TASK_ID', '-')))
if os.path.exists(os.path.join(home, 'fail-' + task)):
    sys.exit('%s cannot be loaded' % task)
if '--log_samples' not in flags:
    sys.exit('answers are not kept')
folder = os.path.join(options['output_path'], re.sub(r'["<>:/|\\?*\[\]]', '__', model))
os.makedirs(folder)
at = time.strftime('%Y-%m-%dT%H-%M-%S') + '.%06d' % os.getpid()
correct = {'m_mmlu_it': 26, 'hellaswag_it': 33, 'arc_it': 31}.get(task, 25)
metric = 'acc' if 'mmlu' in task else 'acc_norm'
scores = {'alias': task, metric + ',none': correct / 100, metric + '_stderr,none': 0.044}
results = {
    'results': {task: scores},
    'group_subtasks': {task: []},
    'configs': {task: {'task': task, 'num_fewshot': int(options.get('num_fewshot', 0)), 'metadata': {'version': 1.0}}},
    'versions': {task: 1.0},
    'n-shot': {task: int(options.get('num_fewshot', 0))},
    'higher_is_better': {task: {metric: True}},
    'n-samples': {task: {'original': 100, 'effective': 100}},
    'config': {'model': 'hf', 'model_args': options['model_args'], 'limit': None, 'batch_size': options['batch_size']},
    'date': time.time(),
    'lm_eval_version': '0.4.9',
    'model_source': 'hf',
    'model_name': model,
    'total_evaluation_time_seconds': '1.5',
}
with open(os.path.join(folder, 'samples_%s_%s.jsonl' % (task, at)), 'w') as file:
    for number in range(100):
        file.write(json.dumps({'doc_id': number, 'doc': {}, 'target': '0', 'filter': 'none', metric: float(number < correct)}) + '\n')
with open(os.path.join(folder, 'results_%s.json' % at), 'w') as file:
    json.dump(results, file, indent=2)
