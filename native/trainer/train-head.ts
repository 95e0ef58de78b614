// The training job: fits a JQL regression head on an embedding set, or on hashed n-grams of a labelled file. A plain Node program
// that runs detached from the studio; it knows its arguments and its run folder, nothing else.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { type Head, randomHead } from '../../core/lib/jql/head.ts';
import { seededRandom } from '../../core/lib/jql/random.ts';
import { stepsPerEpoch, trainHead, type TrainingResult } from '../../core/lib/jql/train.ts';
import { parseTrainerArguments, type TrainerArguments } from './arguments.ts';
import { embedDocuments } from './embed-documents.ts';
import { headCardOf, testHead } from './head-report.ts';
import { saveHead } from './head-outputs.ts';
import { createOnnxEngine } from './onnx-engine.ts';
import { isEmbeddingSet, readEmbeddingSet } from './read-embedding-set.ts';
import { log, openRunLog } from './run-log.ts';
import { chooseRows, type ChosenRows, settingsFor } from './settings.ts';
import { type TrainingData, truthOf } from './training-data.ts';

const STOPPED_EXIT_CODE = 143;
/** Curves move and a stop is heard this often. */
const CALL_MS = 250;
const MAX_STEPS_AT_ONCE = 256;

async function readData(path: string, options: TrainerArguments, signal: AbortSignal): Promise<TrainingData> {
  if (isEmbeddingSet(path)) return readEmbeddingSet(path, options.vectors, signal);
  const columns = {
    text: options['text-column'],
    label: options['label-column'],
    id: options['id-column'] === '' ? null : options['id-column'],
    language: options['language-column'] === '' ? null : options['language-column'],
  };
  return embedDocuments(path, columns, options['ngram-dimensions'], signal);
}

function readTest(options: TrainerArguments, signal: AbortSignal): Promise<TrainingData> {
  return readData(options.test, { ...options, vectors: 'auto' }, signal);
}

/** PyTorch's start, with the last layer scaled and shifted where that is wanted. */
function startingHead(inputs: number, options: TrainerArguments): Head {
  const head = randomHead(inputs, options.hidden, seededRandom(options.seed));
  const bias = options['output-bias'];
  return {
    ...head,
    layer2Weight: head.layer2Weight.map((value) => value * options['output-scale']),
    layer2Bias: bias === '' ? head.layer2Bias : Float32Array.of(bias),
  };
}

function logSample(data: TrainingData, rows: ChosenRows): void {
  const texts = data.textColumn === null ? 'embedded documents' : 'documents';
  log(`${data.labels.length} ${texts} read, ${data.skipped} skipped${data.cut ? ', the rest left out' : ''}`);
  for (const { language, available, taken } of rows.languages) {
    const counts = taken.map((count, rating) => `${rating}: ${count} of ${available[rating]}`);
    log(`sample ${data.languageNames[language] || 'of all languages'} | ${counts.join(' | ')}`);
  }
}

async function train(options: TrainerArguments, signal: AbortSignal): Promise<TrainingResult> {
  const startedMs = performance.now();
  const data = await readData(options.data, options, signal);
  const rows = chooseRows(data, options);
  logSample(data, rows);
  const { dimensions } = data.embedder;
  const settings = settingsFor(options, rows.rows.length);
  const totalSteps = settings.epochs * stepsPerEpoch(rows.rows.length, settings.batchSize);
  log(
    `${rows.rows.length} documents for training, ${rows.validation.length} held out, ${totalSteps} steps planned`,
  );
  const runLog = openRunLog(options.out);
  const engine = await createOnnxEngine({
    vectors: data.vectors,
    labels: data.labels,
    start: startingHead(dimensions, options),
    threads: options.threads,
  });
  try {
    runLog.start(totalSteps);
    const pace = options['pause-ms'] > 0 ? null : stepsPerCall();
    const events = trainHead(
      engine,
      { train: rows.rows, validation: rows.validation, truth: truthOf(data, rows.validation) },
      {
        ...settings,
        learningRate: options['learning-rate'],
        weightDecay: options['weight-decay'],
        patience: options.patience,
        minimumGain: options['minimum-gain'],
        seed: options.seed,
        stepsAtOnce: () => pace?.next() ?? 1,
      },
      signal,
    );
    for (;;) {
      const next = await events.next();
      if (next.done) {
        const seconds = (performance.now() - startedMs) / 1000;
        const result = next.value;
        // Saved before the test, so that nothing the test meets can lose the head.
        const card = headCardOf({ options, data, rows, settings, result, seconds });
        saveHead(options.out, result.head, card);
        if (options.test === '' || signal.aborted) return result;
        const test = await testHead(result.head, await readTest(options, signal), data, options.threads);
        saveHead(options.out, result.head, { ...card, test });
        return result;
      }
      runLog.record(next.value, pace?.samplesPerSecond(settings.batchSize) ?? null);
      // A turn of the event loop a step, so that a stop is heard; the pause is what a person asked for.
      if (next.value.kind === 'step' && options['pause-ms'] > 0)
        await setTimeout(options['pause-ms'], undefined, { signal }).catch(() => undefined);
      else await setImmediate();
    }
  } finally {
    await engine.dispose();
    runLog.close();
  }
}

/** As many steps as take about `CALL_MS`, from how long the last ones took. */
function stepsPerCall(): { next(): number; samplesPerSecond(batchSize: number): number | null } {
  let count = 1;
  let askedMs: number | null = null;
  let stepMs: number | null = null;
  return {
    next: () => {
      const nowMs = performance.now();
      if (askedMs !== null) {
        stepMs = (nowMs - askedMs) / count;
        count = Math.max(1, Math.min(MAX_STEPS_AT_ONCE, count * 2, Math.floor(CALL_MS / stepMs)));
      }
      askedMs = nowMs;
      return count;
    },
    samplesPerSecond: (batchSize) => (stepMs === null ? null : (batchSize / stepMs) * 1000),
  };
}

async function main(): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      log(`${name} received, stopping after this step`);
      stop.abort();
    });
  }
  try {
    const options = parseTrainerArguments(process.argv.slice(2));
    const result = await train(options, stop.signal);
    const best = result.bestEvaluation?.pooledSpearman ?? Number.NaN;
    log(
      result.reason === 'stopped'
        ? `stopped by request at step ${result.steps}; the best head so far is saved`
        : `done: ${result.reason} after ${result.steps} steps, best val_spearman ${best.toFixed(4)} in epoch ${result.bestEpoch}`,
    );
    return result.reason === 'stopped' ? STOPPED_EXIT_CODE : 0;
  } catch (error) {
    if (stop.signal.aborted) {
      log('stopped by request before the first step; there is no head');
      return STOPPED_EXIT_CODE;
    }
    log(`failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

process.exitCode = await main();
