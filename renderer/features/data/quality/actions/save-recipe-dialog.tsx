// Asks for the name of a filter recipe and writes it to filters/.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { notify } from '../../../../app/notifications.ts';
import { OutputDialog, useNamedOutput } from '../../../../app/output-dialog.tsx';
import { filesKey } from '../../../../app/query-keys.ts';
import { navigate } from '../../../../app/route.ts';
import { useClient } from '../../../../app/session.ts';
import { TextField } from '../../../../ui/text-field.tsx';
import { quantileText } from '../lab/choice.ts';
import type { Lab, Settled } from '../lab/lab.ts';
import { labHref } from '../lab/mode.ts';
import { ChoiceSummary } from './choice-summary.tsx';
import { slugOf } from '../../output/file-names.ts';

export function SaveRecipeDialog(props: {
  readonly lab: Lab;
  readonly settled: Settled;
  readonly onClose: () => void;
}) {
  const { lab, settled, onClose } = props;
  const client = useClient();
  const queries = useQueryClient();
  const { choice } = settled;
  const named = useNamedOutput(
    `q${quantileText(choice.quantiles.overall)} ${choice.rule.kind === 'at-least' ? `${choice.rule.heads} of ${choice.heads.length}` : choice.rule.kind}`,
  );
  const [note, setNote] = useState('');
  const slug = slugOf(named.name);
  const path = slug === null ? null : `filters/${slug}.json`;

  const save = async () => {
    if (path === null) return;
    const isSaved = await named.attempt(async () => {
      const recipe = await client.quality.makeRecipe({
        paths: [...lab.paths],
        tokens: lab.tokens,
        choice,
        name: named.name.trim(),
        note,
      });
      const saved = await client.quality.saveRecipe({ recipe, path, overwrite: named.overwrite });
      await queries.invalidateQueries({ queryKey: filesKey });
      notify({
        severity: 'good',
        title: 'Filter recipe saved',
        detail: saved.path,
        action: {
          label: 'Show the recipe',
          perform: () => navigate(labHref(lab.paths, { ...lab.parameters(), recipe: saved.path })),
        },
      });
    });
    if (isSaved) onClose();
  };
  return (
    <OutputDialog
      title="Save filter recipe"
      verb="Save"
      output={named}
      fieldLabel="Name"
      fieldHint={path ?? 'Letters and digits'}
      replaceLabel="Replace the recipe that is there"
      canSubmit={path !== null}
      onSubmit={() => void save()}
      onClose={onClose}
      summary={<ChoiceSummary settled={settled} />}
    >
      <TextField label="Note" value={note} onChange={setNote} lines={3} placeholder="Why these thresholds" />
    </OutputDialog>
  );
}
