// Below the name of a column in the grid: its picture and one line of facts, from the first rows.
import type { DatasetProfile } from '../../../../core/api/dataset-profile.ts';
import { ColumnPicture, type ProfilePicks } from './column-picture.tsx';
import styles from './profile.module.css';
import { headerText, profileSentence, scopeText } from './profile-words.ts';

export function HeaderProfile({
  column,
  profile,
  picks,
}: {
  readonly column: string;
  readonly profile: DatasetProfile | undefined;
  readonly picks: ProfilePicks;
}) {
  const found = profile?.columns.find(({ name }) => name === column);
  if (!profile || !found) return <span className={styles['header']} aria-hidden />;
  return (
    <span
      className={styles['header']}
      title={`${profileSentence(found, profile.rows)} (${scopeText(profile)})`}
    >
      <ColumnPicture profile={found} rows={profile.rows} picks={picks} isReachable={false} />
      <span className={styles['facts']}>{headerText(found, profile.rows)}</span>
    </span>
  );
}
