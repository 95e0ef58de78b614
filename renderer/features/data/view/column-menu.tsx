// The menu of a column's header: sort by it, or keep some of its values.
import { EllipsisVertical } from 'lucide-react';
import type { DatasetColumn } from '../../../../core/api/dataset-shape.ts';
import { type DatasetView, sortColumn } from '../../../../core/lib/datasets/view.ts';
import { Menu } from '../../../ui/menu.tsx';
import { withFilter } from './filters.ts';
import styles from './view.module.css';

export type FilterQuestion = 'range' | 'values' | 'contains';

export interface ColumnMenuProps {
  readonly column: DatasetColumn;
  readonly view: DatasetView;
  readonly onChange: (view: DatasetView) => void;
  /** Asks for the rest of a filter. */
  readonly onAsk: (question: FilterQuestion) => void;
  readonly isPinned: boolean;
  readonly onPin: (isPinned: boolean) => void;
  readonly onHide: () => void;
  readonly onStep: (step: -1 | 1) => void;
}

/** What is asked first about a column. */
export function questionOf(column: DatasetColumn): FilterQuestion {
  return column.numeric ? 'range' : column.type === 'BOOLEAN' ? 'values' : 'contains';
}

export function ColumnMenu(props: ColumnMenuProps) {
  const { column, view, onChange, onAsk } = props;
  const { name } = column;
  const sorted = sortColumn(view);
  const sort = sorted?.column === name ? sorted : null;
  const sortBy = (descending: boolean) =>
    onChange({
      ...view,
      sort: sort !== null && sort.descending === descending ? null : { column: name, descending },
    });
  const add = (kind: 'isNull' | 'isNotNull') =>
    onChange(withFilter(view, { kind, column: name, negated: false }));
  return (
    <span className={styles['columnMenu']}>
      <Menu
        label={`Column ${name}`}
        icon={EllipsisVertical}
        groups={[
          [
            {
              id: 'ascending',
              label: 'Sort lowest first',
              isOn: sort !== null && !sort.descending,
              perform: () => sortBy(false),
            },
            {
              id: 'descending',
              label: 'Sort highest first',
              isOn: sort?.descending ?? false,
              perform: () => sortBy(true),
            },
          ],
          [
            column.numeric
              ? { id: 'range', label: 'Filter by range…', perform: () => onAsk('range') }
              : { id: 'contains', label: 'Filter by part of the text…', perform: () => onAsk('contains') },
            { id: 'values', label: 'Filter by values…', perform: () => onAsk('values') },
          ],
          [
            { id: 'isNotNull', label: 'Only rows with a value', perform: () => add('isNotNull') },
            { id: 'isNull', label: 'Only rows without a value', perform: () => add('isNull') },
          ],
          [
            {
              id: 'pin',
              label: 'Keep in sight at the left',
              isOn: props.isPinned,
              perform: () => props.onPin(!props.isPinned),
            },
            { id: 'left', label: 'Move left', perform: () => props.onStep(-1) },
            { id: 'right', label: 'Move right', perform: () => props.onStep(1) },
            { id: 'hide', label: 'Hide column', perform: props.onHide },
          ],
        ]}
      />
    </span>
  );
}
