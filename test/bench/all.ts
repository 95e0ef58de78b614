// Runs every benchmark and prints each ratio against its anchor; exits 1 when one is over its limit.
// `npm run bench -- NAME…` runs only those whose file name contains one of the names.
import { bench as charts } from './charts.ts';
import { bench as chat } from './chat.ts';
import { bench as configCheck } from './config-check.ts';
import { bench as conversion } from './conversion.ts';
import { bench as configSet } from './config-set.ts';
import { bench as data } from './data.ts';
import { bench as embed } from './embed.ts';
import { bench as evaluations } from './evaluations.ts';
import { bench as evaluationQuestions } from './evaluation-questions.ts';
import { bench as judgeBench } from './judge-bench.ts';
import { bench as logs } from './logs.ts';
import { bench as liveRuns, benchWindow as liveWindow } from './live-runs.ts';
import type { Measurement } from './measurement.ts';
import { bench as pull } from './pull.ts';
import { bench as quality } from './quality.ts';
import { bench as remote } from './remote.ts';
import { bench as series } from './series.ts';
import { bench as tensorboard } from './tensorboard.ts';
import { bench as tokens } from './tokens.ts';
import { bench as training } from './training.ts';
import { bench as watchdog } from './watchdog.ts';
import { bench as windowMemory } from './window-memory.ts';

const benches: Readonly<Record<string, () => Promise<readonly Measurement[]>>> = {
  'config-check': configCheck,
  'config-set': configSet,
  logs,
  tensorboard,
  series,
  charts,
  data,
  quality,
  embed,
  tokens,
  training,
  remote,
  pull,
  watchdog,
  'live-runs': liveRuns,
  'live-window': liveWindow,
  'judge-bench': judgeBench,
  evaluations,
  'evaluation-questions': evaluationQuestions,
  chat,
  conversion,
  'window-memory': windowMemory,
};

const wanted = process.argv.slice(2);
const names = Object.keys(benches).filter(
  (name) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
let over = 0;
console.log(' ratio  limit      ours    anchor  what (against)');
for (const name of names) {
  for (const { name: what, oursMs, anchorMs, anchor, limit, unit = 'ms' } of (await benches[name]?.()) ??
    []) {
    const ratio = oursMs / anchorMs;
    if (ratio > limit) over += 1;
    const figures = [
      shareOf(ratio).padStart(6),
      shareOf(limit).padStart(6),
      withUnit(oursMs, unit),
      withUnit(anchorMs, unit),
    ];
    console.log(`${figures.join(' ')}  ${what} (${anchor})${ratio > limit ? '  OVER' : ''}`);
  }
}
process.exit(over > 0 ? 1 : 0);

/** Small shares, such as of a core, need their digits. */
function shareOf(ratio: number): string {
  return ratio.toFixed(ratio < 0.1 ? 4 : 2);
}

function withUnit(value: number, unit: string): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`.padStart(9);
}
