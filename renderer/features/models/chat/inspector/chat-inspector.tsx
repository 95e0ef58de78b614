// The right pane: preset, prompt, sampling, memory, tools and format of the conversation, how fast it went, then what the model is.
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { ModelDetail } from '../../../../../core/api/models.ts';
import { describeError } from '../../../../app/describe-error.ts';
import type { PaneProps } from '../../../../app/feature.ts';
import { queryKeys } from '../../../../app/query-keys.ts';
import { useClient } from '../../../../app/session.ts';
import { ErrorState } from '../../../../ui/error-state.tsx';
import { formatCount, formatDiskSize, formatInteger } from '../../../../ui/format.ts';
import { Pane, PaneHeader, Section } from '../../../../ui/pane.tsx';
import { PropertyList } from '../../../../ui/property-list.tsx';
import styles from './chat-inspector.module.css';
import { AnswerStatistics } from './answer-statistics.tsx';
import form from './inspector.module.css';
import { FormatForm } from './format-form.tsx';
import { MemoryForm } from './memory-form.tsx';
import { PresetBar } from './preset-bar.tsx';
import { PromptForm } from './prompt-form.tsx';
import { SamplingForm } from './sampling-form.tsx';
import { ToolsForm } from './tools-form.tsx';
import { useChatSession } from '../session/use-chat-session.ts';

const ModelCard = lazy(async () => ({ default: (await import('../../model-card.tsx')).ModelCard }));

export function ChatInspector({ argument, query }: PaneProps) {
  const client = useClient();
  const path = argument ?? '';
  const { session } = useChatSession(path, query);
  const model = useQuery({ queryKey: queryKeys.model(path), queryFn: () => client.models.inspect({ path }) });
  return (
    <Pane header={<PaneHeader title="Model and sampling" />}>
      {session ? (
        <div className={form['dense']}>
          <PresetBar session={session} modelPath={path} />
          <PromptForm session={session} modelPath={path} />
          <SamplingForm session={session} />
          <MemoryForm session={session} modelPath={path} />
          <ToolsForm session={session} />
          <FormatForm session={session} />
          <AnswerStatistics session={session} />
        </div>
      ) : null}
      {model.data ? (
        <ModelSections model={model.data} />
      ) : model.error ? (
        <ErrorState compact {...describeError(model.error)} />
      ) : null}
    </Pane>
  );
}

function ModelSections({ model }: { readonly model: ModelDetail }) {
  return (
    <>
      <Section title="Model">
        <PropertyList
          properties={[
            { name: 'Architecture', value: model.architecture ?? '–' },
            { name: 'Parameters', value: model.parameters === null ? '–' : formatCount(model.parameters) },
            { name: 'Weights', value: model.quantization ?? '–' },
            { name: 'Size', value: formatDiskSize(model.sizeBytes) },
            {
              name: 'Context',
              value: model.contextLength === null ? '–' : `${formatInteger(model.contextLength)} tokens`,
            },
            { name: 'Chat template', value: model.hasChatTemplate ? 'in the file' : 'none' },
            { name: 'Tensors', value: formatInteger(model.tensors.length) },
          ]}
        />
      </Section>
      {model.card ? (
        <Section title="Card">
          <Suspense>
            <ModelCard text={model.card} />
          </Suspense>
        </Section>
      ) : null}
      <Section title="Metadata">
        <details>
          <summary>{formatInteger(model.metadata.length)} entries</summary>
          <dl className={styles['metadata']}>
            {model.metadata.map((entry) => (
              <div key={entry.key}>
                <dt>{entry.key}</dt>
                <dd>{entry.value}</dd>
              </div>
            ))}
          </dl>
        </details>
      </Section>
    </>
  );
}
