// The two types that most people run, made in one go of the same weights; then everything is measured.
import { Layers } from 'lucide-react';
import { useState } from 'react';
import type { QuantizationGroup } from '../../../../core/api/quantizations.ts';
import type { WeightType } from '../../../../core/lib/conversion/gguf-metadata.ts';
import { isAbort } from '../../../app/describe-error.ts';
import { notifyError } from '../../../app/notifications.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Progress } from '../../../ui/progress.tsx';
import styles from './quantizations.module.css';

export const USUAL: readonly WeightType[] = ['q8_0', 'q4_0'];

/** Nothing where both are there, or where they cannot be made. */
export function MakeUsual(props: {
  readonly path: string;
  readonly group: QuantizationGroup;
  readonly isDisabled: boolean;
  readonly onMade: (paths: readonly string[]) => void;
}) {
  const { path, group, isDisabled, onMade } = props;
  const client = useClient();
  const { readOnly } = useWorkspace();
  const [making, setMaking] = useState<{
    readonly type: string;
    readonly share: number;
    readonly stop: AbortController;
  } | null>(null);
  const missing = USUAL.filter((type) => group.missing.includes(type));
  if (making !== null) {
    return (
      <span className={styles['making']}>
        <Progress
          label={`Making ${making.type.toUpperCase()}`}
          fraction={making.share}
          onCancel={() => making.stop.abort()}
        />
      </span>
    );
  }
  if (group.source === null || missing.length === 0) return null;
  const make = async () => {
    const stop = new AbortController();
    const made: string[] = [];
    try {
      for (const type of missing) {
        setMaking({ type, share: 0, stop });
        for await (const event of await client.quantizations.make({ path, type }, { signal: stop.signal })) {
          if (event.kind === 'progress') setMaking({ type, share: event.share, stop });
          else made.push(event.result.path);
        }
      }
      onMade(made);
    } catch (error) {
      if (!stop.signal.aborted && !isAbort(error)) notifyError(error);
    } finally {
      setMaking(null);
    }
  };
  return (
    <Button icon={Layers} isDisabled={isDisabled || readOnly} onPress={() => void make()}>
      {`Make and compare ${missing.map((type) => type.toUpperCase()).join(', ')}`}
    </Button>
  );
}
