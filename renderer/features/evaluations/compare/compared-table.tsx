// A comparison of two models as a table: both values, the difference with its interval, the test and the verdict; and as Markdown.
import { Scale } from 'lucide-react';
import type { ComparedTask, ModelComparison } from '../../../../core/api/evaluation-progress.ts';
import {
  fourDigits,
  intervalOf,
  pText,
  signed,
  testWords,
} from '../../../../core/lib/evaluations/progress/comparison-words.ts';
import { Link } from '../../../app/link.tsx';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import { DataTable, type TableColumn, toMarkdownTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { questionsHref } from '../progress/place.ts';
import styles from './compare.module.css';

const tones: Readonly<Record<ComparedTask['verdict'], Tone>> = {
  better: 'good',
  worse: 'bad',
  'no difference seen': 'neutral',
  'not comparable': 'warn',
  'not tested': 'warn',
};

export function Compared({ result }: { readonly result: ModelComparison }) {
  const { comparisons, problems, onlyFirst, onlySecond, first, second } = result;
  if (comparisons.length === 0) {
    return (
      <EmptyState icon={Scale} title="No task is in both">
        <p>{`${first.name} was asked ${onlyFirst.join(', ')}; ${second.name} was asked ${onlySecond.join(', ')}.`}</p>
      </EmptyState>
    );
  }
  return (
    <>
      <p className={styles['summary']}>{summaryOf(result)}</p>
      <div className={styles['scroll']}>
        <DataTable
          label={`${first.name} and ${second.name}, task by task`}
          columns={columnsOf(result)}
          rows={comparisons}
          idOf={({ task, metric, filter }) => `${task} ${metric} ${filter}`}
        />
      </div>
      {onlyFirst.length > 0 ? (
        <p className={styles['calm']}>{`Only the first was asked: ${onlyFirst.join(', ')}`}</p>
      ) : null}
      {onlySecond.length > 0 ? (
        <p className={styles['calm']}>{`Only the second was asked: ${onlySecond.join(', ')}`}</p>
      ) : null}
      {problems.map(({ path, where, text }) => (
        <p key={`${path} ${where} ${text}`} className={styles['calm']}>
          {`${path}${where === '' ? '' : `, ${where}`}: ${text}`}
        </p>
      ))}
      <p className={styles['calm']}>
        p is corrected after Holm for the number of tasks; below 0.05 a difference is called one. Intervals
        are 95 %, not corrected.
      </p>
    </>
  );
}

function summaryOf({ comparisons, first, second }: ModelComparison): string {
  const count = (verdict: ComparedTask['verdict']) =>
    comparisons.filter((one) => one.verdict === verdict).length;
  const parts = [
    [count('better'), 'better on'],
    [count('worse'), 'worse on'],
    [count('no difference seen'), 'no difference seen on'],
    [count('not tested'), 'not tested on'],
    [count('not comparable'), 'not comparable on'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, words]) => `${words} ${number}`);
  return `${second.name} against ${first.name}, of ${formatQuantity(comparisons.length, 'result')}: ${said.join(', ')}.`;
}

function columnsOf({ first, second }: ModelComparison): readonly TableColumn<ComparedTask>[] {
  const value = (one: ComparedTask['first']) => (
    <div className={styles['number']}>
      <span>{fourDigits(one.value)}</span>
      {one.standardError === null ? null : <small>{`± ${fourDigits(one.standardError)}`}</small>}
    </div>
  );
  return [
    {
      id: 'task',
      header: 'Task',
      cell: ({ task, metric, filter, settings }) => (
        <div className={styles['task']}>
          <span>
            {task}{' '}
            <small>
              {[metric, filter === 'none' ? '' : filter].filter((part) => part !== '').join(', ')}
            </small>
          </span>
          {settings.map(({ name, weight, sentence }) => (
            <small key={name} className={weight === 'different' ? styles['differs'] : styles['calm']}>
              {sentence}
            </small>
          ))}
        </div>
      ),
    },
    {
      id: 'verdict',
      header: 'Second is',
      cell: ({ task, metric, filter, test, verdict }) => (
        <div className={styles['task']}>
          <Badge tone={tones[verdict]}>{verdict}</Badge>
          {test.kind === 'paired' ? (
            <Link
              to={questionsHref({ model: first.key, with: second.key, task, metric, filter, show: 'flips' })}
              label={`Questions of ${task} that flip`}
            >
              Flips
            </Link>
          ) : null}
        </div>
      ),
    },
    { id: 'first', header: 'First', align: 'right', cell: (one) => value(one.first) },
    { id: 'second', header: 'Second', align: 'right', cell: (one) => value(one.second) },
    {
      id: 'difference',
      header: 'Difference, 95 %',
      align: 'right',
      cell: (one) => {
        const interval = intervalOf(one);
        return (
          <div className={styles['number']} title={interval?.how}>
            <span>{signed(one.difference)}</span>
            {interval === null ? null : (
              <small>{`${signed(interval.low)} to ${signed(interval.high)}`}</small>
            )}
          </div>
        );
      },
    },
    {
      id: 'test',
      header: 'Test',
      cell: (one) => (
        <div className={styles['test']}>
          <span>{one.test.kind === 'none' ? '–' : pText(one.adjustedP ?? one.test.p)}</span>
          <small className={styles['calm']}>{testWords(one)}</small>
          {one.test.kind === 'none' || one.adjustedP === null || one.adjustedP === one.test.p ? null : (
            <small className={styles['calm']}>{`alone ${pText(one.test.p)}`}</small>
          )}
        </div>
      ),
    },
    {
      id: 'pairs',
      header: 'Right by',
      cell: ({ test }) =>
        test.kind === 'paired' && test.mcNemar !== null ? <FourCounts counts={test.mcNemar} /> : null,
    },
  ];
}

type Counts = NonNullable<Extract<ComparedTask['test'], { kind: 'paired' }>['mcNemar']>;

/** Two by two: what both, either or none had right. */
function FourCounts({ counts }: { readonly counts: Counts }) {
  const { bothRight, bothWrong, onlyFirst, onlySecond } = counts;
  const words = `both ${bothRight}, first alone ${onlyFirst}, second alone ${onlySecond}, neither ${bothWrong}`;
  return (
    <div className={styles['four']} role="img" aria-label={words} title={words}>
      <span>{`both ${formatInteger(bothRight)}`}</span>
      <span className={styles['lost']}>{`first ${formatInteger(onlyFirst)}`}</span>
      <span className={styles['won']}>{`second ${formatInteger(onlySecond)}`}</span>
      <span>{`neither ${formatInteger(bothWrong)}`}</span>
    </div>
  );
}

export function markdownOf({ comparisons, first, second }: ModelComparison): string {
  return toMarkdownTable(
    [
      'Task',
      first.name,
      second.name,
      'Difference',
      '95 %',
      'Test',
      'p (Holm)',
      'Second is',
      'Settings that differ',
    ],
    comparisons.map((one) => {
      const interval = intervalOf(one);
      return [
        `${one.task} (${one.metric})`,
        fourDigits(one.first.value),
        fourDigits(one.second.value),
        signed(one.difference),
        interval === null ? '' : `${signed(interval.low)} to ${signed(interval.high)}`,
        testWords(one),
        one.adjustedP === null ? '' : pText(one.adjustedP),
        one.verdict,
        one.settings.map(({ sentence }) => sentence).join('; '),
      ];
    }),
  );
}
