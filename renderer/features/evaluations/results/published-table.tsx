// A published table as it was printed, with its flaws where they stand: repeated rows, missing values, means that the values do not give.
import { useState } from 'react';
import type { PublishedTable } from '../../../../core/api/evaluations.ts';
import { meanOver } from '../../../../core/lib/evaluations/reference.ts';
import { href, navigate } from '../../../app/route.ts';
import { type FigureColumn, TableFigure } from '../../../charts/table-figure.tsx';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { changedHref, rememberedReferences } from './place.ts';
import { Notes } from './published-notes.tsx';
import styles from './published-view.module.css';

interface Row {
  readonly place: number;
  readonly key: string;
}

export function PublishedTableView({ published }: { readonly published: PublishedTable }) {
  const { table, keys, disagreements, repeated } = published;
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const rows = table.rows.map((_, place): Row => ({ place, key: keys[place] ?? '' }));
  const best = table.columns.map((_, column) => {
    const values = table.rows.flatMap((row) => row.values[column] ?? []);
    return values.length < 2 ? null : Math.max(...values);
  });
  const digits = (value: number) => value.toFixed(table.digits);
  const flawsOf = ({ place }: Row): readonly string[] => {
    const row = table.rows[place];
    if (row === undefined) return [];
    const same = repeated.find((one) => one.row === row.name)?.same;
    return [
      ...row.flaws,
      ...(same === undefined || row.flaws.some((flaw) => flaw.includes(same))
        ? []
        : [`All values are those of ${same}`]),
      ...disagreements
        .filter((one) => one.row === row.name && one.kind === 'wrong')
        .map(
          ({ mean, printed, recomputed }) =>
            `${mean} is printed as ${digits(printed)}; the printed values give ${digits(recomputed)}`,
        ),
    ];
  };
  /** Numbered below the table, so that a row is one line. */
  const notes = [...new Set(rows.flatMap(flawsOf))];
  const columns: readonly FigureColumn<Row>[] = [
    {
      id: 'choose',
      header: '',
      cell: ({ key, place }) => (
        <Checkbox
          aria-label={`Choose ${table.rows[place]?.name ?? ''}`}
          isSelected={chosen.includes(key)}
          onChange={(isOn) => setChosen(isOn ? [...chosen, key] : chosen.filter((one) => one !== key))}
        />
      ),
    },
    {
      id: 'name',
      header: table.kind === 'progression' ? 'Checkpoint' : 'Model',
      value: ({ place }) => table.rows[place]?.name ?? null,
      cell: (row) => (
        <span
          className={styles['name']}
          data-flawed={flawsOf(row).length > 0 ? '' : undefined}
          title={flawsOf(row).join('\n')}
        >
          {table.rows[row.place]?.name}
          {flawsOf(row).map((flaw) => (
            <sup key={flaw}>{notes.indexOf(flaw) + 1}</sup>
          ))}
        </span>
      ),
    },
    ...(table.rows.some(({ step }) => step !== null)
      ? [
          {
            id: 'step',
            header: 'Step',
            align: 'right' as const,
            value: ({ place }: Row) => table.rows[place]?.step ?? null,
            cell: ({ place }: Row) => table.rows[place]?.step?.toLocaleString('en-US') ?? '–',
          },
        ]
      : []),
    ...table.columns.map(({ label, task, metric, shots }, column) => ({
      id: `value ${column}`,
      header: label,
      align: 'right' as const,
      name: `${task} (${metric}${shots === null ? '' : `, ${shots}-shot`})`,
      value: ({ place }: Row) => table.rows[place]?.values[column] ?? null,
      cell: ({ place }: Row) => {
        const value = table.rows[place]?.values[column] ?? null;
        if (value === null) return <span className={styles['missing']}>missing</span>;
        return value === best[column] ? <b className={styles['best']}>{digits(value)}</b> : digits(value);
      },
    })),
    ...table.means.map(({ label, over }, mean) => ({
      id: `mean ${mean}`,
      header: label,
      align: 'right' as const,
      name: `${label}, as printed`,
      value: ({ place }: Row) => table.rows[place]?.means[mean] ?? null,
      cell: ({ place }: Row) => {
        const row = table.rows[place];
        const printed = row?.means[mean] ?? null;
        const recomputed = row === undefined ? null : meanOver(row, over);
        const off = disagreements.find((one) => one.row === row?.name && one.mean === label);
        const missing = row === undefined ? 0 : over.filter((at) => row.values[at] == null).length;
        return (
          <span title={recomputed === null ? '' : `The printed values give ${recomputed.toFixed(6)}`}>
            {printed === null ? '–' : digits(printed)}
            {off === undefined ? null : (
              <span className={off.kind === 'wrong' ? styles['wrong'] : styles['rounding']}>
                {off.kind === 'wrong' ? ` ≠ ${digits(off.recomputed)}` : ' ≈'}
              </span>
            )}
            {missing === 0 ? null : (
              <span className={styles['rounding']}>{` of ${over.length - missing}`}</span>
            )}
          </span>
        );
      },
    })),
  ];
  const title = `${table.where}: ${table.title}`;
  const areAll = chosen.length === rows.length;
  return (
    <>
      <Notes notes={table.notes} />
      <div className={styles['actions']}>
        <Button onPress={() => setChosen(areAll ? [] : rows.map(({ key }) => key))}>
          {areAll ? 'Choose none' : 'Choose all rows'}
        </Button>
        <Button
          kind="primary"
          isDisabled={chosen.length === 0}
          onPress={() =>
            navigate(changedHref({ references: [...new Set([...rememberedReferences(), ...chosen])] }))
          }
        >
          {chosen.length === 0
            ? 'Show in the leaderboard'
            : `Show ${formatQuantity(chosen.length, 'row')} in the leaderboard`}
        </Button>
        {table.kind === 'progression' ? (
          <a href={href('evaluations', 'progress', { series: `reference:${table.id}` })}>
            Show as a progression
          </a>
        ) : null}
      </div>
      <TableFigure
        name={title}
        title={title}
        aside={
          disagreements.length === 0
            ? ''
            : '≈ within rounding of the printed values; ≠ not the mean of the printed values'
        }
        rows={rows}
        columns={columns}
        idOf={({ key }) => key}
      />
      {notes.length === 0 ? null : (
        <ol className={styles['flaws']} aria-label="Flaws of its rows">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ol>
      )}
      <MeansChecked published={published} />
    </>
  );
}

/** Says that nothing was found, too: an unmarked table was looked at. */
function MeansChecked({
  published: { table, disagreements, repeated },
}: {
  readonly published: PublishedTable;
}) {
  const wrong = disagreements.filter(({ kind }) => kind === 'wrong').length;
  const close = disagreements.length - wrong;
  const means = table.rows.flatMap((row) => row.means.filter((mean) => mean !== null)).length;
  if (means === 0) return null;
  return (
    <p className={styles['checked']}>
      {[
        `${formatQuantity(means, 'printed mean')} recomputed`,
        wrong === 0 ? 'none is wrong' : `${formatQuantity(wrong, 'is', 'are')} wrong`,
        close === 0 ? '' : `${formatQuantity(close, 'is', 'are')} within rounding`,
        repeated.length === 0 ? '' : `${formatQuantity(repeated.length, 'row')} repeated`,
      ]
        .filter((part) => part !== '')
        .join('; ')}
    </p>
  );
}
