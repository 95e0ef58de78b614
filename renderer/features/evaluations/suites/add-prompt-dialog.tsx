// A small form that writes one more prompt at the end of a suite's text; everything else in the text stays as it is.
import { useState } from 'react';
import { addPrompt, type NewPrompt } from '../../../../core/lib/suites/add-prompt.ts';
import { promptId } from '../../../../core/lib/suites/suite.ts';
import type { SuiteFormat } from '../../../../core/lib/suites/read-suite.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import styles from './add-prompt-dialog.module.css';

const empty: NewPrompt = {
  id: '',
  kind: 'user',
  text: '',
  domain: '',
  contains: '',
  excludes: '',
  regex: '',
  json: false,
  ends: false,
};

export interface AddPromptDialogProps {
  readonly format: SuiteFormat;
  readonly text: string;
  readonly taken: ReadonlySet<string>;
  readonly onAdd: (text: string) => void;
  readonly onClose: () => void;
}

export function AddPromptDialog({ format, text, taken, onAdd, onClose }: AddPromptDialogProps) {
  const [prompt, setPrompt] = useState(empty);
  const change = (part: Partial<NewPrompt>) => setPrompt({ ...prompt, ...part });
  const [problem, setProblem] = useState<string | null>(null);
  const idProblem =
    prompt.id === ''
      ? null
      : taken.has(prompt.id)
        ? 'There is a prompt of this id'
        : promptId.safeParse(prompt.id).success
          ? null
          : 'Letters, digits, - _ or .';
  const add = () => {
    const added = addPrompt(text, format, prompt);
    if (added.kind === 'added') onAdd(added.text);
    else setProblem(added.problem);
  };
  return (
    <Dialog
      title="Add prompt"
      isOpen
      onClose={onClose}
      width="wide"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={prompt.id === '' || idProblem !== null || prompt.text.trim() === ''}
            onPress={add}
          >
            Add prompt
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <div className={styles['row']}>
          <TextField
            label="Id"
            value={prompt.id}
            onChange={(id) => change({ id })}
            error={idProblem}
            mono
            autoFocus
          />
          <TextField
            label="Domain"
            value={prompt.domain}
            onChange={(domain) => change({ domain })}
            placeholder="facts"
          />
          <Select
            label="Asked as"
            choices={[
              { id: 'user', label: 'A question', detail: 'with the chat template' },
              { id: 'text', label: 'A text to continue', detail: 'as it is, for base models' },
            ]}
            value={prompt.kind}
            onChange={(kind) => change({ kind })}
          />
        </div>
        <TextField
          label={prompt.kind === 'user' ? 'Question' : 'Text to continue'}
          value={prompt.text}
          onChange={(next) => change({ text: next })}
          lines={4}
        />
        <div className={styles['row']}>
          <TextField
            label="Must contain one of"
            value={prompt.contains}
            onChange={(contains) => change({ contains })}
            placeholder="Roma, Rome"
            hint="Separated by commas"
          />
          <TextField
            label="Must not contain"
            value={prompt.excludes}
            onChange={(excludes) => change({ excludes })}
            hint="Separated by commas"
          />
          <TextField
            label="Must match"
            value={prompt.regex}
            onChange={(regex) => change({ regex })}
            hint="Regular expression"
            mono
          />
        </div>
        <div className={styles['row']}>
          <Checkbox isSelected={prompt.json} onChange={(json) => change({ json })}>
            Is valid JSON
          </Checkbox>
          <Checkbox isSelected={prompt.ends} onChange={(ends) => change({ ends })}>
            Ends by itself
          </Checkbox>
        </div>
        {problem === null ? null : <p className={styles['problem']}>{problem}</p>}
      </div>
    </Dialog>
  );
}
