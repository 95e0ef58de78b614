// One checkpoint of a run: its life as a line of stages, what goes on in place, and the one button that does what is next.
import { Cable, MessageSquare } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { CheckpointLife } from '../../../core/api/checkpoint-life.ts';
import type { Checkpoint, Opening } from '../../../core/api/checkpoints.ts';
import type { Run } from '../../../core/api/runs.ts';
import { isOpenable, whyNotOpened } from '../../../core/lib/checkpoints/layouts.ts';
import { type WeightType, weightTypes } from '../../../core/lib/conversion/gguf-metadata.ts';
import { notifyError } from '../../app/notifications.ts';
import { href, navigate } from '../../app/route.ts';
import { useClient, useWorkspace } from '../../app/session.ts';
import { useTargets } from '../../app/target-feed.tsx';
import { useViewState } from '../../app/view-state.ts';
import { Button } from '../../ui/button.tsx';
import { formatDiskSize, formatInteger } from '../../ui/format.ts';
import { Progress } from '../../ui/progress.tsx';
import { Select } from '../../ui/select.tsx';
import { CheckpointMenu } from './checkpoint-menu.tsx';
import { CheckpointProblem } from './checkpoint-problem.tsx';
import styles from './checkpoint-panel.module.css';
import { lifeLine, modelOf } from './life-line.ts';
import { LifeStages } from './life-stages.tsx';
import { useOpening } from './openings.tsx';
import { type Asked, openAndChat } from './start-opening.ts';

export interface CheckpointPanelProps {
  readonly run: Run;
  readonly checkpoint: Checkpoint;
  readonly life: CheckpointLife | null;
}

const parseType = (value: unknown): WeightType | undefined =>
  weightTypes.find((type) => type === value) ?? undefined;

export function CheckpointPanel(props: CheckpointPanelProps) {
  const { layout } = props.checkpoint;
  return isOpenable(layout) ? <OpenablePanel {...props} /> : <OtherFormat layout={layout} />;
}

/** What is of no use to the engine here is still gone on from. */
function OtherFormat({ layout }: { readonly layout: Parameters<typeof whyNotOpened>[0] }) {
  const { message, hint } = whyNotOpened(layout);
  return (
    <div className={styles['panel']}>
      <p className={styles['note']}>{`${message}. ${hint}.`}</p>
    </div>
  );
}

function OpenablePanel({ run, checkpoint, life }: CheckpointPanelProps) {
  const client = useClient();
  const { readOnly } = useWorkspace();
  const opening = useOpening(run.id, checkpoint.step);
  const [type, setType] = useViewState<WeightType>('checkpoints.type', parseType, 'q8_0');
  const target = useTargets()?.find(({ name }) => name === run.target) ?? null;
  const isOffline = run.target !== 'this-computer' && target?.connection.kind !== 'connected';
  const model = modelOf(life, type);
  const isRunning = opening !== null && opening.error === null;
  const isReady = model !== null && model.verified !== null;
  const isHere = isReady || life?.pulled != null;
  const step = formatInteger(checkpoint.step);
  const own = useRef<HTMLDivElement>(null);
  // A click on a mark of a curve opens it below what the inspector shows first.
  useEffect(() => {
    own.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const asked: Asked = { id: run.id, step: checkpoint.step, type };
  const start = (more: Partial<Asked> = {}) =>
    void openAndChat(client, { ...asked, ...more }, checkpoint.name);
  const chat = () => {
    if (isReady && model) navigate(href('models', `checkpoints/${run.id}/${checkpoint.step}/${model.file}`));
    else start();
  };
  return (
    <div ref={own} className={styles['panel']}>
      <LifeStages stages={lifeLine(checkpoint, life, opening, type)} />
      {isRunning ? <InPlace opening={opening} run={run} /> : null}
      {model?.verified?.verdict === 'different' ? (
        <p className={styles['bad']} role="status">
          {`Not the same model: ${model.verified.reasons.join('; ')}`}
        </p>
      ) : null}
      {opening !== null && opening.error !== null ? (
        <CheckpointProblem
          opening={opening}
          onAgain={start}
          onClose={() => void client.checkpoints.cancel(asked).catch(notifyError)}
        />
      ) : null}
      {readOnly || isRunning ? null : (
        <>
          <div className={styles['main']}>
            {isOffline && !isHere ? (
              <Button
                kind="primary"
                icon={Cable}
                onPress={() => void client.targets.connect({ name: run.target }).catch(notifyError)}
              >{`Connect to ${run.target}`}</Button>
            ) : (
              <Button
                kind="primary"
                icon={MessageSquare}
                isDisabled={checkpoint.problem !== null && !isHere}
                onPress={chat}
              >
                {model?.verified?.verdict === 'different' ? 'Chat all the same' : `Chat with step ${step}`}
              </Button>
            )}
          </div>
          <div className={styles['acts']}>
            <span className={styles['as']}>as</span>
            <Select
              label="Type of the weights"
              isLabelHidden
              choices={weightTypes.map((id) => ({ id, label: id, detail: detailOf(id, life) }))}
              value={type}
              onChange={setType}
            />
            <span className={styles['spring']} />
            <CheckpointMenu run={run} checkpoint={checkpoint} life={life} isOffline={isOffline} />
          </div>
        </>
      )}
      {isOffline && !isHere ? (
        <p className={styles['note']}>{`${run.target} is not connected: the list is as it was seen last.`}</p>
      ) : null}
    </div>
  );
}

function detailOf(type: WeightType, life: CheckpointLife | null): string {
  const made = modelOf(life, type);
  if (made !== null) return `here · ${formatDiskSize(made.sizeBytes)}`;
  const size = { f32: '4 bytes a weight', f16: '2 bytes a weight', bf16: '2 bytes a weight, as trained' };
  if (type in size) return size[type as keyof typeof size];
  return type === 'q8_0' ? 'about half of f16' : 'smaller, with a loss that is measured';
}

const words = { pull: 'Pulling', convert: 'Converting', verify: 'Verifying' } as const;

function InPlace({ opening, run }: { readonly opening: Opening; readonly run: Run }) {
  const client = useClient();
  const { stage, share, doneBytes, totalBytes, bytesPerSecond, secondsLeft, note, step } = opening;
  const isPull = stage === 'pull' && totalBytes > 0;
  return (
    <div className={styles['progress']}>
      <Progress
        label={stage === null ? 'Waiting' : words[stage]}
        fraction={share}
        {...(isPull ? { amount: `${formatDiskSize(doneBytes)} of ${formatDiskSize(totalBytes)}` } : {})}
        rate={isPull && bytesPerSecond !== null ? `${formatDiskSize(bytesPerSecond)}/s` : null}
        secondsLeft={secondsLeft}
        onCancel={() => void client.checkpoints.cancel({ id: run.id, step }).catch(notifyError)}
      />
      {note === null ? null : <p className={styles['note']}>{note}</p>}
    </div>
  );
}
