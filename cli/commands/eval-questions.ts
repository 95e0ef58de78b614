// `nesso eval questions`: the answers to each question of a benchmark, of one model or of two beside each other.
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { StudioError } from '../../core/api/errors.ts';
import type { QuestionPage } from '../../core/api/evaluation-questions.ts';
import { questionKinds, type QuestionKind } from '../../core/lib/evaluations/questions/select-questions.ts';
import {
  alikeResult,
  chosenResult,
  createAnswers,
  type FoundAnswers,
  noAnswers,
  questionCacheFolder,
} from '../../core/services/evaluations/questions/answers.ts';
import { createQuestionLister } from '../../core/services/evaluations/questions/list-questions.ts';
import { type FoundResult, readEvaluations } from '../../core/services/evaluations/results/read-files.ts';
import type { CommandContext } from '../command.ts';
import { problemLines } from '../evaluation-text.ts';
import { openLab } from '../quality-lab.ts';
import { table } from '../table.ts';

interface QuestionsOptions {
  readonly task?: string;
  readonly with?: string;
  readonly metric?: string;
  readonly filter?: string;
  readonly show: QuestionKind;
  readonly subject?: string;
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number');
  return Number(text);
}

export function registerEvalQuestions(evaluation: Command, context: CommandContext): void {
  evaluation
    .command('questions')
    .description(
      'each question with what is right and what one or two models answered, where answers were kept',
    )
    .argument('<results>', 'results of a model: a file or a folder')
    .option('--task <name>', 'needed where there are several')
    .option('--with <results>', 'results of another model, to see which questions flip')
    .option('--metric <name>', 'right by this one; without it the one that reports quote')
    .option('--filter <name>', 'of answers that were written')
    .addOption(new Option('--show <kind>', 'which questions').choices([...questionKinds]).default('all'))
    .option('--subject <name>', 'only these')
    .option('--search <text>', 'in prompts, choices and answers', '')
    .option('--offset <number>', 'of the first that is shown', whole, 0)
    .option('--limit <number>', 'how many are shown', whole, 20)
    .action(
      context.action(async (path: string, options: QuestionsOptions) => {
        const page = await readPage(context, path, options);
        context.print(page, () => pageText(page));
        return 0;
      }),
    );
}

async function readPage(
  context: CommandContext,
  path: string,
  options: QuestionsOptions,
): Promise<QuestionPage> {
  const { signal } = context;
  let lab: ReturnType<typeof openLab> | null = null;
  const answers = createAnswers({
    openEngine: () => (lab ??= openLab(context)),
    cacheFolder: () => questionCacheFolder(null, context.stateFolder),
  });
  const open = (result: FoundResult, all: readonly FoundResult[]): Promise<FoundAnswers> => {
    const { model: name } = result;
    const model = { key: `model:${name}`, name, run: null, modelPath: null, type: null, reference: null };
    return answers.open(result, all, model, signal);
  };
  try {
    const mine = (await readEvaluations([resolve(path)], { signal })).results;
    const result = chosenResult(mine, {
      task: options.task ?? onlyTask(mine, path),
      metric: options.metric ?? null,
      filter: options.filter ?? null,
      column: null,
    });
    if (result === null) throw noAnswers(path, options.task ?? '', false);
    const first = await open(result, mine);
    let second: FoundAnswers | null = null;
    if (options.with !== undefined) {
      const theirs = (await readEvaluations([resolve(options.with)], { signal })).results;
      const other = alikeResult(result, theirs);
      if (other === null) throw noAnswers(options.with, result.task, false);
      second = await open(other, theirs);
    }
    const { show, search, offset, limit, subject = null } = options;
    return await createQuestionLister().list(
      first,
      second,
      { show, search, offset, limit, subject, minLength: null, maxLength: null, order: 'file' },
      signal,
    );
  } finally {
    await (lab as ReturnType<typeof openLab> | null)?.[Symbol.asyncDispose]();
  }
}

function onlyTask(results: readonly FoundResult[], path: string): string {
  const tasks = [...new Set(results.map(({ task }) => task))];
  const [task] = tasks;
  if (task !== undefined && tasks.length === 1) return task;
  throw new StudioError(
    'INVALID_INPUT',
    tasks.length === 0 ? 'There are no results' : 'There are several tasks: name one with --task',
    {
      hint:
        tasks.length === 0
          ? 'Name a results file of a harness, or its folder'
          : `There are ${tasks.join(', ')}`,
      path,
    },
  );
}

function pageText({
  chosen,
  first,
  second,
  counts,
  total,
  rows,
  leftOut,
  settings,
  problems,
}: QuestionPage): string {
  const mark = (score: number | null) =>
    score === null ? '–' : score === 1 ? 'right' : score === 0 ? 'wrong' : String(score);
  const paired = second === null ? [] : [`flipped ${counts.flips}: ${counts.won} won, ${counts.lost} lost`];
  const header = ['Question', 'Right is', 'First', ...(second === null ? [] : ['Second'])];
  return [
    `${chosen.task} (${chosen.metric}${chosen.filter === 'none' ? '' : `, ${chosen.filter}`}): ${first.name}${second === null ? '' : ` → ${second.name}`}`,
    [`${counts.all} questions, ${counts.right} right`, ...paired].join('; '),
    ...(leftOut > 0 ? [`${leftOut} answers have no partner`] : []),
    ...settings,
    '',
    total === 0
      ? 'No question is of this kind'
      : table(
          header,
          rows.map(({ id, words, gold, first: mine, second: theirs }) => [
            `${id} ${cut(words, 60)}`,
            cut(gold ?? '', 24),
            `${mark(mine.score)}: ${cut(mine.answer ?? '', 24)}`,
            ...(theirs === null ? [] : [`${mark(theirs.score)}: ${cut(theirs.answer ?? '', 24)}`]),
          ]),
        ),
    ...(rows.length < total
      ? [`${rows.length} of ${total} are shown; --offset and --limit give others`]
      : []),
    ...problemLines(problems),
  ].join('\n');
}

const cut = (text: string, limit: number): string =>
  text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
