// The window before core has answered: waiting, or why it does not.
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { ConnectionState } from '../../connect.ts';
import { describeError } from '../describe-error.ts';

export function StartWait({
  state,
  onRetry,
}: {
  readonly state: ConnectionState;
  readonly onRetry: () => void;
}) {
  if (state.kind !== 'lost') return <Skeleton label="Starting the studio" rows={4} />;
  return (
    <ErrorState
      title="The studio’s core cannot be reached"
      hint={`${state.reason}. It is tried again by itself; if it stays, start the studio once more with npm start.`}
      details={`Not connected: ${state.reason}\nSince ${new Date(state.sinceMs).toISOString()}`}
      actions={
        <Button kind="primary" onPress={onRetry}>
          Try now
        </Button>
      }
    />
  );
}

export function StartFailure({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <ErrorState
      {...describeError(error)}
      actions={
        <Button kind="primary" onPress={onRetry}>
          Try again
        </Button>
      }
    />
  );
}
