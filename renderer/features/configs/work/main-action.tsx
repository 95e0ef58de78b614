// The main actions of the config view: compare, launch what the config is for, and save when there is something to save.
import { useStore } from 'zustand';
import type { PaneProps } from '../../../app/feature.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { COMPARE, compareHref } from '../compare/compare-route.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { useOpenState } from '../documents/open-buffers.ts';
import { saveBuffer } from '../documents/save.ts';
import { recipeOfKind } from './launch-recipe.ts';

export function ConfigMainAction({ argument }: PaneProps) {
  const open = useOpenState(argument);
  if (argument === null || argument === COMPARE) return null;
  return (
    <>
      <Button onPress={() => navigate(compareHref({ before: null, after: argument }))}>Compare…</Button>
      {open?.kind === 'ready' ? (
        <>
          <LaunchButton buffer={open.buffer} />
          <SaveButton buffer={open.buffer} />
        </>
      ) : null}
    </>
  );
}

/** Runs take the file as it is on disk, so edits are saved first. */
function LaunchButton({ buffer }: { readonly buffer: ConfigBuffer }) {
  const client = useClient();
  const { dirty, saving, checked, conflict } = useStore(buffer.state);
  const recipe = recipeOfKind(checked?.kind ?? 'unknown');
  if (recipe === null) return null;
  const launch = async () => {
    const outcome = dirty ? await saveBuffer(client, buffer) : 'saved';
    if (outcome !== 'saved' && outcome !== 'merged') return;
    navigate(href('runs', null, { launch: recipe, config: buffer.path }));
  };
  return (
    <Button isDisabled={saving || conflict !== null} onPress={() => void launch()}>
      {dirty ? 'Save and launch…' : 'Launch…'}
    </Button>
  );
}

function SaveButton({ buffer }: { readonly buffer: ConfigBuffer }) {
  const client = useClient();
  const { dirty, saving, readOnly, removed } = useStore(buffer.state);
  return (
    <Button
      kind="primary"
      keys="Mod+S"
      isDisabled={(!dirty && !removed) || saving || readOnly}
      onPress={() => void saveBuffer(client, buffer)}
    >
      Save
    </Button>
  );
}
