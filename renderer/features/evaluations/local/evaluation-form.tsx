// What to ask of whom: models, tasks, how many questions and examples, and how long that takes.
import { Play } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { EvaluationEstimate, EvaluationRequest } from '../../../../core/api/evaluation-runs.ts';
import { type WeightType, weightTypes } from '../../../../core/lib/conversion/gguf-metadata.ts';
import { describeError } from '../../../app/describe-error.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatDuration, formatQuantity } from '../../../ui/format.ts';
import { NumberField } from '../../../ui/number-field.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ChooseModels } from './choose-models.tsx';
import { ChooseTasks } from './choose-tasks.tsx';
import { ChooseTypes } from './choose-types.tsx';
import styles from './local.module.css';
import { useEstimate, useEvaluationModels, useEvaluationTasks, useSettled } from './use-local-runs.ts';

const SETTLE_MS = 300;

export function EvaluationForm({ query }: { readonly query: URLSearchParams }) {
  const client = useClient();
  const models = useEvaluationModels();
  const tasks = useEvaluationTasks();
  const [chosenModels, setModels] = useState<ReadonlySet<string>>(
    new Set((query.get('models') ?? '').split(',').filter((path) => path !== '')),
  );
  const [chosenTasks, setTasks] = useState<ReadonlySet<string>>(
    new Set((query.get('tasks') ?? '').split(',').filter((name) => name !== '')),
  );
  const [limit, setLimit] = useState<number | null>(null);
  const [shots, setShots] = useState<number | null>(null);
  const [contextTokens, setContext] = useState<number | null>(null);
  const [maxTokens, setMaxTokens] = useState<number | null>(null);
  const [asChat, setChat] = useState(false);
  const [exact, setExact] = useState(false);
  const [types, setTypes] = useState<ReadonlySet<WeightType>>(
    new Set(weightTypes.filter((type) => (query.get('types') ?? '').split(',').includes(type))),
  );
  const [measure, setMeasure] = useState(query.get('measure') === '1');
  const [problem, setProblem] = useState<unknown>(null);
  const request = useMemo((): EvaluationRequest | null => {
    if (chosenModels.size === 0 || chosenTasks.size === 0) return null;
    return {
      models: [...chosenModels],
      tasks: [...chosenTasks].map((name) => ({ name, shots })),
      limit,
      contextTokens,
      maxTokens,
      asChat,
      exact,
      types: [...types],
      measure,
    };
  }, [chosenModels, chosenTasks, limit, shots, contextTokens, maxTokens, asChat, exact, types, measure]);
  const estimate = useEstimate(useSettled(request, SETTLE_MS));
  const header = <PaneHeader title="Evaluate here" detail="as lm-eval defines it, one model after another" />;
  const failure = models.error ?? tasks.error;
  if (failure || !models.data || !tasks.data) {
    return (
      <Pane header={header} padded>
        {failure ? (
          <ErrorState {...describeError(failure)} />
        ) : (
          <Skeleton label="Looking for models and tasks" rows={8} />
        )}
      </Pane>
    );
  }
  const writes = tasks.data.some(({ name, output }) => chosenTasks.has(name) && output === 'generate_until');
  const start = async () => {
    if (request === null) return;
    try {
      const { id } = await client.evaluationRuns.start(request);
      navigate(href('evaluations', `local/${id}`));
    } catch (error) {
      setProblem(error);
    }
  };
  const status =
    request === null
      ? chosenModels.size > 0
        ? 'Choose a task'
        : chosenTasks.size > 0
          ? 'Choose a model'
          : 'Choose models and tasks'
      : estimate.data === undefined
        ? 'Counting questions'
        : estimateWords(estimate.data);
  const problems = request === null ? [] : (estimate.data?.problems ?? []);
  return (
    <Pane
      padded
      header={header}
      footer={
        <div className={styles['footer']}>
          {problem === null ? null : <ErrorState compact {...describeError(problem)} />}
          {problems.length === 0 ? null : (
            <ul className={styles['standing']} aria-label="What stands in the way">
              {problems.map(({ task, message, hint }) => (
                <li key={task}>
                  {`${message}. `}
                  <span className={styles['quiet']}>{hint}</span>
                </li>
              ))}
            </ul>
          )}
          <div className={styles['start']}>
            <Button kind="primary" icon={Play} isDisabled={request === null} onPress={() => void start()}>
              Start evaluation
            </Button>
            <span className={styles['quiet']} role="status">
              {status}
            </span>
          </div>
        </div>
      }
    >
      <div className={styles['stack']}>
        <ChooseModels models={models.data} chosen={chosenModels} onChange={setModels} />
        <ChooseTypes types={types} onTypes={setTypes} measure={measure} onMeasure={setMeasure} />
        <ChooseTasks tasks={tasks.data} chosen={chosenTasks} onChange={setTasks} />
        <fieldset className={styles['group']}>
          <legend>How they are asked</legend>
          <div className={styles['controls']}>
            <NumberField
              label="Questions a task"
              value={limit}
              onChange={setLimit}
              min={1}
              placeholder="all"
            />
            <NumberField
              label="Examples (shots)"
              value={shots}
              onChange={setShots}
              min={0}
              max={100}
              placeholder="as the task says"
            />
            <NumberField
              label="Context (tokens)"
              value={contextTokens}
              onChange={setContext}
              min={64}
              placeholder="the model’s, up to 4,096"
            />
            {writes ? (
              <NumberField
                label="Longest answer (tokens)"
                value={maxTokens}
                onChange={setMaxTokens}
                min={1}
                placeholder="as the task says"
              />
            ) : null}
            <Checkbox isSelected={asChat} onChange={setChat}>
              In the chat template
            </Checkbox>
            <Checkbox isSelected={exact} onChange={setExact}>
              Attention in 32 bits
            </Checkbox>
          </div>
          <p className={styles['quiet']}>
            {exact
              ? 'Attention in 32 bits takes twice the time, and gives what PyTorch computes in 32 bits.'
              : 'Attention has 16 bits, as a chat has: choices that are all but equally likely may change places against PyTorch in 32 bits.'}
          </p>
        </fieldset>
      </div>
    </Pane>
  );
}

function estimateWords({ questions, seconds, basedOn }: EvaluationEstimate): string {
  const asked = formatQuantity(questions, 'question');
  if (seconds === null) return `${asked}; how long that takes is known after the first evaluation here`;
  return `${asked}, about ${formatDuration(seconds * 1000)} by the speed of ${formatQuantity(basedOn, 'earlier result')}`;
}
