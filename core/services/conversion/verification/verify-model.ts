// Whether a converted model is still the model it came from: the same ids, the same prompts, the same opinions.
import type { ParityReport } from '../../../api/conversion.ts';
import {
  compareDistributions,
  type DistributionsApart,
} from '../../../lib/verification/compare-distributions.ts';
import { judgeParity } from '../../../lib/verification/parity.ts';
import { promptProbes, templateProbes, tokenizerProbes } from '../../../lib/verification/probes.ts';
import type { ChatEngine } from '../../model-runtime/engine.ts';
import { readModelFile } from '../../models/read-header.ts';
import { describeGguf } from '../../../lib/gguf/describe.ts';
import { textOf } from '../../../lib/gguf/header.ts';
import { askWeights, type WeightsOptions } from '../weights-child.ts';
import type { ReferenceAnswer } from '../weights-protocol.ts';

/** The last tokens of each prompt that are compared: each costs the runtime a sorted list of the vocabulary. */
const POSITIONS = 4;
/** Of the work: the reference does most of it. */
const REFERENCE_SHARE = 0.6;

export interface VerifyRequest {
  /** Absolute folder of the weights the model was converted from. */
  readonly source: string;
  /** Absolute GGUF file. */
  readonly model: string;
  readonly tokenizer: string | null;
}

/** Throws what reading the source and loading the model throw. */
export async function verifyModel(
  request: VerifyRequest,
  options: WeightsOptions & { readonly engine: ChatEngine },
): Promise<ParityReport> {
  const { engine, onProgress } = options;
  const startedMs = performance.now();
  const { header } = await readModelFile(request.model);
  const { result: reference } = await askWeights(
    {
      kind: 'reference',
      request: {
        source: request.source,
        tokenizer: request.tokenizer,
        texts: [...tokenizerProbes],
        conversations: templateProbes.map((messages) => [...messages]),
        prompts: [...promptProbes],
        positions: POSITIONS,
      },
    },
    { ...options, onProgress: (share) => onProgress?.(share * REFERENCE_SHARE) },
  );
  const { tokens } = await engine.ask(request.model, { kind: 'tokenize', texts: [...tokenizerProbes] });
  const differences = tokenizerProbes.flatMap((text, index) => {
    const expected = reference.textIds[index] ?? [];
    const got = (tokens[index] ?? []).map(({ id }) => id);
    return expected.join() === got.join() ? [] : [{ text, expected, got }];
  });
  const template = await compareTemplates(request.model, reference, {
    engine,
    converted: textOf(header, 'tokenizer.chat_template'),
  });
  const logits = await compareOpinions(request.model, reference, options);
  const measured = {
    quantization: describeGguf(header).quantization,
    tokenizer: { texts: tokenizerProbes.length, differences },
    template,
    logits: { prompts: reference.promptIds.length, ...logits },
  };
  return {
    ...measured,
    ...judgeParity(measured),
    durationMs: Math.round(performance.now() - startedMs),
  };
}

async function compareTemplates(
  model: string,
  reference: ReferenceAnswer,
  { engine, converted }: { readonly engine: ChatEngine; readonly converted: string | null },
): Promise<ParityReport['template']> {
  if (reference.template === null && converted === null) return { kind: 'none' };
  if (reference.template !== converted) {
    return {
      kind: 'different',
      detail: converted === null ? 'The converted model has none' : 'The texts differ',
    };
  }
  for (const [index, messages] of templateProbes.entries()) {
    const expected = reference.rendered[index] ?? null;
    if (expected === null) continue;
    const { text } = await engine.render(model, {
      kind: 'chat',
      messages: [...messages],
      template: null,
      tools: [],
      answerStart: null,
    });
    if (text !== expected) return { kind: 'different', detail: firstDifference(expected, text) };
  }
  return { kind: 'equal', conversations: reference.rendered.filter((text) => text !== null).length };
}

const SHOWN_CHARACTERS = 40;

function firstDifference(expected: string, got: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === got[at]) at += 1;
  const shown = (text: string) => JSON.stringify(text.slice(at, at + SHOWN_CHARACTERS));
  return `At character ${at}: ${shown(expected)} in the source, ${shown(got)} in the model`;
}

async function compareOpinions(
  model: string,
  reference: ReferenceAnswer,
  { engine, onProgress, signal }: WeightsOptions & { readonly engine: ChatEngine },
): Promise<DistributionsApart> {
  const { promptIds, vocabularySize } = reference;
  const size = POSITIONS * vocabularySize;
  const converted = new Float32Array(reference.logProbabilities.length);
  for (const [index, tokens] of promptIds.entries()) {
    signal?.throwIfAborted();
    const { logProbabilities } = await engine.ask(model, {
      kind: 'distributions',
      tokens,
      positions: POSITIONS,
    });
    converted.set(logProbabilities, index * size);
    onProgress?.(REFERENCE_SHARE + ((1 - REFERENCE_SHARE) * (index + 1)) / promptIds.length);
  }
  return compareDistributions(reference.logProbabilities, converted, vocabularySize);
}
