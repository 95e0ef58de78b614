// The main action of a comparison: another column.
import { Suspense, useState } from 'react';
import type { ModelSummary } from '../../../../core/api/models.ts';
import type { NewVoteSide } from '../../../../core/api/votes.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { formatDiskSize } from '../../../ui/format.ts';
import { ListView } from '../../../ui/list-view.tsx';
import { TwoLineRow } from '../../../ui/two-line-row.tsx';
import { NewVoteDialog } from '../../evaluations/index.tsx';
import { type Column, MAX_COLUMNS, settingsOf } from './compare-state.ts';
import { columnTitle } from './column-title.ts';
import styles from './compare.module.css';
import { useCompare, useCompareSession, useModels } from './use-compare.ts';

export function CompareAction({ argument, query }: PaneProps) {
  const session = useCompareSession(argument ?? '', query);
  const columns = useCompare(session, (state) => state.columns);
  const isBusy = useCompare(session, (state) => state.isBusy);
  const models = useModels();
  const [isOpen, setOpen] = useState(false);
  const usable = (models.data ?? []).filter(({ problem }) => problem === null);
  const { readOnly } = useWorkspace();
  const questions = useCompare(session, (state) => state.questions);
  const [isVoting, setVoting] = useState(false);
  const [first, second] = columns;
  return (
    <>
      <Button isDisabled={readOnly || isBusy || second === undefined} onPress={() => setVoting(true)}>
        Blind vote…
      </Button>
      {isVoting && first !== undefined && second !== undefined ? (
        <Suspense fallback={null}>
          <NewVoteDialog
            sides={[sideOf(first, 1, models.data), sideOf(second, 2, models.data)]}
            questions={questions}
            onClose={() => setVoting(false)}
          />
        </Suspense>
      ) : null}
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

/** Two columns of one model are told apart by their places. */
function sideOf(column: Column, place: number, models: readonly ModelSummary[] | undefined): NewVoteSide {
  const { title } = columnTitle(column, models?.find(({ path }) => path === column.modelPath) ?? null);
  return { ...settingsOf(column), label: `${title} (column ${place})` };
}
