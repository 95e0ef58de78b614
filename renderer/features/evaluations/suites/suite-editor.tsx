// A suite as text: checked while it is typed, problems at their lines, a form that adds a prompt, saved on request.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { SuiteFile } from '../../../../core/api/suites.ts';
import { notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { ToolBar } from '../../../ui/tool-bar.tsx';
import { ShellEditor } from '../../configs/index.tsx';
import { AddPromptDialog } from './add-prompt-dialog.tsx';
import styles from './suite-editor.module.css';
import { suiteKeys } from './use-suites.ts';

const CHECK_DELAY_MS = 300;
/** Problems listed below the text; the rest stand at their lines. */
const SHOWN_PROBLEMS = 6;

export function SuiteEditor({ file }: { readonly file: SuiteFile }) {
  const client = useClient();
  const queries = useQueryClient();
  const [base, setBase] = useState({ text: file.text, version: file.version });
  const [text, setText] = useState(file.text);
  const [isAdding, setAdding] = useState(false);
  const isEdited = text !== base.text;
  // Another program changed the file: what was not edited here follows it.
  useEffect(() => {
    if (file.version === base.version) return;
    if (text === base.text) setText(file.text);
    if (text === base.text) setBase({ text: file.text, version: file.version });
  }, [file, base, text]);
  const settled = useSettled(text);
  const checked = useQuery({
    queryKey: ['suite-check', file.format, settled],
    queryFn: ({ signal }) => client.suites.check({ format: file.format, text: settled }, { signal }),
    placeholderData: (before) => before,
  });
  const problems = checked.data?.problems ?? file.problems;
  const remarks = useMemo(
    () => problems.map(({ line, message }) => ({ line: line ?? 1, message, severity: 'error' as const })),
    [problems],
  );
  const save = async () => {
    try {
      const saved = await client.suites.save({
        suite: file.name,
        format: file.format,
        text,
        basedOn: base.version,
      });
      setBase({ text: saved.text, version: saved.version });
      queries.setQueryData(suiteKeys.file(file.name), saved);
      await queries.invalidateQueries({ queryKey: suiteKeys.list });
      await queries.invalidateQueries({ queryKey: suiteKeys.table(file.name) });
    } catch (error) {
      notifyError(error);
    }
  };
  const prompts = checked.data?.suite?.prompts.length ?? null;
  return (
    // Ctrl+S saves from wherever the focus is inside.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={styles['view']}
      onKeyDown={(event) => {
        if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation();
        if (isEdited) void save();
      }}
    >
      <ToolBar>
        <code className={styles['path']}>{file.path}</code>
        <span className={styles['state']} role="status">
          {problems.length > 0
            ? formatQuantity(problems.length, 'problem')
            : prompts === null
              ? ''
              : `${formatQuantity(prompts, 'prompt')}, no problems`}
        </span>
        <span className={styles['spring']} />
        <Button onPress={() => setAdding(true)}>Add prompt…</Button>
        {isEdited ? <Button onPress={() => setText(base.text)}>Revert</Button> : null}
        <Button kind="primary" isDisabled={!isEdited} onPress={() => void save()} keys="Mod+S">
          Save
        </Button>
      </ToolBar>
      <div className={styles['editor']}>
        <ShellEditor
          label={`Text of ${file.path}`}
          language={file.format === 'yaml' ? 'yaml' : 'plaintext'}
          value={text}
          onChange={setText}
          remarks={remarks}
          fills
        />
      </div>
      {problems.length === 0 ? null : (
        <ul className={styles['problems']} aria-label="Problems">
          {problems.slice(0, SHOWN_PROBLEMS).map(({ line, message }) => (
            <li key={`${line} ${message}`}>{line === null ? message : `Line ${line}: ${message}`}</li>
          ))}
          {problems.length > SHOWN_PROBLEMS ? (
            <li>{`and ${problems.length - SHOWN_PROBLEMS} more`}</li>
          ) : null}
        </ul>
      )}
      {isAdding ? (
        <AddPromptDialog
          format={file.format}
          text={text}
          taken={new Set(checked.data?.suite?.prompts.map(({ id }) => id) ?? [])}
          onAdd={(next) => {
            setText(next);
            setAdding(false);
          }}
          onClose={() => setAdding(false)}
        />
      ) : null}
    </div>
  );
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), CHECK_DELAY_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
