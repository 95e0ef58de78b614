// The profile of every column side by side: of the first rows at once, of all rows when asked. Every part of it filters.
import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ColumnProfile, DatasetProfile } from '../../../../core/api/dataset-profile.ts';
import { describeError } from '../../../app/describe-error.ts';
import { FigureFrame } from '../../../charts/figure-frame.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { fileName, formatInteger } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Progress } from '../../../ui/progress.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ColumnPicture, type ProfilePicks } from './column-picture.tsx';
import styles from './profile.module.css';
import {
  distinctText,
  profileSentence,
  profileTable,
  scopeText,
  shareText,
  shortNumber,
} from './profile-words.ts';
import { useWholeProfile } from './use-profile.ts';

export interface ProfilePanelProps {
  readonly path: string;
  readonly viewId: string | null;
  /** Of the first rows; undefined while it is made. */
  readonly sample: DatasetProfile | undefined;
  /** The column that was asked for; it comes into sight. */
  readonly column: string | null;
  readonly picks: ProfilePicks;
  readonly onClose: () => void;
}

export function ProfilePanel({ path, viewId, sample, column, picks, onClose }: ProfilePanelProps) {
  const { whole, start, cancel } = useWholeProfile(path, viewId);
  const [find, setFind] = useState('');
  const profile = whole.kind === 'ready' ? whole.profile : sample;
  const isSample = profile !== undefined && profile.rows < profile.totalRows;
  const wanted = find.toLowerCase();
  const columns = profile?.columns.filter(({ name }) => name.toLowerCase().includes(wanted)) ?? [];
  return (
    <Pane
      header={
        <PaneHeader
          title="Profile"
          detail={profile ? scopeText(profile) : ''}
          actions={
            <>
              {profile && profile.columns.length > 8 ? (
                <SearchField label="Find a column" value={find} onChange={setFind} />
              ) : null}
              {isSample && whole.kind !== 'reading' ? (
                <Button onPress={start}>Profile all rows</Button>
              ) : null}
              <IconButton icon={X} label="Close profile" onPress={onClose} />
            </>
          }
        />
      }
    >
      {whole.kind === 'reading' ? (
        <div className={styles['reading']}>
          <Progress label="Profiling all rows" fraction={whole.fraction} onCancel={cancel} />
        </div>
      ) : null}
      {whole.kind === 'failed' ? (
        <ErrorState
          compact
          {...describeError(whole.error)}
          actions={<Button onPress={start}>Try again</Button>}
        />
      ) : null}
      {profile === undefined ? (
        <Skeleton label="Profiling the first rows" rows={6} />
      ) : (
        <FigureFrame
          name={`Profile of ${fileName(path)}`}
          title=""
          aside={isSample ? `sample of ${formatInteger(profile.rows)}` : ''}
          summary={`Profiles of ${profile.columns.length} columns over ${scopeText(profile)}`}
          numbers={() => profileTable(profile)}
        >
          <div className={styles['cards']}>
            {columns.map((each) => (
              <Card
                key={each.name}
                profile={each}
                rows={profile.rows}
                picks={picks}
                isAsked={each.name === column}
              />
            ))}
          </div>
        </FigureFrame>
      )}
    </Pane>
  );
}

function Card({
  profile,
  rows,
  picks,
  isAsked,
}: {
  readonly profile: ColumnProfile;
  readonly rows: number;
  readonly picks: ProfilePicks;
  readonly isAsked: boolean;
}) {
  const { name, type, nulls, numbers, lengths, values, range } = profile;
  const [hovered, setHovered] = useState<string | null>(null);
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isAsked) card.current?.scrollIntoView({ block: 'nearest' });
  }, [isAsked]);
  const spread = numbers ?? lengths;
  return (
    <section
      ref={card}
      className={styles['card']}
      aria-label={profileSentence(profile, rows)}
      data-asked={isAsked || undefined}
    >
      <h3 className={styles['name']} title={`${name} · ${type}`}>
        {name}
        <span className={styles['type']}>{type}</span>
      </h3>
      <div className={styles['picture']}>
        <ColumnPicture profile={profile} rows={rows} picks={picks} isReachable onHover={setHovered} />
      </div>
      <p className={styles['hovered']}>{hovered ?? distinctText(profile)}</p>
      <dl className={styles['list']}>
        {spread === null ? null : (
          <>
            <dt>{lengths === null ? 'Range' : `Length, ${lengths.unit}`}</dt>
            <dd>
              {shortNumber(spread.min)} – {shortNumber(spread.max)}
            </dd>
            <dt>{spread.isExact ? 'Quartiles' : 'Quartiles, about'}</dt>
            <dd>{spread.quartiles.map(shortNumber).join(' · ')}</dd>
            <dt>Mean</dt>
            <dd>{shortNumber(spread.mean)}</dd>
          </>
        )}
        {range === null ? null : (
          <>
            <dt>First</dt>
            <dd>{range.first}</dd>
            <dt>Last</dt>
            <dd>{range.last}</dd>
          </>
        )}
        {numbers !== null && numbers.notFinite > 0 ? (
          <>
            <dt>NaN or infinite</dt>
            <dd>{formatInteger(numbers.notFinite)}</dd>
          </>
        ) : null}
        <dt>Without a value</dt>
        <dd>
          {nulls === 0 ? (
            '0'
          ) : (
            <button type="button" className={styles['link']} onClick={() => picks.onNull(name, false)}>
              {formatInteger(nulls)} ({shareText(nulls, rows)})
            </button>
          )}
        </dd>
      </dl>
      {values.length === 0 || numbers !== null ? null : (
        <ol className={styles['values']} aria-label={`Most frequent values of ${name}`}>
          {values.slice(0, 5).map(({ value, rows: count }) => (
            <li key={`${typeof value} ${String(value)}`}>
              <button
                type="button"
                className={styles['link']}
                title="Click keeps these rows, Alt and click leaves them out"
                onClick={(event) => picks.onValue(name, value, event.altKey)}
              >
                {value === '' ? '(empty text)' : String(value)}
              </button>
              <span>{shareText(count, rows)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
