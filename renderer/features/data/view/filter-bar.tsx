// Above the rows: search, the filters as sentences that can be taken away, how many rows match, and the view as SQL.
import { Columns3, Database, ListFilter, ListTree, SquareChartGantt, X } from 'lucide-react';
import { type ReactNode, type Ref, useEffect, useState } from 'react';
import type { DatasetInfo } from '../../../../core/api/dataset-shape.ts';
import {
  type DatasetView,
  filterSentence,
  isWhole,
  sortSentence,
  wholeDataset,
} from '../../../../core/lib/datasets/view.ts';
import { describeError } from '../../../app/describe-error.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import type { ViewOpening } from './open-view.ts';
import { SqlBox } from './sql-box.tsx';
import styles from './view.module.css';

/** A search reads every document: it starts when the typing has stopped. */
const SEARCH_DELAY_MS = 400;

/** What can be opened around the rows. */
export interface RowsTools {
  readonly sql: boolean;
  readonly facets: boolean;
  readonly profile: boolean;
}

export interface FilterBarProps {
  readonly dataset: DatasetInfo;
  readonly view: DatasetView;
  readonly opening: ViewOpening;
  readonly tools: RowsTools;
  readonly hiddenColumns: number;
  readonly searchRef: Ref<HTMLInputElement>;
  readonly goToRow: ReactNode;
  /** More that belongs beside the buttons. */
  readonly children: ReactNode;
  readonly onTools: (change: Partial<RowsTools>) => void;
  readonly onFilter: () => void;
  readonly onColumns: () => void;
  readonly onChange: (view: DatasetView) => void;
  readonly onCancel: () => void;
  readonly onRetry: () => void;
}

export function FilterBar(props: FilterBarProps) {
  const { dataset, view, opening, tools, onTools, onChange, onCancel, onRetry } = props;
  const chips = [
    ...view.filters.map((filter, index) => ({
      text: filterSentence(filter),
      isSql: filter.kind === 'sql',
      rest: { ...view, filters: view.filters.filter((_, other) => other !== index) },
    })),
    ...(view.search === ''
      ? []
      : [
          {
            text: `${dataset.textColumn ?? 'text'} contains “${view.search}”`,
            isSql: false,
            rest: { ...view, search: '' },
          },
        ]),
    ...(view.sort === null
      ? []
      : [{ text: sortSentence(view.sort), isSql: 'sql' in view.sort, rest: { ...view, sort: null } }]),
  ];
  const isFiltered = !isWhole(view);
  // A box that is remembered as open leaves the focus, and with it the keys, to the rows.
  const [wasOpen, setWasOpen] = useState(tools.sql);
  if (wasOpen && !tools.sql) setWasOpen(false);
  return (
    <div className={styles['bar']}>
      <div className={styles['line']}>
        {dataset.textColumn === null ? null : (
          <TextSearch view={view} inputRef={props.searchRef} onChange={onChange} />
        )}
        {props.goToRow}
        <span className={styles['space']} />
        {props.children}
        <span className={styles['tools']}>
          <IconButton icon={ListFilter} label="Add a filter…" keys="F" onPress={props.onFilter} />
          <IconButton
            icon={Database}
            label="As SQL"
            keys="Q"
            isPressed={tools.sql}
            onPress={() => onTools({ sql: !tools.sql })}
          />
          <IconButton
            icon={ListTree}
            label="Facets"
            keys="Shift+F"
            isPressed={tools.facets}
            onPress={() => onTools({ facets: !tools.facets })}
          />
          <IconButton
            icon={SquareChartGantt}
            label="Profile of all columns"
            keys="P"
            isPressed={tools.profile}
            onPress={() => onTools({ profile: !tools.profile })}
          />
          <IconButton
            icon={Columns3}
            label={props.hiddenColumns === 0 ? 'Columns…' : `Columns… (${props.hiddenColumns} hidden)`}
            isPressed={props.hiddenColumns > 0}
            onPress={props.onColumns}
          />
        </span>
      </div>
      <div className={styles['shown']} data-empty={isFiltered ? undefined : ''}>
        {chips.length > 0 ? (
          <ul className={styles['chips']} aria-label="Filters">
            {chips.map(({ text, isSql, rest }, index) => (
              <li key={`${index} ${text}`} className={styles['chip']}>
                {isSql ? (
                  <button type="button" className={styles['edit']} onClick={() => onTools({ sql: true })}>
                    {text}
                  </button>
                ) : (
                  text
                )}
                <IconButton icon={X} size="small" label={`Remove ${text}`} onPress={() => onChange(rest)} />
              </li>
            ))}
          </ul>
        ) : null}
        <span className={styles['found']} role="status">
          {opening.kind === 'ready'
            ? `${formatInteger(opening.rows)} of ${formatQuantity(dataset.rows, 'row')} match`
            : ''}
        </span>
        {isFiltered ? (
          <Button kind="quiet" onPress={() => onChange(wholeDataset)}>
            Show all rows
          </Button>
        ) : null}
      </div>
      {tools.sql ? (
        <SqlBox
          dataset={dataset}
          view={view}
          takesFocus={!wasOpen}
          onChange={onChange}
          onClose={() => onTools({ sql: false })}
        />
      ) : null}
      {opening.kind === 'opening' ? (
        <Progress
          label="Finding the rows"
          fraction={opening.totalRows === 0 ? null : opening.doneRows / opening.totalRows}
          onCancel={onCancel}
        />
      ) : null}
      {opening.kind === 'cancelled' ? (
        <p className={styles['found']}>
          Finding the rows was cancelled <Button onPress={onRetry}>Find them</Button>
        </p>
      ) : null}
      {opening.kind === 'failed' ? (
        <ErrorState
          compact
          {...describeError(opening.error)}
          actions={<Button onPress={onRetry}>Try again</Button>}
        />
      ) : null}
    </div>
  );
}

function TextSearch({
  view,
  inputRef,
  onChange,
}: {
  readonly view: DatasetView;
  readonly inputRef: Ref<HTMLInputElement>;
  readonly onChange: (view: DatasetView) => void;
}) {
  /** What is typed and not yet searched; null follows the view. */
  const [typed, setTyped] = useState<string | null>(null);
  useEffect(() => {
    if (typed === null) return;
    const timer = setTimeout(() => {
      if (typed !== view.search) onChange({ ...view, search: typed });
      setTyped(null);
    }, SEARCH_DELAY_MS);
    return () => clearTimeout(timer);
  }, [typed, view, onChange]);
  return (
    <div className={styles['search']}>
      <SearchField
        label="Search the text"
        value={typed ?? view.search}
        onChange={setTyped}
        inputRef={inputRef}
      />
    </div>
  );
}
