// Asks for a name and makes a suite with one prompt to begin with.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { fileSafeName } from '../../../../core/lib/annotations/campaign.ts';
import { errorText } from '../../../app/describe-error.ts';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { suiteHref } from './place.ts';
import { suiteKeys } from './use-suites.ts';

const TEMPLATE = `title: NAME
language: it
maxTokens: 64
samplers:
  - greedy
  - temperature: 0.7
    seeds: [1]
checks:
  - notEmpty
prompts:
  - id: capitale
    domain: fatti
    user: Qual è la capitale d'Italia?
    checks:
      - contains: Roma
      - ends
`;

export function NewSuiteDialog({ onClose }: { readonly onClose: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const make = async () => {
    const parsed = fileSafeName.safeParse(name);
    if (!parsed.success) {
      setProblem(`The name ${parsed.error.issues[0]?.message ?? 'cannot be used'}`);
      return;
    }
    try {
      const text = TEMPLATE.replace('NAME', name);
      await client.suites.save({ suite: name, format: 'yaml', text, basedOn: null });
      await queries.invalidateQueries({ queryKey: suiteKeys.list });
      onClose();
      navigate(suiteHref(name, { tab: 'edit' }));
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <Dialog
      title="New suite"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" onPress={() => void make()}>
            Make suite
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        value={name}
        onChange={(next) => {
          setName(next);
          setProblem(null);
        }}
        onSubmit={() => void make()}
        placeholder="grammatica"
        hint="The file will be suites/NAME.yaml"
        error={problem}
        autoFocus
        mono
      />
    </Dialog>
  );
}
