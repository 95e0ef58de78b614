// Settings of a target: written into studio.yaml key by key, in effect in the next script, quoted.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TargetSettings } from '../../core/api/targets.ts';
import {
  startTestCore,
  temporaryFolder,
  type TestCore,
  type TestFolder,
  writeFiles,
} from '../support/test-core.ts';

const studioFile = `# Ours.
name: team
targets:
- name: other
  kind: slurm
  host: other
- name: mini # the small one
  kind: slurm
  host: cluster
  folder: ~/runs # kept
  modules: [cuda/12]
  gpu: A100-64GB
models: []
`;

describe('settings of a target', () => {
  let workspace: TestFolder;
  let studio: TestCore;
  const text = (): string => readFileSync(join(workspace.path, 'studio.yaml'), 'utf8');

  beforeEach(async () => {
    workspace = await temporaryFolder();
    await writeFiles(workspace.path, { 'studio.yaml': studioFile });
    studio = await startTestCore();
    await studio.client.workspace.open({ path: workspace.path });
  });
  afterEach(async () => {
    await studio[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });
  const save = async (change: Partial<TargetSettings>): Promise<void> => {
    const { settings, version } = await studio.client.targets.settings({ name: 'mini' });
    await studio.client.targets.saveSettings({ name: 'mini', settings: { ...settings, ...change }, version });
  };

  it('change what they name and nothing else, and come back as they were', async () => {
    const change = {
      account: 'it-lab',
      walltime: '1-00:00:00',
      modules: ['cuda/12', 'a b'],
      setup: 'source ~/venv/bin/activate\nexport A="$HOME"',
      environment: { HF_HOME: "/it's/here", EMPTY: '' },
      container: { runtime: 'apptainer' as const, image: '~/a b.sif', mounts: ['/data'] },
    };
    await save(change);
    const { settings } = await studio.client.targets.settings({ name: 'mini' });
    expect(settings).toMatchObject({ ...change, folder: '~/runs', partition: null });
    expect(text()).toContain('# Ours.\n');
    expect(text()).toContain('- name: mini # the small one\n');
    expect(text()).toContain('folder: ~/runs # kept\n');
    expect(text()).toContain('gpu: A100-64GB\n');
    expect((await studio.client.targets.settings({ name: 'other' })).settings.account).toBeNull();
    await save({
      account: null,
      walltime: null,
      modules: ['cuda/12'],
      setup: '',
      environment: {},
      container: null,
    });
    expect(text()).toBe(studioFile);
  });

  it('are in the next script, each value quoted', async () => {
    await save({
      modules: ["a'b; rm -rf ~"],
      environment: { WORD: '$(touch pwned)\nsecond' },
      conda: '~/env s/x',
      python: '~/py th/bin/python3',
      setup: 'ulimit -n 4096',
      container: { runtime: 'apptainer', image: '~/i m.sif', mounts: ['/da ta'] },
    });
    const { text: script } = await studio.client.runs.script({
      recipe: 'command',
      name: 'x',
      parameters: {},
      target: 'mini',
    });
    expect(script).toContain(`module load 'a'\\''b; rm -rf ~'\n`);
    expect(script).toContain(`export WORD='$(touch pwned)\nsecond'\n`);
    expect(script).toContain(`conda activate "$HOME"'/env s/x'\n`);
    expect(script).toContain(`export PATH="$HOME"'/py th/bin':"$PATH"\n`);
    expect(script).toContain('\nulimit -n 4096\n');
    expect(script).toContain(
      `apptainer exec --nv --bind "$NESSO_RUN_FOLDER" --bind '/da ta' "$HOME"'/i m.sif' `,
    );
  });

  it('are not saved over somebody else’s change, nor with what no job could use', async () => {
    const { settings, version } = await studio.client.targets.settings({ name: 'mini' });
    writeFileSync(join(workspace.path, 'studio.yaml'), `${studioFile}# meanwhile\n`);
    const late = studio.client.targets.saveSettings({
      name: 'mini',
      settings: { ...settings, account: 'x' },
      version,
    });
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(text()).toContain('# meanwhile');
    await expect(save({ environment: { 'A B': 'x' } })).rejects.toThrow();
    await expect(save({ modules: ['two\nlines'] })).rejects.toThrow();
    await expect(studio.client.targets.settings({ name: 'gone' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
