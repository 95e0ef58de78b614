// The numbers of a run in one line above its charts: loss, bits per byte, tokens, speed, MFU, time left, learning rate. Each says its
// convention and source on hover and focus; pressing one copies it with them.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Button } from 'react-aria-components/Button';
import type { RunFacts } from '../../../core/api/run-facts.ts';
import type { Run } from '../../../core/api/runs.ts';
import { type NumberCell, movingCells } from '../../../core/lib/derived/number-cells.ts';
import { computeRunNumbers } from '../../../core/lib/derived/run-numbers.ts';
import { notify } from '../../app/notifications.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';
import { formatDateTime } from '../../ui/format.ts';
import { WithTooltip } from '../../ui/tooltip.tsx';
import styles from './numbers-strip.module.css';
import { isLive } from './run-state.tsx';
import type { SeriesFeed } from './series-feed.ts';

export interface NumbersStripProps {
  readonly run: Run;
  readonly feed: SeriesFeed | null;
  readonly version: number;
}

export function useRunFacts(run: Run | null): RunFacts | null {
  const client = useClient();
  const facts = useQuery({
    queryKey: queryKeys.runFacts(run?.id ?? ''),
    enabled: run !== null,
    queryFn: ({ signal }) => (run === null ? null : client.monitor.facts({ id: run.id }, { signal })),
  });
  return facts.data ?? null;
}

export function NumbersStrip({ run, feed, version }: NumbersStripProps) {
  const facts = useRunFacts(run);
  const live = isLive(run);
  const cells = useMemo(() => {
    // The columns grow in place: `version` says that they have.
    void version;
    if (facts === null || feed === null || feed.columns.size === 0) return null;
    const numbers = computeRunNumbers(
      {
        column: (tag) => feed.columns.get(tag)?.view(),
        trainSteps: run.totalSteps,
        newestPointMs: feed.state?.newestPointMs ?? null,
      },
      facts,
      live,
    );
    const moving = movingCells(numbers, formatDateTime);
    // Of a run that is over nothing is left.
    return live ? moving : moving.filter(({ id }) => id !== 'time-left');
  }, [facts, feed, version, run.totalSteps, live]);
  if (cells === null) return null;
  return (
    <div className={styles['strip']} role="group" aria-label="Numbers of the run">
      {cells.map((cell) => (
        <Cell key={cell.id} cell={cell} />
      ))}
    </div>
  );
}

function Cell({ cell }: { readonly cell: NumberCell }) {
  const { label, value, detail, note, isKnown, tone } = cell;
  const copy = () => {
    const text = `${label} ${value}${detail === '' ? '' : ` ${detail}`} (${note})`;
    navigator.clipboard.writeText(text).then(
      () => notify({ severity: 'info', title: `${label} was copied`, detail: text }),
      () => undefined,
    );
  };
  return (
    <WithTooltip text={note}>
      <Button
        className={styles['cell'] ?? ''}
        data-tone={tone}
        data-unknown={isKnown ? undefined : 'yes'}
        aria-label={`${label}: ${isKnown ? value : 'not known'}${detail === '' ? '' : `, ${detail}`}`}
        onPress={copy}
      >
        <span className={styles['label']}>{label}</span>
        <span className={styles['figure']}>
          <span className={styles['value']}>{value}</span>
          {detail === '' ? null : <span className={styles['detail']}>{detail}</span>}
        </span>
      </Button>
    </WithTooltip>
  );
}
