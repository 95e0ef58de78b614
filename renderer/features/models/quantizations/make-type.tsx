// Another type of the same weights, made by conversion beside the model.
import { useState } from 'react';
import type { QuantizationGroup } from '../../../../core/api/quantizations.ts';
import { isAbort } from '../../../app/describe-error.ts';
import { notifyError } from '../../../app/notifications.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { Progress } from '../../../ui/progress.tsx';
import { Select } from '../../../ui/select.tsx';
import styles from './quantizations.module.css';

export function MakeType(props: {
  readonly path: string;
  readonly group: QuantizationGroup;
  readonly onMade: () => void;
}) {
  const { path, group, onMade } = props;
  const client = useClient();
  const { readOnly } = useWorkspace();
  const [making, setMaking] = useState<{
    readonly type: string;
    readonly share: number;
    readonly stop: AbortController;
  } | null>(null);
  if (group.source === null || group.missing.length === 0) return null;
  const make = async (type: (typeof group.missing)[number]) => {
    const stop = new AbortController();
    setMaking({ type, share: 0, stop });
    try {
      for await (const event of await client.quantizations.make({ path, type }, { signal: stop.signal })) {
        if (event.kind === 'progress') setMaking({ type, share: event.share, stop });
      }
      onMade();
    } catch (error) {
      if (!stop.signal.aborted && !isAbort(error)) notifyError(error);
    } finally {
      setMaking(null);
    }
  };
  if (making !== null) {
    return (
      <span className={styles['making']}>
        <Progress
          label={`Making ${making.type}`}
          fraction={making.share}
          onCancel={() => making.stop.abort()}
        />
      </span>
    );
  }
  return (
    <Select
      label="Missing type"
      choices={group.missing.map((type) => ({ id: type, label: type.toUpperCase() }))}
      value={null}
      onChange={(type) => void make(type)}
      placeholder="Make one"
      isDisabled={readOnly}
    />
  );
}
