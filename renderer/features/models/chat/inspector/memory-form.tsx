// Context and threads, whether the model fits before it is loaded, and which models are in memory now.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { describeError } from '../../../../app/describe-error.ts';
import { notifyError } from '../../../../app/notifications.ts';
import { workspaceKey } from '../../../../app/query-keys.ts';
import { useClient } from '../../../../app/session.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { FieldRow } from '../../../../ui/field-row.tsx';
import { formatDiskSize, formatInteger } from '../../../../ui/format.ts';
import { NumberField } from '../../../../ui/number-field.tsx';
import { Section } from '../../../../ui/pane.tsx';
import { useModelTitle } from '../../use-model-title.ts';
import type { ChatSession } from '../session/chat-session.ts';
import styles from './inspector.module.css';
import { useChatState } from '../session/use-chat-session.ts';

/** Models come and go with answers; the list is cheap. */
const LOADED_EVERY_MS = 3000;

export function MemoryForm({
  session,
  modelPath,
}: {
  readonly session: ChatSession;
  readonly modelPath: string;
}) {
  const client = useClient();
  const titleOf = useModelTitle();
  const contextTokens = useChatState(session, (state) => state.conversation.contextTokens);
  const threads = useChatState(session, (state) => state.conversation.threads);
  const loaded = useQuery({
    queryKey: [...workspaceKey, 'loaded-models'],
    queryFn: () => client.chat.loaded(),
    refetchInterval: LOADED_EVERY_MS,
  });
  // What is free changes as models come and go.
  const taken = loaded.data?.reduce((sum, model) => sum + model.memoryBytes, 0) ?? 0;
  const estimate = useQuery({
    queryKey: [...workspaceKey, 'estimate', modelPath, contextTokens, taken],
    queryFn: () => client.chat.estimate({ modelPath, contextTokens }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const queries = useQueryClient();
  const unload = async (path: string | null) => {
    try {
      await client.chat.unload({ modelPath: path });
      await queries.invalidateQueries({ queryKey: [...workspaceKey, 'loaded-models'] });
    } catch (error) {
      notifyError(error);
    }
  };
  const models = loaded.data ?? [];
  const isLoaded = models.some((model) => model.modelPath === modelPath);
  const leaving = models.filter((model) => model.modelPath !== modelPath && !model.busy);
  const needed = estimate.data;
  return (
    <Section title="Memory" aside={isLoaded ? 'loaded' : 'not loaded'}>
      <FieldRow label="Context" unit="tokens">
        <NumberField
          label="Context"
          isLabelHidden
          value={contextTokens}
          min={16}
          max={1_048_576}
          placeholder="≤ 4,096"
          onChange={(value) => session.change({ contextTokens: value })}
        />
      </FieldRow>
      <FieldRow label="Threads">
        <NumberField
          label="Threads"
          isLabelHidden
          value={threads}
          min={1}
          max={256}
          placeholder="as set"
          onChange={(value) => session.change({ threads: value })}
        />
      </FieldRow>
      {needed ? (
        <>
          <div
            className={styles['line']}
            title={`Weights ${formatDiskSize(needed.weightsBytes)}\nCache of the context ${formatDiskSize(needed.cacheBytes)}\nCompute ${formatDiskSize(needed.computeBytes)}\nProcess ${formatDiskSize(needed.overheadBytes)}`}
          >
            <span>Needs about {formatDiskSize(needed.totalBytes)}</span>
            <Badge tone={needed.fits ? 'good' : 'bad'}>{needed.fits ? 'fits' : 'does not fit'}</Badge>
          </div>
          <p className={styles['note']}>
            {formatDiskSize(taken)} of {formatDiskSize(needed.budgetBytes)} taken
            {needed.fits && !isLoaded && taken + needed.totalBytes > needed.budgetBytes && leaving.length > 0
              ? ` · idle models leave first: ${leaving.map((model) => titleOf(model.modelPath)).join(', ')}`
              : ''}
          </p>
        </>
      ) : estimate.error ? (
        <p className={styles['problem']}>{describeError(estimate.error).title}</p>
      ) : null}
      {models.length > 0 ? (
        <ul className={styles['list']} aria-label="Loaded models">
          {models.map((model) => (
            <li key={model.modelPath} className={styles['item']}>
              <span
                className={styles['grow']}
                title={`${model.modelPath}, context ${formatInteger(model.contextTokens)} tokens`}
              >
                {titleOf(model.modelPath)}
              </span>
              <span className={styles['note']}>
                {formatDiskSize(model.memoryBytes)}
                {model.busy ? ' · busy' : ''}
              </span>
              <Button
                kind="quiet"
                isDisabled={model.busy}
                aria-label={`Unload ${titleOf(model.modelPath)}`}
                onPress={() => void unload(model.modelPath)}
              >
                Unload
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </Section>
  );
}
