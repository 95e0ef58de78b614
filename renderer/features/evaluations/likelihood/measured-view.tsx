// Models against languages and domains (or phenomena): what was measured, and which models are measured next.
import { Ruler } from 'lucide-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type LikelihoodSource, likelihoodWorkKey } from '../../../../core/api/likelihood.ts';
import { describeError, isAbort } from '../../../app/describe-error.ts';
import { notifyError } from '../../../app/notifications.ts';
import { workspaceKey, queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { useActivity } from '../../../app/use-activity.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import styles from './likelihood.module.css';
import { BitsTable, PairsTable } from './measured-tables.tsx';
import { ModelsDialog } from './models-dialog.tsx';

const SHIPPED = '-shipped-';

/** How many documents of a file are measured. */
const FILE_LIMIT = 200;

export function MeasuredView({ kind }: { readonly kind: 'texts' | 'pairs' }) {
  const client = useClient();
  const queries = useQueryClient();
  const [file, setFile] = useState(SHIPPED);
  const [asks, setAsks] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const datasets = useQuery({ queryKey: queryKeys.datasets, queryFn: () => client.datasets.list() });
  const source = useMemo((): LikelihoodSource => {
    if (kind === 'pairs') return { kind: 'pairs' };
    return file === SHIPPED ? { kind: 'held-out' } : { kind: 'file', path: file, limit: FILE_LIMIT };
  }, [kind, file]);
  const queryKey = [...workspaceKey, 'likelihood', source];
  const table = useQuery({
    queryKey,
    queryFn: ({ signal }) => client.likelihood.table({ source }, { signal }),
    retry: false,
  });
  // It goes on without the view that began it.
  const activity = useActivity(likelihoodWorkKey(source), (isRunning) => {
    if (!isRunning) void queries.invalidateQueries({ queryKey });
  });
  const measure = async (models: readonly string[]) => {
    setFailure(null);
    setAsked(true);
    try {
      // How far it is, its activity says.
      for await (const event of await client.likelihood.measure({ source, models: [...models] })) {
        if (event.kind === 'result') queries.setQueryData(queryKey, event.result);
      }
    } catch (error) {
      if (!isAbort(error)) setFailure(error);
      await queries.invalidateQueries({ queryKey });
    } finally {
      setAsked(false);
    }
  };
  return (
    <div className={styles['view']}>
      <div className={styles['tools']}>
        {kind === 'texts' ? (
          <Select
            label="Texts"
            isLabelHidden
            choices={[
              {
                id: SHIPPED,
                label: 'Held-out texts of the studio',
                detail: 'Italian and English, six domains each',
              },
              ...(datasets.data ?? []).map(({ path }) => ({
                id: path,
                label: path,
                detail: `its first ${FILE_LIMIT} documents`,
              })),
            ]}
            value={file}
            onChange={setFile}
          />
        ) : null}
        <span className={styles['spring']} />
        <Button kind="primary" isDisabled={isAsked || activity !== null} onPress={() => setAsks(true)}>
          Measure models…
        </Button>
      </div>
      {activity === null ? null : (
        <Progress
          label="Measuring"
          fraction={activity.total ? activity.done / activity.total : null}
          amount={
            activity.total === null
              ? ''
              : `${formatInteger(activity.done)} of ${formatInteger(activity.total)} ${kind}`
          }
          onCancel={() => void client.system.cancelActivity({ id: activity.id }).catch(notifyError)}
        />
      )}
      {failure === null ? null : <ErrorState compact {...describeError(failure)} />}
      {table.error ? (
        <ErrorState {...describeError(table.error)} />
      ) : table.data === undefined ? (
        <Skeleton label="Reading what was measured" />
      ) : table.data.models.length === 0 ? (
        <EmptyState icon={Ruler} title="Nothing measured yet">
          <p>
            {kind === 'texts'
              ? 'The likelihood of text nobody trained on moves long before answers look better. It is given in bits per byte, so models with different tokenizers can be compared.'
              : 'Each pair has one right and one wrong sentence: agreement, word order, facts. A model that knows better finds the right one more likely.'}
          </p>
        </EmptyState>
      ) : kind === 'texts' ? (
        <BitsTable table={table.data} />
      ) : (
        <PairsTable table={table.data} />
      )}
      {asks ? (
        <ModelsDialog
          onMeasure={(models) => {
            setAsks(false);
            void measure(models);
          }}
          onClose={() => setAsks(false)}
        />
      ) : null}
    </div>
  );
}
