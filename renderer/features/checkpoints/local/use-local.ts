// What is here of all checkpoints, and removing of it: one click, and the way back.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { LocalCheckpoints, Removable } from '../../../../core/api/checkpoint-budget.ts';
import { runId } from '../../../../core/api/runs.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { formatDiskSize } from '../../../ui/format.ts';
import { livesKey } from '../openings.tsx';

/** What is on the disk changes without anybody saying so. */
const REFRESH_MS = 30_000;

export interface LocalChoice {
  readonly runId: string;
  readonly step: number;
  readonly what: Removable;
}

export function useLocal() {
  const client = useClient();
  const queries = useQueryClient();
  const local = useQuery<LocalCheckpoints>({
    queryKey: [...livesKey, 'local'],
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) => client.checkpoints.local(undefined, { signal }),
  });
  const changed = () => queries.invalidateQueries({ queryKey: livesKey });
  const remove = async (choices: readonly LocalChoice[]): Promise<void> => {
    try {
      const items = choices.map(({ runId: id, step, what }) => ({ id: runId.parse(id), step, what }));
      const { bytes, tokens } = await client.checkpoints.remove({ items });
      const restore = () => client.checkpoints.restore({ tokens }).then(changed, notifyError);
      notify({
        severity: 'info',
        title: `${formatDiskSize(bytes)} of checkpoints removed`,
        detail: 'The disk has the room in 10 minutes; until then it can be taken back',
        action: { label: 'Undo', perform: () => void restore() },
      });
    } catch (error) {
      notifyError(error);
    }
    await changed();
  };
  const freeNow = async (): Promise<void> => {
    try {
      const { bytes } = await client.checkpoints.freeNow();
      notify({ severity: 'good', title: `${formatDiskSize(bytes)} freed` });
    } catch (error) {
      notifyError(error);
    }
    await changed();
  };
  return { local, remove, freeNow };
}
