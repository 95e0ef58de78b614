// How fast checkpoints are pulled, and what they may take of this computer's disk.
import type { Settings } from '../../../core/api/system.ts';
import { FieldRow } from '../../ui/field-row.tsx';
import { Section } from '../../ui/pane.tsx';
import { NumberRow } from './number-row.tsx';
import { href } from '../route.ts';

export function CheckpointSettings(props: {
  readonly settings: Settings;
  change(next: Partial<Settings>): void;
}) {
  return (
    <Section title="Checkpoints">
      <NumberRow
        label="Pull at most"
        unit="MB/s, 0 for no limit"
        value={props.settings.pullMegabytesPerSecond}
        min={0}
        max={100_000}
        onChange={(pullMegabytesPerSecond) => props.change({ pullMegabytesPerSecond })}
      />
      <NumberRow
        label="Budget"
        unit="GB a workspace"
        value={props.settings.checkpointLimitGb}
        min={1}
        max={1_000_000}
        onChange={(checkpointLimitGb) => props.change({ checkpointLimitGb })}
      />
      <FieldRow label="In this workspace">
        <a href={href('runs', null, { checkpoints: 'local' })}>What is here, and what may go</a>
      </FieldRow>
    </Section>
  );
}
