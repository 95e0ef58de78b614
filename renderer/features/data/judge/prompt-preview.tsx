// The prompt exactly as the server gets it for one document of the data set, and how much of the document fits.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { estimatedPrompt } from '../../../../core/lib/judges/judge-prompt.ts';
import { type JudgeTemplate, PLACEHOLDER } from '../../../../core/lib/judges/judge-template.ts';
import { describeError } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { useDataset } from '../use-dataset.ts';
import { GenerationText } from './generation.tsx';
import styles from './judge-inspector.module.css';
import { scoreParser } from '../../../../core/lib/judges/parse-score.ts';
import type { JudgeSetup } from './use-setup.ts';
import { useJudgeSetup } from './use-setup.ts';

export function PromptPreview(props: {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly children: ReactNode;
}) {
  const { path, query, children } = props;
  const client = useClient();
  const own = useJudgeSetup(path, query);
  const { opening } = useDataset(path);
  const [row, setRow] = useState(0);
  const dataset = opening.kind === 'ready' ? opening.dataset : null;
  const document = useQuery({
    queryKey: [...queryKeys.dataset(path), 'document', row],
    queryFn: ({ signal }) => client.datasets.document({ path, row }, { signal }),
    enabled: dataset !== null && dataset.rows > 0,
    placeholderData: keepPreviousData,
  });
  const value = document.data?.fields.find(({ name }) => name === dataset?.textColumn)?.value;
  const text = typeof value === 'string' ? value : null;
  return (
    <Pane
      header={
        <PaneHeader
          title="Prompt"
          detail={dataset === null ? '' : `for row ${formatInteger(row)}`}
          actions={
            <>
              <IconButton
                icon={ChevronUp}
                label="Previous document"
                isDisabled={row === 0}
                onPress={() => setRow(row - 1)}
              />
              <IconButton
                icon={ChevronDown}
                label="Next document"
                isDisabled={dataset === null || row + 1 >= dataset.rows}
                onPress={() => setRow(row + 1)}
              />
            </>
          }
        />
      }
    >
      {children}
      {opening.kind === 'failed' ? <ErrorState {...describeError(opening.error)} compact /> : null}
      {document.error ? <ErrorState {...describeError(document.error)} compact /> : null}
      {dataset !== null && dataset.textColumn === null ? (
        <p className={styles['hint']}>No column of this dataset is recognised as the text</p>
      ) : own.judge === null ? (
        <p className={styles['hint']}>{own.problem ?? 'Choose a judge to see its prompt'}</p>
      ) : text === null ? (
        <Skeleton label="Reading a document" />
      ) : (
        <Prompt judge={own.judge} text={text} />
      )}
      <ParseCheck setup={own} />
    </Pane>
  );
}

function Prompt({ judge, text }: { readonly judge: JudgeTemplate; readonly text: string }) {
  const built = buildSafely(judge, text);
  if (built.kind === 'problem') return <p className={styles['problem']}>{built.problem}</p>;
  const { prompt } = built;
  const [before = '', after = ''] = judge.prompt.split(PLACEHOLDER);
  const inside = prompt.text.slice(before.length, prompt.text.length - after.length);
  return (
    <>
      <p className={styles['facts']}>
        About {formatInteger(prompt.tokens)} tokens, estimated ·{' '}
        {prompt.truncated
          ? `the document is cut to its first ${formatInteger(prompt.documentCharacters)} characters`
          : 'the whole document fits'}
        <CopyButton text={prompt.text} label="Copy the prompt" iconOnly />
      </p>
      <p className={styles['prompt']} data-testid="prompt">
        {before}
        <span className={styles['inside']}>{inside}</span>
        {prompt.truncated ? <span className={styles['cut']}>⟨cut here⟩</span> : null}
        {after}
      </p>
    </>
  );
}

function buildSafely(judge: JudgeTemplate, text: string) {
  try {
    return { kind: 'prompt' as const, prompt: estimatedPrompt(judge, text) };
  } catch (error) {
    return { kind: 'problem' as const, problem: describeError(error).title };
  }
}

/** What the rule makes of an answer that somebody types or pastes. */
function ParseCheck({ setup: own }: { readonly setup: JudgeSetup }) {
  const [answer, setAnswer] = useState('');
  const { judge, setup } = own;
  if (judge === null) return null;
  const parsed = scoreParser(judge, setup.rule).parse(answer);
  return (
    <Section title="How an answer is read" aside={`the last “${judge.label}” counts`}>
      <TextField
        label="An answer to try"
        isLabelHidden
        value={answer}
        onChange={setAnswer}
        lines={3}
        placeholder={`Paste an answer, such as: It explains … ${judge.label} 3`}
      />
      {answer.trim() === '' ? null : (
        <div className={styles['parsed']} role="status">
          <strong>{parsed.score === null ? 'No valid score' : `Score ${parsed.score}`}</strong>
          <GenerationText
            text={answer}
            reading={{ ...judge, rule: setup.rule }}
            isValid={parsed.score !== null}
          />
        </div>
      )}
    </Section>
  );
}
