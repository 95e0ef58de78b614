// The table by language: what stays, what FineWeb-2 kept, and the tokens of one against the other as a bar from zero.
// A quantile typed here belongs to its language only, is marked, and can be taken back.
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import type { FigureTable } from '../../../../../core/lib/figures/figure-table.ts';
import type { LanguageResult } from '../../../../../core/lib/quality/recipe.ts';
import { FigureFrame } from '../../../../charts/figure-frame.tsx';
import { useMarks } from '../../../../charts/use-marks.ts';
import { Button } from '../../../../ui/button.tsx';
import { filterItems } from '../../../../ui/filter-items.ts';
import { formatCount, formatInteger } from '../../../../ui/format.ts';
import { SearchField } from '../../../../ui/text-field.tsx';
import { barLimitOf } from '../charts/bar-limit.ts';
import { DivergingBar } from '../charts/diverging-bar.tsx';
import { withoutLanguage, withQuantile } from '../lab/choice.ts';
import { changeText, percentText } from '../lab/figures.ts';
import type { Lab } from '../lab/lab.ts';
import {
  type LanguageRow,
  languageRows,
  shareOf,
  type Sort,
  type SortKey,
  sortRows,
} from '../lab/language-rows.ts';
import { useLabState } from '../lab/use-lab.ts';
import { LanguageTableRow } from './language-table-row.tsx';
import styles from './language-table.module.css';

/** More rows than this are drawn on request: FineWeb-2 has 1,868 languages, and a dragged handle redraws them all. */
const ROWS_AT_FIRST = 120;

const columns: readonly { readonly key: SortKey; readonly title: string; readonly hint: string }[] = [
  { key: 'language', title: 'Language', hint: 'language and script' },
  { key: 'quantile', title: 'q', hint: 'share of documents below the threshold of one head' },
  { key: 'documents', title: 'Docs', hint: 'documents of the language, kept and removed' },
  { key: 'kept', title: 'Docs kept', hint: 'documents that pass the rule' },
  { key: 'fw2', title: 'FW2 docs', hint: 'documents that FineWeb-2 kept' },
  { key: 'tokens', title: 'Tokens kept', hint: 'tokens of the documents that pass' },
  {
    key: 'change',
    title: 'Tokens vs FineWeb-2',
    hint: '100 · (tokens kept / tokens FineWeb-2 kept − 1)',
  },
];

export function LanguageTable({ lab }: { readonly lab: Lab }) {
  const newest = useLabState(lab, (state) => state.newest);
  const language = useLabState(lab, (state) => state.language);
  const [sort, setSort] = useState<Sort>({ key: 'language', isDescending: false });
  const [filter, setFilter] = useState('');
  const [showsAll, setShowsAll] = useState(false);
  const answer = useDeferredValue(newest);
  const rows = useMemo(() => (answer === null ? [] : languageRows(answer.result, answer.choice)), [answer]);
  const found = useMemo(
    () =>
      sortRows(
        filterItems(rows, (row) => row.language, filter),
        sort,
      ),
    [rows, filter, sort],
  );
  const limit = useMemo(() => barLimitOf(rows.map((row) => row.tokenChangePercent)), [rows]);
  const shown = showsAll ? found : found.slice(0, ROWS_AT_FIRST);
  // Heads, then one a language; Tab goes on from a language to its own quantile.
  const marks = useMarks([
    ...columns.map((_, column) => ({ row: 0, column })),
    ...shown.map((_, row) => ({ row: row + 1, column: 0 })),
  ]);
  const tokenLabel = newest?.result.tokenLabel ?? '';
  return (
    <section aria-label="By language" className={styles['section']}>
      <FigureFrame
        name="Figures by language"
        title="By language"
        aside={tokenLabel === '' ? '' : `tokens: ${tokenLabel}`}
        summary={summaryOf(rows)}
        actions={
          <span className={styles['filter']}>
            <SearchField label="Filter languages" value={filter} onChange={setFilter} />
          </span>
        }
        numbers={() => numbersOf(found, answer?.result.total ?? null, tokenLabel)}
        isTableItself
      >
        <div className={styles['scroll']}>
          <table className={styles['table']} {...marks.group}>
            <caption className="visually-hidden">Figures by language, {rows.length} languages</caption>
            <thead>
              <tr>
                {columns.map(({ key, title, hint }, index) => (
                  <th
                    key={key}
                    scope="col"
                    data-column={key}
                    aria-sort={sort.key === key ? (sort.isDescending ? 'descending' : 'ascending') : 'none'}
                  >
                    <button
                      type="button"
                      {...marks.mark(index)}
                      title={hint}
                      onClick={() => setSort(nextSort(sort, key))}
                    >
                      {title}
                      {sort.key !== key ? null : sort.isDescending ? (
                        <ArrowDown size={11} aria-hidden />
                      ) : (
                        <ArrowUp size={11} aria-hidden />
                      )}
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row, index) => (
                <LanguageTableRow
                  key={row.language}
                  row={row}
                  mark={marks.mark(columns.length + index)}
                  limit={limit}
                  isShown={row.language === language}
                  onShow={() =>
                    lab.showLanguage(lab.store.getState().language === row.language ? null : row.language)
                  }
                  onQuantile={(value) =>
                    lab.choose(
                      withQuantile(
                        lab.store.getState().choice,
                        { language: row.language, head: null },
                        value,
                      ),
                    )
                  }
                  onReset={() => lab.choose(withoutLanguage(lab.store.getState().choice, row.language))}
                />
              ))}
            </tbody>
            {answer === null ? null : <PooledRow total={answer.result.total} limit={limit} />}
          </table>
        </div>
      </FigureFrame>
      {rows.length > 0 && found.length === 0 ? (
        <p className={styles['none']}>{`No language matches “${filter}”`}</p>
      ) : null}
      {shown.length < found.length ? (
        <p className={styles['none']}>
          {`The first ${shown.length} of ${formatInteger(found.length)} languages; type to filter`}
          <Button kind="quiet" onPress={() => setShowsAll(true)}>
            Show all
          </Button>
        </p>
      ) : null}
    </section>
  );
}

/** All documents together; the mean of the languages stands above everything. */
function PooledRow({ total, limit }: { readonly total: LanguageResult; readonly limit: number }) {
  return (
    <tfoot>
      <tr>
        <th scope="row">All, pooled</th>
        <td>–</td>
        <td title={`${formatInteger(total.documents)} documents`}>{formatCount(total.documents)}</td>
        <td>{percentText(shareOf(total.keptDocuments, total.documents))}</td>
        <td>{percentText(shareOf(total.fw2Documents, total.documents))}</td>
        <td>{total.keptTokens === null ? '–' : formatCount(total.keptTokens)}</td>
        <td>
          <span className={styles['change']}>
            <DivergingBar value={total.tokenChangePercent} limit={limit} />
            <span>{changeText(total.tokenChangePercent)}</span>
          </span>
        </td>
      </tr>
    </tfoot>
  );
}

/** Numbers begin with the largest, names with the first; a second click turns it round. */
function nextSort(sort: Sort, key: SortKey): Sort {
  return { key, isDescending: sort.key === key ? !sort.isDescending : key !== 'language' };
}

function summaryOf(rows: readonly LanguageRow[]): string {
  const compared = rows.filter(({ tokenChangePercent }) => tokenChangePercent !== null);
  const more = compared.filter(({ tokenChangePercent }) => (tokenChangePercent ?? 0) > 0).length;
  return `What is kept of ${formatInteger(rows.length)} languages; more tokens than FineWeb-2 in ${more} of ${compared.length}`;
}

/** Everything that the table shows or says on hover, with the languages that are not drawn. */
function numbersOf(
  rows: readonly LanguageRow[],
  total: LanguageResult | null,
  tokenLabel: string,
): FigureTable {
  const percent = (share: number | null) => (share === null ? null : 100 * share);
  const figures = (row: LanguageResult) => [
    row.documents,
    row.keptDocuments,
    percent(shareOf(row.keptDocuments, row.documents)),
    row.fw2Documents,
    percent(shareOf(row.fw2Documents, row.documents)),
    row.tokens,
    row.keptTokens,
    row.fw2Tokens,
    row.tokenChangePercent,
  ];
  return {
    header: [
      'Language',
      'Quantile',
      'Documents',
      'Documents kept',
      'Documents kept (%)',
      'FW2 documents',
      'FW2 documents (%)',
      `Tokens (${tokenLabel})`,
      'Tokens kept',
      'FW2 tokens',
      'Tokens vs FineWeb-2 (%)',
    ],
    rows: [
      ...rows.map((row) => [row.language, [...new Set(row.quantiles)].join(' / '), ...figures(row)]),
      ...(total === null ? [] : [['All, pooled', null, ...figures(total)]]),
    ],
    format: (value, column) =>
      column === 10
        ? changeText(value)
        : column === 4 || column === 6
          ? value.toFixed(1)
          : formatInteger(value),
  };
}
