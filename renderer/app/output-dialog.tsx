// Asks for the name of a file that is about to be written: name, format where there are several, and leave to replace one that
// is there. One dialog for everything that is saved or exported.
import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { type Choice, Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { describeError, errorText } from './describe-error.ts';
import styles from './output-dialog.module.css';

export interface OutputFailure {
  readonly text: string;
  /** The file is there already: replacing it may be allowed. */
  readonly exists: boolean;
}

export interface NamedOutput {
  readonly name: string;
  setName(name: string): void;
  readonly overwrite: boolean;
  setOverwrite(overwrite: boolean): void;
  readonly failure: OutputFailure | null;
  readonly isBusy: boolean;
  /** Runs the writing; what it throws is shown in the dialog. True when it went well. */
  attempt(work: () => Promise<void>, explain?: (error: unknown) => OutputFailure): Promise<boolean>;
}

export function useNamedOutput(initialName: string): NamedOutput {
  const [name, setName] = useState(initialName);
  const [overwrite, setOverwrite] = useState(false);
  const [failure, setFailure] = useState<OutputFailure | null>(null);
  const [isBusy, setBusy] = useState(false);
  return {
    name,
    setName: (next) => {
      setName(next);
      setFailure(null);
      setOverwrite(false);
    },
    overwrite,
    setOverwrite,
    failure,
    isBusy,
    async attempt(work, explain = outputFailure) {
      if (isBusy) return false;
      setBusy(true);
      setFailure(null);
      try {
        await work();
        return true;
      } catch (error) {
        setFailure(explain(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}

export function outputFailure(error: unknown): OutputFailure {
  return { text: errorText(error), exists: describeError(error).code === 'ALREADY_EXISTS' };
}

export interface OutputDialogProps<Format extends string> {
  readonly title: string;
  /** On the button: "Export", "Save". */
  readonly verb: string;
  readonly output: NamedOutput;
  readonly fieldLabel: string;
  readonly fieldHint?: string;
  /** For paths. */
  readonly mono?: boolean;
  readonly formats?: {
    readonly choices: readonly Choice<Format>[];
    readonly value: Format;
    readonly onChange: (format: Format) => void;
  };
  /** "Replace the file that is there". */
  readonly replaceLabel: string;
  readonly canSubmit: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  /** What is written, above the name. */
  readonly summary: ReactNode;
  /** Below: a note, or how far the work is. */
  readonly children?: ReactNode;
}

export function OutputDialog<Format extends string = never>(props: OutputDialogProps<Format>) {
  const { title, verb, output, formats, onSubmit, onClose } = props;
  const canSubmit = props.canSubmit && !output.isBusy;
  const submit = () => {
    if (canSubmit) onSubmit();
  };
  const field = (
    <TextField
      label={props.fieldLabel}
      value={output.name}
      onChange={(next) => output.setName(next)}
      onSubmit={submit}
      isDisabled={output.isBusy}
      autoFocus
      mono={props.mono ?? false}
      error={output.failure?.text ?? null}
      {...(props.fieldHint === undefined ? {} : { hint: props.fieldHint })}
    />
  );
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={!canSubmit} onPress={submit}>
            {verb}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        {props.summary}
        {formats ? (
          <div className={styles['file']}>
            {field}
            <Select
              label="Format"
              choices={formats.choices}
              value={formats.value}
              onChange={formats.onChange}
              isDisabled={output.isBusy}
            />
          </div>
        ) : (
          field
        )}
        {output.failure?.exists ? (
          <Checkbox isSelected={output.overwrite} onChange={(next) => output.setOverwrite(next)}>
            {props.replaceLabel}
          </Checkbox>
        ) : null}
        {props.children}
      </div>
    </Dialog>
  );
}
