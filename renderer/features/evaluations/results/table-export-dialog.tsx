// Writes the leaderboard as it is shown into a file of the workspace, or onto the clipboard.
import { useMemo, useState } from 'react';
import type { ShownLeaderboard } from '../../../../core/lib/evaluations/leaderboard.ts';
import { leaderboardText, tableText } from '../../../../core/lib/evaluations/table-texts.ts';
import { notify } from '../../../app/notifications.ts';
import { OutputDialog, useNamedOutput } from '../../../app/output-dialog.tsx';
import { useClient } from '../../../app/session.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import type { Choice } from '../../../ui/select.tsx';
import { tableSvg } from './table-svg.ts';

type Format = 'md' | 'tex' | 'csv' | 'svg';

const formats: readonly Choice<Format>[] = [
  { id: 'md', label: 'Markdown' },
  { id: 'tex', label: 'LaTeX', detail: 'booktabs' },
  { id: 'csv', label: 'CSV', detail: 'every digit' },
  { id: 'svg', label: 'SVG' },
];

export function TableExportDialog({
  shown,
  onClose,
}: {
  readonly shown: ShownLeaderboard;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const output = useNamedOutput('reports/leaderboard');
  const [format, setFormat] = useState<Format>('tex');
  const text = useMemo(() => {
    const table = leaderboardText(shown);
    if (format === 'svg') return tableSvg(table, 'Leaderboard');
    return tableText(table, format === 'md' ? 'markdown' : format === 'tex' ? 'latex' : 'csv');
  }, [shown, format]);
  const path = `${output.name.trim()}.${format}`;
  const save = async () => {
    const isDone = await output.attempt(async () => {
      await client.evaluations.exportTable({ path, overwrite: output.overwrite, text });
      notify({ severity: 'good', title: `${path} written` });
    });
    if (isDone) onClose();
  };
  return (
    <OutputDialog
      title="Export leaderboard"
      verb="Export"
      output={output}
      fieldLabel="File"
      mono
      formats={{ choices: formats, value: format, onChange: setFormat }}
      replaceLabel="Replace the file that is there"
      canSubmit={output.name.trim() !== ''}
      onSubmit={() => void save()}
      onClose={onClose}
      summary={
        <p>{`${formatQuantity(shown.rows.length, 'model')} by ${formatQuantity(shown.columns.length, 'column')}, as they are shown, with standard errors`}</p>
      }
    >
      <div>
        <CopyButton text={text} label="Copy instead" />
      </div>
    </OutputDialog>
  );
}
