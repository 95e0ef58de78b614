// Asks where the kept documents go. The work itself goes on after the dialog is closed.
import { useClient } from '../../../../app/session.ts';
import { fileName } from '../../../../ui/format.ts';
import { ExportDialog } from '../../output/export-dialog.tsx';
import { stemBeside } from '../../output/file-names.ts';
import { choiceText } from '../lab/choice.ts';
import type { Lab, Settled } from '../lab/lab.ts';
import { ChoiceSummary } from './choice-summary.tsx';
import { startExport } from './export-run.ts';

const formats = [
  { id: 'parquet', label: '.parquet' },
  { id: 'jsonl', label: '.jsonl' },
  { id: 'jsonl.gz', label: '.jsonl.gz' },
  { id: 'jsonl.zst', label: '.jsonl.zst' },
] as const;

export function ExportKeptDialog(props: {
  readonly lab: Lab;
  readonly settled: Settled;
  readonly onClose: () => void;
}) {
  const { lab, settled, onClose } = props;
  const client = useClient();
  const { paths, tokens } = lab;
  return (
    <ExportDialog
      title="Export kept documents"
      formats={formats}
      stem={stemBeside(paths[0] ?? 'data/documents', 'kept')}
      summary={<ChoiceSummary settled={settled} />}
      onClose={onClose}
      run={async ({ output, overwrite, signal }) => {
        const recipe = await client.quality.makeRecipe(
          {
            paths: [...paths],
            tokens,
            choice: settled.choice,
            name: choiceText(settled.choice),
            note: `Export of ${fileName(output)}`,
          },
          { signal },
        );
        signal.throwIfAborted();
        await startExport(client, { recipe, paths, tokens, output, overwrite });
      }}
    />
  );
}
