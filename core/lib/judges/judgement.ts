// What judgement.json says: everything that was asked, so that a judgement can be resumed, repeated and believed. Never a key.
import { z } from 'zod';
import { datasetView } from '../datasets/view.ts';
import { judgeTemplate } from './judge-template.ts';

export const judgeApi = z.enum(['chat', 'completions']);
export type JudgeApi = z.infer<typeof judgeApi>;

export const parseRule = z.enum(['exact', 'round-and-clamp']);

export const judgeSelection = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  /** Drawn by MD5 over seed, id and language: the same documents everywhere. */
  z.object({
    kind: z.literal('sample'),
    documents: z.number().int().min(1).max(10_000_000),
    seed: z.number().int().min(0).max(2_147_483_647),
  }),
]);
export type JudgeSelection = z.infer<typeof judgeSelection>;

/** Per million tokens, in the currency the person thinks in. */
export const judgePrice = z.object({ input: z.number().min(0), output: z.number().min(0) });
export type JudgePrice = z.infer<typeof judgePrice>;

/** More requests than one server of today answers at the same time. */
export const MAX_CONCURRENCY = 512;

export const judgeEffort = z.object({
  /** Requests under way at the same time at most; fewer while the server says it is busy. */
  concurrency: z.number().int().min(1).max(MAX_CONCURRENCY).default(8),
  /** Of one request. Node's own client gives up after five minutes. */
  timeoutSeconds: z.number().min(0.1).max(290).default(120),
  /** Of one request that may pass another time. */
  retries: z.number().int().min(0).max(20).default(5),
  /** Stop when a larger share of documents has no valid sample; null never stops. */
  stopAboveInvalid: z.number().min(0).max(1).nullable().default(null),
});
export type JudgeEffort = z.infer<typeof judgeEffort>;

/** How a judgement ended last; null while it goes on, or when its process was killed. */
export const judgementEnd = z.object({
  kind: z.enum(['finished', 'stopped', 'invalid', 'server']),
  atMs: z.number(),
  message: z.string(),
});
export type JudgementEnd = z.infer<typeof judgementEnd>;

export const judgement = z.object({
  format: z.literal('nesso-judgement'),
  version: z.literal(1),
  createdMs: z.number(),
  judge: z.object({ name: z.string(), sha256: z.string(), template: judgeTemplate }),
  rule: parseRule,
  endpoint: z.object({
    baseUrl: z.string(),
    api: judgeApi,
    model: z.string(),
    /** Where the key comes from: a name in the keychain or of an environment variable. */
    keyName: z.string().nullable(),
  }),
  /** As the server calls it in its answers; null before the first one. */
  reportedModel: z.string().nullable(),
  source: z.object({
    path: z.string(),
    files: z.number(),
    sizeBytes: z.number(),
    modifiedMs: z.number(),
    /** Of the bytes; null when the source is larger than is worth reading twice. */
    sha256: z.string().nullable(),
    textColumn: z.string(),
    idColumn: z.string().nullable(),
    /** In words. */
    language: z.string(),
  }),
  selection: judgeSelection,
  view: datasetView,
  /** What counted as a token when documents were cut. */
  tokens: z.object({ label: z.string(), tokenizer: z.string().nullable() }),
  effort: judgeEffort,
  price: judgePrice.nullable(),
  documents: z.number(),
  /** Of the selection, without any text: never sent. */
  emptyDocuments: z.number(),
  ended: judgementEnd.nullable(),
});
export type Judgement = z.infer<typeof judgement>;

/** In words what two judgements ask differently; empty when one may go on where the other ended. */
export function differences(before: Judgement, now: Judgement): readonly string[] {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['the prompt or sampling', before.judge.sha256, now.judge.sha256],
    ['the model', before.endpoint.model, now.endpoint.model],
    ['the server', before.endpoint.baseUrl, now.endpoint.baseUrl],
    ['chat or completions', before.endpoint.api, now.endpoint.api],
    ['the rule for scores', before.rule, now.rule],
    ['the choice of documents', [before.selection, before.view], [now.selection, now.view]],
    ['the tokenizer', before.tokens, now.tokens],
    ['the columns', columnsOf(before), columnsOf(now)],
  ];
  const found = pairs.filter(([, a, b]) => JSON.stringify(a) !== JSON.stringify(b)).map(([words]) => words);
  return sameSource(before, now) ? found : [...found, 'the source file'];
}

const columnsOf = ({ source }: Judgement) => [source.textColumn, source.idColumn, source.language];

/** A copy of the file, or one that was touched, is the same file when its bytes are. */
export function sameSource({ source: a }: Judgement, { source: b }: Judgement): boolean {
  if (a.sha256 !== null && b.sha256 !== null) return a.sha256 === b.sha256;
  return a.sizeBytes === b.sizeBytes && a.modifiedMs === b.modifiedMs;
}
