// Results in the left pane: the leaderboard of the workspace, and the published tables.
import { FileInput } from 'lucide-react';
import { useState } from 'react';
import type { EvaluationsOverview } from '../../../../core/api/evaluations.ts';
import { href, navigate } from '../../../app/route.ts';
import { IconButton } from '../../../ui/button.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { ListView } from '../../../ui/list-view.tsx';
import { Section } from '../../../ui/pane.tsx';
import { TwoLineRow } from '../../../ui/two-line-row.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { ImportDialog } from './import-dialog.tsx';
import { PUBLISHED } from './published-names.ts';
import { useResultsOverview } from './use-results.ts';

const linkOf = (id: string): string => href('evaluations', id);

export function ResultsListSection({ argument, name }: EvaluationKindProps) {
  const overview = useResultsOverview();
  const [isImporting, setImporting] = useState(false);
  const found = overview.data;
  const items = [
    {
      id: 'results',
      title: 'Leaderboard',
      detail: found === undefined || found.results === 0 ? 'models by tasks' : countsOf(found),
    },
    {
      id: `results/${PUBLISHED}`,
      title: 'Published tables',
      detail: 'Zagreus, Nesso and JQL reports',
    },
  ];
  const isHere = argument === 'results' || argument?.startsWith('results/') === true;
  return (
    <Section
      title="Results"
      aside={
        <IconButton
          icon={FileInput}
          label="Import results…"
          size="small"
          onPress={() => setImporting(true)}
        />
      }
    >
      <ListView
        label="Results"
        items={items}
        idOf={({ id }) => id}
        textOf={({ title }) => title}
        selectedId={isHere ? (name === null ? 'results' : `results/${PUBLISHED}`) : null}
        onOpen={(id) => navigate(linkOf(id))}
        hrefOf={({ id }) => linkOf(id)}
        rowHeightPx={46}
        renderItem={({ title, detail }) => <TwoLineRow name={title} title={title} detail={detail} />}
      />
      {isImporting ? <ImportDialog onClose={() => setImporting(false)} /> : null}
    </Section>
  );
}

const countsOf = ({ models, tasks, problems }: EvaluationsOverview): string =>
  [
    formatQuantity(models.length, 'model'),
    formatQuantity(tasks.length, 'task'),
    problems.length === 0 ? '' : `${problems.length} doubtful`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
