// What stands below a launch: the way back, a look before anything is queued, and the launch itself, in spite of what was found too.
import { Plus } from 'lucide-react';
import type { PreflightFinding } from '../../../../core/api/launches.ts';
import { describeError } from '../../../app/describe-error.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import styles from './launch-dialog.module.css';
import { countWords } from './preflight-list.tsx';

export interface LaunchActionsProps {
  /** Null while the form is shown. */
  readonly findings: readonly (readonly PreflightFinding[])[] | null;
  readonly isInTheWay: (finding: PreflightFinding) => boolean;
  readonly runs: number;
  /** One more run after these; null where nothing can follow. */
  readonly onAdd: (() => void) | null;
  readonly busy: 'checking' | 'launching' | null;
  readonly isReady: boolean;
  readonly problem: unknown;
  readonly onClose: () => void;
  readonly onBack: () => void;
  readonly onCheck: () => void;
  readonly onLaunch: () => void;
}

export function LaunchActions(props: LaunchActionsProps) {
  const { findings, isInTheWay, runs, busy, isReady, problem } = props;
  const all = findings?.flat() ?? [];
  const isBlocked = all.some(isInTheWay);
  const hasError = all.some(({ severity }) => severity === 'error');
  const verb = runs > 1 ? `Launch ${runs} runs` : 'Launch';
  const words = busy === 'launching' ? 'Launching' : busy === 'checking' ? 'Checking' : null;
  return (
    <>
      <div className={styles['problem']}>
        {problem ? (
          <ErrorState compact {...describeError(problem)} />
        ) : findings === null && props.onAdd ? (
          <Button kind="quiet" icon={Plus} onPress={props.onAdd}>
            Then…
          </Button>
        ) : isBlocked ? (
          <p className={styles['about']} role="status">
            {countWords(all)}. Launched all the same, this is kept with the run, with your name.
          </p>
        ) : null}
      </div>
      {findings === null ? (
        <>
          <Button onPress={props.onClose}>Cancel</Button>
          <Button isDisabled={!isReady || busy !== null} onPress={props.onCheck}>
            Check
          </Button>
        </>
      ) : (
        <Button autoFocus onPress={props.onBack}>
          Back
        </Button>
      )}
      <Button
        kind={hasError ? 'danger' : 'primary'}
        isDisabled={!isReady || busy !== null}
        onPress={props.onLaunch}
      >
        {words ?? (isBlocked ? `${verb} all the same` : verb)}
      </Button>
    </>
  );
}
