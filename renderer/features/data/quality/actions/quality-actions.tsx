// The lab's main actions in the top bar: save what is chosen as a recipe, export what it keeps.
import { Download, Save } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useCommands } from '../../../../app/commands.ts';
import type { PaneProps } from '../../../../app/feature.ts';
import { useWorkspace } from '../../../../app/session.ts';
import { Button } from '../../../../ui/button.tsx';
import { useLab, useLabState } from '../lab/use-lab.ts';
import { ExportKeptDialog } from './export-dialog.tsx';
import { exportStore } from './export-run.ts';
import { SaveRecipeDialog } from './save-recipe-dialog.tsx';

export function QualityActions({ argument, query }: PaneProps) {
  const lab = useLab(argument ?? '', query);
  const settled = useLabState(lab, (state) => state.settled);
  const isExporting = useStore(exportStore, (state) => state.running[lab.paths[0] ?? ''] !== undefined);
  const [open, setOpen] = useState<'recipe' | 'export' | null>(null);
  const { readOnly } = useWorkspace();
  const close = () => setOpen(null);
  // What was answered last is not what is chosen while the choice is refused.
  const isRefused = useLabState(lab, (state) => state.problem !== null);
  const canSave = settled !== null && !isRefused && !readOnly;
  const canExport = canSave && !isExporting;
  useCommands(
    useMemo(
      () => [
        {
          id: 'data.quality.save',
          title: 'Save filter recipe…',
          group: 'Data',
          icon: Save,
          keys: 'Mod+S',
          when: () => canSave,
          perform: () => setOpen('recipe'),
        },
        {
          id: 'data.quality.export',
          title: 'Export kept documents…',
          group: 'Data',
          icon: Download,
          when: () => canExport,
          perform: () => setOpen('export'),
        },
      ],
      [canSave, canExport],
    ),
  );
  return (
    <>
      <Button isDisabled={!canExport} onPress={() => setOpen('export')}>
        Export kept…
      </Button>
      <Button kind="primary" keys="Mod+S" isDisabled={!canSave} onPress={() => setOpen('recipe')}>
        Save filter recipe…
      </Button>
      {settled !== null && open === 'recipe' ? (
        <SaveRecipeDialog lab={lab} settled={settled} onClose={close} />
      ) : null}
      {settled !== null && open === 'export' ? (
        <ExportKeptDialog lab={lab} settled={settled} onClose={close} />
      ) : null}
    </>
  );
}
