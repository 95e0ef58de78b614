// A form's edits on the buffer: exactly the characters of one value, in the one undo history that text and form share.
// Knows key paths and values; the editing itself is core/lib/config/edit.ts.
import { type EditResult, insertListItem, removeKey, setValue } from '../../../../core/lib/config/edit.ts';
import type { EditValue } from '../../../../core/lib/config/format-scalar.ts';
import type { FormField, FormGroup } from '../../../../core/lib/config/form.ts';
import type { ConfigNode, KeyPath } from '../../../../core/lib/config/types.ts';
import { notify } from '../../../app/notifications.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';

export interface FieldEditor {
  readonly buffer: ConfigBuffer;
  /** `within` joins the edits of one visit to a field into one undo step. */
  set(
    path: KeyPath,
    value: EditValue,
    options?: { readonly asFloat?: boolean; readonly within?: boolean },
  ): void;
  remove(path: KeyPath): void;
  insert(path: KeyPath, index: number, value: EditValue): void;
}

export function createFieldEditor(buffer: ConfigBuffer): FieldEditor {
  const perform = (result: EditResult, within = false): void => {
    if ('error' in result)
      notify({ severity: 'warning', title: 'The field was not changed', detail: result.error });
    else if (within) buffer.applyWithin(result.edits);
    else buffer.apply(result.edits);
  };
  return {
    buffer,
    set: (path, value, options = {}) => {
      const { asFloat = false, within = false } = options;
      perform(setValue(buffer.text(), path, value, { asFloat }), within);
    },
    remove: (path) => perform(removeKey(buffer.text(), path)),
    insert: (path, index, value) => perform(insertListItem(buffer.text(), path, index, value)),
  };
}

/** Every field of a group and of the groups inside it. */
export function fieldsOf(group: FormGroup): readonly FormField[] {
  return [...group.fields, ...group.groups.flatMap(fieldsOf)];
}

/** Where a field's value stands now, by the newest check. */
export function currentNode(buffer: ConfigBuffer, fieldId: string): ConfigNode | null {
  const groups = buffer.state.getState().checked?.form?.groups ?? [];
  return groups.flatMap(fieldsOf).find(({ id }) => id === fieldId)?.node ?? null;
}
