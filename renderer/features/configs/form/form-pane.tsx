// The form of the open config: groups and fields of its schema on the same buffer as the text, with a filter.
// Undo and redo here are the text's own, so both have one history. Knows the form's model, not schemas.
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { attachFindings, type FormModel } from '../../../../core/lib/config/form.ts';
import type { Finding } from '../../../../core/lib/config/types.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { deskSignals } from '../documents/desk-signals.ts';
import { createFieldEditor, fieldsOf } from './edit-field.ts';
import { fieldElementId } from './field-control.tsx';
import { FormGroups } from './form-groups.tsx';
import styles from './form.module.css';
import { resetDraft } from './scalar-input.tsx';

export function FormPane({ buffer }: { readonly buffer: ConfigBuffer }) {
  const checked = useStore(buffer.state, (state) => state.checked);
  const readOnly = useStore(buffer.state, (state) => state.readOnly);
  const [filter, setFilter] = useState('');
  const host = useRef<HTMLDivElement>(null);
  const form = checked?.form ?? null;
  const findings = checked?.findings ?? null;
  const currentId = useCurrentField(buffer, form);
  useFollowCursor(host, currentId);

  if (buffer.plain) return note('The file is too large for a form; it opens as plain text');
  if (checked === null || findings === null) {
    return <Skeleton label="Loading the form" rows={14} />;
  }
  if (form === null) {
    return note(
      'Not a config the studio knows, so there is no form for it. Edit it as plain YAML; its syntax is checked.',
    );
  }
  const broken = findings.find(({ code }) => code === 'yaml-syntax');
  return (
    <div className={styles['pane']}>
      <div className={styles['filter']}>
        <SearchField
          label="Filter fields"
          value={filter}
          onChange={setFilter}
          placeholder="Filter the form…"
        />
      </div>
      {broken === undefined ? null : (
        <p className={styles['broken']}>
          Line {broken.line} does not parse, so the form shows what could be read. Fields after it may be
          missing.
        </p>
      )}
      <div
        role="presentation"
        ref={host}
        className={styles['groups']}
        onKeyDown={(event) => undoInText(event, buffer)}
        data-testid="form"
      >
        <Groups
          buffer={buffer}
          form={form}
          findings={findings}
          filter={filter}
          isReadOnly={readOnly}
          currentId={currentId}
        />
      </div>
    </div>
  );
}

function Groups({
  buffer,
  form,
  findings,
  filter,
  isReadOnly,
  currentId,
}: {
  readonly buffer: ConfigBuffer;
  readonly form: FormModel;
  readonly findings: readonly Finding[];
  readonly filter: string;
  readonly isReadOnly: boolean;
  readonly currentId: string | null;
}) {
  const editor = useMemo(() => createFieldEditor(buffer), [buffer]);
  const attached = useMemo(() => attachFindings(form, findings), [form, findings]);
  const words = useDeferredValue(filter).trim().toLowerCase();
  return (
    <FormGroups
      groups={form.groups}
      editor={editor}
      findingsById={attached}
      filter={words}
      isReadOnly={isReadOnly}
      currentId={currentId}
    />
  );
}

function note(text: string) {
  return <p className={styles['note']}>{text}</p>;
}

/** The field whose value stands on the line of the text's cursor. */
function useCurrentField(buffer: ConfigBuffer, form: FormModel | null): string | null {
  const cursor = useStore(deskSignals, (signals) => signals.cursor);
  return useMemo(() => {
    if (form === null || cursor?.path !== buffer.path || buffer.model.isDisposed()) return null;
    const line = Math.min(cursor.lineNumber, buffer.model.getLineCount());
    const offset = buffer.model.getOffsetAt(cursor);
    const start = buffer.model.getOffsetAt({ lineNumber: line, column: 1 });
    const end = start + buffer.model.getLineLength(line);
    const onLine = form.groups
      .flatMap(fieldsOf)
      .find(({ node }) => node !== null && node.range.start >= start && node.range.start <= end);
    const around = (): typeof onLine =>
      form.groups
        .flatMap(fieldsOf)
        .find(({ node }) => node !== null && node.range.start <= offset && offset <= node.range.end);
    return (onLine ?? around())?.id ?? null;
  }, [buffer, form, cursor]);
}

/** Scrolls the form to the field of the cursor, unless somebody works in the form. */
function useFollowCursor(host: { readonly current: HTMLElement | null }, currentId: string | null): void {
  useEffect(() => {
    if (currentId === null || host.current?.contains(document.activeElement)) return;
    document.getElementById(fieldElementId(currentId))?.scrollIntoView({ block: 'nearest' });
  }, [host, currentId]);
}

function undoInText(event: KeyboardEvent, buffer: ConfigBuffer): void {
  const isCommand = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (!isCommand || event.altKey || (key !== 'z' && key !== 'y')) return;
  event.preventDefault();
  event.stopPropagation();
  if (buffer.state.getState().readOnly) return;
  resetDraft(document.activeElement);
  if (key === 'y' || event.shiftKey) void buffer.model.redo();
  else void buffer.model.undo();
}
