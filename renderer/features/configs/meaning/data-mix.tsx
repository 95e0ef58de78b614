// The mix the training really reads, as bars: by language, and by folder on request.
// The languages are guesses from folder names, and said so.
import { useState } from 'react';
import { type DataMix, UNKNOWN_LANGUAGE } from '../../../../core/lib/config/derived/data-mix.ts';
import { formatShare } from '../../../ui/format.ts';
import styles from './meaning.module.css';

export function DataMixBars({ mix }: { readonly mix: DataMix }) {
  const [byFolder, setByFolder] = useState(false);
  const rows = byFolder
    ? mix.folders.map(({ folder, share }) => ({ name: folder, share, title: folder }))
    : mix.languages.map(({ language, share, folders }) => ({
        name: language === UNKNOWN_LANGUAGE ? 'not recognised' : language,
        share,
        title: `${folders} ${folders === 1 ? 'folder' : 'folders'}`,
      }));
  const largest = Math.max(...rows.map(({ share }) => share), Number.EPSILON);
  return (
    <>
      <ul className={styles['mix']}>
        {rows.map(({ name, share, title }) => (
          <li key={name} title={title}>
            <span className={byFolder ? styles['folder'] : styles['mixName']}>{name}</span>
            <span className={styles['mixTrack']}>
              <span style={{ width: `${(share / largest) * 100}%` }} />
            </span>
            <span className={styles['mixShare']}>{formatShare(share)}</span>
          </li>
        ))}
      </ul>
      <p className={styles['note']}>
        {mix.weightsGiven
          ? 'As dataset_weights say'
          : `No dataset_weights: each of ${mix.folders.length} ${mix.folders.length === 1 ? 'folder' : 'folders'} counts the same`}
        {byFolder ? null : '; languages guessed from folder names'}.{' '}
        <button type="button" className={styles['link']} onClick={() => setByFolder(!byFolder)}>
          {byFolder ? 'By language' : 'By folder'}
        </button>
      </p>
    </>
  );
}
