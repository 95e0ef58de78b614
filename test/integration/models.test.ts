// Models of a workspace, through the contract, on real files.
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryFolder, startTestCore, temporaryFolder, writeFiles } from '../support/test-core.ts';

const sample = join(repositoryFolder, 'resources/sample-workspace/models/nesso-tiny');

async function openWorkspace(files: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder();
  await writeFiles(folder.path, { 'studio.yaml': 'name: Test\n', ...files });
  const studio = await startTestCore();
  await studio.client.workspace.open({ path: folder.path });
  return {
    path: folder.path,
    client: studio.client,
    async [Symbol.asyncDispose]() {
      await studio[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('models', () => {
  it('are listed with what the header says; a damaged one with the reason', async () => {
    await using workspace = await openWorkspace({
      'models/broken.gguf': 'GGUF and then nothing sensible at all',
    });
    await mkdir(join(workspace.path, 'models/tiny'), { recursive: true });
    await copyFile(join(sample, 'nesso-tiny-f16.gguf'), join(workspace.path, 'models/tiny/model.gguf'));
    const [broken, tiny, ...others] = await workspace.client.models.list();
    expect(others).toEqual([]);
    expect(broken).toMatchObject({ path: 'models/broken.gguf', architecture: null, parameters: null });
    expect(broken?.problem).toMatch(/^broken\.gguf cannot be loaded\. /);
    expect(tiny).toMatchObject({
      path: 'models/tiny/model.gguf',
      name: 'Nesso tiny',
      architecture: 'llama',
      parameters: 2_361_408,
      quantization: 'F16',
      contextLength: 512,
      hasChatTemplate: true,
      problem: null,
    });
    expect(tiny?.sizeBytes).toBeLessThan(8_000_000);
  });

  it('of a step of a run say which run, step and weights they are of', async () => {
    const life = {
      format: 1,
      runId: 'base-2026-11-22',
      runName: 'base',
      step: 5000,
      tokens: 5_242_880_000,
      source: { target: 'mini', path: '/scratch/base/checkpoints/5000', layout: 'nanotron' },
      pulled: null,
      models: [],
    };
    const folder = 'checkpoints/base-2026-11-22/5000';
    await using workspace = await openWorkspace({
      [`${folder}/checkpoint.json`]: JSON.stringify(life),
      [`${folder}/weights/pulled.gguf`]: 'not a model of the workspace',
      'checkpoints/base-2026-11-22/6000/checkpoint.json': '{"format": 9}',
    });
    for (const step of [5000, 6000]) {
      const to = join(workspace.path, 'checkpoints/base-2026-11-22', String(step), 'model-q8_0.gguf');
      await copyFile(join(sample, 'nesso-tiny-f16.gguf'), to);
    }
    const models = await workspace.client.models.list();
    expect(models.map(({ path, origin }) => [path, origin])).toEqual([
      [
        `${folder}/model-q8_0.gguf`,
        { runId: 'base-2026-11-22', runName: 'base', step: 5000, tokens: 5_242_880_000, type: 'q8_0' },
      ],
      ['checkpoints/base-2026-11-22/6000/model-q8_0.gguf', null],
    ]);
    expect(await workspace.client.models.inspect({ path: `${folder}/model-q8_0.gguf` })).toMatchObject({
      origin: { step: 5000 },
      weightsSha256: null,
    });
  });

  it('are read again when the file changes', async () => {
    await using workspace = await openWorkspace({ 'models/a.gguf': 'nothing' });
    const before = await workspace.client.models.list();
    expect(before[0]?.problem).not.toBeNull();
    await copyFile(join(sample, 'nesso-tiny-f16.gguf'), join(workspace.path, 'models/a.gguf'));
    const after = await workspace.client.models.list();
    expect(after[0]?.problem).toBeNull();
  });

  it('show metadata, tensors and the card', async () => {
    await using workspace = await openWorkspace({ 'models/README.md': '# A card\n' });
    await copyFile(join(sample, 'nesso-tiny-f16.gguf'), join(workspace.path, 'models/a.gguf'));
    const detail = await workspace.client.models.inspect({ path: 'models/a.gguf' });
    expect(detail.card).toBe('# A card\n');
    // Nine per layer, the embedding and the last norm.
    expect(detail.tensors).toHaveLength(5 * 9 + 2);
    const tokens = detail.metadata.find(({ key }) => key === 'tokenizer.ggml.tokens');
    expect(tokens?.value).toMatch(/^2048 values: "<\|begin_of_text\|>", /);
  });

  it('refuse a path outside the workspace and a damaged file', async () => {
    await using workspace = await openWorkspace({ 'models/a.gguf': 'x' });
    await expect(workspace.client.models.inspect({ path: 'models/a.gguf' })).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
    });
    await expect(workspace.client.models.inspect({ path: 'models/none.gguf' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
