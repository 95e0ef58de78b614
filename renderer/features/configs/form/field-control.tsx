// Picks the control for a field's type: switch, choice, number, text, list, or a pointer to the text.
// Knows one field and its editor; rows, labels and errors are form-row.tsx.
import type { FormField } from '../../../../core/lib/config/form.ts';
import { reveal } from '../documents/desk-signals.ts';
import { currentNode, type FieldEditor } from './edit-field.ts';
import { shownText } from './field-value.ts';
import styles from './field-control.module.css';
import { ListInput } from './list-input.tsx';
import { ScalarInput } from './scalar-input.tsx';

/** Shown in place of a value that is written by itself: the default, when the schema knows it. */
export function ghostText({ node, type, defaultText, required }: FormField): string {
  if (node?.kind === 'scalar' && node.value === null) return 'null';
  if (required) return 'required';
  if (type.kind === 'bool' && defaultText !== null) return `default ${defaultText === 'true' ? 'on' : 'off'}`;
  return defaultText === null ? 'not set' : `default ${defaultText}`;
}

export function FieldControl({
  field,
  editor,
  isReadOnly,
  isInvalid,
}: {
  readonly field: FormField;
  readonly editor: FieldEditor;
  readonly isReadOnly: boolean;
  readonly isInvalid: boolean;
}) {
  const { type, node, path, label } = field;
  const { buffer } = editor;
  const id = fieldElementId(field.id);
  const visit = (): void => {
    buffer.undoStop();
    const here = currentNode(buffer, field.id);
    if (here !== null) reveal(buffer.path, here.range);
  };
  const common = {
    id,
    label,
    node,
    isReadOnly,
    onVisit: visit,
    onLeave: () => buffer.undoStop(),
  };
  const isPlain = node === null || node.kind === 'scalar';

  if (type.kind === 'bool' && (node === null || (node.kind === 'scalar' && node.type !== 'str'))) {
    const isOn = node?.kind === 'scalar' && node.value !== null ? node.value === true : null;
    const shown = isOn ?? field.defaultText === 'true';
    return (
      <button
        id={id}
        type="button"
        role="switch"
        aria-checked={shown}
        aria-label={label}
        data-unset={isOn === null || undefined}
        className={styles['switch']}
        disabled={isReadOnly}
        onFocus={visit}
        onClick={() => editor.set(path, !shown)}
      >
        <span className={styles['track']} />
        <span>{isOn === null ? ghostText(field) : isOn ? 'on' : 'off'}</span>
      </button>
    );
  }
  if (type.kind === 'enum' && isPlain) {
    const text = shownText(node);
    const known = type.values.find((value) => sameWord(String(value), text, type.ignoreCase));
    return (
      <select
        id={id}
        className={styles['input']}
        aria-label={label}
        aria-invalid={isInvalid}
        data-unset={text === '' || undefined}
        value={known === undefined ? text : String(known)}
        disabled={isReadOnly}
        onFocus={visit}
        onChange={(event) => {
          const value = type.values.find((member) => String(member) === event.target.value);
          if (value !== undefined) editor.set(path, value);
        }}
      >
        {text === '' ? <option value="">{ghostText(field)}</option> : null}
        {text !== '' && known === undefined ? <option value={text}>{text}</option> : null}
        {type.values.map((value) => (
          <option key={value} value={String(value)}>
            {String(value)}
          </option>
        ))}
      </select>
    );
  }
  if (type.kind === 'list' && (node === null || node.kind === 'list' || shownText(node) === '')) {
    const list = node?.kind === 'list' ? node : null;
    const isPlainList = list === null || list.items.every((item) => item.kind === 'scalar');
    if (isPlainList) {
      return (
        <ListInput
          {...common}
          item={type.item}
          node={list}
          onSetItem={(index, value) =>
            editor.set([...path, index], value, { asFloat: type.item.kind === 'float', within: true })
          }
          onRemoveItem={(index) => editor.remove([...path, index])}
          onAdd={(value) => editor.insert(path, list?.items.length ?? 0, value)}
          onVisit={(index) => {
            buffer.undoStop();
            const here = currentNode(buffer, field.id);
            const item = here?.kind === 'list' && index !== null ? here.items[index] : undefined;
            if (item !== undefined) reveal(buffer.path, item.range);
          }}
        />
      );
    }
  }
  const isText = node?.kind === 'scalar' ? node.source.includes('\n') : !isPlain;
  if (isText || type.kind === 'map' || type.kind === 'object') {
    return (
      <button
        id={id}
        type="button"
        className={styles['elsewhere']}
        onClick={() => {
          const here = currentNode(buffer, field.id);
          if (here !== null) reveal(buffer.path, here.range, true);
        }}
        disabled={node === null}
      >
        {node === null ? ghostText(field) : 'Edit in the text'}
      </button>
    );
  }
  return (
    <ScalarInput
      {...common}
      type={type.kind === 'any' || type.kind === 'union' || type.kind === 'list' ? { kind: 'str' } : type}
      placeholder={ghostText(field)}
      isInvalid={isInvalid}
      onSet={(value) => editor.set(path, value, { asFloat: type.kind === 'float', within: true })}
    />
  );
}

export function fieldElementId(id: string): string {
  return `field:${id}`;
}

function sameWord(left: string, right: string, ignoreCase = false): boolean {
  return ignoreCase ? left.toLowerCase() === right.toLowerCase() : left === right;
}
