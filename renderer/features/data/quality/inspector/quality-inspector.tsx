// The right pane of the lab: the board, why FineWeb-2 removed what is in the chosen cell, and its documents.
import { useState } from 'react';
import { describeError } from '../../../../app/describe-error.ts';
import type { PaneProps } from '../../../../app/feature.ts';
import { ErrorState } from '../../../../ui/error-state.tsx';
import { Pane, PaneHeader } from '../../../../ui/pane.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { useBoard } from '../lab/use-corpus-queries.ts';
import { useLab, useLabState } from '../lab/use-lab.ts';
import { Board } from './board.tsx';
import { isSameCell } from './cells.ts';
import { ReasonBars } from './reason-bars.tsx';
import styles from './quality-inspector.module.css';
import { SampleReader } from './sample-reader.tsx';

export function QualityInspector({ argument, query }: PaneProps) {
  const lab = useLab(argument ?? '', query);
  const settled = useLabState(lab, (state) => state.settled);
  const newest = useLabState(lab, (state) => state.newest);
  const language = useLabState(lab, (state) => state.language);
  const chosen = useLabState(lab, (state) => state.cell);
  const board = useBoard(lab, settled, language);
  const cell = board.data?.cells.find((candidate) => isSameCell(candidate, chosen));
  const [wanted, setReason] = useState<string | null>(null);
  // A reason that this cell does not have says nothing here.
  const own = cell?.reasons.find(({ reason }) => reason !== null && reason === wanted);
  const isEmpty = useLabState(
    lab,
    // A first choice that has no answer is explained in the work pane.
    ({ isClosed, description, problem, newest: answer }) =>
      isClosed || description?.heads.length === 0 || (problem !== null && answer === null),
  );
  const isStale = newest !== settled || board.isPlaceholderData;
  return (
    <Pane
      header={<PaneHeader title="Kept and removed" detail={isEmpty ? '' : (language ?? 'all languages')} />}
    >
      {isEmpty ? (
        <p className={styles['hint']}>What thresholds keep and remove is shown here, with its documents</p>
      ) : board.error ? (
        <ErrorState compact {...describeError(board.error)} />
      ) : settled === null || !board.data ? (
        <Skeleton label="Counting what is kept and removed" rows={6} />
      ) : (
        <>
          <Board
            board={board.data}
            where={language ?? 'all languages'}
            chosen={chosen}
            isStale={isStale}
            onChoose={(next) => lab.showCell(next)}
          />
          {cell ? (
            <div className={styles['reasons']}>
              <ReasonBars cell={cell} chosen={own?.reason ?? null} onChoose={setReason} />
            </div>
          ) : null}
          <SampleReader
            lab={lab}
            settled={settled}
            cell={chosen}
            reason={own?.reason ?? null}
            cellDocuments={own?.documents ?? cell?.documents ?? 0}
          />
        </>
      )}
    </Pane>
  );
}
