// What moved from one checkpoint to the next by more than its noise, worst first, with links to the answers.
import type { SuiteAlert } from '../../../../core/api/suites.ts';
import { measureInfo } from '../../../../core/lib/suites/measures.ts';
import { Link } from '../../../app/link.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { valueText } from './measure-series.ts';
import { suiteHref } from './place.ts';
import styles from './suite-curves.module.css';

const order = { worse: 0, moved: 1, better: 2 } as const;
const tones = { worse: 'bad', moved: 'warn', better: 'good' } as const;
const SHOWN_PROMPTS = 5;

export function AlertList({
  name,
  alerts,
}: {
  readonly name: string;
  readonly alerts: readonly SuiteAlert[];
}) {
  if (alerts.length === 0) return <p className={styles['calm']}>No measure moved by more than its noise</p>;
  const sorted = alerts.toSorted((a, b) => order[a.direction] - order[b.direction] || b.step - a.step);
  return (
    <ul className={styles['alerts']} aria-label="What moved">
      {sorted.map((alert) => (
        <li key={`${alert.path} ${alert.kind}`}>
          <Badge tone={tones[alert.direction]}>{alert.direction}</Badge>
          <span>
            {`${measureInfo[alert.kind].title} at step ${formatInteger(alert.step)}: ${valueText(alert.kind, alert.before)} → ${valueText(alert.kind, alert.after)}, noise ${valueText(alert.kind, alert.noise)}`}
          </span>
          {alert.kind === 'bitsPerByte' ? null : (
            <span className={styles['links']}>
              {alert.moved.slice(0, SHOWN_PROMPTS).map((prompt) => (
                <Link key={prompt} to={alertHref(name, alert, prompt)}>
                  {prompt}
                </Link>
              ))}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The answer where it moved, beside that of the checkpoint before. */
export function alertHref(
  name: string,
  { path, beforePath, moved }: SuiteAlert,
  prompt = moved[0] ?? '',
): string {
  return suiteHref(name, { cell: { prompt, model: path }, other: { prompt, model: beforePath } });
}
