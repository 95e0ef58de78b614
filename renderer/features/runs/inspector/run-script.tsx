// The batch script that a run was launched with, and whether a person had edited it.
import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import type { Run } from '../../../../core/api/runs.ts';
import { describeError } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Section } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ShellEditor } from '../../configs/index.tsx';
import styles from './run-inspector.module.css';

/** Draws nothing for a run without one. */
export function RunScript({ run }: { readonly run: Run }) {
  const [isOpen, setOpen] = useState(false);
  if (run.isScriptEdited === null) return null;
  return (
    <Section
      title="Batch script"
      aside={run.isScriptEdited ? <Badge tone="accent">edited</Badge> : <span>as generated</span>}
    >
      <Button onPress={() => setOpen(true)}>Open script</Button>
      {isOpen ? <ScriptDialog run={run} onClose={() => setOpen(false)} /> : null}
    </Section>
  );
}

function ScriptDialog({ run, onClose }: { readonly run: Run; readonly onClose: () => void }) {
  const client = useClient();
  const script = useQuery({
    queryKey: queryKeys.script(`run ${run.id} ${run.jobId ?? ''}`),
    queryFn: ({ signal }) => client.runs.jobScript({ id: run.id }, { signal }),
  });
  const text = script.data?.text ?? '';
  return (
    <Dialog
      title={`Batch script of ${run.name}`}
      isOpen
      onClose={onClose}
      width="wide"
      actions={
        <>
          <CopyButton text={text} label="Copy" />
          <Button autoFocus onPress={onClose}>
            Close
          </Button>
        </>
      }
    >
      {script.error ? (
        <ErrorState compact {...describeError(script.error)} />
      ) : (
        <div className={styles['scriptBox']}>
          <Suspense fallback={<Skeleton label="Loading the editor" rows={8} />}>
            <ShellEditor label={`Batch script of ${run.name}`} value={text} />
          </Suspense>
        </div>
      )}
    </Dialog>
  );
}
