// Where a run comes from: what it waited for, the checkpoint it was forked from, each time it was gone on with, and what a person
// launched it in spite of.
import type { Run } from '../../../../core/api/runs.ts';
import { href } from '../../../app/route.ts';
import { formatDateTime } from '../../../ui/format.ts';
import { Section } from '../../../ui/pane.tsx';
import { PreflightList } from '../launch/preflight-list.tsx';
import styles from './run-inspector.module.css';
import { useRunsAround } from '../use-runs.ts';

/** Draws nothing for a run that was simply launched. */
export function RunOrigin({ run }: { readonly run: Run }) {
  const { runs } = useRunsAround(run.id);
  const nameOf = (id: string): string => runs?.find((one) => one.id === id)?.name ?? id;
  const { after, parent, continuations, overridden } = run;
  return (
    <>
      {after === null && parent === null && continuations.length === 0 ? null : (
        <Section title="Where it comes from">
          {after === null ? null : (
            <p className={styles['text']}>
              After <a href={href('runs', after)}>{nameOf(after)}</a>, when that has ended well
            </p>
          )}
          {parent === null ? null : (
            <p className={styles['text']}>
              Forked from <a href={href('runs', parent.run)}>{nameOf(parent.run)}</a>
              {parent.step === null ? '' : ` at step ${parent.step}`} ·{' '}
              <a href={href('runs', run.id, { with: parent.run })}>both curves</a>
            </p>
          )}
          {continuations.map(({ atMs, by, step, steps }) => (
            <p key={atMs} className={styles['text']}>
              {`${steps === null ? 'Resumed' : `Extended to step ${steps}`}${step === null ? '' : ` from step ${step}`} by ${by}, ${formatDateTime(atMs)}`}
            </p>
          ))}
        </Section>
      )}
      {overridden === null ? null : (
        <Section title="Launched in spite of">
          <p className={styles['text']}>{`By ${overridden.by}, ${formatDateTime(overridden.atMs)}`}</p>
          <PreflightList label="Launched in spite of" findings={overridden.findings} atFirst={3} />
        </Section>
      )}
    </>
  );
}
