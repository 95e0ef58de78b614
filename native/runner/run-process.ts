// The supervisor of one run: a small detached program that starts the job in its own process group, waits for its end
// and writes it down. It outlives every studio; asked by stop.json it ends the job. Argument: the run's folder.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runRecord, stopFile, type ExitFile, type StopFile } from '../../core/lib/runs/run-files.ts';
import { identifyProcess } from './process-identity.ts';
import { groupExists, signalGroup } from './stop-group.ts';
import { writeWhole } from './write-whole.ts';

/** How soon a stop is noticed. A file is asked for instead of a signal: it cannot reach the wrong process. */
const STOP_POLL_MS = 150;
/** Grace when the system itself asks this process to end (shutdown). */
const SHUTDOWN_GRACE_MS = 5000;

interface Ending {
  askedMs: number | null;
  deadlineMs: number;
  killed: boolean;
}

async function main(folder: string): Promise<void> {
  const record = runRecord.parse(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')));
  const [program = '', ...argumentsOfProgram] = record.command;
  const finish = (exit: Omit<ExitFile, 'endedMs'>) => writeExit(folder, { ...exit, endedMs: Date.now() });
  if (readStop(folder)) return finish({ exitCode: null, signal: 'SIGTERM' });

  const log = openSync(join(folder, 'log.txt'), 'a');
  const child = spawn(program, argumentsOfProgram, {
    cwd: record.workingFolder,
    env: { ...process.env, ...record.environment },
    detached: true,
    stdio: ['ignore', log, log],
    shell: false,
    windowsHide: true,
  });
  closeSync(log);
  const ended = new Promise<Omit<ExitFile, 'endedMs'>>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    child.once('error', (error) =>
      resolve({ exitCode: null, signal: null, error: explainSpawn(program, error) }),
    );
  });
  if (child.pid === undefined) return finish(await ended);

  const [supervisor, job] = await Promise.all([identifyProcess(process.pid), identifyProcess(child.pid)]);
  const here = supervisor ?? { pid: process.pid, startToken: '', host: record.host };
  writeWhole(join(folder, 'process.json'), {
    supervisor: here,
    // A job that is over already has no start time any more; its exit follows at once.
    job: job ?? { ...here, pid: child.pid, startToken: 'ended' },
    startedMs: Date.now(),
  });

  const ending: Ending = { askedMs: null, deadlineMs: Number.POSITIVE_INFINITY, killed: false };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () =>
      askToEnd(child.pid as number, ending, { requestedMs: Date.now(), graceMs: SHUTDOWN_GRACE_MS }),
    );
  }
  process.on('SIGHUP', () => {});
  const timer = setInterval(() => watchStop(folder, child.pid as number, ending), STOP_POLL_MS);
  const exit = await ended;
  // Children of a stopped job get the rest of its grace, then they end too.
  while (ending.askedMs !== null && groupExists(child.pid) && !ending.killed) await sleep(STOP_POLL_MS);
  clearInterval(timer);
  await finish(exit);
}

function watchStop(folder: string, pid: number, ending: Ending): void {
  const stop = readStop(folder);
  if (stop && stop.requestedMs !== ending.askedMs) askToEnd(pid, ending, stop);
  if (performance.now() >= ending.deadlineMs && !ending.killed) {
    ending.killed = true;
    signalGroup(pid, 'SIGKILL');
  }
}

function askToEnd(pid: number, ending: Ending, stop: StopFile): void {
  const isFirst = ending.askedMs === null;
  ending.askedMs = stop.requestedMs;
  // Asking again may shorten the grace, never lengthen it.
  // Not by the clock of the computer: set a day ahead, it would leave no time to save a checkpoint.
  ending.deadlineMs = Math.min(ending.deadlineMs, performance.now() + stop.graceMs);
  if (isFirst) signalGroup(pid, 'SIGTERM');
}

function readStop(folder: string): StopFile | null {
  try {
    return stopFile.parse(JSON.parse(readFileSync(join(folder, 'stop.json'), 'utf8')));
  } catch {
    return null;
  }
}

/** The end must be known: a full disk is waited for, an hour at most. A folder that is gone needs no end. */
async function writeExit(folder: string, exit: ExitFile): Promise<void> {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    try {
      writeWhole(join(folder, 'exit.json'), exit);
      return;
    } catch {
      if (!existsSync(folder)) return;
      await sleep(attempt < 5 ? 200 : 60_000);
    }
  }
}

function explainSpawn(program: string, error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT')
    return `The program ${program} was not found, or its working folder is missing`;
  // A name is searched for in the folders of PATH; one of them that may not be read gives EACCES too.
  if (error.code === 'EACCES' && !/[\\/]/.test(program))
    return `The program ${program} was not found, or this user may not execute it`;
  if (error.code === 'EACCES') return `The program ${program} may not be executed`;
  return `The program ${program} could not be started: ${error.message}`;
}

const runFolder = process.argv[2] ?? '.';
try {
  await main(runFolder);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  await writeExit(runFolder, {
    exitCode: null,
    signal: null,
    endedMs: Date.now(),
    error: `The job could not be supervised: ${reason}`,
  });
  process.exitCode = 1;
}
