// What a column profile says, as short texts and as a table. Pure.
import type { ColumnProfile, DatasetProfile } from '../../../../core/api/dataset-profile.ts';
import type { FigureTable } from '../../../../core/lib/figures/figure-table.ts';
import { formatCount, formatInteger, trueMinus } from '../../../ui/format.ts';

/** Five digits tell numbers of a column apart. */
export function shortNumber(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 100_000) return formatCount(value);
  if (Number.isInteger(value)) return formatInteger(value);
  return trueMinus(String(Number(value.toPrecision(4))));
}

export function shareText(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return percent > 99.9 && percent < 100 ? '> 99.9 %' : `${Number(percent.toFixed(1))} %`;
}

export function distinctText({ distinct }: ColumnProfile): string {
  if (distinct === null) return '';
  return `${distinct.isExact ? '' : '≈ '}${formatInteger(distinct.count)} distinct`;
}

/** "sample of 100,000" where only the first rows were looked at; "all 448 rows" otherwise. */
export function scopeText({ rows, totalRows }: DatasetProfile): string {
  return rows < totalRows
    ? `sample of ${formatInteger(rows)}: the first of ${formatInteger(totalRows)} rows`
    : `all ${formatInteger(totalRows)} rows`;
}

/** One line below the picture in a header. */
export function headerText(profile: ColumnProfile, rows: number): string {
  const nulls = profile.nulls === 0 ? '' : `${shareText(profile.nulls, rows)} null`;
  return [mainText(profile), nulls].filter((part) => part !== '').join(' · ');
}

function mainText(profile: ColumnProfile): string {
  const { numbers, lengths, values, range } = profile;
  if (numbers !== null) return `${shortNumber(numbers.min)} – ${shortNumber(numbers.max)}`;
  if (profile.type === 'BOOLEAN') {
    const total = values.reduce((sum, value) => sum + value.rows, 0);
    return `${shareText(values.find(({ value }) => value === true)?.rows ?? 0, total)} true`;
  }
  if (values.length > 0 || isNaming(profile)) return distinctText(profile);
  if (lengths !== null) {
    const unit = lengths.unit === 'characters' ? 'chars' : 'items';
    return `${shortNumber(lengths.min)} – ${shortNumber(lengths.max)} ${unit}`;
  }
  return range === null ? '' : `${range.first.slice(0, 10)} – ${range.last.slice(0, 10)}`;
}

/** Ids: short, and almost every row has its own. Their lengths say nothing. */
export function isNaming({ distinct, lengths, values }: ColumnProfile): boolean {
  const rows = lengths?.histogram.counts.reduce((sum, count) => sum + count, 0) ?? 0;
  return (
    values.length === 0 &&
    lengths !== null &&
    lengths.unit === 'characters' &&
    lengths.quartiles[2] <= 64 &&
    distinct !== null &&
    distinct.count > 0.9 * rows
  );
}

/** For screen readers, and on hover. */
export function profileSentence(profile: ColumnProfile, rows: number): string {
  const { name, numbers, lengths, values } = profile;
  const parts = [
    `${shareText(profile.nulls, rows)} without a value`,
    distinctText(profile),
    numbers === null
      ? ''
      : `${shortNumber(numbers.min)} to ${shortNumber(numbers.max)}, mean ${shortNumber(numbers.mean)}, median ${shortNumber(numbers.quartiles[1])}`,
    lengths === null
      ? ''
      : `${shortNumber(lengths.min)} to ${shortNumber(lengths.max)} ${lengths.unit}, median ${shortNumber(lengths.quartiles[1])}`,
    values.length === 0
      ? ''
      : `most frequent: ${values
          .slice(0, 3)
          .map((value) => `${String(value.value)} (${shareText(value.rows, rows)})`)
          .join(', ')}`,
  ];
  return `${name}: ${parts.filter((part) => part !== '').join('; ')}`;
}

/** Exact values, one row a column. */
export function profileTable(profile: DatasetProfile): FigureTable {
  return {
    header: [
      'Column',
      'Type',
      'Rows',
      'Nulls',
      'Distinct',
      'Measured',
      'Min',
      '25 %',
      'Median',
      '75 %',
      'Max',
      'Mean',
      'Most frequent',
    ],
    rows: profile.columns.map((column) => {
      const spread = column.numbers ?? column.lengths;
      const [low, middle, high] = spread?.quartiles ?? [null, null, null];
      const top = column.values.slice(0, 5).map(({ value, rows }) => `${String(value)} (${rows})`);
      return [
        column.name,
        column.type,
        profile.rows,
        column.nulls,
        column.distinct?.count ?? null,
        column.numbers !== null ? 'value' : (column.lengths?.unit ?? ''),
        spread?.min ?? null,
        low,
        middle,
        high,
        spread?.max ?? null,
        spread?.mean ?? null,
        top.join(', '),
      ];
    }),
  };
}
