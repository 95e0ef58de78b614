// The middle pane: one conversation through every checkpoint of a run, as a filmstrip of marks, with the answers of one cell beside it.
import { useQuery } from '@tanstack/react-query';
import { Film } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ReplayRequest } from '../../../../core/api/replay.ts';
import {
  type ReplaySampler,
  scriptOfConversation,
} from '../../../../core/lib/replay/script-of-conversation.ts';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Progress } from '../../../ui/progress.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useModelTitle } from '../use-model-title.ts';
import { ModelModeSwitch } from '../model-mode-switch.tsx';
import { type Cell, Filmstrip, legend } from './filmstrip.tsx';
import { ReplayAnswers } from './replay-answers.tsx';
import styles from './replay.module.css';
import { useAnswers, useReplay, useReplayRuns } from './use-replay.ts';

/** Where the conversation has no seed of its own. */
const SEED = 1;
const LARGEST = '';

export function ReplayWork({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const chat = query.get('chat');
  const client = useClient();
  const conversations = useQuery({
    queryKey: queryKeys.conversations,
    queryFn: () => client.conversations.list(),
  });
  const models = useQuery({ queryKey: queryKeys.models, queryFn: () => client.models.list() });
  const runs = useReplayRuns();
  const titleOf = useModelTitle();
  const [chosenRun, setRun] = useState<string | null>(null);
  const own = models.data?.find((model) => model.path === path)?.origin?.runId ?? null;
  const run = chosenRun ?? own ?? runs.data?.[0]?.runId ?? null;
  const usable = (conversations.data ?? []).filter(({ problem, turns }) => problem === null && turns > 0);
  const shown = usable.find(({ id }) => id === chat)?.id ?? usable[0]?.id ?? null;
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title="Replay"
          detail={titleOf(path)}
          actions={<ModelModeSwitch path={path} query={query} />}
        />
      }
    >
      {!conversations.data || !runs.data || !models.data ? (
        <Skeleton label="Looking for conversations and runs" />
      ) : shown === null ? (
        <EmptyState
          icon={Film}
          title="No conversation yet"
          actions={
            <Button kind="primary" onPress={() => navigate(href('models', argument))}>
              Talk with this model
            </Button>
          }
        >
          Talk with a model first. A replay then asks every checkpoint of a run the same questions.
        </EmptyState>
      ) : run === null ? (
        <EmptyState
          icon={Film}
          title="No model here is a step of a run"
          actions={<Button onPress={() => navigate(href('runs'))}>Go to runs</Button>}
        >
          Pull and convert checkpoints of a run; then a replay shows at which of them the answers part.
        </EmptyState>
      ) : (
        <div className={styles['stack']}>
          <div className={styles['bar']}>
            <span className={styles['wide']}>
              <Select
                label="Conversation"
                choices={usable.map(({ id, title, turns }) => ({
                  id,
                  label: title,
                  detail: formatQuantity(turns, 'turn'),
                }))}
                value={shown}
                onChange={(id) => navigate(href('models', path, { mode: 'replay', chat: id }))}
              />
            </span>
            <Select
              label="Run"
              choices={runs.data.map(({ runId, runName, steps }) => ({
                id: runId,
                label: runName,
                detail: formatQuantity(steps, 'step'),
              }))}
              value={run}
              onChange={setRun}
            />
          </div>
          <Strip
            key={`${shown} ${run}`}
            chat={shown}
            run={run}
            types={runs.data.find(({ runId }) => runId === run)?.types ?? []}
          />
        </div>
      )}
    </Pane>
  );
}

function Strip(props: { readonly chat: string; readonly run: string; readonly types: readonly string[] }) {
  const { chat, run, types } = props;
  const client = useClient();
  const conversation = useQuery({
    queryKey: [...queryKeys.conversations, 'replay', chat],
    queryFn: () => client.conversations.read({ id: chat }),
  });
  const [sampler, setSampler] = useState<ReplaySampler>('greedy');
  const [before, setBefore] = useState<'own' | 'kept'>('own');
  const [type, setType] = useState(LARGEST);
  const [reference, setReference] = useState<number | null>(null);
  const [opens, setOpens] = useState(false);
  const [chosen, setChosen] = useState<Cell | null>(null);
  const read = conversation.data?.conversation ?? null;
  const request = useMemo((): ReplayRequest | null => {
    const script = read === null ? null : scriptOfConversation(read, { before, sampler, seed: SEED });
    return script === null ? null : { script, runId: run, type: type === LARGEST ? null : type, reference };
  }, [read, before, sampler, run, type, reference]);
  const { grid, running, failure, notes, run: start, cancel } = useReplay(request);
  const shown = grid.data;
  const first = shown?.reference ?? null;
  const steps = chosen === null ? [] : [...new Set([...(first === null ? [] : [first]), chosen.step])];
  const answers = useAnswers(
    request,
    chosen === null ? null : { turn: chosen.turn, steps, version: shown?.answered ?? 0 },
  );
  if (conversation.error) return <ErrorState {...describeError(conversation.error)} />;
  if (read !== null && request === null) {
    return <EmptyState title="Nothing was asked in this conversation">Choose another one</EmptyState>;
  }
  const questions = request?.script.turns.map(({ question }) => question) ?? [];
  const missing = shown?.steps.filter(({ modelPath }) => modelPath === null).length ?? 0;
  return (
    <>
      <div className={styles['bar']}>
        <Select
          label="Sampling"
          choices={[
            { id: 'greedy', label: 'Greedy' },
            {
              id: 'seeded',
              label: `Seed ${read?.sampling.seed ?? SEED}`,
              detail: 'sampled as the conversation was',
            },
          ]}
          value={sampler}
          onChange={setSampler}
        />
        <Select
          label="Before each turn"
          choices={[
            { id: 'own', label: 'Its own answers', detail: 'as in a conversation with it' },
            { id: 'kept', label: 'The kept answers', detail: 'one bad answer spoils no later turn' },
          ]}
          value={before}
          onChange={setBefore}
        />
        <Select
          label="Type"
          choices={[
            { id: LARGEST, label: 'The largest' },
            ...types.map((one) => ({ id: one, label: one.toUpperCase() })),
          ]}
          value={type}
          onChange={setType}
        />
        {missing > 0 ? (
          <Checkbox isSelected={opens} onChange={setOpens}>
            {`Pull and convert ${formatQuantity(missing, 'more checkpoint')}`}
          </Checkbox>
        ) : null}
        <Button
          kind="primary"
          icon={Film}
          isDisabled={
            request === null ||
            running !== null ||
            shown === undefined ||
            (shown.answered >= shown.wanted && !(opens && missing > 0))
          }
          onPress={() => void start(opens)}
        >
          {shown !== undefined && shown.answered > 0 && shown.answered < shown.wanted ? 'Go on' : 'Replay'}
        </Button>
      </div>
      {running !== null || failure !== null || notes.length > 0 ? (
        <div className={styles['below']}>
          {running === null ? null : (
            <Progress
              label={running.note ?? 'Asking the checkpoints'}
              fraction={running.total ? running.done / running.total : null}
              amount={
                running.total === null
                  ? ''
                  : `${formatInteger(running.done)} of ${formatQuantity(running.total, 'answer')}`
              }
              onCancel={cancel}
            />
          )}
          {failure === null ? null : <ErrorState compact {...describeError(failure)} />}
          {running === null
            ? notes.map((note) => (
                <p key={note} className={styles['note']}>
                  {note}
                </p>
              ))
            : null}
        </div>
      ) : null}
      {grid.error ? (
        <ErrorState {...describeError(grid.error)} />
      ) : shown === undefined ? (
        <Skeleton label="Looking for kept answers" />
      ) : (
        <div className={styles['panes']}>
          <div className={styles['strip']}>
            <Filmstrip
              grid={shown}
              questions={questions}
              chosen={chosen}
              onChoose={setChosen}
              onReference={setReference}
            />
            <p className={styles['legend']}>
              {legend.map(({ kind, words }) => (
                <span key={kind}>
                  <span data-kind={kind}>
                    {{ same: '●', parts: '◐', loops: '∞', empty: '∅' }[kind as 'same']}
                  </span>
                  {words}
                </span>
              ))}
            </p>
            <p className={styles['note']}>
              {shown.reference === null
                ? 'Nothing answered yet'
                : `Compared with step ${formatInteger(shown.reference)}; choose another by its number`}
            </p>
          </div>
          {chosen !== null && answers.data && answers.data.length > 0 ? (
            <ReplayAnswers question={questions[chosen.turn] ?? ''} answers={answers.data} reference={first} />
          ) : (
            <EmptyState title={chosen === null ? 'Choose a cell' : 'Not asked yet'}>
              The answers of that step and of the one it is compared with stand here side by side. Arrow keys
              walk through steps and turns.
            </EmptyState>
          )}
        </div>
      )}
    </>
  );
}
