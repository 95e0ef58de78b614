// Tokenized data folders: weights, the mix they really make, copies to read from, repeated folders.

import { formatShare } from '../../../format/numbers.ts';
import { computeDataMix, UNKNOWN_LANGUAGE } from '../../derived/data-mix.ts';
import type { NanotronStage } from '../../derived/nanotron-settings.ts';
import { integerAt, listAt, stringAt, stringsAt } from '../../derived/read-values.ts';
import type { KeyPath } from '../../types.ts';
import { setFix } from '../fixes.ts';
import { type NanotronContext, type NanotronRule, report } from '../rule.ts';

function eachFolderStage<Result>(
  context: NanotronContext,
  visit: (stage: NanotronStage, folders: readonly string[]) => readonly Result[],
): readonly Result[] {
  return context.settings.stages.flatMap((stage) =>
    stage.folders === null ? [] : visit(stage, stage.folders),
  );
}

/** `70 % English, 20 % Italian, 10 % code`, or shares per folder when the names tell nothing. */
function mixWords(folders: readonly string[]): string {
  const mix = computeDataMix(folders, null);
  if (mix === null || mix.languages.every((language) => language.language === UNKNOWN_LANGUAGE)) {
    return `${formatShare(1 / folders.length)} from each of ${folders.length} folders`;
  }
  return mix.languages.map(({ language, share }) => `${formatShare(share)} ${language}`).join(', ');
}

export const datasetWeightsMissing: NanotronRule = {
  code: 'dataset-weights-missing',
  check(context) {
    return eachFolderStage(context, (stage, folders) => {
      if (folders.length < 2 || stage.weightsGiven) return [];
      const weightsPath: KeyPath = [...stage.datasetPath, 'dataset_weights'];
      return [
        report(context, {
          code: 'dataset-weights-missing',
          severity: 'warning',
          path: [...stage.datasetPath, 'dataset_folder'],
          message: `No dataset_weights: the mix is ${mixWords(folders)} (languages guessed from folder names).`,
          reason:
            'Without weights Nanotron gives every folder the same share, whatever its size. Writing the weights down makes the mix a decision; change them to the mix that is meant.',
          fix: setFix(
            context,
            'Add equal weights',
            weightsPath,
            folders.map(() => equalWeight(folders.length)),
          ),
        }),
      ];
    });
  },
};

/** Equal weights that read well: 0.1 for ten folders; where the share has no short form, 0.5 each (they are normalised). */
function equalWeight(folders: number): number {
  const share = 1 / folders;
  return Number(share.toFixed(3)) === share ? share : 0.5;
}

export const datasetListLengths: NanotronRule = {
  code: 'dataset-list-length',
  check(context) {
    return eachFolderStage(context, (stage, folders) =>
      ['dataset_weights', 'dataset_read_path', 'dataset_max_tokens'].flatMap((key) => {
        const path = [...stage.datasetPath, key];
        // A single folder written as text gets the weight 1, whatever weights are given.
        const isSingle = stringAt(context.document, [...stage.datasetPath, 'dataset_folder']) !== null;
        if (isSingle && key === 'dataset_weights') return [];
        const count =
          key === 'dataset_read_path'
            ? stringsAt(context.document, path)?.length
            : listAt(context.document, path)?.items.length;
        if (count === undefined || count === folders.length) return [];
        return [
          report(context, {
            code: 'dataset-list-length',
            severity: 'error',
            path,
            message: `${key} has ${count} entries for ${folders.length} folders.`,
            reason: 'Nanotron asserts one entry per folder, in the same order.',
          }),
        ];
      }),
    );
  },
};

export const datasetWeightsUseful: NanotronRule = {
  code: 'dataset-weights-zero',
  check(context) {
    return eachFolderStage(context, (stage) => {
      const { weights } = stage;
      if (weights === null || weights.length === 0) return [];
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const isWrong = !(total > 0) || weights.some((weight) => weight < 0);
      const unused = weights.findIndex((weight) => weight === 0);
      if (!isWrong && unused === -1) return [];
      return [
        report(context, {
          code: 'dataset-weights-zero',
          severity: isWrong ? 'error' : 'warning',
          path: [...stage.datasetPath, 'dataset_weights'],
          message: isWrong
            ? 'The weights must not be negative and must add up to more than 0.'
            : `The weight of folder ${unused + 1} is 0, so it is never read.`,
          reason: 'Weights are divided by their sum to give the share of samples per folder.',
        }),
      ];
    });
  },
};

export const datasetFolderRepeated: NanotronRule = {
  code: 'dataset-folder-repeated',
  check(context) {
    return eachFolderStage(context, (stage, folders) =>
      folders.flatMap((folder, index) => {
        if (folders.indexOf(folder) === index) return [];
        return [
          report(context, {
            code: 'dataset-folder-repeated',
            severity: 'warning',
            path: [...stage.datasetPath, 'dataset_folder', index],
            message: `The folder ${folder} is listed twice.`,
            reason: 'Each entry reads the folder from its beginning, so the same documents are seen twice.',
          }),
        ];
      }),
    );
  },
};

export const datasetForkIgnores: NanotronRule = {
  code: 'dataset-fork-ignores',
  check(context) {
    return eachFolderStage(context, (stage) =>
      ['dataset_max_tokens', 'dataset_read_path'].flatMap((key) => {
        const path = [...stage.datasetPath, key];
        if (listAt(context.document, path) === null && stringsAt(context.document, path) === null) return [];
        return [
          report(context, {
            code: 'dataset-fork-ignores',
            severity: 'info',
            path,
            message: `${key} is ignored by the Nanotron fork that the paper used.`,
            reason:
              'The fork (upstream pull request 399) drops this argument when it opens the folders; upstream main honours it.',
          }),
        ];
      }),
    );
  },
};

export const loadingWorkers: NanotronRule = {
  code: 'loading-workers-zero',
  check(context) {
    return context.settings.stages.flatMap((stage) => {
      const path = [...stage.path, 'data', 'num_loading_workers'];
      if (integerAt(context.document, path) !== 0) return [];
      return [
        report(context, {
          code: 'loading-workers-zero',
          severity: 'info',
          path,
          message: 'num_loading_workers 0 reads data in the training process itself.',
          reason:
            'Every step then waits for its batch to be read. One worker (the default) reads ahead; it costs one CPU core per GPU.',
          fix: setFix(context, 'Use 1 worker', path, 1),
        }),
      ];
    });
  },
};
