// A task as it can be run here: what a row of its data becomes, what the model is asked, how the reply is judged. Built-in benchmarks
// and tasks read from YAML are both this. Knows no files and no models.
import type { JsonObject } from '../reading/json-values.ts';

export type OutputType = 'multiple_choice' | 'loglikelihood' | 'generate_until';

/** What is asked about one row once it has its examples before it. */
export type TaskRequest =
  | {
      readonly kind: 'choices';
      readonly context: string;
      /** Without what stands before them. */
      readonly choices: readonly string[];
      readonly delimiter: string;
      /** More than one where several are right. */
      readonly gold: readonly number[];
    }
  | { readonly kind: 'text'; readonly context: string; readonly continuation: string }
  | {
      readonly kind: 'writing';
      readonly context: string;
      readonly until: readonly string[];
      readonly maxTokens: number;
      /** As the task says it, for files of samples. */
      readonly settings: JsonObject;
      readonly targets: readonly string[];
    };

export type TaskQuestion = {
  /** The row with what the task adds to it, as it stands in files of samples. */
  readonly row: JsonObject;
  /** The right answer as files of samples name it. */
  readonly target: unknown;
  /** With the answer after it, for rows that are examples. */
  readonly shown: string;
  /** With these texts before the question, in full. */
  ask(before: string): TaskRequest;
  readonly description: string;
};

export interface TaskMetric {
  readonly name: string;
  readonly higherIsBetter: boolean;
  readonly aggregation: 'mean' | 'perplexity' | 'each';
}

/** Several for one question: the instructions of IFEval. */
export type ScoreValue = number | boolean | readonly boolean[];

export interface TaskVerdict {
  readonly filter: string;
  /** What was cut out of what the model wrote; null for likelihoods. */
  readonly answer: string | null;
  readonly values: Readonly<Record<string, ScoreValue>>;
}

export interface LikelihoodReply {
  readonly logProbability: number;
  readonly isGreedy: boolean;
}

export type TaskReply =
  | { readonly kind: 'likelihoods'; readonly items: readonly LikelihoodReply[] }
  | { readonly kind: 'text'; readonly text: string };

export interface LocalTask {
  readonly name: string;
  readonly version: number | string;
  readonly outputType: OutputType;
  readonly metrics: readonly TaskMetric[];
  /** `none` alone for likelihoods. */
  readonly filters: readonly string[];
  readonly defaultShots: number;
  /** Null where examples are the first of their rows; else why there can be none. */
  readonly noShots: string | null;
  /** What results files keep of the task's definition. */
  readonly config: JsonObject;
  /** Null for a row that is none of this task. Throws TemplateFault for a template that fails on it. */
  questionOf(row: unknown): TaskQuestion | null;
  /** One verdict a filter, in their order. */
  judge(question: TaskQuestion, request: TaskRequest, reply: TaskReply): readonly TaskVerdict[];
}

export function requestOf(question: TaskQuestion, examples: readonly TaskQuestion[]): TaskRequest {
  return question.ask(question.description + examples.map(({ shown }) => shown).join(''));
}

/** What is read by the model: a context and what follows it. Texts that the model writes itself have none. */
export function continuationsOf(
  request: TaskRequest,
): readonly { readonly context: string; readonly continuation: string }[] {
  switch (request.kind) {
    case 'choices':
      return request.choices.map((choice) => ({
        context: request.context,
        continuation: request.delimiter + choice,
      }));
    case 'text':
      return [{ context: request.context, continuation: request.continuation }];
    case 'writing':
      return [];
  }
}

/** Says which template failed and how. */
export class TemplateFault extends Error {
  override readonly name = 'TemplateFault';
}
