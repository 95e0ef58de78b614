// Vocabulary size against the tokenizer, its padding, and special tokens inside the vocabulary.

import { formatInteger } from '../../../format/numbers.ts';
import { knownVocabularySize } from '../../derived/known-tokenizers.ts';
import { MODEL_CONFIG_PATH, SHAPE_DEFAULTS } from '../../derived/nanotron-shape.ts';
import { integerAt, isGiven, positiveIntegerAt, stringAt } from '../../derived/read-values.ts';
import { removeFix, setFix } from '../fixes.ts';
import { type NanotronRule, report } from '../rule.ts';

const VOCABULARY = ['model', 'model_config', 'vocab_size'] as const;
const TOKENIZER = ['tokenizer', 'tokenizer_name_or_path'] as const;

export const vocabularyTokenizer: NanotronRule = {
  code: 'vocab-tokenizer',
  check(context) {
    const tokenizer = stringAt(context.document, TOKENIZER);
    const isLeftOut = isGiven(context.document, MODEL_CONFIG_PATH) && !isGiven(context.document, VOCABULARY);
    const size = isLeftOut ? SHAPE_DEFAULTS.vocab_size : integerAt(context.document, VOCABULARY);
    if (tokenizer === null || size === null || size === -1) return [];
    const expected = knownVocabularySize(tokenizer);
    if (expected === null || expected === size) return [];
    const readsFolders = context.settings.stages.some((stage) => stage.folders !== null);
    return [
      report(context, {
        code: 'vocab-tokenizer',
        severity: readsFolders || size < expected ? 'error' : 'warning',
        path: VOCABULARY,
        message: `The vocabulary is ${formatInteger(size)}, but ${tokenizer} has ${formatInteger(expected)} tokens.`,
        reason:
          'Nanotron asserts that the model, the tokenized folders and the tokenizer agree on the vocabulary size; a smaller one would index past the embedding.',
        fix: setFix(context, `Set ${expected}`, VOCABULARY, expected),
      }),
    ];
  },
};

export const vocabularyPadding: NanotronRule = {
  code: 'vocab-padding',
  check(context) {
    const { shape, tensorParallel } = context.settings;
    if (shape.kind !== 'shape' || tensorParallel === null) return [];
    const multiple =
      (positiveIntegerAt(context.document, ['model', 'make_vocab_size_divisible_by']) ?? 1) * tensorParallel;
    const size = shape.shape.vocabularySize;
    const padded = Math.ceil(size / multiple) * multiple;
    if (padded === size) return [];
    return [
      report(context, {
        code: 'vocab-padding',
        severity: 'info',
        path: VOCABULARY,
        message: `The vocabulary is padded from ${formatInteger(size)} to ${formatInteger(padded)}, a multiple of ${multiple}.`,
        reason:
          'make_vocab_size_divisible_by × tp sets the multiple. The padded rows are trained and must be cut when the model is converted.',
      }),
    ];
  },
};

export const specialTokens: NanotronRule = {
  code: 'special-token-range',
  check(context) {
    const { shape } = context.settings;
    if (shape.kind !== 'shape') return [];
    const vocabularySize = shape.shape.vocabularySize;
    return ['bos_token_id', 'eos_token_id', 'pad_token_id'].flatMap((key) => {
      const path = ['model', 'model_config', key];
      const id = integerAt(context.document, path);
      if (id === null || id < vocabularySize) return [];
      return [
        report(context, {
          code: 'special-token-range',
          severity: 'error',
          path,
          message: `${key} ${formatInteger(id)} lies outside the vocabulary of ${formatInteger(vocabularySize)}.`,
          reason:
            'Token ids run from 0 to vocab_size − 1; looking this one up fails or reads foreign memory.',
        }),
      ];
    });
  },
};

export const tokenizerUnnamed: NanotronRule = {
  code: 'tokenizer-unnamed',
  check(context) {
    if (!isGiven(context.document, ['tokenizer']) || isGiven(context.document, TOKENIZER)) return [];
    if (!context.settings.stages.some((stage) => stage.folders !== null)) return [];
    return [
      report(context, {
        code: 'tokenizer-unnamed',
        severity: 'error',
        path: TOKENIZER,
        message: 'The tokenizer section names no tokenizer, so it cannot match that of the data folders.',
        reason:
          'Nanotron compares the name with the one in the *.metadata file of each folder; only when the whole section is missing does it take the name from there.',
        fix: removeFix(context, 'Remove the section', ['tokenizer']),
      }),
    ];
  },
};

export const tokenizerFromMetadata: NanotronRule = {
  code: 'tokenizer-from-metadata',
  check(context) {
    if (isGiven(context.document, ['tokenizer'])) return [];
    if (!context.settings.stages.some((stage) => stage.folders !== null)) return [];
    return [
      report(context, {
        code: 'tokenizer-from-metadata',
        severity: 'info',
        path: TOKENIZER,
        message: 'No tokenizer is named; Nanotron takes it from the metadata file of the data folders.',
        reason:
          'The first *.metadata file of each folder must exist then, and all folders must agree. Whether they do can only be checked where the data is.',
      }),
    ];
  },
};
