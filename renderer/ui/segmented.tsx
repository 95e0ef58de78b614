// A few choices side by side, one of which is always taken.
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import styles from './segmented.module.css';

export interface SegmentedProps<Id extends string> {
  /** For screen readers. */
  readonly label: string;
  readonly choices: readonly { readonly id: Id; readonly title: string }[];
  readonly value: Id;
  /** Called for another choice only. */
  readonly onChange: (id: Id) => void;
}

export function Segmented<Id extends string>({ label, choices, value, onChange }: SegmentedProps<Id>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className={styles['switch'] ?? ''}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const chosen = choices.find(({ id }) => keys.has(id));
        if (chosen && chosen.id !== value) onChange(chosen.id);
      }}
    >
      {choices.map(({ id, title }) => (
        <ToggleButton key={id} id={id} className={styles['choice'] ?? ''}>
          <span className={styles['title']} data-title={title}>
            {title}
          </span>
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
