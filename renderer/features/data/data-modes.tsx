// The panes of a dataset in each mode: its rows and one document, the quality lab, annotation, judging, or the bench. The code of
// all but the rows is loaded on use.
import { lazy, Suspense } from 'react';
import type { PaneProps } from '../../app/feature.ts';
import { DatasetWork } from './dataset-work.tsx';
import { DocumentPane } from './document-pane.tsx';
import { useDataMode } from './quality/lab/mode.ts';
import { ExportRowsAction } from './rows/export-rows-action.tsx';
import { isSavedViewPath, OpenSavedView } from './saved/open-saved-view.tsx';
import { useModeCommands } from './use-mode-commands.ts';

const QualityWork = lazy(async () => ({
  default: (await import('./quality/work/quality-work.tsx')).QualityWork,
}));
const QualityInspector = lazy(async () => ({
  default: (await import('./quality/inspector/quality-inspector.tsx')).QualityInspector,
}));
const QualityActions = lazy(async () => ({
  default: (await import('./quality/actions/quality-actions.tsx')).QualityActions,
}));
const TrainAction = lazy(async () => ({ default: (await import('./train/train-action.tsx')).TrainAction }));
const ScoreAction = lazy(async () => ({ default: (await import('./scoring/score-action.tsx')).ScoreAction }));
const AnnotateWork = lazy(async () => ({
  default: (await import('./annotate/annotate-work.tsx')).AnnotateWork,
}));
const AnnotateInspector = lazy(async () => ({
  default: (await import('./annotate/annotate-inspector.tsx')).AnnotateInspector,
}));
const AnnotateActions = lazy(async () => ({
  default: (await import('./annotate/annotate-actions.tsx')).AnnotateActions,
}));
const BenchWork = lazy(async () => ({
  default: (await import('./bench/bench-work.tsx')).BenchWork,
}));
const BenchInspector = lazy(async () => ({
  default: (await import('./bench/bench-inspector.tsx')).BenchInspector,
}));
const JudgeWork = lazy(async () => ({ default: (await import('./judge/judge-work.tsx')).JudgeWork }));
const JudgeInspector = lazy(async () => ({
  default: (await import('./judge/judge-inspector.tsx')).JudgeInspector,
}));
const JudgeActions = lazy(async () => ({
  default: (await import('./judge/judge-actions.tsx')).JudgeActions,
}));

export function DataWork(props: PaneProps) {
  const [mode] = useDataMode(props.query);
  if (isSavedViewPath(props.argument)) return <OpenSavedView path={props.argument} />;
  if (mode === 'annotate') return <AnnotateWork {...props} />;
  if (mode === 'bench') return <BenchWork {...props} />;
  if (mode === 'judge') return <JudgeWork {...props} />;
  return mode === 'quality' ? <QualityWork {...props} /> : <DatasetWork {...props} />;
}

export function DataInspector(props: PaneProps) {
  const [mode] = useDataMode(props.query);
  if (isSavedViewPath(props.argument)) return null;
  if (mode === 'annotate') return <AnnotateInspector {...props} />;
  if (mode === 'bench') return <BenchInspector {...props} />;
  if (mode === 'judge') return <JudgeInspector {...props} />;
  return mode === 'quality' ? <QualityInspector {...props} /> : <DocumentPane {...props} />;
}

/** The same two first in every mode, what the mode itself does last. */
export function DataActions(props: PaneProps) {
  const [mode] = useDataMode(props.query);
  useModeCommands(props.argument, props.query);
  if (props.argument === null || isSavedViewPath(props.argument)) return null;
  return (
    <>
      <Suspense fallback={null}>
        <TrainAction {...props} />
        <ScoreAction key={props.argument} {...props} />
      </Suspense>
      {/* Apart, so that those two stay while the code of a mode is loaded. */}
      <Suspense fallback={null}>
        {mode === 'rows' ? <ExportRowsAction /> : null}
        {mode === 'quality' ? <QualityActions {...props} /> : null}
        {mode === 'annotate' ? <AnnotateActions {...props} /> : null}
        {mode === 'judge' ? <JudgeActions {...props} /> : null}
      </Suspense>
    </>
  );
}
