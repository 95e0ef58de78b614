// Groups of the form: headings that fold, sections inside sections, sparse ones folded until they are wanted.
// Knows the form's model and which fields to show; a row is form-row.tsx.
import { ChevronRight, Plus } from 'lucide-react';
import { useState } from 'react';
import type { FormField, FormGroup } from '../../../../core/lib/config/form.ts';
import type { Finding } from '../../../../core/lib/config/types.ts';
import { type FieldEditor, fieldsOf } from './edit-field.ts';
import { FormRow } from './form-row.tsx';
import styles from './form.module.css';

export interface FormGroupsProps {
  readonly groups: readonly FormGroup[];
  readonly editor: FieldEditor;
  readonly findingsById: ReadonlyMap<string, readonly Finding[]>;
  /** Lower case; empty shows everything. */
  readonly filter: string;
  readonly isReadOnly: boolean;
  readonly currentId: string | null;
}

const noFindings: readonly Finding[] = [];

export function FormGroups(props: FormGroupsProps) {
  const shown = props.groups.filter((group) => matches(group, props.filter));
  if (shown.length === 0) return <p className={styles['note']}>No field matches the filter</p>;
  return shown.map((group) => <Group key={group.id} group={group} depth={0} {...props} />);
}

function Group({
  group,
  depth,
  ...props
}: FormGroupsProps & { readonly group: FormGroup; readonly depth: number }) {
  const { filter, findingsById, editor, isReadOnly, currentId } = props;
  const hasFinding = fieldsOf(group).some(({ id }) => findingsById.has(id)) || findingsById.has(group.id);
  const [openByHand, setOpenByHand] = useState<boolean | null>(null);
  const [allByHand, setAllByHand] = useState(false);
  const isOpen = filter !== '' || (openByHand ?? (group.present || hasFinding));
  const usual = group.fields.filter((field) => isUsual(field, findingsById, currentId));
  const rest = group.fields.length - usual.length;
  const showAll = allByHand || filter !== '';
  const fields = (showAll ? group.fields : usual).filter((field) => matchesField(field, filter, group));
  const inner = group.groups.filter((one) => matches(one, filter));
  const own = findingsById.get(group.id) ?? noFindings;
  const { addItem } = group;
  return (
    <section className={styles['group']} data-depth={Math.min(depth, 2)} data-group={group.id}>
      <h3 className={styles['heading']}>
        <button type="button" aria-expanded={isOpen} title={group.doc} onClick={() => setOpenByHand(!isOpen)}>
          <ChevronRight size={13} aria-hidden />
          {group.label}
        </button>
        {group.present ? null : <span className={styles['absent']}>not in the file</span>}
      </h3>
      {isOpen ? (
        <>
          {own.map((finding) => (
            <p key={`${finding.code}${finding.message}`} className={styles[`${finding.severity}Note`]}>
              {finding.message}
            </p>
          ))}
          {fields.map((field) => (
            <FormRow
              key={field.id}
              field={field}
              editor={editor}
              findings={findingsById.get(field.id) ?? noFindings}
              isReadOnly={isReadOnly}
              isCurrent={field.id === currentId}
            />
          ))}
          {rest > 0 && filter === '' ? (
            <button type="button" className={styles['more']} onClick={() => setAllByHand(!allByHand)}>
              {allByHand ? 'Show fewer' : `${rest} more ${rest === 1 ? 'field' : 'fields'}`}
            </button>
          ) : null}
          {inner.map((one) => (
            <Group key={one.id} group={one} depth={depth + 1} {...props} />
          ))}
          {addItem === null || isReadOnly || filter !== '' ? null : (
            <button
              type="button"
              className={styles['more']}
              onClick={() => editor.insert(addItem.path, addItem.index, newItem(addItem.item.fields))}
            >
              <Plus size={12} aria-hidden /> Add {addItem.item.name}
            </button>
          )}
        </>
      ) : null}
    </section>
  );
}

/** Shown without asking: what is written, what must be, what is wrong, and what is not marked advanced. */
function isUsual(
  field: FormField,
  findingsById: ReadonlyMap<string, readonly Finding[]>,
  currentId: string | null,
): boolean {
  return (
    field.isSet || field.required || !field.advanced || findingsById.has(field.id) || field.id === currentId
  );
}

function matches(group: FormGroup, filter: string): boolean {
  if (filter === '' || group.label.toLowerCase().includes(filter)) return true;
  return fieldsOf(group).some((field) => matchesField(field, filter, group));
}

function matchesField(field: FormField, filter: string, group: FormGroup): boolean {
  if (filter === '' || group.label.toLowerCase().includes(filter)) return true;
  return [field.label, field.id, field.doc].some((text) => text.toLowerCase().includes(filter));
}

/** What a new item of a list of sections starts with: its required plain fields, to be filled in. */
function newItem(fields: FormGroupAddFields): Readonly<Record<string, string | number>> {
  const entries = Object.entries(fields)
    .filter(([, field]) => field.required === true)
    .flatMap(([key, field]): [string, string | number][] => {
      if (field.type.kind === 'int') return [[key, field.type.minimum ?? 1]];
      if (field.type.kind === 'float') return [[key, field.type.minimum ?? 0]];
      if (field.type.kind === 'enum') return [[key, field.type.values[0] ?? 'new']];
      return field.type.kind === 'str' || field.type.kind === 'path' ? [[key, 'new']] : [];
    });
  return Object.fromEntries(entries);
}

type FormGroupAddFields = NonNullable<FormGroup['addItem']>['item']['fields'];
