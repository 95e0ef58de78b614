// Two configs against each other: as text, and key by key. What the differences mean is compare-inspector.tsx.
import { useQuery } from '@tanstack/react-query';
import { ArrowLeftRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { compareConfigs } from '../../../../core/lib/config/compare/compare.ts';
import type { KeyChange } from '../../../../core/lib/config/compare/key-changes.ts';
import { describeError } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useEditor } from '../work/use-editor.ts';
import workStyles from '../work/work.module.css';
import styles from './compare.module.css';
import { compareHref, parseSide, printSide } from './compare-route.ts';
import { DiffView } from './diff-view.tsx';
import { KeyTable } from './key-table.tsx';
import { type SideText, useSide, useTemplates } from './use-side.ts';

export function ComparePane({ query }: { readonly query: URLSearchParams }) {
  const beforeSide = parseSide(query.get('before'));
  const afterSide = parseSide(query.get('after'));
  const before = useSide(beforeSide);
  const after = useSide(afterSide);
  const sides = {
    before: beforeSide === null ? null : printSide(beforeSide),
    after: afterSide === null ? null : printSide(afterSide),
  };
  const go = (next: typeof sides): void => navigate(compareHref(next), { replace: true });
  const close = afterSide?.kind === 'config' ? href('configs', afterSide.path) : href('configs');
  return (
    <div className={workStyles['desk']}>
      <header className={styles['header']}>
        <SidePicker
          label="Compare"
          value={sides.before}
          onChoose={(ref) => go({ ...sides, before: ref })}
          side={before}
        />
        <IconButton
          icon={ArrowLeftRight}
          label="Swap the sides"
          onPress={() => go({ before: sides.after, after: sides.before })}
        />
        <SidePicker
          label="with"
          value={sides.after}
          onChoose={(ref) => go({ ...sides, after: ref })}
          side={after}
        />
        <span className={workStyles['spring']} />
        <Button kind="quiet" onPress={() => navigate(close)}>
          Close
        </Button>
      </header>
      <Comparison before={before} after={after} />
    </div>
  );
}

function Comparison({ before, after }: { readonly before: SideText; readonly after: SideText }) {
  const failed = before.kind === 'failed' ? before : after.kind === 'failed' ? after : null;
  if (failed !== null) return <ErrorState {...describeError(failed.error)} />;
  if (before.kind === 'none' || after.kind === 'none') {
    return (
      <EmptyState title="Choose what to compare with">
        Another config of the workspace, a template, or the config of a past run. Both are compared as text,
        key by key, and in words.
      </EmptyState>
    );
  }
  if (before.kind !== 'ready' || after.kind !== 'ready')
    return <Skeleton label="Loading both configs" rows={12} />;
  return <Ready before={before.text} after={after.text} />;
}

function Ready({ before, after }: { readonly before: string; readonly after: string }) {
  const editor = useEditor();
  const comparison = useMemo(() => compareConfigs(before, after), [before, after]);
  const [line, setLine] = useState<{ readonly side: 'before' | 'after'; readonly line: number } | null>(null);
  const show = (change: KeyChange): void => {
    if (change.kind === 'removed') setLine({ side: 'before', line: change.before.line });
    else setLine({ side: 'after', line: change.after.line });
  };
  return (
    <div className={workStyles['panes']}>
      <Group orientation="vertical" id="config-compare">
        <Panel id="diff" minSize={120}>
          {editor.kind === 'ready' ? (
            <DiffView loaded={editor.loaded} before={before} after={after} line={line} />
          ) : editor.kind === 'failed' ? (
            <ErrorState {...describeError(editor.error)} />
          ) : (
            <Skeleton label="Loading the texts" rows={10} />
          )}
        </Panel>
        <Separator className={workStyles['separatorFlat'] ?? ''} />
        <Panel id="keys" defaultSize={260} minSize={36} groupResizeBehavior="preserve-pixel-size">
          <KeyTable changes={comparison.changes} onShow={show} />
        </Panel>
      </Group>
    </div>
  );
}

function SidePicker({
  label,
  value,
  side,
  onChoose,
}: {
  readonly label: string;
  readonly value: string | null;
  readonly side: SideText;
  readonly onChoose: (ref: string) => void;
}) {
  const client = useClient();
  const { data: configs } = useQuery({
    queryKey: queryKeys.configs,
    queryFn: ({ signal }) => client.configs.list(undefined, { signal }),
  });
  const templates = useTemplates();
  const { data: runs } = useQuery({
    queryKey: queryKeys.runs,
    queryFn: ({ signal }) => client.runs.list(undefined, { signal }),
  });
  const withConfig = (runs ?? []).filter(({ configPath }) => configPath !== null);
  const isUnsaved = side.kind === 'ready' && side.isUnsaved;
  return (
    <label className={styles['picker']}>
      <span>{label}</span>
      <select value={value ?? ''} onChange={(event) => onChoose(event.target.value)}>
        <option value="" disabled>
          Choose…
        </option>
        <optgroup label="Configs">
          {(configs ?? []).map(({ path }) => (
            <option key={path} value={path}>
              {path.replace(/^configs\//, '')}
            </option>
          ))}
        </optgroup>
        <optgroup label="Templates">
          {templates.map(({ id, title }) => (
            <option key={id} value={`template:${id}`}>
              {title}
            </option>
          ))}
        </optgroup>
        {withConfig.length > 0 ? (
          <optgroup label="Configs of past runs">
            {withConfig.map(({ id, name }) => (
              <option key={id} value={`run:${id}`}>
                {name}
              </option>
            ))}
          </optgroup>
        ) : null}
      </select>
      {isUnsaved ? <span className={styles['unsaved']}>with unsaved edits</span> : null}
    </label>
  );
}
