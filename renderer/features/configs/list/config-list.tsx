// The configs of the workspace with their kind, unsaved edits and finding counts; below them the templates.
// Counts of an open config are those of its window, not of the file.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { FilePlus2 } from 'lucide-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { ConfigSummary } from '../../../../core/api/configs.ts';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { notifyError } from '../../../app/notifications.ts';
import { OmittedFiles } from '../../../app/omitted-files.tsx';
import { queryKeys } from '../../../app/query-keys.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { IconButton } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { fileName } from '../../../ui/format.ts';
import { ListView } from '../../../ui/list-view.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { COMPARE } from '../compare/compare-route.ts';
import { useTemplates } from '../compare/use-side.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { readDraft, useDraftPaths } from '../documents/drafts.ts';
import { useOpenState } from '../documents/open-buffers.ts';
import { countFindings } from '../findings/step.ts';
import { askForNew } from '../work/ask-for-config.ts';
import { folderOf } from '../work/config-names.ts';
import { deleteConfig } from '../work/file-actions.ts';
import { shortKindTitle } from '../work/kind-title.ts';
import { NameDialog } from '../work/name-dialog.tsx';
import { closeQuestion, questionStore } from '../work/questions.ts';
import styles from './list.module.css';

export function ConfigList({ argument }: PaneProps) {
  const client = useClient();
  const queries = useQueryClient();
  const workspace = useWorkspace();
  const actions = useMemo(() => ({ client, queries }), [client, queries]);
  const templates = useTemplates();
  const question = useStore(questionStore, (state) => state.question);
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.configs,
    queryFn: ({ signal }) => client.configs.list(undefined, { signal }),
  });
  const create = (templateId: string | null): void => void askForNew(actions, templateId).catch(notifyError);
  const drafts = useDraftPaths();
  const configs = useMemo(() => (data ? withRemoved(data, drafts).toSorted(byPlace) : []), [data, drafts]);
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title="Configs"
          actions={
            <IconButton
              icon={FilePlus2}
              label="New config…"
              isDisabled={workspace.readOnly}
              onPress={() => create(null)}
            />
          }
        />
      }
    >
      <div className={styles['columns']}>
        <div className={styles['configs']}>
          {error !== null && data === undefined ? (
            <ErrorState
              compact
              {...describeError(error)}
              actions={<RetryLink onPress={() => void refetch()} />}
            />
          ) : data === undefined ? (
            <Skeleton label="Loading the configs" />
          ) : (
            <ListView
              label="Configs"
              items={configs}
              idOf={({ path }) => path}
              textOf={({ path, kind }) => `${path} ${shortKindTitle(kind)}`}
              renderItem={(summary) => <ConfigItem summary={summary} />}
              selectedId={argument === COMPARE ? null : argument}
              onOpen={(path) => navigate(href('configs', path))}
              hrefOf={({ path }) => href('configs', path)}
              {...(workspace.readOnly
                ? {}
                : { onDelete: (path: string) => void deleteConfig(actions, path).catch(notifyError) })}
              empty={<p className={styles['empty']}>No config yet. Start from a template below.</p>}
            />
          )}
        </div>
        <OmittedFiles />
        <section className={styles['templates']} aria-label="Templates">
          <h3 className={styles['heading']}>New from template…</h3>
          <ul>
            {templates.map(({ id, title, description }) => (
              <li key={id}>
                <button
                  type="button"
                  className={styles['template']}
                  title={description}
                  disabled={workspace.readOnly}
                  onClick={() => create(id)}
                >
                  {title}
                </button>
              </li>
            ))}
          </ul>
        </section>
      </div>
      {question === null ? null : <NameDialog question={question} onClose={closeQuestion} />}
    </Pane>
  );
}

/** With the files that are gone, after a change of the branch for instance, while text of them is not saved: else nobody finds it again. */
function withRemoved(
  configs: readonly ConfigSummary[],
  drafts: readonly string[],
): readonly (ConfigSummary & { readonly removed?: true })[] {
  const there = new Set(configs.map(({ path }) => path));
  const gone = drafts.filter((path) => !there.has(path));
  return [
    ...configs,
    ...gone.map((path) => ({
      path,
      kind: 'unknown' as const,
      errors: 0,
      warnings: 0,
      modifiedMs: 0,
      removed: true as const,
    })),
  ];
}

function ConfigItem({ summary }: { readonly summary: ConfigSummary & { readonly removed?: true } }) {
  const open = useOpenState(summary.path);
  const folder = folderOf(summary.path);
  const title = summary.removed ? `${summary.path}: removed from the disk, its text is kept` : summary.path;
  return (
    <span className={styles['item']} title={title}>
      <span className={styles['name']} data-removed={summary.removed}>
        {folder === '' || folder === 'configs' ? null : <span className={styles['folder']}>{folder}/</span>}
        {fileName(summary.path)}
      </span>
      {open?.kind === 'ready' ? (
        <LiveMarks buffer={open.buffer} summary={summary} />
      ) : (
        <>
          {readDraft(summary.path) === null ? null : <DirtyDot />}
          <Counts errors={summary.errors} warnings={summary.warnings} />
        </>
      )}
    </span>
  );
}

function LiveMarks({ buffer, summary }: { readonly buffer: ConfigBuffer; readonly summary: ConfigSummary }) {
  const dirty = useStore(buffer.state, (state) => state.dirty);
  const checked = useStore(buffer.state, (state) => state.checked);
  const counts = checked === null ? null : countFindings(checked.findings);
  return (
    <>
      {dirty ? <DirtyDot /> : null}
      <Counts errors={counts?.error ?? summary.errors} warnings={counts?.warning ?? summary.warnings} />
    </>
  );
}

function DirtyDot() {
  return <span className={styles['dirty']} role="img" aria-label="unsaved edits" title="Unsaved edits" />;
}

function Counts({ errors, warnings }: { readonly errors: number; readonly warnings: number }) {
  if (errors > 0)
    return (
      <span className={styles['bad']} title={`${errors} errors, ${warnings} warnings`}>
        {errors}
      </span>
    );
  return warnings > 0 ? (
    <span className={styles['warn']} title={`${warnings} warnings`}>
      {warnings}
    </span>
  ) : null;
}

function RetryLink({ onPress }: { readonly onPress: () => void }) {
  return (
    <button type="button" className={styles['retry']} onClick={onPress}>
      Try again
    </button>
  );
}

/** The usual folder first, then the top of the workspace, then the others; by name within each. */
function byPlace(left: ConfigSummary, right: ConfigSummary): number {
  const rank = ({ path }: ConfigSummary): number => {
    const folder = folderOf(path);
    return folder === 'configs' ? 0 : folder === '' ? 1 : 2;
  };
  return rank(left) - rank(right) || left.path.localeCompare(right.path);
}
