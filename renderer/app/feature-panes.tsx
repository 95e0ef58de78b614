// The panes of one feature: list, work, inspector; every border drags, the outer ones fold, widths are remembered.
import { Suspense } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { describeError } from './describe-error.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import type { FeatureEntry, PaneProps } from './feature.ts';
import styles from './frame.module.css';
import { useFeature } from './use-feature.ts';
import { rememberPanes, usePaneMemory } from './view-state.ts';

const LIST_MIN_PX = 160;
const WORK_MIN_PX = 360;
const INSPECTOR_MIN_PX = 220;

export function FeaturePanes({ entry, argument, query }: PaneProps & { readonly entry: FeatureEntry }) {
  const loaded = useFeature(entry.id);
  const memory = usePaneMemory(entry.id);
  if (loaded.kind === 'failed')
    return (
      <ErrorState
        {...describeError(loaded.error)}
        actions={<Button onPress={loaded.retry}>Try again</Button>}
      />
    );
  if (loaded.kind === 'loading') return <Skeleton label={`Loading ${entry.title}`} />;
  const { List, Work, Empty, Inspector } = loaded.feature;
  const panes: PaneProps = { argument, query };
  const resetKey = `${entry.id}/${argument ?? ''}`;
  return (
    <Group key={entry.id} className={styles['panes'] ?? ''}>
      {memory.listFolded ? null : (
        <>
          <Panel
            id="list"
            defaultSize={memory.listWidthPx ?? entry.listWidthPx}
            minSize={LIST_MIN_PX}
            groupResizeBehavior="preserve-pixel-size"
            onResize={({ inPixels }) => rememberPanes(entry.id, { listWidthPx: Math.round(inPixels) })}
          >
            <section className={styles['pane']} aria-label={entry.title} data-pane="list">
              <ErrorBoundary what="The list" resetKey={entry.id}>
                <Suspense fallback={<Skeleton label={`Loading ${entry.title}`} />}>
                  <List {...panes} />
                </Suspense>
              </ErrorBoundary>
            </section>
          </Panel>
          <Separator className={styles['separator'] ?? ''} />
        </>
      )}
      <Panel id="work" minSize={WORK_MIN_PX}>
        <section className={styles['pane']} aria-label="Work" data-pane="work">
          <ErrorBoundary what="The work pane" resetKey={resetKey}>
            <Suspense fallback={<Skeleton label="Loading" />}>
              {argument === null ? <Empty /> : <Work {...panes} />}
            </Suspense>
          </ErrorBoundary>
        </section>
      </Panel>
      {Inspector && argument !== null && !memory.inspectorFolded ? (
        <>
          <Separator className={styles['separator'] ?? ''} />
          <Panel
            id="inspector"
            defaultSize={memory.inspectorWidthPx ?? entry.inspectorWidthPx}
            minSize={INSPECTOR_MIN_PX}
            groupResizeBehavior="preserve-pixel-size"
            onResize={({ inPixels }) => rememberPanes(entry.id, { inspectorWidthPx: Math.round(inPixels) })}
          >
            <section className={styles['pane']} aria-label="Inspector" data-pane="inspector">
              <ErrorBoundary what="The inspector" resetKey={resetKey}>
                <Suspense fallback={<Skeleton label="Loading" />}>
                  <Inspector {...panes} />
                </Suspense>
              </ErrorBoundary>
            </section>
          </Panel>
        </>
      ) : null}
    </Group>
  );
}
