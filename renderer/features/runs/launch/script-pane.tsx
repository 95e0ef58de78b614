// The batch script as it would be submitted, live beside the form; edited in place, with what the studio put back into it.
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense } from 'react';
import type { StudioClient } from '../../../../core/api/contract.ts';
import type { JobScript, ScriptNote } from '../../../../core/api/launches.ts';
import { describeError } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ShellEditor } from '../../configs/index.tsx';
import styles from './launch-dialog.module.css';
import type { LaunchRequest } from './launch-step.ts';

const severities = { refused: 'error', restored: 'info', noted: 'warning' } as const;

export interface ScriptPaneProps {
  readonly request: LaunchRequest;
  /** Null goes back to the generated one. */
  readonly onEdit: (script: string | null) => void;
}

function scriptQuery(client: StudioClient, request: LaunchRequest | null) {
  return queryOptions({
    queryKey: queryKeys.script(JSON.stringify(request)),
    queryFn: ({ signal }) => (request === null ? null : client.runs.script(request, { signal })),
  });
}

/** Whether something of an edited script is refused: then it cannot be launched. */
export function useScript(request: LaunchRequest | null): {
  readonly script: JobScript | null;
  readonly error: unknown;
  readonly isPending: boolean;
} {
  const client = useClient();
  const script = useQuery({
    ...scriptQuery(client, request),
    enabled: request !== null,
    placeholderData: keepPreviousData,
  });
  return { script: script.data ?? null, error: script.error, isPending: script.isPending };
}

export function ScriptPane({ request, onEdit }: ScriptPaneProps) {
  const client = useClient();
  const queries = useQueryClient();
  const { script, error, isPending } = useScript(request);
  /** What is shown may be that of a moment ago; what is edited is never. */
  const edit = async (): Promise<void> => {
    const now = await queries.fetchQuery(scriptQuery(client, request)).catch(() => null);
    if (now !== null) onEdit(now.text);
  };
  const edited = request.script;
  const isEdited = edited !== undefined;
  const problem = error ? describeError(error) : null;
  const text = edited ?? script?.text ?? '';
  const notes = isEdited ? (script?.notes ?? []) : [];
  const remarks = notes.flatMap(({ kind, line, message, reason }) =>
    line === null ? [] : [{ line, severity: severities[kind], message: `${message}. ${reason}` }],
  );
  return (
    <section className={styles['script']} aria-label="Batch script">
      <h3 className={styles['scriptTitle']}>
        Batch script
        {isEdited ? <Badge tone="accent">edited</Badge> : null}
        <span className={styles['scriptActions']}>
          {text === '' ? null : <CopyButton text={text} label="Copy" />}
          {isEdited ? (
            <Button kind="quiet" onPress={() => onEdit(null)}>
              Reset to generated
            </Button>
          ) : (
            <Button kind="quiet" isDisabled={text === ''} onPress={() => void edit()}>
              Edit
            </Button>
          )}
        </span>
      </h3>
      {isEdited ? (
        <p className={styles['about']} role="status">
          The form no longer changes this script; its directives say what is asked for.
        </p>
      ) : null}
      {problem ? (
        <p className={styles['scriptProblem']} role="status">
          {problem.title}. {problem.hint}
        </p>
      ) : isPending && !isEdited ? (
        <Skeleton label="Writing the batch script" rows={6} />
      ) : null}
      <Notes notes={notes} />
      {isEdited ? (
        <div className={styles['scriptEditor']}>
          <Suspense fallback={<Skeleton label="Loading the editor" rows={8} />}>
            <ShellEditor label="Batch script" value={edited} onChange={onEdit} remarks={remarks} />
          </Suspense>
        </div>
      ) : problem ? null : (
        // It holds nothing to step to, so the keys scroll it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <section aria-label="Lines of the script" tabIndex={0} className={styles['scriptText']}>
          <pre>{text}</pre>
        </section>
      )}
    </section>
  );
}

const words = { refused: 'Refused', restored: 'Put back', noted: 'Note' } as const;

function Notes({ notes }: { readonly notes: readonly ScriptNote[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className={styles['notes']} aria-label="What the studio says to the script">
      {notes.map(({ kind, line, message, reason }) => (
        <li key={`${kind} ${line} ${message}`}>
          <Badge tone={kind === 'refused' ? 'bad' : kind === 'noted' ? 'warn' : 'neutral'}>
            {words[kind]}
          </Badge>
          <span>
            {line === null ? '' : `Line ${line}: `}
            {message}. <span className={styles['reason']}>{reason}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
