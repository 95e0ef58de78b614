// A run that ended long ago, as its files: what comparisons and dashboards are tried on.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RecordedRun {
  readonly id: string;
  readonly name: string;
  /** One row a line of metrics.jsonl. */
  readonly rows: readonly Readonly<Record<string, number | null>>[];
  /** The text of its config; none when absent. */
  readonly config?: string;
}

const ENDED_MS = 1_760_000_000_000;

/** Writes it into a workspace. */
export function recordRun(workspace: string, { id, name, rows, config }: RecordedRun): void {
  const folder = join(workspace, 'runs', id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'metrics.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  writeFileSync(join(folder, 'log.txt'), 'it ran\n');
  const end = { endedMs: ENDED_MS, exitCode: 0, signal: null, reason: 'Finished' };
  const record = {
    format: 1,
    id,
    name,
    recipe: 'command',
    target: 'this-computer',
    createdMs: ENDED_MS - 3_600_000,
    parameters: { command: 'true' },
    command: ['true'],
    workingFolder: folder,
    environment: {},
    config: config === undefined ? null : { path: 'configs/a.yaml', version: 'x', text: config },
    git: { branch: null, commit: null },
    mainMetrics: ['train/loss'],
    exitCodes: {},
    host: 'x',
    history: [],
    end,
  };
  writeFileSync(join(folder, 'run.json'), JSON.stringify(record));
  writeFileSync(join(folder, 'exit.json'), JSON.stringify({ exitCode: 0, signal: null, endedMs: ENDED_MS }));
}
