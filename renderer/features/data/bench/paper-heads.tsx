// What the JQL paper found about heads, to compare with: regimes (Fig. 3), heads of one language (Fig. 18), token limits (Fig. 39).
import type { BenchFigure } from '../../../../core/lib/judge-bench/bench-figure.ts';
import type { ReferenceFigure } from '../../../../core/lib/judge-bench/reference.ts';
import { Figure } from './figure.tsx';
import { HeatTable } from './heat-table.tsx';
import type { ReferenceMatrix } from './matrix.tsx';
import { formatFixed } from '../../../ui/format.ts';

type Printed<Kind extends ReferenceFigure['kind']> = Extract<ReferenceFigure, { kind: Kind }>;
type Value = number | null;

/** For who has no heads yet. */
export function PaperRegimes({ printed }: { readonly printed: ReferenceMatrix }) {
  const { languages, rows } = printed;
  return (
    <PaperTable
      id="paper-regimes"
      printed={printed}
      columns={[...languages, 'avg-13', 'avg-35']}
      rows={rows.map(({ name, values, avg13, avg35 }) => ({
        name,
        values: [...(values ?? []), avg13, avg35],
      }))}
      scale={[0.5, 0.8]}
      digits={3}
    />
  );
}

/** The mean over the 35 test languages by training language, and the single cells that the text names. */
export function PaperCrossLanguage({ printed }: { readonly printed: Printed<'cross-language'> }) {
  const named = printed.cells.map(
    ({ judge, train, test, value }) => `${train} → ${test} ${formatFixed(value, 3)} (${judge})`,
  );
  return (
    <PaperTable
      id="paper-cross-language"
      printed={printed}
      note={`A column is a training language. Cells named in the text: ${named.join(', ')}`}
      columns={printed.trainLanguages}
      rows={printed.rows.map(({ name, avg35 }) => ({ name, values: avg35 }))}
      scale={printed.scale}
      digits={3}
    />
  );
}

export function PaperTokenLimits({ printed }: { readonly printed: Printed<'quantities'> }) {
  const columns = [...new Set(printed.rows.flatMap(({ values }) => Object.keys(values)))];
  return (
    <PaperTable
      id="paper-token-limits"
      printed={printed}
      columns={columns.map((limit) => `${limit} tokens`)}
      rows={printed.rows.map(({ name, values }) => ({
        name,
        values: columns.map((limit) => values[limit] ?? null),
      }))}
      scale={[0.5, 0.8]}
      digits={2}
    />
  );
}

function PaperTable(props: {
  readonly id: string;
  readonly printed: Pick<ReferenceFigure, 'title' | 'where' | 'notes'>;
  readonly note?: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly values: readonly Value[] }[];
  readonly scale: readonly [number, number];
  readonly digits: number;
}) {
  const { id, printed, note, columns, rows, scale, digits } = props;
  const format = (value: number) => formatFixed(value, digits);
  const figure: BenchFigure = {
    id,
    title: `${printed.title} (JQL paper)`,
    paper: printed.where,
    note: [...printed.notes, ...(note === undefined ? [] : [note])].join('. '),
    table: {
      header: ['Source', ...columns],
      rows: rows.map(({ name, values }) => [name, ...values]),
      format,
    },
  };
  return (
    <Figure figure={figure}>
      <HeatTable
        label={figure.title}
        corner="Source"
        columns={columns.map((name) => ({ name, isMean: name.startsWith('avg') }))}
        rows={rows.map(({ name, values }) => ({ name, look: 'reference', values }))}
        scale={scale}
        format={format}
      />
    </Figure>
  );
}
