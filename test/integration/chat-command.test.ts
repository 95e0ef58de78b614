// `nesso chat` and `nesso model inspect` on the committed model and on a file that is none.
import { execFileSync } from 'node:child_process';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createCommandContext } from '../../cli/command.ts';
import { registerChat } from '../../cli/commands/chat.ts';
import { modelDetail } from '../../core/api/models.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { repositoryFolder, temporaryFolder } from '../support/test-core.ts';

const modelPath = join(repositoryFolder, 'resources/sample-workspace/models/nesso-tiny/nesso-tiny-f16.gguf');
const answerSchema = z.strictObject({
  text: z.string(),
  tokens: z.number().int(),
  promptTokens: z.number().int(),
  stopReason: z.string(),
  timeToFirstTokenMs: z.number().positive(),
  tokensPerSecond: z.number().positive(),
});

beforeAll(() => ensureChildBuilt('native-llama', 'native/llama'));

/** Runs the command in this process; usage mistakes give code 2 as in the program. */
async function nesso(
  ...argv: readonly string[]
): Promise<{ readonly code: number; readonly document: unknown }> {
  await using state = await temporaryFolder();
  process.env.NESSO_STATE_FOLDER = state.path;
  let out = '';
  let code = 0;
  const program = new Command('nesso').option('--json').exitOverride();
  program.configureOutput({ writeErr: () => {} });
  const context = createCommandContext({
    json: () => true,
    signal: new AbortController().signal,
    appFolder: repositoryFolder,
    version: '0.0.0-test',
    out: (text) => {
      out += text;
    },
    err: () => {},
    exit: (next) => {
      code = next;
    },
  });
  registerChat(program, context);
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { code: 2, document: null };
  } finally {
    delete process.env.NESSO_STATE_FOLDER;
  }
  return { code, document: JSON.parse(out) };
}

describe('nesso chat', () => {
  it('shows tokens with their probabilities, takes a begun answer and a schema', async () => {
    const asked = ['chat', '-m', modelPath, '--temperature', '0'];
    const france = ['-p', 'What is the capital of France?'];
    const begun = await nesso(...asked, ...france, '--answer-start', 'The capital of', '--top-tokens', '2');
    expect(begun.document).toMatchObject({
      text: ' France is Paris.',
      tokenDetails: [{ text: ' France', top: [{ text: ' France' }, {}] }, {}, {}, {}],
    });
    await using folder = await temporaryFolder();
    const schema = join(folder.path, 'schema.json');
    await writeFile(schema, '{"enum": ["gatto", "lupo"]}');
    const held = await nesso(...asked, '-p', 'Che animale ulula?', '--schema', schema);
    expect(['"gatto"', '"lupo"']).toContain((held.document as { text: string }).text.trim());
  });

  it('answers with text and figures', async () => {
    const question = ['--prompt', 'What is the capital of France?', '--temperature', '0'];
    const { code, document } = await nesso('chat', '--model', modelPath, ...question);
    expect(code, JSON.stringify(document)).toBe(0);
    expect(answerSchema.parse(document)).toMatchObject({
      text: 'The capital of France is Paris.',
      stopReason: 'end',
    });
  });

  it('is reproducible with a seed and keeps to the limit of tokens', async () => {
    const question = [
      '--prompt',
      'Tell me a story.',
      '--temperature',
      '1',
      '--seed',
      '7',
      '--max-tokens',
      '12',
    ];
    const ask = async () => {
      const { document } = await nesso('chat', '--model', modelPath, ...question);
      return answerSchema.parse(document);
    };
    const first = await ask();
    expect(first).toMatchObject({ tokens: 12, stopReason: 'max-tokens' });
    expect((await ask()).text).toBe(first.text);
  });

  it('refuses wrong numbers as usage and a damaged file as failure', async () => {
    const wrong = await nesso('chat', '--model', modelPath, '--prompt', 'x', '--temperature', 'hot');
    expect(wrong.code).toBe(2);
    await using folder = await temporaryFolder();
    const damaged = join(folder.path, 'damaged.gguf');
    await writeFile(damaged, (await readFile(modelPath)).subarray(0, 1_000_000));
    const refused = await nesso('chat', '--model', damaged, '--prompt', 'x');
    expect(refused).toMatchObject({ code: 1, document: { error: { code: 'CORRUPT_FILE' } } });
  });

  it.skipIf(process.platform === 'win32')(
    'refuses what stands where a text should be, by its name',
    async () => {
      await using folder = await temporaryFolder();
      const at = (name: string) => join(folder.path, name);
      execFileSync('mkfifo', [at('pipe')]);
      await writeFile(at('binary'), Uint8Array.of(0xff, 0xfe, 0, 1));
      await writeFile(at('empty'), ' \n');
      await writeFile(at('list'), '[1]');
      await writeFile(at('huge'), '');
      await truncate(at('huge'), 5e9);
      for (const [option, name, code] of [
        ['--template', 'pipe', 'INVALID_INPUT'],
        ['--grammar', 'binary', 'CORRUPT_FILE'],
        ['--grammar', 'empty', 'INVALID_INPUT'],
        ['--schema', 'huge', 'TOO_LARGE'],
        ['--schema', '.', 'INVALID_INPUT'],
        ['--tools', 'list', 'INVALID_INPUT'],
        ['--tools', 'nowhere', 'NOT_FOUND'],
      ] as const) {
        const ended = await nesso('chat', '--model', modelPath, '--prompt', 'x', option, at(name));
        expect(ended, name).toMatchObject({ code: 1, document: { error: { code } } });
        expect(JSON.stringify(ended.document), name).toContain(name === '.' ? folder.path : name);
      }
    },
  );
});

describe('nesso model inspect', () => {
  it('tells what the file holds', async () => {
    const { code, document } = await nesso('model', 'inspect', modelPath);
    expect(code).toBe(0);
    const detail = modelDetail.omit({ path: true }).parse(document);
    expect(detail).toMatchObject({ architecture: 'llama', parameters: 2_361_408, quantization: 'F16' });
    expect(detail.card).toContain('# Nesso tiny');
  });
});
