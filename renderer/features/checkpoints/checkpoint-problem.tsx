// Why opening a checkpoint broke off, and what to do: again, or with the tokenizer that is missing.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Opening } from '../../../core/api/checkpoints.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './checkpoint-panel.module.css';
import type { Asked } from './start-opening.ts';

export function CheckpointProblem({
  opening,
  onAgain,
  onClose,
}: {
  readonly opening: Opening;
  readonly onAgain: (more: Partial<Asked>) => void;
  readonly onClose: () => void;
}) {
  const { error, stage } = opening;
  if (error === null) return null;
  const needsTokenizer = stage === 'convert' && /tokenizer\.json/.test(error.message);
  return (
    <div className={styles['problem']}>
      <ErrorState
        compact
        title={error.message}
        hint={
          needsTokenizer
            ? 'Name the folder of the tokenizer it was trained with; it is remembered for the run'
            : error.hint
        }
        details={`${error.code}: ${error.message}\n${error.hint}`}
        actions={
          <>
            <Button onPress={() => onAgain({})}>Try again</Button>
            <Button kind="quiet" onPress={onClose}>
              Close
            </Button>
          </>
        }
      />
      {needsTokenizer ? <TokenizerChoice onUse={(tokenizer) => onAgain({ tokenizer })} /> : null}
    </div>
  );
}

function TokenizerChoice({ onUse }: { readonly onUse: (folder: string) => void }) {
  const client = useClient();
  const files = useQuery({ queryKey: queryKeys.files, queryFn: () => client.workspace.files() });
  const folders = (files.data?.files ?? [])
    .filter(({ path }) => /(^|\/)tokenizer\.json$/.test(path))
    .map(({ path }) => path.slice(0, -'/tokenizer.json'.length));
  const [typed, setTyped] = useState('');
  return (
    <div className={styles['tokenizer']}>
      {folders.length === 0 ? null : (
        <Select
          label="Tokenizers of the workspace"
          choices={folders.map((id) => ({ id, label: id }))}
          value={null}
          onChange={onUse}
        />
      )}
      <TextField label="Folder with a tokenizer.json" mono value={typed} onChange={setTyped} />
      <Button isDisabled={typed.trim() === ''} onPress={() => onUse(typed.trim())}>
        Use it
      </Button>
    </div>
  );
}
