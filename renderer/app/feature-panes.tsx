// The panes of one feature: list, work, inspector. Borders drag, the outer panes fold, widths are remembered.
import { type ComponentType, type ReactNode, Suspense, useRef } from 'react';
import { Group, type Layout, Panel, Separator } from 'react-resizable-panels';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { describeError } from './describe-error.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import type { FeatureEntry, PaneProps } from './feature.ts';
import { isInspectorShown } from './fold-panes.ts';
import styles from './frame.module.css';
import { useFeature } from './use-feature.ts';
import { useIsNarrow } from './use-is-narrow.ts';
import { type PaneMemory, rememberPanes, usePaneMemory } from './view-state.ts';

const LIST_MIN_PX = 150;
const LIST_MAX = '45%';
const WORK_MIN_PX = 320;
const INSPECTOR_MIN_PX = 200;
const INSPECTOR_MAX = '50%';

export function FeaturePanes({ entry, argument, query }: PaneProps & { readonly entry: FeatureEntry }) {
  const loaded = useFeature(entry.id);
  const memory = usePaneMemory(entry.id);
  const isNarrow = useIsNarrow();
  const group = useRef<HTMLDivElement>(null);
  if (loaded.kind === 'failed')
    return (
      <ErrorState
        {...describeError(loaded.error)}
        title={`The view ${entry.title} could not be loaded`}
        hint="The studio may have been updated meanwhile: reload the window. Nothing is lost by that."
        actions={
          <>
            <Button kind="primary" onPress={() => location.reload()}>
              Reload the window
            </Button>
            <Button onPress={loaded.retry}>Try again</Button>
          </>
        }
      />
    );
  if (loaded.kind === 'loading') return <Skeleton label={`Loading ${entry.title}`} />;

  const { feature } = loaded;
  const { List, Work, Empty, Inspector } = feature;
  const panes: PaneProps = { argument, query };
  const object = `${entry.id}/${argument ?? ''}`;
  const inspector =
    Inspector &&
    argument !== null &&
    (feature.hasInspector?.(argument) ?? true) &&
    isInspectorShown(memory, isNarrow) ? (
      <PaneFrame name="inspector" label={`Inspector of ${entry.title}`} resetKey={object}>
        <Inspector {...panes} />
      </PaneFrame>
    ) : null;

  return (
    <>
      <Group
        className={styles['panes'] ?? ''}
        elementRef={group}
        onLayoutChanged={(layout, { isUserInteraction }) => {
          if (isUserInteraction) rememberPanes(entry.id, widthsOf(layout, group.current?.clientWidth ?? 0));
        }}
      >
        {memory.listFolded ? null : (
          <>
            <Panel
              id="list"
              defaultSize={memory.listWidthPx ?? entry.listWidthPx}
              minSize={LIST_MIN_PX}
              maxSize={LIST_MAX}
              groupResizeBehavior="preserve-pixel-size"
            >
              <PaneFrame name="list" label={entry.title} resetKey={entry.id}>
                <List {...panes} />
              </PaneFrame>
            </Panel>
            <Separator className={styles['separator'] ?? ''} aria-label="Width of the list" />
          </>
        )}
        <Panel id="work" minSize={WORK_MIN_PX}>
          <PaneFrame name="work" label={`Work on ${entry.title}`} resetKey={object}>
            <WorkPane argument={argument} query={query} Work={Work} Empty={Empty} />
          </PaneFrame>
        </Panel>
        {inspector && !isNarrow ? (
          <>
            <Separator className={styles['separator'] ?? ''} aria-label="Width of the inspector" />
            <Panel
              id="inspector"
              defaultSize={memory.inspectorWidthPx ?? entry.inspectorWidthPx}
              minSize={INSPECTOR_MIN_PX}
              maxSize={INSPECTOR_MAX}
              groupResizeBehavior="preserve-pixel-size"
            >
              {inspector}
            </Panel>
          </>
        ) : null}
      </Group>
      {inspector && isNarrow ? (
        <div
          className={styles['drawer']}
          role="presentation"
          onKeyDown={(event) => {
            if (event.key === 'Escape') rememberPanes(entry.id, { inspectorFolded: true });
          }}
        >
          {inspector}
        </div>
      ) : null}
    </>
  );
}

/** Shares in percent to pixels; a pane that is not there keeps its last width. */
function widthsOf({ list, inspector }: Layout, groupPx: number): PaneMemory {
  const toPx = (percent: number) => Math.round((percent / 100) * groupPx);
  return {
    ...(list === undefined ? {} : { listWidthPx: toPx(list) }),
    ...(inspector === undefined ? {} : { inspectorWidthPx: toPx(inspector) }),
  };
}

function WorkPane({
  argument,
  query,
  Work,
  Empty,
}: PaneProps & { readonly Work: ComponentType<PaneProps>; readonly Empty: ComponentType }) {
  return argument === null ? <Empty /> : <Work argument={argument} query={query} />;
}

function PaneFrame({
  name,
  label,
  resetKey,
  children,
}: {
  readonly name: 'list' | 'work' | 'inspector';
  readonly label: string;
  readonly resetKey: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles['pane']} aria-label={label} data-pane={name} tabIndex={-1}>
      <ErrorBoundary what={label} resetKey={resetKey}>
        <Suspense fallback={<Skeleton label={`Loading ${label}`} />}>{children}</Suspense>
      </ErrorBoundary>
    </section>
  );
}
