// What fifty live runs on one target cost: core while their logs grow slowly, and questions to the scheduler. A real sshd; a squeue
// that counts how often it is asked. Exports: bench.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runRecord } from '../../core/lib/runs/run-files.ts';
import { jobName } from '../../core/lib/slurm/batch-script.ts';
import { noSshServer, startSshServer } from '../support/ssh-server.ts';
import { startTestCore, temporaryFolder, waitFor, writeFiles } from '../support/test-core.ts';
import type { Measurement } from './measurement.ts';

const RUNS = 50;
/** Each run writes a line and a point that often. */
const LINE_EVERY_S = 10;
const SETTLE_MS = 8_000;
const WINDOW_MS = 60_000;
const FLOOR_S = 30;
/** Of one core. */
const LIMIT = 0.05;

export async function bench(): Promise<readonly Measurement[]> {
  if (noSshServer !== null) {
    console.log(`live-runs: left out, ${noSshServer}`);
    return [];
  }
  const server = await startSshServer();
  process.env['NESSO_SSH_CONFIG'] = server.configFile;
  const workspace = await temporaryFolder();
  const base = join(server.home, 'runs');
  const bin = join(server.home, 'bin');
  mkdirSync(base);
  mkdirSync(bin);
  const asked = join(server.home, 'asked');
  writeFileSync(asked, '', { mode: 0o666 });
  chmodSync(asked, 0o666);
  const ids = Array.from({ length: RUNS }, (_, index) => `run-${index}`);
  const rows = ids.map((id) => queueRow(id)).join('\n');
  writeFileSync(join(server.home, 'queue'), `${rows}\n`);
  writeFileSync(
    join(bin, 'squeue'),
    `#!/bin/sh\necho asked >> ${asked}\ncat ${join(server.home, 'queue')}\n`,
  );
  chmodSync(join(bin, 'squeue'), 0o755);
  writeFileSync(join(server.home, '.bashrc'), `export PATH="${bin}:$PATH"\n`);
  await writeFiles(workspace.path, {
    'studio.yaml': `name: t\ntargets:\n- {name: mini, kind: slurm, host: cluster, folder: ~/runs, pollSeconds: ${FLOOR_S}}\n`,
    ...Object.fromEntries(ids.flatMap((id) => localFiles(id))),
  });
  for (const id of ids) {
    mkdirSync(join(base, folderOf(id)));
    writeFileSync(join(base, folderOf(id), 'attempts.jsonl'), `${startLine()}\n`);
    writeFileSync(join(base, folderOf(id), 'log.txt'), '');
    writeFileSync(join(base, folderOf(id), 'metrics.jsonl'), '');
  }
  // Another process writes, so that only core is measured.
  const writer = spawn('sh', ['-c', writerScript(base)], { stdio: 'ignore', detached: true });
  const studio = await startTestCore();
  const closing = new AbortController();
  try {
    await studio.client.workspace.open({ path: workspace.path });
    await studio.client.targets.connect({ name: 'mini' });
    const watching = watch(studio, closing.signal);
    await waitFor(async () => {
      const runs = await studio.client.runs.list();
      return (
        runs.length === RUNS &&
        runs.every(({ state, latestStep }) => state === 'running' && latestStep !== null)
      );
    }, 60_000);
    await sleep(SETTLE_MS);
    const before = questions(asked);
    const cpu = process.cpuUsage();
    const startedMs = performance.now();
    await sleep(WINDOW_MS);
    const used = process.cpuUsage(cpu);
    const wallMs = performance.now() - startedMs;
    closing.abort();
    const states = await watching;
    const count = questions(asked) - before;
    console.log(
      `live-runs: ${count} questions to the scheduler in ${WINDOW_MS / 1000} s, ${states} states to the window`,
    );
    return [
      {
        name: `${RUNS} live runs on one target, processor time of core`,
        oursMs: (used.user + used.system) / 1000,
        anchorMs: wallMs,
        anchor: 'one core for as long',
        limit: LIMIT,
      },
      {
        name: 'questions to the scheduler (a thousand a question)',
        oursMs: count * 1000,
        anchorMs: (WINDOW_MS / 1000 / FLOOR_S) * 1000,
        anchor: 'one each poll floor for all runs together',
        // A question may fall on either edge of the minute.
        limit: 1.5,
      },
    ];
  } finally {
    closing.abort();
    if (writer.pid !== undefined) process.kill(-writer.pid, 'SIGKILL');
    await studio[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  }
}

/** As a window does: what changes is sent to it. */
async function watch(
  studio: Awaited<ReturnType<typeof startTestCore>>,
  signal: AbortSignal,
): Promise<number> {
  let states = 0;
  try {
    for await (const _ of await studio.client.runs.watch(undefined, { signal })) states += 1;
  } catch {
    // Ended by us.
  }
  return states;
}

function questions(path: string): number {
  return readFileSync(path, 'utf8').split('\n').length - 1;
}

function folderOf(id: string): string {
  return `${id}.token${id.slice(4)}`;
}

function queueRow(id: string): string {
  const name = jobName(id, `token${id.slice(4)}`);
  const fields = [jobOf(id), name, 'ada', 'RUNNING', 'None', 'long', '1', 'n1', 'gpu:4', '1:00', '1:00:00'];
  return [...fields, '2026-11-22T09:00:00', '2026-11-22T09:00:00', '(null)'].join('\u001f');
}

function jobOf(id: string): string {
  return String(1000 + Number(id.slice(4)));
}

function startLine(): string {
  return '{"event":"started","job":"1","task":"","restart":0,"node":"n1","exitCode":null,"atMs":1795000000000,"logBytes":0,"metricsBytes":null}';
}

function localFiles(id: string): readonly (readonly [string, string])[] {
  const record = runRecord.parse({
    format: 1,
    id,
    name: id,
    recipe: 'command',
    target: 'mini',
    createdMs: 1_795_000_000_000,
    parameters: {},
    command: ['true'],
    workingFolder: '.',
    environment: {},
    config: null,
    git: { branch: null, commit: null },
    mainMetrics: ['loss'],
    exitCodes: {},
    host: 'here',
    history: [],
    end: null,
    remote: { folder: `~/runs/${folderOf(id)}`, token: `token${id.slice(4)}`, resources: {} },
  });
  const remote = {
    jobId: jobOf(id),
    submittedMs: 1_795_000_000_000,
    state: 'RUNNING',
    reason: '',
    seenMs: null,
    goneMs: null,
    unknownSinceMs: null,
  };
  return [
    [`runs/${id}/run.json`, JSON.stringify(record)],
    [`runs/${id}/remote.json`, JSON.stringify(remote)],
  ];
}

/** Every run gets a line and a point now and then, one after another. */
function writerScript(base: string): string {
  return [
    `cd '${base}'`,
    's=0',
    'while :; do s=$((s + 1))',
    '  for f in */; do',
    '    echo "iteration $s of many" >> "$f"log.txt',
    '    echo "{\\"step\\": $s, \\"loss\\": 2.5}" >> "$f"metrics.jsonl',
    `    sleep ${(LINE_EVERY_S / RUNS).toFixed(3)}`,
    '  done',
    'done',
  ].join('\n');
}
