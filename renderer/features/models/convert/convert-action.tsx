// The action that turns weights into models. The address can open it: `?convert=1`, `?convert=<source>`.
import { Repeat } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useCommands } from '../../../app/commands.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { isModelFile } from '../model-name.ts';
import { ConvertDialog } from './convert-dialog.tsx';

export function ConvertAction({ argument, query }: PaneProps) {
  const asked = query.get('convert');
  const [isOpen, setOpen] = useState(asked !== null);
  const { readOnly } = useWorkspace();
  useCommands(
    useMemo(
      () => [
        {
          id: 'models.convert',
          title: 'Convert weights into a model…',
          group: 'Models',
          icon: Repeat,
          when: () => !readOnly,
          perform: () => setOpen(true),
        },
      ],
      [readOnly],
    ),
  );
  const shown = argument !== null && !isModelFile(argument) ? argument : null;
  return (
    <>
      <Button isDisabled={readOnly} onPress={() => setOpen(true)}>
        Convert…
      </Button>
      {isOpen ? (
        <ConvertDialog
          source={asked !== null && asked !== '1' ? asked : shown}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}
