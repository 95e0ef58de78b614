// The middle pane of the bench: what is compared, how far it is, and the figures in tabs.
import { Scale } from 'lucide-react';
import type { ReactNode } from 'react';
import type { BenchReport } from '../../../../core/lib/judge-bench/bench-report.ts';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { navigate } from '../../../app/route.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { fileName, formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Progress } from '../../../ui/progress.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { ModeSwitch } from '../mode-switch.tsx';
import styles from './bench-work.module.css';
import { InputsBar } from './inputs-bar.tsx';
import { benchHref, type BenchPlace, type BenchView, NO_DOCUMENTS, readBenchPlace } from './place.ts';
import { ReportView } from './report-view.tsx';
import { SpearmanView } from './spearman-view.tsx';
import { useBench, useReferences } from './use-bench.ts';
import { ClassesView } from './classes-view.tsx';
import { HeadsView } from './heads-view.tsx';
import { PeopleView, ThresholdsView } from './views.tsx';

export function BenchWork({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const place = readBenchPlace(path, query);
  const { stream, state, again, cancel } = useBench(place);
  const { report, progress } = state;
  const change = (next: Partial<BenchPlace>) => navigate(benchHref({ ...place, ...next }));
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title={fileName(path)}
          detail={report ? detailOf(report) : ''}
          actions={<ModeSwitch path={path} query={query} />}
        />
      }
    >
      <div className={styles['stack']}>
        <InputsBar place={place} onChange={change} />
        {stream.state.kind === 'failed' ? (
          <CannotCompare error={stream.state.error} onAgain={() => stream.restart()} />
        ) : report ? (
          <Figures report={report} place={place} onChange={change} />
        ) : again ? (
          <EmptyState
            icon={Scale}
            title="Comparing was cancelled"
            actions={
              <Button kind="primary" onPress={again}>
                Compare again
              </Button>
            }
          >
            Nothing was written. Choose fewer sources above, or compare again.
          </EmptyState>
        ) : progress ? (
          <div className={styles['waiting']}>
            <Progress
              label="Comparing judges with people"
              fraction={progress.total === 0 ? null : progress.done / progress.total}
              amount={`${progress.done} of ${progress.total} cells`}
              onCancel={cancel}
            />
          </div>
        ) : (
          <div className={styles['waiting']}>
            <Skeleton label="Reading scores" rows={6} />
            <Button onPress={cancel}>Cancel</Button>
          </div>
        )}
      </div>
    </Pane>
  );
}

function detailOf(report: BenchReport): string {
  return [
    formatQuantity(report.truth.documents, 'document'),
    formatQuantity(report.languages.length, 'language'),
    formatQuantity(report.rows.length, 'source'),
  ].join(' · ');
}

/** Most often the open data set simply has nobody's ratings: then this says what the bench is for. */
function CannotCompare({ error, onAgain }: { readonly error: unknown; readonly onAgain: () => void }) {
  const said = describeError(error);
  if (!/no column for|has a score|has rated/.test(said.title)) {
    return <ErrorState {...said} actions={<Button onPress={onAgain}>Try again</Button>} />;
  }
  return (
    <EmptyState icon={Scale} title={said.title} actions={<Button onPress={onAgain}>Try again</Button>}>
      The bench compares judges and heads with people, language by language, as the JQL paper does. It needs a
      dataset with ids and people’s scores (the sample’s documents.parquet has them, or a campaign of your
      own), and predictions of the same documents: judgements, or columns called score_…. {said.hint}
    </EmptyState>
  );
}

function Figures(props: {
  readonly report: BenchReport;
  readonly place: BenchPlace;
  readonly onChange: (change: Partial<BenchPlace>) => void;
}) {
  const { report, place, onChange } = props;
  const references = useReferences().data ?? [];
  const chosen =
    place.source === null || place.language === null || place.only !== null
      ? null
      : { source: place.source, language: place.language };
  return (
    <>
      {report.notes.length > 0 ? (
        <ul className={styles['notes']} aria-label="Notes">
          {report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      ) : null}
      <Tabs<BenchView>
        label="Figures"
        selected={place.show}
        onSelect={(show) => onChange({ show })}
        tabs={[
          {
            id: 'spearman',
            title: 'Spearman',
            content: (
              <Scroll>
                <SpearmanView
                  report={report}
                  references={references}
                  chosen={chosen}
                  onChoose={(cell) => onChange({ ...cell, only: null })}
                />
              </Scroll>
            ),
          },
          {
            id: 'classes',
            title: 'Classes',
            content: (
              <Scroll>
                <ClassesView
                  report={report}
                  references={references}
                  chosen={place}
                  onChoose={(documents) => onChange(documents)}
                />
              </Scroll>
            ),
          },
          {
            id: 'thresholds',
            title: 'Thresholds',
            content: (
              <Scroll>
                <ThresholdsView report={report} place={place} onChange={onChange} />
              </Scroll>
            ),
          },
          {
            id: 'people',
            title: 'People',
            content: (
              <Scroll>
                <PeopleView report={report} onChoose={(only) => onChange({ ...NO_DOCUMENTS, only })} />
              </Scroll>
            ),
          },
          {
            id: 'heads',
            title: 'Heads',
            content: (
              <Scroll>
                <HeadsView
                  report={report}
                  references={references}
                  onChoose={(documents) => onChange(documents)}
                />
              </Scroll>
            ),
          },
          {
            id: 'report',
            title: 'Report',
            content: (
              <Scroll>
                <ReportView report={report} references={references} />
              </Scroll>
            ),
          },
        ]}
      />
    </>
  );
}

function Scroll({ children }: { readonly children: ReactNode }) {
  return (
    // Tables of numbers hold nothing to step to, so the keys scroll what is around them.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles['scroll']} aria-label="Figures" tabIndex={0}>
      {children}
    </section>
  );
}
