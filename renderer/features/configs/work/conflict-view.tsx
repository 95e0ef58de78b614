// Both versions of a file that two programs changed at the same place, side by side, and the three ways out.
// Nothing is written before one of them is chosen. The right side is the buffer itself and can be edited.
import { useEffect, useRef, useState } from 'react';
import { mergeTexts } from '../../../../core/lib/text/merge.ts';
import { Button } from '../../../ui/button.tsx';
import { fileName } from '../../../ui/format.ts';
import type { Conflict, ConfigBuffer } from '../documents/config-buffer.ts';
import { settleConflict } from '../documents/save.ts';
import { sharedOptions } from '../editor/editor-options.ts';
import type { LoadedEditor } from '../editor/load-editor.ts';
import { Banner } from './banners.tsx';
import styles from './work.module.css';

export function ConflictView({
  loaded,
  buffer,
  conflict,
  onSave,
}: {
  readonly loaded: LoadedEditor;
  readonly buffer: ConfigBuffer;
  readonly conflict: Conflict;
  readonly onSave: () => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const { monaco } = loaded;
  useEffect(() => {
    if (host.current === null) return;
    const theirs = monaco.editor.createModel(conflict.theirs.text, 'yaml');
    const diff = monaco.editor.createDiffEditor(host.current, {
      ...sharedOptions(),
      originalEditable: false,
      renderSideBySide: true,
      useInlineViewWhenSpaceIsLimited: false,
      renderOverviewRuler: false,
      hideUnchangedRegions: { enabled: true, contextLineCount: 6 },
    });
    diff.setModel({ original: theirs, modified: buffer.model });
    diff.getOriginalEditor().updateOptions({ ariaLabel: 'Their text' });
    diff.getModifiedEditor().updateOptions({ ariaLabel: 'My text' });
    const shown = diff.onDidUpdateDiff(() => {
      shown.dispose();
      diff.revealFirstDiff();
    });
    return () => {
      diff.dispose();
      theirs.dispose();
    };
  }, [monaco, buffer, conflict]);
  const [isMerged, setMerged] = useState(false);
  const merge = (): void => {
    buffer.become(mergedWithMine(buffer, conflict));
    setMerged(true);
  };
  const settle = (choice: 'mine' | 'theirs'): void => {
    settleConflict(buffer, choice);
    if (choice === 'mine') onSave();
  };
  const places = conflict.places === 1 ? 'one place' : `${conflict.places} places`;
  return (
    <div className={styles['conflict']} data-testid="conflict">
      <Banner
        tone="warn"
        actions={
          <>
            <Button onPress={() => settle('theirs')}>Take the version on disk</Button>
            {isMerged ? null : <Button onPress={() => settle('mine')}>Keep my version</Button>}
            {isMerged ? (
              <Button kind="primary" onPress={() => settle('mine')}>
                Save the merged text
              </Button>
            ) : (
              <Button kind="primary" onPress={merge}>
                Merge and edit
              </Button>
            )}
          </>
        }
      >
        {isMerged
          ? `Both changes are on the right; where both changed the same place (${places}) it has yours. Edit it, then save.`
          : `${fileName(buffer.path)} was changed by another program and by you at ${places}. Nothing is written until you choose.`}
      </Banner>
      <div className={styles['sides']}>
        <span>On disk</span>
        <span>Yours, can be edited</span>
      </div>
      <div ref={host} className={styles['diff']} />
    </div>
  );
}

/** Both sides' changes; where both changed the same place, mine. */
function mergedWithMine(buffer: ConfigBuffer, { theirs }: Conflict): string {
  const merged = mergeTexts({ base: buffer.base().text, mine: buffer.text(), theirs: theirs.text });
  if (merged.kind === 'clean') return merged.text;
  return merged.hunks.map((hunk) => (hunk.kind === 'same' ? hunk.text : hunk.mine)).join('');
}
