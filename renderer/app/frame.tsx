// The frame of an open workspace: rail, panes of the current view.
import { currentRoute, href, navigate, useRoute } from './route.ts';
import { featureEntries } from './features.ts';
import { FeaturePanes } from './feature-panes.tsx';
import styles from './frame.module.css';

export function Frame() {
  const route = useRoute();
  const entry = featureEntries.find(({ id }) => id === (route?.view ?? 'configs'));
  return (
    <div className={styles['frame']}>
      <nav className={styles['rail']} aria-label="Views">
        {featureEntries.map(({ id, title, icon: Icon }) => (
          <a key={id} href={href(id)} title={title}>
            <Icon size={18} aria-label={title} />
          </a>
        ))}
      </nav>
      <main className={styles['main']}>
        {entry ? (
          <FeaturePanes
            entry={entry}
            argument={currentRoute()?.argument ?? null}
            query={route?.query ?? new URLSearchParams()}
          />
        ) : null}
      </main>
    </div>
  );
}
void navigate;
