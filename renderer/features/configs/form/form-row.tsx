// One row of the form: label, control, unit, how to unset it, and what is wrong with it below.
// Redrawn only when something of its own field changed: a form has a hundred rows and is renewed on every keystroke.
import { CircleSlash, RotateCcw } from 'lucide-react';
import { memo } from 'react';
import type { FormField } from '../../../../core/lib/config/form.ts';
import type { ConfigNode, Finding } from '../../../../core/lib/config/types.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { applyFix } from '../findings/apply-fixes.ts';
import type { FieldEditor } from './edit-field.ts';
import { FieldControl, fieldElementId } from './field-control.tsx';
import { shownText } from './field-value.ts';
import styles from './form.module.css';

export interface FormRowProps {
  readonly field: FormField;
  readonly editor: FieldEditor;
  readonly findings: readonly Finding[];
  readonly isReadOnly: boolean;
  /** The cursor of the text is on this field's line. */
  readonly isCurrent: boolean;
}

const severityClass = { error: 'error', warning: 'warning', info: 'hint' } as const;

export const FormRow = memo(function FormRow({
  field,
  editor,
  findings,
  isReadOnly,
  isCurrent,
}: FormRowProps) {
  const isInvalid = findings.some(({ severity }) => severity === 'error');
  const isNull = field.node?.kind === 'scalar' && field.node.value === null;
  const canReset = field.isSet && !field.required && !isReadOnly;
  const canBeNull = field.nullable && field.isSet && !isNull && !isReadOnly;
  const isWide = needsWidth(field);
  return (
    <div
      className={`${styles['row']} ${isWide ? styles['wide'] : ''}`}
      data-field={field.id}
      data-current={isCurrent || undefined}
      data-set={field.isSet || undefined}
    >
      <label
        className={styles['label']}
        htmlFor={fieldElementId(field.id)}
        title={`${field.key}: ${field.doc}`}
      >
        {field.label}
      </label>
      <div className={styles['control']}>
        <FieldControl field={field} editor={editor} isReadOnly={isReadOnly} isInvalid={isInvalid} />
      </div>
      <span className={styles['unit']} title={field.unit ?? undefined}>
        {field.unit}
      </span>
      <span className={styles['tools']}>
        {canBeNull ? (
          <button
            type="button"
            className={styles['tool']}
            aria-label={`Set ${field.label} to null`}
            title="Set to null"
            onClick={() => editor.set(field.path, null)}
          >
            <CircleSlash size={12} aria-hidden />
          </button>
        ) : null}
        {canReset ? (
          <button
            type="button"
            className={styles['tool']}
            aria-label={`Remove ${field.label} from the file`}
            title={
              field.defaultText === null ? 'Remove the key' : `Remove the key: default ${field.defaultText}`
            }
            onClick={() => editor.remove(field.path)}
          >
            <RotateCcw size={12} aria-hidden />
          </button>
        ) : null}
      </span>
      {field.noEffect === null || !field.isSet || findings.length > 0 ? null : (
        <span className={`${styles['below']} ${styles['hint']}`}>No effect: {field.noEffect}</span>
      )}
      {findings.map((finding) => (
        <span
          key={`${finding.code}${finding.range.start}`}
          className={`${styles['below']} ${styles[severityClass[finding.severity]]}`}
          title={finding.reason}
        >
          {finding.message}{' '}
          {finding.fix === undefined || isReadOnly ? null : (
            <button type="button" className={styles['fix']} onClick={() => fixLike(editor.buffer, finding)}>
              {finding.fix.title}
            </button>
          )}
        </span>
      ))}
    </div>
  );
}, sameRow);

/** Texts longer than this do not fit beside their label. */
const NARROW_TEXT = 16;

function needsWidth({ node, type }: FormField): boolean {
  if (node?.kind === 'list' || type.kind === 'list') return true;
  const isText = type.kind === 'str' || type.kind === 'path' || type.kind === 'any';
  return isText && shownText(node).length > NARROW_TEXT;
}

function sameRow(before: FormRowProps, after: FormRowProps): boolean {
  return (
    before.editor === after.editor &&
    before.isReadOnly === after.isReadOnly &&
    before.isCurrent === after.isCurrent &&
    before.field.id === after.field.id &&
    before.field.label === after.field.label &&
    before.field.type.kind === after.field.type.kind &&
    before.field.defaultText === after.field.defaultText &&
    sameText(before.field.node, after.field.node) &&
    before.findings.length === after.findings.length &&
    before.findings.every((finding, index) => {
      const other = after.findings[index];
      return finding.message === other?.message && finding.fix?.title === other.fix?.title;
    })
  );
}

/** Same text; places are asked for when they are needed, since every edit moves those below it. */
function sameText(before: ConfigNode | null, after: ConfigNode | null): boolean {
  if (before === null || after === null) return before === after;
  if (before.kind === 'scalar' && after.kind === 'scalar') return before.source === after.source;
  if (before.kind === 'list' && after.kind === 'list') {
    return (
      before.items.length === after.items.length &&
      before.items.every((item, index) => sameText(item, after.items[index] ?? null))
    );
  }
  return before.kind === 'map' && after.kind === 'map';
}

/** Applies the fix of the newest check's finding that says the same. */
function fixLike(buffer: ConfigBuffer, wanted: Finding): void {
  const current = buffer.state
    .getState()
    .checked?.findings.find(({ code, message }) => code === wanted.code && message === wanted.message);
  if (current !== undefined) applyFix(buffer, current);
}
