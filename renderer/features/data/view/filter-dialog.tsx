// Asks for the range, the part of a text, or the values that a filter keeps.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Cell } from '../../../../core/api/dataset-rows.ts';
import type { DatasetColumn } from '../../../../core/api/dataset-shape.ts';
import { type DatasetView, type RowFilter, viewText } from '../../../../core/lib/datasets/view.ts';
import { describeError } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useDecodingTokenizer } from '../reader/use-tokenizers.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { NumberField } from '../../../ui/number-field.tsx';
import { type Choice, Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { type FilterQuestion, questionOf } from './column-menu.tsx';
import styles from './view.module.css';

/** More are no facets any more: part of the text finds them. */
const MAX_SHOWN_VALUES = 100;
/** A number field rounds what it shows; scores keep this many digits. */
const FRACTION_DIGITS = 12;

const TEXT_QUESTIONS: readonly Choice<FilterQuestion>[] = [
  { id: 'contains', label: 'Part of the text' },
  { id: 'values', label: 'Values' },
];
const NUMBER_QUESTIONS: readonly Choice<FilterQuestion>[] = [
  { id: 'range', label: 'Range' },
  { id: 'values', label: 'Values' },
];

export interface FilterDialogProps {
  readonly path: string;
  readonly column: DatasetColumn;
  /** Where the column is still to be chosen: among these. */
  readonly columns?: readonly DatasetColumn[];
  readonly question: FilterQuestion;
  readonly view: DatasetView;
  readonly onAdd: (filter: RowFilter) => void;
  readonly onClose: () => void;
}

export function FilterDialog(props: FilterDialogProps) {
  const { path, columns, view, onAdd, onClose } = props;
  const [chosen, setChosen] = useState<{ column: DatasetColumn; question: FilterQuestion } | null>(null);
  const { column, question } = chosen ?? props;
  const [negated, setNegated] = useState(false);
  const [from, setFrom] = useState<number | null>(null);
  const [to, setTo] = useState<number | null>(null);
  const [text, setText] = useState('');
  const [values, setValues] = useState<readonly Exclude<Cell, null>[]>([]);
  const shared = { column: column.name, negated };
  const filter = ((): RowFilter | null => {
    switch (question) {
      case 'range': {
        if ((from === null && to === null) || (from !== null && to !== null && from > to)) return null;
        return { kind: 'range', ...shared, from, to, includesTo: true };
      }
      case 'contains':
        return text === '' ? null : { kind: 'contains', ...shared, text };
      case 'values':
        return values.length === 0 ? null : { kind: 'oneOf', ...shared, values: [...values] };
    }
  })();
  const add = () => {
    if (filter === null) return;
    onAdd(filter);
    onClose();
  };
  return (
    <Dialog
      title={columns ? 'Add a filter' : `Filter by ${column.name}`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={filter === null} onPress={add}>
            Add filter
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        {columns ? (
          <div className={styles['range']}>
            <Select
              label="Column"
              choices={columns.map(({ name, type }) => ({ id: name, label: name, detail: type }))}
              value={column.name}
              onChange={(name) => {
                const next = columns.find((other) => other.name === name);
                if (next) setChosen({ column: next, question: questionOf(next) });
                setValues([]);
              }}
            />
            <Select
              label="By"
              choices={column.numeric ? NUMBER_QUESTIONS : TEXT_QUESTIONS}
              value={question}
              onChange={(next) => setChosen({ column, question: next })}
            />
          </div>
        ) : null}
        {question === 'range' ? (
          <div className={styles['range']}>
            <NumberField
              label="From"
              value={from}
              onChange={setFrom}
              maximumFractionDigits={FRACTION_DIGITS}
            />
            <NumberField label="To" value={to} onChange={setTo} maximumFractionDigits={FRACTION_DIGITS} />
          </div>
        ) : null}
        {question === 'contains' ? (
          <TextField
            label="Part of the text"
            hint="Upper and lower case are the same"
            value={text}
            onChange={setText}
            onSubmit={add}
            autoFocus
          />
        ) : null}
        {question === 'values' ? (
          <ValueList path={path} column={column} view={view} chosen={values} onChange={setValues} />
        ) : null}
        <Checkbox isSelected={negated} onChange={setNegated}>
          Keep all other rows instead
        </Checkbox>
      </div>
    </Dialog>
  );
}

function ValueList(props: {
  readonly path: string;
  readonly column: DatasetColumn;
  /** Where the column is still to be chosen: among these. */
  readonly columns?: readonly DatasetColumn[];
  readonly view: DatasetView;
  readonly chosen: readonly Exclude<Cell, null>[];
  readonly onChange: (values: readonly Exclude<Cell, null>[]) => void;
}) {
  const { path, column, view, chosen, onChange } = props;
  const client = useClient();
  const [tokenizer] = useDecodingTokenizer(path);
  const values = useQuery({
    queryKey: [...queryKeys.dataset(path), 'values', column.name, viewText(view), tokenizer],
    queryFn: ({ signal }) =>
      client.datasets.values(
        {
          path,
          view,
          column: column.name,
          limit: MAX_SHOWN_VALUES,
          ...(tokenizer === '' ? {} : { tokenizer }),
        },
        { signal },
      ),
  });
  if (values.error) return <ErrorState compact {...describeError(values.error)} />;
  if (!values.data) return <Skeleton label={`Counting the values of ${column.name}`} rows={5} />;
  const { distinct } = values.data;
  return (
    <>
      <div className={styles['values']} role="group" aria-label={`Values of ${column.name}`}>
        {values.data.values.map(({ value, rows, truncated }) =>
          value === null ? null : (
            <div key={`${typeof value} ${String(value)}`} className={styles['value']}>
              <Checkbox
                isSelected={chosen.includes(value)}
                isDisabled={truncated}
                onChange={(isOn) =>
                  onChange(isOn ? [...chosen, value] : chosen.filter((other) => other !== value))
                }
              >
                <span className={styles['valueText']}>{value === '' ? '(empty text)' : String(value)}</span>
              </Checkbox>
              <span className={styles['count']}>{formatInteger(rows)}</span>
            </div>
          ),
        )}
      </div>
      {distinct > values.data.values.length ? (
        <p className={styles['hint']}>
          The {formatInteger(values.data.values.length)} most frequent of {formatInteger(distinct)} values
        </p>
      ) : null}
    </>
  );
}
