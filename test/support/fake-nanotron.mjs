// A trainer that trains nothing but writes what Nanotron writes (main of 2026-04): its log lines with their colours and three digits,
// and its checkpoint folders in their order. Faults are planted by options, so that a test knows what is to be found.
//
//   node fake-nanotron.mjs --steps=300 --interval-ms=20 --checkpoint-interval=100 --folder=checkpoints [--from=0] [--seed=1]
//     --prepared=FOLDER (the weights of every checkpoint: a step that was written before; FOLDER/STEP has those of one step)
//     --spike-at=120 --nan-from=200 --slow-from=150 --slow-to=180 --norm-at=90 --zero-rate-from=50 --hang-at=250 --half-checkpoint-at=200
import { copyFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const options = new Map(
  process.argv.slice(2).map((argument) => {
    const [name = '', value = ''] = argument.replace(/^--/, '').split('=');
    return [name, value];
  }),
);
const number = (name, fallback) => (options.has(name) ? Number(options.get(name)) : fallback);
const steps = number('steps', 300);
const from = number('from', 0);
const intervalMs = number('interval-ms', 20);
const checkpointInterval = number('checkpoint-interval', 100);
const folder = options.get('folder') ?? 'checkpoints';
const tokensPerStep = number('tokens-per-step', 1_048_576);
const gpus = number('gpus', 64);
const peak = number('peak', 0.003);
const warmup = number('warmup', 40);
const flopsPerToken = 4.136141e9;

let seed = number('seed', 1) >>> 0;
function random() {
  seed = (seed + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Three digits and a suffix; below 1 as Python's %.3g. */
function human(value) {
  if (Number.isNaN(value)) return 'nan';
  if (value === 0) return '0';
  if (Math.abs(value) < 1) return pythonG(value);
  let rounded = Number(value.toPrecision(3));
  let magnitude = 0;
  while (Math.abs(rounded) >= 1000) {
    rounded /= 1000;
    magnitude += 1;
  }
  return `${Number(rounded.toPrecision(3))}${['', 'K', 'M', 'B', 'T', 'P'][magnitude]}`;
}

function pythonG(value) {
  const rounded = Number(value.toPrecision(3));
  if (Math.abs(rounded) >= 1e-4) return String(rounded);
  const [mantissa, exponent] = rounded.toExponential().split('e');
  return `${mantissa}e-${String(Math.abs(Number(exponent))).padStart(2, '0')}`;
}

function write(level, message) {
  const now = new Date();
  const two = (part) => String(part).padStart(2, '0');
  const stamp = `${two(now.getMonth() + 1)}/${two(now.getDate())} ${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  const color = level === 'WARNING' ? '1;33' : '2;3';
  process.stdout.write(`\u001b[${color}m${stamp} [${level}|DP=0|node1]\u001b[0m: ${message}\n`);
}

/** Undefined where weights are only pretended. */
function preparedOf(step) {
  const all = options.get('prepared');
  if (all === undefined) return undefined;
  const own = join(all, String(step));
  return existsSync(own) ? own : all;
}

function save(step, isWhole) {
  write('WARNING', `Saving checkpoint at ${join(folder, String(step))}`);
  const at = join(folder, String(step));
  for (const name of ['model/model', 'optimizer', 'lr_scheduler', 'random'])
    mkdirSync(join(at, name), { recursive: true });
  writeFileSync(join(at, 'config.yaml'), `general:\n  step: ${step}\n`);
  const prepared = preparedOf(step);
  if (prepared === undefined)
    writeFileSync(join(at, 'model/model/model_weight.safetensors'), Buffer.alloc(100_000));
  else cpSync(join(prepared, 'model'), join(at, 'model'), { recursive: true });
  if (!isWhole) return;
  writeFileSync(join(at, 'optimizer/optimizer_config.json'), '{}');
  const metas = { consumed_tokens_total: step * tokensPerStep, last_train_step: step, data_stages: [] };
  writeFileSync(
    join(at, 'checkpoint_metadata.json'),
    JSON.stringify({ version: '1.5', dp: gpus, tp: 1, cp: 1, metas }, null, 2),
  );
  writeFileSync(join(folder, 'latest.txt'), String(step));
  if (prepared === undefined) writeFileSync(join(at, 'model_config.json'), '{"hidden_size": 960}');
  else copyFileSync(join(prepared, 'model_config.json'), join(at, 'model_config.json'));
}

mkdirSync(folder, { recursive: true });

/** Runs outlive their studio; a test that ended took the folder away, and the trainer ends with it. */
async function wait(milliseconds) {
  for (let left = milliseconds; left > 0; left -= 1000) {
    await sleep(Math.min(left, 1000));
    if (!existsSync(folder)) process.exit(0);
  }
}

write('INFO', 'Total number of parameters: 438M (834.96MiB)');
write(
  'INFO',
  `mbs: 4 | grad_accum: 1 | cp: 1 | sequence_length: 4096 | global_batch_size: 256 | train_steps: ${steps} | start_iteration_step: ${from} | consumed_tokens_total: ${from * tokensPerStep}`,
);
const within = (step, name, last) => options.has(name) && step >= number(name, 0) && step <= last;
for (let step = from + 1; step <= steps; step += 1) {
  await wait(intervalMs);
  if (step === number('hang-at', -1)) await wait(3_600_000);
  const isSlow = within(step, 'slow-from', number('slow-to', steps));
  const seconds = (isSlow ? 1.8 : 1.05) * (1 + 0.01 * normal());
  let loss = 2 + 9 * Math.exp(-step / 60) + 0.02 * normal();
  if (step === number('spike-at', -1)) loss *= 2.1;
  if (within(step, 'nan-from', steps)) loss = Number.NaN;
  let norm = 0.4 * Math.exp(0.15 * normal());
  if (step === number('norm-at', -1)) norm *= 60;
  const rate = within(step, 'zero-rate-from', steps) ? 0 : peak * Math.min(1, step / warmup);
  const speed = tokensPerStep / seconds;
  write(
    'INFO',
    [
      `iteration: ${step} / ${steps}`,
      `consumed_tokens: ${human(step * tokensPerStep)}`,
      `time_per_iteration_ms: ${human(seconds * 1000)}`,
      `tokens_per_sec: ${human(speed)}`,
      `tokens_per_sec_per_gpu: ${human(speed / gpus)}`,
      `global_batch_size: ${human(tokensPerStep)}`,
      `grad_norm: ${human(norm)}`,
      `lm_loss: ${human(loss)}`,
      `lr: ${human(rate)}`,
      `model_tflops_per_gpu: ${human((speed / gpus / 1e12) * flopsPerToken)}`,
      `eta: ${Math.floor(((steps - step) * seconds) / 3600)}:00:00`,
    ].join(' | '),
  );
  if (step % checkpointInterval === 0) save(step, step !== number('half-checkpoint-at', -1));
}
