// A task that was read from YAML, as it is run: rows through templates into requests, replies into scores. Pure.
import { objectOf, type JsonObject } from '../reading/json-values.ts';
import { judgeChoices } from './choice-task.ts';
import type { TaskDefinition, TaskText } from './define-task.ts';
import { asText } from './field-reader.ts';
import { pythonLiteral } from './python-literal.ts';
import {
  type LocalTask,
  type TaskQuestion,
  type TaskReply,
  type TaskRequest,
  type TaskVerdict,
  TemplateFault,
} from './task.ts';

export function ofDefinition(definition: TaskDefinition): LocalTask {
  const { name, version, outputType, scoring, shots, noShots, fields } = definition;
  return {
    name,
    version,
    outputType,
    metrics: scoring.metrics,
    filters: scoring.filters.map((filter) => filter.name),
    defaultShots: shots,
    noShots,
    config: fields,
    questionOf(value) {
      const row = objectOf(value);
      return row === null ? null : questionOf(definition, row);
    },
    judge: (question, request, reply) => judge(definition, question, request, reply),
  };
}

function questionOf(definition: TaskDefinition, row: JsonObject): TaskQuestion {
  const { outputType, targetDelimiter, exampleDelimiter, until, maxTokens, settings } = definition;
  const choices = definition.choices === null ? null : choicesOf(valueOf(definition.choices, row, true));
  const text = plainOf(valueOf(definition.question, row, false), choices !== null);
  if (typeof text !== 'string')
    throw new TemplateFault(
      'doc_to_text is a number: tasks whose choices stand in the question are not supported',
    );
  const target = targetOf(valueOf(definition.target, row, isListWanted(definition.target)), choices !== null);
  const answer = Array.isArray(target) ? target[0] : target;
  const answerText =
    choices !== null && typeof answer === 'number' ? (choices[answer] ?? '') : String(answer ?? '');
  const description = definition.description?.text(row) ?? '';
  const targets = (Array.isArray(target) ? target : [target]).map((one) =>
    choices !== null && typeof one === 'number' ? (choices[one] ?? '') : String(one),
  );
  return {
    row,
    target: Array.isArray(target) ? target : String(target),
    shown: text + targetDelimiter + answerText + exampleDelimiter,
    description,
    ask(before): TaskRequest {
      const context = before + text;
      if (outputType === 'generate_until')
        return { kind: 'writing', context, until, maxTokens, settings, targets };
      if (outputType === 'loglikelihood') return { kind: 'text', context, continuation: targets[0] ?? '' };
      return {
        kind: 'choices',
        context,
        choices: choices ?? [],
        delimiter: targetDelimiter,
        gold: goldOf(target, choices ?? []),
      };
    },
  };
}

/** A template that prints a list is one; one that prints text in brackets is too, as in the harness. */
const isListWanted = (text: TaskText): boolean => text.kind === 'template';

function valueOf(text: TaskText, row: JsonObject, asValue: boolean): unknown {
  if (text.kind === 'fixed') return text.value;
  // A text that is the name of a column stands for it.
  if (Object.hasOwn(row, text.source)) return row[text.source];
  return asValue ? text.template.value(row) : text.template.text(row);
}

function choicesOf(value: unknown): readonly string[] {
  const list = typeof value === 'string' ? pythonLiteral(value) : value;
  if (!Array.isArray(list) || list.length === 0) throw new TemplateFault('doc_to_choice gives no list');
  return (list as readonly unknown[]).map(String);
}

/** A text of digits is a place among the choices. */
function plainOf(value: unknown, hasChoices: boolean): unknown {
  if (typeof value === 'number') return hasChoices ? value : String(value);
  return typeof value === 'string' && hasChoices && /^\d+$/.test(value) ? Number(value) : asText(value);
}

function targetOf(value: unknown, hasChoices: boolean): string | number | readonly (string | number)[] {
  if (Array.isArray(value))
    return (value as readonly unknown[]).map((one) => (typeof one === 'number' ? one : String(one)));
  if (typeof value === 'number') return hasChoices ? value : String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  const text = asText(value);
  if (hasChoices && /^\d+$/.test(text)) return Number(text);
  if (/^\[[\s\S]*\]$/.test(text)) {
    const list = pythonLiteral(text);
    if (Array.isArray(list)) return targetOf(list, hasChoices);
  }
  return text;
}

function goldOf(
  target: string | number | readonly (string | number)[],
  choices: readonly string[],
): readonly number[] {
  const all: readonly (string | number)[] = typeof target === 'object' ? target : [target];
  const places = all.map((one) => (typeof one === 'number' ? one : choices.indexOf(one)));
  const found = places.filter((place) => place >= 0 && place < choices.length);
  if (found.length === 0)
    throw new TemplateFault(`The target ${JSON.stringify(target)} is none of the choices`);
  return found;
}

function judge(
  { scoring, outputType }: TaskDefinition,
  _question: TaskQuestion,
  request: TaskRequest,
  reply: TaskReply,
): readonly TaskVerdict[] {
  const metrics = scoring.metrics.map(({ name }) => name);
  if (reply.kind === 'likelihoods') {
    if (outputType === 'multiple_choice')
      return [{ filter: 'none', answer: null, values: judgeChoices(request, reply.items, metrics) }];
    const [first] = reply.items;
    const all: Readonly<Record<string, number>> = {
      acc: first?.isGreedy ? 1 : 0,
      perplexity: first?.logProbability ?? 0,
    };
    return [
      {
        filter: 'none',
        answer: null,
        values: Object.fromEntries(metrics.map((name) => [name, all[name] ?? 0])),
      },
    ];
  }
  const targets = request.kind === 'writing' ? request.targets : [];
  return scoring.filters.map((filter) => {
    const answer = filter.apply(reply.text);
    const isRight = targets.some((target) => scoring.isMatch(answer, target));
    return { filter: filter.name, answer, values: { exact_match: isRight ? 1 : 0 } };
  });
}
