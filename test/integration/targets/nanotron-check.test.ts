// The program that looks at a Nanotron checkout before GPUs wait for it, run by a real Python on checkouts that are shaped like
// upstream (2411b022) and the mii-llm fork, with the datatrove that is installed beside it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repositoryFolder, temporaryFolder, type TestFolder, writeFiles } from '../../support/test-core.ts';

const program = join(repositoryFolder, 'resources', 'recipes', 'pretrain-nanotron', 'check_nanotron.py');
const noPython = spawnSync('python3', ['--version']).status === 0 ? null : 'python3 is not installed';

const config = (more = ''): string =>
  `data_stages:\n- data:\n    dataset:\n      dataset_folder: [/data/a]\n${more}`;
/** In upstream a class of its own hands everything on. */
const upstream = {
  'checkout/run_train.py': '',
  'checkout/src/nanotron/models/llama.py': 'parametrizator = parametrizator_cls(config=config.model)\n',
  'checkout/src/nanotron/data/nemo_dataset/blendable_dataset.py':
    'for dataset in datasets:\n    assert (\n        "s3" in dataset.folder_path\n    ), "Only S3"\n',
  'checkout/src/nanotron/data/tokenized_bytes.py': [
    'class TokenizedBytesFolderDataset(DatatroveFolderDataset):',
    '    def __init__(self, folder_path, seq_len, max_tokens, folder_read_path):',
    '        super().__init__(',
    '            folder_path=folder_path, seq_len=seq_len, max_tokens=max_tokens, read_path=folder_read_path',
    '        )',
    '',
  ].join('\n'),
};
const fork = {
  'checkout/run_train.py': '',
  'checkout/src/nanotron/models/llama.py': 'parametrizator = parametrizator_cls(config=config)\n',
  'checkout/src/nanotron/data/nemo_dataset/blendable_dataset.py': 'stats = {}\n',
  'checkout/src/nanotron/data/tokenized_bytes.py': [
    'class TokenizedBytesFolderDataset(DatatroveFolderDataset):',
    '    def __init__(self, folder_path, seq_len, eos):',
    '        super().__init__(folder_path=folder_path, seq_len=seq_len, positions_from_eos_token_id=eos)',
    '',
  ].join('\n'),
};
const datatrove = (parameters: string) => ({
  'packages/datatrove/__init__.py': 'raise ImportError("nobody is to import this")\n',
  'packages/datatrove/utils/dataset.py': `class DatatroveFolderDataset:\n    def __init__(self, ${parameters}): pass\n`,
});
const released = 'data_folder, seq_len, token_size=2, positions_from_eos_token_id=None';
const older = 'folder_path, seq_len, token_size=2, positions_from_eos_token_id=None';

describe.skipIf(noPython !== null)(`a Nanotron checkout${noPython === null ? '' : ` (${noPython})`}`, () => {
  let folder: TestFolder;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  const look = async (files: Readonly<Record<string, string>>, text = config()) => {
    await writeFiles(folder.path, { ...files, 'config.yaml': text });
    const { status, stdout, stderr } = spawnSync(
      'python3',
      [program, join(folder.path, 'checkout'), join(folder.path, 'config.yaml')],
      { encoding: 'utf8', env: { ...process.env, PYTHONPATH: join(folder.path, 'packages') } },
    );
    return { status, said: `${stdout}${stderr}` };
  };

  it('of upstream would break in three ways, each named before it starts', async () => {
    const { status, said } = await look({ ...upstream, ...datatrove(released) });
    expect(status).toBe(64);
    expect(said).toMatch(/hands config\.model to the initialisation/);
    expect(said).toMatch(/accepts data on s3 only/);
    expect(said).toMatch(/hands folder_path, max_tokens, read_path to datatrove/);
  });

  it('of upstream breaks at its model alone where the data are made up', async () => {
    const { said } = await look({ ...upstream, ...datatrove(released) }, 'data_stages: null\n');
    expect(said.match(/cannot start/g)).toHaveLength(1);
  });

  it('of the fork suits the datatrove before the renaming, and not the one after it', async () => {
    expect(await look({ ...fork, ...datatrove(older) })).toMatchObject({ status: 0 });
    const newer = await look({ ...fork, ...datatrove(released) });
    expect(newer.status).toBe(64);
    expect(newer.said).toMatch(/hands folder_path to datatrove, .* install datatrove 0\.5 or 0\.6/);
  });

  it('of the fork is warned about keys that it leaves unread', async () => {
    const { status, said } = await look(
      { ...fork, ...datatrove(older) },
      config('      dataset_max_tokens: [5]\n'),
    );
    expect([status, said]).toEqual([0, expect.stringContaining('dataset_max_tokens has no effect')]);
  });

  it('that is none, or cannot be read, is said to be so', async () => {
    expect(await look({ 'checkout/README.md': 'x' })).toMatchObject({
      status: 64,
      said: expect.stringContaining('it is no Nanotron checkout'),
    });
    const broken = { ...fork, 'checkout/src/nanotron/data/tokenized_bytes.py': 'def (:\n' };
    expect(await look({ ...broken, ...datatrove('(:') })).toMatchObject({ status: 0 });
  });
});
