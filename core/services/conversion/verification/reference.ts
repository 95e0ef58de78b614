// What the source of a conversion says by itself: ids of texts, rendered conversations, opinions about what follows.
// Runs in the weights child.
import { StudioError } from '../../../api/errors.ts';
import { ConversionFault } from '../../../lib/conversion/tensor-rows.ts';
import { makeTokenizer, type TextTokenizer } from '../../../lib/tokenizers/text-tokenizer.ts';
import { openWeights } from '../sources/open-weights.ts';
import { MAX_REFERENCE_TOKENS, referenceDistributions } from './reference-model.ts';
import { renderTemplate } from './render-template.ts';
import { readTokenizerFolder } from '../sources/tokenizer-folder.ts';
import type { ReferenceAnswer, ReferenceRequest } from '../weights-protocol.ts';

/** Throws typed errors; a fault of the model's own becomes INVALID_INPUT with its hint. */
export async function answerReference(
  request: ReferenceRequest,
  progress: (share: number) => Promise<void>,
): Promise<ReferenceAnswer> {
  try {
    using weights = openWeights(request.source);
    const { file, settings } = readTokenizerFolder(request.tokenizer ?? weights.folder);
    const tokenizer = makeTokenizer(file, {});
    const promptIds = cutPrompts(tokenizer, request);
    const logProbabilities = await referenceDistributions(
      weights,
      { prompts: promptIds, positions: request.positions },
      progress,
    );
    const rendered = request.conversations.map((messages) => {
      const result = renderTemplate(settings, messages);
      return result.kind === 'text' ? result.text : null;
    });
    return {
      textIds: request.texts.map((text) => [...tokenizer.encode(text)]),
      promptIds,
      template: settings.chatTemplate,
      rendered: settings.chatTemplate === null ? [] : rendered,
      vocabularySize: weights.config.vocabularySize,
      logProbabilities,
    };
  } catch (error) {
    if (!(error instanceof ConversionFault)) throw error;
    throw new StudioError('INVALID_INPUT', error.message, {
      hint: error.hint,
      path: request.source,
      cause: error,
    });
  }
}

/** Prompts long enough to be looked at, cut to their share of what fits at once. */
function cutPrompts(tokenizer: TextTokenizer, { prompts, positions }: ReferenceRequest): number[][] {
  const most = Math.floor(MAX_REFERENCE_TOKENS / Math.max(1, prompts.length));
  return prompts
    .map((prompt) => [...tokenizer.encode(prompt, { special: true })].slice(0, most))
    .filter((ids) => ids.length >= positions);
}
