// The main actions of the config view: compare, and save when there is something to save.
import { useStore } from 'zustand';
import type { PaneProps } from '../../../app/feature.ts';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { COMPARE, compareHref } from '../compare/compare-route.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { useOpenState } from '../documents/open-buffers.ts';
import { saveBuffer } from '../documents/save.ts';

export function ConfigMainAction({ argument }: PaneProps) {
  const open = useOpenState(argument);
  if (argument === null || argument === COMPARE) return null;
  return (
    <>
      <Button onPress={() => navigate(compareHref({ before: null, after: argument }))}>Compare…</Button>
      {open?.kind === 'ready' ? <SaveButton buffer={open.buffer} /> : null}
    </>
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
