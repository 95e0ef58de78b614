// The left pane: targets of studio.yaml with the state of their connections.
import type { Target } from '../../../core/api/targets.ts';
import type { PaneProps } from '../../app/feature.ts';
import { href, navigate } from '../../app/route.ts';
import { useTargets } from '../../app/target-feed.tsx';
import { useTimeText } from '../../app/use-now.ts';
import { Dot } from '../../ui/badge.tsx';
import { ListView } from '../../ui/list-view.tsx';
import { Pane, PaneHeader } from '../../ui/pane.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TwoLineRow } from '../../ui/two-line-row.tsx';
import { connectionWords } from './connection-words.ts';
import styles from './targets.module.css';

export function TargetListPane({ argument }: PaneProps) {
  const all = useTargets();
  const targets = all?.filter(({ kind }) => kind !== 'local') ?? null;
  return (
    <Pane
      header={<PaneHeader title="Targets" detail={targets ? String(targets.length) : ''} />}
      scrolls={false}
    >
      {targets === null ? (
        <Skeleton label="Loading the list of targets" />
      ) : (
        <ListView
          label="Targets"
          items={targets}
          idOf={({ name }) => name}
          textOf={({ name }) => name}
          selectedId={argument}
          onOpen={(name) => navigate(href('targets', name))}
          hrefOf={({ name }) => href('targets', name)}
          rowHeightPx={46}
          renderItem={(target) => <TargetRow target={target} />}
          empty={
            <p className={styles['note']}>
              No cluster yet. Add target… takes a host of your ssh configuration.
            </p>
          }
        />
      )}
    </Pane>
  );
}

function TargetRow({ target }: { readonly target: Target }) {
  const text = useTimeText(1_000, (nowMs) => connectionWords(target.connection, nowMs).text);
  const { tone } = connectionWords(target.connection, 0);
  return <TwoLineRow name={target.name} detail={text} mark={<Dot tone={tone} />} />;
}
