// Files of a person's own computer for a form: chosen, or dropped on the field. Knows names, not what is in them.
import { Button as AriaButton } from 'react-aria-components/Button';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { Button } from './button.tsx';
import styles from './files-field.module.css';
import { useFileDrop } from './use-file-drop.ts';

export interface FilesFieldProps {
  readonly label: string;
  /** Endings: `.json`. */
  readonly types: readonly string[];
  /** What may be dropped, while there is nothing. */
  readonly hint: string;
  readonly names: readonly string[];
  readonly onFiles: (files: readonly File[]) => void;
  readonly onClear: () => void;
}

export function FilesField({ label, types, hint, names, onFiles, onClear }: FilesFieldProps) {
  const { isOver, handlers } = useFileDrop(onFiles);
  return (
    <div
      className={styles['drop']}
      data-over={isOver ? '' : undefined}
      role="group"
      aria-label={label}
      {...handlers}
    >
      <FileTrigger
        allowsMultiple
        acceptedFileTypes={types}
        onSelect={(list) => onFiles(list === null ? [] : [...list])}
      >
        <AriaButton className={styles['choose'] ?? ''}>Choose files…</AriaButton>
      </FileTrigger>
      <span className={styles['hint']}>{names.length === 0 ? hint : names.join(', ')}</span>
      {names.length === 0 ? null : (
        <Button kind="quiet" onPress={onClear}>
          Remove
        </Button>
      )}
    </div>
  );
}
