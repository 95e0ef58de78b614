// What the watchdog found in a run: each finding with its numbers and what to do, to be acknowledged, or its kind muted for this run.
import { Ellipsis } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Finding, FindingKind } from '../../../../core/api/findings.ts';
import type { WatchReport } from '../../../../core/api/monitor.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { Age } from '../../../app/age.tsx';
import { notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { Dot } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Menu } from '../../../ui/menu.tsx';
import { Section } from '../../../ui/pane.tsx';
import styles from './run-findings.module.css';
import { isLive } from '../run-state.tsx';
import { StopRuleDialog } from './stop-rule-dialog.tsx';
import { ThresholdsDialog } from './thresholds-dialog.tsx';
import { openFindings } from './use-watch-reports.ts';

export const kindWords: Readonly<Record<FindingKind, string>> = {
  'not-finite': 'loss or gradient that is no number',
  'loss-spike': 'loss spikes',
  'loss-rise': 'rising loss',
  'grad-norm': 'exploding gradient norm',
  'throughput-drop': 'lower speed',
  'low-mfu': 'low MFU',
  'rate-off-schedule': 'learning rate off its schedule',
  stalled: 'no new lines',
  'checkpoint-incomplete': 'unfinished checkpoints',
  'disk-nearly-full': 'nearly full disk',
  'time-limit': 'time limit before a checkpoint',
};

export interface RunFindingsProps {
  readonly run: Run;
  readonly report: WatchReport | undefined;
  /** Id of the one that a mark on a curve named. */
  readonly chosen: string | null;
}

export function RunFindings({ run, report, chosen }: RunFindingsProps) {
  const [dialog, setDialog] = useState<'rule' | 'thresholds' | null>(null);
  const [showsAll, setShowsAll] = useState(false);
  const waiting = openFindings(report);
  const all = (report?.findings ?? []).toReversed();
  const rest = all.filter((finding) => !waiting.includes(finding));
  const shown = showsAll ? all : [...waiting, ...rest.filter(({ id }) => id === chosen)];
  return (
    <Section
      title="Watchdog"
      aside={
        <Menu
          label="Settings of the watchdog"
          icon={Ellipsis}
          isSmall
          groups={[
            [
              { id: 'thresholds', label: 'Thresholds…', perform: () => setDialog('thresholds') },
              { id: 'rule', label: 'Stop by itself…', perform: () => setDialog('rule') },
            ],
          ]}
        />
      }
    >
      {shown.length === 0 ? <p className={styles['calm']}>{calmWords(run, rest.length)}</p> : null}
      <ul className={styles['list']} aria-label="Findings">
        {shown.map((finding, place) => (
          <FindingItem
            key={finding.id}
            isAdvised={shown.findIndex(({ advice }) => advice === finding.advice) === place}
            run={run}
            finding={finding}
            report={report}
            isChosen={finding.id === chosen}
          />
        ))}
      </ul>
      {rest.length === 0 ? null : (
        <Button kind="quiet" onPress={() => setShowsAll(!showsAll)}>
          {showsAll
            ? 'Show only what is new'
            : `Show ${formatQuantity(rest.length, 'acknowledged or muted one')}`}
        </Button>
      )}
      {report?.stopRule ? <p className={styles['calm']}>{ruleWords(report)}</p> : null}
      {dialog === 'rule' ? (
        <StopRuleDialog run={run} report={report} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === 'thresholds' ? (
        <ThresholdsDialog run={run} report={report} onClose={() => setDialog(null)} />
      ) : null}
    </Section>
  );
}

function calmWords(run: Run, others: number): string {
  if (others > 0) return 'Nothing that was not acknowledged';
  return isLive(run) ? 'Nothing found so far; it looks at every new point' : 'Nothing was found';
}

function ruleWords({ stopRule, stopped }: WatchReport): ReactNode {
  if (stopped !== null) return <Age before="The rule stopped it" atMs={stopped.atMs} />;
  return `Stops by itself at: ${(stopRule?.kinds ?? []).map((kind) => kindWords[kind]).join(', ')}`;
}

interface FindingItemProps {
  readonly run: Run;
  readonly finding: Finding;
  readonly report: WatchReport | undefined;
  readonly isChosen: boolean;
  /** What to do is said once, with the first of its kind. */
  readonly isAdvised: boolean;
}

function FindingItem({ run, finding, report, isChosen, isAdvised }: FindingItemProps) {
  const client = useClient();
  const { id, kind, severity, title, explanation, advice, step, lastStep, atMs, isOver } = finding;
  const isAcknowledged = finding.acknowledgedMs !== null;
  const isMuted = report?.muted.includes(kind) ?? false;
  const acknowledge = () =>
    void client.monitor
      .acknowledge({ id: run.id, finding: id, isAcknowledged: !isAcknowledged })
      .catch(notifyError);
  const mute = () => void client.monitor.mute({ id: run.id, kind, isMuted: !isMuted }).catch(notifyError);
  const range =
    step === null || lastStep === null || lastStep === step ? '' : `to step ${formatInteger(lastStep)}`;
  return (
    <li
      className={styles['finding']}
      data-quiet={isAcknowledged || isMuted ? 'yes' : undefined}
      data-chosen={isChosen ? 'yes' : undefined}
    >
      <span className={styles['title']}>
        <Dot tone={severity === 'error' ? 'bad' : 'warn'} label={severity} />
        {title}
      </span>
      <span className={styles['when']}>
        {[isOver ? 'over' : isLive(run) ? 'goes on' : '', range]
          .filter((part) => part !== '')
          .map((part) => `${part} · `)}
        <Age atMs={atMs} />
        {isMuted ? ' · muted' : ''}
      </span>
      <p className={styles['text']}>{explanation}</p>
      {isAdvised ? <p className={styles['advice']}>{advice}</p> : null}
      <span className={styles['acts']}>
        <Button
          kind="quiet"
          onPress={acknowledge}
          aria-label={`${isAcknowledged ? 'Bring back' : 'Acknowledge'}: ${title}`}
        >
          {isAcknowledged ? 'Bring back' : 'Acknowledge'}
        </Button>
        <Button
          kind="quiet"
          onPress={mute}
          aria-label={`${isMuted ? 'Unmute' : 'Mute'} ${kindWords[kind]} for this run`}
        >
          {isMuted ? 'Unmute this kind' : 'Mute this kind'}
        </Button>
      </span>
    </li>
  );
}
