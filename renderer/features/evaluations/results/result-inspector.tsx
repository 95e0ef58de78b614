// What stands behind a cell of the leaderboard: how it was asked, where it comes from, what it is against the baseline, older results
// of the same, and the way to its questions.
import type { ReactNode } from 'react';
import type { Leaderboard } from '../../../../core/api/evaluations.ts';
import { showLeaderboard } from '../../../../core/lib/evaluations/leaderboard.ts';
import { href } from '../../../app/route.ts';
import { formatDateTime, formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader, PaneHint, Section } from '../../../ui/pane.tsx';
import { PropertyList } from '../../../ui/property-list.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { againstWords, fourDigits, metricWords } from './cell-words.ts';
import { languageName } from './language-name.ts';
import { readResultsPlace, type ResultsPlace } from './place.ts';
import { PublishedInspector } from './published-view.tsx';
import styles from './result-inspector.module.css';
import { usePaired } from './use-paired.ts';
import { useLeaderboard } from './use-results.ts';

export function ResultInspector({ name, query }: EvaluationKindProps) {
  return name === null ? <Own query={query} /> : <PublishedInspector name={name} />;
}

function Own({ query }: { readonly query: URLSearchParams }) {
  const place = readResultsPlace(query);
  const table = useLeaderboard(place);
  const row = table.data?.rows.find(({ model }) => model.key === place.cell?.model);
  if (table.data === undefined || row === undefined) {
    return (
      <Pane header={<PaneHeader title="Result" />}>
        <PaneHint>
          Choose a value to see how it was measured, where it comes from and how sure it is. Arrows and Enter
          do the same.
        </PaneHint>
      </Pane>
    );
  }
  return <Chosen table={table.data} place={place} row={row} />;
}

function Chosen({
  table,
  place,
  row,
}: {
  readonly table: Leaderboard;
  readonly place: ResultsPlace;
  readonly row: Leaderboard['rows'][number];
}) {
  const { model } = row;
  const at = table.columns.findIndex(({ key }) => key === place.cell?.column);
  const column = table.columns[at];
  const cell = row.cells[at] ?? null;
  return (
    <Pane header={<PaneHeader title={column?.task ?? 'Model'} />}>
      <Section title="Model">
        <PropertyList
          properties={[
            { name: 'Name', value: model.name },
            ...(model.run === null
              ? []
              : [
                  {
                    name: 'Run',
                    value: <a href={href('runs', model.run.id)}>{model.run.name}</a>,
                  },
                  { name: 'Step', value: model.run.step.toLocaleString('en-US') },
                  ...(model.run.tokens === null
                    ? []
                    : [{ name: 'Tokens', value: model.run.tokens.toLocaleString('en-US') }]),
                ]),
            ...(model.type === null ? [] : [{ name: 'Weights as', value: model.type }]),
            ...(model.modelPath === null
              ? []
              : [
                  {
                    name: 'File',
                    value: <a href={href('models', model.modelPath)}>{model.modelPath}</a>,
                  },
                ]),
            ...(model.reference === null
              ? []
              : [
                  {
                    name: 'Published',
                    value: (
                      <a href={href('evaluations', `results/${model.reference.table}`)}>
                        {model.reference.title}
                      </a>
                    ),
                  },
                ]),
            { name: 'Results', value: String(row.cells.filter((one) => one !== null).length) },
          ]}
        />
      </Section>
      {column === undefined ? null : cell === null ? (
        <p className={styles['none']}>There is no result of this task for this model.</p>
      ) : (
        <CellFacts table={table} place={place} at={at} row={row} />
      )}
    </Pane>
  );
}

function CellFacts({
  table,
  place,
  at,
  row,
}: {
  readonly table: Leaderboard;
  readonly place: ResultsPlace;
  readonly at: number;
  readonly row: Leaderboard['rows'][number];
}) {
  const { pairedOf } = usePaired(place);
  const column = table.columns[at];
  const cell = row.cells[at] ?? null;
  if (column === undefined || cell === null) return null;
  const shown = showLeaderboard(table, { ...place.choice, search: '' }, pairedOf);
  const against = shown.rows.find(({ model }) => model.key === row.model.key)?.against[
    shown.columns.findIndex(({ key }) => key === column.key)
  ];
  const baseline = table.rows.find(({ model }) => model.key === place.choice.baseline)?.model;
  const { value, standardError, samples, available, measuredMs, harness, hasAnswers, differs, older } = cell;
  const facts: { name: string; value: ReactNode }[] = [
    {
      name: 'Value',
      value:
        standardError === null ? fourDigits(value) : `${fourDigits(value)} ± ${fourDigits(standardError)}`,
    },
    { name: 'Exactly', value: String(value) },
    { name: 'Metric', value: metricWords(column) },
    ...(column.language === null ? [] : [{ name: 'Language', value: languageName(column.language) }]),
    ...(column.chance === null ? [] : [{ name: 'Guessing', value: fourDigits(column.chance) }]),
    {
      name: 'Questions',
      value:
        samples === null
          ? 'not said'
          : available !== null && samples < available
            ? `sample of ${samples.toLocaleString('en-US')} of ${available.toLocaleString('en-US')}`
            : samples.toLocaleString('en-US'),
    },
    { name: 'Harness', value: harness === 'unknown' ? 'not said' : harness },
    { name: 'Measured', value: measuredMs === null ? 'not said' : formatDateTime(measuredMs) },
    { name: 'Source', value: table.sources[cell.source] ?? '' },
  ];
  const filterQuery = { model: row.model.key, task: column.task, metric: column.metric };
  return (
    <>
      <Section title="Result">
        <PropertyList properties={facts} />
        {against === null || against === undefined || baseline === undefined ? null : (
          <p className={styles['words']}>{againstWords(against, baseline.name)}</p>
        )}
        {hasAnswers ? (
          <p className={styles['words']}>
            <a href={href('evaluations', 'questions', filterQuery)}>Its questions and answers</a>
            {baseline === undefined || baseline.key === row.model.key ? null : (
              <>
                {' · '}
                <a href={href('evaluations', 'compare', { first: baseline.key, second: row.model.key })}>
                  Compare with the baseline
                </a>
              </>
            )}
          </p>
        ) : (
          <p className={styles['words']}>The answers to its questions were not kept.</p>
        )}
      </Section>
      {differs.length === 0 ? null : (
        <Section title="Asked otherwise than its column">
          <ul className={styles['list']}>
            {differs.map((difference) => (
              <li key={difference}>{difference}</li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="How the column asks">
        <ul className={styles['list']}>
          {column.settings.map((setting) => (
            <li key={setting}>{setting}</li>
          ))}
        </ul>
      </Section>
      {older.length === 0 ? null : (
        <Section title={`${formatQuantity(older.length, 'older result')} of the same`}>
          <ul className={styles['list']}>
            {older.map((one) => (
              <li key={`${one.source} ${one.value}`}>
                {`${fourDigits(one.value)}, ${one.measuredMs === null ? 'no date' : formatDateTime(one.measuredMs)}, ${table.sources[one.source] ?? ''}`}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
