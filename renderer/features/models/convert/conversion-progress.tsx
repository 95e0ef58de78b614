// A conversion while it runs and after: every type with its state, its size, its verdict and its warnings.
import { Check, CircleAlert, CircleDashed, LoaderCircle } from 'lucide-react';
import { describeError } from '../../../app/describe-error.ts';
import { href, navigate } from '../../../app/route.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatDiskSize, formatDuration } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import { shownModelName } from '../model-name.ts';
import { ParityBadge } from '../verify/parity-badge.tsx';
import type { Work } from '../work-store.ts';
import { type ConversionStep, conversions } from './conversion-work.ts';
import styles from './convert.module.css';

export function ConversionProgress({
  source,
  work,
  onClose,
}: {
  readonly source: string;
  readonly work: Work<readonly ConversionStep[]>;
  readonly onClose: () => void;
}) {
  const steps = work.kind === 'done' ? work.result : work.kind === 'working' ? (work.partial ?? []) : [];
  const isWorking = work.kind === 'working';
  const close = () => {
    if (!isWorking) conversions.forget(source);
    onClose();
  };
  const current = steps.find(({ state }) => state === 'converting' || state === 'verifying');
  return (
    <Dialog
      title={isWorking ? `Converting ${shownModelName(source)}` : `Converted ${shownModelName(source)}`}
      isOpen
      width="wide"
      isDismissable={false}
      onClose={close}
      actions={
        isWorking ? (
          <>
            <Button onPress={() => conversions.cancel(source)}>Cancel the conversion</Button>
            <Button kind="primary" onPress={close}>
              Go on in the background
            </Button>
          </>
        ) : (
          <>
            <Button onPress={() => conversions.forget(source)}>Convert more…</Button>
            <Button kind="primary" autoFocus onPress={close}>
              Close
            </Button>
          </>
        )
      }
    >
      <div className={styles['form']}>
        {isWorking ? (
          <Progress
            label={
              current
                ? `${current.state === 'verifying' ? 'Verifying' : 'Writing'} ${current.type.toUpperCase()}`
                : 'Starting'
            }
            fraction={work.share}
          />
        ) : null}
        {work.kind === 'failed' ? <ErrorState compact {...describeError(work.error)} /> : null}
        <ul className={styles['steps']} aria-label="What is written">
          {steps.map((step) => (
            <StepRow key={step.output} step={step} onLeave={close} />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

const stateWords: Readonly<Record<ConversionStep['state'], string>> = {
  waiting: 'waits',
  converting: 'being written',
  verifying: 'being verified',
  done: 'done',
  failed: 'failed',
};
const icons = {
  waiting: CircleDashed,
  converting: LoaderCircle,
  verifying: LoaderCircle,
  done: Check,
  failed: CircleAlert,
} as const;

function StepRow({ step, onLeave }: { readonly step: ConversionStep; readonly onLeave: () => void }) {
  const { type, output, state, converted, report, error } = step;
  const Icon = icons[state];
  const isFile = output.endsWith('.gguf');
  const leaveTo = (target: string) => {
    onLeave();
    navigate(target);
  };
  return (
    <li className={styles['step']} data-state={state}>
      <Icon size={14} aria-label={stateWords[state]} className={styles['icon'] ?? ''} />
      <strong>{type.toUpperCase()}</strong>
      <span className={styles['output']}>
        {converted ? (
          <Button
            kind="quiet"
            onPress={() => leaveTo(href('models', output, isFile ? {} : { mode: 'inside' }))}
          >
            {output}
          </Button>
        ) : (
          output
        )}
      </span>
      <span className={styles['size']}>
        {converted
          ? `${formatDiskSize(converted.sizeBytes)} in ${formatDuration(converted.durationMs)}`
          : stateWords[state]}
      </span>
      {report ? (
        <Button
          kind="quiet"
          onPress={() => leaveTo(href('models', output, { mode: 'inside', part: 'verification' }))}
        >
          <ParityBadge verification={{ verdict: report.verdict, isCurrent: true }} />
        </Button>
      ) : (
        <span />
      )}
      <div className={styles['notes']}>
        {report?.reasons.map((reason) => (
          <p key={reason}>{reason}</p>
        ))}
        {converted?.warnings.map((warning) => (
          <p key={warning}>{warning}</p>
        ))}
        {state === 'failed' ? <ErrorState compact {...describeError(error)} /> : null}
      </div>
    </li>
  );
}
