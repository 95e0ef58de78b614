// Which runs are laid over the one that is shown.
import type { Run } from '../../../../core/api/runs.ts';
import { Menu, type MenuEntry } from '../../../ui/menu.tsx';

export interface OverlayMenuProps {
  readonly shown: string | null;
  readonly runs: readonly Run[];
  readonly overlays: readonly string[];
  readonly onOverlays: (ids: readonly string[]) => void;
}

export function OverlayMenu(props: OverlayMenuProps) {
  const { overlays } = props;
  return (
    <Menu label="Runs laid over this one" groups={[entriesOf(props)]} look="quiet">
      {overlays.length === 0 ? 'Compare' : `Compare · ${overlays.length}`}
    </Menu>
  );
}

function entriesOf({ shown, runs, overlays, onOverlays }: OverlayMenuProps): readonly MenuEntry[] {
  const others = runs.filter((candidate) => candidate.id !== shown);
  if (others.length === 0)
    return [{ id: 'none', label: 'There is no other run yet', isDisabled: true, perform: () => {} }];
  return others.map((other) => {
    const isOn = overlays.includes(other.id);
    const next = isOn ? overlays.filter((id) => id !== other.id) : [...overlays, other.id];
    return { id: other.id, label: other.name, isOn, perform: () => onOverlays(next) };
  });
}
