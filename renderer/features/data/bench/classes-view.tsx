// Classes: macro-F1, error measures, and what was taken for what; the paper's confusions beside one's own.
import { useState } from 'react';
import {
  confusionCounts,
  confusionFigure,
  errorsFigure,
  macroF1Figure,
  rowShares,
} from '../../../../core/lib/judge-bench/agreement-tables.ts';
import { type BenchFigure, CLASS_NAMES } from '../../../../core/lib/judge-bench/bench-figure.ts';
import type { BenchReport, BenchRow } from '../../../../core/lib/judge-bench/bench-report.ts';
import { type ReferenceFigure, referenceOf } from '../../../../core/lib/judge-bench/reference.ts';
import styles from './bench-work.module.css';
import { Figure } from './figure.tsx';
import { HeatTable } from './heat-table.tsx';
import { ALL, LanguageChoice } from './language-choice.tsx';
import { Matrix, spanOf } from './matrix.tsx';
import type { PlaceOfDocuments } from './place.ts';

export function ClassesView(props: {
  readonly report: BenchReport;
  readonly references: readonly ReferenceFigure[];
  readonly chosen: PlaceOfDocuments;
  readonly onChoose: (documents: PlaceOfDocuments) => void;
}) {
  const { report, references, chosen, onChoose } = props;
  const [language, setLanguage] = useState(ALL);
  const reference = referenceOf(references, 'fig-11', 'language-matrix');
  const printed = referenceOf(references, 'fig-14', 'confusion');
  return (
    <>
      <div className={styles['pairs']}>
        <div {...spanOf(report)}>
          <Matrix
            report={report}
            figure={macroF1Figure(report)}
            references={reference ? [reference] : []}
            scale={[0, 0.8]}
            onChoose={(row, column) =>
              onChoose({
                source: report.rows[row]?.name ?? null,
                language: report.languages[column] ?? null,
                only: null,
              })
            }
          />
        </div>
        <Figure figure={errorsFigure(report)} />
      </div>
      <LanguageChoice report={report} value={language} onChange={setLanguage} />
      <div className={styles['grid']}>
        {report.rows.map((row) => (
          <Confusion
            key={row.name}
            row={row}
            language={language === ALL ? null : language}
            chosen={chosen}
            onChoose={onChoose}
          />
        ))}
      </div>
      {printed ? (
        <>
          <p
            className={styles['flaws']}
          >{`JQL paper, ${printed.where}, English. ${printed.notes.join('. ')}`}</p>
          <div className={styles['grid']} data-look="reference">
            {printed.rows.map(({ name, matrix }) => (
              <Figure key={name} figure={printedConfusion(name, printed.where, matrix)}>
                <ConfusionTable label={`${name}, JQL paper`} shares={matrix} />
              </Figure>
            ))}
          </div>
        </>
      ) : null}
    </>
  );
}

function printedConfusion(
  name: string,
  where: string,
  matrix: readonly (readonly (number | null)[])[],
): BenchFigure {
  return {
    id: 'paper-confusion',
    title: `Confusion of ${name} (JQL paper)`,
    paper: where,
    note: 'Shares of a row; as printed, two digits',
    table: {
      header: ['True class', 'invalid', ...CLASS_NAMES],
      rows: matrix.map((values, truth) => [String(truth), ...values]),
      format: (value) => value.toFixed(2),
    },
  };
}

/** Column 0 counts documents without a valid score, column n those of class n - 1. */
const classOfColumn = (column: number): number | 'invalid' => (column === 0 ? 'invalid' : column - 1);

export function Confusion(props: {
  readonly row: BenchRow;
  readonly language: string | null;
  readonly chosen?: PlaceOfDocuments;
  /** Absent where cells open nothing. */
  readonly onChoose?: (documents: PlaceOfDocuments) => void;
}) {
  const { row, language, chosen, onChoose } = props;
  const only = chosen?.source === row.name && chosen.language === language ? chosen.only : null;
  const cell =
    only?.kind !== 'class' || only.people === null || only.source === null
      ? null
      : ([only.people, only.source === 'invalid' ? 0 : only.source + 1] as const);
  return (
    <Figure figure={confusionFigure(row, language)}>
      <ConfusionTable
        label={`Confusion of ${row.name}`}
        shares={rowShares(confusionCounts(row, language))}
        counts={confusionCounts(row, language)}
        chosen={cell}
        {...(onChoose
          ? {
              onChoose: (people, column) =>
                onChoose({
                  source: row.name,
                  language,
                  only: { kind: 'class', people, source: classOfColumn(column) },
                }),
            }
          : {})}
      />
    </Figure>
  );
}

function ConfusionTable(props: {
  readonly label: string;
  readonly shares: readonly (readonly (number | null)[])[];
  readonly counts?: readonly (readonly number[])[];
  readonly chosen?: readonly [number, number] | null;
  readonly onChoose?: (truth: number, column: number) => void;
}) {
  const { label, shares, counts, chosen = null, onChoose } = props;
  return (
    <HeatTable
      label={label}
      corner="true"
      columns={['invalid', ...CLASS_NAMES].map((name) => ({ name }))}
      rows={shares.map((values, truth) => ({ name: String(truth), values, look: 'own' }))}
      scale={[0, 1]}
      format={(value) => value.toFixed(2)}
      chosen={chosen}
      {...(onChoose ? { onChoose } : {})}
      titleOf={(row, column) => (counts ? `${counts[row]?.[column] ?? 0} documents` : undefined)}
    />
  );
}
