# Runs the tasks of a benchmark one by one, each with its own number of examples, and keeps results and answers of each in a folder of
# its own: a task whose result is there is not run again, and an array shares the tasks among its members. Python 3.8 and later,
# nothing but the standard library; the harness is started as a program.
import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
OWN = 'own'


def read_tasks(text, fewshot, chat):
    """`m_mmlu_it@5, ifeval+chat, mlmm_arc_ita_cf|0` -> [(name, shots or None, chat)]"""
    tasks = []
    for word in [part.strip() for part in text.split(',') if part.strip()]:
        match = re.fullmatch(r'([^@+\s]+?)(?:[@|](\d+)(?:\|[01])?)?(\+chat)?', word)
        if match is None:
            sys.exit('evaluate: cannot read the task %r; write name, name@shots or name@shots+chat' % word)
        shots = match.group(2) if match.group(2) is not None else (fewshot or None)
        tasks.append((match.group(1), None if shots is None else int(shots), chat or match.group(3) is not None))
    if not tasks:
        sys.exit('evaluate: there are no tasks')
    return tasks


def of_preset(name):
    with open(os.path.join(HERE, 'presets.json'), encoding='utf-8') as file:
        known = json.load(file)
    for preset in known['presets']:
        if preset['id'] == name:
            return read_tasks(','.join(preset['tasks']), '', False)
    sys.exit('evaluate: there is no preset %r' % name)


def facts_of_tasks():
    try:
        with open(os.path.join(HERE, 'presets.json'), encoding='utf-8') as file:
            return json.load(file)['tasks']
    except (OSError, ValueError, KeyError):
        return {}


def weight(task, facts):
    """About the tokens it reads; a task that is not known counts as much as a middling one."""
    name, shots, _ = task
    known = facts.get(name)
    if known is None:
        return 1e6
    read = ((shots or known.get('shots') or 0) + 1) * known['questionTokens'] + known['answerTokens']
    return known['questions'] * (known['passes'] * read + 20 * known['writtenTokens'])


def own_share(tasks, facts):
    """The part of this member of an array: the heaviest tasks are dealt out first, each to whoever has least."""
    number = os.environ.get('SLURM_ARRAY_TASK_ID')
    if number is None:
        return tasks
    first = int(os.environ.get('SLURM_ARRAY_TASK_MIN', '0'))
    members = int(os.environ.get('SLURM_ARRAY_TASK_COUNT', '1'))
    step = int(os.environ.get('SLURM_ARRAY_TASK_STEP', '1') or '1')
    place = (int(number) - first) // step
    if not 0 <= place < members:
        sys.exit('evaluate: the array must count from its first number to its last')
    hands = [[0.0, member] for member in range(members)]
    mine = []
    for task in sorted(tasks, key=lambda one: -weight(one, facts)):
        hand = min(hands)
        if hand[1] == place:
            mine.append(task)
        hand[0] += weight(task, facts)
    return [task for task in tasks if task in mine]


def folder_name(task):
    name, shots, chat = task
    plain = re.sub(r'[^A-Za-z0-9_.-]+', '-', name).strip('-.') or 'task'
    return plain + ('' if shots is None else '-%dshot' % shots) + ('-chat' if chat else '')


def measured(folder):
    """The file that holds a whole result of the task that the folder is for; None where there is none."""
    for at, _, files in os.walk(folder):
        for file in sorted(files):
            if not re.fullmatch(r'results_.*\.json', file):
                continue
            path = os.path.join(at, file)
            try:
                with open(path, encoding='utf-8') as opened:
                    results = json.load(opened).get('results')
            except (OSError, ValueError, AttributeError):
                continue
            if isinstance(results, dict) and results:
                return path
    return None


def has_option(program, option):
    """Newer harnesses want an option that older ones do not know."""
    try:
        done = subprocess.run(program + ['--help'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=180)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return option.encode() in done.stdout


def lm_eval_command(options, task, folder):
    name, shots, chat = task
    if options.gpus > 1:
        start = ['accelerate', 'launch', '--num_processes=%d' % options.gpus, '--num_machines=1']
        start += ['--main_process_port=%d' % (20000 + os.getpid() % 20000), '-m', 'lm_eval']
    else:
        start = [sys.executable, '-m', 'lm_eval']
    return (
        start
        + ['--model=hf', '--model_args=pretrained=%s,dtype=%s' % (options.model, options.dtype)]
        + ['--tasks=%s' % name, '--batch_size=%s' % options.batch, '--output_path=%s' % folder, '--log_samples']
        + ([] if shots is None else ['--num_fewshot=%d' % shots])
        + (['--apply_chat_template', '--fewshot_as_multiturn'] if chat else [])
        + (['--limit=%s' % options.limit] if options.limit else [])
    )


def lighteval_command(options, task, folder):
    name, shots, _ = task
    # Before 0.11 a task was written suite|task|shots|0.
    words = '%s|%d%s' % (name, shots or 0, '|0' if '|' in name else '')
    if not os.path.isfile(os.path.join(options.model, 'model_config.json')):
        start = ['lighteval', 'accelerate']
        if options.gpus > 1:
            start = ['accelerate', 'launch', '--multi_gpu', '--num_processes=%d' % options.gpus, '-m'] + start
        arguments = 'model_name=%s,dtype=%s,batch_size=%s' % (options.model, options.dtype, options.batch)
        limit = ['--max-samples=%s' % options.limit] if options.limit else []
        more = ['--load-tasks-multilingual'] if has_option(start, '--load-tasks-multilingual') else []
        return start + [arguments, words, '--output-dir=%s' % folder, '--save-details'] + limit + more
    # A checkpoint of Nanotron: its own config says what it is, and a second one what is asked. YAML reads JSON.
    config = os.path.join(folder, 'lighteval.yaml')
    asked = {
        'batch_size': int(options.batch) if options.batch.isdigit() else 8,
        'generation': None,
        'logging': {
            'output_dir': folder,
            'save_details': True,
            'push_to_hub': False,
            'public_run': False,
            'results_org': None,
            'tensorboard_metric_prefix': 'eval',
        },
        'parallelism': {
            'dp': options.gpus,
            'pp': 1,
            'pp_engine': '1f1b',
            'tp': 1,
            'tp_linear_async_communication': False,
            'tp_mode': 'ALL_REDUCE',
        },
        'tasks': {
            'dataset_loading_processes': 8,
            'max_samples': int(options.limit) if options.limit else None,
            'multichoice_continuations_start_space': None,
            'num_fewshot_seeds': None,
            'tasks': words,
        },
    }
    with open(config, 'w', encoding='utf-8') as file:
        json.dump(asked, file, indent=2)
    start = ['torchrun', '--standalone', '--nproc-per-node=%d' % options.gpus, '-m', 'lighteval', 'nanotron']
    more = ['--load-tasks-multilingual'] if has_option(['lighteval', 'nanotron'], '--load-tasks-multilingual') else []
    checkpoint = os.path.join(options.model, 'config.yaml')
    return start + ['--checkpoint-config-path', checkpoint, '--lighteval-config-path', config] + more


class Notes:
    """metrics.jsonl: a line for each task that is done."""

    def __init__(self, total):
        self.path = os.environ.get('NESSO_METRICS')
        self.write({'kind': 'start', 'total_steps': total})

    def write(self, line):
        if self.path:
            with open(self.path, 'a', encoding='utf-8') as file:
                file.write(json.dumps(line) + '\n')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--harness', choices=['lm-eval', 'lighteval'], default='lm-eval')
    parser.add_argument('--model', required=True)
    parser.add_argument('--dtype', default='bfloat16')
    parser.add_argument('--preset', default=OWN)
    parser.add_argument('--tasks', default='')
    parser.add_argument('--fewshot', default='')
    parser.add_argument('--chat', action='store_true')
    parser.add_argument('--batch', default='16')
    parser.add_argument('--gpus', type=int, default=1)
    parser.add_argument('--limit', default='')
    parser.add_argument('--out', required=True)
    parser.add_argument('--more', default='', help='as typed after the harness')
    options = parser.parse_args()
    if ',' in options.model:
        sys.exit('evaluate: the path of the model must hold no comma')
    facts = facts_of_tasks()
    if options.preset == OWN:
        tasks = read_tasks(options.tasks, options.fewshot, options.chat)
    else:
        tasks = of_preset(options.preset)
    tasks = own_share(tasks, facts)
    notes = Notes(len(tasks))
    command_of = lm_eval_command if options.harness == 'lm-eval' else lighteval_command
    child = None

    def stop(*_):
        if child is not None and child.poll() is None:
            child.terminate()
        sys.exit(143)

    signal.signal(signal.SIGTERM, stop)
    failed = []
    for number, task in enumerate(tasks, start=1):
        folder = os.path.join(options.out, folder_name(task))
        there = measured(folder)
        if there is not None:
            print('evaluate: %s is measured already: %s' % (task[0], there), flush=True)
            notes.write({'step': number, 'time': time.time(), 'tasks_done': number, 'seconds': 0})
            continue
        os.makedirs(folder, exist_ok=True)
        command = command_of(options, task, folder) + shlex.split(options.more)
        print('evaluate: %d of %d: %s' % (number, len(tasks), ' '.join(shlex.quote(word) for word in command)), flush=True)
        started = time.time()
        try:
            child = subprocess.Popen(command)
            code = child.wait()
        except OSError as error:
            print('evaluate: %s cannot be started: %s' % (command[0], error), file=sys.stderr, flush=True)
            code = 127
        if code == 0 and measured(folder) is None:
            print('evaluate: %s ended well and left no result' % task[0], file=sys.stderr, flush=True)
            code = 1
        if code != 0:
            failed.append('%s (exit code %d)' % (task[0], code))
            continue
        notes.write({'step': number, 'time': time.time(), 'tasks_done': number, 'seconds': round(time.time() - started, 3)})
    if failed:
        sys.exit('evaluate: %d of %d tasks have no result: %s' % (len(failed), len(tasks), ', '.join(failed)))
    print('evaluate: all %d tasks have results' % len(tasks), flush=True)


if __name__ == '__main__':
    main()
