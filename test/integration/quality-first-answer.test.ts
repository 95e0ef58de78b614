// The first opening of a scored corpus: its figures are there before the file of its table is.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FilterChoice } from '../../core/api/quality.ts';
import { createQualityLab } from '../../core/services/quality/lab.ts';
import { computeThresholds } from '../../core/services/quality/thresholds.ts';
import { documentsSql, openSql } from '../support/scored-corpus.ts';
import { repositoryFolder, temporaryFolder } from '../support/test-core.ts';

const HEADS = ['score_a', 'score_b', 'score_c'];
const choice: FilterChoice = {
  heads: HEADS,
  quantiles: { overall: 0.7, perLanguage: {}, perHead: {}, perLanguageAndHead: {} },
  operator: 'gte',
  rule: { kind: 'all' },
};

it('is written for who needs it, and read by the next studio', async () => {
  await using folder = await temporaryFolder();
  using sql = await openSql();
  const path = join(folder.path, 'scored.parquet');
  await sql.run(`COPY (${documentsSql(0, 9000)}) TO '${path}' (ROW_GROUP_SIZE 2048)`);
  const state = {
    appFolder: repositoryFolder,
    stateFolder: join(folder.path, 'state'),
    workspace: () => null,
  };
  const files = async () => readdir(join(folder.path, 'state/cache/quality')).catch(() => []);
  const lab = createQualityLab(state);
  try {
    const corpus = await lab.corpora.open({ paths: [path], heads: HEADS });
    expect(await files()).toEqual([]);
    const first = await computeThresholds(corpus, choice, { engine: lab.engine });
    await lab.corpora.settle();
    expect((await files()).map((name) => name.replace(/^.*\./, '')).sort()).toEqual(['json', 'parquet']);
    const tables = await lab.engine.query({
      path,
      statements: ["FROM duckdb_tables() WHERE table_name LIKE 'scores_%'"],
    });
    expect(tables[0]?.rows).toBe(0);
    expect(await computeThresholds(corpus, choice, { engine: lab.engine })).toEqual(first);
    const next = createQualityLab(state);
    try {
      const again = await next.corpora.open({ paths: [path], heads: HEADS });
      expect(await computeThresholds(again, choice, { engine: next.engine })).toEqual(first);
    } finally {
      await next.engine.dispose();
    }
  } finally {
    await lab.engine.dispose();
  }
});
