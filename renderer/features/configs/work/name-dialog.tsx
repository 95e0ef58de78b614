// Asks for the name of a config: for a new one (with a template to start from), a copy or a renamed one.
// Knows names and templates; what happens with the answer is the caller's business.
import { useState } from 'react';
import type { ConfigTemplate } from '../../../../core/api/configs.ts';
import { errorText } from '../../../app/describe-error.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { pathFromName } from './config-names.ts';
import styles from './work.module.css';

export interface NameQuestion {
  readonly title: string;
  readonly verb: string;
  readonly initialName: string;
  readonly folder: string;
  /** Given for a new config: what it may start from, and what is chosen first. */
  readonly templates?: readonly ConfigTemplate[];
  readonly templateId?: string | null;
  /** Rejects with the reason when the name cannot be used. */
  answer(path: string, template: ConfigTemplate | null): Promise<void>;
}

const EMPTY_ID = '-empty-';

export function NameDialog({
  question,
  onClose,
}: {
  readonly question: NameQuestion;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(question.initialName);
  const [templateId, setTemplateId] = useState(question.templateId ?? EMPTY_ID);
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const path = pathFromName(name, question.folder);
  const template = question.templates?.find(({ id }) => id === templateId) ?? null;
  const isBadName = path === null && name.trim() !== '';

  const submit = (): void => {
    if (path === null || isBusy) return;
    setBusy(true);
    question.answer(path, template).then(onClose, (error: unknown) => {
      setFailure(errorText(error));
      setBusy(false);
    });
  };
  return (
    <Dialog
      title={question.title}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={path === null || isBusy} onPress={submit}>
            {question.verb}
          </Button>
        </>
      }
    >
      <div className={styles['question']}>
        {question.templates === undefined ? null : (
          <>
            <Select
              label="Start from"
              value={templateId}
              onChange={(id) => {
                setTemplateId(id);
                if (name === '' || name === templateId) setName(id === EMPTY_ID ? '' : id);
              }}
              choices={[
                { id: EMPTY_ID, label: 'An empty file' },
                ...question.templates.map(({ id, title, description }) => ({
                  id,
                  label: title,
                  detail: description,
                })),
              ]}
            />
            {template === null ? null : <p className={styles['hint']}>{template.description}</p>}
          </>
        )}
        <TextField
          label="Name"
          value={name}
          onChange={(next) => {
            setName(next);
            setFailure(null);
          }}
          onSubmit={submit}
          autoFocus
          mono
          hint={path ?? 'Letters, digits, dots, dashes'}
          error={failure ?? (isBadName ? 'Letters, digits, spaces, dots, dashes; no slashes' : null)}
        />
      </div>
    </Dialog>
  );
}
