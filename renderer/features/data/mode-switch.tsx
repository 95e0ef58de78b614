// The switch in a dataset's header: its rows, the quality lab, annotation by people, judging by a language
// model, or the bench that compares both.
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { navigate } from '../../app/route.ts';
import styles from './mode-switch.module.css';
import { dataModes, modeHref, useDataMode } from './quality/lab/mode.ts';

export interface ModeSwitchProps {
  readonly path: string;
  readonly query: URLSearchParams;
}

export function ModeSwitch({ path, query }: ModeSwitchProps) {
  const [mode, remember] = useDataMode(query);
  return (
    <ToggleButtonGroup
      aria-label="Mode"
      className={styles['switch'] ?? ''}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[mode]}
      onSelectionChange={(keys) => {
        const chosen = dataModes.find(({ id }) => keys.has(id));
        if (!chosen || chosen.id === mode) return;
        remember(chosen.id);
        navigate(modeHref(path, chosen.id));
      }}
    >
      {dataModes.map(({ id, title }) => (
        <ToggleButton key={id} id={id} className={styles['choice'] ?? ''}>
          {title}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
