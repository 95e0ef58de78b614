# Runs the tasks of a benchmark one by one, each with its own number of examples, and keeps results and answers of each in a folder of
# its own: a task whose result is there is not run again, and an array shares the tasks among its members. Python 3.8 and later,
# nothing but the standard library; the harness is started as a program.
import argparse
import importlib.util
import json
import os
import re
import shlex
import shutil
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


def lines_of_answers(folder):
    """The Portuguese fork writes results.json, and answers as one list a task. Gives both the names and the shape they have elsewhere:
    one answer a line, with its filter, and 1 or 0 where it kept what was right beside what was said."""
    path = os.path.join(folder, 'results.json')
    try:
        with open(path, encoding='utf-8') as file:
            results = json.load(file)
        configs = results['configs']
        at = time.strftime('%Y-%m-%dT%H-%M-%S', time.gmtime(os.path.getmtime(path)))
        names = sorted(name for name in os.listdir(folder) if name.endswith('.jsonl') and not name.startswith('samples_'))
    except (OSError, ValueError, KeyError, TypeError):
        return
    for task, config in configs.items():
        own = [name for name in names if name.endswith('_%s.jsonl' % task)]
        if not own:
            continue
        kept = os.path.join(folder, min(own, key=len))
        filters = (config or {}).get('filter_list') or [{}]
        try:
            with open(kept, encoding='utf-8') as file:
                answers = json.load(file)
        except (OSError, ValueError):
            continue
        target = os.path.join(folder, 'samples_%s_%s.jsonl' % (task, at))
        with open(target + '.part', 'w', encoding='utf-8') as file:
            for answer in answers:
                answer.setdefault('filter', filters[0].get('name') or 'none')
                pair = answer.get('acc')
                if isinstance(pair, list) and len(pair) == 2:
                    answer['acc'] = float(pair[0] == pair[1])
                file.write(json.dumps(answer, ensure_ascii=False) + '\n')
        os.replace(target + '.part', target)
        os.remove(kept)
    os.replace(path, os.path.join(folder, 'results_%s.json' % at))


def installed(package):
    """Its version as numbers, None where this Python does not have it."""
    try:
        from importlib.metadata import PackageNotFoundError, version
    except ImportError:
        return None
    try:
        text = version(package)
    except PackageNotFoundError:
        return None
    return tuple(int(number) for number in re.findall(r'\d+', text)[:2]) or None


def refuse_versions(options):
    """Before anything is loaded: a harness that is not there, or whose command line is another one."""
    if options.harness == 'lm-eval':
        found = installed('lm_eval')
        if found is not None and found < (0, 4):
            sys.exit('evaluate: lm_eval %d.%d has another command line; this needs lm_eval 0.4' % found)
        return
    found = installed('lighteval')
    if found is None:
        # As a program of another environment it may be there all the same.
        if shutil.which('lighteval') is None:
            sys.exit('evaluate: lighteval is not in %s; install lighteval 0.9 to 0.13' % sys.executable)
        return
    if found < (0, 9):
        sys.exit('evaluate: lighteval %d.%d has another command line; this needs lighteval 0.9 to 0.13' % found)
    if found > (0, 13):
        print('evaluate: lighteval %d.%d is newer than 0.13, the last one that this was tried with' % found, flush=True)
    if is_nanotron(options.model):
        if importlib.util.find_spec('nanotron') is None:
            sys.exit('evaluate: a checkpoint of Nanotron needs nanotron beside lighteval in %s' % sys.executable)


def is_nanotron(model):
    return os.path.isfile(os.path.join(model, 'model_config.json'))


def has_option(program, option):
    """Newer harnesses want an option that older ones do not know."""
    key = (tuple(program), option)
    if key not in KNOWN_OPTIONS:
        try:
            # Wide enough that no option is cut off.
            wide = dict(os.environ, COLUMNS='300')
            done = subprocess.run(program + ['--help'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=180, env=wide)
        except (OSError, subprocess.TimeoutExpired):
            return False
        KNOWN_OPTIONS[key] = option.encode() in done.stdout
    return KNOWN_OPTIONS[key]


KNOWN_OPTIONS = {}


def lm_eval_command(options, task, folder):
    name, shots, chat = task
    if options.gpus > 1:
        start = ['accelerate', 'launch', '--num_processes=%d' % options.gpus, '--num_machines=1']
        start += ['--main_process_port=%d' % (20000 + os.getpid() % 20000), '-m', 'lm_eval']
    else:
        start = [sys.executable, '-m', 'lm_eval']
    # The Portuguese fork has no such option: it uses the template of every tokenizer that has one.
    if chat and not has_option([sys.executable, '-m', 'lm_eval'], '--apply_chat_template'):
        print('evaluate: this harness uses the chat template of the tokenizer by itself', flush=True)
        chat = False
    return (
        start
        + ['--model=hf', '--model_args=pretrained=%s,dtype=%s' % (options.model, options.dtype)]
        + ['--tasks=%s' % name, '--batch_size=%s' % options.batch, '--output_path=%s' % folder, '--log_samples']
        + ([] if shots is None else ['--num_fewshot=%d' % shots])
        + (['--apply_chat_template', '--fewshot_as_multiturn'] if chat else [])
        + (['--limit=%s' % options.limit] if options.limit else [])
        + shlex.split(options.more)
    )


def lighteval_command(options, task, folder):
    name, shots, _ = task
    # Before 0.11 a task was written suite|task|shots|0.
    words = '%s|%d%s' % (name, shots or 0, '|0' if '|' in name else '')
    if not is_nanotron(options.model):
        start = ['lighteval', 'accelerate']
        if options.gpus > 1:
            start = ['accelerate', 'launch', '--multi_gpu', '--num_processes=%d' % options.gpus, '-m'] + start
        arguments = 'model_name=%s,dtype=%s,batch_size=%s%s' % (options.model, options.dtype, options.batch, own_cache(folder))
        limit = ['--max-samples=%s' % options.limit] if options.limit else []
        more = multilingual(start, name) + shlex.split(options.more)
        return start + [arguments, words, '--output-dir=%s' % folder, '--save-details'] + limit + more
    if options.dtype != 'bfloat16':
        print('evaluate: lighteval reads a checkpoint of Nanotron as bfloat16, not %s' % options.dtype, flush=True)
    custom, others = taken_out(shlex.split(options.more), '--custom-tasks')
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
            'custom_tasks': custom,
            'tasks': words,
        },
    }
    with open(config, 'w', encoding='utf-8') as file:
        json.dump(asked, file, indent=2)
    launcher = os.path.join(HERE, 'lighteval_nanotron.py')
    start = ['torchrun', '--standalone', '--nproc-per-node=%d' % options.gpus, launcher, 'nanotron']
    more = multilingual(['lighteval', 'nanotron'], name)
    checkpoint = os.path.join(options.model, 'config.yaml')
    return start + ['--checkpoint-config-path', checkpoint, '--lighteval-config-path', config] + more + others


def own_cache(folder):
    """From 0.11 answers are kept by the options of the model, not by its weights: a folder converted into anew would be given the answers
    of the model that lay there before. Kept below the results, they are this run's alone."""
    place = os.path.join(os.path.abspath(folder), 'cache')
    version = installed('lighteval')
    return ',cache_dir=%s' % place if version is not None and version >= (0, 11) and not re.search('[,={}]', place) else ''


def multilingual(program, task):
    """From 0.12 these tasks are loaded when asked for. That needs more packages, so not for others."""
    is_one = re.search(r'_(cf|mcf|hybrid)(:|$)', task.split('|')[-1]) is not None
    return ['--load-tasks-multilingual'] if is_one and has_option(program, '--load-tasks-multilingual') else []


def taken_out(words, option):
    """On a checkpoint of Nanotron some options stand in the config: their value, and the words without them."""
    value, others, at = None, [], 0
    while at < len(words):
        if words[at] == option and at + 1 < len(words):
            value = words[at + 1]
            at += 1
        elif words[at].startswith(option + '='):
            value = words[at][len(option) + 1 :]
        else:
            others.append(words[at])
        at += 1
    return value, others


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
    refuse_versions(options)
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
        if options.harness == 'lm-eval':
            lines_of_answers(folder)
        there = measured(folder)
        if there is not None:
            print('evaluate: %s is measured already: %s' % (task[0], there), flush=True)
            notes.write({'step': number, 'time': time.time(), 'tasks_done': number, 'seconds': 0})
            continue
        os.makedirs(folder, exist_ok=True)
        command = command_of(options, task, folder)
        print('evaluate: %d of %d: %s' % (number, len(tasks), ' '.join(shlex.quote(word) for word in command)), flush=True)
        started = time.time()
        try:
            child = subprocess.Popen(command)
            code = child.wait()
        except OSError as error:
            print('evaluate: %s cannot be started: %s' % (command[0], error), file=sys.stderr, flush=True)
            code = 127
        if code == 0 and options.harness == 'lm-eval':
            lines_of_answers(folder)
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
