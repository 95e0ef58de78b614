// Asks what a new vote compares, on which prompts, and how both are asked.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sampling } from '../../../../core/api/generation.ts';
import type { NewVoteSide } from '../../../../core/api/votes.ts';
import { messagesOf, type Suite } from '../../../../core/lib/suites/suite.ts';
import { slugOf } from '../../../../core/lib/text/slug.ts';
import { type VotePrompt, voteName } from '../../../../core/lib/votes/vote.ts';
import { votePromptsOf } from '../../../../core/lib/votes/vote-prompts.ts';
import { describeError, errorText } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { fileName, formatQuantity } from '../../../ui/format.ts';
import { NumberField } from '../../../ui/number-field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { voteHref, votesKey } from './use-votes.ts';
import styles from './votes.module.css';

const TYPED = '';

export interface NewVoteDialogProps {
  readonly onClose: () => void;
  /** Two ways of asking that are decided already, such as two columns; then only the prompts are chosen. */
  readonly sides?: readonly [NewVoteSide, NewVoteSide] | undefined;
  /** Prompts to begin with. */
  readonly questions?: readonly string[];
}

export function NewVoteDialog({ onClose, sides, questions = [] }: NewVoteDialogProps) {
  const client = useClient();
  const queries = useQueryClient();
  const models = useQuery({ queryKey: queryKeys.models, queryFn: () => client.models.list() });
  const suites = useQuery({ queryKey: [...votesKey, 'suites'], queryFn: () => client.suites.list() });
  const [name, setName] = useState('Which is better?');
  const [paths, setPaths] = useState<readonly [string | null, string | null]>([
    sides?.[0].modelPath ?? null,
    sides?.[1].modelPath ?? null,
  ]);
  const [source, setSource] = useState(TYPED);
  const [typed, setTyped] = useState(questions.map(oneLine).join('\n'));
  const [system, setSystem] = useState('');
  const [temperature, setTemperature] = useState<number | null>(0);
  const [maxTokens, setMaxTokens] = useState<number | null>(256);
  const [seed, setSeed] = useState<number | null>(1);
  const { isBusy, failure, attempt, forget } = useAttempt();
  const suite = useQuery({
    queryKey: [...votesKey, 'suite', source],
    queryFn: () => client.suites.read({ suite: source }),
    enabled: source !== TYPED,
  });
  const vote = voteName.safeParse(slugOf(name)?.slice(0, 64)).data ?? null;
  const found = source === TYPED ? typedPrompts(typed) : suitePrompts(suite.data?.suite ?? null);
  const [a, b] = paths;
  const isComplete =
    vote !== null &&
    a !== null &&
    b !== null &&
    found.prompts.length > 0 &&
    temperature !== null &&
    maxTokens !== null &&
    seed !== null;

  const create = async () => {
    if (!isComplete || isBusy) return;
    await attempt(async () => {
      const side = (modelPath: string, other: string): NewVoteSide => ({
        label: labelOf(modelPath, other),
        modelPath,
        mode: found.mode,
        sampling: sampling.parse({ temperature, maxTokens, seed }),
        systemPrompt: system,
        template: null,
      });
      await client.votes.create({
        vote,
        name: name.trim(),
        seed,
        source: source === TYPED ? null : source,
        sides: sides ? [...sides] : [side(a, b), side(b, a)],
        prompts: [...found.prompts],
      });
      await queries.invalidateQueries({ queryKey: votesKey });
      onClose();
      navigate(voteHref(vote));
    });
  };
  const choices = (models.data ?? [])
    .filter(({ problem }) => problem === null)
    .map((model) => ({
      id: model.path,
      label: model.path.split('/').slice(-2).join('/'),
      detail: [model.name, model.quantization].filter(Boolean).join(' · '),
    }));
  return (
    <Dialog
      title="New blind vote"
      isOpen
      onClose={onClose}
      width="wide"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={!isComplete || isBusy} onPress={() => void create()}>
            Make the vote
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <TextField
          label="Name"
          value={name}
          onChange={(next) => {
            setName(next);
            forget();
          }}
          autoFocus
          hint={vote === null ? 'Letters and digits' : `votes/${vote}/`}
          error={failure === null ? null : errorText(failure)}
        />
        {sides ? (
          <p
            className={styles['note']}
          >{`${sides[0].label} against ${sides[1].label}, each as its column asks`}</p>
        ) : (
          <div className={styles['pair']}>
            <Select
              label="First model"
              choices={choices}
              value={a}
              onChange={(next) => setPaths([next, b])}
              placeholder={models.data ? 'Choose a model' : 'Looking for models'}
              isDisabled={!models.data}
            />
            <Select
              label="Second model"
              choices={choices}
              value={b}
              onChange={(next) => setPaths([a, next])}
              placeholder={models.data ? 'Choose a model' : 'Looking for models'}
              isDisabled={!models.data}
            />
          </div>
        )}
        <Select
          label="Prompts"
          choices={[
            { id: TYPED, label: 'Typed here' },
            ...(suites.data ?? [])
              .filter(({ problem }) => problem === null)
              .map((one) => ({
                id: one.name,
                label: `Suite ${one.title}`,
                detail: formatQuantity(one.prompts, 'prompt'),
              })),
          ]}
          value={source}
          onChange={setSource}
        />
        {source === TYPED ? (
          <TextField label="One prompt a line" value={typed} onChange={setTyped} lines={6} />
        ) : null}
        <p className={styles['note']}>{found.note}</p>
        {sides ? null : (
          <>
            {found.mode === 'chat' ? (
              <TextField label="System prompt" value={system} onChange={setSystem} />
            ) : null}
            <div className={styles['row']}>
              <NumberField
                label="Temperature"
                value={temperature}
                onChange={setTemperature}
                min={0}
                max={5}
              />
              <NumberField label="Max tokens" value={maxTokens} onChange={setMaxTokens} min={1} max={8192} />
              <NumberField label="Seed" value={seed} onChange={setSeed} min={0} step={1} />
            </div>
          </>
        )}
      </div>
    </Dialog>
  );
}

/** Prompts are typed one a line. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

interface FoundPrompts {
  readonly mode: 'chat' | 'raw';
  readonly prompts: readonly VotePrompt[];
  readonly note: string;
}

function typedPrompts(text: string): FoundPrompts {
  if (text.trim() === '') return { mode: 'chat', prompts: [], note: 'Both models answer each prompt once' };
  try {
    const prompts = votePromptsOf(text);
    return { mode: 'chat', prompts, note: formatQuantity(prompts.length, 'prompt') };
  } catch (error) {
    return { mode: 'chat', prompts: [], note: describeError(error).title };
  }
}

/** A side is asked in one way, so of a mixed suite the larger half is taken. */
function suitePrompts(suite: Suite | null): FoundPrompts {
  if (suite === null) return { mode: 'chat', prompts: [], note: 'Reading the suite' };
  const raw = suite.prompts.filter(({ input }) => input.kind === 'raw');
  const chat = suite.prompts.filter(({ input }) => input.kind === 'chat');
  const [mode, taken, left] =
    raw.length > chat.length ? (['raw', raw, chat] as const) : (['chat', chat, raw] as const);
  const kind = mode === 'chat' ? 'raw' : 'chat';
  const without = left.length === 0 ? '' : `, without ${formatQuantity(left.length, `${kind} prompt`)}`;
  return {
    mode,
    prompts: taken.map((prompt) => ({ id: prompt.id, messages: [...messagesOf(suite, prompt)] })),
    note: `${formatQuantity(taken.length, 'prompt')}${without}`,
  };
}

/** The file's name; with its folder where both files are called the same. */
function labelOf(path: string, other: string): string {
  const name = (of: string, parts: number) =>
    of
      .split('/')
      .slice(-parts)
      .join('/')
      .replace(/\.gguf$/i, '');
  return fileName(path) === fileName(other) ? name(path, 2) : name(path, 1);
}
