// Asks where rows of a dataset go: name, format, leave to replace what is there. What is written, and whether the dialog waits for it,
// is its user's business.
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { isAbort } from '../../../app/describe-error.ts';
import { OutputDialog, outputFailure, useNamedOutput } from '../../../app/output-dialog.tsx';
import { Progress } from '../../../ui/progress.tsx';
import type { Choice } from '../../../ui/select.tsx';
import styles from './export-dialog.module.css';

export interface ExportOrder<Format> {
  /** A path of the workspace, with its ending. */
  readonly output: string;
  readonly format: Format;
  readonly overwrite: boolean;
  /** Aborted when the person cancels, or leaves. */
  readonly signal: AbortSignal;
  /** 0–1; null while nothing is known. */
  onProgress(fraction: number | null): void;
}

export interface ExportDialogProps<Format extends string> {
  readonly title: string;
  /** The first one is chosen; an id is the ending of the file. */
  readonly formats: readonly [Choice<Format>, ...Choice<Format>[]];
  /** The name that is offered, without ending. */
  readonly stem: string;
  readonly summary: ReactNode;
  /** Resolves when the dialog may close; what it throws is shown in it. */
  run(order: ExportOrder<Format>): Promise<void>;
  onClose(): void;
}

export function ExportDialog<Format extends string>(props: ExportDialogProps<Format>) {
  const { title, formats, stem, summary, run, onClose } = props;
  const named = useNamedOutput(stem);
  const [format, setFormat] = useState<Format>(formats[0].id);
  const [fraction, setFraction] = useState<number | null>(null);
  const controller = useRef<AbortController | null>(null);
  // Leaving ends what the dialog waits for: nothing half-written stays.
  useEffect(() => () => controller.current?.abort(), []);
  const name = named.name.trim();

  const start = async () => {
    const current = new AbortController();
    controller.current = current;
    setFraction(null);
    const isDone = await named.attempt(
      () =>
        run({
          output: `${name}.${format}`,
          format,
          overwrite: named.overwrite,
          signal: current.signal,
          onProgress: setFraction,
        }),
      (error) =>
        current.signal.aborted || isAbort(error)
          ? { text: 'The export was cancelled. Nothing was written', exists: false }
          : outputFailure(error),
    );
    controller.current = null;
    if (isDone) onClose();
  };
  return (
    <OutputDialog
      title={title}
      verb="Export"
      output={named}
      fieldLabel="File"
      mono
      formats={{ choices: formats, value: format, onChange: setFormat }}
      replaceLabel="Replace the file that is there"
      canSubmit={name !== ''}
      onSubmit={() => void start()}
      onClose={() => {
        controller.current?.abort();
        onClose();
      }}
      summary={summary}
    >
      {named.isBusy ? (
        <Progress label="Writing" fraction={fraction} onCancel={() => controller.current?.abort()} />
      ) : (
        <p className={styles['hint']}>A recipe is written beside it, so that the file says how it was made</p>
      )}
    </OutputDialog>
  );
}
