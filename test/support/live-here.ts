// Many runs on this computer whose logs and metrics grow, written by a process of its own, so that it is not measured with whoever
// reads. To the studio that process is what runs them all.
import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { identifyProcess } from '../../native/runner/process-identity.ts';
import { processFile, runRecord } from '../../core/lib/runs/run-files.ts';
import { writeFiles } from './test-core.ts';

export interface LiveRunsHere {
  [Symbol.asyncDispose](): Promise<void>;
}

/** `runs` live runs, each of which gets `linesPerSecond` lines of log and of metrics; `over` more that ended long ago. */
export async function startLiveRunsHere(
  root: string,
  options: { readonly runs: number; readonly linesPerSecond: number; readonly over?: number },
): Promise<LiveRunsHere> {
  const { runs, linesPerSecond, over = 0 } = options;
  const writer = spawn(process.execPath, ['-e', writerProgram, root, String(runs), String(linesPerSecond)], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const identity = await identifyProcess(writer.pid ?? 0);
  const started = JSON.stringify(
    processFile.parse({ supervisor: identity, job: identity, startedMs: 1_795_000_000_000 }),
  );
  const files: Record<string, string> = { 'studio.yaml': 'name: live\n' };
  for (let index = 0; index < runs; index += 1) {
    files[`runs/run-${index}/run.json`] = recordOf(`run-${index}`);
    files[`runs/run-${index}/process.json`] = started;
    files[`runs/run-${index}/metrics.jsonl`] = '{"step":0,"loss":2.5}\n';
    files[`runs/run-${index}/log.txt`] = 'begins\n';
  }
  for (let index = 0; index < over; index += 1) {
    files[`runs/old-${index}/run.json`] = recordOf(`old-${index}`);
    files[`runs/old-${index}/metrics.jsonl`] = '{"step":9,"loss":1.5}\n';
    files[`runs/old-${index}/log.txt`] = 'is over\n';
    files[`runs/old-${index}/exit.json`] = '{"exitCode":0,"signal":null,"endedMs":1795000100000}';
    files[`runs/old-${index}/checkpoints/9/checkpoint.json`] = '{}';
  }
  await writeFiles(root, files);
  writer.stdin.write('begin\n');
  return {
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => writer.once('exit', resolve));
      writer.kill('SIGKILL');
      await gone;
    },
  };
}

function recordOf(id: string): string {
  return JSON.stringify(
    runRecord.parse({
      format: 1,
      id,
      name: id,
      recipe: 'command',
      target: 'this-computer',
      createdMs: 1_795_000_000_000,
      parameters: {},
      command: ['true'],
      workingFolder: '.',
      environment: {},
      config: null,
      git: { branch: null, commit: null },
      mainMetrics: ['loss'],
      exitCodes: {},
      host: hostname(),
      history: [],
      end: null,
      remote: null,
    }),
  );
}

/** A trainer that flushes each line, fifty times: appends to open files. */
const writerProgram = `
const { openSync, writeSync } = require('node:fs');
const [root, runs, rate] = process.argv.slice(1);
// Nothing is left behind by tests that were killed.
process.stdin.on('end', () => process.exit());
process.stdin.once('data', () => {
  const files = Array.from({ length: Number(runs) }, (_, index) => ['log.txt', 'metrics.jsonl'].map((name) =>
    openSync(root + '/runs/run-' + index + '/' + name, 'a')));
  let step = 0;
  let next = 0;
  setInterval(() => {
    const [log, metrics] = files[next];
    if (next === 0) step += 1;
    next = (next + 1) % files.length;
    writeSync(log, 'iteration ' + step + ' of many\\n');
    writeSync(metrics, JSON.stringify({ step, loss: 2.5 }) + '\\n');
  }, 1000 / Number(runs) / Number(rate));
});
`;
