// The look at a target, by a real shell over real folders: token files as datatrove leaves them, disks, a git checkout, a program.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../../core/lib/config/document.ts';
import { readNanotronSettings } from '../../../../../core/lib/config/derived/nanotron-settings.ts';
import { dataFindings } from '../../../../../core/lib/preflight/data-findings.ts';
import {
  type LookAnswer,
  type LookRequest,
  lookScript,
  parseLook,
} from '../../../../../core/lib/preflight/target-look.ts';
import { quoteWord } from '../../../../../core/lib/remote/quote.ts';

const TOKENIZER = 'meta-llama/Llama-3.2-1B';
const nothing: LookRequest = { dataFolders: [], disks: [], checkout: null, program: null, script: null };

let root: string;

/** As DocumentTokenizer writes it: ids, and three lines beside them. */
function tokens(
  folder: string,
  name: string,
  count: number,
  options: { bytes?: number; tokenizer?: string; said?: number } = {},
): void {
  const { bytes = 4, tokenizer = TOKENIZER, said = count } = options;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), new Uint8Array(count * bytes));
  writeFileSync(join(folder, `${name}.metadata`), `${tokenizer}|${bytes}\n${said}\n0.00 GT`);
}

function look(request: Partial<LookRequest>): LookAnswer {
  const whole = { ...nothing, ...request };
  return parseLook(whole, execFileSync('sh', ['-c', lookScript(whole)], { encoding: 'utf8' }));
}

const configOf = (folders: readonly string[], extra = ''): string => `
tokenizer: { tokenizer_name_or_path: ${TOKENIZER} }
model: { model_config: { is_llama_config: true, vocab_size: 128256 } }
tokens: { sequence_length: 9, train_steps: 10, micro_batch_size: 2, batch_accumulation_per_replica: 1 }
parallelism: { dp: 1, tp: 1, pp: 1 }
data_stages:
- name: stable
  start_training_step: 1
  data:
    dataset:
      dataset_folder:
${folders.map((folder) => `      - ${JSON.stringify(folder)}`).join('\n')}
${extra}`;

function said(folders: readonly string[], extra = ''): string[] {
  const document = parseConfig(configOf(folders, extra));
  const { dataFolders } = look({ dataFolders: folders.map(quoteWord) });
  const found = new Map(
    folders.flatMap((path, index) => {
      const folder = dataFolders[index];
      return folder ? [[path, folder] as const] : [];
    }),
  );
  return dataFindings({
    document,
    settings: readNanotronSettings(document),
    globalBatchSequences: 2,
    found,
  }).map(({ severity, message }) => `${severity}: ${message.replaceAll(root, '')}`);
}

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'nesso look ')));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('token folders', () => {
  it('that suit the config are counted: windows, passes, mix', () => {
    // 10 steps of 2 sequences over 2 folders of equal weight: 10 windows of 10 tokens each.
    tokens(join(root, 'it/a'), '000_x.ds', 57);
    tokens(join(root, 'it/a'), '001_x.ds', 58);
    tokens(join(root, 'it/b fra'), "00'0.ds", 40);
    writeFileSync(join(root, 'it/a', 'x.ds.metadata'), `${TOKENIZER}|4\n115\n0.00 GT`);
    expect(said([join(root, 'it/a'), join(root, 'it/b fra')])).toEqual([
      // 40 tokens are 4 windows of 10; 10 are wanted.
      'warning: stable reads /it/b fra 2.50 times: 90 tokens of 36',
      // 57 and 58 tokens are 5 windows each, 4 more: 14 windows of 9 trained tokens.
      'info: stable: 180 tokens wanted, 126 there',
    ]);
  });

  it('that Nanotron would refuse are named with the reason', () => {
    tokens(join(root, 'other'), 'a.ds', 50, { tokenizer: '/hub/llama' });
    tokens(join(root, 'short'), 'a.ds', 50, { said: 60 });
    tokens(join(root, 'two'), 'a.ds', 50, { bytes: 2 });
    mkdirSync(join(root, 'open'), { recursive: true });
    writeFileSync(join(root, 'open', 'a.ds'), new Uint8Array(400));
    mkdirSync(join(root, 'empty/below'), { recursive: true });
    const all = said(
      ['other', 'short', 'two', 'open', 'empty', 'gone']
        .map((name) => join(root, name))
        .concat('~/data', 'data/x'),
    );
    expect(all).toEqual(
      expect.arrayContaining([
        `error: /other was tokenized with “/hub/llama”, the config names “${TOKENIZER}”`,
        'error: 1 .ds files of /short are not as long as their metadata say: a.ds',
        'error: /two has tokens of 2 bytes for a vocabulary of 128,256',
        'error: No .ds file of /open has metadata',
        'error: /empty holds no .ds file',
        'error: /gone is no folder of the target',
        'error: ~/data is taken as it is written',
        'error: data/x is no folder of the target',
        `error: The folders were made with 2 tokenizers: /hub/llama, ${TOKENIZER}`,
        'error: The folders hold tokens of different sizes',
      ]),
    );
  });

  it('of several stages are read for the steps of each', () => {
    tokens(join(root, 's1'), 'a.ds', 1000);
    const later = `- name: decay
  start_training_step: 8
  data:
    dataset: { dataset_folder: ${JSON.stringify(join(root, 's1'))}, dataset_max_tokens: [20] }
`;
    expect(said([join(root, 's1')], later)).toEqual([
      'info: stable: 126 tokens wanted, 900 there',
      // 3 steps of 2 sequences; 20 tokens are 2 windows.
      'warning: decay reads /s1 3.00 times: 54 tokens of 18',
      'info: decay: 54 tokens wanted, 18 there',
    ]);
  });
});

describe('a look', () => {
  it('finds the disk of a folder that is not there yet', () => {
    const [disk] = look({ disks: [quoteWord(join(root, 'new/deep er'))] }).disks;
    expect(disk?.folder).toBe(root);
    const free =
      Number(execFileSync('df', ['-Pk', root], { encoding: 'utf8' }).split('\n')[1]?.trim().split(/\s+/)[3]) *
      1024;
    expect(Math.abs((disk?.freeBytes ?? 0) - free)).toBeLessThan(1024 ** 3);
  });

  it('reads quotas as lfs and quota print them', () => {
    const df = 'F /scratch/me\nfs1 100 10 90 10% /scratch\n';
    const parse = (text: string) =>
      parseLook({ ...nothing, disks: ['x'] }, `\n\u001ddisk 0\n${text}`).disks[0];
    const lustre = `/scratch/me\nfs1 2000000000 10 1900000000 10% /scratch\n\u001f\n       /scratch  900* 1000  2000 - 12 0 0 -\n\u001f\n`;
    expect(parse(lustre)?.quotaFreeBytes).toBe(100 * 1024);
    const unix = `/home/me\n/dev/sda1 2000 10 1900 10% /home\n\u001f\n\u001f\nDisk quotas for user me (uid 1000):\n Filesystem space quota limit grace files quota limit grace\n /dev/sdb1 5 6 7 0 1 0 0 0\n /dev/sda1 700 0 1000 0 1 0 0 0\n`;
    expect(parse(unix)?.quotaFreeBytes).toBe(300 * 1024);
    expect(parse(df)).toBeNull();
  });

  it('tells branch, commit and changes of a checkout, without what a URL hides', () => {
    const checkout = join(root, 'check out');
    mkdirSync(checkout);
    const git = (...words: string[]): string =>
      execFileSync('git', ['-C', checkout, '-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
        encoding: 'utf8',
      });
    git('init', '-q', '-b', 'fork');
    writeFileSync(join(checkout, 'run_train.py'), 'print()\n');
    git('add', '.');
    git('commit', '-qm', 'one');
    git('remote', 'add', 'origin', 'https://me:secret@host/x.git');
    writeFileSync(join(checkout, 'run_train.py'), 'print(1)\n');
    expect(look({ checkout: quoteWord(checkout) }).checkout).toEqual({
      branch: 'fork',
      commit: git('rev-parse', 'HEAD').trim(),
      remote: 'https://host/x.git',
      changedFiles: 1,
    });
    expect(look({ checkout: quoteWord(root) }).checkout).toBeNull();
  });

  it('runs the recipe’s own program over the config as it will be, and leaves nothing behind', () => {
    const text =
      'import sys\nprint("check: " + open(sys.argv[1]).read().strip())\nprint("check: cannot start: no", file=sys.stderr)\nsys.exit(64)\n';
    const program = {
      text,
      config: { name: "a 'b.yaml", text: "it's: $(x)\n" },
      words: [`"$NESSO_RUN_FOLDER"/inputs/${quoteWord("a 'b.yaml")}`],
      pythonFolder: null,
    };
    expect(look({ program }).program).toEqual({
      exitCode: 64,
      output: "check: it's: $(x)\n",
      errors: 'check: cannot start: no\n',
    });
  });

  it('says what bash cannot read', () => {
    expect(look({ script: '#!/bin/bash\nif true; then\necho $(x\n' }).scriptErrors).toMatch(/line \d/);
    expect(look({ script: '#!/bin/bash\ntrue\n' }).scriptErrors).toBe('');
  });
});
