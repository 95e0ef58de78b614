// How much the caches of the open workspace take, the limit they are kept below, and the button that empties them.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Settings } from '../../../core/api/system.ts';
import { Button } from '../../ui/button.tsx';
import { FieldRow } from '../../ui/field-row.tsx';
import { formatDiskSize } from '../../ui/format.ts';
import { Section } from '../../ui/pane.tsx';
import { notify, notifyError } from '../notifications.ts';
import { NumberRow } from './number-row.tsx';
import { workspaceKey } from '../query-keys.ts';
import { useClient } from '../session.ts';

const cacheKey = [...workspaceKey, 'cache'];

export function CacheSettings(props: { readonly settings: Settings; change(next: Partial<Settings>): void }) {
  const client = useClient();
  const queries = useQueryClient();
  const use = useQuery({
    queryKey: cacheKey,
    queryFn: ({ signal }) => client.system.readCache(undefined, { signal }),
    retry: false,
  });
  const empty = async () => {
    try {
      const { freedBytes } = await client.system.emptyCache();
      notify({
        severity: 'good',
        title: `The cache was emptied: ${formatDiskSize(freedBytes)} are free again`,
      });
      await queries.invalidateQueries({ queryKey: cacheKey });
    } catch (error) {
      notifyError(error);
    }
  };
  const parts = use.data?.parts ?? [];
  return (
    <Section title="Cache">
      <NumberRow
        label="Limit"
        unit="GB a workspace"
        value={props.settings.cacheLimitGb}
        min={1}
        max={100_000}
        onChange={(cacheLimitGb) => props.change({ cacheLimitGb })}
      />
      <FieldRow
        label="In this workspace"
        hint="Imports, score tables, token counts and embeddings; all of it is made again when it is needed"
        unit={
          <Button isDisabled={(use.data?.sizeBytes ?? 0) === 0} onPress={() => void empty()}>
            Empty
          </Button>
        }
      >
        <span title={parts.map(({ name, sizeBytes }) => `${name}: ${formatDiskSize(sizeBytes)}`).join('\n')}>
          {use.data ? formatDiskSize(use.data.sizeBytes) : use.error ? 'No workspace is open' : '…'}
        </span>
      </FieldRow>
    </Section>
  );
}
