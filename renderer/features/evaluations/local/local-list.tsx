// Evaluations on this computer in the left pane: a new one, and those there are.
import { FlaskConical, Plus } from 'lucide-react';
import { href, navigate } from '../../../app/route.ts';
import { IconButton } from '../../../ui/button.tsx';
import { formatAge } from '../../../ui/format.ts';
import { ListView } from '../../../ui/list-view.tsx';
import { Section } from '../../../ui/pane.tsx';
import { TwoLineRow } from '../../../ui/two-line-row.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { runDetail, runTitle } from './run-words.ts';
import { useLocalRuns } from './use-local-runs.ts';

const NEW = 'new';
const linkOf = (id: string) => href('evaluations', id === NEW ? 'local' : `local/${id}`);

export function LocalListSection({ argument, name }: EvaluationKindProps) {
  const runs = useLocalRuns();
  const isHere = argument === 'local' || argument?.startsWith('local/') === true;
  const items = [
    { id: NEW, title: 'Evaluate here…', detail: 'likelihoods and answers on this computer', state: '' },
    ...(runs ?? []).map((run) => ({
      id: run.id,
      title: runTitle(run),
      detail: `${runDetail(run)} · ${formatAge(run.createdMs)}`,
      state: run.state,
    })),
  ];
  return (
    <Section
      title="On this computer"
      aside={
        <IconButton icon={Plus} label="Evaluate here…" size="small" onPress={() => navigate(linkOf(NEW))} />
      }
    >
      <ListView
        label="Evaluations on this computer"
        items={items}
        idOf={({ id }) => id}
        textOf={({ title, detail }) => `${title} ${detail}`}
        selectedId={isHere ? (name ?? NEW) : null}
        onOpen={(id) => navigate(linkOf(id))}
        hrefOf={({ id }) => linkOf(id)}
        rowHeightPx={46}
        renderItem={({ id, title, detail, state }) => (
          <TwoLineRow
            name={title}
            detail={detail}
            isProblem={state === 'failed'}
            {...(id === NEW ? { mark: <FlaskConical size={14} aria-hidden /> } : {})}
            {...(state === 'running' ? { aside: 'running' } : {})}
          />
        )}
      />
    </Section>
  );
}
