// A table of quantizations as people read and copy it.
import type { QuantizationRow, QuantizationTable } from '../../api/quantizations.ts';
import type { FigureCell, FigureTable } from '../figures/figure-table.ts';

const MEGABYTE = 1e6;

interface Column {
  readonly header: string;
  readonly digits: number;
  of(row: QuantizationRow, table: QuantizationTable): FigureCell;
}

/** The loss against the largest, in bits per byte: 0 for the largest itself. */
function lossOf(row: QuantizationRow, { reference }: QuantizationTable): number | null {
  return row.path === reference && row.bitsPerByte.length > 0 ? 0 : (row.loss?.bitsPerByte ?? null);
}

const fixed: readonly Column[] = [
  { header: 'Type', digits: 0, of: (row) => row.quantization },
  { header: 'Size (MB)', digits: 1, of: (row) => row.sizeBytes / MEGABYTE },
  { header: 'Load (ms)', digits: 0, of: (row) => row.loadMs },
  { header: 'Prompt (tokens/s)', digits: 0, of: (row) => row.promptTokensPerSecond },
  { header: 'Generation (tokens/s)', digits: 1, of: (row) => row.tokensPerSecond },
  { header: 'First token (ms)', digits: 1, of: (row) => row.timeToFirstTokenMs },
  {
    header: 'Memory (MB)',
    digits: 0,
    of: (row) => (row.memoryBytes === null ? null : row.memoryBytes / MEGABYTE),
  },
];

const losses: readonly Column[] = [
  { header: 'Loss (bits/byte)', digits: 4, of: lossOf },
  { header: '± standard error', digits: 4, of: (row) => row.loss?.standardError ?? null },
  {
    header: 'Top-1 as the largest (%)',
    digits: 2,
    of: (row) => {
      const agreement = row.loss?.agreement ?? null;
      return agreement === null ? null : agreement * 100;
    },
  },
];

/** Largest first. Bits per byte of every held-out text stand before the loss. */
export function quantizationFigures(table: QuantizationTable): FigureTable {
  const texts = table.texts.map(
    ({ text }): Column => ({
      header: `${text.charAt(0).toUpperCase()}${text.slice(1)} (bits/byte)`,
      digits: 4,
      of: (row) => row.bitsPerByte.find((one) => one.text === text)?.value ?? null,
    }),
  );
  const columns = [...fixed, ...texts, ...losses];
  return {
    header: columns.map(({ header }) => header),
    rows: table.rows.map((row) => columns.map((column) => column.of(row, table))),
    format: (value, at) => value.toFixed(columns[at]?.digits ?? 2),
  };
}

/** How it was measured, in one line: without it, numbers of two tables must not be compared. */
export function measuredHow({
  machine,
  device,
  repeats,
  promptTokens,
  generatedTokens,
}: QuantizationTable): string {
  const limits = [
    ...(device?.threads == null ? [] : [`${device.threads} threads`]),
    ...(device?.memoryBytes == null ? [] : [`at most ${Math.round(device.memoryBytes / MEGABYTE)} MB`]),
  ];
  return [
    machine,
    ...(limits.length === 0 ? [] : [`limited to ${limits.join(', ')}`]),
    `prompt of ${promptTokens} tokens, ${generatedTokens} generated, median of ${repeats}`,
  ].join(' · ');
}
