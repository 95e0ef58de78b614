// "Score…" in the top bar of a dataset: opens the dialog, and shows how far the scoring is. A link with `score=<head>` opens it too.
import { Gauge } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useCommands } from '../../../app/commands.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { href, navigate } from '../../../app/route.ts';
import { useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { SCORE_COMMAND } from './score-command.ts';
import { scoringStore } from './score-run.ts';

const ScoreDialog = lazy(async () => ({ default: (await import('./score-dialog.tsx')).ScoreDialog }));

export function ScoreAction({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const linked = query.get('score');
  const share = useStore(scoringStore, (state) => state.running[path]);
  const { readOnly } = useWorkspace();
  const [open, setOpen] = useState<string | null>(linked === null ? null : path);
  const isRunning = share !== undefined;
  const canScore = path !== '' && !readOnly && !isRunning;
  const close = () => {
    setOpen(null);
    // A link opens the dialog once: who reloads the page has seen it.
    if (linked !== null) navigate(withoutScore(path, query), { replace: true });
  };
  useCommands(
    useMemo(
      () => [
        {
          id: SCORE_COMMAND,
          title: 'Score documents with heads…',
          group: 'Data',
          icon: Gauge,
          when: () => canScore,
          perform: () => setOpen(path),
        },
      ],
      [canScore, path],
    ),
  );
  return (
    <>
      <Button icon={Gauge} isDisabled={!canScore} onPress={() => setOpen(path)}>
        {isRunning ? `Scoring ${share === null ? '…' : `${Math.floor(share * 100)} %`}` : 'Score…'}
      </Button>
      {open === path && path !== '' ? (
        <Suspense fallback={null}>
          <ScoreDialog path={path} linkedHead={linked} onClose={close} />
        </Suspense>
      ) : null}
    </>
  );
}

function withoutScore(path: string, query: URLSearchParams): string {
  return href('data', path, Object.fromEntries([...query].filter(([name]) => name !== 'score')));
}
