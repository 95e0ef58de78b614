// Annotation through core: campaigns drawn from a real data set, files that survive a crash and a merge, several people at once.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFile, mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { annotationReport, type NewCampaign } from '../../core/api/annotations.ts';
import { annotationText } from '../../core/lib/annotations/annotation-lines.ts';
import { campaign as campaignSchema } from '../../core/lib/annotations/campaign.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { mountReadOnly } from '../support/small-disk.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
  writeFiles,
} from '../support/test-core.ts';
import { ratings } from '../unit/core/lib/statistics/golden.ts';

const COUNT = 60;
const lines = Array.from({ length: COUNT }, (_, row) =>
  // Class 5 occurs twice, the others about equally often; one id twice, one score missing.
  JSON.stringify({
    id: row === 59 ? 'doc-58' : `doc-${row}`,
    text: `Text ${row}`,
    score_a: row === 7 ? null : row < 2 ? 4.6 : (row % 5) + 0.2,
  }),
);

let studio: TestCore;
let folder: TestFolder;

const wish: NewCampaign = {
  campaign: 'pilot',
  name: 'Pilot',
  dataset: 'data/documents.jsonl',
  documents: 10,
  seed: 42,
  stratifyBy: null,
  overlap: 3,
  blind: true,
  guideline: 'Be fair',
};
const at = (path: string): string => join(folder.path, path);
const annotations = () => studio.client.annotations;
const create = (change: Partial<NewCampaign> = {}) => annotations().create({ ...wish, ...change });
const idsOf = async (name: string): Promise<readonly string[]> =>
  campaignSchema
    .parse(JSON.parse(await readFile(at(`annotations/${name}/campaign.json`), 'utf8')))
    .documents.map(({ id }) => id);
const rate = (annotator: string, document: string, rating: number) =>
  annotations().rate({ campaign: 'pilot', annotator, document, mark: { kind: 'rating', rating } });

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  ensureChildBuilt('nesso', 'cli');
  studio = await startTestCore();
});
afterAll(() => studio[Symbol.asyncDispose]());
beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFiles(folder.path, {
    'studio.yaml': 'name: test\n',
    'data/documents.jsonl': `${lines.join('\n')}\n`,
  });
  await studio.client.workspace.open({ path: folder.path });
  return () => folder[Symbol.asyncDispose]();
});

describe('drawing documents', () => {
  it('draws the same ones in the same order for the same seed, others for another, none twice', async () => {
    await create();
    await create({ campaign: 'again' });
    await create({ campaign: 'other', seed: 43 });
    await create({ campaign: 'all', documents: 1000 });
    const first = await idsOf('pilot');
    expect(first).toHaveLength(10);
    expect(new Set(first).size).toBe(10);
    expect(await idsOf('again')).toEqual(first);
    expect(await idsOf('other')).not.toEqual(first);
    expect(await idsOf('all')).toHaveLength(COUNT - 1);
    expect(first).not.toEqual(first.toSorted());
  });

  it('takes from every class of a score evenly, all of a rare one, and nothing without a score', async () => {
    await create({ documents: 27, stratifyBy: 'score_a' });
    const classes = [0, 0, 0, 0, 0, 0];
    for (const id of await idsOf('pilot')) {
      expect(id).not.toBe('doc-7');
      const row = Number(id.slice(4));
      const score = row < 2 ? 5 : row % 5;
      classes[score] = (classes[score] ?? 0) + 1;
    }
    expect(classes).toEqual([5, 5, 5, 5, 5, 2]);
  });

  it('refuses a taken name, a column that is no number, and a data set without text', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await expect(create({ campaign: 'b', stratifyBy: 'id' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(create({ campaign: '../b' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await writeFile(at('data/numbers.jsonl'), '{"a":1}\n');
    await expect(create({ campaign: 'c', dataset: 'data/numbers.jsonl' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect((await annotations().list()).map(({ campaign }) => campaign)).toEqual(['pilot']);
  });

  it('calls documents by their row where there is no id', async () => {
    await writeFile(at('data/plain.jsonl'), '{"text":"one"}\n{"text":"two"}\n');
    await create({ dataset: 'data/plain.jsonl' });
    const texts = [];
    for (const position of [0, 1]) {
      const { id, text } = await annotations().at({ campaign: 'pilot', annotator: 'ann', position });
      texts.push(`${id} ${text}`);
    }
    expect(texts.toSorted()).toEqual(['row 0 one', 'row 1 two']);
  });
});

describe('rating', () => {
  it('shows the text, goes on, resumes, and hides the others until the overlap is reached', async () => {
    await create({ overlap: 2 });
    const ids = await idsOf('pilot');
    const [first = '', second = ''] = ids;
    const shown = await annotations().at({ campaign: 'pilot', annotator: 'ann', position: 0 });
    expect(shown).toMatchObject({ id: first, text: `Text ${first.slice(4)}`, mine: null, others: null });
    expect(await rate('ann', first, 4)).toEqual({ next: 1 });
    expect(await annotations().next({ campaign: 'pilot', annotator: 'ann', after: -1 })).toEqual({
      position: 1,
    });
    await annotations().rate({
      campaign: 'pilot',
      annotator: 'ann',
      document: second,
      mark: { kind: 'flag' },
    });

    const blind = await annotations().at({ campaign: 'pilot', annotator: 'ben', position: 0 });
    expect(blind).toMatchObject({ mine: null, ratings: 1, others: null });
    await rate('ben', first, 2);
    expect(await annotations().at({ campaign: 'pilot', annotator: 'ben', position: 0 })).toMatchObject({
      mine: { kind: 'rating', rating: 2 },
      others: [{ annotator: 'ann', mark: { kind: 'rating', rating: 4 } }],
    });
    expect(await annotations().progress({ campaign: 'pilot' })).toMatchObject({
      documents: 10,
      completeDocuments: 1,
      ratings: 2,
      annotators: [
        { annotator: 'ann', rated: 1, flagged: 1 },
        { annotator: 'ben', rated: 1 },
      ],
    });
    await expect(rate('ann', 'doc-none', 1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('finds a document that moved within its data set', async () => {
    await create();
    await writeFile(at('data/documents.jsonl'), `${lines.slice(0, 59).toReversed().join('\n')}\n`);
    const { id, text } = await annotations().at({ campaign: 'pilot', annotator: 'ann', position: 3 });
    expect(text).toBe(`Text ${id.slice(4)}`);
    await writeFile(at('data/documents.jsonl'), '{"id":"x","text":"y","score_a":1}\n');
    await expect(
      annotations().at({ campaign: 'pilot', annotator: 'ann', position: 3 }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('loses no line when two cores write the same and different files at once', async () => {
    await using other = await startTestCore();
    await other.client.workspace.open({ path: folder.path });
    await create();
    const ids = await idsOf('pilot');
    await Promise.all(
      ids.flatMap((document, index) =>
        ['ann', 'ben'].map((annotator) =>
          (index % 2 === 0 ? studio : other).client.annotations.rate({
            campaign: 'pilot',
            annotator,
            document,
            mark: { kind: 'rating', rating: index % 6 },
          }),
        ),
      ),
    );
    for (const annotator of ['ann', 'ben']) {
      const text = await readFile(at(`annotations/pilot/${annotator}.jsonl`), 'utf8');
      expect(text.trimEnd().split('\n')).toHaveLength(10);
    }
    const { annotators } = await annotations().progress({ campaign: 'pilot' });
    expect(annotators.map(({ rated, brokenLines }) => [rated, brokenLines])).toEqual([
      [10, 0],
      [10, 0],
    ]);
  });

  it('goes on after a crash in mid-append: one line is lost, counted, and nothing else', async () => {
    await create();
    const [first = '', second = '', third = ''] = await idsOf('pilot');
    await rate('ann', first, 1);
    await rate('ann', second, 2);
    const path = at('annotations/pilot/ann.jsonl');
    await truncate(path, (await readFile(path)).byteLength - 9);
    expect(await rate('ann', third, 3)).toEqual({ next: 3 });
    expect(await annotations().next({ campaign: 'pilot', annotator: 'ann', after: -1 })).toEqual({
      position: 1,
    });
    const [ann] = (await annotations().progress({ campaign: 'pilot' })).annotators;
    expect(ann).toMatchObject({ rated: 2, brokenLines: 1 });
  });

  it('follows no link out of the workspace', async () => {
    await create();
    await using outside = await temporaryFolder();
    await writeFile(join(outside.path, 'secret'), 'keep');
    await symlink(join(outside.path, 'secret'), at('annotations/pilot/eve.jsonl'));
    const [first = ''] = await idsOf('pilot');
    await expect(rate('eve', first, 1)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await readFile(join(outside.path, 'secret'), 'utf8')).toBe('keep');
  });

  it('says so when the workspace can only be read', async (test) => {
    await create();
    const [first = ''] = await idsOf('pilot');
    await rate('ann', first, 1);
    await using place = await temporaryFolder();
    using view = mountReadOnly(folder.path, join(place.path, 'view'));
    if (!view) return test.skip('mounting needs root');
    await studio.client.workspace.open({ path: view.path });
    await expect(rate('ann', first, 2)).rejects.toMatchObject({ code: 'READ_ONLY' });
    await expect(create({ campaign: 'b' })).rejects.toMatchObject({ code: 'READ_ONLY' });
    expect(await annotations().report({ campaign: 'pilot' })).toMatchObject({ ratings: 1 });
    await studio.client.workspace.open({ path: folder.path });
  });

  it('names what is wrong with a campaign and still lists the others', async () => {
    await create();
    await mkdir(at('annotations/broken'), { recursive: true });
    await writeFile(at('annotations/broken/campaign.json'), '{"version":1}');
    const entries = await annotations().list();
    expect(entries.map(({ kind, campaign }) => [kind, campaign])).toEqual([
      ['campaign', 'pilot'],
      ['problem', 'broken'],
    ]);
    await expect(annotations().report({ campaign: 'broken' })).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
    });
    await expect(annotations().report({ campaign: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('git', () => {
  const git = (...words: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
      cwd: folder.path,
      stdio: 'pipe',
      encoding: 'utf8',
    });

  it('merges two people, and one person on two computers, without asking', async () => {
    await create();
    const ids = await idsOf('pilot');
    const path = at('annotations/pilot/ann.jsonl');
    await rate('ann', ids[0] ?? '', 0);
    git('init', '-q', '-b', 'main');
    git('add', 'annotations', 'studio.yaml');
    git('commit', '-q', '-m', 'start');
    git('checkout', '-q', '-b', 'laptop');
    await appendFile(path, annotationText(ids[1] ?? '', { kind: 'rating', rating: 1 }, 1));
    await rate('ben', ids[0] ?? '', 5);
    git('add', 'annotations');
    git('commit', '-q', '-m', 'laptop');
    git('checkout', '-q', 'main');
    await appendFile(path, annotationText(ids[2] ?? '', { kind: 'rating', rating: 2 }, 2));
    await rate('eve', ids[0] ?? '', 4);
    git('add', 'annotations');
    git('commit', '-q', '-m', 'desk');
    git('merge', '-q', '-m', 'both', 'laptop');
    expect(git('status', '--porcelain', 'annotations')).toBe('');
    const { annotators } = await annotations().progress({ campaign: 'pilot' });
    expect(annotators.map(({ annotator, rated, brokenLines }) => [annotator, rated, brokenLines])).toEqual([
      ['ann', 3, 0],
      ['ben', 1, 0],
      ['eve', 1, 0],
    ]);
  });
});

describe('the report', () => {
  it('has the values of the golden fixture, in core and on the command line', async () => {
    await create();
    const ids = await idsOf('pilot');
    for (const [rater, annotator] of ['one', 'two', 'three'].entries()) {
      const text = ids.map((id, index) =>
        annotationText(id, { kind: 'rating', rating: ratings[index]?.[rater] ?? 0 }, index),
      );
      await writeFile(at(`annotations/pilot/${annotator}.jsonl`), text.join(''));
    }
    const report = await annotations().report({ campaign: 'pilot' });
    expect(report.krippendorff.ordinal).toBeCloseTo(0.7518866466, 9);
    expect(report.krippendorff.interval).toBeCloseTo(0.7275574113, 9);
    expect(report.fleiss.kappa).toBeCloseTo(0.3351800554, 9);
    expect(report.majorityAgreement).toBeCloseTo(0.8, 12);
    expect(report.fullAgreement).toBeCloseTo(0.3, 12);
    expect(report.meanStandardDeviation).toBeCloseTo(0.48921428345985635, 12);
    expect(report.spreadShares.slice(0, 4).map((share) => share?.toFixed(2))).toEqual([
      '0.30',
      '0.70',
      '0.90',
      '1.00',
    ]);
    const pair = report.pairs.find(({ left, right }) => left === 'one' && right === 'two');
    expect(pair?.cohen.none).toBeCloseTo(0.512195122, 9);
    expect(pair?.cohen.linear).toBeCloseTo(0.5882352941, 9);
    expect(pair?.cohen.quadratic).toBeCloseTo(0.66367713, 9);
    expect(report.aggregated.map(({ rating }) => rating)).toEqual([0, 1, 1, 2, 4, 3, 0, 2, 10 / 3, 3]);
    expect(report.mostContested[0]).toMatchObject({ document: ids[8], position: 8, spread: 3 });
    expect(report.hiddenDocuments).toBe(0);

    const printed = spawnSync(
      process.execPath,
      [join(repositoryFolder, 'out/main/nesso.js'), 'annotate', 'report', 'pilot', '--json'],
      { encoding: 'utf8', cwd: folder.path, env: { ...process.env, NESSO_STATE_FOLDER: studio.stateFolder } },
    );
    expect(printed.status, printed.stderr).toBe(0);
    expect(annotationReport.strict().parse(JSON.parse(printed.stdout))).toEqual(report);
  });
});
