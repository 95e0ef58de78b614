// Languages of a corpus with no rows, or with none that FineWeb-2 kept: what they may not change.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FilterChoice } from '../../core/api/quality.ts';
import { openSql } from '../support/scored-corpus.ts';
import { startTestCore, temporaryFolder, writeFiles } from '../support/test-core.ts';

it('a language without rows, and one that FineWeb-2 removed whole, neither move the others nor the mean', async () => {
  await using folder = await temporaryFolder();
  await using studio = await startTestCore();
  await writeFiles(folder.path, { 'studio.yaml': 'name: gaps\n' });
  await studio.client.workspace.open({ path: folder.path });
  using sql = await openSql();
  const at = (name: string): string => join(folder.path, name);
  const write = async (folder: string, rows: string): Promise<void> => {
    await mkdir(at(`data/gaps/${folder}`), { recursive: true });
    await sql.run(`COPY (${rows}) TO '${at(`data/gaps/${folder}/000.parquet`)}'`);
  };
  const scored = (from: number, count: number): string =>
    `SELECT range AS id, 'text' AS text, 10::BIGINT AS token_count, range::DOUBLE AS score_a FROM range(${from}, ${from + count})`;
  await write('deu_Latn', scored(0, 10));
  await write('deu_Latn_removed', scored(10, 10));
  const choice: FilterChoice = {
    heads: ['score_a'],
    quantiles: { overall: 0.75, perLanguage: {}, perHead: {}, perLanguageAndHead: {} },
    operator: 'gte',
    rule: { kind: 'all' },
  };
  const thresholds = (paths: string[]) => studio.client.quality.thresholds({ paths, choice });
  const alone = await thresholds(['data/gaps/deu_Latn', 'data/gaps/deu_Latn_removed']);
  expect(alone.languages['deu_Latn']).toMatchObject({
    documents: 20,
    keptDocuments: 5,
    tokenChangePercent: -50,
  });
  await write('mlt_Latn', scored(0, 0));
  await write('mlt_Latn_removed', scored(0, 0));
  await write('gle_Latn_removed', scored(0, 8));
  const result = await thresholds(['data/gaps']);
  expect(Object.keys(result.languages).sort()).toEqual(['deu_Latn', 'gle_Latn']);
  expect(result.languages['deu_Latn']).toEqual(alone.languages['deu_Latn']);
  expect(result.thresholds['deu_Latn']).toEqual(alone.thresholds['deu_Latn']);
  // Nothing to compare with: no share, and no part in the mean.
  expect(result.languages['gle_Latn']).toMatchObject({
    keptDocuments: 2,
    fw2Tokens: 0,
    tokenChangePercent: null,
  });
  expect(result.meanTokenChangePercent).toBe(-50);
  expect(result.total).toMatchObject({ documents: 28, keptDocuments: 7 });
  const { filter } = result;
  const board = (language: string) => studio.client.quality.board({ paths: ['data/gaps'], filter, language });
  await expect(board('mlt_Latn')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const { cells } = await board('gle_Latn');
  expect(cells.reduce((sum, { documents }) => sum + documents, 0)).toBe(8);
});
