// Which checkpoints lie in a folder on another computer, and which of them are whole: one script and its answer, for each way in which
// trainers write them. Read for Nanotron main of 2025, Transformers 4 and 5, Megatron-LM core 0.9 to 0.20, nanochat of 2026.
import { FIELD, PART } from '../remote/answer-parts.ts';
import type { CheckpointLayout } from './resume.ts';

export interface FoundCheckpoint {
  readonly step: number;
  /** Absolute, on the target. */
  readonly path: string;
  readonly isComplete: boolean;
  /** Null where the layout does not tell by its names. */
  readonly hasOptimizer: boolean | null;
  /** Why it is not complete. */
  readonly problem: string | null;
}

export interface CheckpointListing {
  /** Absolute; null where there is no such folder. */
  readonly folder: string | null;
  /** By step, newest first. */
  readonly checkpoints: readonly FoundCheckpoint[];
}

/** A checkpoint an hour for a year; more are not looked at. */
const MAX_CHECKPOINTS = 10_000;

interface Layout {
  /** Glob of the shell. */
  readonly names: string;
  readonly step: RegExp;
  /** A test of the shell about "$n". */
  readonly complete: string;
  readonly optimizer: string | null;
  /** Holds the step of the newest whole one. */
  readonly tracker: string | null;
  readonly unfinished: string;
}

const layouts: Readonly<Record<CheckpointLayout, Layout>> = {
  // model_config.json is written last; latest.txt before it.
  nanotron: {
    names: '[0-9]*',
    step: /^(\d+)$/,
    complete: '[ -s "$n"/model_config.json ]',
    optimizer: '[ -d "$n"/optimizer ]',
    tracker: 'latest.txt',
    unfinished: 'model_config.json is missing, which Nanotron writes last',
  },
  // trainer_state.json is written after weights, optimizer and random states.
  trainer: {
    names: 'checkpoint-*',
    step: /^checkpoint-(\d+)$/,
    complete:
      '[ -s "$n"/trainer_state.json ] && ls "$n" | grep -qE "^(model.*safetensors|pytorch_model|adapter_model|global_step)"',
    optimizer: 'ls "$n" | grep -qE "^(optimizer|global_step)"',
    tracker: null,
    unfinished: 'trainer_state.json or the weights are missing; the trainer writes the former last',
  },
  // The tracker is written when all ranks have saved.
  megatron: {
    names: 'iter_*',
    step: /^iter_(\d+)$/,
    complete: 'true',
    optimizer: null,
    tracker: 'latest_checkpointed_iteration.txt',
    unfinished: 'latest_checkpointed_iteration.txt does not go that far',
  },
  // Three files a step in one folder: the first process writes weights, then what they are, then its optimizer.
  nanochat: {
    names: 'model_[0-9]*.pt',
    step: /^model_(\d+)\.pt$/,
    complete: 's=${n#model_} && s=${s%.pt} && [ -s "meta_$s.json" ]',
    optimizer: 's=${n#model_} && [ -s "optim_${s%.pt}_rank0.pt" ]',
    tracker: null,
    unfinished: 'its file meta_….json is missing, which nanochat writes after the weights',
  },
};

/** POSIX sh. `folder` is a quoted word. */
export function checkpointScript(layout: CheckpointLayout, folder: string): string {
  const { names, complete, optimizer, tracker } = layouts[layout];
  const yes = (test: string): string => `$(if ${test}; then echo 1; else echo 0; fi)`;
  return [
    'export LC_ALL=C',
    `cd -- ${folder} 2>/dev/null || exit 0`,
    `printf '${PART}folder\\n%s\\n' "$(pwd -P)"`,
    ...(tracker === null ? [] : [`printf '${PART}tracker\\n%s\\n' "$(head -c 64 ${tracker} 2>/dev/null)"`]),
    `printf '${PART}list\\n'`,
    `for n in ${names}; do [ -e "$n" ] || continue`,
    `printf '%s${FIELD}%s${FIELD}%s\\n' "$n" "${yes(complete)}" "${optimizer === null ? '' : yes(optimizer)}"`,
    `done | head -n ${MAX_CHECKPOINTS}`,
  ].join('\n');
}

export function parseCheckpoints(layout: CheckpointLayout, answer: string): CheckpointListing {
  const { step: pattern, tracker, unfinished } = layouts[layout];
  const part = (name: string): string | null => {
    const start = answer.indexOf(`${PART}${name}\n`);
    if (start < 0) return null;
    const from = start + PART.length + name.length + 1;
    const end = answer.indexOf(PART, from);
    return answer.slice(from, end < 0 ? undefined : end).trim();
  };
  const folder = part('folder');
  if (folder === null) return { folder: null, checkpoints: [] };
  const newest = /^\d+$/.exec(part('tracker') ?? '')?.[0];
  const limit = tracker === null || layout === 'nanotron' ? Number.POSITIVE_INFINITY : Number(newest ?? -1);
  const checkpoints = (part('list') ?? '').split('\n').flatMap((line): FoundCheckpoint[] => {
    const [name = '', complete = '', optimizer = ''] = line.split(FIELD);
    const found = pattern.exec(name)?.[1];
    if (found === undefined) return [];
    const step = Number(found);
    const isComplete = complete === '1' && step <= limit;
    return [
      {
        step,
        path: `${folder}/${name}`,
        isComplete,
        hasOptimizer: optimizer === '' ? null : optimizer === '1',
        problem: isComplete ? null : unfinished,
      },
    ];
  });
  return { folder, checkpoints: checkpoints.toSorted((left, right) => right.step - left.step) };
}
