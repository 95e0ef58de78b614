// A checkpoint from the curve to an answer in a real Chromium, on a real sshd: a mark of a live run is clicked, its step pulled,
// converted and verified before one's eyes, and talked with in Italian; another word is put into its answer; it stands beside an
// older step and that one's Q4_0; a suite is run over all of them and seen under the loss; then what is here is let go.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RunId } from '../../core/api/runs.ts';
import { addFakeNanotron } from '../support/nanotron-workspace.ts';
import { writeSampleCheckpoint, writeSampleTokenizer } from '../support/sample-checkpoint.ts';
import { noSshServer, type SshServer, startSshServer } from '../support/ssh-server.ts';
import { startTestCore, writeFiles } from '../support/test-core.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const QUESTION = "Qual è la capitale d'Italia?";
const SUITE = `title: Capitali
language: it
maxTokens: 24
prompts:
${[
  ['Italia', "d'Italia", 'Roma'],
  ['Francia', 'della Francia', 'Parigi'],
  ['Spagna', 'della Spagna', 'Madrid'],
]
  .map(
    ([name, of, city]) =>
      `  - { id: ${name}, domain: fatti, user: "Qual è la capitale ${of}?", checks: [{ contains: ${city} }, ends] }`,
  )
  .join('\n')}
`;
const screenshots = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');

describe.skipIf(noSshServer !== null)(
  `the life of a checkpoint${noSshServer === null ? '' : ` (${noSshServer})`}`,
  () => {
    let server: SshServer;
    let studio: Studio;
    let id: RunId;

    beforeAll(async () => {
      server = await startSshServer();
      vi.stubEnv('NESSO_SSH_CONFIG', server.configFile);
      const prepared = join(server.home, 'prepared');
      await writeSampleCheckpoint(prepared, { trained: 1 });
      // Early steps answer worse.
      await writeSampleCheckpoint(join(prepared, '40'), { trained: 0.72 });
      await writeSampleCheckpoint(join(prepared, '80'), { trained: 0.85 });
      await writeSampleTokenizer(join(server.home, 'tokenizer'));
      mkdirSync(join(server.home, 'runs'));
      execFileSync('chmod', ['-R', 'a+rX', server.home]);
      execFileSync('chown', ['-R', server.user, join(server.home, 'runs')]);
      studio = await startStudio();
      id = await launch(prepared);
      // The run was launched by another studio of the workspace.
      await studio.stopServer('SIGTERM');
      await studio.restartServer();
      await studio.go('#/targets/box');
      await studio.page.getByRole('button', { name: 'Connect', exact: true }).first().click();
      await studio.page
        .locator('[data-pane="work"]')
        .getByText(/^connected/)
        .first()
        .waitFor();
    }, 120_000);
    afterAll(async () => {
      await studio?.[Symbol.asyncDispose]();
      await server?.[Symbol.asyncDispose]();
      vi.unstubAllEnvs();
    });

    /** A trainer on the other computer that saves the sample model every 40 steps. */
    const launch = async (prepared: string): Promise<RunId> => {
      const { workspace } = studio;
      const trainer = join(import.meta.dirname, '..', 'support', 'fake-nanotron.mjs');
      await addFakeNanotron(workspace, { trainSteps: 4000, checkpointInterval: 40 });
      const config = await readFile(join(workspace, 'configs/fake.yaml'), 'utf8');
      await writeFiles(workspace, {
        'studio.yaml':
          'name: zagreus\ntargets:\n- {name: box, kind: ssh-processes, host: cluster, folder: ~/runs}\n',
        'configs/fake.yaml': config.replace('meta-llama/Llama-3.2-1B', join(server.home, 'tokenizer')),
        'recipes/far-trainer/recipe.yaml': [
          'id: far-trainer',
          'title: Trainer on another computer',
          'description: For tests',
          'targets: [cluster, workstation]',
          `command: ['${process.execPath}', '${trainer}', '--steps=4000', '--interval-ms=150', '--checkpoint-interval=40', '--prepared=${prepared}']`,
          'config: config',
          'parameters:',
          '  - { name: config, label: Config, kind: file, default: configs/fake.yaml, description: Its config }',
          'metrics: { main: [lm_loss] }',
          '',
        ].join('\n'),
      });
      await using core = await startTestCore();
      await core.client.workspace.open({ path: workspace });
      await core.client.targets.connect({ name: 'box' });
      const run = await core.client.runs.launch({
        recipe: 'far-trainer',
        name: 'piccolo',
        parameters: { config: 'configs/fake.yaml' },
        target: 'box',
      });
      return run.id;
    };
    /** The window of a studio that is started anew tries in vain for a moment. */
    const errors = () => studio.pageErrors.filter((message) => !message.startsWith('WebSocket connection'));
    const shot = async (name: string): Promise<void> => {
      if (process.env['NESSO_SCREENSHOTS'])
        await studio.page.screenshot({ path: join(screenshots, `${name}.png`) });
    };
    const inspector = () => studio.page.locator('[data-pane="inspector"]');
    const stage = (name: RegExp) =>
      inspector()
        .getByRole('list', { name: 'Life of this checkpoint' })
        .getByRole('listitem')
        .filter({ hasText: name });

    test('a mark on a live curve is clicked, and its step comes, is converted, verified, and answers', async () => {
      const { page } = studio;
      await studio.go(`#/runs/${id}`);
      await page.getByRole('heading', { name: 'piccolo', exact: true }).waitFor();
      const mark = page
        .getByRole('group', { name: /^Marks of/ })
        .getByRole('button', { name: /Checkpoint 40\b/ })
        .first();
      await mark.waitFor({ timeout: 120_000 });
      await mark.click();
      await stage(/Saved, done/).waitFor();
      await stage(/Pulled, to come/).waitFor();
      await shot('checkpoint-life');
      const startedMs = performance.now();
      // Looked for before it can have come and gone.
      const isSeenWorking = inspector()
        .getByRole('progressbar', { name: /Pulling|Converting|Verifying/ })
        .waitFor();
      await inspector().getByRole('button', { name: 'Chat with step 40' }).click();
      await isSeenWorking;
      await page.waitForFunction(
        (hash) => location.hash.startsWith(hash),
        `#/models/checkpoints/${id}/40/model-q8_0.gguf`,
        { timeout: 120_000 },
      );
      console.log(`from click to chat: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
      await page.goBack();
      for (const name of [/Pulled, done/, /Converted, done/, /Verified, done/]) await stage(name).waitFor();
      await inspector().getByRole('button', { name: 'Chat with step 40' }).click();
      await page.waitForFunction((hash) => location.hash.startsWith(hash), '#/models/checkpoints/');
      expect(errors()).toEqual([]);
    }, 180_000);

    const chatWith = async (step: number, type: string): Promise<void> => {
      const { page } = studio;
      await studio.go(`#/runs/${id}?checkpoint=${step}`);
      await inspector()
        .getByRole('button', { name: /Type of the weights/ })
        .click();
      await page.getByRole('option', { name: type }).first().click();
      await inspector()
        .getByRole('button', { name: `Chat with step ${step}` })
        .click();
      await page.waitForFunction(
        (hash) => location.hash.startsWith(hash),
        `#/models/checkpoints/${id}/${step}/model-${type}.gguf`,
        { timeout: 120_000 },
      );
    };

    test('it answers in Italian, says how sure it was of each token, and goes on from another one', async () => {
      const { page } = studio;
      await chatWith(120, 'q8_0');
      await page.getByRole('textbox', { name: 'Temperature' }).fill('0');
      const message = page.getByRole('textbox', { name: 'Message' });
      await message.fill(QUESTION);
      await message.press('Enter');
      const log = page.getByRole('log', { name: 'Conversation' });
      const answer = log.getByRole('article', { name: 'assistant' }).last();
      await answer.getByText(/tokens\/s/).waitFor();
      expect(await answer.textContent()).toContain('Roma');
      await page.getByRole('button', { name: 'Tokens and their probabilities' }).click();
      const token = answer.getByRole('button', { name: /^" Roma", [\d.]+ %$/ });
      expect(Number(/([\d.]+) %/.exec((await token.getAttribute('aria-label')) ?? '')?.[1])).toBeGreaterThan(
        50,
      );
      await token.click();
      const card = page.getByRole('dialog', { name: /^Token/ });
      await card.getByText(/nats$/).waitFor();
      await shot('chat-tokens');
      await card
        .getByRole('button', { name: /^Continue with/ })
        .first()
        .click();
      await answer.getByText('2 of 2').waitFor();
      await answer.getByText(/tokens\/s/).waitFor();
      expect(await answer.textContent()).toContain("La capitale d'Italia");
      expect(await answer.textContent()).not.toContain('Roma.');
      expect(errors()).toEqual([]);
    }, 120_000);

    test('it stands beside an older step and the Q4_0 of that one, with where the answers part', async () => {
      const { page } = studio;
      await chatWith(40, 'q4_0');
      await studio.go(`#/models/checkpoints/${id}/120/model-q8_0.gguf?mode=compare`);
      for (const older of ['40/model-q8_0', '40/model-q4_0']) {
        await page.getByRole('button', { name: 'Add column…' }).click();
        await page
          .getByRole('dialog', { name: 'Add a column' })
          .getByRole('option', { name: new RegExp(older) })
          .click();
      }
      const message = page.getByRole('textbox', { name: 'Message to all columns' });
      await message.fill(QUESTION);
      await message.press('Enter');
      const cells = page.getByRole('log', { name: 'Side by side' }).getByRole('article');
      await expect.poll(() => cells.getByText(/tokens\/s/).count()).toBe(3);
      expect(await cells.first().textContent()).toContain('Roma');
      await cells
        .getByText(/part at token|same/i)
        .first()
        .waitFor();
      await shot('chat-columns');
      expect(errors()).toEqual([]);
    }, 120_000);

    test('a suite is run over its steps, and the share that passes stands under the loss', async () => {
      const { page } = studio;
      await chatWith(80, 'q8_0');
      await writeFiles(studio.workspace, { 'suites/capitali.yaml': SUITE });
      await studio.go('#/evaluations/suites/capitali');
      await page.getByRole('button', { name: 'Run suite…' }).first().click();
      await page.getByRole('button', { name: /Models of/ }).click();
      await page.getByRole('option', { name: /piccolo/ }).click();
      const start = page.getByRole('button', { name: /^Run with \d+ models$/ });
      await start.waitFor();
      await start.click();
      const cell = (step: string) => page.getByRole('gridcell', { name: `Italia, step ${step}` }).first();
      await expect
        .poll(() => cell('120').getAttribute('aria-label'), { timeout: 120_000 })
        .toMatch(/greedy passes/);
      expect(await cell('40').getAttribute('aria-label')).toMatch(/greedy fails/);
      await shot('suite-grid');
      await page.getByRole('radio', { name: 'Curves' }).click();
      await page.getByRole('region', { name: 'lm_loss' }).waitFor();
      await page.getByRole('region', { name: 'Share that passes, %' }).waitFor();
      await shot('suite-curves');
      await studio.go(`#/runs/${id}`);
      await page.getByRole('region', { name: 'Suite Capitali' }).waitFor();
      expect(errors()).toEqual([]);
    }, 120_000);

    test('what is here is listed with what it takes; weights go with one click and come back with another', async () => {
      const { page } = studio;
      await studio.go('#/runs?checkpoints=local');
      const row = page.getByRole('row', { name: /piccolo 40/ });
      await row.getByText(/weights, .*its model is verified/).waitFor();
      await page.getByRole('button', { name: /^Remove what may go/ }).click();
      await row.getByText(/no: one of the newest/).waitFor();
      await page.getByRole('button', { name: 'Undo' }).first().click();
      await row.getByText(/its model is verified/).waitFor();
      expect(errors()).toEqual([]);
    }, 60_000);
  },
);
