// Why opening a checkpoint broke off, and what to do: again, or with the tokenizer that is missing.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Opening } from '../../../core/api/checkpoints.ts';
import { PIECES_CHOICE } from '../../../core/lib/conversion/piece-metadata.ts';
import { knownPreTokenizers } from '../../../core/lib/conversion/pre-tokenizers.ts';
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
  const needsTokenizer = stage === 'convert' && error.message.startsWith('There is no tokenizer');
  const hint = error.hint ?? '';
  const isLossy = stage === 'convert' && hint.includes(`--pre ${PIECES_CHOICE}`);
  const needsCut = stage === 'convert' && !isLossy && hint.includes('--pre (');
  return (
    <div className={styles['problem']}>
      <ErrorState
        compact
        title={error.message}
        hint={
          needsTokenizer
            ? 'Name the folder of the tokenizer it was trained with; it is remembered for the run'
            : isLossy
              ? 'Convert it with these differences: the verification then names the texts. It is remembered for the run'
              : needsCut
                ? 'Choose the closest way to cut text; the verification shows differences. It is remembered for the run'
                : error.hint
        }
        details={`${error.code}: ${error.message}\n${error.hint}`}
        actions={
          <>
            <Button onPress={() => onAgain({})}>Try again</Button>
            {isLossy ? (
              <Button onPress={() => onAgain({ preTokenizer: PIECES_CHOICE })}>
                Convert with these differences
              </Button>
            ) : null}
            <Button kind="quiet" onPress={onClose}>
              Close
            </Button>
          </>
        }
      />
      {needsCut ? (
        <Select
          label="Cut text like"
          choices={knownPreTokenizers.map((id) => ({ id, label: id }))}
          value={null}
          onChange={(preTokenizer) => onAgain({ preTokenizer })}
        />
      ) : null}
      {needsTokenizer ? <TokenizerChoice onUse={(tokenizer) => onAgain({ tokenizer })} /> : null}
    </div>
  );
}

function TokenizerChoice({ onUse }: { readonly onUse: (folder: string) => void }) {
  const client = useClient();
  const files = useQuery({ queryKey: queryKeys.files, queryFn: () => client.workspace.files() });
  const folders = (files.data?.files ?? [])
    .filter(({ path }) => /(^|\/)tokenizer\.(json|model)$/.test(path))
    .map(({ path }) => path.slice(0, path.lastIndexOf('/')));
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
      <TextField label="Folder with a tokenizer" mono value={typed} onChange={setTyped} />
      <Button isDisabled={typed.trim() === ''} onPress={() => onUse(typed.trim())}>
        Use it
      </Button>
    </div>
  );
}
