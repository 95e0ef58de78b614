// Asks for the name of a filter recipe and writes it to filters/.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { describeError } from '../../../../app/describe-error.ts';
import { notify } from '../../../../app/notifications.ts';
import { filesKey } from '../../../../app/query-keys.ts';
import { navigate } from '../../../../app/route.ts';
import { useClient } from '../../../../app/session.ts';
import { Button } from '../../../../ui/button.tsx';
import { Checkbox } from '../../../../ui/checkbox.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { TextField } from '../../../../ui/text-field.tsx';
import { quantileText } from '../lab/choice.ts';
import type { Lab, Settled } from '../lab/lab.ts';
import { labHref } from '../lab/mode.ts';
import styles from './actions.module.css';
import { ChoiceSummary } from './choice-summary.tsx';
import { slugOf } from './file-names.ts';

export function SaveRecipeDialog(props: {
  readonly lab: Lab;
  readonly settled: Settled;
  readonly onClose: () => void;
}) {
  const { lab, settled, onClose } = props;
  const client = useClient();
  const queries = useQueryClient();
  const { choice } = settled;
  const [name, setName] = useState(
    `q${quantileText(choice.quantiles.overall)} ${choice.rule.kind === 'at-least' ? `${choice.rule.heads} of ${choice.heads.length}` : choice.rule.kind}`,
  );
  const [note, setNote] = useState('');
  const [overwrite, setOverwrite] = useState(false);
  const [failure, setFailure] = useState<{ readonly text: string; readonly exists: boolean } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const slug = slugOf(name);
  const path = slug === null ? null : `filters/${slug}.json`;

  const save = async () => {
    if (path === null || isBusy) return;
    setBusy(true);
    try {
      const recipe = await client.quality.makeRecipe({
        paths: [...lab.paths],
        choice,
        name: name.trim(),
        note,
      });
      const saved = await client.quality.saveRecipe({ recipe, path, overwrite });
      await queries.invalidateQueries({ queryKey: filesKey });
      onClose();
      notify({
        severity: 'good',
        title: 'Filter recipe saved',
        detail: saved.path,
        action: {
          label: 'Show the recipe',
          perform: () => navigate(labHref(lab.paths, { ...lab.parameters(), recipe: saved.path })),
        },
      });
    } catch (error) {
      const { title, hint, code } = describeError(error);
      setFailure({ text: `${title}. ${hint}`, exists: code === 'ALREADY_EXISTS' });
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Save filter recipe"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={path === null || isBusy} onPress={() => void save()}>
            Save
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <ChoiceSummary settled={settled} />
        <TextField
          label="Name"
          value={name}
          onChange={(next) => {
            setName(next);
            setFailure(null);
            setOverwrite(false);
          }}
          onSubmit={() => void save()}
          autoFocus
          hint={path ?? 'Letters and digits'}
          error={failure?.text ?? null}
        />
        {failure?.exists ? (
          <Checkbox isSelected={overwrite} onChange={setOverwrite}>
            Replace the recipe that is there
          </Checkbox>
        ) : null}
        <TextField
          label="Note"
          value={note}
          onChange={setNote}
          lines={3}
          placeholder="Why these thresholds"
        />
      </div>
    </Dialog>
  );
}
