// A suite in the middle pane: the grid of answers, curves over the steps of a run, or its text.
import { ListChecks } from 'lucide-react';
import type { SuiteState } from '../../../../core/api/suites.ts';
import { describeError } from '../../../app/describe-error.ts';
import { notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Progress } from '../../../ui/progress.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { moveInSuite, readSuitePlace, type SuitePlace, type SuiteTab, suiteTabs } from './place.ts';
import { RunSuiteDialog } from './run-suite-dialog.tsx';
import { SuiteCurves } from './suite-curves.tsx';
import { SuiteEditor } from './suite-editor.tsx';
import { SuiteGrid } from './suite-grid.tsx';
import styles from './suites.module.css';
import { useSuiteFile, useSuiteState, useSuiteTable } from './use-suites.ts';

const titles: Readonly<Record<SuiteTab, string>> = { grid: 'Grid', curves: 'Curves', edit: 'Edit' };

export function SuiteWork({ name, query }: EvaluationKindProps) {
  return name === null ? null : <Own key={name} name={name} query={query} />;
}

function Own({ name, query }: { readonly name: string; readonly query: URLSearchParams }) {
  const place = readSuitePlace(query);
  const file = useSuiteFile(name);
  const state = useSuiteState(name);
  const suite = file.data?.suite ?? null;
  if (file.error) return <ErrorState {...describeError(file.error)} />;
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title={suite?.title ?? name}
          detail={
            suite === null
              ? ''
              : [
                  formatQuantity(suite.prompts.length, 'prompt'),
                  formatQuantity(suite.samplers.length, 'sampler'),
                  suite.language ?? '',
                ]
                  .filter((part) => part !== '')
                  .join(' · ')
          }
          actions={<TabSwitch name={name} tab={place.tab} />}
        />
      }
    >
      <div className={styles['work']}>
        <Running name={name} state={state} />
        {file.data === undefined ? (
          <Skeleton label="Opening the suite" />
        ) : place.tab === 'edit' ? (
          <SuiteEditor key={file.data.path} file={file.data} />
        ) : suite === null ? (
          <Unusable name={name} problem={file.data.problems[0]?.message ?? ''} />
        ) : (
          <Answers name={name} place={place} />
        )}
      </div>
      {place.asks && suite !== null ? (
        <RunSuiteDialog name={name} suite={suite} onClose={() => moveInSuite(name, { asks: false })} />
      ) : null}
    </Pane>
  );
}

function TabSwitch({ name, tab }: { readonly name: string; readonly tab: SuiteTab }) {
  return (
    <Segmented
      label="Show"
      choices={suiteTabs.map((id) => ({ id, title: titles[id] }))}
      value={tab}
      onChange={(chosen) => moveInSuite(name, { tab: chosen })}
    />
  );
}

/** What runs now, what was left out, and why the last run ended by itself. */
function Running({ name, state }: { readonly name: string; readonly state: SuiteState | null }) {
  const client = useClient();
  if (state === null) return null;
  const { running, failure, skipped } = state;
  return (
    <>
      {running ? (
        <div className={styles['bar']}>
          <Progress
            label={`Model ${running.modelNumber} of ${running.models}: ${running.model}${running.note === null ? '' : ` · ${running.note}`}`}
            fraction={running.total === 0 ? null : running.done / running.total}
            amount={`${running.done.toLocaleString('en-US')} of ${formatQuantity(running.total, 'answer')}`}
            onCancel={() => void client.suites.stop({ suite: name }).catch(notifyError)}
          />
        </div>
      ) : null}
      {failure === null ? null : (
        <ErrorState compact title={failure.message} hint={failure.hint} details={failure.message} />
      )}
      {skipped.length === 0 ? null : (
        <details className={styles['skipped']}>
          <summary>{`${formatQuantity(skipped.length, 'remark')} of the last run`}</summary>
          <ul>
            {skipped.map(({ path, reason }) => (
              <li key={`${path} ${reason}`}>{`${path}: ${reason}`}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Unusable({ name, problem }: { readonly name: string; readonly problem: string }) {
  return (
    <ErrorState
      title={`The suite cannot be used: ${problem}`}
      hint="Mend it in its editor; what was answered before is untouched"
      details={problem}
      actions={<Button onPress={() => moveInSuite(name, { tab: 'edit' })}>Open the editor</Button>}
    />
  );
}

function Answers({ name, place }: { readonly name: string; readonly place: SuitePlace }) {
  const table = useSuiteTable(name);
  if (table.error) return <ErrorState {...describeError(table.error)} />;
  if (!table.data) return <Skeleton label="Reading the answers" rows={8} />;
  if (table.data.models.length === 0) {
    return (
      <EmptyState
        icon={ListChecks}
        title="No answers yet"
        actions={
          <Button kind="primary" onPress={() => moveInSuite(name, { asks: true })}>
            Run suite…
          </Button>
        }
      >
        <p>
          Every prompt is asked of each model you choose, greedy and with fixed seeds. Answers are kept by
          weights, template, prompt and sampler, so nothing is asked twice.
        </p>
      </EmptyState>
    );
  }
  return place.tab === 'curves' ? (
    <SuiteCurves name={name} table={table.data} place={place} />
  ) : (
    <SuiteGrid name={name} table={table.data} place={place} />
  );
}
