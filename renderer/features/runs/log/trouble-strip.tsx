// What went wrong in a log, in one line: the first cause, how many troubles there are, to the next and back.
import { ArrowDown, ArrowUp, TriangleAlert } from 'lucide-react';
import type { LogTrouble } from '../../../../core/api/logs.ts';
import { IconButton } from '../../../ui/button.tsx';
import { formatInteger } from '../../../ui/format.ts';
import styles from './log-bars.module.css';

const words: Readonly<Record<LogTrouble['kind'], string>> = {
  traceback: 'Exception',
  'gpu-memory': 'GPU out of memory',
  'host-memory': 'Out of memory',
  nccl: 'NCCL error',
  'nccl-timeout': 'NCCL timeout',
  cuda: 'CUDA error',
  crash: 'Crash',
  config: 'Config not accepted',
  assertion: 'Assertion failed',
  'module-missing': 'Module missing',
  'file-missing': 'File missing',
  'time-limit': 'Time limit',
  cancelled: 'Cancelled',
  'node-failure': 'Node failed',
  preempted: 'Preempted',
  'not-finite': 'Gradient not finite',
  'checkpoint-write': 'Checkpoint not written',
  launcher: 'Rank ended',
  error: 'Error',
};

export function TroubleStrip({
  root,
  count,
  onGo,
  onStep,
}: {
  readonly root: LogTrouble;
  readonly count: number;
  readonly onGo: (trouble: LogTrouble) => void;
  readonly onStep: (direction: 'next' | 'previous') => void;
}) {
  const where = [root.rank, `line ${formatInteger(root.line + 1)}`]
    .filter((part) => part !== null)
    .join(', ');
  return (
    <div className={styles['strip']} role="group" aria-label="Errors in this log">
      <TriangleAlert size={14} strokeWidth={1.75} aria-hidden />
      <button type="button" className={styles['cause']} onClick={() => onGo(root)} title={root.title}>
        <span className={styles['kind']}>{words[root.kind]}</span>
        <span className={styles['causeText']}>{root.title}</span>
        <span className={styles['where']}>{where}</span>
      </button>
      <span className={styles['count']}>
        {count === 1 ? '1 error' : `first of ${formatInteger(count)} errors`}
      </span>
      <IconButton
        size="small"
        icon={ArrowUp}
        label="Previous error"
        keys="Shift+F8"
        onPress={() => onStep('previous')}
      />
      <IconButton size="small" icon={ArrowDown} label="Next error" keys="F8" onPress={() => onStep('next')} />
    </div>
  );
}
