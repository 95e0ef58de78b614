// Below the models: folders of weights that are no models yet. They can be looked into, compared and converted.
import type { WeightsFolder } from '../../../core/api/weights.ts';
import { href } from '../../app/route.ts';
import { formatDiskSize, formatInteger } from '../../ui/format.ts';
import { Section } from '../../ui/pane.tsx';
import { TwoLineRow } from '../../ui/two-line-row.tsx';
import { useWeightsFolders } from './weights-choices.ts';
import styles from './weights-list.module.css';

/** Steps of one run together, the newest first; then what is of no run. The step is the name: it is what tells rows apart. */
function rowsOf(folders: readonly WeightsFolder[]) {
  const rows = folders.map((folder) => {
    const [, run = '', step = ''] = /^(.*) · (?:\D*)(\d+)$/.exec(folder.name) ?? [];
    return step === ''
      ? { ...folder, run: '', step: 0 }
      : { ...folder, run, step: Number(step), name: `Step ${formatInteger(Number(step))}` };
  });
  return rows.toSorted(
    (a, b) => Number(b.run !== '') - Number(a.run !== '') || a.run.localeCompare(b.run) || b.step - a.step,
  );
}

/** Nothing where the workspace has none. */
export function WeightsList({ chosen }: { readonly chosen: string | null }) {
  const folders = useWeightsFolders();
  if (folders.length === 0) return null;
  return (
    <nav className={styles['weights']} aria-label="Weights">
      <Section title="Weights" aside={String(folders.length)}>
        <ul className={styles['list']}>
          {rowsOf(folders).map(({ name, run, path, layout, sizeBytes }) => (
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
                    run,
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
