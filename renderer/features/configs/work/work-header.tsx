// The header of an open config: its name, whether it is edited, what kind it is, and how form and text are arranged.
import {
  CircleAlert,
  TriangleAlert,
  Columns2,
  Copy,
  GitCompare,
  Pencil,
  Redo2,
  Rows3,
  TextCursorInput,
  Trash2,
  Undo2,
  Ellipsis,
} from 'lucide-react';
import { useQueryClient } from '@tanstack/react-query';
import { useStore } from 'zustand';
import { notifyError } from '../../../app/notifications.ts';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { IconButton } from '../../../ui/button.tsx';
import { fileName } from '../../../ui/format.ts';
import { Menu } from '../../../ui/menu.tsx';
import { compareHref } from '../compare/compare-route.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { countWords } from '../findings/findings-pane.tsx';
import { stepToFinding } from '../findings/go-to-finding.ts';
import { countFindings } from '../findings/step.ts';
import { askForDuplicate, askForRename } from './ask-for-config.ts';
import { deleteConfig } from './file-actions.ts';
import { kindTitle } from './kind-title.ts';
import styles from './work.module.css';

export type DeskLayout = 'form' | 'both' | 'text';

export function parseLayout(stored: unknown): DeskLayout | undefined {
  return stored === 'form' || stored === 'both' || stored === 'text' ? stored : undefined;
}

const layouts = [
  { id: 'form', label: 'Form only', icon: Rows3 },
  { id: 'both', label: 'Form and text', icon: Columns2 },
  { id: 'text', label: 'Text only', icon: TextCursorInput },
] as const;

export function WorkHeader({
  buffer,
  layout,
  onLayout,
}: {
  readonly buffer: ConfigBuffer;
  readonly layout: DeskLayout;
  readonly onLayout: (layout: DeskLayout) => void;
}) {
  const client = useClient();
  const queries = useQueryClient();
  const { dirty, saving, justSaved, readOnly, checked } = useStore(buffer.state);
  const actions = { client, queries };
  const { path } = buffer;
  const state = saving ? 'saving' : readOnly ? 'read-only' : dirty ? 'edited' : justSaved ? 'saved' : '';
  return (
    <header className={styles['header']}>
      <h2 className={styles['name']} title={path}>
        {fileName(path)}
      </h2>
      <span className={styles['state']} data-dirty={dirty || undefined} role="status">
        {state}
      </span>
      <span className={styles['kind']}>{checked === null ? '' : kindTitle(checked.kind)}</span>
      <ProblemCounts buffer={buffer} />
      <span className={styles['spring']} />
      <IconButton
        icon={Undo2}
        label="Undo"
        keys="Mod+Z"
        size="small"
        isDisabled={readOnly}
        onPress={() => void buffer.model.undo()}
      />
      <IconButton
        icon={Redo2}
        label="Redo"
        keys="Mod+Shift+Z"
        size="small"
        isDisabled={readOnly}
        onPress={() => void buffer.model.redo()}
      />
      <span className={styles['divider']} />
      {layouts.map(({ id, label, icon }) => (
        <IconButton
          key={id}
          icon={icon}
          label={label}
          size="small"
          isPressed={layout === id}
          isDisabled={buffer.plain}
          onPress={() => onLayout(id)}
        />
      ))}
      <Menu
        label={`Actions for ${fileName(path)}`}
        icon={Ellipsis}
        groups={[
          [
            {
              id: 'compare',
              label: 'Compare…',
              icon: GitCompare,
              perform: () => navigate(compareHref({ before: null, after: path })),
            },
          ],
          [
            {
              id: 'rename',
              label: 'Rename…',
              icon: Pencil,
              isDisabled: readOnly,
              perform: () => askForRename(actions, path),
            },
            {
              id: 'duplicate',
              label: 'Duplicate…',
              icon: Copy,
              perform: () => void askForDuplicate(actions, path).catch(notifyError),
            },
          ],
          [
            {
              id: 'delete',
              label: 'Delete',
              icon: Trash2,
              isDanger: true,
              isDisabled: readOnly,
              perform: () => void deleteConfig(actions, path).catch(notifyError),
            },
          ],
        ]}
      />
    </header>
  );
}

/** Errors and warnings beside the name; a press steps to the next one. */
function ProblemCounts({ buffer }: { readonly buffer: ConfigBuffer }) {
  const findings = useStore(buffer.state, (state) => state.checked?.findings);
  const counts = countFindings(findings ?? []);
  const shown = (['error', 'warning'] as const).filter((severity) => counts[severity] > 0);
  if (shown.length === 0) return null;
  return (
    <button
      type="button"
      className={styles['problems']}
      title={`${shown.map((severity) => countWords(severity, counts[severity])).join(', ')}; F8 goes to the next`}
      onClick={() => stepToFinding(buffer, 1)}
    >
      {shown.map((severity) => (
        <span key={severity} data-severity={severity}>
          {severity === 'error' ? (
            <CircleAlert size={13} aria-hidden />
          ) : (
            <TriangleAlert size={13} aria-hidden />
          )}
          {counts[severity]}
        </span>
      ))}
    </button>
  );
}
