// The view as SQL that can be edited: one condition, one order. What is applied becomes a filter like any other, so that
// clicks and SQL combine.
import { X } from 'lucide-react';
import { useState } from 'react';
import type { DatasetInfo } from '../../../../core/api/dataset-shape.ts';
import type { DatasetView } from '../../../../core/lib/datasets/view.ts';
import { viewStatement, ViewProblem } from '../../../../core/lib/datasets/view-sql.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import styles from './sql-box.module.css';
import { SqlField, useCheckedSql } from './sql-field.tsx';
import { type SqlWords, wordsOf } from './sql-words.ts';

export interface SqlBoxProps {
  readonly dataset: DatasetInfo;
  readonly view: DatasetView;
  /** False for a box that was open before the rows were. */
  readonly takesFocus: boolean;
  readonly onChange: (view: DatasetView) => void;
  readonly onClose: () => void;
}

export function SqlBox({ dataset, view, takesFocus, onChange, onClose }: SqlBoxProps) {
  const known = knownWords(dataset, view);
  /** What is written and not yet applied; null shows the view. */
  const [written, setWritten] = useState<SqlWords | null>(null);
  const { condition, order } = written ?? known;
  const isEdited = condition !== known.condition || order !== known.order;
  const checkedCondition = useCheckedSql(dataset, 'condition', condition);
  const checkedOrder = useCheckedSql(dataset, 'order', order);
  const isFine = checkedCondition?.kind === 'ok' && checkedOrder?.kind === 'ok';
  const columnOrder = checkedOrder?.kind === 'ok' ? checkedOrder.columnOrder : null;
  const sql = statementOf(dataset, view);

  const write = (change: Partial<SqlWords>) => setWritten({ condition, order, ...change });
  const apply = (isAdded: boolean) => {
    if (!isFine || !isEdited) return;
    const isSame = condition === known.condition;
    const filter = { kind: 'sql' as const, condition: condition.trim(), negated: false };
    const added = condition.trim() === '' ? [] : [filter];
    onChange({
      filters: isSame ? view.filters : isAdded ? [...view.filters, ...added] : added,
      search: isSame || isAdded ? view.search : '',
      sort: order === known.order ? view.sort : sortOf(order, columnOrder),
    });
    setWritten(null);
  };
  const canAdd = view.filters.length > 0 && condition !== known.condition && condition.trim() !== '';
  return (
    <section className={styles['box']} aria-label="SQL">
      <SqlField
        dataset={dataset}
        part="condition"
        label="WHERE"
        lines={Math.min(6, Math.max(2, condition.split('\n').length))}
        value={condition}
        onChange={(next) => write({ condition: next })}
        onSubmit={() => apply(false)}
        autoFocus={takesFocus}
      />
      <SqlField
        dataset={dataset}
        part="order"
        label="ORDER BY"
        lines={1}
        value={order}
        onChange={(next) => write({ order: next })}
        onSubmit={() => apply(false)}
      />
      <div className={styles['actions']}>
        <Button
          kind="primary"
          isDisabled={!isFine || !isEdited}
          onPress={() => apply(false)}
          keys="Mod+Enter"
        >
          Apply
        </Button>
        {canAdd ? (
          <Button isDisabled={!isFine} onPress={() => apply(true)}>
            Add to the filters
          </Button>
        ) : null}
        {isEdited ? (
          <Button kind="quiet" onPress={() => setWritten(null)}>
            Discard
          </Button>
        ) : null}
        <span className={styles['space']} />
        {sql === null ? null : <CopyButton text={sql} label="Copy as a whole statement" />}
        <IconButton icon={X} label="Close SQL" onPress={onClose} />
      </div>
    </section>
  );
}

function sortOf(
  order: string,
  columnOrder: { readonly column: string; readonly descending: boolean } | null,
): DatasetView['sort'] {
  if (order.trim() === '') return null;
  return columnOrder ?? { sql: order.trim() };
}

function knownWords(dataset: DatasetInfo, view: DatasetView): SqlWords {
  try {
    return wordsOf(view, dataset);
  } catch (error) {
    // Opening the view says what is wrong with it.
    if (error instanceof ViewProblem) return { condition: '', order: '' };
    throw error;
  }
}

function statementOf(dataset: DatasetInfo, view: DatasetView): string | null {
  try {
    return viewStatement(view, dataset, dataset);
  } catch (error) {
    if (error instanceof ViewProblem) return null;
    throw error;
  }
}
