// The left pane: models of the workspace, and below the conversations with the chosen one.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ModelSummary } from '../../../core/api/models.ts';
import { describeError } from '../../app/describe-error.ts';
import type { PaneProps } from '../../app/feature.ts';
import { notify, notifyError } from '../../app/notifications.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { href, navigate } from '../../app/route.ts';
import { useClient } from '../../app/session.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { formatAge, formatCount, formatDiskSize } from '../../ui/format.ts';
import { ListView } from '../../ui/list-view.tsx';
import { Pane, PaneHeader, Section } from '../../ui/pane.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TwoLineRow } from '../../ui/two-line-row.tsx';
import { ParityMark } from './verify/parity-badge.tsx';
import styles from './model-list.module.css';
import { WeightsList } from './weights-list.tsx';
import { forgetChatSession } from './chat/session-registry.ts';

export function ModelListPane({ argument, query }: PaneProps) {
  const client = useClient();
  const models = useQuery({ queryKey: queryKeys.models, queryFn: () => client.models.list() });
  return (
    <Pane header={<PaneHeader title="Models" detail={models.data ? String(models.data.length) : ''} />}>
      {models.data ? (
        <ListView
          label="Models"
          items={models.data}
          idOf={(model) => model.path}
          textOf={(model) => model.name}
          selectedId={argument}
          onOpen={(path) => navigate(href('models', path))}
          hrefOf={(model) => href('models', model.path)}
          rowHeightPx={46}
          renderItem={(model) => <ModelRow model={model} />}
          empty={<p className={styles['empty']}>No GGUF files in the models folder of this workspace yet</p>}
        />
      ) : models.error ? (
        <ErrorState compact {...describeError(models.error)} />
      ) : (
        <Skeleton label="Loading the list of models" />
      )}
      <WeightsList chosen={argument} />
      {argument === null ? null : <Conversations modelPath={argument} chosen={query.get('chat')} />}
    </Pane>
  );
}

function ModelRow({ model }: { readonly model: ModelSummary }) {
  const detail = model.problem
    ? [model.problem]
    : [
        model.parameters === null ? '' : `${formatCount(model.parameters)} parameters`,
        model.quantization ?? '',
        formatDiskSize(model.sizeBytes),
      ];
  return (
    <TwoLineRow
      name={model.name}
      title={model.path}
      detail={detail.filter((part) => part !== '').join(' · ')}
      isProblem={model.problem !== null}
      aside={<ParityMark verification={model.verification} />}
    />
  );
}

function Conversations({
  modelPath,
  chosen,
}: {
  readonly modelPath: string;
  readonly chosen: string | null;
}) {
  const client = useClient();
  const queries = useQueryClient();
  const list = useQuery({
    queryKey: queryKeys.conversations,
    queryFn: () => client.chat.listConversations(),
    refetchInterval: 5000,
  });
  const own = (list.data ?? [])
    .filter((conversation) => conversation.modelPath === modelPath)
    .sort((a, b) => b.changedMs - a.changedMs);
  if (own.length === 0) return null;

  const remove = async (id: string) => {
    try {
      await client.chat.removeConversation({ id });
      forgetChatSession(id);
      await queries.invalidateQueries({ queryKey: queryKeys.conversations });
      if (id === chosen) navigate(href('models', modelPath), { replace: true });
      notify({
        severity: 'info',
        title: 'Conversation moved to the trash',
        detail: 'It lies in .studio/trash',
      });
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <Section title="Conversations">
      <ListView
        label="Conversations"
        items={own}
        idOf={(conversation) => conversation.id}
        textOf={(conversation) => conversation.title}
        selectedId={chosen}
        onOpen={(id) => navigate(href('models', modelPath, { chat: id }))}
        hrefOf={(conversation) => href('models', modelPath, { chat: conversation.id })}
        onDelete={(id) => void remove(id)}
        rowHeightPx={46}
        renderItem={(conversation) => (
          <TwoLineRow name={conversation.title} detail={formatAge(conversation.changedMs)} />
        )}
      />
    </Section>
  );
}
