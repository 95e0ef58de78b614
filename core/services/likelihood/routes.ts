// Routes of likelihoods: binds the contract to the services of this folder.
import {
  type LikelihoodModel,
  type LikelihoodSource,
  type LikelihoodTable,
  likelihoodWorkKey,
} from '../../api/likelihood.ts';
import { groupsOf, pairGroupsOf, type ScoredText } from '../../lib/likelihood/bits.ts';
import { primary } from '../../lib/suites/judge.ts';
import { api } from '../base.ts';
import type { ChatEngine } from '../model-runtime/engine.ts';
import type { CoreContext } from '../context.ts';
import { makeFolder } from '../files/make-folder.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { openLines } from '../judges/judgement-files.ts';
import { progressEvents, type RowProgress } from '../progress-events.ts';
import { createModelFiles, type MeasuredModel } from '../suites/model-files.ts';
import type { ReadBits } from '../suites/tables.ts';
import {
  pairKey,
  pairScore,
  readScores,
  scoresFile,
  scoresFolder,
  textKey,
  textScore,
} from './kept-scores.ts';
import { compareOn, scorePairs, scoreText } from './measure.ts';
import { heldOutTexts, shippedPairs, type TextReading, type Texts, textsOfFile } from './sources.ts';

export interface LikelihoodUse {
  readonly engine: ChatEngine;
  readonly reading: TextReading;
}

export function likelihoodRoutes(context: CoreContext, use: LikelihoodUse) {
  const root = () => context.workspace.require().path;
  const { appFolder } = context.options;
  const files = createModelFiles();
  const textsOf = async (
    source: Exclude<LikelihoodSource, { kind: 'pairs' }>,
    signal?: AbortSignal,
  ): Promise<Texts> =>
    source.kind === 'held-out'
      ? heldOutTexts(appFolder)
      : textsOfFile(await resolveInside(root(), source.path), source.limit, use.reading, signal);

  async function tableOf(source: LikelihoodSource, signal?: AbortSignal): Promise<LikelihoodTable> {
    const folder = await scoresFolder(root(), source);
    const models = (await files.list(root(), signal)).filter(({ key }) => key !== '');
    if (source.kind === 'pairs') {
      const pairs = await shippedPairs(appFolder);
      const rows: LikelihoodModel[] = [];
      for (const model of models) {
        const known = await readScores(scoresFile(folder, model.key), pairScore);
        const judged = pairs.flatMap((pair) => {
          const score = known.get(pairKey(model.identity, pair));
          return score ? [{ ...pair, right: score.right, wrong: score.wrong }] : [];
        });
        if (judged.length > 0)
          rows.push({ ...about(model), bits: [], pairs: [...pairGroupsOf(judged)], measured: judged.length });
      }
      return {
        source,
        title: 'Right and wrong sentences of the studio',
        total: pairs.length,
        left: 0,
        models: sorted(rows),
      };
    }
    const { title, texts, left } = await textsOf(source, signal);
    const rows: LikelihoodModel[] = [];
    for (const model of models) {
      const scored = await keptTexts(folder, model, texts);
      if (scored.length > 0)
        rows.push({ ...about(model), bits: [...groupsOf(scored)], pairs: [], measured: scored.length });
    }
    return { source, title, total: texts.length, left, models: sorted(rows) };
  }

  async function measure(
    source: LikelihoodSource,
    paths: readonly string[],
    onProgress: (progress: RowProgress) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const folder = await scoresFolder(root(), source);
    await makeFolder(folder);
    const models: MeasuredModel[] = [];
    for (const path of new Set(paths)) models.push(await files.read(root(), path));
    const pairs = source.kind === 'pairs' ? await shippedPairs(appFolder) : [];
    const texts = source.kind === 'pairs' ? [] : (await textsOf(source, signal)).texts;
    const each = Math.max(pairs.length, texts.length);
    const total = each * models.length;
    for (const [index, model] of models.entries()) {
      const path = scoresFile(folder, model.key);
      const scoring = { engine: use.engine, modelPath: model.absolutePath, signal };
      let done = index * each;
      const tell = (more: number): void => {
        done += more;
        onProgress({ doneRows: done, totalRows: total });
      };
      if (source.kind === 'pairs') {
        const known = await readScores(path, pairScore);
        const missing = pairs.filter((pair) => !known.has(pairKey(model.identity, pair)));
        tell(pairs.length - missing.length);
        if (missing.length === 0) continue;
        await using lines = await openLines(path);
        const judged = await scorePairs(scoring, missing);
        for (const [at, { id, right, wrong }] of judged.entries()) {
          const pair = missing[at];
          if (pair) await lines.append({ key: pairKey(model.identity, pair), id, right, wrong });
        }
        tell(missing.length);
        continue;
      }
      const known = await readScores(path, textScore);
      const missing = texts.filter((text) => !known.has(textKey(model.identity, text)));
      tell(texts.length - missing.length);
      if (missing.length === 0) continue;
      await using lines = await openLines(path);
      for (const text of missing) {
        signal.throwIfAborted();
        const { id, bytes, tokens, nats } = await scoreText(scoring, text);
        await lines.append({ key: textKey(model.identity, text), id, bytes, tokens, nats });
        tell(1);
      }
    }
  }

  return {
    procedures: {
      table: api.likelihood.table.handler(({ input, signal }) => tableOf(input.source, signal)),
      measure: api.likelihood.measure.handler(({ input, signal }) =>
        progressEvents<LikelihoodTable>((onProgress) =>
          context.activities.run(
            {
              title: 'Measuring likelihoods',
              unit: input.source.kind === 'pairs' ? 'pairs' : 'texts',
              signal,
              outlives: true,
              key: likelihoodWorkKey(input.source),
            },
            async (activity) => {
              await measure(
                input.source,
                input.models,
                (progress) => {
                  activity.progress(progress.doneRows, progress.totalRows);
                  onProgress(progress);
                },
                activity.signal,
              );
              return tableOf(input.source, activity.signal);
            },
          ),
        ),
      ),
      compare: api.likelihood.compare.handler(async ({ input, signal }) => {
        const a = await files.read(root(), input.a);
        const b = await files.read(root(), input.b);
        return compareOn(
          { engine: use.engine, modelPath: a.absolutePath, signal },
          b.absolutePath,
          input.text,
        );
      }),
    },
    dispose: async () => {},
  };
}

async function keptTexts(
  folder: string,
  model: Pick<MeasuredModel, 'key' | 'identity'>,
  texts: Texts['texts'],
): Promise<readonly ScoredText[]> {
  const known = await readScores(scoresFile(folder, model.key), textScore);
  if (known.size === 0) return [];
  return texts.flatMap((text) => {
    const score = known.get(textKey(model.identity, text));
    return score
      ? [
          {
            id: text.id,
            language: text.language,
            domain: text.domain,
            bytes: score.bytes,
            tokens: score.tokens,
            nats: score.nats,
          },
        ]
      : [];
  });
}

/** For suites: the shipped texts in the language of the suite, where they were measured. */
export function bitsReader(context: CoreContext): ReadBits {
  return async (model, suite) => {
    const { language } = suite;
    if (language === null || model.key === '') return null;
    const folder = await scoresFolder(context.workspace.require().path, { kind: 'held-out' });
    const { texts } = await heldOutTexts(context.options.appFolder);
    const own = texts.filter((text) => text.language === primary(language));
    const scored = await keptTexts(folder, model, own);
    // A part of them would make two checkpoints look different that are not.
    if (scored.length < own.length) return null;
    const [all] = groupsOf(scored);
    if (!all) return null;
    return {
      bitsPerByte: all.bitsPerByte,
      documents: new Map(scored.map(({ id, nats, bytes }) => [id, nats / Math.LN2 / bytes])),
    };
  };
}

function about({
  path,
  name,
  run,
  type,
}: MeasuredModel): Pick<LikelihoodModel, 'path' | 'name' | 'run' | 'type'> {
  return { path, name, run, type };
}

function sorted(models: readonly LikelihoodModel[]): LikelihoodModel[] {
  return models.toSorted(
    (a, b) =>
      (a.run?.id ?? '\uFFFF').localeCompare(b.run?.id ?? '\uFFFF') ||
      (a.run?.step ?? 0) - (b.run?.step ?? 0) ||
      a.path.localeCompare(b.path),
  );
}
