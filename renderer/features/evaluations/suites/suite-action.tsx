// The main action of a suite: run it, or stop what runs.
import { ListChecks, Square } from 'lucide-react';
import { notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { moveInSuite } from './place.ts';
import { useSuiteState } from './use-suites.ts';

export function SuiteAction({ name }: EvaluationKindProps) {
  return name === null ? null : <Own key={name} name={name} />;
}

function Own({ name }: { readonly name: string }) {
  const client = useClient();
  const state = useSuiteState(name);
  if (state?.running) {
    return (
      <Button icon={Square} onPress={() => void client.suites.stop({ suite: name }).catch(notifyError)}>
        Stop suite
      </Button>
    );
  }
  return (
    <Button kind="primary" icon={ListChecks} onPress={() => moveInSuite(name, { asks: true })}>
      Run suite…
    </Button>
  );
}
