// The export under way, as a bar in place with rate, time left and a way to cancel.
import { useStore } from 'zustand';
import { fileName, formatCount } from '../../../../ui/format.ts';
import { Progress } from '../../../../ui/progress.tsx';
import type { Lab } from '../lab/lab.ts';
import styles from './actions.module.css';
import { exportStore } from './export-run.ts';

/** A rate measured over less says little. */
const RATE_FROM_MS = 500;

export function ExportProgress({ lab }: { readonly lab: Lab }) {
  const running = useStore(exportStore, (state) => state.running[lab.paths[0] ?? '']);
  if (!running) return null;
  const { output, doneRows, totalRows, elapsedMs, controller } = running;
  const rate = elapsedMs > RATE_FROM_MS ? (1000 * doneRows) / elapsedMs : null;
  return (
    <div className={styles['running']}>
      <Progress
        label={`Exporting ${fileName(output)}`}
        fraction={totalRows === 0 ? null : doneRows / totalRows}
        amount={`${formatCount(doneRows)} of ${formatCount(totalRows)} documents`}
        rate={rate === null ? null : `${formatCount(Math.round(rate))} documents/s`}
        secondsLeft={rate === null || rate === 0 ? null : (totalRows - doneRows) / rate}
        onCancel={() => controller.abort()}
      />
    </div>
  );
}
