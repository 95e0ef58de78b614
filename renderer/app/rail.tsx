// The left rail: the views, then settings. Each goes back to where one was in it.
import { CircleHelp, Settings } from 'lucide-react';
import { Link as AriaLink } from 'react-aria-components/Link';
import { useStore } from 'zustand';
import { IconButton } from '../ui/button.tsx';
import { WithTooltip } from '../ui/tooltip.tsx';
import { featureEntries } from './features.ts';
import { openOverlay } from './overlays.ts';
import styles from './rail.module.css';
import { href, type View } from './route.ts';
import { viewMemory } from './view-state.ts';

export function Rail({ view }: { readonly view: View }) {
  const hashes = useStore(viewMemory, (memory) => memory.hashes);
  return (
    <nav className={styles['rail']} aria-label="Views">
      {featureEntries.map((entry) => (
        <RailLink
          key={entry.id}
          title={entry.title}
          keys={entry.keys}
          icon={entry.icon}
          // In the view itself the rail leads to its overview, from elsewhere back to its last object.
          to={view === entry.id ? href(entry.id) : (hashes[entry.id] ?? href(entry.id))}
          isCurrent={view === entry.id}
        />
      ))}
      <span className={styles['spring']} />
      <IconButton icon={CircleHelp} label="Keys" keys="?" onPress={() => openOverlay('keys')} />
      <RailLink
        title="Settings"
        keys="Mod+,"
        icon={Settings}
        to={href('settings')}
        isCurrent={view === 'settings'}
      />
    </nav>
  );
}

function RailLink({
  title,
  keys,
  icon: Icon,
  to,
  isCurrent,
}: {
  readonly title: string;
  readonly keys: string;
  readonly icon: typeof Settings;
  readonly to: string;
  readonly isCurrent: boolean;
}) {
  return (
    <WithTooltip text={title} keys={keys} placement="right">
      <AriaLink
        href={to}
        aria-label={title}
        className={styles['link'] ?? ''}
        {...(isCurrent ? { 'aria-current': 'page' } : {})}
      >
        <Icon size={20} strokeWidth={1.5} aria-hidden />
      </AriaLink>
    </WithTooltip>
  );
}
