// Above the rows: search, the filters as sentences that can be taken away, how many rows match, the view as SQL, and its export.
import { Download, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { DatasetInfo } from '../../../../core/api/datasets.ts';
import {
  type DatasetView,
  filterSentence,
  isWhole,
  sortSentence,
  wholeDataset,
} from '../../../../core/lib/datasets/view.ts';
import { viewStatement, ViewProblem } from '../../../../core/lib/datasets/view-sql.ts';
import { describeError } from '../../../app/describe-error.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import { ExportViewDialog } from './export-view-dialog.tsx';
import type { ViewOpening } from './open-view.ts';
import styles from './view.module.css';

/** A search reads every document: it starts when the typing has stopped. */
const SEARCH_DELAY_MS = 400;

export interface FilterBarProps {
  readonly dataset: DatasetInfo;
  readonly view: DatasetView;
  readonly opening: ViewOpening;
  readonly onChange: (view: DatasetView) => void;
  readonly onCancel: () => void;
  readonly onRetry: () => void;
}

export function FilterBar({ dataset, view, opening, onChange, onCancel, onRetry }: FilterBarProps) {
  const [isExporting, setExporting] = useState(false);
  const chips = [
    ...view.filters.map((filter, index) => ({
      text: filterSentence(filter),
      rest: { ...view, filters: view.filters.filter((_, other) => other !== index) },
    })),
    ...(view.search === ''
      ? []
      : [
          {
            text: `${dataset.textColumn ?? 'text'} contains “${view.search}”`,
            rest: { ...view, search: '' },
          },
        ]),
    ...(view.sort === null ? [] : [{ text: sortSentence(view.sort), rest: { ...view, sort: null } }]),
  ];
  const isFiltered = !isWhole(view);
  return (
    <div className={styles['bar']}>
      <div className={styles['line']}>
        {dataset.textColumn === null ? null : <TextSearch view={view} onChange={onChange} />}
        <span className={styles['found']} role="status">
          {opening.kind === 'ready'
            ? `${formatInteger(opening.rows)} of ${formatQuantity(dataset.rows, 'row')} match`
            : ''}
        </span>
        <span className={styles['space']} />
        {isFiltered ? (
          <Button kind="quiet" onPress={() => onChange(wholeDataset)}>
            Show all rows
          </Button>
        ) : null}
        <Button icon={Download} onPress={() => setExporting(true)}>
          Export rows…
        </Button>
      </div>
      {chips.length > 0 ? (
        <ul className={styles['chips']} aria-label="Filters">
          {chips.map(({ text, rest }, index) => (
            <li key={`${index} ${text}`} className={styles['chip']}>
              {text}
              <IconButton icon={X} size="small" label={`Remove ${text}`} onPress={() => onChange(rest)} />
            </li>
          ))}
        </ul>
      ) : null}
      {isFiltered ? <SqlText dataset={dataset} view={view} /> : null}
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
      {isExporting ? (
        <ExportViewDialog dataset={dataset} view={view} onClose={() => setExporting(false)} />
      ) : null}
    </div>
  );
}

function TextSearch({
  view,
  onChange,
}: {
  readonly view: DatasetView;
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
      <SearchField label="Search the text" value={typed ?? view.search} onChange={setTyped} />
    </div>
  );
}

function SqlText({ dataset, view }: { readonly dataset: DatasetInfo; readonly view: DatasetView }) {
  const sql = statementOf(dataset, view);
  return sql === null ? null : (
    <details className={styles['sql']}>
      <summary>As SQL</summary>
      <pre>{sql}</pre>
      <CopyButton text={sql} label="Copy SQL" />
    </details>
  );
}

/** Null for a view that the file cannot have; opening it says why. */
function statementOf(dataset: DatasetInfo, view: DatasetView): string | null {
  try {
    return viewStatement(view, dataset, dataset.path);
  } catch (error) {
    if (error instanceof ViewProblem) return null;
    throw error;
  }
}
