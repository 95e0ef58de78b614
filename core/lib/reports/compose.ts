// The facts of a run as a report, section by section. What is not known is left out or said; nothing is guessed. Pure.
import { formatCount, formatDiskSize, formatInteger, formatShare } from '../format/numbers.ts';
import { quoteWord } from '../remote/quote.ts';
import { chartOf } from './curves.ts';
import type { ReportBlock, ReportDocument, ReportSection } from './document.ts';
import { evaluationBlocks, mainEvaluations } from './evaluation-blocks.ts';
import type { ReportFacts } from './facts.ts';

const left = (text: string) => ({ text, isNumber: false });
const right = (text: string) => ({ text, isNumber: true });

/** UTC, so that two people read the same. */
export const timeText = (ms: number): string =>
  Number.isFinite(ms) ? `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC` : '';

export function composeReport(facts: ReportFacts): ReportDocument {
  const { run, writtenMs } = facts;
  const sections: readonly (ReportSection | null)[] = [
    { id: 'run', title: 'Run', blocks: runBlocks(facts) },
    sectionOf('data', 'Data', dataBlocks(facts)),
    sectionOf('curves', 'Curves', curveBlocks(facts)),
    sectionOf('checkpoints', 'Checkpoints', checkpointBlocks(facts)),
    { id: 'evaluations', title: 'Evaluations', blocks: [...evaluationBlocks(facts)] },
    sectionOf('samples', 'Samples', sampleBlocks(facts)),
    sectionOf('config', 'Config', configBlocks(facts)),
    { id: 'reproduce', title: 'To reproduce it', blocks: [commandsBlock(facts)] },
  ];
  return {
    title: run.name,
    subtitle: `Report of the run ${run.id}, written ${timeText(writtenMs)}`,
    sections: sections.filter((section) => section !== null),
  };
}

function sectionOf(id: string, title: string, blocks: readonly ReportBlock[]): ReportSection | null {
  return blocks.length === 0 ? null : { id, title, blocks: [...blocks] };
}

function runBlocks({ run, numbers, facts, git, host }: ReportFacts): ReportBlock[] {
  const { speed, tokens, mfu, loss, bitsPerByte } = numbers;
  const lasted = run.startedMs !== null && run.end !== null ? (run.end.endedMs - run.startedMs) / 1000 : null;
  const rows: readonly (readonly [string, string | null])[] = [
    ['State', run.end === null ? `${run.state}, as of this report` : `${run.state}: ${run.end.reason}`],
    ['Recipe', run.recipe],
    ['Target', run.target === 'this-computer' ? `${host}, this computer` : run.target],
    ['Created', timeText(run.createdMs)],
    ['Started', run.startedMs === null ? null : timeText(run.startedMs)],
    ['Ended', run.end === null ? null : timeText(run.end.endedMs)],
    ['Lasted', lasted === null ? null : durationText(lasted)],
    ['Starts', run.attempts.length > 1 ? String(run.attempts.length) : null],
    [
      'Commit of the workspace',
      git.commit === null ? null : `${git.commit}${git.branch === null ? '' : ` on ${git.branch}`}`,
    ],
    ['Parameters of the model', facts.parameters === null ? null : formatInteger(facts.parameters)],
    [
      'Step',
      numbers.step === null
        ? null
        : `${formatInteger(numbers.step)}${numbers.trainSteps === null ? '' : ` of ${formatInteger(numbers.trainSteps)}`}`,
    ],
    ['Tokens', tokens === null ? null : `${formatInteger(tokens.value)} (${tokens.source})`],
    ['Loss, newest', loss === null ? null : `${loss.value} (${loss.tag})`],
    [
      'Bits per byte, newest',
      bitsPerByte === null
        ? null
        : `${bitsPerByte.value.toFixed(4)}, at ${bitsPerByte.bytesPerToken} bytes a token (${bitsPerByte.source})`,
    ],
    [
      'Tokens per second',
      speed?.tokensPerSecond == null
        ? null
        : `${formatCount(speed.tokensPerSecond)} (median, ${speed.source})`,
    ],
    ['MFU', mfu === null ? null : `${formatShare(mfu.value)} of ${mfu.gpu} (${mfu.convention})`],
    ['GPUs', facts.gpus === null ? null : formatInteger(facts.gpus)],
  ];
  return [{ kind: 'facts', rows: rows.flatMap(([name, value]) => (value === null ? [] : [[name, value]])) }];
}

function durationText(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0
    ? `${formatInteger(hours)} h ${minutes} min`
    : `${minutes} min ${Math.round(seconds % 60)} s`;
}

function dataBlocks({ datasets, lineage }: ReportFacts): ReportBlock[] {
  const blocks: ReportBlock[] = [];
  if (datasets.length > 0) {
    blocks.push({
      kind: 'table',
      caption: 'Folders that the config names',
      head: [left('Folder'), left('Made by')],
      rows: datasets.map((folder) => [
        folder,
        lineage.find(({ output }) => isBelow(folder, output))?.run ?? 'not by a run of this workspace',
      ]),
    });
  }
  if (lineage.length > 0) {
    blocks.push({
      kind: 'table',
      caption: 'Runs that made the data, the nearest to the training first',
      head: [left('Run'), left('Recipe'), left('From'), left('To'), left('Filter recipe')],
      rows: lineage.map(({ run, recipe, input, output, filter }) => [
        run,
        recipe,
        input,
        output,
        filter?.path ?? '',
      ]),
    });
  }
  for (const { filter } of lineage)
    if (filter !== null)
      blocks.push({
        kind: 'code',
        what: `Filter recipe ${filter.path}`,
        language: 'json',
        text: filter.text,
      });
  return blocks;
}

export function isBelow(path: string, folder: string): boolean {
  const plain = folder.replace(/\/+$/, '');
  return path === plain || path.startsWith(`${plain}/`);
}

function curveBlocks({ curves }: ReportFacts): ReportBlock[] {
  if (curves.length === 0) return [{ kind: 'text', text: 'The log holds no values that can be drawn.' }];
  return curves.map(chartOf);
}

function checkpointBlocks({ checkpoints }: ReportFacts): ReportBlock[] {
  if (checkpoints.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: 'As the run’s folders were seen last',
      head: [
        right('Step'),
        right('Tokens'),
        right('Size'),
        left('Saved'),
        left('Whole'),
        left('Models here, with their verification'),
      ],
      rows: checkpoints.map(({ step, tokens, sizeBytes, savedMs, problem, models }) => [
        formatInteger(step),
        tokens === null ? '' : formatCount(tokens),
        sizeBytes === null ? '' : formatDiskSize(sizeBytes),
        savedMs === null ? '' : timeText(savedMs),
        problem ?? 'yes',
        models
          .map(({ type, verified, sha256 }) => `${type}: ${verified}, weights ${sha256.slice(0, 12)}`)
          .join('; '),
      ]),
    },
  ];
}

function sampleBlocks({ suites, answers, allAnswers }: ReportFacts): ReportBlock[] {
  const blocks: ReportBlock[] = suites.flatMap(({ name, title, points }): ReportBlock[] => {
    const labels = [...new Set(points.flatMap(({ measures }) => measures.map(({ label }) => label)))];
    return [
      {
        kind: 'table',
        caption: `${title} (${name}): means, with how many answers each is over`,
        head: [right('Step'), left('Weights'), ...labels.map(right)],
        rows: points.map(({ step, type, measures }) => [
          formatInteger(step),
          type ?? '',
          ...labels.map((label) => {
            const own = measures.find((measure) => measure.label === label);
            return own === undefined ? '' : `${own.value} (${formatInteger(own.units)})`;
          }),
        ]),
      },
    ];
  });
  if (answers.length > 0) {
    blocks.push({
      kind: 'text',
      text:
        answers.length < allAnswers
          ? `Sample of ${formatInteger(answers.length)} of ${formatInteger(allAnswers)} answers of its newest model.`
          : `All ${formatInteger(answers.length)} answers of its newest model.`,
    });
  }
  for (const { suite, model, prompt, text, wasCut } of answers)
    blocks.push({
      kind: 'answer',
      title: `${suite}, ${model}`,
      prompt,
      text: wasCut ? `${text}\n[cut]` : text === '' ? '[empty]' : text,
    });
  return blocks;
}

function configBlocks({ config }: ReportFacts): ReportBlock[] {
  if (config === null) return [];
  return [{ kind: 'code', what: `${config.path}, as it was launched`, language: 'yaml', text: config.text }];
}

/** One line each: what comes out of which command. */
function commandsBlock({ run, command, evaluations, suites, checkpoints }: ReportFacts): ReportBlock {
  const id = String(run.id);
  const words = (...parts: readonly string[]) => parts.map(shellWord).join(' ');
  const parameters = Object.entries(run.parameters).flatMap(([name, value]) => ['-p', `${name}=${value}`]);
  const target = run.target === 'this-computer' ? [] : ['-t', run.target];
  const jobs = new Map<string, string>();
  for (const { job, step } of mainEvaluations(evaluations))
    if (job?.preset != null)
      jobs.set(
        job.id,
        words('nesso', 'eval', 'launch', '--run', id, '--step', String(step), '--preset', job.preset),
      );
  const files = [...new Set(mainEvaluations(evaluations).map(({ result }) => result.source.path))];
  const rows: (readonly [string, string])[] = [
    ['The run', words('nesso', 'run', 'launch', run.recipe, '-n', run.name, ...target, ...parameters)],
    ['What it starts there', words(...command)],
    ['Numbers and curves', words('nesso', 'run', 'show', id, '--json')],
    ...(checkpoints.length === 0 ? [] : [['Checkpoints', words('nesso', 'checkpoint', 'list', id)] as const]),
    ...[...jobs].map(([job, line]) => [`Evaluation ${job}`, line] as const),
    ...files.map((file) => ['Results of evaluations', words('nesso', 'eval', 'table', file)] as const),
    ...suites.map(({ name }) => [`Answers to ${name}`, words('nesso', 'suite', 'table', name)] as const),
    ['This report', words('nesso', 'report', 'write', id)],
    ['Is it still true', words('nesso', 'report', 'verify', id)],
  ];
  return {
    kind: 'table',
    caption: '',
    head: [left('What'), left('Command')],
    rows: rows.map((row) => [...row]),
  };
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quoteWord(text);
}
