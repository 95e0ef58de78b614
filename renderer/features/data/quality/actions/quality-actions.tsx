// The lab's main actions in the top bar: save what is chosen as a recipe, export what it keeps.
import { useState } from 'react';
import { useStore } from 'zustand';
import type { PaneProps } from '../../../../app/feature.ts';
import { Button } from '../../../../ui/button.tsx';
import { useLab, useLabState } from '../lab/use-lab.ts';
import { ExportDialog } from './export-dialog.tsx';
import { exportStore } from './export-run.ts';
import { SaveRecipeDialog } from './save-recipe-dialog.tsx';

export function QualityActions({ argument, query }: PaneProps) {
  const lab = useLab(argument ?? '', query);
  const settled = useLabState(lab, (state) => state.settled);
  const isExporting = useStore(exportStore, (state) => state.running[lab.paths[0] ?? ''] !== undefined);
  const [open, setOpen] = useState<'recipe' | 'export' | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <Button isDisabled={settled === null || isExporting} onPress={() => setOpen('export')}>
        Export kept…
      </Button>
      <Button kind="primary" isDisabled={settled === null} onPress={() => setOpen('recipe')}>
        Save filter recipe…
      </Button>
      {settled !== null && open === 'recipe' ? (
        <SaveRecipeDialog lab={lab} settled={settled} onClose={close} />
      ) : null}
      {settled !== null && open === 'export' ? (
        <ExportDialog lab={lab} settled={settled} onClose={close} />
      ) : null}
    </>
  );
}
