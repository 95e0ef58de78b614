// The middle pane of a dataset's rows: how far opening it is, then its rows.
import type { PaneProps } from '../../app/feature.ts';
import { Pane, PaneHeader } from '../../ui/pane.tsx';
import { ModeSwitch } from './mode-switch.tsx';
import { OpeningState } from './opening-state.tsx';
import { RowsWork } from './rows/rows-work.tsx';
import { datasetName, isOneOfSeveral } from './source/dataset-name.ts';
import { useDataset } from './use-dataset.ts';

export function DatasetWork({ argument, query }: PaneProps) {
  const { opening, restart, cancel, skipDamaged } = useDataset(argument);
  const path = argument ?? '';
  // For a moment after another file was chosen, the one before is still there.
  const isOther = opening.kind === 'ready' && opening.dataset.path !== path;
  if (opening.kind !== 'ready' || isOther) {
    return (
      <Pane
        header={<PaneHeader title={datasetName(path)} actions={<ModeSwitch path={path} query={query} />} />}
      >
        <OpeningState
          path={path}
          onSkipDamaged={
            opening.kind === 'failed' && isOneOfSeveral(opening.error, path) ? skipDamaged : undefined
          }
          opening={opening.kind === 'ready' ? { kind: 'waiting' } : opening}
          onRetry={restart}
          onCancel={cancel}
        />
      </Pane>
    );
  }
  return <RowsWork key={path} dataset={opening.dataset} query={query} />;
}
