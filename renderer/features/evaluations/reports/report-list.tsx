// Reports in the left pane: how to write one, then those that were written, newest first.
import { href, navigate } from '../../../app/route.ts';
import { ListView } from '../../../ui/list-view.tsx';
import { Section } from '../../../ui/pane.tsx';
import { TwoLineRow } from '../../../ui/two-line-row.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { useReports } from './use-reports.ts';

const ROW_HEIGHT = 46;
const NEW = '';

export function ReportListSection({ argument, name }: EvaluationKindProps) {
  const reports = useReports().data ?? [];
  const isHere = argument === 'reports' || argument?.startsWith('reports/') === true;
  const items = [
    { id: NEW, title: 'Write a report', detail: 'of a run, with all its hashes', isBad: false },
    ...reports.map(({ run, runName, writtenMs, problem }) => ({
      id: String(run),
      title: runName,
      detail: problem ?? `written ${new Date(writtenMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      isBad: problem !== null,
    })),
  ];
  const link = (id: string) => href('evaluations', id === NEW ? 'reports' : `reports/${id}`);
  return (
    <Section title="Reports">
      <ListView
        label="Reports"
        rowHeightPx={ROW_HEIGHT}
        items={items}
        idOf={({ id }) => id}
        textOf={({ title }) => title}
        selectedId={isHere ? (name ?? NEW) : null}
        onOpen={(id) => navigate(link(id))}
        hrefOf={({ id }) => link(id)}
        renderItem={({ title, detail, isBad }) => (
          <TwoLineRow name={title} detail={detail} isProblem={isBad} />
        )}
      />
    </Section>
  );
}
