// How a trained head is described: its card, and how well it ranks documents that were kept apart for a test.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sameVectors } from '../../core/lib/jql/builtin-embedder.ts';
import { evaluate, type Evaluation } from '../../core/lib/jql/evaluation.ts';
import type { EvaluationCard, HeadCard } from '../../core/lib/jql/head-card.ts';
import type { Head } from '../../core/lib/jql/head.ts';
import type { TrainingResult } from '../../core/lib/jql/train.ts';
import type { TrainerArguments } from './arguments.ts';
import { scoreVectors } from './onnx-engine.ts';
import { log } from './run-log.ts';
import type { ChosenRows, Settings } from './settings.ts';
import { type TrainingData, truthOf } from './training-data.ts';

/** Of a head that was not tested yet. */
export function headCardOf(training: {
  readonly options: TrainerArguments;
  readonly data: TrainingData;
  readonly rows: ChosenRows;
  readonly settings: Settings;
  readonly result: TrainingResult;
  readonly seconds: number;
}): HeadCard {
  const { options, data, rows, settings, result, seconds } = training;
  const { id, variant, dimensions, sha256 } = data.embedder;
  return {
    kind: 'jql-head',
    version: 2,
    studio: studioVersion(),
    createdAt: new Date().toISOString(),
    embedder: { id, variant, dimensions, sha256 },
    hidden: options.hidden,
    data: {
      file: data.file,
      sha256: data.sha256,
      source: data.source,
      textColumn: data.textColumn,
      labelColumn: data.labelColumn,
      sampling: options.sampling,
      limit: options.limit === 0 ? null : options.limit,
      languages: rows.languages.map(({ language }) => data.languageNames[language] ?? ''),
      skipped: data.skipped,
      classes: rows.languages.map(({ language, available, taken }) => ({
        language: data.languageNames[language] ?? '',
        available: [...available],
        taken: [...taken],
      })),
    },
    rows: { train: rows.rows.length, validation: rows.validation.length },
    training: {
      loss: 'mean squared error',
      optimiser: 'AdamW',
      schedule: 'cosine to 0',
      learningRate: options['learning-rate'],
      weightDecay: options['weight-decay'],
      ...settings,
      patience: options.patience,
      minimumGain: options['minimum-gain'],
      seed: options.seed,
      outputScale: options['output-scale'],
      outputBias: options['output-bias'] === '' ? null : options['output-bias'],
      vectors: data.vectors.type,
      epochsDone: result.epochs,
      steps: result.steps,
      endedBy: result.reason,
      seconds: Math.round(seconds * 1000) / 1000,
    },
    validation:
      result.bestEvaluation === null
        ? null
        : { ...evaluationCard(result.bestEvaluation), bestEpoch: result.bestEpoch },
    test: null,
  };
}

/** Throws an Error when the vectors are of another embedder. */
export async function testHead(
  head: Head,
  test: TrainingData,
  data: TrainingData,
  threads: number,
): Promise<HeadCard['test']> {
  if (!sameVectors(test.embedder, data.embedder)) {
    throw new Error(
      `The vectors of ${test.file} are of ${test.embedder.id} ${test.embedder.variant}, those of the training documents of ${data.embedder.id} ${data.embedder.variant}`,
    );
  }
  const count = test.labels.length;
  const scores = await scoreVectors(head, test.vectors, count, threads);
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const evaluation = evaluate(scores, truthOf(test, rows));
  log(`test | spearman ${evaluation.pooledSpearman.toFixed(4)} on ${count} documents of ${test.file}`);
  return { ...evaluationCard(evaluation), file: test.file, sha256: test.sha256 };
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function evaluationCard(evaluation: Evaluation): EvaluationCard {
  return {
    documents: evaluation.languages.reduce((sum, { documents }) => sum + documents, 0),
    loss: finiteOrNull(evaluation.loss),
    spearman: finiteOrNull(evaluation.pooledSpearman),
    meanSpearman: finiteOrNull(evaluation.meanSpearman),
    languages: evaluation.languages.map(({ language, documents, spearman }) => ({
      language,
      documents,
      spearman: finiteOrNull(spearman),
    })),
  };
}

/** Of the studio this trainer belongs to; its bundle lies two folders below package.json. */
function studioVersion(): string {
  try {
    const text = readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8');
    const version: unknown = Reflect.get(JSON.parse(text) as object, 'version');
    return typeof version === 'string' ? version : 'unknown';
  } catch {
    return 'unknown';
  }
}
