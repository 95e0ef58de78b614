// Where a run goes: this computer, a cluster or a workstation, and whether it can be reached now.
import { FieldRow } from '../../../ui/field-row.tsx';
import type { Recipe } from '../../../../core/api/runs.ts';
import type { Target } from '../../../../core/api/targets.ts';
import { Button } from '../../../ui/button.tsx';
import { type Choice, Select } from '../../../ui/select.tsx';
import { href, navigate } from '../../../app/route.ts';
import { useConnectTarget } from '../../targets/index.tsx';
import styles from './launch-dialog.module.css';

export const THIS_COMPUTER = 'this-computer';

/** Targets that this recipe can be launched on, by name. */
export function targetChoices(recipe: Recipe, targets: readonly Target[]): readonly Choice[] {
  const words = {
    connected: 'connected',
    connecting: 'connecting',
    lost: 'link lost',
    disconnected: 'not connected',
  };
  return [
    ...(recipe.targets.includes('this-computer') ? [{ id: THIS_COMPUTER, label: 'This computer' }] : []),
    ...targets
      .filter(({ kind }) => {
        if (kind === 'slurm') return recipe.targets.includes('cluster');
        return kind === 'ssh-processes' && recipe.targets.includes('workstation');
      })
      .map(({ name, kind, host, connection }) => ({
        id: name,
        label: name,
        detail: `${kind === 'slurm' ? 'Slurm on' : 'Workstation'} ${host ?? ''} · ${words[connection.kind]}`,
      })),
  ];
}

export function LaunchTarget({
  choices,
  target,
  value,
  onChange,
}: {
  readonly choices: readonly Choice[];
  /** Null is this computer. */
  readonly target: Target | null;
  readonly value: string | null;
  /** Null where it is decided elsewhere. */
  readonly onChange: ((name: string) => void) | null;
}) {
  const { connect, isProbing } = useConnectTarget();
  return (
    <>
      <FieldRow label="Target">
        <Select
          label="Target"
          isLabelHidden
          choices={choices}
          value={value}
          onChange={(name) => onChange?.(name)}
          placeholder="No target that this recipe can run on yet"
          isDisabled={choices.length === 0 || onChange === null}
        />
      </FieldRow>
      {choices.length === 0 ? (
        <div className={styles['offline']}>
          <span>This recipe runs on a cluster or a workstation behind your own ssh</span>
          <Button onPress={() => navigate(href('targets', null, { add: 1 }))}>Add target…</Button>
        </div>
      ) : null}
      {target && target.connection.kind !== 'connected' ? (
        <div className={styles['offline']} role="status">
          <span>
            {target.connection.kind === 'connecting'
              ? `${target.name} is being connected`
              : `${target.name} is not connected: the run is written down now and submitted once it is`}
          </span>
          {target.connection.kind === 'disconnected' ? (
            <Button onPress={() => void connect(target.name)}>Connect</Button>
          ) : null}
        </div>
      ) : isProbing ? (
        <div className={styles['offline']}>Looking at what the site offers</div>
      ) : null}
    </>
  );
}
