// The GPUs of a run that is working, in the inspector. Asked for only while it is open: on a cluster every question is a step on the
// nodes of the job.
import { useEffect, useState } from 'react';
import type { GpuState } from '../../../../core/api/gpus.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { describeError } from '../../../app/describe-error.ts';
import { useNow } from '../../../app/use-now.ts';
import { useStream } from '../../../app/use-stream.ts';
import { useViewState } from '../../../app/view-state.ts';
import { Button } from '../../../ui/button.tsx';
import { formatAge, formatDuration, formatMemorySize } from '../../../ui/format.ts';
import { Section } from '../../../ui/pane.tsx';
import { isLive } from '../run-state.tsx';
import {
  type Figure,
  type GpuHistory,
  historyKey,
  noHistory,
  sparkPath,
  topOf,
  valueOf,
  withState,
} from './gpu-history.ts';
import styles from './gpus.module.css';

type Node = GpuState['nodes'][number];
type Gpu = Node['gpus'][number];

const CLOCK_MS = 1000;
const MIB = 1024 * 1024;
const SPARK = { width: 54, height: 14 };
const figures: readonly { readonly id: Figure; readonly name: string }[] = [
  { id: 'utilization', name: 'Use' },
  { id: 'memory', name: 'Memory' },
  { id: 'power', name: 'Power' },
  { id: 'temperature', name: 'Temp.' },
];

export function GpuSection({ run }: { readonly run: Run }) {
  const [isOpen, setOpen] = useViewState('runs.gpus', parseFlag, false);
  if (!isLive(run)) return null;
  return (
    <Section
      title="GPUs"
      aside={
        <span className={styles['switch']}>
          <Button kind="quiet" onPress={() => setOpen(!isOpen)}>
            {isOpen ? 'Stop reading' : 'Read'}
          </Button>
        </span>
      }
    >
      {isOpen ? (
        <Readings key={run.id} run={run} />
      ) : (
        <p className={styles['note']}>
          {run.target === 'this-computer'
            ? 'Read with nvidia-smi every few seconds while this is open.'
            : 'Read on the nodes of the job, at most every 30 seconds, while this is open.'}
        </p>
      )}
    </Section>
  );
}

function parseFlag(stored: unknown): boolean | undefined {
  return typeof stored === 'boolean' ? stored : undefined;
}

function Readings({ run }: { readonly run: Run }) {
  const [state, setState] = useState<GpuState | null>(null);
  const [history, setHistory] = useState<GpuHistory>(noHistory);
  const stream = useStream<GpuState>({
    key: `gpus ${run.id}`,
    open: (client, signal) => client.gpus.watch({ id: run.id }, { signal }),
    onItem: setState,
  });
  useEffect(() => {
    if (state) setHistory((known) => withState(known, state));
  }, [state]);
  const now = useNow(CLOCK_MS);
  if (stream.state.kind === 'failed')
    return <p className={styles['note']}>{describeError(stream.state.error).title}</p>;
  if (state === null) return <p className={styles['note']}>Asking…</p>;
  return (
    <>
      {state.problem === null ? null : (
        <p className={styles['problem']} role="status">
          {state.problem}
        </p>
      )}
      {state.nodes.map((node) => (
        <NodeReadings key={node.node} node={node} history={history} />
      ))}
      {state.steps.length === 0 ? null : (
        <dl className={styles['steps']}>
          {state.steps.map((step) => (
            <div key={step.step}>
              <dt>{step.step}</dt>
              <dd>
                {[
                  step.tasks === null ? null : `${step.tasks} ${step.tasks === 1 ? 'process' : 'processes'}`,
                  step.averageCpuSeconds === null
                    ? null
                    : `CPU ${formatDuration(step.averageCpuSeconds * 1000)}`,
                  step.maxMemoryBytes === null ? null : `memory ${formatMemorySize(step.maxMemoryBytes)}`,
                ]
                  .filter((part) => part !== null)
                  .join(', ')}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {state.askedMs === 0 ? null : (
        <p className={styles['age']}>
          {`Read ${formatAge(state.askedMs, now)}`}
          {state.nextMs === null || state.nextMs <= now
            ? ''
            : `, again in ${formatDuration(state.nextMs - now)}`}
        </p>
      )}
    </>
  );
}

function NodeReadings({ node, history }: { readonly node: Node; readonly history: GpuHistory }) {
  return (
    <div className={styles['node']}>
      <h4 className={styles['name']}>
        {node.node}
        <span className={styles['model']}>{node.gpus[0]?.name ?? ''}</span>
      </h4>
      {node.problem === null ? null : <p className={styles['note']}>{node.problem}</p>}
      {node.gpus.length === 0 ? null : (
        <table className={styles['table']} aria-label={`GPUs of ${node.node}`}>
          <thead>
            <tr>
              <th scope="col" aria-label="GPU" />
              {figures.map(({ id, name }) => (
                <th key={id} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {node.gpus.map((gpu) => {
              const readings = history.readings.get(historyKey(node.node, gpu)) ?? [gpu];
              return (
                <tr key={historyKey(node.node, gpu)}>
                  <th scope="row">{gpu.index}</th>
                  {figures.map(({ id }) => (
                    <td key={id}>
                      <span className={styles['value']}>{textOf(gpu, id)}</span>
                      <Spark readings={readings} figure={id} />
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </div>
  );
}

/** Drawn beside the number that says the same. */
function Spark({ readings, figure }: { readonly readings: readonly Gpu[]; readonly figure: Figure }) {
  const values = readings.map((gpu) => valueOf(gpu, figure));
  return (
    <svg className={styles['spark']} viewBox={`0 0 ${SPARK.width} ${SPARK.height}`} aria-hidden>
      <path d={sparkPath(values, topOf(readings, figure), SPARK)} />
    </svg>
  );
}

function textOf(gpu: Gpu, figure: Figure): string {
  const value = valueOf(gpu, figure);
  if (value === null) return '–';
  switch (figure) {
    case 'utilization':
      return `${Math.round(value)} %`;
    case 'memory':
      return formatMemorySize(value * MIB);
    case 'power':
      return `${Math.round(value)} W`;
    case 'temperature':
      return `${Math.round(value)} °C`;
  }
}
