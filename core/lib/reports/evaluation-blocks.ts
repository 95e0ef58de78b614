// The evaluations of a run's checkpoints in its report: every number with its standard error, its questions and its file, and what was
// published for the same tasks. Pure.
import { mainMetric } from '../evaluations/task-facts.ts';
import { formatInteger } from '../format/numbers.ts';
import type { ReportBlock } from './document.ts';
import type { ReportEvaluation, ReportFacts } from './facts.ts';

const left = (text: string) => ({ text, isNumber: false });
const right = (text: string) => ({ text, isNumber: true });

/** `0.3276 ± 0.0137`. */
export function valueText({ value, standardError }: ReportEvaluation['result']): string {
  return standardError === null ? value.toFixed(4) : `${value.toFixed(4)} ± ${standardError.toFixed(4)}`;
}

/** Of each task the metric that reports quote, newest measurement first; others are in the files. */
export function mainEvaluations(all: readonly ReportEvaluation[]): readonly ReportEvaluation[] {
  const metricsOf = new Map<string, string[]>();
  for (const { result } of all) {
    const metrics = metricsOf.get(result.task) ?? [];
    metricsOf.set(result.task, [...metrics, result.metric]);
  }
  return all
    .filter(({ result }) => mainMetric(result.task, metricsOf.get(result.task) ?? []) === result.metric)
    .toSorted(
      (a, b) =>
        a.step - b.step ||
        compare(a.type ?? '', b.type ?? '') ||
        compare(a.result.task, b.result.task) ||
        (b.result.measuredMs ?? 0) - (a.result.measuredMs ?? 0),
    );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function evaluationBlocks({
  evaluations,
  references,
}: Pick<ReportFacts, 'evaluations' | 'references'>): readonly ReportBlock[] {
  const own = mainEvaluations(evaluations);
  if (own.length === 0) return [{ kind: 'text', text: 'No checkpoint of this run was evaluated.' }];
  const hasTypes = own.some(({ type }) => type !== null);
  return [
    {
      kind: 'table',
      caption: 'Value ± standard error, as the harness wrote them',
      head: [
        right('Step'),
        ...(hasTypes ? [left('Weights')] : []),
        left('Task'),
        right('Examples'),
        left('Metric'),
        right('Value'),
        right('Questions'),
        left('Harness'),
        left('File'),
      ],
      rows: own.map(({ step, type, result }) => [
        formatInteger(step),
        ...(hasTypes ? [type ?? 'as saved'] : []),
        result.task,
        result.shots === null ? '' : String(result.shots),
        result.filter === 'none' ? result.metric : `${result.metric}, ${result.filter}`,
        valueText(result),
        questionsText(result),
        [result.harness, result.harnessVersion].filter((word) => word !== null).join(' '),
        result.source.path,
      ]),
    },
    ...referenceBlocks(own, references),
  ];
}

function questionsText({ samples, available, limit }: ReportEvaluation['result']): string {
  if (samples === null) return '';
  const isPart = available !== null && samples < available;
  if (isPart) return `${formatInteger(samples)} of ${formatInteger(available)}`;
  return limit === 'none' || limit === 'unknown'
    ? formatInteger(samples)
    : `${formatInteger(samples)} (limited)`;
}

function referenceBlocks(
  own: readonly ReportEvaluation[],
  references: ReportFacts['references'],
): readonly ReportBlock[] {
  const rows: string[][] = [];
  const reports = new Set<string>();
  for (const { id, where, report, kind, columns, rows: published, digits } of references) {
    for (const [index, column] of columns.entries()) {
      const isAsked = own.some(
        ({ result }) =>
          result.task === column.task &&
          result.metric === column.metric &&
          (column.shots === null || result.shots === null || column.shots === result.shots),
      );
      if (!isAsked) continue;
      // Of a training only where it ended.
      const shown = kind === 'progression' ? published.slice(-1) : published;
      for (const row of shown) {
        const value = row.values[index] ?? null;
        if (value === null) continue;
        reports.add(report);
        rows.push([column.task, column.metric, row.name, value.toFixed(digits), `${where} (${id})`]);
      }
    }
  }
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: `Published for the same task, metric and number of examples in ${[...reports].join('; ')}. Prompts and versions of the harness are not known to be the same, and no standard errors were printed`,
      head: [left('Task'), left('Metric'), left('Model'), right('Value'), left('Source')],
      rows: rows.toSorted((a, b) => compare(a[0] ?? '', b[0] ?? '')),
    },
  ];
}
