// The judge: chosen, edited, imported from another tool's prompt file, saved into the workspace.
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { fileSafeName } from '../../../../core/lib/annotations/campaign.ts';
import { importPrompt } from '../../../../core/lib/judges/import-prompt.ts';
import { judgeText, PLACEHOLDER } from '../../../../core/lib/judges/judge-template.ts';
import { describeError, errorText } from '../../../app/describe-error.ts';
import { useClient } from '../../../app/session.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { Section } from '../../../ui/pane.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { slugOf } from '../output/file-names.ts';
import type { JudgeDraft } from './setup.ts';
import styles from './setup-form.module.css';
import { useTemplates } from './use-judgements.ts';
import { type JudgeSetup, judgesKey } from './use-setup.ts';

/** A prompt is some pages; what is larger is another kind of file. */
const MAX_IMPORT_BYTES = 262_144;

export function TemplateSection({
  setup: own,
  readOnly,
}: {
  readonly setup: JudgeSetup;
  readonly readOnly: boolean;
}) {
  const { setup, change, draft, file, isEdited, problem, error } = own;
  const templates = useTemplates();
  const picker = useRef<HTMLInputElement>(null);
  const [remarks, setRemarks] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const choices = (templates.data ?? []).map(({ name, title, origin, problem: broken }) => ({
    id: name,
    label: title,
    detail: broken ?? (origin === 'shipped' ? 'shipped with the studio' : `judges/${name}.yaml`),
    isDisabled: broken !== null,
  }));
  const isUnknown = templates.data !== undefined && !choices.some(({ id }) => id === setup.judge);
  const importFile = async (chosen: File) => {
    setRemarks([]);
    setFailure(null);
    try {
      if (chosen.size > MAX_IMPORT_BYTES) throw new Error(`${chosen.name} is too large for a prompt`);
      const imported = importPrompt(await chosen.text(), chosen.name);
      change({ judge: slugOf(imported.judge.title)?.slice(0, 64) ?? 'imported', draft: imported.judge });
      setRemarks(imported.remarks);
    } catch (cause) {
      setFailure(describeError(cause).title);
    }
  };
  return (
    <Section
      title="Judge"
      aside={isEdited ? <Badge tone="info">edited, kept with the judgement</Badge> : null}
    >
      <div className={styles['fields']}>
        <div className={styles['line']}>
          <div className={styles['grow']}>
            <Select
              label="Judge"
              isLabelHidden
              choices={
                isUnknown
                  ? [...choices, { id: setup.judge, label: draft?.title ?? setup.judge, detail: 'not saved' }]
                  : choices
              }
              value={setup.judge}
              onChange={(judge) => {
                setRemarks([]);
                change({ judge, draft: null });
              }}
            />
          </div>
          <Button onPress={() => picker.current?.click()}>Import prompt…</Button>
          {isEdited ? (
            <Button onPress={() => change({ draft: null })} isDisabled={isUnknown}>
              Revert
            </Button>
          ) : null}
          <Button isDisabled={readOnly || own.judge === null} onPress={() => setSaving(true)}>
            Save as…
          </Button>
          <input
            ref={picker}
            type="file"
            accept=".txt,.md,.yaml,.yml"
            hidden
            aria-label="Prompt file"
            onChange={(event) => {
              const [chosen] = event.target.files ?? [];
              event.target.value = '';
              if (chosen) void importFile(chosen);
            }}
          />
        </div>
        {failure === null ? null : <p className={styles['problem']}>{failure}</p>}
        {remarks.length === 0 ? null : (
          <ul className={styles['remarks']}>
            {remarks.map((remark) => (
              <li key={remark}>{remark}</li>
            ))}
          </ul>
        )}
        {draft !== null ? (
          <Fields setup={own} draft={draft} />
        ) : error ? (
          <ErrorState {...describeError(error)} compact />
        ) : problem === null ? (
          <Skeleton label="Reading the judge" />
        ) : null}
        {problem === null ? null : <p className={styles['problem']}>{problem}</p>}
      </div>
      {isSaving && own.judge !== null ? (
        <SaveDialog
          text={judgeText(own.judge)}
          name={setup.judge}
          version={file?.origin === 'workspace' ? file.version : null}
          onSaved={(judge) => {
            change({ judge, draft: null });
            setRemarks([]);
          }}
          onClose={() => setSaving(false)}
        />
      ) : null}
    </Section>
  );
}

function Fields({ setup: own, draft }: { readonly setup: JudgeSetup; readonly draft: JudgeDraft }) {
  const { setup, change } = own;
  const edit = (edited: Partial<JudgeDraft>) => change({ draft: { ...draft, ...edited } });
  const sample = (edited: Partial<JudgeDraft['sampling']>) =>
    edit({ sampling: { ...draft.sampling, ...edited } });
  const { samples, temperature, top_p: topP, max_tokens: answer, context, seed } = draft.sampling;
  return (
    <>
      <TextField
        label={`Prompt, with ${PLACEHOLDER} where the document goes`}
        value={draft.prompt}
        onChange={(prompt) => edit({ prompt })}
        lines={12}
        mono
      />
      <div className={styles['row']}>
        <TextField label="Label before the score" value={draft.label} onChange={(label) => edit({ label })} />
        <Select
          label="Scores"
          choices={[
            { id: 'exact', label: 'Whole numbers only', detail: 'JQL: 3.5 and 6 are invalid' },
            { id: 'round-and-clamp', label: 'Round and clamp', detail: '3.5 counts as 4, 17 as 5' },
          ]}
          value={setup.rule}
          onChange={(rule) => change({ rule })}
        />
        <Select
          label="White space"
          choices={[
            { id: 'collapse', label: 'Collapsed', detail: 'one space for each run, as JQL does' },
            { id: 'keep', label: 'Kept', detail: 'for code' },
          ]}
          value={draft.whitespace}
          onChange={(whitespace) => edit({ whitespace })}
        />
      </div>
      <div className={styles['row']}>
        <NumberField
          label="Samples"
          value={samples}
          onChange={(next) => sample({ samples: next })}
          min={1}
          max={20}
        />
        <NumberField
          label="Temperature"
          value={temperature}
          onChange={(next) => sample({ temperature: next })}
          min={0}
          max={2}
          step={0.1}
        />
        <NumberField
          label="Top p"
          value={topP}
          onChange={(next) => sample({ top_p: next })}
          min={0.01}
          max={1}
          step={0.01}
        />
        <NumberField
          label="Answer, tokens"
          value={answer}
          onChange={(next) => sample({ max_tokens: next })}
          min={1}
          max={32768}
        />
        <NumberField
          label="Context, tokens"
          value={context}
          onChange={(next) => sample({ context: next })}
          min={64}
          max={1048576}
        />
        <NumberField
          label="Seed sent"
          value={seed}
          onChange={(next) => sample({ seed: next })}
          min={0}
          placeholder="none"
        />
      </div>
    </>
  );
}

function SaveDialog(props: {
  readonly text: string;
  readonly name: string;
  readonly version: string | null;
  readonly onSaved: (name: string) => void;
  readonly onClose: () => void;
}) {
  const { text, version, onSaved, onClose } = props;
  const client = useClient();
  const queries = useQueryClient();
  const [name, setName] = useState(props.name);
  const [failure, setFailure] = useState<string | null>(null);
  const id = fileSafeName.safeParse(slugOf(name)?.slice(0, 64)).data ?? null;
  const save = async () => {
    if (id === null) return;
    try {
      await client.judges.saveTemplate({ name: id, text, basedOn: id === props.name ? version : null });
      await queries.invalidateQueries({ queryKey: judgesKey });
      onSaved(id);
      onClose();
    } catch (error) {
      setFailure(errorText(error));
    }
  };
  return (
    <Dialog
      title="Save judge"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={id === null} onPress={() => void save()}>
            Save judge
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        value={name}
        onChange={(next) => {
          setName(next);
          setFailure(null);
        }}
        onSubmit={() => void save()}
        autoFocus
        hint={id === null ? 'Letters and digits' : `judges/${id}.yaml`}
        error={failure}
      />
    </Dialog>
  );
}
