// The sample training job: fits a JQL regression head on hashed n-grams of a labelled file. A plain Node program that runs
// detached from the studio; it knows its arguments and its run folder, nothing else.
import { basename, join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { encodeHead } from '../../core/lib/jql/head-file.ts';
import { NGRAM_FEATURES_VERSION, writeNgramFeatures } from '../../core/lib/jql/hashed-ngrams.ts';
import { splitByDocument } from '../../core/lib/jql/split.ts';
import {
  jqlTraining,
  stepsPerEpoch,
  trainHead,
  type TrainingEvent,
  type TrainingResult,
  type TrainingSet,
} from '../../core/lib/jql/train.ts';
import { parseTrainerArguments, type TrainerArguments } from './arguments.ts';
import { type LabelledDocuments, readDocuments } from './read-documents.ts';
import { type MetricsFile, openMetrics, writeWhole } from './run-folder.ts';

const HOLD_OUT_SHARE = 0.1;
/** Fewer documents than this leave a validation set on which Spearman means nothing. */
const MINIMUM_DOCUMENTS = 20;
const STOPPED_EXIT_CODE = 143;
const LOG_EVERY_STEPS = 10;

const seconds = (): number => Math.round(performance.timeOrigin + performance.now()) / 1000;
const log = (line: string): void => {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
};

function makeSet(documents: LabelledDocuments, rows: Uint32Array, inputs: number): TrainingSet {
  const features = new Float32Array(rows.length * inputs);
  const labels = new Float32Array(rows.length);
  for (const [position, row] of rows.entries()) {
    const target = features.subarray(position * inputs, (position + 1) * inputs);
    writeNgramFeatures(documents.texts[row] ?? '', target);
    labels[position] = documents.labels[row] ?? 0;
  }
  return { features, labels };
}

function record(event: TrainingEvent, metrics: MetricsFile, totalSteps: number): void {
  const { step, epoch } = event;
  if (event.kind === 'step') {
    const values = { loss: event.loss, lr: event.learningRate, grad_norm: event.gradientNorm };
    metrics.append({ step, time: seconds(), epoch, ...values });
    if (step % LOG_EVERY_STEPS !== 0) return;
    log(
      `step ${step}/${totalSteps} | epoch ${epoch} | loss ${values.loss.toFixed(4)} | lr ${values.lr.toExponential(2)}`,
    );
    return;
  }
  const { validationLoss, validationSpearman } = event;
  metrics.append({
    step,
    time: seconds(),
    epoch,
    val_loss: validationLoss,
    val_spearman: validationSpearman,
  });
  const best = event.best ? ' (best so far)' : '';
  log(
    `epoch ${epoch} | val_loss ${validationLoss.toFixed(4)} | val_spearman ${validationSpearman.toFixed(4)}${best}`,
  );
}

function save(
  result: TrainingResult,
  options: TrainerArguments,
  rows: { train: number; validation: number },
): void {
  const card = {
    kind: 'jql-head',
    features: {
      kind: 'hashed-ngrams',
      version: NGRAM_FEATURES_VERSION,
      dimensions: options['ngram-dimensions'],
      note: 'Word 1–2-grams and character 3–5-grams: knows spelling and phrases, not meaning',
    },
    hidden: options.hidden,
    data: {
      file: basename(options.data),
      textColumn: options['text-column'],
      labelColumn: options['label-column'],
    },
    rows,
    training: {
      ...jqlTraining,
      learningRate: options['learning-rate'],
      batchSize: options['batch-size'],
      epochs: options.epochs,
      seed: options.seed,
      steps: result.steps,
      endedBy: result.reason,
    },
    validation: {
      bestEpoch: result.bestEpoch,
      spearman: Number.isFinite(result.bestSpearman) ? result.bestSpearman : null,
    },
  };
  const metadata = { features: 'hashed-ngrams', features_version: String(NGRAM_FEATURES_VERSION) };
  writeWhole(join(options.out, 'head.safetensors'), encodeHead(result.head, metadata));
  writeWhole(join(options.out, 'head.json'), `${JSON.stringify(card, null, 2)}\n`);
}

async function train(options: TrainerArguments, signal: AbortSignal): Promise<TrainingResult> {
  const documents = await readDocuments(options.data, {
    text: options['text-column'],
    label: options['label-column'],
    id: options['id-column'],
  });
  log(
    `${documents.texts.length} documents read, ${documents.skipped} skipped${documents.cut ? ', the rest left out' : ''}`,
  );
  if (documents.texts.length < MINIMUM_DOCUMENTS) {
    const columns = `${options['text-column']} and ${options['label-column']}`;
    throw new Error(
      `Only ${documents.texts.length} documents have both ${columns}; at least ${MINIMUM_DOCUMENTS} are needed`,
    );
  }
  const inputs = options['ngram-dimensions'];
  const split = splitByDocument(documents.ids, HOLD_OUT_SHARE, options.seed);
  const training = makeSet(documents, split.train, inputs);
  const validation = makeSet(documents, split.validation, inputs);
  const rows = { train: split.train.length, validation: split.validation.length };
  const totalSteps = options.epochs * stepsPerEpoch(rows.train, options['batch-size']);
  log(`${rows.train} documents for training, ${rows.validation} held out, ${totalSteps} steps planned`);

  const metrics = openMetrics(options.out);
  try {
    metrics.append({ kind: 'start', time: seconds(), total_steps: totalSteps });
    const settings = {
      ...jqlTraining,
      inputs,
      hidden: options.hidden,
      epochs: options.epochs,
      batchSize: options['batch-size'],
      learningRate: options['learning-rate'],
      seed: options.seed,
    };
    const events = trainHead(training, validation, settings, signal);
    for (;;) {
      const next = await events.next();
      if (next.done) {
        save(next.value, options, rows);
        return next.value;
      }
      record(next.value, metrics, totalSteps);
      // A turn of the event loop a step, so that a stop is heard; the pause is what a person asked for.
      if (options['pause-ms'] > 0)
        await setTimeout(options['pause-ms'], undefined, { signal }).catch(() => undefined);
      else await setImmediate();
    }
  } finally {
    metrics.close();
  }
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
    log(
      result.reason === 'stopped'
        ? `stopped by request at step ${result.steps}; the best head so far is saved`
        : `done: ${result.reason} after ${result.steps} steps, best val_spearman ${result.bestSpearman.toFixed(4)} in epoch ${result.bestEpoch}`,
    );
    return result.reason === 'stopped' ? STOPPED_EXIT_CODE : 0;
  } catch (error) {
    log(`failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

process.exitCode = await main();
