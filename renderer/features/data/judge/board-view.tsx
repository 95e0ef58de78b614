// A judgement while it runs and after: how far, how well, what the model says; stop, resume, and how it agrees with people.
import { useState } from 'react';
import type { JudgementBoard } from '../../../../core/api/judges.ts';
import { formatInteger } from '../../../../core/lib/format/numbers.ts';
import { describeError } from '../../../app/describe-error.ts';
import { useClient, useConnection, useWorkspace } from '../../../app/session.ts';
import { navigate } from '../../../app/route.ts';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatAge, formatQuantity } from '../../../ui/format.ts';
import { Section } from '../../../ui/pane.tsx';
import { Progress } from '../../../ui/progress.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { AgreementSection } from './agreement-section.tsx';
import { benchHref, type BenchPlace, NO_DOCUMENTS } from '../bench/place.ts';
import frame from '../report-frame.module.css';
import { Figures, Kinds, Languages } from './board-figures.tsx';
import styles from './board-view.module.css';
import { Generations } from './generation.tsx';
import { judgeHref } from './place.ts';
import { ResumeDialog } from './resume-dialog.tsx';
import { ScoreChart } from './score-chart.tsx';
import { useBoard } from './use-board.ts';

export function BoardView({ path, judgement }: { readonly path: string; readonly judgement: string }) {
  const { board, state, restart } = useBoard(judgement);
  const connection = useConnection();
  if (board === null) {
    return state.kind === 'failed' ? (
      <ErrorState {...describeError(state.error)} actions={<Button onPress={restart}>Try again</Button>} />
    ) : (
      <Skeleton label="Reading the judgement" rows={10} />
    );
  }
  const isLost = connection.kind !== 'connected';
  return (
    <div
      className={frame['report']}
      role="region"
      aria-label="Judgement"
      {...(isLost ? { 'data-lost': true } : {})}
    >
      {isLost ? (
        <p className={styles['warn']}>The connection is lost: these are the last known numbers</p>
      ) : null}
      <Head path={path} judgement={judgement} board={board} />
      <Figures board={board} />
      <div className={frame['columns']}>
        <ScoreChart
          tally={board.tally}
          onChoose={(only) => navigate(judgeHref(path, { judgement, show: 'results', only }))}
        />
        <Kinds board={board} />
        {board.tally.languages.length > 0 ? <Languages board={board} /> : null}
      </div>
      <AgreementSection path={path} judgement={judgement} documents={board.tally.documents} />
      <Newest path={path} judgement={judgement} board={board} />
    </div>
  );
}

const tones: Readonly<Record<JudgementBoard['state'], Tone>> = {
  running: 'info',
  stopped: 'warn',
  finished: 'good',
};

function Head(props: { readonly path: string; readonly judgement: string; readonly board: JudgementBoard }) {
  const { path, judgement, board } = props;
  const client = useClient();
  const { readOnly } = useWorkspace();
  const [isResuming, setResuming] = useState(false);
  const [isStopping, setStopping] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const { tally, judgement: asked, run, state, isHere } = board;
  const done = tally.documents - board.unansweredDocuments;
  const stop = async () => {
    setStopping(true);
    try {
      await client.judges.stop({ judgement });
    } catch (error) {
      setFailure(error);
    } finally {
      setStopping(false);
    }
  };
  const model = asked.reportedModel ?? asked.endpoint.model;
  return (
    <div className={styles['head']}>
      <div className={styles['line']}>
        <Badge tone={tones[state]}>
          {state === 'running' ? 'Running' : state === 'finished' ? 'Finished' : 'Stopped, can be resumed'}
        </Badge>
        <span className={styles['what']}>
          {asked.judge.template.title} by <strong>{model}</strong>
        </span>
        <span className={styles['spring']} />
        {state === 'running' && isHere ? (
          <Button isDisabled={isStopping} isPending={isStopping} onPress={() => void stop()}>
            Stop
          </Button>
        ) : null}
        {tally.documents > 0 ? (
          <Button onPress={() => navigate(benchHref(benchOf(path, judgement)))}>Compare with people</Button>
        ) : null}
        {state === 'stopped' || (state === 'finished' && board.unansweredDocuments > 0) ? (
          <Button kind="primary" isDisabled={readOnly} onPress={() => setResuming(true)}>
            Resume…
          </Button>
        ) : null}
      </div>
      {state === 'running' || state === 'stopped' ? (
        <Progress
          label={state === 'running' ? 'Judging' : 'Judged so far'}
          fraction={asked.documents === 0 ? 0 : done / asked.documents}
          amount={`${formatInteger(done)} of ${formatQuantity(asked.documents, 'document')}`}
          rate={run?.documentsPerSecond == null ? null : rateText(run.documentsPerSecond)}
          secondsLeft={run?.secondsLeft ?? null}
        />
      ) : null}
      {state === 'running' && !isHere ? (
        <p className={frame['hint']}>Another process judges; it can be stopped where it was started</p>
      ) : null}
      {run !== null && run.lastRetry !== null ? (
        <p className={frame['hint']}>
          {run.lastRetry.reason}; asked again, {formatQuantity(run.lastRetry.count, 'time')} in all, the last{' '}
          {formatAge(run.lastRetry.atMs)}. {formatQuantity(run.limit, 'request')} at once now
        </p>
      ) : null}
      {state === 'stopped' && board.failure === null ? (
        <p className={frame['hint']}>{asked.ended?.message ?? 'Its process ended before it was done'}</p>
      ) : null}
      {board.failure === null ? null : (
        <ErrorState
          title={board.failure.message}
          hint={board.failure.hint}
          details={`${board.failure.message}\n${board.failure.hint}`}
          compact
        />
      )}
      {failure === null ? null : <ErrorState {...describeError(failure)} compact />}
      {board.brokenLines > 0 ? (
        <p className={styles['warn']}>
          {formatQuantity(board.brokenLines, 'line')} cannot be read and were left out
        </p>
      ) : null}
      {isResuming ? (
        <ResumeDialog judgement={judgement} asked={asked} onClose={() => setResuming(false)} />
      ) : null}
    </div>
  );
}

/** The bench with this judgement as the only source. */
function benchOf(path: string, judgement: string): BenchPlace {
  const predictions = [`judgements/${judgement}`];
  return { path, truth: null, predictions, show: 'spearman', ...NO_DOCUMENTS };
}

const rateText = (perSecond: number): string =>
  perSecond >= 1 ? `${perSecond.toFixed(1)} documents/s` : `${(60 * perSecond).toFixed(1)} documents/min`;

/** On a board; all of them are in the results. */
const SHOWN_LINES = 4;

function Newest(props: {
  readonly path: string;
  readonly judgement: string;
  readonly board: JudgementBoard;
}) {
  const { path, judgement, board } = props;
  if (board.newest.length === 0) return null;
  const reading = { ...board.judgement.judge.template, rule: board.judgement.rule };
  return (
    <Section title="Latest generations" aside="newest first">
      <div className={styles['newest']}>
        {board.newest.slice(0, SHOWN_LINES).map((line) => (
          <article key={`${line.document_id} ${line.language}`} className={styles['document']}>
            <Button
              kind="quiet"
              onPress={() =>
                navigate(judgeHref(path, { judgement, show: 'results', document: line.document_id }))
              }
            >
              {line.document_id}
            </Button>
            <Generations line={line} reading={reading} />
          </article>
        ))}
      </div>
    </Section>
  );
}
