// The checkpoints of a run, newest first: step, tokens, size, whole or not. The chosen one shows its facts and its path.
import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Button as RowButton } from 'react-aria-components/Button';
import type { Checkpoint, CheckpointList } from '../../../../core/api/checkpoints.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { isOpenable } from '../../../../core/lib/checkpoints/layouts.ts';
import { Age } from '../../../app/age.tsx';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import {
  formatCount,
  formatDateTime,
  formatDiskSize,
  formatInteger,
  formatQuantity,
} from '../../../ui/format.ts';
import { Section } from '../../../ui/pane.tsx';
import { PropertyList } from '../../../ui/property-list.tsx';
import {
  CheckpointPanel,
  LifeMarks,
  LocalCheckpointsLink,
  OpeningFeed,
  RuleSection,
  useLives,
} from '../../checkpoints/index.tsx';
import { EvaluationRuleSection } from '../../evaluations/index.tsx';
import { openOfRun } from '../open-of-run.ts';
import styles from './run-checkpoints.module.css';
import { isLive } from '../run-state.tsx';

/** What is known is read again; how often a target is asked does not depend on it. */
const REFRESH_MS = 8_000;
/** Clocks of clusters are not this one's. */
const RECENT_MS = 86_400_000;
const LOOKS_AFTER_END = 8;
/** The newest; a run of months has hundreds. */
const SHOWN = 12;

export function useCheckpoints(run: Run | null): CheckpointList | null {
  const client = useClient();
  const list = useQuery<CheckpointList | null>({
    // A run that ended has written its last one.
    queryKey: [...queryKeys.checkpoints(run?.id ?? ''), run !== null && isLive(run)],
    placeholderData: (before, query) => (query?.queryKey.includes(run?.id ?? '') ? before : undefined),
    enabled: run !== null,
    refetchInterval: ({ state }) => {
      if (run === null) return false;
      if (isLive(run)) return REFRESH_MS;
      // The last look begins when the run ends, and its answer comes later.
      const endedAgoMs = Math.abs(Date.now() - (run.end?.endedMs ?? 0));
      return endedAgoMs < RECENT_MS && state.dataUpdateCount < LOOKS_AFTER_END ? REFRESH_MS : false;
    },
    queryFn: ({ signal }) => (run === null ? null : client.checkpoints.list({ id: run.id }, { signal })),
  });
  return list.data ?? null;
}

export function RunCheckpoints({ run, query }: { readonly run: Run; readonly query: URLSearchParams }) {
  const list = useCheckpoints(run);
  const lives = useLives(run.id);
  const [showsAll, setShowsAll] = useState(false);
  const chosenName = query.get('checkpoint');
  if (list === null || (list.folders.length === 0 && list.checkpoints.length === 0)) return null;
  const newestFirst = list.checkpoints.toReversed();
  const chosen = newestFirst.find(({ name }) => name === chosenName) ?? null;
  const shown = newestFirst.slice(0, showsAll ? newestFirst.length : SHOWN);
  if (chosen !== null && !shown.includes(chosen)) shown.push(chosen);
  const hidden = newestFirst.length - shown.length;
  // Before the first one nobody knows its format.
  const canBeOpened = newestFirst.length === 0 || newestFirst.some(({ layout }) => isOpenable(layout));
  return (
    <Section
      title="Checkpoints"
      aside={list.lookedMs === null ? '' : <Age before="looked" atMs={list.lookedMs} />}
    >
      <OpeningFeed />
      {newestFirst.length === 0 ? <p className={styles['none']}>None yet in {list.folders[0]}</p> : null}
      <ul className={styles['list']} aria-label="Checkpoints">
        {shown.map((checkpoint) => (
          <li key={checkpoint.name}>
            <RowButton
              className={styles['row'] ?? ''}
              aria-expanded={checkpoint === chosen}
              aria-label={`Checkpoint ${formatInteger(checkpoint.step)}${checkpoint.problem === null ? '' : ', not whole'}`}
              data-problem={checkpoint.problem === null ? undefined : 'yes'}
              onPress={() => openOfRun(run.id, checkpoint === chosen ? {} : { checkpoint: checkpoint.name })}
            >
              <span className={styles['step']}>{formatInteger(checkpoint.step)}</span>
              <span className={styles['tokens']}>
                {checkpoint.tokens === null ? '' : `${formatCount(checkpoint.tokens)} tokens`}
              </span>
              <span className={styles['end']}>
                <LifeMarks life={lives?.get(checkpoint.step)} />
                {standing(checkpoint)}
              </span>
            </RowButton>
            {checkpoint === chosen ? (
              <div className={styles['facts']}>
                <CheckpointPanel
                  key={checkpoint.name}
                  run={run}
                  checkpoint={checkpoint}
                  life={lives?.get(checkpoint.step) ?? null}
                />
                <CheckpointFacts checkpoint={checkpoint} run={run} />
              </div>
            ) : null}
          </li>
        ))}
      </ul>
      {hidden > 0 || showsAll ? (
        <Button kind="quiet" onPress={() => setShowsAll(!showsAll)}>
          {showsAll ? 'Show the newest' : `Show ${formatQuantity(hidden, 'older one')}`}
        </Button>
      ) : null}
      {list.problem === null ? null : <p className={styles['none']}>{list.problem}</p>}
      {canBeOpened ? (
        <>
          <RuleSection run={run} checkpoints={list.checkpoints} />
          <Suspense>
            <EvaluationRuleSection run={run} checkpoints={list.checkpoints} />
          </Suspense>
        </>
      ) : null}
      <LocalCheckpointsLink />
    </Section>
  );
}

function standing({ problem, isLatest, sizeBytes }: Checkpoint): string {
  if (problem !== null) return 'not whole';
  const size = sizeBytes === null ? '' : formatDiskSize(sizeBytes);
  return isLatest ? `${size} · latest` : size;
}

const formatNames: Readonly<Record<Checkpoint['layout'], string>> = {
  nanotron: 'Nanotron',
  'hugging-face': 'Hugging Face',
  megatron: 'Megatron-LM',
  nanochat: 'nanochat',
};

function CheckpointFacts({ checkpoint, run }: { readonly checkpoint: Checkpoint; readonly run: Run }) {
  const { step, problem, tokens, topology, savedMs, sizeBytes, files, path, layout } = checkpoint;
  const where = run.target === 'this-computer' ? 'this computer' : run.target;
  return (
    <>
      {problem === null ? null : <p className={styles['problem']}>Not whole: {problem}</p>}
      <PropertyList
        properties={[
          { name: 'Step', value: formatInteger(step) },
          { name: 'Format', value: formatNames[layout] },
          ...(tokens === null ? [] : [{ name: 'Tokens', value: formatInteger(tokens) }]),
          ...(topology === null ? [] : [{ name: 'Saved by', value: topology }]),
          ...(sizeBytes === null
            ? []
            : [
                { name: 'Size', value: `${formatDiskSize(sizeBytes)} in ${formatInteger(files ?? 0)} files` },
              ]),
          ...(savedMs === null ? [] : [{ name: 'Last written', value: formatDateTime(savedMs) }]),
          { name: 'On', value: where },
        ]}
      />
      <code className={styles['path']}>{path}</code>
      <CopyButton text={path} label="Copy path" />
    </>
  );
}
