// What searches in tokenized files leave in the cache: used again, and taken away when there is no room for it.
import { cp, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDatasetEngine, queryOne } from '../../core/services/datasets/engine.ts';
import { createDatasetLibrary } from '../../core/services/datasets/library.ts';
import { createTokenSearch } from '../../core/services/datasets/tokenized/search-tokens.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { startTokenWorkers } from '../../core/services/tokenizers/routes.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { repositoryFolder, temporaryFolder } from '../support/test-core.ts';

const fixtures = join(repositoryFolder, 'test', 'fixtures');

it('keeps what searches found as long as there is room, those last wanted longest', async () => {
  ensureChildBuilt('native-tokens', 'core/services/tokenizers');
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  await using folder = await temporaryFolder();
  await cp(join(fixtures, 'token-files', 'corpus'), join(folder.path, 'corpus'), { recursive: true });
  const workers = startTokenWorkers(repositoryFolder);
  const cache = join(folder.path, 'cache', 'datasets');
  const engine = createDatasetEngine({ spawn: () => spawnChild(repositoryFolder, 'native-duckdb') });
  try {
    const library = createDatasetLibrary({ engine, cacheFolder: () => Promise.resolve(cache) });
    const source = await library.open(join(folder.path, 'corpus', '00000_unshuffled.ds'));
    const tokenizer = join(fixtures, 'tokenizers', 'byte-level');
    const search = createTokenSearch({
      engine,
      workers,
      cacheFolder: () => Promise.resolve(cache),
      tokenizerOf: () => Promise.resolve(tokenizer),
      maxKeptBytes: 1,
    });
    const finds = async () => (await readdir(cache)).filter((name) => name.startsWith('search-'));
    const find = (words: string) => search.find(source, words, { tokenizer });
    await find('one');
    await find('two');
    // Both were wanted within the hour, however little room there is.
    expect(await finds()).toHaveLength(2);
    for (const name of await readdir(cache)) await utimes(join(cache, name), 1, 1);
    await writeFile(join(cache, 'search-killed.0a0b.csv.tmp'), '1\n');
    await utimes(join(cache, 'search-killed.0a0b.csv.tmp'), 1, 1);
    await find('one');
    await find('three');
    // `two` and what a killed search left are gone, the import of the file is not.
    expect(await finds()).toHaveLength(2);
    expect((await readdir(cache)).length).toBeGreaterThan(2);
    const rows = await queryOne(engine, {
      path: '',
      statements: [`SELECT count(*) FROM ${await find('two')}`],
    });
    expect(Number(rows.columns[0]?.[0])).toBeGreaterThanOrEqual(0);
  } finally {
    await workers.dispose();
    await engine.dispose();
  }
});
