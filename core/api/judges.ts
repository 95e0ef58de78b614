// Contract of language models as judges: their templates, what a server offers, trying, estimating, and judgements that run in
// core, outlive the window and are resumed. A judgement is called by its folder below judgements/. Keys travel with the calls
// that need them and are kept nowhere.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { documentId, fileSafeName } from '../lib/annotations/campaign.ts';
import { datasetView } from '../lib/datasets/view.ts';
import {
  judgeApi,
  judgeEffort,
  judgement,
  judgementEnd,
  judgePrice,
  judgeSelection,
  parseRule,
} from '../lib/judges/judgement.ts';
import { judgementLine } from '../lib/judges/judgement-line.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** Four times the longest key in use. */
const MAX_KEY_CHARACTERS = 4096;
const MAX_TEMPLATE_CHARACTERS = 65_536;
/** Lines carry whole generations: a page of them stays well under a frame. */
export const MAX_RESULTS = 100;

const key = z.string().max(MAX_KEY_CHARACTERS).nullable();
const templateText = z.string().max(MAX_TEMPLATE_CHARACTERS);
const share = z.number().nullable();

export const judgeEntry = z.object({
  name: fileSafeName,
  origin: z.enum(['workspace', 'shipped']),
  title: z.string(),
  label: z.string(),
  /** Why it cannot be used; null when it can. */
  problem: z.string().nullable(),
});
export type JudgeEntry = z.infer<typeof judgeEntry>;

export const judgeFile = z.object({
  name: fileSafeName,
  origin: z.enum(['workspace', 'shipped']),
  text: z.string(),
  version: z.string(),
});
export type JudgeFile = z.infer<typeof judgeFile>;

export const judgeQuestion = z.object({
  dataset: workspacePath,
  textColumn: z.string().nullable(),
  view: datasetView,
  selection: judgeSelection,
  judge: fileSafeName,
  /** The template as it is on screen, saved or not; what was asked is kept with the judgement. */
  template: templateText,
  rule: parseRule,
  endpoint: z.object({ baseUrl: z.string().max(2000), api: judgeApi, model: z.string().max(500) }),
  keyName: z.string().max(200).nullable(),
  tokenizer: workspacePath.nullable(),
  effort: judgeEffort,
  price: judgePrice.nullable(),
});
export type JudgeQuestion = z.infer<typeof judgeQuestion>;

export const serverCheck = z.object({
  /** As it will be used. */
  baseUrl: z.string(),
  /** `context` is what the server says it can read and write together. */
  models: z.array(z.object({ id: z.string(), context: z.number().nullable() })),
  milliseconds: z.number(),
});
export type ServerCheck = z.infer<typeof serverCheck>;

export const judgingEstimate = z.object({
  documents: z.number(),
  requests: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  cost: z.number().nullable(),
  seconds: z.number().nullable(),
  lookedAt: z.number(),
  meanPromptTokens: z.number(),
  meanAnswerTokens: z.number(),
  truncatedShare: z.number(),
  emptyDocuments: z.number(),
  tokenLabel: z.string(),
});
export type JudgingEstimateResult = z.infer<typeof judgingEstimate>;

export const judgementTally = z.object({
  documents: z.number(),
  invalidDocuments: z.number(),
  samples: z.number(),
  statuses: z.object({
    success: z.number(),
    error_server: z.number(),
    error_no_generated_text: z.number(),
    error_faulty_score: z.number(),
  }),
  classes: z.array(z.number()),
  mean: share,
  comparedDocuments: z.number(),
  majorityAgreement: share,
  fullAgreement: share,
  meanStandardDeviation: share,
  promptTokens: z.number(),
  completionTokens: z.number(),
  tokensByServer: z.boolean(),
  truncatedDocuments: z.number(),
  languages: z.array(
    z.object({
      language: z.string(),
      documents: z.number(),
      invalidDocuments: z.number(),
      samples: z.number(),
      invalidSamples: z.number(),
      mean: share,
    }),
  ),
});

export const judgementState = z.enum(['running', 'stopped', 'finished']);

export const judgementEntry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('judgement'),
    judgement: fileSafeName,
    state: judgementState,
    title: z.string(),
    model: z.string(),
    dataset: z.string(),
    documents: z.number(),
    createdMs: z.number(),
    ended: judgementEnd.nullable(),
  }),
  z.object({ kind: z.literal('problem'), judgement: z.string(), problem: z.string() }),
]);
export type JudgementEntry = z.infer<typeof judgementEntry>;

export const judgementBoard = z.object({
  judgement,
  state: judgementState,
  /** Run by this core: it can be stopped from here. */
  isHere: z.boolean(),
  tally: judgementTally,
  cost: z.number().nullable(),
  unansweredDocuments: z.number(),
  brokenLines: z.number(),
  /** Of the run that goes on; null between runs. */
  run: z
    .object({
      documentsPerSecond: z.number().nullable(),
      secondsLeft: z.number().nullable(),
      /** Requests allowed at the same time now; fewer than wished while the server is busy. */
      limit: z.number(),
      /** What the server said when something had to be asked again. */
      lastRetry: z.object({ reason: z.string(), atMs: z.number(), count: z.number() }).nullable(),
    })
    .nullable(),
  /** The last ones, newest first. */
  newest: z.array(judgementLine),
  /** Why the last run here ended by itself. */
  failure: z.object({ message: z.string(), hint: z.string() }).nullable(),
});
export type JudgementBoard = z.infer<typeof judgementBoard>;

/** `no-score`: without a single valid sample. `score-3`: those whose aggregated score, half up, is 3. */
export const resultChoice = z.union([
  z.enum(['all', 'invalid', 'contested', 'no-score']),
  z.templateLiteral(['score-', z.number().int().min(0).max(100)]),
]);
export type ResultChoice = z.infer<typeof resultChoice>;

export const judgedLine = z.object({ line: judgementLine, score: z.number().nullable() });
export type JudgedLine = z.infer<typeof judgedLine>;

export const judgementResults = z.object({
  /** Lines that are of this choice. */
  total: z.number(),
  first: z.number(),
  lines: z.array(judgedLine),
});
export type JudgementResults = z.infer<typeof judgementResults>;

export const judgeAgreement = z.object({
  /** Documents with an aggregated rating of people and a line of the judge. */
  documents: z.number(),
  invalid: z.number(),
  /** Unweighted mean of the languages where there are several. */
  spearman: share,
  pValue: share,
  kendall: share,
  mae: share,
  macroF1: share,
  /** Rows: class of the people 0–5. Columns: invalid, then the judge's classes 0–5. */
  confusion: z.array(z.array(z.number())),
});
export type JudgeAgreement = z.infer<typeof judgeAgreement>;

const named = z.object({ judgement: fileSafeName });

export const judgesContract = {
  /** Those of the workspace and those that are shipped; a name in both is the workspace's. */
  templates: procedure.output(z.array(judgeEntry)),
  template: procedure.input(z.object({ name: fileSafeName })).output(judgeFile),
  /** Into judges/<name>.yaml. `basedOn`: the version that was read; null for a new file. CONFLICT when it changed since. */
  saveTemplate: procedure
    .input(z.object({ name: fileSafeName, text: templateText, basedOn: z.string().nullable() }))
    .output(judgeFile),
  /** Lists the models of a server. */
  check: procedure.input(z.object({ baseUrl: z.string().max(2000), key })).output(serverCheck),
  /** Judges the first few documents of the choice; writes nothing. */
  tryOut: procedure
    .input(z.object({ question: judgeQuestion, key, documents: z.number().int().min(1).max(10) }))
    .output(eventIterator(z.object({ line: judgementLine, prompt: z.string(), row: z.number() }))),
  estimate: procedure
    .input(
      z.object({
        question: judgeQuestion,
        answerTokens: z.number().positive().nullable(),
        documentsPerSecond: z.number().positive().nullable(),
        sharedPrompt: z.boolean(),
      }),
    )
    .output(judgingEstimate),
  /** Answers when everything is checked and the first requests go out; the work goes on in core. */
  start: procedure.input(z.object({ ...named.shape, question: judgeQuestion, key })).output(named),
  resume: procedure.input(z.object({ ...named.shape, key, effort: judgeEffort.nullable() })).output(named),
  /** Answers when everything that was answered is on the disk. */
  stop: procedure.input(named).output(z.object({})),
  /** Newest first. */
  list: procedure.output(z.array(judgementEntry)),
  /** A board now and whenever it has changed, at most a few times a second. */
  watch: procedure.input(named).output(eventIterator(judgementBoard)),
  results: procedure
    .input(
      z.object({
        ...named.shape,
        only: resultChoice,
        first: z.number().int().min(0),
        limit: z.number().int().min(1).max(MAX_RESULTS),
      }),
    )
    .output(judgementResults),
  /** One document's line; null when it has none. Of translations with one id the first. */
  result: procedure
    .input(z.object({ ...named.shape, document: documentId }))
    .output(z.object({ result: judgedLine.nullable() })),
  /** Against the aggregated ratings of a campaign, joined on the document's id. */
  agreement: procedure.input(z.object({ ...named.shape, campaign: fileSafeName })).output(judgeAgreement),
};
