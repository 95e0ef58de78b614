// What was found before a launch, worst first: what it is, why it matters and what to do.
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { PreflightFinding } from '../../../../core/api/launches.ts';
import { Button } from '../../../ui/button.tsx';
import styles from './preflight-list.module.css';

const marks = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

const sources: Readonly<Record<PreflightFinding['source'], string>> = {
  config: 'Config',
  data: 'Data',
  disk: 'Disk',
  time: 'Time',
  code: 'Code',
  script: 'Script',
  site: 'Site',
  scheduler: 'Scheduler',
};

export function PreflightList({
  label,
  findings,
  atFirst = findings.length,
}: {
  readonly label: string;
  readonly findings: readonly PreflightFinding[];
  /** How many are shown until somebody wants them all. */
  readonly atFirst?: number;
}) {
  const [isWhole, setWhole] = useState(false);
  const rest = isWhole ? 0 : Math.max(0, findings.length - atFirst);
  return (
    <>
      <ul className={styles['list']} aria-label={label}>
        {findings.slice(0, findings.length - rest).map(({ severity, source, message, reason }, index) => {
          const Mark = marks[severity];
          return (
            <li key={`${index} ${message}`} className={styles['finding']} data-severity={severity}>
              <Mark size={14} strokeWidth={1.75} aria-label={severity} className={styles['mark'] ?? ''} />
              <span className={styles['source']}>{sources[source]}</span>
              <span className={styles['words']}>
                <span>{message}</span>
                {reason === '' ? null : <span className={styles['reason']}>{reason}</span>}
              </span>
            </li>
          );
        })}
      </ul>
      {rest === 0 ? null : <Button kind="quiet" onPress={() => setWhole(true)}>{`${rest} more`}</Button>}
    </>
  );
}

/** `2 errors, 1 warning`; empty where there is neither. */
export function countWords(findings: readonly PreflightFinding[]): string {
  const count = (severity: PreflightFinding['severity'], word: string): string => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? '' : `${number} ${word}${number === 1 ? '' : 's'}`;
  };
  return [count('error', 'error'), count('warning', 'warning')].filter((words) => words !== '').join(', ');
}
