// The switch in a dataset's header: its rows, the quality lab, annotation by people, or judging by a language model.
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { navigate, href } from '../../app/route.ts';
import styles from './mode-switch.module.css';
import { type DataMode, useDataMode } from './quality/lab/mode.ts';

export interface ModeSwitchProps {
  readonly path: string;
  readonly query: URLSearchParams;
}

const modes: readonly { readonly id: DataMode; readonly title: string }[] = [
  { id: 'rows', title: 'Rows' },
  { id: 'quality', title: 'Quality' },
  { id: 'annotate', title: 'Annotate' },
  { id: 'judge', title: 'Judge' },
  { id: 'bench', title: 'Bench' },
];

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
        const chosen = modes.find(({ id }) => keys.has(id));
        if (!chosen || chosen.id === mode) return;
        remember(chosen.id);
        navigate(href('data', path, { view: chosen.id }));
      }}
    >
      {modes.map(({ id, title }) => (
        <ToggleButton key={id} id={id} className={styles['choice'] ?? ''}>
          {title}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
