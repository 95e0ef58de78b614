// What is shown until a dataset is open: a skeleton, progress with rate and time left, or what went wrong.
import { describeError } from '../../app/describe-error.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { formatDiskSize, formatDuration, formatInteger } from '../../ui/format.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { HeadRows } from './head-rows.tsx';
import styles from './opening-state.module.css';
import type { Opening } from './use-dataset.ts';

/** A rate measured over less says little. */
const RATE_FROM_MS = 500;

export interface OpeningStateProps {
  readonly path: string;
  readonly opening: Exclude<Opening, { kind: 'ready' }>;
  readonly onRetry: () => void;
  readonly onCancel: () => void;
  /** Set where other files of the dataset can be opened without the damaged one. */
  readonly onSkipDamaged?: (() => void) | undefined;
}

export function OpeningState({ path, opening, onRetry, onCancel, onSkipDamaged }: OpeningStateProps) {
  switch (opening.kind) {
    case 'waiting':
      return <Skeleton label="Opening the dataset" rows={8} />;
    case 'progress':
      return (
        <>
          <Reading progress={opening} onCancel={onCancel} />
          <HeadRows path={path} />
        </>
      );
    case 'cancelled':
      return (
        <EmptyState title="Reading was cancelled" actions={<Button onPress={onRetry}>Read it again</Button>}>
          Nothing was changed. What had been read is thrown away.
        </EmptyState>
      );
    case 'failed':
      return (
        <ErrorState
          {...describeError(opening.error)}
          actions={
            <>
              <Button onPress={onRetry}>Try again</Button>
              {onSkipDamaged ? <Button onPress={onSkipDamaged}>Open without damaged files</Button> : null}
            </>
          }
        />
      );
  }
}

function Reading({
  progress,
  onCancel,
}: {
  readonly progress: Extract<Opening, { kind: 'progress' }>;
  readonly onCancel: () => void;
}) {
  const { doneBytes, totalBytes, rows, elapsedMs } = progress;
  const share = totalBytes > 0 ? doneBytes / totalBytes : 0;
  const rate = elapsedMs > RATE_FROM_MS ? (1000 * doneBytes) / elapsedMs : 0;
  const left =
    rate > 0
      ? ` · ${formatDiskSize(rate)}/s · ${formatDuration(((totalBytes - doneBytes) / rate) * 1000)} left`
      : '';
  return (
    <div className={styles['reading']}>
      <progress value={share} max={1} aria-label="Reading the file for the first time" />
      <span>
        Reading the file for the first time · {formatInteger(rows)} rows · {Math.round(share * 100)} %{left}
      </span>
      <span>
        <Button onPress={onCancel}>Cancel</Button>
      </span>
    </div>
  );
}
