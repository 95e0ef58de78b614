// Below the models: folders of weights that are no models yet. They can be looked into, compared and converted.
import { href } from '../../app/route.ts';
import { formatDiskSize } from '../../ui/format.ts';
import { Section } from '../../ui/pane.tsx';
import { TwoLineRow } from '../../ui/two-line-row.tsx';
import { useWeightsFolders } from './weights-choices.ts';
import styles from './weights-list.module.css';

/** Stays at the lower edge of the pane. Nothing where the workspace has none. */
export function WeightsList({ chosen }: { readonly chosen: string | null }) {
  const folders = useWeightsFolders();
  if (folders.length === 0) return null;
  return (
    <nav className={styles['weights']} aria-label="Weights">
      <Section title="Weights" aside={String(folders.length)}>
        <ul className={styles['list']}>
          {folders.map(({ name, path, layout, sizeBytes }) => (
            <li key={path}>
              <a
                className={styles['link']}
                href={href('models', path, { mode: 'inside' })}
                aria-current={path === chosen ? 'page' : undefined}
              >
                <TwoLineRow
                  name={name}
                  title={path}
                  detail={[
                    layout === 'nanotron' ? 'Nanotron checkpoint' : 'Hugging Face folder',
                    sizeBytes === null ? '' : formatDiskSize(sizeBytes),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                />
              </a>
            </li>
          ))}
        </ul>
      </Section>
    </nav>
  );
}
