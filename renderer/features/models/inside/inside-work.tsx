// The middle pane: what is inside a model, a folder of weights or a step of a training. Nothing is loaded into a runtime for it.
import { lazy, Suspense } from 'react';
import type { WeightsDetail } from '../../../../core/api/weights.ts';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { href, navigate } from '../../../app/route.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatCount, formatDiskSize } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { type TabEntry, Tabs } from '../../../ui/tabs.tsx';
import { ModelModeSwitch } from '../model-mode-switch.tsx';
import { PublishAction } from '../publish/publish-action.tsx';
import { shownModelName } from '../model-name.ts';
import { VerificationTab } from '../verify/verification-tab.tsx';
import { EntriesTab } from './entries-tab.tsx';
import styles from './inside.module.css';
import { TensorsTab } from './tensors-tab.tsx';
import { TokenizerTab } from './tokenizer-tab.tsx';
import { layoutWords, useWeightsDetail } from './use-weights-detail.ts';

const ModelCard = lazy(async () => ({ default: (await import('../model-card.tsx')).ModelCard }));

const parts = ['tensors', 'config', 'tokenizer', 'template', 'card', 'verification'] as const;
export type InsidePart = (typeof parts)[number];

export function InsideWork({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const detail = useWeightsDetail(path);
  const go = (change: Readonly<Record<string, string>>) => navigate(insideHref(path, query, change));
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title={shownModelName(path)}
          detail={detail.data ? summary(detail.data) : ''}
          actions={
            <>
              {detail.data?.layout === 'huggingface' ? <PublishAction path={detail.data.path} /> : null}
              <ModelModeSwitch path={path} query={query} />
            </>
          }
        />
      }
    >
      {detail.data ? (
        <Tabs
          label="Inside of the model"
          tabs={tabsOf(path, detail.data, {
            chosen: query.get('tensor'),
            onChoose: (tensor) => go({ tensor }),
          })}
          selected={partOf(query, detail.data)}
          onSelect={(part) => go({ part })}
        />
      ) : detail.error ? (
        <ErrorState {...describeError(detail.error)} />
      ) : (
        <Skeleton label="Reading the header" rows={14} />
      )}
    </Pane>
  );
}

/** The same model with another part or tensor. */
function insideHref(path: string, query: URLSearchParams, change: Readonly<Record<string, string>>): string {
  const kept = ['part', 'tensor', 'chat'].flatMap((key) => {
    const value = query.get(key);
    return value === null ? [] : [[key, value] as const];
  });
  return href('models', path, { mode: 'inside', ...Object.fromEntries(kept), ...change });
}

function summary({ layout, architecture, parameters, sizeBytes }: WeightsDetail): string {
  const words = [layoutWords[layout], architecture, `${formatCount(parameters)} parameters`];
  return [...words, formatDiskSize(sizeBytes)].filter(Boolean).join(' · ');
}

function partOf(query: URLSearchParams, detail: WeightsDetail): InsidePart {
  const named = parts.find((part) => part === query.get('part'));
  if (named === 'verification' && detail.layout !== 'gguf') return 'tensors';
  return named === 'card' && detail.card === null ? 'tensors' : (named ?? 'tensors');
}

function tabsOf(
  path: string,
  detail: WeightsDetail,
  tensor: { readonly chosen: string | null; readonly onChoose: (name: string) => void },
): readonly TabEntry<InsidePart>[] {
  const { layout, template, card } = detail;
  return [
    {
      id: 'tensors',
      title: 'Tensors',
      content: <TensorsTab path={path} detail={detail} {...tensor} />,
    },
    {
      id: 'config',
      title: layout === 'gguf' ? 'Metadata' : 'Config',
      content: <EntriesTab entries={detail.metadata} />,
    },
    {
      id: 'tokenizer',
      title: 'Tokenizer',
      content: <TokenizerTab path={path} tokenizer={detail.tokenizer} problem={detail.tokenizerProblem} />,
    },
    { id: 'template', title: 'Chat template', content: <TemplateTab template={template} /> },
    ...(card === null
      ? []
      : [
          {
            id: 'card' as const,
            title: 'Card',
            content: (
              <div className={styles['scrolling']}>
                <Suspense fallback={<Skeleton label="Reading the card" />}>
                  <ModelCard text={card} />
                </Suspense>
              </div>
            ),
          },
        ]),
    ...(layout === 'gguf'
      ? [{ id: 'verification' as const, title: 'Verification', content: <VerificationTab path={path} /> }]
      : []),
  ];
}

function TemplateTab({ template }: { readonly template: string | null }) {
  if (template === null || template === '') {
    return (
      <p className={styles['none']}>
        This model has no chat template: it continues text. A template comes with the tokenizer
        (tokenizer_config.json or chat_template.jinja) and is carried over when the model is converted.
      </p>
    );
  }
  return (
    <div className={styles['tab']}>
      <div className={styles['bar']}>
        <span className={styles['facts']}>{`Jinja, ${template.split('\n').length} lines`}</span>
        <span className={styles['spring']} />
        <CopyButton text={template} label="Copy template" />
      </div>
      <div className={styles['scrolling']}>
        <pre className={styles['template']}>{template}</pre>
      </div>
    </div>
  );
}
