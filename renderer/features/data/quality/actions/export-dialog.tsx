// Asks where the kept documents go. The work itself goes on after the dialog is closed.
import { useState } from 'react';
import { OutputDialog, useNamedOutput } from '../../../../app/output-dialog.tsx';
import { useClient } from '../../../../app/session.ts';
import { fileName } from '../../../../ui/format.ts';
import { choiceText } from '../lab/choice.ts';
import type { Lab, Settled } from '../lab/lab.ts';
import styles from './actions.module.css';
import { ChoiceSummary } from './choice-summary.tsx';
import { startExport } from './export-run.ts';
import { type ExportFormat, exportFormats, exportStem } from './file-names.ts';

const formats = exportFormats.map((id) => ({ id, label: `.${id}` }));

export function ExportDialog(props: {
  readonly lab: Lab;
  readonly settled: Settled;
  readonly onClose: () => void;
}) {
  const { lab, settled, onClose } = props;
  const client = useClient();
  const named = useNamedOutput(exportStem(lab.paths[0] ?? 'data/documents'));
  const [format, setFormat] = useState<ExportFormat>('parquet');
  const output = `${named.name.trim()}.${format}`;

  const start = async () => {
    const { overwrite } = named;
    const isStarted = await named.attempt(async () => {
      const recipe = await client.quality.makeRecipe({
        paths: [...lab.paths],
        tokens: lab.tokens,
        choice: settled.choice,
        name: choiceText(settled.choice),
        note: `Export of ${fileName(output)}`,
      });
      await startExport(client, { recipe, paths: lab.paths, tokens: lab.tokens, output, overwrite });
    });
    if (isStarted) onClose();
  };
  return (
    <OutputDialog
      title="Export kept documents"
      verb="Export"
      output={named}
      fieldLabel="File"
      mono
      formats={{ choices: formats, value: format, onChange: setFormat }}
      replaceLabel="Replace the file that is there"
      canSubmit={named.name.trim() !== ''}
      onSubmit={() => void start()}
      onClose={onClose}
      summary={<ChoiceSummary settled={settled} />}
    >
      <p className={styles['hint']}>The recipe is written beside it, so that the file says how it was made</p>
    </OutputDialog>
  );
}
