// One facet: the most frequent values of a column with bars of their shares, a search for the others, and a way to stop counting.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Search, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Cell } from '../../../../core/api/dataset-rows.ts';
import type { DatasetInfo } from '../../../../core/api/dataset-shape.ts';
import { type DatasetView, viewText } from '../../../../core/lib/datasets/view.ts';
import { describeError } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { FigureFrame } from '../../../charts/figure-frame.tsx';
import { inColumn } from '../../../charts/mark-steps.ts';
import { type MarkProps, useMarks } from '../../../charts/use-marks.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { SearchField } from '../../../ui/text-field.tsx';
import { chosenValues, toggleValue } from '../view/filters.ts';
import { useDecodingTokenizer } from '../reader/use-tokenizers.ts';
import { shareText } from '../profile/profile-words.ts';
import { type Facet, facetTitle } from './facet-columns.ts';
import styles from './facets.module.css';

export interface FacetViewProps {
  readonly dataset: DatasetInfo;
  readonly view: DatasetView;
  /** Null: every row is shown. */
  readonly viewId: string | null;
  /** False while the rows of a view are being found: its counts wait for them. */
  readonly isReady: boolean;
  readonly onChange: (view: DatasetView) => void;
}

const SHOWN_VALUES = 20;
const SEARCH_DELAY_MS = 300;

export function FacetValues(
  props: FacetViewProps & { readonly facet: Facet; readonly onRemove: () => void },
) {
  const { dataset, view, viewId, isReady, facet, onChange, onRemove } = props;
  const { column, part } = facet;
  const client = useClient();
  const queries = useQueryClient();
  const [typed, setTyped] = useState<string | null>(null);
  const [search, setSearch] = useState('');
  const [isStopped, setStopped] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed ?? ''), SEARCH_DELAY_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const { path } = dataset;
  const [tokenizer] = useDecodingTokenizer(path);
  // The order of the rows changes no count.
  const counted = { ...view, sort: null };
  const queryKey = [
    ...queryKeys.dataset(path),
    'facet',
    column,
    part ?? '',
    viewText(counted),
    search,
    tokenizer,
  ];
  const values = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      client.datasets.values(
        {
          path,
          view: counted,
          column,
          limit: SHOWN_VALUES,
          ...(part === undefined ? {} : { part }),
          ...(search === '' ? {} : { search }),
          ...(viewId === null ? {} : { viewId }),
          ...(tokenizer === '' ? {} : { tokenizer }),
        },
        { signal },
      ),
    enabled: isReady && !isStopped,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const kept = chosenValues(view, facet, false);
  const left = chosenValues(view, facet, true);
  const title = facetTitle(facet);
  const { data } = values;
  const more = data === undefined ? 0 : data.distinct - data.values.length;
  const most = Math.max(1, ...(data?.values.map(({ rows }) => rows) ?? []));
  // A value that was chosen and is rare stays in sight.
  const missing = [...kept, ...left].filter((value) => !data?.values.some((shown) => shown.value === value));
  const listed = data?.values.filter(({ value }) => value !== null) ?? [];
  const marks = useMarks(inColumn(listed.length + missing.length));
  const stop = () => {
    setStopped(true);
    void queries.cancelQueries({ queryKey });
  };
  return (
    <section
      className={styles['facet']}
      aria-label={`Facet ${title}`}
      data-busy={values.isFetching || undefined}
    >
      <FigureFrame
        name={`Values of ${title}`}
        title={<span title={title}>{title}</span>}
        aside={data ? formatInteger(data.distinct) : ''}
        summary={data ? summaryOf(title, data) : `Values of ${title} are being counted`}
        numbers={() => ({
          header: [title, 'Rows', 'Rows (%)'],
          rows: [
            ...listed.map(({ value, rows }) => [String(value), rows, percentOf(rows, data?.rows ?? 0)]),
            ...(data && data.nulls > 0 ? [['(no value)', data.nulls, percentOf(data.nulls, data.rows)]] : []),
          ],
          format: (value, column) => (column === 1 ? formatInteger(value) : value.toFixed(1)),
        })}
        isTableItself
        actions={
          <>
            {typed === null && more <= 0 ? null : (
              <IconButton
                icon={Search}
                size="small"
                label={`Search values of ${title}`}
                isPressed={typed !== null}
                onPress={() => setTyped(typed === null ? '' : null)}
              />
            )}
            <IconButton icon={X} size="small" label={`Remove facet ${title}`} onPress={onRemove} />
          </>
        }
      >
        {typed === null ? null : (
          <SearchField label={`Find in ${title}`} value={typed} onChange={setTyped} autoFocus />
        )}
        {values.error ? <ErrorState compact {...describeError(values.error)} /> : null}
        {isStopped ? (
          <p className={styles['hint']}>
            Counting was stopped <Button onPress={() => setStopped(false)}>Count</Button>
          </p>
        ) : data === undefined && !values.error ? (
          <p className={styles['hint']}>
            Counting… <Button onPress={stop}>Stop</Button>
          </p>
        ) : null}
        <ul className={styles['values']} {...marks.group}>
          {listed.map(({ value, rows, truncated }, index) =>
            value === null ? null : (
              <Value
                key={`${typeof value} ${String(value)}`}
                place={marks.mark(index)}
                value={value}
                rows={rows}
                total={data?.rows ?? 0}
                share={rows / most}
                mark={kept.includes(value) ? 'kept' : left.includes(value) ? 'left' : null}
                isDisabled={truncated}
                onPick={(negated) => onChange(toggleValue(view, facet, value, negated))}
              />
            ),
          )}
          {missing.map((value, index) => (
            <Value
              key={`chosen ${typeof value} ${String(value)}`}
              place={marks.mark(listed.length + index)}
              value={value}
              rows={null}
              total={0}
              share={0}
              mark={kept.includes(value) ? 'kept' : 'left'}
              isDisabled={false}
              onPick={() => onChange(toggleValue(view, facet, value, left.includes(value)))}
            />
          ))}
        </ul>
        {data && data.nulls > 0 ? (
          <p className={styles['more']}>
            {formatInteger(data.nulls)} without a value ({shareText(data.nulls, data.rows)})
          </p>
        ) : null}
        {more > 0 && typed === null ? (
          <button type="button" className={styles['moreButton']} onClick={() => setTyped('')}>
            {formatInteger(more)} more…
          </button>
        ) : more > 0 ? (
          <p className={styles['more']}>{formatInteger(more)} more match</p>
        ) : null}
      </FigureFrame>
    </section>
  );
}

function percentOf(rows: number, total: number): number | null {
  return total === 0 ? null : (100 * rows) / total;
}

function summaryOf(
  title: string,
  {
    distinct,
    rows,
    values,
  }: {
    readonly distinct: number;
    readonly rows: number;
    readonly values: readonly { readonly value: Cell; readonly rows: number }[];
  },
): string {
  const [first] = values.filter(({ value }) => value !== null);
  const most = first ? `; most often ${String(first.value)} in ${formatInteger(first.rows)}` : '';
  return `${formatInteger(distinct)} values of ${title} in ${formatInteger(rows)} rows${most}`;
}

function Value(props: {
  readonly place: MarkProps;
  readonly value: Exclude<Cell, null>;
  readonly rows: number | null;
  readonly total: number;
  readonly share: number;
  readonly mark: 'kept' | 'left' | null;
  readonly isDisabled: boolean;
  readonly onPick: (negated: boolean) => void;
}) {
  const { value, rows, total, share, mark, isDisabled, onPick } = props;
  const text = value === '' ? '(empty text)' : String(value);
  const count = rows === null ? '' : formatInteger(rows);
  const percent = rows === null ? '' : shareText(rows, total);
  const said = mark === 'kept' ? ', kept' : mark === 'left' ? ', left out' : '';
  return (
    <li>
      <button
        type="button"
        {...props.place}
        className={styles['value']}
        data-chosen={mark ?? undefined}
        aria-disabled={isDisabled || undefined}
        aria-pressed={mark !== null}
        aria-label={`${text}: ${count} rows, ${percent}${said}`}
        title={
          isDisabled
            ? 'Too long to be chosen'
            : `${text} · ${percent}\nClick keeps it, Alt and click (Alt+Enter) leaves it out`
        }
        onClick={(event) => {
          if (!isDisabled) onPick(event.altKey);
        }}
      >
        <span className={styles['bar']} style={{ width: `${100 * share}%` }} aria-hidden />
        <span className={styles['text']}>
          {mark === 'kept' ? '✓ ' : mark === 'left' ? '✕ ' : ''}
          {text}
        </span>
        <span className={styles['count']}>{count}</span>
      </button>
    </li>
  );
}
