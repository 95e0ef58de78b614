// Which settings a training takes where its arguments leave them open, and which rows it learns from.
import { splitByDocument } from '../../core/lib/jql/split.ts';
import { type Sample, sampleRows } from '../../core/lib/jql/sampling.ts';
import { jqlTraining } from '../../core/lib/jql/train.ts';
import { type TrainerArguments, wantedLanguages } from './arguments.ts';
import type { TrainingData } from './training-data.ts';

const HOLD_OUT_SHARE = 0.1;
/** Fewer documents than this leave a validation set on which Spearman means nothing. */
const MINIMUM_DOCUMENTS = 20;
/** For texts: small samples learn little from a handful of large batches. */
const SMALL = { batchSize: 16, epochs: 30 } as const;

export interface Settings {
  readonly batchSize: number;
  readonly epochs: number;
}

/** An embedding set is trained as the published heads were, unless it is so small that an epoch would be a step or two. */
export function settingsFor(options: TrainerArguments, rows: number): Settings {
  const defaults = rows >= 8 * jqlTraining.batchSize ? jqlTraining : SMALL;
  return {
    batchSize: options['batch-size'] || defaults.batchSize,
    epochs: options.epochs || defaults.epochs,
  };
}

export interface ChosenRows extends Sample {
  readonly validation: Int32Array;
}

/** Hold-out first, by document; then the sample of what is left. Throws an Error that says what is missing. */
export function chooseRows(data: TrainingData, options: TrainerArguments): ChosenRows {
  const usable = rowsOfLanguages(data, wantedLanguages(options));
  if (usable.length < MINIMUM_DOCUMENTS) {
    const columns =
      data.textColumn === null ? 'a vector and a label' : `both ${data.textColumn} and ${data.labelColumn}`;
    throw new Error(
      `Only ${usable.length} documents have ${columns}; at least ${MINIMUM_DOCUMENTS} are needed`,
    );
  }
  const documents = Uint32Array.from(usable, (row) => data.documents[row] ?? 0);
  const split = splitByDocument(documents, HOLD_OUT_SHARE, options.seed);
  if (split.validation.length === 0) {
    throw new Error('All rows are of one document, so none can be held out to validate with');
  }
  const rowAt = (place: number): number => usable[place] ?? 0;
  const sample = sampleRows({
    candidates: Int32Array.from(split.train, rowAt),
    labels: data.labels,
    languages: data.languages,
    sampling: options.sampling,
    limit: options.limit === 0 ? null : options.limit,
    seed: options.seed,
  });
  return { ...sample, validation: Int32Array.from(split.validation, rowAt) };
}

/** All rows, or those of the named languages. Throws an Error that lists the languages there are. */
export function rowsOfLanguages(data: TrainingData, wanted: readonly string[]): Int32Array {
  const all = Int32Array.from({ length: data.labels.length }, (_, row) => row);
  if (wanted.length === 0) return all;
  const numbers = wanted.map((name) => data.languageNames.indexOf(name));
  const missing = wanted.filter((_, index) => numbers[index] === -1);
  if (missing.length > 0) {
    throw new Error(
      `There are no documents in ${missing.join(', ')}; there are: ${data.languageNames.slice(0, 60).join(', ') || 'no languages'}`,
    );
  }
  const chosen = new Set(numbers);
  return all.filter((row) => chosen.has(data.languages[row] ?? 0));
}
