// The program of the evaluate recipes, with programs that stand for the harnesses: the files of the Portuguese fork as it wrote them
// (test/fixtures/evaluations/lm-eval-pt), versions that are refused, and what lighteval is asked in each case. Needs python3.
import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { importResults } from '../../core/services/evaluations/results/import-results.ts';
import { readEvaluations } from '../../core/services/evaluations/results/read-files.ts';
import { findAnswers, readScores } from '../../core/services/evaluations/results/read-scores.ts';
import { repositoryFolder, temporaryFolder, writeFiles } from '../support/test-core.ts';

const program = join(repositoryFolder, 'resources/recipes/evaluate-lm-eval/evaluate.py');
const portuguese = join(repositoryFolder, 'test/fixtures/evaluations/lm-eval-pt');
const hasPython =
  spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0;

/** Writes what the fork wrote, of the one task that is asked; ends badly when asked for what it does not know. */
const FORK = `import json, os, shutil, sys
if '--help' in sys.argv:
    print('--tasks --num_fewshot --log_samples')
    sys.exit(0)
if any(word.startswith('--apply_chat_template') for word in sys.argv):
    sys.exit('unrecognized arguments')
asked = dict(word[2:].split('=', 1) for word in sys.argv if word.startswith('--') and '=' in word)
kept, task, out = os.environ['KEPT'], asked['tasks'], asked['output_path']
with open(os.path.join(kept, 'results.json'), encoding='utf-8') as file:
    whole = json.load(file)
for part in ('results', 'configs', 'versions', 'n-shot', 'task_model_meta'):
    whole[part] = {task: whole[part][task]}
os.makedirs(out, exist_ok=True)
with open(os.path.join(out, 'results.json'), 'w', encoding='utf-8') as file:
    json.dump(whole, file, indent=2)
[answers] = [name for name in os.listdir(kept) if name.endswith('_%s.jsonl' % task)]
shutil.copy(os.path.join(kept, answers), out)
`;
/** As lighteval prints its options: cut off where the terminal is narrow. Writes what it was asked as its result. */
const LIGHTEVAL = `#!/usr/bin/env python3
import json, os, sys
words = sys.argv[1:]
if '--help' in words:
    wide = int(os.environ.get('COLUMNS', '80')) >= 160
    print('--load-tasks-multilingual' if wide else '--load-tasks-multil…')
    sys.exit(0)
if '--lighteval-config-path' in words:
    with open(words[words.index('--lighteval-config-path') + 1]) as file:
        out = json.load(file)['logging']['output_dir']
else:
    out = [word for word in words if word.startswith('--output-dir=')][0].split('=', 1)[1]
with open(os.path.join(out, 'results_1.json'), 'w') as file:
    json.dump({'results': {'x|0': {'acc': 0.5}}, 'words': words}, file)
`;

async function started() {
  const folder = await temporaryFolder();
  const there = (...parts: string[]) => join(folder.path, ...parts);
  await mkdir(there('bin'));
  const run = async (words: readonly string[], more: NodeJS.ProcessEnv = {}) => {
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      // A locale that is not installed here would have bash say so between the words of the program.
      LC_ALL: 'C.UTF-8',
      PYTHONPATH: there('packages'),
      KEPT: portuguese,
      ...more,
    };
    delete env['COLUMNS'];
    try {
      const done = await promisify(execFile)('python3', [program, `--out=${there('out')}`, ...words], {
        env,
      });
      return { code: 0, text: done.stdout + done.stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, text: stdout + stderr };
    }
  };
  return { there, run, folder: folder.path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

describe.skipIf(!hasPython)(`the program of evaluations${hasPython ? '' : ' (no python3)'}`, () => {
  it('gives results and answers of the Portuguese fork the names and the shape they have elsewhere', async () => {
    await using test = await started();
    await writeFiles(test.folder, { 'packages/lm_eval/__main__.py': FORK });
    const words = ['--model=nesso-tiny', '--tasks=assin2_sts,oab_exams+chat', '--batch=4'];
    const first = await test.run(words);
    expect(first, first.text).toMatchObject({ code: 0 });
    expect(first.text).toContain('uses the chat template of the tokenizer by itself');
    const names = (await readdir(test.there('out'), { recursive: true })).map((name) =>
      name.replaceAll('\\', '/').replace(/\d{4}-\d\d-\d\dT[\d-]+/, 'AT'),
    );
    expect(names.filter((name) => name.includes('.')).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      'assin2_sts/results_AT.json',
      'assin2_sts/samples_assin2_sts_AT.jsonl',
      'oab_exams-chat/results_AT.json',
      'oab_exams-chat/samples_oab_exams_AT.jsonl',
    ]);
    const { results, problems } = await readEvaluations([test.there('out')]);
    const found = results.find(({ task, filter }) => task === 'oab_exams' && filter === 'all');
    if (found === undefined) throw new Error('oab_exams was not read');
    expect(found).toMatchObject({
      harness: 'lm-eval-pt',
      metric: 'acc',
      shots: 3,
      samples: 8,
      version: '1.5',
    });
    expect(problems.map(({ where, text }) => `${where}: ${text}`)).toContain(
      'results.oab_exams: Of 3 examples a question only 2 fitted into the context on average',
    );
    const answers = await findAnswers(found);
    const scores = await readScores(answers ?? '', found);
    expect([scores.questions.length, scores.problems]).toEqual([8, []]);
    const mean = scores.questions.reduce((sum, { score }) => sum + score, 0) / 8;
    expect(mean).toBeCloseTo(found.value, 12);
    // It goes on: nothing is asked again, and a result that was left as the fork writes it is taken up.
    const stands = join(test.there('out/oab_exams-chat'), 'results.json');
    await writeFile(stands, await readFile(join(portuguese, 'results.json')));
    const again = await test.run(words);
    expect(again.text.match(/is measured already/g)).toHaveLength(2);
    await expect(stat(stands)).rejects.toThrow('ENOENT');
  });

  it('is needed for the answers of the fork: without it its results are imported, and what is left there is named', async () => {
    await using test = await started();
    await writeFiles(test.folder, { 'ws/studio.yaml': 'name: test\n' });
    const asked = { table: null, model: null, run: null, step: null, name: null, withAnswers: true };
    const { imported, problems } = await importResults(test.there('ws'), { ...asked, paths: [portuguese] });
    expect(imported).toMatchObject([{ files: ['results.json'], results: 4, alreadyThere: false }]);
    expect(problems.map(({ text }) => text)).toContainEqual(
      expect.stringContaining('The answers beside it are lists as the Portuguese fork writes them'),
    );
    const { results } = await readEvaluations([join(test.there('ws'), imported[0]?.folder ?? '')]);
    expect(
      results.map(({ task, metric, filter, chatTemplate, value }) => [
        task,
        metric,
        filter,
        chatTemplate,
        value,
      ]),
    ).toEqual([
      ['assin2_sts', 'pearson', 'all', 'none', 0],
      ['assin2_sts', 'mse', 'all', 'none', expect.closeTo(7.209166666666666, 12)],
      ['oab_exams', 'acc', 'all', 'none', 0],
      ['oab_exams', 'acc', 'exam_id__2011-02', 'none', 0],
    ]);
  });

  it('ends before anything is loaded where a harness is missing or another one, and says which is needed', async () => {
    await using test = await started();
    const package_ = (name: string, version: string) => ({
      [`packages/${name}-${version}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    });
    const words = ['--harness=lighteval', `--model=${test.there('model')}`, '--tasks=arc@0'];
    const nothing = { PATH: '/usr/bin:/bin' };
    const missing = await test.run(words, nothing);
    // Where the tests run, lighteval may be installed for everybody.
    if (missing.code !== 0) expect(missing.text).toMatch(/install lighteval 0\.9 to 0\.13|no result/);
    await writeFiles(test.folder, package_('lighteval', '0.8.1'));
    expect(await test.run(words)).toEqual({
      code: 1,
      text: 'evaluate: lighteval 0.8 has another command line; this needs lighteval 0.9 to 0.13\n',
    });
    await writeFiles(test.folder, package_('lm_eval', '0.3.0'));
    expect((await test.run(['--model=m', '--tasks=arc'])).text).toBe(
      'evaluate: lm_eval 0.3 has another command line; this needs lm_eval 0.4\n',
    );
  });

  it('asks lighteval for multilingual tasks alone to load them, and puts tasks of one’s own into the config of a checkpoint', async () => {
    await using test = await started();
    for (const name of ['lighteval', 'torchrun']) {
      await writeFile(test.there('bin', name), LIGHTEVAL);
      await chmod(test.there('bin', name), 0o755);
    }
    await writeFiles(test.folder, {
      'packages/lighteval-0.13.0.dist-info/METADATA':
        'Metadata-Version: 2.1\nName: lighteval\nVersion: 0.13.0\n',
      'packages/nanotron/__init__.py': '',
      'step/model_config.json': '{}',
      'step/config.yaml': 'general: {step: 1}\n',
    });
    const env = { PATH: `${test.there('bin')}:${process.env['PATH'] ?? ''}` };
    const asked = async (folder: string) => {
      const text = await readFile(join(test.there('out'), folder, 'results_1.json'), 'utf8');
      return (JSON.parse(text) as { words: string[] }).words;
    };
    const tasks = '--tasks=mlmm_arc_ita_cf@0,arc@3';
    const plain = await test.run(
      ['--harness=lighteval', '--model=some/model', tasks, '--limit=5', '--more=--custom-tasks t.py'],
      env,
    );
    expect(plain, plain.text).toMatchObject({ code: 0 });
    const italian = await asked('mlmm_arc_ita_cf-0shot');
    expect(italian.slice(0, 3)).toEqual([
      'accelerate',
      // Answers that lighteval keeps are this run's alone: it knows them by the folder of the model, whatever lies there now.
      `model_name=some/model,dtype=bfloat16,batch_size=16,cache_dir=${test.there('out/mlmm_arc_ita_cf-0shot/cache')}`,
      'mlmm_arc_ita_cf|0',
    ]);
    expect(italian.slice(-4)).toEqual([
      '--max-samples=5',
      '--load-tasks-multilingual',
      '--custom-tasks',
      't.py',
    ]);
    expect(await asked('arc-3shot')).not.toContain('--load-tasks-multilingual');

    const out = `--out=${test.there('of step')}`;
    const more = '--more=--custom-tasks=t.py --reasoning-tags x';
    const step = await test.run(
      ['--harness=lighteval', `--model=${test.there('step')}`, tasks, out, more],
      env,
    );
    expect(step, step.text).toMatchObject({ code: 0 });
    const folder = test.there('of step/mlmm_arc_ita_cf-0shot');
    const { words } = JSON.parse(await readFile(join(folder, 'results_1.json'), 'utf8')) as {
      words: string[];
    };
    const config = JSON.parse(await readFile(join(folder, 'lighteval.yaml'), 'utf8')) as {
      tasks: { tasks: string; custom_tasks: string };
    };
    expect(config.tasks).toMatchObject({ tasks: 'mlmm_arc_ita_cf|0', custom_tasks: 't.py' });
    expect(words).toContain('--load-tasks-multilingual');
    expect(words.slice(-2)).toEqual(['--reasoning-tags', 'x']);
    expect(words.join(' ')).not.toContain('t.py');
  });
});
