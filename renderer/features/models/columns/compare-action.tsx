// The main action of a comparison: another column.
import { useState } from 'react';
import type { PaneProps } from '../../../app/feature.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { formatDiskSize } from '../../../ui/format.ts';
import { ListView } from '../../../ui/list-view.tsx';
import { TwoLineRow } from '../../../ui/two-line-row.tsx';
import { MAX_COLUMNS } from './compare-state.ts';
import styles from './compare.module.css';
import { useCompare, useCompareSession, useModels } from './use-compare.ts';

export function CompareAction({ argument, query }: PaneProps) {
  const session = useCompareSession(argument ?? '', query);
  const columns = useCompare(session, (state) => state.columns);
  const isBusy = useCompare(session, (state) => state.isBusy);
  const models = useModels();
  const [isOpen, setOpen] = useState(false);
  const usable = (models.data ?? []).filter(({ problem }) => problem === null);
  return (
    <>
      <Button
        kind="primary"
        isDisabled={isBusy || columns.length >= MAX_COLUMNS}
        onPress={() => setOpen(true)}
      >
        Add column…
      </Button>
      <Dialog title="Add a column" isOpen={isOpen} onClose={() => setOpen(false)}>
        <div className={styles['models']}>
          <ListView
            label="Models"
            items={usable}
            idOf={(model) => model.path}
            textOf={(model) => `${model.name} ${model.path}`}
            selectedId={null}
            onOpen={(path) => {
              session.add(path);
              setOpen(false);
            }}
            rowHeightPx={46}
            renderItem={(model) => (
              <TwoLineRow
                name={model.path.split('/').slice(-2).join('/')}
                detail={[model.name, model.quantization, formatDiskSize(model.sizeBytes)]
                  .filter(Boolean)
                  .join(' · ')}
              />
            )}
          />
        </div>
      </Dialog>
    </>
  );
}
