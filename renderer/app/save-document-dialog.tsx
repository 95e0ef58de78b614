// Asks for the name of a shared document and a note, and writes it; one that is there is replaced only where a person says so.
import { type ReactNode, useState } from 'react';
import { StudioError } from '../../core/api/errors.ts';
import type {
  ListedDocument,
  SaveDocumentRequest,
  SaveDocumentResult,
} from '../../core/api/shared-documents.ts';
import { TextField } from '../ui/text-field.tsx';
import type { DocumentNames } from './document-names.ts';
import { notify } from './notifications.ts';
import { OutputDialog, useNamedOutput } from './output-dialog.tsx';

export interface SaveDocumentDialogProps<Saved> {
  /** "view". */
  readonly noun: string;
  readonly names: DocumentNames;
  readonly suggested: string;
  readonly note: string;
  /** What is saved, in a sentence. */
  readonly summary: ReactNode;
  readonly listed: readonly ListedDocument<Saved>[];
  readonly documentOf: (note: string) => Saved;
  readonly save: (request: SaveDocumentRequest<Saved>) => Promise<SaveDocumentResult<Saved>>;
  readonly onSaved: (path: string) => void;
  readonly onClose: () => void;
}

export function SaveDocumentDialog<Saved>(props: SaveDocumentDialogProps<Saved>) {
  const { noun, names, listed, onClose } = props;
  const named = useNamedOutput(props.suggested);
  const [note, setNote] = useState(props.note);
  const path = names.pathOf(named.name);
  const save = async () => {
    if (path === null) return;
    const isSaved = await named.attempt(async () => {
      const there = listed.find((one) => one.path === path)?.file ?? null;
      const baseVersion = named.overwrite ? (there?.version ?? null) : null;
      const result = await props.save({ path, saved: props.documentOf(note), baseVersion });
      if (result.kind === 'conflict') {
        throw new StudioError('ALREADY_EXISTS', `There is a ${noun} ${names.nameOf(path)} already`, {
          hint: 'Choose another name, or replace it',
          path,
        });
      }
    });
    if (!isSaved) return;
    notify({
      severity: 'good',
      title: `${noun.charAt(0).toUpperCase()}${noun.slice(1)} ${names.nameOf(path)} saved`,
      detail: path,
    });
    props.onSaved(path);
    onClose();
  };
  return (
    <OutputDialog
      title={`Save ${noun}`}
      verb="Save"
      output={named}
      fieldLabel="Name"
      fieldHint={path ?? 'Letters and digits; a slash makes a folder'}
      replaceLabel={`Replace the ${noun} that is there`}
      canSubmit={path !== null}
      onSubmit={() => void save()}
      onClose={onClose}
      summary={props.summary}
    >
      <TextField label="Note" value={note} onChange={setNote} lines={3} placeholder="What it is for" />
    </OutputDialog>
  );
}
