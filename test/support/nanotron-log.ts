// What Nanotron prints, in both of its formats: main since March 2025 (colours, no year, rank tags only where there are several,
// time_per_iteration_ms, tokens) and up to v0.5 (a year, all tags, elapsed_time_per_iteration_ms, samples, memory).

const SUFFIXES = ['', 'K', 'M', 'B', 'T', 'P', 'E'];

/** Nanotron's human_format: three significant digits, trailing zeros gone. */
export function humanFormat(value: number, format: 'new' | 'old' = 'new'): string {
  if (Number.isNaN(value)) return 'nan';
  if (Math.abs(value) < 1) {
    const plain = Number(value.toPrecision(3));
    const text = Math.abs(plain) < 1e-4 && plain !== 0 ? plain.toExponential() : String(plain);
    return text.replace(/e([+-])(\d)$/, 'e$10$2');
  }
  if (!Number.isFinite(value)) return `${value < 0 ? '-' : ''}infE`;
  let rounded = Number(value.toPrecision(3));
  let power = 0;
  while (Math.abs(rounded) >= 1000 && power < SUFFIXES.length - 1) {
    rounded /= 1000;
    power += 1;
  }
  const suffix = SUFFIXES[power] ?? '';
  return `${String(Number(rounded.toPrecision(6)))}${format === 'old' && suffix === 'B' ? 'G' : suffix}`;
}

export interface NanotronStep {
  readonly step: number;
  readonly loss: number;
  readonly gradNorm: number;
  readonly learningRate: number;
  readonly iterationMs: number;
}

/** A run that warms up, falls, jumps once and has one nan; the same for the same number of steps. */
export function nanotronSteps(count: number): readonly NanotronStep[] {
  let state = 12_345;
  const random = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return Array.from({ length: count }, (_, index) => {
    const step = index + 1;
    const noise = 0.05 * (random() - 0.5);
    return {
      step,
      loss: step === Math.floor(count / 3) ? Number.NaN : 2 + 9.8 * Math.exp(-step / (count / 5)) + noise,
      gradNorm: step === Math.floor(count / 2) ? 1234.5 : 0.1 + 0.4 * random(),
      learningRate: 0.003 * Math.min(1, step / (count / 4)),
      iterationMs: 8700 + 200 * random(),
    };
  });
}

const TOKENS_PER_STEP = 1_597_440;
const GPUS = 260;

/** The whole log, line for line, as a job of torchrun with --tee leaves it. */
export function nanotronLog(steps: readonly NanotronStep[], format: 'new' | 'old'): string {
  const startMs = Date.UTC(2025, 11, 31, 23, 58, 0);
  const total = steps.length;
  const line = (atMs: number, level: string, message: string): string => {
    const [, month, day, clock] = /-(\d\d)-(\d\d)T([\d:]{8})/.exec(new Date(atMs).toISOString()) ?? [];
    const year = new Date(atMs).getUTCFullYear();
    if (format === 'old') return `${month}/${day}/${year} ${clock} [${level}|DP=0|PP=0|TP=0]: ${message}\n`;
    const colour = level === 'WARNING' ? '\u001b[1;33m' : '\u001b[2;3m';
    return `[default0]:${colour}${month}/${day} ${clock} [${level}|DP=0|TP=0|lrdn0007]\u001b[0m: ${message}\n`;
  };
  const output = [
    `${line(startMs, 'INFO', '='.repeat(50))}`,
    line(startMs, 'INFO', 'Total number of parameters: 438M (834.96MiB)'),
    line(startMs, 'INFO', `mbs: 3 | grad_accum: 1 | train_steps: ${total} | start_iteration_step: 0`),
    '\rLoading weights:  50%|█████     | 97/194\rLoading weights: 100%|██████████| 194/194\n',
  ];
  let atMs = startMs;
  for (const one of steps) {
    atMs += one.iterationMs;
    output.push(line(atMs, 'INFO', iterationText(one, total, format)));
    if (one.step % 100 === 0) {
      output.push(line(atMs, 'WARNING', `Saving checkpoint at /scratch/checkpoints/${one.step}`));
    }
  }
  return output.join('');
}

function iterationText(one: NanotronStep, total: number, format: 'new' | 'old'): string {
  const human = (value: number): string => humanFormat(value, format);
  const perSecond = (TOKENS_PER_STEP * 1000) / one.iterationMs;
  const common: readonly (readonly [string, number])[] = [
    ['consumed_tokens', one.step * TOKENS_PER_STEP],
    [format === 'new' ? 'time_per_iteration_ms' : 'elapsed_time_per_iteration_ms', one.iterationMs],
    ['tokens_per_sec', perSecond],
    ['tokens_per_sec_per_gpu', perSecond / GPUS],
    ['global_batch_size', format === 'new' ? TOKENS_PER_STEP : TOKENS_PER_STEP / 4096],
  ];
  const gradNorm = ['grad_norm', one.gradNorm] as const;
  const rest: readonly (readonly [string, number])[] = [
    ...(format === 'new' ? [gradNorm] : []),
    ['lm_loss', one.loss],
    ['lr', one.learningRate],
    ['model_tflops_per_gpu', (perSecond / GPUS) * 0.02203],
    ...(format === 'new'
      ? []
      : [
          ['hardware_tflops_per_gpu', (perSecond / GPUS) * 0.02203] as const,
          gradNorm,
          ['cuda_memory_allocated', 7.92e9] as const,
          ['hd_free_memory_tb', 243e9] as const,
        ]),
  ];
  const fields = [...common, ...rest].map(([key, value]) => `${key}: ${human(value)}`);
  const eta = format === 'new' ? [`eta: ${etaText(((total - one.step) * one.iterationMs) / 1000)}`] : [];
  return [`iteration: ${one.step} / ${total}`, ...fields, ...eta].join(' | ');
}

/** Python's timedelta as text. */
function etaText(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const rest = Math.floor(seconds % 86_400);
  const clock = `${Math.floor(rest / 3600)}:${String(Math.floor((rest % 3600) / 60)).padStart(2, '0')}:${String(rest % 60).padStart(2, '0')}`;
  return days === 0 ? clock : `${days} day${days === 1 ? '' : 's'}, ${clock}`;
}
