// reports/<run>/ on disk: written whole, listed, read with care.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { ReportEntry } from '../../api/reports.ts';
import { runId } from '../../api/runs.ts';
import { type ReportRecord, reportRecord } from '../../lib/reports/document.ts';
import { readTextFile } from '../files/read-text.ts';

export const REPORTS_FOLDER = 'reports';
export const RECORD_FILE = 'report.json';
/** Ten curves of 300 columns, a few hundred evaluations and a long config are 2 MB. */
const MAX_RECORD_BYTES = 32 * 1024 * 1024;
const MAX_REPORTS = 5000;

export const folderOf = (run: string): string => `${REPORTS_FOLDER}/${run}`;

/** NOT_FOUND when none was written, CORRUPT_FILE when it cannot be read. */
export async function readReport(root: string, run: string): Promise<ReportRecord> {
  const path = join(root, folderOf(run), RECORD_FILE);
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    throw new StudioError('NOT_FOUND', `There is no report of ${run}`, {
      hint: `Write one: nesso report write ${run}`,
      path,
    });
  }
  const corrupt = (cause: unknown): never => {
    throw new StudioError('CORRUPT_FILE', `The report of ${run} cannot be read`, {
      hint: 'Write it anew',
      path,
      cause,
    });
  };
  const { text } = await readTextFile(path, MAX_RECORD_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return corrupt(error);
  }
  const parsed = reportRecord.safeParse(value);
  return parsed.success ? parsed.data : corrupt(parsed.error);
}

/** Newest first. Other folders of reports/ are somebody else's. */
export async function listReports(root: string): Promise<readonly ReportEntry[]> {
  const names = await readdir(join(root, REPORTS_FOLDER)).catch((): string[] => []);
  const entries: ReportEntry[] = [];
  for (const name of names.sort().slice(0, MAX_REPORTS)) {
    const run = runId.safeParse(name);
    const path = join(root, folderOf(name), RECORD_FILE);
    const info = run.success ? await stat(path).catch(() => null) : null;
    if (!run.success || info === null) continue;
    const common = { run: run.data, folder: folderOf(name) };
    const head = await readFile(path, 'utf8').then(headOf, () => null);
    entries.push(
      head === null
        ? {
            ...common,
            runName: name,
            writtenMs: info.mtimeMs,
            problem: 'report.json cannot be read; write it anew',
          }
        : { ...common, ...head, problem: null },
    );
  }
  return entries.sort((a, b) => b.writtenMs - a.writtenMs);
}

const head = reportRecord.pick({ format: true, kind: true, runName: true, writtenMs: true });

function headOf(text: string): { readonly runName: string; readonly writtenMs: number } | null {
  try {
    const parsed = head.safeParse(JSON.parse(text));
    return parsed.success ? { runName: parsed.data.runName, writtenMs: parsed.data.writtenMs } : null;
  } catch {
    return null;
  }
}
