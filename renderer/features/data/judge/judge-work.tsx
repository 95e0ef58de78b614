// The middle pane while judging: the question as a form, or the board and the results of a judgement.
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { navigate } from '../../../app/route.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { fileName, formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ModeSwitch } from '../mode-switch.tsx';
import { BoardView } from './board-view.tsx';
import frame from '../mode-frame.module.css';
import styles from './judge-work.module.css';
import { judgeHref, readJudgePlace } from './place.ts';
import { ResultsView } from './results-view.tsx';
import { SetupForm } from './setup-form.tsx';
import { type ListedJudgement, useJudgements } from './use-judgements.ts';

const NEW = '-new-';
const states = { running: 'running', stopped: 'can be resumed', finished: 'finished' } as const;

const SHOWS = [
  { id: 'board', title: 'Board' },
  { id: 'results', title: 'Results' },
] as const;

export function JudgeWork({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const place = readJudgePlace(query);
  const judgements = useJudgements(path);
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title={fileName(path)}
          detail={judgements.all?.length ? formatQuantity(judgements.all.length, 'judgement') : ''}
          actions={<ModeSwitch path={path} query={query} />}
        />
      }
    >
      <div className={frame['stack']}>
        {judgements.problems.map((problem) => (
          <p key={problem} className={frame['problem']}>
            {problem}
          </p>
        ))}
        {judgements.error ? (
          <ErrorState {...describeError(judgements.error)} compact />
        ) : judgements.all === null ? (
          <Skeleton label="Looking for judgements" />
        ) : (
          <Chooser path={path} all={judgements.all} judgement={place.judgement} show={place.show} />
        )}
        {place.judgement === null ? (
          <SetupForm path={path} query={query} taken={judgements.names} />
        ) : place.show === 'results' ? (
          <ResultsView
            key={`${place.judgement} ${place.only}`}
            path={path}
            judgement={place.judgement}
            open={place.document}
            only={place.only}
          />
        ) : (
          <BoardView key={place.judgement} path={path} judgement={place.judgement} />
        )}
      </div>
    </Pane>
  );
}

function Chooser(props: {
  readonly path: string;
  readonly all: readonly ListedJudgement[];
  readonly judgement: string | null;
  readonly show: 'board' | 'results';
}) {
  const { path, all, judgement, show } = props;
  if (all.length === 0 && judgement === null) return null;
  return (
    <div className={frame['bar']}>
      <div className={styles['which']}>
        <Select
          label="Judgement"
          isLabelHidden
          choices={[
            { id: NEW, label: 'New judgement…' },
            ...all.map((one) => ({
              id: one.judgement,
              label: one.judgement,
              detail: `${one.title} by ${one.model}, ${formatQuantity(one.documents, 'document')}, ${states[one.state]}`,
            })),
          ]}
          value={judgement ?? NEW}
          onChange={(next) => navigate(judgeHref(path, { judgement: next === NEW ? null : next }))}
        />
      </div>
      <span className={frame['spring']} />
      {judgement === null ? null : (
        <Segmented
          label="Show"
          choices={SHOWS}
          value={show}
          onChange={(next) => navigate(judgeHref(path, { judgement, show: next }))}
        />
      )}
    </div>
  );
}
