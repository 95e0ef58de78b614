// The runs whose curves are drawn, one chip each: colour, name, shown or hidden, pinned, removed. Groups stand together.
import { Eye, EyeOff, Pin, X } from 'lucide-react';
import { Menu } from '../../../ui/menu.tsx';
import { seriesVariable } from '../../../charts/chart-colors.ts';
import styles from './compare.module.css';
import type { ShownRun } from './use-run-choice.ts';

const COLOR_NAMES = ['blue', 'vermilion', 'green', 'pink', 'orange', 'sky blue', 'violet', 'grey'] as const;

export interface RunLegendProps {
  readonly shown: readonly ShownRun[];
  readonly nameOf: (id: string) => string;
  readonly onHide: (ids: readonly string[], isHidden: boolean) => void;
  readonly onPin: (id: string) => void;
  readonly onColor: (id: string, color: number | null) => void;
  /** Absent for the run of the page, and for what a rule adds. */
  readonly onRemove: (id: string) => (() => void) | null;
}

export function RunLegend(props: RunLegendProps) {
  const { shown } = props;
  const groups = [...new Set(shown.map(({ group }) => group))];
  return (
    <ul className={styles['legend']} aria-label="Runs shown">
      {groups.map((group) => {
        const members = shown.filter((run) => run.group === group);
        // A group of one has nothing to say that its run does not.
        return group === null || members.length === 1 ? (
          members.map((run) => <Chip key={run.id} {...props} run={run} />)
        ) : (
          <li key={group} className={styles['group']}>
            <GroupChip group={group} members={members} onHide={props.onHide} />
            <ul className={styles['members']} aria-label={group}>
              {members.map((run) => (
                <Chip key={run.id} {...props} run={run} />
              ))}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}

function GroupChip({
  group,
  members,
  onHide,
}: {
  readonly group: string;
  readonly members: readonly ShownRun[];
  readonly onHide: RunLegendProps['onHide'];
}) {
  const isHidden = members.every((run) => run.isHidden);
  return (
    <button
      type="button"
      className={styles['groupName']}
      aria-pressed={!isHidden}
      aria-label={`${isHidden ? 'Show' : 'Hide'} all of ${group}`}
      onClick={() =>
        onHide(
          members.map(({ id }) => id),
          !isHidden,
        )
      }
    >
      {isHidden ? <EyeOff size={13} aria-hidden /> : <Eye size={13} aria-hidden />}
      {group}
    </button>
  );
}

function Chip({
  run,
  nameOf,
  onHide,
  onPin,
  onColor,
  onRemove,
}: RunLegendProps & { readonly run: ShownRun }) {
  const name = nameOf(run.id);
  const remove = onRemove(run.id);
  return (
    <li className={styles['chip']} data-hidden={run.isHidden}>
      <Menu
        label={`${name}: colour and more`}
        look="bare"
        groups={[
          COLOR_NAMES.map((color, index) => ({
            id: color,
            label: color,
            isOn: run.color % COLOR_NAMES.length === index,
            perform: () => onColor(run.id, index),
          })),
          [
            { id: 'own', label: 'Its own colour again', perform: () => onColor(run.id, null) },
            {
              id: 'pin',
              label: run.isPinned ? 'Unpin' : 'Pin to the front',
              icon: Pin,
              perform: () => onPin(run.id),
            },
            ...(remove ? [{ id: 'remove', label: 'Take away', icon: X, perform: remove }] : []),
          ],
        ]}
      >
        <span className={styles['dot']} style={{ background: `var(${seriesVariable(run.color)})` }} />
        {run.isPinned ? <Pin size={11} aria-hidden /> : null}
        <span className={styles['name']} title={name}>
          {name}
        </span>
      </Menu>
      <button
        type="button"
        className={styles['eye']}
        aria-pressed={!run.isHidden}
        aria-label={`${run.isHidden ? 'Show' : 'Hide'} ${name}`}
        title={run.isHidden ? 'Show' : 'Hide'}
        onClick={() => onHide([run.id], !run.isHidden)}
      >
        {run.isHidden ? <EyeOff size={13} aria-hidden /> : <Eye size={13} aria-hidden />}
      </button>
    </li>
  );
}
