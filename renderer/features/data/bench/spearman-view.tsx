// Spearman of every source and language, the paper's rows below, and differences to one of them; a click shows the documents.
import { useState } from 'react';
import type { BenchReport } from '../../../../core/lib/judge-bench/bench-report.ts';
import {
  pValueFigure,
  spearmanDetailsFigure,
  spearmanFigure,
} from '../../../../core/lib/judge-bench/agreement-tables.ts';
import { type ReferenceFigure, referenceOf } from '../../../../core/lib/judge-bench/reference.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Select } from '../../../ui/select.tsx';
import styles from './bench-work.module.css';
import { Figure } from './figure.tsx';
import { Matrix, referenceRows, spanOf } from './matrix.tsx';
import { formatFixed } from '../../../ui/format.ts';

/** Below this the tint is at its lightest; the paper's values lie between .46 and .79. */
const SCALE: readonly [number, number] = [0.4, 1];

export interface CellChoice {
  readonly source: string;
  readonly language: string;
}

export function SpearmanView(props: {
  readonly report: BenchReport;
  readonly references: readonly ReferenceFigure[];
  readonly chosen: CellChoice | null;
  readonly onChoose: (cell: CellChoice) => void;
}) {
  const { report, references, chosen, onChoose } = props;
  const [isShown, setShown] = useState(true);
  const [against, setAgainst] = useState('none');
  const matrices = ['fig-02', 'fig-03'].flatMap((id) => referenceOf(references, id, 'language-matrix') ?? []);
  const figure = spearmanFigure(report);
  const columns = report.languages.length + 3;
  const printed = matrices.flatMap((matrix) => referenceRows(report, matrix, columns));
  const baseline = printed.find((row) => row.name === against) ?? null;
  const row = report.rows.findIndex(({ name }) => name === chosen?.source);
  const column = report.languages.indexOf(chosen?.language ?? '\u0000');
  return (
    <>
      <div className={styles['controls']}>
        <Select
          label="Show"
          value={against}
          onChange={setAgainst}
          choices={[
            { id: 'none', label: 'Spearman' },
            ...printed.map(({ name, aside }) => ({
              id: name,
              label: `Difference to ${name}`,
              detail: aside ?? '',
            })),
          ]}
        />
        <Checkbox isSelected={isShown} onChange={setShown}>
          Rows of the paper
        </Checkbox>
      </div>
      <div className={styles['pairs']}>
        <div {...spanOf(report)}>
          <Matrix
            report={report}
            figure={figure}
            references={isShown && baseline === null ? matrices : []}
            scale={SCALE}
            baseline={baseline}
            chosen={row < 0 || column < 0 ? null : [row, column]}
            titleOf={(index, language) => cellTitle(report, index, language)}
            onChoose={(index, language) =>
              onChoose({
                source: report.rows[index]?.name ?? '',
                language: report.languages[language] ?? '',
              })
            }
          />
          {isShown
            ? matrices.map((matrix) => (
                <p key={matrix.id} className={styles['flaws']}>
                  {`${matrix.where}: ${matrix.notes.join('. ')}`}
                </p>
              ))
            : null}
        </div>
        <div>
          <Figure figure={spearmanDetailsFigure(report)} />
          <Figure figure={pValueFigure(report)} />
        </div>
      </div>
    </>
  );
}

/** What a cell rests on: documents, interval, p. */
export function cellTitle(report: BenchReport, row: number, language: number): string | undefined {
  const cell = report.rows[row]?.cells[language];
  if (!cell) return undefined;
  const interval =
    cell.low === null || cell.high === null
      ? ''
      : `, 95 % ${formatFixed(cell.low, 3)} to ${formatFixed(cell.high, 3)}`;
  const p = cell.pValue === null ? '' : `, p ${cell.pValue.toExponential(1)}`;
  const rho = cell.spearman === null ? 'not known' : formatFixed(cell.spearman, 4);
  const invalid = cell.invalid === 0 ? '' : `, ${cell.invalid} invalid`;
  return `ρ ${rho}${interval}${p}, ${cell.documents} documents${invalid}`;
}
