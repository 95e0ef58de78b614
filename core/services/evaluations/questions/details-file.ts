// lighteval's details as lines of samples: written once from Parquet into the cache, row by row, so that they can be paged like those
// of lm-eval.
import { createHash } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { lightevalSample } from '../../../lib/evaluations/questions/lighteval-sample.ts';
import { relation, storedColumns } from '../../datasets/source.ts';
import type { OpenEngine } from '../tasks/read-rows.ts';
import { makeFolder } from '../../files/make-folder.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Absolute path of the lines. Named after the file as it is: one that changed is written anew. */
export async function linesOfDetails(
  path: string,
  use: {
    readonly openEngine: OpenEngine;
    readonly cacheFolder: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  const target = join(use.cacheFolder, `${sha256(`${path} ${size} ${mtimeMs}`).slice(0, 32)}.jsonl`);
  const isThere = await stat(target).then(
    () => true,
    () => false,
  );
  if (isThere) return target;
  await makeFolder(use.cacheFolder);
  const { engine, library } = use.openEngine();
  const source = await library.open(path, use.signal);
  const aside = `${target}.${process.pid}.${Date.now()}.part`;
  const file = await open(aside, 'wx');
  try {
    const statement = `SELECT to_json(one)::VARCHAR FROM (SELECT ${storedColumns(source)} FROM ${relation(source)}) one`;
    let place = 0;
    for await (const { columns } of engine.rows(statement, { path, signal: use.signal })) {
      const lines: string[] = [];
      for (const text of columns[0] ?? []) {
        const sample = lightevalSample(JSON.parse(String(text)), place, sha256);
        place += 1;
        if (sample !== null) lines.push(`${JSON.stringify(sample)}\n`);
      }
      await file.appendFile(lines.join(''));
    }
    await file.close();
    await rename(aside, target);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(aside, { force: true });
    throw error;
  }
  return target;
}
