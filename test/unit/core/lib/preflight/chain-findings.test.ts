// Chains before they are launched: what an earlier run will write need not be there yet, and what it will be is checked.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../../core/lib/config/document.ts';
import { comingFolder, makingsOf, needFindings } from '../../../../../core/lib/preflight/chain-findings.ts';
import { checkParameters } from '../../../../../core/lib/recipes/command-line.ts';
import { readRecipe } from '../../../../../core/lib/recipes/recipe-file.ts';

function shipped(id: string) {
  const file = join(import.meta.dirname, '../../../../../resources/recipes', id, 'recipe.yaml');
  const reading = readRecipe(readFileSync(file, 'utf8'));
  if (reading.kind === 'bad') throw new Error(reading.message);
  return reading.recipe;
}
const tokens = (given: Record<string, string | boolean>) => {
  const recipe = shipped('tokenize');
  const parameters = { output: '/data/tokens/', tokenizer: 'meta-llama/Llama-3.2-1B', ...given };
  return makingsOf(recipe, checkParameters(recipe, parameters), null);
};
const config = (text = '') =>
  parseConfig(
    `tokenizer:\n  tokenizer_name_or_path: meta-llama/Llama-3.2-1B\nmodel:\n  model_config:\n    vocab_size: 128256\n${text}`,
  );
const said = (findings: readonly { severity: string; message: string }[] | null) =>
  findings?.map(({ severity, message }) => `${severity}: ${message}`);

describe('token folders of a chain', () => {
  it('that are written before are no errors', () => {
    expect(said(comingFolder(config(), '/data/tokens/merged', tokens({ merge: true })))).toEqual([
      'info: /data/tokens/merged is not there yet: Tokenize a corpus, earlier in this chain, writes it',
    ]);
    expect(comingFolder(config(), '/data/other', tokens({}))).toBeNull();
  });

  it('are errors where another tokenizer, another vocabulary or another place is meant', () => {
    const other = tokens({ tokenizer: 'HuggingFaceTB/SmolLM2-135M' });
    expect(said(comingFolder(config(), '/data/tokens/merged', other))?.[0]).toBe(
      'error: /data/tokens/merged will be tokenized with “HuggingFaceTB/SmolLM2-135M”, the config names “meta-llama/Llama-3.2-1B”',
    );
    const unmerged = comingFolder(config(), '/data/tokens/merged/x', tokens({ merge: true }));
    expect(unmerged?.[0]).toMatchObject({
      severity: 'error',
      reason: expect.stringContaining('/data/tokens/merged'),
    });
    expect(comingFolder(config(), '/data/tokens/merged', tokens({ merge: false }))).toBeNull();
    const documents = makingsOf(shipped('filter'), { output: '/data/clean' }, null);
    expect(said(comingFolder(config(), '/data/clean/kept', documents))).toEqual([
      'error: /data/clean/kept will hold documents, not token files',
    ]);
    // A tokenizer that a shell expands is written down in another way than it is typed.
    expect(tokens({ tokenizer: '~/tokenizer.json' })[0]?.tokenizer).toBeNull();
  });
});

describe('what a run needs', () => {
  const training = makingsOf(
    shipped('pretrain-nanotron'),
    {},
    'checkpoints:\n  checkpoints_path: /ckpt/run\n  checkpoint_interval: 500\ntokens:\n  train_steps: 1750\n',
  );
  const need = (path: string, isThere = false) => [
    { label: 'Checkpoint', what: 'checkpoint' as const, path, isThere },
  ];

  it('is there, or comes at a step that is saved', () => {
    expect(needFindings(need('/ckpt/run/7', true), training)).toEqual([]);
    expect(needFindings(need('/ckpt/run/1500'), training)).toMatchObject([{ severity: 'info' }]);
    expect(needFindings(need('/ckpt/run/1750'), training)).toMatchObject([
      { severity: 'error', reason: 'It saves every 500 steps up to 1,500; the last is /ckpt/run/1500' },
    ]);
    expect(needFindings(need('/ckpt/other/500'), training)).toMatchObject([
      {
        severity: 'error',
        message: 'Checkpoint: /ckpt/other/500 is not there',
        reason: 'Check the path and who may read it',
      },
    ]);
  });

  it('is told where it comes as something else', () => {
    const documents = [
      { label: 'Documents', what: 'documents' as const, path: '/data/tokens/merged', isThere: false },
    ];
    expect(needFindings(documents, tokens({ merge: true }))).toMatchObject([
      { severity: 'error', message: 'Documents: /data/tokens/merged will hold tokens' },
    ]);
  });
});
