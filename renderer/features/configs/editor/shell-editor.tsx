// A batch script or another short text in Monaco: read, or edited with remarks at its lines. Used wherever a script is shown; knows no run.
import { useEffect, useRef, useState } from 'react';
import { describeError } from '../../../app/describe-error.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { sharedOptions } from './editor-options.ts';
import { type LoadedEditor, loadEditor } from './load-editor.ts';
import type { editor } from './monaco.ts';
import styles from './shell-editor.module.css';

export interface ShellRemark {
  /** From 1. */
  readonly line: number;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}

export interface ShellEditorProps {
  readonly label: string;
  readonly value: string;
  /** Absent: it is only read. */
  readonly onChange?: ((text: string) => void) | undefined;
  readonly remarks?: readonly ShellRemark[];
  /** How its words are coloured. */
  readonly language?: 'shell' | 'yaml' | 'plaintext';
  /** Takes all of what is around it, without a frame. */
  readonly fills?: boolean;
}

const OWNER = 'nesso-script';
const noRemarks: readonly ShellRemark[] = [];

export function ShellEditor(props: ShellEditorProps) {
  const [loaded, setLoaded] = useState<LoadedEditor | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    let isWanted = true;
    loadEditor().then(
      (editor) => {
        if (isWanted) setLoaded(editor);
      },
      (error: unknown) => {
        if (isWanted) setProblem(error);
      },
    );
    return () => {
      isWanted = false;
    };
  }, []);
  if (problem !== null) return <ErrorState compact {...describeError(problem)} />;
  return loaded === null ? (
    <Skeleton label="Loading the editor" rows={8} />
  ) : (
    <Loaded {...props} loaded={loaded} />
  );
}

function Loaded({
  label,
  value,
  onChange,
  remarks = noRemarks,
  language = 'shell',
  fills = false,
  loaded,
}: ShellEditorProps & { readonly loaded: LoadedEditor }) {
  const { monaco } = loaded;
  const host = useRef<HTMLDivElement>(null);
  const instance = useRef<editor.IStandaloneCodeEditor | null>(null);
  const changed = useRef(onChange);
  useEffect(() => {
    changed.current = onChange;
  }, [onChange]);
  /** Texts that were told and have not come back yet, oldest first. */
  const told = useRef<string[]>([]);
  const isReadOnly = onChange === undefined;

  useEffect(() => {
    if (host.current === null) return;
    const model = monaco.editor.createModel('', language);
    const created = monaco.editor.create(host.current, {
      ...sharedOptions(),
      model,
      wordWrap: 'on',
      wrappingIndent: 'indent',
      folding: false,
      stickyScroll: { enabled: false },
      quickSuggestions: false,
      wordBasedSuggestions: 'off',
      renderValidationDecorations: 'on',
      tabFocusMode: true,
    });
    instance.current = created;
    const element = host.current;
    // Escape closes the editor's own find and hints first; a dialog around it must not take it for its own.
    const keepEscape = (event: KeyboardEvent): void => {
      const isOpen = element.querySelector('.find-widget.visible, .suggest-widget.visible') !== null;
      if (event.key === 'Escape' && isOpen) event.stopPropagation();
    };
    element.addEventListener('keydown', keepEscape);
    const listening = model.onDidChangeContent((event) => {
      if (event.isFlush || !changed.current) return;
      told.current.push(model.getValue());
      changed.current(model.getValue());
    });
    return () => {
      element.removeEventListener('keydown', keepEscape);
      listening.dispose();
      created.dispose();
      model.dispose();
      instance.current = null;
    };
  }, [monaco, language]);

  useEffect(() => {
    instance.current?.updateOptions({ readOnly: isReadOnly, ariaLabel: label, domReadOnly: isReadOnly });
  }, [isReadOnly, label, monaco]);

  useEffect(() => {
    const model = instance.current?.getModel();
    if (!model) return;
    // What was typed comes back a moment later, when more may have been typed: an older text of its own must not take that away.
    const place = told.current.lastIndexOf(value);
    told.current = place < 0 ? [] : told.current.slice(place + 1);
    if (place < 0 && model.getValue() !== value) model.setValue(value);
  }, [value, monaco]);

  useEffect(() => {
    const model = instance.current?.getModel();
    if (!model) return;
    const severities = {
      error: monaco.MarkerSeverity.Error,
      warning: monaco.MarkerSeverity.Warning,
      info: monaco.MarkerSeverity.Info,
    };
    monaco.editor.setModelMarkers(
      model,
      OWNER,
      remarks
        .filter(({ line }) => line <= model.getLineCount())
        .map(({ line, severity, message }) => ({
          severity: severities[severity],
          message,
          startLineNumber: line,
          endLineNumber: line,
          startColumn: 1,
          endColumn: model.getLineMaxColumn(line),
        })),
    );
  }, [remarks, value, monaco]);

  return (
    <div
      ref={host}
      className={styles['host']}
      data-fills={fills ? '' : undefined}
      data-testid="shell-editor"
    />
  );
}
