// What is compared: whose scores are the truth, and which files or judgements are the predictions.
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { filterItems } from '../../../ui/filter-items.ts';
import { fileName, formatQuantity } from '../../../ui/format.ts';
import { Select } from '../../../ui/select.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import styles from './bench-work.module.css';
import { type BenchPlace, campaignTruth, NO_DOCUMENTS } from './place.ts';
import { useBenchInputs } from './use-bench.ts';

export function InputsBar(props: {
  readonly place: BenchPlace;
  readonly onChange: (change: Partial<BenchPlace>) => void;
}) {
  const { place, onChange } = props;
  const inputs = useBenchInputs();
  const [isOpen, setOpen] = useState(false);
  const campaigns = inputs.data?.campaigns ?? [];
  const truth = place.truth ?? 'file';
  return (
    <div className={styles['controls']}>
      <Select
        label="People’s scores"
        value={truth}
        onChange={(chosen) => onChange({ truth: chosen === 'file' ? null : chosen, ...NO_DOCUMENTS })}
        choices={[
          { id: 'file', label: fileName(place.path), detail: 'the column with ratings of this dataset' },
          ...campaigns.map((name) => ({
            id: campaignTruth(name),
            label: name,
            detail: 'annotation campaign',
          })),
          ...(truth === 'file' || campaigns.some((name) => campaignTruth(name) === truth)
            ? []
            : [{ id: truth, label: truth }]),
        ]}
      />
      <Button
        onPress={() => setOpen(true)}
      >{`${formatQuantity(place.predictions.length, 'prediction source')}…`}</Button>
      <span className={styles['folder']}>{place.predictions.map(fileName).join(', ')}</span>
      {isOpen ? (
        <PredictionsDialog
          place={place}
          onClose={() => setOpen(false)}
          onChoose={(predictions) => {
            setOpen(false);
            onChange({ predictions, ...NO_DOCUMENTS });
          }}
        />
      ) : null}
    </div>
  );
}

function PredictionsDialog(props: {
  readonly place: BenchPlace;
  readonly onClose: () => void;
  readonly onChoose: (predictions: readonly string[]) => void;
}) {
  const { place, onClose, onChoose } = props;
  const inputs = useBenchInputs();
  const [chosen, setChosen] = useState<readonly string[]>(place.predictions);
  const [filter, setFilter] = useState('');
  const known = [
    ...(inputs.data?.judgements ?? []).map(({ path }) => ({ path, kind: 'judgements' })),
    ...(inputs.data?.files ?? []).map(({ path }) => ({ path, kind: 'dataset' })),
  ];
  // What a link named stays choosable when it is not listed.
  const listed = new Set(known.map(({ path }) => path));
  const all = [
    ...known,
    ...chosen.filter((path) => !listed.has(path)).map((path) => ({ path, kind: 'link' })),
  ];
  const shown = filterItems(all, ({ path }) => path, filter);
  return (
    <Dialog
      title="Predictions to compare"
      isOpen
      onClose={onClose}
      width="wide"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={chosen.length === 0} onPress={() => onChoose(chosen)}>
            {`Compare ${formatQuantity(chosen.length, 'source')}`}
          </Button>
        </>
      }
    >
      <p className={styles['hint']}>
        Judgements, or datasets with score columns; joined with people’s scores by document id and language.
      </p>
      <SearchField label="Filter files" value={filter} onChange={setFilter} />
      <ul className={styles['choices']} aria-label="Predictions">
        {shown.map(({ path, kind }) => (
          <li key={path}>
            <Checkbox
              isSelected={chosen.includes(path)}
              onChange={(isSelected) =>
                setChosen(isSelected ? [...chosen, path] : chosen.filter((other) => other !== path))
              }
            >
              {path} <span className={styles['folder']}>{kind}</span>
            </Checkbox>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
