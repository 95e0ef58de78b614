// The work pane of a config: header, banners, form and text side by side, findings below.
// Puts the panes together and saves; what each pane shows is its own business.
import { useEffect, useMemo } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useStore } from 'zustand';
import { useCommands } from '../../../app/commands.ts';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { useViewState } from '../../../app/view-state.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ComparePane } from '../compare/compare-pane.tsx';
import { COMPARE } from '../compare/compare-route.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { reveal } from '../documents/desk-signals.ts';
import { openBuffer } from '../documents/open-buffers.ts';
import { saveBuffer } from '../documents/save.ts';
import { EditorPane } from '../editor/editor-pane.tsx';
import type { LoadedEditor } from '../editor/load-editor.ts';
import { FindingsPane } from '../findings/findings-pane.tsx';
import { stepToFinding } from '../findings/go-to-finding.ts';
import { FormPane } from '../form/form-pane.tsx';
import { useEstimate } from '../meaning/use-estimate.ts';
import { Banners } from './banners.tsx';
import { ConflictView } from './conflict-view.tsx';
import { useChecks, useConfig, useDisk } from './use-config.ts';
import { useEditor } from './use-editor.ts';
import { useRememberedSize } from './use-remembered-size.ts';
import { parseLayout, type DeskLayout, WorkHeader } from './work-header.tsx';
import styles from './work.module.css';

/** Enough for a label, a value and its unit. */
const FORM_WIDTH_PX = 330;
/** The header and seven findings. */
const FINDINGS_HEIGHT_PX = 226;

export function ConfigWork({ argument, query }: PaneProps) {
  if (argument === null) return null;
  return argument === COMPARE ? <ComparePane query={query} /> : <OpenConfig path={argument} query={query} />;
}

function OpenConfig({ path, query }: { readonly path: string; readonly query: URLSearchParams }) {
  const client = useClient();
  const workspace = useWorkspace();
  const open = useConfig(path);
  const editor = useEditor();
  const failure = open.kind === 'failed' ? open.error : editor.kind === 'failed' ? editor.error : null;
  if (failure !== null) {
    return (
      <ErrorState
        {...describeError(failure)}
        actions={
          <>
            <Button onPress={() => openBuffer(client, workspace.path, path)}>Try again</Button>
            <Button kind="quiet" onPress={() => navigate(href('configs'))}>
              All configs
            </Button>
          </>
        }
      />
    );
  }
  if (open.kind !== 'ready' || editor.kind !== 'ready')
    return <Skeleton label={`Loading ${path}`} rows={16} />;
  return <Desk loaded={editor.loaded} buffer={open.buffer} query={query} />;
}

function Desk({
  loaded,
  buffer,
  query,
}: {
  readonly loaded: LoadedEditor;
  readonly buffer: ConfigBuffer;
  readonly query: URLSearchParams;
}) {
  const client = useClient();
  const workspace = useWorkspace();
  const estimate = useEstimate();
  const [layout, setLayout] = useViewState<DeskLayout>('configs.layout', parseLayout, 'both');
  const [formWidthPx, rememberFormWidth] = useRememberedSize('configs.formWidthPx', FORM_WIDTH_PX);
  const [findingsHeightPx, rememberFindingsHeight] = useRememberedSize(
    'configs.findingsHeightPx',
    FINDINGS_HEIGHT_PX,
  );
  const conflict = useStore(buffer.state, (state) => state.conflict);
  const isReadOnly = useStore(buffer.state, (state) => state.readOnly);
  useChecks(buffer, estimate.options);
  useDisk(buffer);
  useLineOfRoute(buffer, query);

  const commands = useMemo(() => {
    const group = 'Configs';
    return [
      {
        id: 'configs.save',
        title: 'Save the config',
        group,
        keys: 'Mod+S',
        perform: () => void saveBuffer(client, buffer),
      },
      {
        id: 'configs.nextFinding',
        title: 'Go to the next finding',
        group,
        keys: 'F8',
        perform: () => stepToFinding(buffer, 1),
      },
      {
        id: 'configs.previousFinding',
        title: 'Go to the previous finding',
        group,
        keys: 'Shift+F8',
        perform: () => stepToFinding(buffer, -1),
      },
    ];
  }, [client, buffer]);
  useCommands(commands);

  const readOnlyReason = isReadOnly
    ? workspace.readOnly
      ? 'This workspace cannot be written, so the config can be read and not edited'
      : 'This file cannot be written, so it can be read and not edited; its rights belong to somebody else'
    : null;
  const save = (): void => void saveBuffer(client, buffer);
  const showForm = layout !== 'text' && !buffer.plain;
  const showText = layout !== 'form' || buffer.plain;
  return (
    <div className={styles['desk']}>
      <WorkHeader buffer={buffer} layout={layout} onLayout={setLayout} />
      <Banners buffer={buffer} readOnlyReason={readOnlyReason} onSave={save} />
      {conflict === null ? (
        <div className={styles['panes']}>
          <Group orientation="vertical" id="config-desk">
            <Panel id="buffer" minSize={140}>
              <Group orientation="horizontal" id="config-buffer">
                {showForm ? (
                  <Panel
                    id="form"
                    defaultSize={showText ? formWidthPx : '100%'}
                    onResize={({ inPixels }) => {
                      if (showText) rememberFormWidth(inPixels);
                    }}
                    minSize={240}
                    {...(showText ? { groupResizeBehavior: 'preserve-pixel-size' as const } : {})}
                  >
                    <section className={styles['fill']} aria-label="Form">
                      <FormPane key={buffer.path} buffer={buffer} />
                    </section>
                  </Panel>
                ) : null}
                {showForm && showText ? <Separator className={styles['separator'] ?? ''} /> : null}
                {showText ? (
                  <Panel id="text" minSize={240}>
                    <section className={styles['fill']} aria-label="Text">
                      <EditorPane loaded={loaded} buffer={buffer} readOnlyReason={readOnlyReason} />
                    </section>
                  </Panel>
                ) : null}
              </Group>
            </Panel>
            <Separator className={styles['separatorFlat'] ?? ''} />
            <Panel
              id="findings"
              defaultSize={findingsHeightPx}
              onResize={({ inPixels }) => rememberFindingsHeight(inPixels)}
              minSize={36}
              groupResizeBehavior="preserve-pixel-size"
            >
              <section className={styles['fill']} aria-label="Findings">
                <FindingsPane key={buffer.path} buffer={buffer} options={estimate.options} />
              </section>
            </Panel>
          </Group>
        </div>
      ) : (
        <ConflictView loaded={loaded} buffer={buffer} conflict={conflict} onSave={save} />
      )}
    </div>
  );
}

/** `?line=29` of the route shows that line once. */
function useLineOfRoute(buffer: ConfigBuffer, query: URLSearchParams): void {
  const line = Number(query.get('line') ?? Number.NaN);
  useEffect(() => {
    if (!Number.isInteger(line) || line < 1 || line > buffer.model.getLineCount()) return;
    const start = buffer.model.getOffsetAt({
      lineNumber: line,
      column: buffer.model.getLineFirstNonWhitespaceColumn(line) || 1,
    });
    const end = buffer.model.getOffsetAt({ lineNumber: line, column: buffer.model.getLineMaxColumn(line) });
    reveal(buffer.path, { start, end });
  }, [buffer, line]);
}
