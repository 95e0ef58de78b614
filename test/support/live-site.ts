// A site with many live runs: a real sshd, a squeue that counts how often it is asked, and runs whose logs and metrics grow slowly.
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runRecord } from '../../core/lib/runs/run-files.ts';
import { jobName } from '../../core/lib/slurm/batch-script.ts';
import { startSshServer } from './ssh-server.ts';

export interface LiveSite {
  /** For ssh -F. */
  readonly configFile: string;
  /** Of a workspace with these runs. */
  readonly files: Readonly<Record<string, string>>;
  /** Writes a line into the metrics of a run. */
  append(id: string, line: string): void;
  /** Questions to the scheduler so far. */
  questions(): number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** `runs` runs, each of which writes a line and a point every `lineEverySeconds`. */
export async function startLiveSite(options: {
  readonly runs: number;
  readonly lineEverySeconds: number;
  readonly pollSeconds: number;
  /** Into which nobody writes by itself. */
  readonly silent?: string | undefined;
}): Promise<LiveSite> {
  const server = await startSshServer();
  const base = join(server.home, 'runs');
  const bin = join(server.home, 'bin');
  mkdirSync(base);
  mkdirSync(bin);
  const asked = join(server.home, 'asked');
  writeFileSync(asked, '', { mode: 0o666 });
  chmodSync(asked, 0o666);
  const ids = Array.from({ length: options.runs }, (_, index) => `run-${index}`);
  const rows = ids.map((id) => queueRow(id)).join('\n');
  writeFileSync(join(server.home, 'queue'), `${rows}\n`);
  writeFileSync(
    join(bin, 'squeue'),
    `#!/bin/sh\necho asked >> ${asked}\ncat ${join(server.home, 'queue')}\n`,
  );
  chmodSync(join(bin, 'squeue'), 0o755);
  writeFileSync(join(server.home, '.bashrc'), `export PATH="${bin}:$PATH"\n`);
  for (const id of ids) {
    mkdirSync(join(base, folderOf(id)));
    writeFileSync(join(base, folderOf(id), 'attempts.jsonl'), `${startLine()}\n`);
    writeFileSync(join(base, folderOf(id), 'log.txt'), '');
    writeFileSync(join(base, folderOf(id), 'metrics.jsonl'), '');
  }
  // Another process writes, so that it is not measured with whoever reads.
  const pauseSeconds = options.lineEverySeconds / options.runs;
  const writer = spawn('sh', ['-c', writerScript(base, pauseSeconds, options.silent)], {
    stdio: 'ignore',
    detached: true,
  });
  return {
    configFile: server.configFile,
    files: {
      'studio.yaml': `name: t\ntargets:\n- {name: mini, kind: slurm, host: cluster, folder: ~/runs, pollSeconds: ${options.pollSeconds}}\n`,
      ...Object.fromEntries(ids.flatMap((id) => localFiles(id))),
    },
    append: (id, line) => appendFileSync(join(base, folderOf(id), 'metrics.jsonl'), `${line}\n`),
    questions: () => readFileSync(asked, 'utf8').split('\n').length - 1,
    async [Symbol.asyncDispose]() {
      if (writer.pid !== undefined) process.kill(-writer.pid, 'SIGKILL');
      await server[Symbol.asyncDispose]();
    },
  };
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
function writerScript(base: string, pauseSeconds: number, silent: string | undefined): string {
  return [
    `cd '${base}'`,
    's=0',
    'while :; do s=$((s + 1))',
    '  for f in */; do',
    ...(silent === undefined ? [] : [`    case "$f" in ${folderOf(silent)}/) continue;; esac`]),
    '    echo "iteration $s of many" >> "$f"log.txt',
    '    echo "{\\"step\\": $s, \\"loss\\": 2.5}" >> "$f"metrics.jsonl',
    `    sleep ${pauseSeconds.toFixed(3)}`,
    '  done',
    'done',
  ].join('\n');
}
