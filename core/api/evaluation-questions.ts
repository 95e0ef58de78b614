// Contract of questions: the answers to each question of a benchmark, of one model or of two beside each other. Files of answers may be
// larger than the memory: they are indexed once and read by places.
import { z } from 'zod';
import { normalisations } from '../lib/evaluations/questions/normalisations.ts';
import { questionKinds, questionOrders } from '../lib/evaluations/questions/select-questions.ts';
import { readingProblem } from '../lib/evaluations/result.ts';
import { evaluatedModel, modelKey } from './evaluations.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** Names of tasks, metrics and filters. */
const name = z.string().min(1).max(300);
/** A page of rows that a window shows, and some beyond. */
const MAX_PAGE = 500;

/** Which answers: of one model, or of two that are paired by question. */
const answersInput = z.object({
  model: modelKey,
  /** The other model; null for one alone. */
  with: modelKey.nullable().default(null),
  task: name,
  /** Null for the metric that reports quote. */
  metric: name.nullable().default(null),
  /** Null for the first. */
  filter: name.nullable().default(null),
  /** Short hash of how it was asked, where a model was asked in several ways; the newest otherwise. */
  column: z.string().max(64).nullable().default(null),
});

const chosen = z.object({ task: z.string(), metric: z.string(), filter: z.string() });

export const answersOfModel = z.object({
  model: evaluatedModel,
  tasks: z.array(
    z.object({
      task: z.string(),
      /** A value over tasks: its questions are those of the tasks. */
      isGroup: z.boolean(),
      metrics: z.array(z.string()),
      filters: z.array(z.string()),
      questions: z.number().nullable(),
    }),
  ),
});
export type AnswersOfModel = z.infer<typeof answersOfModel>;

const side = z.object({
  /** NaN is no JSON: null where the other model has no score. */
  score: z.number().nullable(),
  /** What it took or wrote, shortened; null where it says nothing. */
  answer: z.string().nullable(),
});

export const questionRow = z.object({
  /** Where the question stands among those that are shown. */
  place: z.number().int(),
  /** Of the task, and the number the harness gave it. */
  task: z.string(),
  id: z.number(),
  /** The end of the prompt, which is the question. */
  words: z.string(),
  subject: z.string().nullable(),
  promptLength: z.number().nullable(),
  gold: z.string().nullable(),
  first: side,
  second: side.nullable(),
});
export type QuestionRow = z.infer<typeof questionRow>;

export const questionPage = z.object({
  chosen,
  /** Other metrics and filters of these answers. */
  metrics: z.array(z.string()),
  filters: z.array(z.string()),
  first: evaluatedModel,
  second: evaluatedModel.nullable(),
  counts: z.record(z.enum(questionKinds), z.number()),
  /** Questions that stay after all filters. */
  total: z.number(),
  /** The most frequent first; cut where there are too many. */
  subjects: z.array(z.object({ name: z.string(), questions: z.number(), right: z.number() })),
  /** Characters of the shortest prompt, of a quarter, half and three quarters, and of the longest; empty without prompts. */
  lengths: z.array(z.number()),
  /** Answers of two models that have no partner. */
  leftOut: z.number(),
  /** What sets the two apart: sentences. */
  settings: z.array(z.string()),
  problems: z.array(readingProblem),
  rows: z.array(questionRow),
});
export type QuestionPage = z.infer<typeof questionPage>;

export const shownChoice = z.object({
  text: z.string(),
  /** With what joins it to the prompt. */
  sent: z.string(),
  /** Natural logarithm; null where the file has no number. */
  logLikelihood: z.number().nullable(),
  isGreedy: z.boolean(),
  characters: z.number(),
  bytes: z.number(),
  tokens: z.number().nullable(),
});

export const answeredQuestion = z.object({
  choices: z.array(shownChoice),
  normalised: z.array(
    z.object({
      normalisation: z.enum(normalisations),
      /** In the order of the choices; null where a length is not known. */
      values: z.array(z.number().nullable()).nullable(),
      pick: z.number().nullable(),
    }),
  ),
  /** What a model wrote, and what each filter cut out of it. */
  written: z.array(z.string()),
  extracted: z.array(
    z.object({ filter: z.string(), text: z.string().nullable(), score: z.number().nullable() }),
  ),
  instructions: z.array(
    z.object({
      id: z.string(),
      /** What it was given: `num_words 300`. */
      given: z.string(),
      strict: z.boolean().nullable(),
      loose: z.boolean().nullable(),
      /** Why it is not known, or what a verdict on a language rests on; null where nothing has to be said. */
      note: z.string().nullable(),
    }),
  ),
  scores: z.array(z.object({ metric: z.string(), score: z.number() })),
});
export type AnsweredQuestion = z.infer<typeof answeredQuestion>;

export const questionDetail = z.object({
  task: z.string(),
  id: z.number(),
  /** As it was sent; null where the file does not say. */
  prompt: z.string().nullable(),
  /** The other model was sent something else. */
  otherPrompt: z.string().nullable(),
  target: z.string(),
  gold: z.number().nullable(),
  subject: z.string().nullable(),
  /** The row of the data set, as JSON. */
  document: z.string().nullable(),
  first: answeredQuestion,
  second: answeredQuestion.nullable(),
  /** Why tokens of choices are not known; null where they are, or where there are no choices. */
  tokensProblem: z.string().nullable(),
});
export type QuestionDetail = z.infer<typeof questionDetail>;

/** Which questions of the answers, and in which order. */
const listInput = answersInput.extend({
  show: z.enum(questionKinds).default('all'),
  subject: z.string().max(300).nullable().default(null),
  /** Characters of the prompt. */
  minLength: z.number().min(0).nullable().default(null),
  maxLength: z.number().min(0).nullable().default(null),
  /** In prompts, choices and answers, whatever the letters' case. */
  search: z.string().max(1000).default(''),
  order: z.enum(questionOrders).default('file'),
});

export const evaluationQuestionsContract = {
  /** Models with answers, and the tasks they have them of. */
  sources: procedure.output(z.array(answersOfModel)),
  /**
   * Some of the questions, in an order. The first call for a file reads it once, shown as an activity. Throws NOT_FOUND where no
   * answers were kept.
   */
  list: procedure
    .input(
      listInput.extend({
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(0).max(MAX_PAGE).default(100),
      }),
    )
    .output(questionPage),
  /** Where a question stands in the list, or the next one of a kind; null where there is none. */
  seek: procedure
    .input(
      listInput.extend({
        to: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('question'), part: name, id: z.number() }),
          z.object({
            kind: z.literal('next'),
            of: z.enum(questionKinds),
            /** The place that is looked from; it does not count itself. */
            from: z.number().int(),
            back: z.boolean(),
          }),
        ]),
      }),
    )
    .output(z.object({ place: z.number().int().nullable() })),
  /** One question with all that is known of it. `tokenizer` counts the tokens of choices. */
  read: procedure
    .input(
      answersInput.extend({
        /** Of a group, the task that the question is of. */
        part: name.nullable().default(null),
        id: z.number(),
        tokenizer: workspacePath.nullable().default(null),
      }),
    )
    .output(questionDetail),
};
