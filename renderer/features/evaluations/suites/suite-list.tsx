// The suites in the left pane, and how one more gets there.
import { useQueryClient } from '@tanstack/react-query';
import { FilePlus2 } from 'lucide-react';
import { useState } from 'react';
import type { SuiteEntry } from '../../../../core/api/suites.ts';
import { describeError } from '../../../app/describe-error.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { ListView } from '../../../ui/list-view.tsx';
import { Section } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { TwoLineRow } from '../../../ui/two-line-row.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { NewSuiteDialog } from './new-suite-dialog.tsx';
import styles from './suites.module.css';
import { suiteKeys, useSuites } from './use-suites.ts';

const linkOf = (name: string): string => href('evaluations', `suites/${name}`);

export function SuiteListSection({ name }: EvaluationKindProps) {
  const client = useClient();
  const queries = useQueryClient();
  const suites = useSuites();
  const [isNew, setNew] = useState(false);
  const [asked, setAsked] = useState<SuiteEntry | null>(null);
  const addExamples = async () => {
    try {
      const { added } = await client.suites.addExamples();
      await queries.invalidateQueries({ queryKey: suiteKeys.list });
      if (added[0] !== undefined) navigate(linkOf(added[0]));
    } catch (error) {
      notifyError(error);
    }
  };
  const remove = async (suite: string) => {
    try {
      await client.suites.remove({ suite });
      await queries.invalidateQueries({ queryKey: suiteKeys.list });
      notify({
        severity: 'info',
        title: `suites/${suite} moved to the trash`,
        detail: 'Its answers stay in evals/suites',
      });
      if (suite === name) navigate(href('evaluations'));
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <Section
      title="Suites"
      aside={<IconButton icon={FilePlus2} label="New suite…" size="small" onPress={() => setNew(true)} />}
    >
      {suites.data ? (
        <ListView
          label="Suites"
          items={suites.data}
          idOf={(suite) => suite.name}
          textOf={(suite) => `${suite.title} ${suite.name}`}
          selectedId={name}
          onOpen={(id) => navigate(linkOf(id))}
          hrefOf={(suite) => linkOf(suite.name)}
          onDelete={(id) => setAsked(suites.data.find((suite) => suite.name === id) ?? null)}
          rowHeightPx={46}
          renderItem={(suite) => (
            <TwoLineRow
              name={suite.title}
              title={suite.path}
              detail={detailOf(suite)}
              isProblem={suite.problem !== null}
              {...(suite.isRunning ? { aside: 'running' } : {})}
            />
          )}
          empty={
            <div className={styles['none']}>
              <p>No suites yet. A suite is a list of prompts with checks, one file in suites/.</p>
              <Button onPress={() => void addExamples()}>Add the examples</Button>
            </div>
          }
        />
      ) : suites.error ? (
        <ErrorState compact {...describeError(suites.error)} />
      ) : (
        <Skeleton label="Loading the list of suites" rows={2} />
      )}
      {isNew ? <NewSuiteDialog onClose={() => setNew(false)} /> : null}
      <ConfirmDialog
        title={`Remove ${asked?.title ?? ''}?`}
        verb="Remove suite"
        isOpen={asked !== null}
        onConfirm={() => (asked === null ? undefined : remove(asked.name))}
        onClose={() => setAsked(null)}
      >
        The file moves to the trash of the workspace. Answers in evals/suites stay.
      </ConfirmDialog>
    </Section>
  );
}

function detailOf({ problem, prompts, language, models }: SuiteEntry): string {
  if (problem !== null) return problem;
  return [
    formatQuantity(prompts, 'prompt'),
    language ?? '',
    models === 0 ? 'no answers yet' : formatQuantity(models, 'model'),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
