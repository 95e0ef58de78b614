// The batch script as it would be submitted, live beside the form.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { describeError } from '../../app/describe-error.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import styles from './launch-dialog.module.css';
import type { ParameterValue } from './parameter-field.tsx';
import type { ResourcesGiven } from './resources-given.ts';

export interface ScriptPreviewProps {
  readonly recipe: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly target: string;
  readonly resources: ResourcesGiven;
}

export function ScriptPreview(props: ScriptPreviewProps) {
  const client = useClient();
  const script = useQuery({
    queryKey: queryKeys.script(JSON.stringify(props)),
    queryFn: ({ signal }) =>
      client.runs.script({ ...props, parameters: { ...props.parameters } }, { signal }),
    placeholderData: keepPreviousData,
  });
  const problem = script.error ? describeError(script.error) : null;
  const text = script.data?.text ?? '';
  return (
    <section className={styles['script']} aria-label="Batch script">
      <h3 className={styles['scriptTitle']}>
        Batch script
        {text === '' ? null : <CopyButton text={text} label="Copy" />}
      </h3>
      {problem ? (
        <p className={styles['scriptProblem']} role="status">
          {problem.title}. {problem.hint}
        </p>
      ) : script.isPending ? (
        <Skeleton label="Writing the batch script" rows={6} />
      ) : (
        <pre className={styles['scriptText']}>{text}</pre>
      )}
    </section>
  );
}
