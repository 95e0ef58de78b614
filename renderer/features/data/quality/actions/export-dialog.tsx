// Asks where the kept documents go. The work itself goes on after the dialog is closed.
import { useState } from 'react';
import { describeError } from '../../../../app/describe-error.ts';
import { useClient } from '../../../../app/session.ts';
import { Button } from '../../../../ui/button.tsx';
import { Checkbox } from '../../../../ui/checkbox.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { fileName } from '../../../../ui/format.ts';
import { Select } from '../../../../ui/select.tsx';
import { TextField } from '../../../../ui/text-field.tsx';
import { choiceText } from '../lab/choice.ts';
import type { Lab, Settled } from '../lab/lab.ts';
import styles from './actions.module.css';
import { ChoiceSummary } from './choice-summary.tsx';
import { startExport } from './export-run.ts';
import { type ExportFormat, exportFormats, exportStem } from './file-names.ts';

export function ExportDialog(props: {
  readonly lab: Lab;
  readonly settled: Settled;
  readonly onClose: () => void;
}) {
  const { lab, settled, onClose } = props;
  const client = useClient();
  const [stem, setStem] = useState(exportStem(lab.paths[0] ?? 'data/documents'));
  const [format, setFormat] = useState<ExportFormat>('parquet');
  const [overwrite, setOverwrite] = useState(false);
  const [failure, setFailure] = useState<{ readonly text: string; readonly exists: boolean } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const output = `${stem.trim()}.${format}`;

  const start = async () => {
    setBusy(true);
    try {
      const recipe = await client.quality.makeRecipe({
        paths: [...lab.paths],
        choice: settled.choice,
        name: choiceText(settled.choice),
        note: `Export of ${fileName(output)}`,
      });
      await startExport(client, { recipe, paths: lab.paths, output, overwrite });
      onClose();
    } catch (error) {
      const { title, hint, code } = describeError(error);
      setFailure({ text: `${title}. ${hint}`, exists: code === 'ALREADY_EXISTS' });
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Export kept documents"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={stem.trim() === '' || isBusy} onPress={() => void start()}>
            Export
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <ChoiceSummary settled={settled} />
        <div className={styles['row']}>
          <TextField
            label="File"
            value={stem}
            onChange={(next) => {
              setStem(next);
              setFailure(null);
              setOverwrite(false);
            }}
            onSubmit={() => void start()}
            autoFocus
            mono
            error={failure?.text ?? null}
          />
          <Select
            label="Format"
            choices={exportFormats.map((id) => ({ id, label: `.${id}` }))}
            value={format}
            onChange={setFormat}
          />
        </div>
        {failure?.exists ? (
          <Checkbox isSelected={overwrite} onChange={setOverwrite}>
            Replace the file that is there
          </Checkbox>
        ) : null}
        <p className={styles['hint']}>
          The recipe is written beside it, so that the file says how it was made
        </p>
      </div>
    </Dialog>
  );
}
