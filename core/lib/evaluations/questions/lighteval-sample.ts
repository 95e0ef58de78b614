// A row of lighteval's details (Parquet) in the layout of lm-eval's samples, so that both are browsed in one way. Pure.
import { type JsonObject, numberOf, objectAt, textAt } from '../reading/json-values.ts';

/** What pads the tokens of shorter choices. */
const PADDING = -1;

/**
 * Null for a row that is no question. `asked` hashes what was asked, so that questions of two files are known to be the same; `place`
 * is the number of the row, for rows without an id.
 */
export function lightevalSample(
  row: unknown,
  place: number,
  asked: (text: string) => string,
): JsonObject | null {
  const document = objectAt(row, 'doc');
  const metrics = objectAt(row, 'metric') ?? objectAt(row, 'metrics');
  if (document === null || metrics === null) return null;
  const response = objectAt(row, 'model_response');
  const query = textAt(document, 'query') ?? '';
  const choices = list(document['choices']).map(String);
  const likelihoods = list(response?.['logprobs']);
  const isGreedy = list(response?.['argmax_logits_eq_gold']);
  const tokens = list(response?.['output_tokens']);
  const isChoice = choices.length > 0 && likelihoods.length === choices.length;
  const written = list(response?.['text']).map(String);
  const cut = list(response?.['text_post_processed']).map(String);
  // One place, or a list of them: the first is shown.
  const gold = numberOf(list(document['gold_index'])[0] ?? document['gold_index']);
  const replies = isChoice
    ? choices.map((_, index) => [likelihoods[index], isGreedy[index] === true ? 'True' : 'False'])
    : [];
  return {
    doc_id: numberOf(textAt(document, 'id')) ?? place,
    doc: document,
    target: isChoice ? String(gold ?? '') : (choices[gold ?? 0] ?? ''),
    arguments: isChoice
      ? Object.fromEntries(
          choices.map((choice, index) => [`gen_args_${index}`, { arg_0: query, arg_1: choice }]),
        )
      : { gen_args_0: { arg_0: query, arg_1: {} } },
    resps: isChoice ? replies.map((reply) => [reply]) : [written],
    filtered_resps: isChoice ? replies : [cut[0] ?? written[0] ?? ''],
    filter: 'none',
    metrics: Object.keys(metrics),
    doc_hash: asked(JSON.stringify([document['query'], document['choices']])),
    ...(isChoice && tokens.length === choices.length ? { choice_tokens: tokens.map(countTokens) } : {}),
    ...metrics,
  };
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function countTokens(value: unknown): number | null {
  return Array.isArray(value) ? value.filter((token) => token !== PADDING).length : null;
}
