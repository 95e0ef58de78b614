// How close the rows of the grid stand.
import { Rows3 } from 'lucide-react';
import { Menu } from '../../ui/menu.tsx';
import type { Density } from './data-grid.tsx';

const choices: readonly { readonly id: Density; readonly label: string }[] = [
  { id: 'dense', label: 'Dense rows' },
  { id: 'normal', label: 'Normal rows' },
  { id: 'roomy', label: 'Roomy rows' },
];

export function DensityMenu({
  density,
  onChange,
}: {
  readonly density: Density;
  readonly onChange: (density: Density) => void;
}) {
  return (
    <Menu
      label="Height of the rows"
      icon={Rows3}
      groups={[
        choices.map(({ id, label }) => ({
          id,
          label,
          isOn: id === density,
          perform: () => onChange(id),
        })),
      ]}
    />
  );
}
