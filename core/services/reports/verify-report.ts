// Is a report still what its files say: every file that was read is hashed again, and the report's own texts.
import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import type { ReportVerification, SourceState } from '../../api/reports.ts';
import { runId } from '../../api/runs.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { hashFile } from './hash-file.ts';
import { folderOf, readReport } from './report-files.ts';

/** Only these are appended to; any other file that is longer is another one. */
const GROWS = /\/(?:metrics\.jsonl|log\.txt)$|^evals\/suites\//;

export async function verifyReport(
  root: string,
  run: string,
  signal?: AbortSignal,
): Promise<ReportVerification> {
  const record = await readReport(root, run);
  const sources: ReportVerification['sources'] = [];
  for (const source of record.sources) {
    signal?.throwIfAborted();
    // A record that somebody wrote by hand must not lead out of the workspace.
    const path = await resolveInside(root, source.path).catch(() => null);
    sources.push({ ...source, ...(await compare(path, source, GROWS.test(source.path), signal)) });
  }
  const outputs: ReportVerification['outputs'] = [];
  for (const output of record.outputs) {
    const path = /^report\.(html|md)$/.test(output.name) ? join(root, folderOf(run), output.name) : null;
    const { state } = await compare(path, output, false, signal);
    outputs.push({ ...output, state });
  }
  return {
    run: runId.parse(run),
    isSame: [...sources, ...outputs].every(({ state }) => state === 'same' || state === 'grown'),
    sources,
    outputs,
  };
}

async function compare(
  path: string | null,
  { bytes, sha256 }: { readonly bytes: number; readonly sha256: string },
  mayGrow: boolean,
  signal: AbortSignal | undefined,
): Promise<{ readonly state: SourceState; readonly nowBytes: number | null }> {
  const info = path === null ? null : await stat(path).catch(() => null);
  if (path === null || info === null || !info.isFile()) return { state: 'missing', nowBytes: null };
  const nowBytes = info.size;
  if (nowBytes < bytes || (nowBytes > bytes && !mayGrow)) return { state: 'changed', nowBytes };
  const now = await hashFile(path, bytes, signal);
  if (now.sha256 !== sha256) return { state: 'changed', nowBytes };
  return { state: nowBytes > bytes ? 'grown' : 'same', nowBytes };
}
