// Which rows of published tables stand in the leaderboard.
import { describeError } from '../../../app/describe-error.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { PickDialog } from './pick-dialog.tsx';
import { moveInResults } from './place.ts';
import { usePublishedTables } from './use-results.ts';

export interface ReferencesDialogProps {
  readonly chosen: readonly string[];
  readonly onClose: () => void;
}

export function ReferencesDialog({ chosen, onClose }: ReferencesDialogProps) {
  const published = usePublishedTables();
  if (published.data === undefined) {
    return (
      <Dialog title="Published rows beside" isOpen onClose={onClose}>
        {published.error ? (
          <ErrorState compact {...describeError(published.error)} />
        ) : (
          <Skeleton label="Reading the published tables" rows={4} />
        )}
      </Dialog>
    );
  }
  const items = published.data.tables.flatMap(({ table, keys }) =>
    table.rows.map((row, place) => ({
      id: keys[place] ?? '',
      name: `${table.where}: ${row.name}`,
      detail: table.columns.map(({ label }) => label).join(', '),
    })),
  );
  return (
    <PickDialog
      title="Published rows beside"
      noun="row"
      items={items}
      chosen={chosen}
      allowsNone
      onChoose={(next) => moveInResults({ references: next ?? items.map(({ id }) => id) })}
      onClose={onClose}
    />
  );
}
