// The right pane while judging: the prompt as one document makes it and what came back when it was tried; or, for a judgement,
// one document's generations and everything that was asked.
import type { Judgement } from '../../../../core/lib/judges/judgement.ts';
import { filterSentence } from '../../../../core/lib/datasets/view.ts';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatDateTime, formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { PropertyList } from '../../../ui/property-list.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Generations } from './generation.tsx';
import styles from './judge-inspector.module.css';
import { readJudgePlace } from './place.ts';
import { PromptPreview } from './prompt-preview.tsx';
import { TRIED_DOCUMENTS, useTries } from './tries.ts';
import { useBoard } from './use-board.ts';
import { useOneResult } from './use-one-result.ts';

export function JudgeInspector({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const place = readJudgePlace(query);
  if (place.judgement !== null) {
    return <Asked judgement={place.judgement} document={place.show === 'results' ? place.document : null} />;
  }
  return (
    <PromptPreview path={path} query={query}>
      <Tried path={path} />
    </PromptPreview>
  );
}

function Tried({ path }: { readonly path: string }) {
  const { documents, isRunning, error, reading } = useTries(path);
  if (documents.length === 0 && !isRunning && error === null) return null;
  return (
    <Section
      title="Tried"
      aside={
        isRunning
          ? `${documents.length} of ${TRIED_DOCUMENTS} documents`
          : formatQuantity(documents.length, 'document')
      }
    >
      <div role="region" aria-label="Tried documents">
        {documents.map(({ line, row }) => (
          <article key={`${row}`} className={styles['document']}>
            <h4 className={styles['id']}>
              {line.document_id} · row {formatInteger(row)}
            </h4>
            {reading === null ? null : <Generations line={line} reading={reading} />}
          </article>
        ))}
      </div>
      {isRunning && documents.length === 0 ? <Skeleton label="Waiting for the model" rows={4} /> : null}
      {error === null ? null : <ErrorState {...describeError(error)} compact />}
    </Section>
  );
}

function Asked({ judgement, document }: { readonly judgement: string; readonly document: string | null }) {
  const { board } = useBoard(judgement);
  const asked = board?.judgement ?? null;
  const result = useOneResult(judgement, document);
  return (
    <Pane
      header={<PaneHeader title={document ?? 'What was asked'} detail={document === null ? judgement : ''} />}
    >
      {document !== null && asked !== null ? (
        <Section title="Generations">
          {result.data ? (
            <Generations line={result.data.line} reading={{ ...asked.judge.template, rule: asked.rule }} />
          ) : result.error ? (
            <ErrorState {...describeError(result.error)} compact />
          ) : result.data === null ? (
            <p className={styles['hint']}>This document has no line yet</p>
          ) : (
            <Skeleton label="Reading the generations" />
          )}
        </Section>
      ) : null}
      {asked === null ? (
        <Skeleton label="Reading the judgement" />
      ) : (
        <>
          <Facts judgement={judgement} asked={asked} />
          <Section title="Prompt" aside={`${asked.judge.name}, SHA-256 ${asked.judge.sha256.slice(0, 12)}`}>
            <p className={styles['prompt']}>{asked.judge.template.prompt}</p>
          </Section>
        </>
      )}
    </Pane>
  );
}

function Facts({ judgement, asked }: { readonly judgement: string; readonly asked: Judgement }) {
  const { endpoint, judge, selection, effort, source, tokens, view, price } = asked;
  const { sampling } = judge.template;
  return (
    <Section title="Question">
      <PropertyList
        properties={[
          { name: 'Model', value: endpoint.model },
          { name: 'Server calls it', value: asked.reportedModel ?? '–' },
          { name: 'Server', value: <code>{endpoint.baseUrl}</code> },
          { name: 'Asked by', value: endpoint.api === 'chat' ? 'chat' : 'completion' },
          { name: 'Key', value: endpoint.keyName ?? 'none' },
          { name: 'Label', value: judge.template.label },
          {
            name: 'Scores',
            value: asked.rule === 'exact' ? 'whole numbers only' : 'round and clamp',
          },
          { name: 'Samples', value: formatInteger(sampling.samples) },
          { name: 'Temperature, top p', value: `${sampling.temperature}, ${sampling.top_p}` },
          {
            name: 'Answer, context',
            value: `${formatInteger(sampling.max_tokens)}, ${formatInteger(sampling.context)} tokens`,
          },
          { name: 'Tokens by', value: tokens.label },
          {
            name: 'Documents',
            value:
              selection.kind === 'all'
                ? `all ${formatInteger(asked.documents)}`
                : `sample of ${formatInteger(asked.documents)}, seed ${selection.seed}`,
          },
          ...(view.filters.length === 0
            ? []
            : [{ name: 'Only where', value: view.filters.map(filterSentence).join(' and ') }]),
          ...(asked.emptyDocuments === 0
            ? []
            : [{ name: 'Empty, left out', value: formatInteger(asked.emptyDocuments) }]),
          { name: 'Source', value: <code>{source.path}</code> },
          { name: 'Source SHA-256', value: source.sha256?.slice(0, 12) ?? 'too large to hash' },
          { name: 'Language from', value: source.language },
          { name: 'Requests at once', value: formatInteger(effort.concurrency) },
          ...(price === null
            ? []
            : [{ name: 'Price per million', value: `${price.input} in, ${price.output} out` }]),
          { name: 'Made', value: formatDateTime(asked.createdMs) },
          { name: 'Folder', value: <code>{`judgements/${judgement}`}</code> },
        ]}
      />
    </Section>
  );
}
