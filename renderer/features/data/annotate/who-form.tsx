// Asks who is going to rate: somebody who did before, or a new name. The name is the file the ratings go to.
import { useState } from 'react';
import { fileSafeName } from '../../../../core/lib/annotations/campaign.ts';
import { Button } from '../../../ui/button.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { TextField } from '../../../ui/text-field.tsx';
import { slugOf } from '../output/file-names.ts';
import { useProgress } from './use-campaigns.ts';
import styles from './who-form.module.css';

export function WhoForm(props: {
  readonly campaign: string;
  /** Empty: nobody yet. */
  readonly current: string;
  readonly onChoose: (annotator: string) => void;
}) {
  const { campaign, current, onChoose } = props;
  const [name, setName] = useState(current);
  const progress = useProgress(campaign);
  const id = fileSafeName.safeParse(slugOf(name)?.slice(0, 64)).data ?? null;
  const before = progress.data?.annotators ?? [];
  const choose = () => {
    if (id !== null) onChoose(id);
  };
  return (
    <div className={styles['form']}>
      <h2 className={styles['title']}>Who is rating?</h2>
      <TextField
        label="Your name"
        value={name}
        onChange={setName}
        onSubmit={choose}
        autoFocus
        hint={id === null ? 'Letters and digits' : `Your ratings go to annotations/${campaign}/${id}.jsonl`}
      />
      <Button kind="primary" isDisabled={id === null} onPress={choose}>
        Start rating
      </Button>
      {before.length > 0 ? (
        <div className={styles['before']}>
          <span>Or go on as</span>
          {before.map(({ annotator, rated }) => (
            <Button key={annotator} onPress={() => onChoose(annotator)}>
              {annotator}
              <span className={styles['count']}>{formatQuantity(rated, 'rating')}</span>
            </Button>
          ))}
        </div>
      ) : null}
    </div>
  );
}
