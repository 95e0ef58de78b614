// The switch in a model's header: its conversations, what is inside the file, how it compares.
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { navigate } from '../../app/route.ts';
import styles from './model-mode-switch.module.css';
import { modelModeHref, modelModeOf } from './model-mode.ts';
import { modesFor } from './model-modes.tsx';

export function ModelModeSwitch({ path, query }: { readonly path: string; readonly query: URLSearchParams }) {
  const modes = modesFor(path);
  const asked = modelModeOf(query);
  const shown = modes.find(({ id }) => id === asked)?.id ?? modes[0]?.id ?? asked;
  // One mode alone is no choice.
  if (modes.length < 2) return null;
  return (
    <ToggleButtonGroup
      aria-label="Mode"
      className={styles['switch'] ?? ''}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[shown]}
      onSelectionChange={(keys) => {
        const chosen = modes.find(({ id }) => keys.has(id));
        if (chosen && chosen.id !== shown) navigate(modelModeHref(path, chosen.id, query));
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
