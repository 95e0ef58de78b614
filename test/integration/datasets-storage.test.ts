// Where imports of text files may not go: a full disk and a read-only workspace. Skipped where mounting is not allowed.
import { randomBytes } from 'node:crypto';
import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDatasetEngine } from '../../core/services/datasets/engine.ts';
import { createDatasetLibrary } from '../../core/services/datasets/library.ts';
import { datasetCacheFolder } from '../../core/services/datasets/cache-folder.ts';
import { readPage } from '../../core/services/datasets/page.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { mountReadOnly, mountSmallDisk } from '../support/small-disk.ts';
import { repositoryFolder, temporaryFolder } from '../support/test-core.ts';

function openEngine() {
  const engine = createDatasetEngine({ spawn: () => spawnChild(repositoryFolder, 'native-duckdb') });
  return { engine, [Symbol.asyncDispose]: () => engine.dispose() };
}

describe('imports', () => {
  beforeAll(() => ensureChildBuilt('native-duckdb', 'native/duckdb'));

  it('fail in words on a full disk, leave nothing behind and work once there is space', async (test) => {
    await using folder = await temporaryFolder();
    using disk = mountSmallDisk(join(folder.path, 'small'), 256 * 1024);
    if (!disk) return test.skip('no permission to mount');
    await using opened = openEngine();
    const path = join(folder.path, 'big.jsonl');
    const lines = Array.from({ length: 4000 }, () =>
      JSON.stringify({ text: randomBytes(150).toString('base64') }),
    );
    await writeFile(path, `${lines.join('\n')}\n`);
    const full = createDatasetLibrary({ engine: opened.engine, cacheFolder: async () => disk.path });
    await expect(full.open(path)).rejects.toThrow(expect.objectContaining({ code: 'DISK_FULL' }) as Error);
    expect(await readdir(disk.path)).toEqual([]);
    const roomy = createDatasetLibrary({ engine: opened.engine, cacheFolder: async () => folder.path });
    expect((await roomy.open(path)).info.rows).toBe(4000);
  });

  it('go to the state folder when the workspace is read-only', async (test) => {
    await using folder = await temporaryFolder();
    await using state = await temporaryFolder();
    await copyFile(
      join(repositoryFolder, 'test/fixtures/datasets/documents-broken.jsonl'),
      join(folder.path, 'documents.jsonl'),
    );
    await using view = await temporaryFolder();
    using workspace = mountReadOnly(folder.path, view.path);
    if (!workspace) return test.skip('no permission to mount');
    const cacheFolder = await datasetCacheFolder(workspace.path, state.path);
    expect(cacheFolder.startsWith(state.path)).toBe(true);
    await using opened = openEngine();
    const library = createDatasetLibrary({ engine: opened.engine, cacheFolder: async () => cacheFolder });
    const source = await library.open(join(workspace.path, 'documents.jsonl'));
    const page = await readPage(opened.engine, source, { firstRow: 0, limit: 1, columns: ['id'] });
    expect(page.rows).toEqual([['doc-0']]);
  });
});
