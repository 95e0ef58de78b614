// Asks for another name of a file that people know by a name of theirs, renames it, and goes where it is now.
import type { DocumentNames } from './document-names.ts';
import { OutputDialog, useNamedOutput } from './output-dialog.tsx';
import { navigate } from './route.ts';

export interface RenameDialogProps {
  /** "view": what it is, for the title. */
  readonly noun: string;
  /** Path of the file as it is now. */
  readonly path: string;
  readonly names: DocumentNames;
  /** Throws StudioError. Not called for the same path. */
  readonly rename: (target: string) => Promise<unknown>;
  readonly hrefOf: (path: string) => string;
  readonly onClose: () => void;
}

export function RenameDialog(props: RenameDialogProps) {
  const { noun, path, names, rename, hrefOf, onClose } = props;
  const named = useNamedOutput(names.nameOf(path));
  const target = names.pathOf(named.name);
  const submit = async () => {
    if (target === null) return;
    const isRenamed = await named.attempt(async () => {
      if (target !== path) await rename(target);
    });
    if (!isRenamed) return;
    onClose();
    navigate(hrefOf(target));
  };
  return (
    <OutputDialog
      title={`Rename ${noun}`}
      verb="Rename"
      output={named}
      fieldLabel="Name"
      fieldHint={target ?? 'Letters and digits; a slash makes a folder'}
      replaceLabel=""
      canSubmit={target !== null}
      onSubmit={() => void submit()}
      onClose={onClose}
      summary={<p>Links to the old name will not find it any more</p>}
    />
  );
}
