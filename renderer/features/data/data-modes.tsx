// The panes of a dataset in either mode: its rows and one document, or the quality lab, whose code is loaded on use.
import { lazy, Suspense } from 'react';
import type { PaneProps } from '../../app/feature.ts';
import { DatasetWork } from './dataset-work.tsx';
import { DocumentPane } from './document-pane.tsx';
import { useDataMode } from './quality/lab/mode.ts';

const QualityWork = lazy(async () => ({
  default: (await import('./quality/work/quality-work.tsx')).QualityWork,
}));
const QualityInspector = lazy(async () => ({
  default: (await import('./quality/inspector/quality-inspector.tsx')).QualityInspector,
}));
const QualityActions = lazy(async () => ({
  default: (await import('./quality/actions/quality-actions.tsx')).QualityActions,
}));

export function DataWork(props: PaneProps) {
  const [mode] = useDataMode(props.query);
  return mode === 'quality' ? <QualityWork {...props} /> : <DatasetWork {...props} />;
}

export function DataInspector(props: PaneProps) {
  const [mode] = useDataMode(props.query);
  return mode === 'quality' ? <QualityInspector {...props} /> : <DocumentPane {...props} />;
}

export function DataActions(props: PaneProps) {
  const [mode] = useDataMode(props.query);
  if (props.argument === null || mode !== 'quality') return null;
  return (
    <Suspense fallback={null}>
      <QualityActions {...props} />
    </Suspense>
  );
}
