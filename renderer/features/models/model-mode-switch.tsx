// The switch in a model's header: its conversations, what is inside the file, how it compares.
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { navigate } from '../../app/route.ts';
import styles from './model-mode-switch.module.css';
import { modelModeHref, modelModeOf } from './model-mode.ts';
import { modelModes } from './model-modes.tsx';

export function ModelModeSwitch({ path, query }: { readonly path: string; readonly query: URLSearchParams }) {
  const shown = modelModeOf(query);
  // One mode alone is no choice.
  if (modelModes.length < 2) return null;
  return (
    <ToggleButtonGroup
      aria-label="Mode"
      className={styles['switch'] ?? ''}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[shown]}
      onSelectionChange={(keys) => {
        const chosen = modelModes.find(({ id }) => keys.has(id));
        if (chosen && chosen.id !== shown) navigate(modelModeHref(path, chosen.id, query));
      }}
    >
      {modelModes.map(({ id, title }) => (
        <ToggleButton key={id} id={id} className={styles['choice'] ?? ''}>
          {title}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
