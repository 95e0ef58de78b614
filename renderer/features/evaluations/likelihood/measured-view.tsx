// Models against languages and domains (or phenomena): what was measured, and which models are measured next.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import type { LikelihoodSource } from '../../../../core/api/likelihood.ts';
import { describeError, isAbort } from '../../../app/describe-error.ts';
import { workspaceKey, queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
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
  const [progress, setProgress] = useState<{ readonly done: number; readonly total: number } | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const controller = useRef<AbortController | null>(null);
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
  const measure = async (models: readonly string[]) => {
    const own = new AbortController();
    controller.current = own;
    setFailure(null);
    setProgress({ done: 0, total: 0 });
    try {
      const events = await client.likelihood.measure({ source, models: [...models] }, { signal: own.signal });
      for await (const event of events) {
        if (event.kind === 'progress') setProgress({ done: event.doneRows, total: event.totalRows });
        else queries.setQueryData(queryKey, event.result);
      }
    } catch (error) {
      if (!isAbort(error)) setFailure(error);
      await queries.invalidateQueries({ queryKey });
    } finally {
      setProgress(null);
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
        <Button kind="primary" isDisabled={progress !== null} onPress={() => setAsks(true)}>
          Measure models…
        </Button>
      </div>
      {progress === null ? null : (
        <Progress
          label="Measuring"
          fraction={progress.total === 0 ? null : progress.done / progress.total}
          amount={
            progress.total === 0
              ? ''
              : `${formatInteger(progress.done)} of ${formatInteger(progress.total)} ${kind}`
          }
          onCancel={() => controller.current?.abort()}
        />
      )}
      {failure === null ? null : <ErrorState compact {...describeError(failure)} />}
      {table.error ? (
        <ErrorState {...describeError(table.error)} />
      ) : table.data === undefined ? (
        <Skeleton label="Reading what was measured" />
      ) : table.data.models.length === 0 ? (
        <EmptyState title="Nothing measured yet">
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
