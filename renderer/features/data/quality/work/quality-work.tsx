// The middle pane in quality mode: what thresholds on the heads' scores keep of a corpus, in figures, per head and by
// language. What keeps it waiting or empty is said here; everything else is in the parts.
import { FlaskConical } from 'lucide-react';
import { useAvailableCommands } from '../../../../app/commands.ts';
import { describeError } from '../../../../app/describe-error.ts';
import type { PaneProps } from '../../../../app/feature.ts';
import { runCommand } from '../../../../app/key-listener.ts';
import { Button } from '../../../../ui/button.tsx';
import { EmptyState } from '../../../../ui/empty-state.tsx';
import { ErrorState } from '../../../../ui/error-state.tsx';
import { fileName, formatCount } from '../../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../../ui/pane.tsx';
import { Progress } from '../../../../ui/progress.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { ModeSwitch } from '../../mode-switch.tsx';
import { SCORE_COMMAND } from '../../scoring/score-command.ts';
import { ExportProgress } from '../actions/export-progress.tsx';
import { RecipesMenu } from '../actions/recipes-menu.tsx';
import { choiceText } from '../lab/choice.ts';
import type { Lab } from '../lab/lab.ts';
import { useLab, useLabState } from '../lab/use-lab.ts';
import { useOpenLab } from '../lab/use-open-lab.ts';
import { Agreement } from './agreement.tsx';
import { Controls } from './controls.tsx';
import { CorpusFiles } from './corpus-files.tsx';
import { HeadPanels } from './head-panels.tsx';
import { Headline } from './headline.tsx';
import { LanguageTable } from './language-table.tsx';
import { Lengths } from './lengths.tsx';
import { MixedScores, useMixedHeads } from './mixed-scores.tsx';
import lower from './lower.module.css';
import styles from './quality-work.module.css';

export function QualityWork({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const lab = useLab(path, query);
  const stream = useOpenLab(lab, query);
  const description = useLabState(lab, (state) => state.description);
  const choice = useLabState(lab, (state) => state.choice);
  const hasHeads = description !== null && description.heads.length > 0;
  return (
    <Pane
      header={
        <PaneHeader
          title={fileName(path)}
          detail={
            hasHeads ? (
              <span className={styles['choice']} title={choiceText(choice)}>
                {choiceText(choice)}
              </span>
            ) : null
          }
          actions={
            <>
              <CorpusFiles lab={lab} />
              {hasHeads ? <RecipesMenu lab={lab} /> : null}
              <ModeSwitch path={path} query={query} />
            </>
          }
        />
      }
    >
      {stream.state.kind === 'failed' ? (
        <ErrorState
          {...describeError(stream.state.error)}
          actions={<Button onPress={stream.restart}>Try again</Button>}
        />
      ) : description === null ? (
        <Waiting lab={lab} />
      ) : hasHeads ? (
        <Open lab={lab} />
      ) : (
        <EmptyState icon={FlaskConical} title="No scores in this dataset" actions={<ScoreButton />}>
          The quality lab needs at least one numeric column of scores, named like score_gemma. Score the
          documents with a head first: the scored file has one column a head and opens here.
        </EmptyState>
      )}
    </Pane>
  );
}

/** As the button in the top bar: whoever reads that scores are missing can make them at once. */
function ScoreButton() {
  const command = useAvailableCommands().find(({ id }) => id === SCORE_COMMAND);
  return command ? (
    <Button kind="primary" onPress={() => runCommand(command)}>
      Score…
    </Button>
  ) : null;
}

function Waiting({ lab }: { readonly lab: Lab }) {
  const progress = useLabState(lab, (state) => state.progress);
  if (progress === null) return <Skeleton label="Reading the scores" rows={10} />;
  return (
    <div className={styles['waiting']}>
      <Progress
        label={
          lab.tokens.kind === 'tokenizer'
            ? 'Counting tokens and reading the scores for the first time'
            : 'Reading the scores for the first time'
        }
        fraction={progress.totalRows === 0 ? null : progress.doneRows / progress.totalRows}
        amount={`${formatCount(progress.doneRows)} of ${formatCount(progress.totalRows)} documents`}
      />
    </div>
  );
}

function Open({ lab }: { readonly lab: Lab }) {
  const newest = useLabState(lab, (state) => state.newest);
  const problem = useLabState(lab, (state) => state.problem);
  const isMixed = useMixedHeads(lab).length > 0;
  const isOlder = useLabState(
    lab,
    ({ newest: answer, choice, problem: failed }) =>
      failed === null && answer !== null && answer.choice !== choice,
  );
  const said = problem ? describeError(problem).title : null;
  const warnings = (useLabState(lab, (state) => state.description?.warnings) ?? []).filter(
    (warning) => warning !== said,
  );
  return (
    <div className={styles['stack']}>
      <ExportProgress lab={lab} />
      {problem && !isMixed ? <ErrorState compact {...describeError(problem)} /> : null}
      {warnings.length > 0 ? (
        <details className={styles['warnings']}>
          <summary>
            {warnings.length === 1
              ? warnings[0]
              : `${warnings.length} things to know before trusting the numbers`}
          </summary>
          {warnings.length === 1 ? null : (
            <ul>
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          )}
        </details>
      ) : null}
      {isMixed ? null : <Headline answer={newest} isOlder={isOlder} />}
      <Controls lab={lab} />
      {isMixed ? (
        <MixedScores lab={lab} />
      ) : (
        <>
          <HeadPanels lab={lab} />
          <LanguageTable lab={lab} />
          <div className={lower['row']}>
            <Agreement lab={lab} />
            <Lengths lab={lab} />
          </div>
        </>
      )}
    </div>
  );
}
