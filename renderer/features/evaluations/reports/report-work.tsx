// A report in the middle pane, as it was written, with what its files say now; without one, the runs that can be reported.
import { useQueryClient } from '@tanstack/react-query';
import { FileText, RefreshCw, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { type RunId, runId } from '../../../../core/api/runs.ts';
import { notifyError } from '../../../app/notifications.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { describeError } from '../../../app/describe-error.ts';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { useAllRuns } from '../jobs/use-jobs.ts';
import { ReportBlockView } from './report-block-view.tsx';
import styles from './reports.module.css';
import { reportsKey, useReport, useVerification } from './use-reports.ts';
import { VerificationView } from './verification-view.tsx';

export function ReportWork({ name }: EvaluationKindProps) {
  const run = runId.safeParse(name);
  return run.success ? <WrittenReport key={run.data} run={run.data} /> : <NewReport />;
}

function useWriting(): { readonly isBusy: boolean; readonly write: (run: RunId) => Promise<void> } {
  const client = useClient();
  const queries = useQueryClient();
  const { isBusy, attempt } = useAttempt(notifyError);
  return {
    isBusy,
    async write(run) {
      await attempt(async () => {
        await client.reports.write({ run });
        await queries.invalidateQueries({ queryKey: reportsKey });
        navigate(href('evaluations', `reports/${run}`));
      });
    },
  };
}

function NewReport() {
  const { readOnly } = useWorkspace();
  const runs = useAllRuns();
  const { isBusy, write } = useWriting();
  const [run, setRun] = useState<RunId | null>(null);
  return (
    <Pane header={<PaneHeader title="Write a report" />} padded>
      <EmptyState
        icon={FileText}
        title={runs?.length === 0 ? 'There is no run to report' : 'A run on one page'}
        actions={
          readOnly || runs === null || runs.length === 0 ? null : (
            <div className={styles['choice']}>
              <Select
                label="Run"
                choices={runs.map(({ id, name, recipe }) => ({
                  id,
                  label: name,
                  detail: `${recipe} · ${id}`,
                }))}
                value={run}
                onChange={setRun}
              />
              <Button
                kind="primary"
                isDisabled={run === null || isBusy}
                onPress={() => {
                  if (run !== null) void write(run);
                }}
              >
                Write the report
              </Button>
            </div>
          )
        }
      >
        <p>
          Config, data and filter recipe, curves, checkpoints, evaluations beside what was published, answers,
          and the commands that give each number again: as a page without scripts, as Markdown, and with the
          hash of every file it was drawn from.
        </p>
      </EmptyState>
    </Pane>
  );
}

function WrittenReport({ run }: { readonly run: RunId }) {
  const { readOnly } = useWorkspace();
  const report = useReport(run);
  const verification = useVerification(run, report.isSuccess);
  const { isBusy, write } = useWriting();
  if (report.isPending) return <Skeleton label="Opening the report" />;
  if (report.isError) {
    const { title, hint, details } = describeError(report.error);
    return (
      <ErrorState
        title={title}
        hint={hint}
        details={details}
        actions={
          readOnly ? null : (
            <Button isDisabled={isBusy} onPress={() => void write(run)}>
              Write it anew
            </Button>
          )
        }
      />
    );
  }
  const { document, folder } = report.data;
  return (
    <Pane
      header={
        <PaneHeader
          title={document.title}
          detail={`${folder}/report.html`}
          actions={
            <>
              <Button
                icon={ShieldCheck}
                isDisabled={verification.isFetching}
                onPress={() => void verification.refetch()}
              >
                Verify
              </Button>
              {readOnly ? null : (
                <Button icon={RefreshCw} isDisabled={isBusy} onPress={() => void write(run)}>
                  Write again
                </Button>
              )}
            </>
          }
        />
      }
      padded
    >
      <article className={styles['report']}>
        <p className={styles['quiet']}>{document.subtitle}</p>
        <VerificationView verification={verification} />
        {document.sections.map(({ id, title, blocks }) => (
          <section key={id} aria-labelledby={`report-${id}`}>
            <h3 id={`report-${id}`} className={styles['heading']}>
              {title}
            </h3>
            {blocks.map((block, index) => (
              <ReportBlockView key={index} block={block} />
            ))}
          </section>
        ))}
      </article>
    </Pane>
  );
}
