// Asks what a campaign is to be and draws its documents.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  fileSafeName,
  MAX_CAMPAIGN_DOCUMENTS,
  MAX_OVERLAP,
} from '../../../../core/lib/annotations/campaign.ts';
import { defaultGuideline } from '../../../../core/lib/annotations/guideline.ts';
import { errorText } from '../../../app/describe-error.ts';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { slugOf } from '../output/file-names.ts';
import { useDataset } from '../use-dataset.ts';
import styles from './new-campaign-dialog.module.css';
import { placeHref } from './place.ts';
import { annotationsKey } from './use-campaigns.ts';

const ALIKE = '-alike-';

export function NewCampaignDialog({
  path,
  onClose,
}: {
  readonly path: string;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const queries = useQueryClient();
  const { opening } = useDataset(path);
  const columns = opening.kind === 'ready' ? opening.dataset.columns : [];
  const scores = columns.filter(({ name, numeric }) => numeric && /score|rating|label/i.test(name));
  const [name, setName] = useState('Educational value');
  const [documents, setDocuments] = useState<number | null>(100);
  const [overlap, setOverlap] = useState<number | null>(3);
  const [seed, setSeed] = useState<number | null>(1);
  const [stratifyBy, setStratifyBy] = useState(ALIKE);
  const [isBlind, setBlind] = useState(true);
  const [guideline, setGuideline] = useState(defaultGuideline);
  const { isBusy, failure, attempt, forget } = useAttempt();
  const campaign = fileSafeName.safeParse(slugOf(name)?.slice(0, 64)).data ?? null;
  const isComplete = campaign !== null && documents !== null && overlap !== null && seed !== null;

  const create = async () => {
    if (!isComplete || isBusy) return;
    await attempt(async () => {
      const made = await client.annotations.create({
        campaign,
        name: name.trim(),
        dataset: path,
        documents,
        seed,
        stratifyBy: stratifyBy === ALIKE ? null : stratifyBy,
        overlap,
        blind: isBlind,
        guideline,
      });
      await queries.invalidateQueries({ queryKey: annotationsKey });
      onClose();
      navigate(placeHref(path, { campaign: made.campaign }));
    });
  };

  return (
    <Dialog
      title="New campaign"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={!isComplete || isBusy} onPress={() => void create()}>
            Draw documents
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <TextField
          label="Name"
          value={name}
          onChange={(next) => {
            setName(next);
            forget();
          }}
          onSubmit={() => void create()}
          autoFocus
          hint={campaign === null ? 'Letters and digits' : `annotations/${campaign}/`}
          error={failure === null ? null : errorText(failure)}
        />
        <div className={styles['row']}>
          <NumberField
            label="Documents"
            value={documents}
            onChange={setDocuments}
            min={1}
            max={MAX_CAMPAIGN_DOCUMENTS}
          />
          <NumberField
            label="Ratings per document"
            value={overlap}
            onChange={setOverlap}
            min={1}
            max={MAX_OVERLAP}
          />
          <NumberField label="Seed" value={seed} onChange={setSeed} step={1} />
        </div>
        <Select
          label="Draw"
          choices={[
            { id: ALIKE, label: 'From all documents alike' },
            ...scores.map((column) => ({
              id: column.name,
              label: `Evenly by ${column.name}`,
              detail: 'as many of each class 0–5, by rounding half up',
            })),
          ]}
          value={stratifyBy}
          onChange={setStratifyBy}
        />
        <Checkbox isSelected={isBlind} onChange={setBlind}>
          Blind: hide others until a document has all its ratings
        </Checkbox>
        <TextField label="Guideline" value={guideline} onChange={setGuideline} lines={8} />
      </div>
    </Dialog>
  );
}
