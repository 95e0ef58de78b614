// Asks which models are measured; all of them unless some are left out.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import styles from './likelihood.module.css';

export function ModelsDialog({
  onMeasure,
  onClose,
}: {
  readonly onMeasure: (models: readonly string[]) => void;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const models = useQuery({ queryKey: queryKeys.models, queryFn: () => client.models.list() });
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const usable = (models.data ?? []).filter(({ problem }) => problem === null);
  const chosen = usable.map(({ path }) => path).filter((path) => !left.has(path));
  return (
    <Dialog
      title="Measure models"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={chosen.length === 0} onPress={() => onMeasure(chosen)}>
            {`Measure ${formatQuantity(chosen.length, 'model')}`}
          </Button>
        </>
      }
    >
      {models.data === undefined ? <Skeleton label="Looking for models" rows={3} /> : null}
      {models.data !== undefined && usable.length === 0 ? (
        <p>There is no model in this workspace yet</p>
      ) : null}
      <ul className={styles['models']} aria-label="Models">
        {usable.map(({ path }) => (
          <li key={path}>
            <Checkbox
              isSelected={!left.has(path)}
              onChange={(isChosen) => {
                const next = new Set(left);
                if (isChosen) next.delete(path);
                else next.add(path);
                setLeft(next);
              }}
            >
              {path}
            </Checkbox>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
