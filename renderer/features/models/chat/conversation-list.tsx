// The conversations of the workspace: those with the chosen model or all, searched by what was said in them.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ConversationSummary } from '../../../../core/api/conversations.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { formatAge, formatQuantity } from '../../../ui/format.ts';
import { ListView } from '../../../ui/list-view.tsx';
import { Section } from '../../../ui/pane.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import { TwoLineRow } from '../../../ui/two-line-row.tsx';
import { SizedList } from '../sized-list.tsx';
import styles from './conversation-list.module.css';
import { useModelTitle } from '../use-model-title.ts';
import { forgetChatSession, onConversationSaved, refreshChatSession } from './session/session-registry.ts';

/** Other windows and `git pull` change files too. */
const REFRESH_MS = 5000;
/** Shorter texts are everywhere. */
const MIN_SEARCH_CHARACTERS = 2;

export function ConversationList({
  modelPath,
  chosen,
}: {
  readonly modelPath: string | null;
  readonly chosen: string | null;
}) {
  const client = useClient();
  const queries = useQueryClient();
  const [showsAll, setShowsAll] = useState(false);
  const [search, setSearch] = useState('');
  const list = useQuery({
    queryKey: queryKeys.conversations,
    queryFn: () => client.conversations.list(),
    refetchInterval: REFRESH_MS,
  });
  useFreshSessions(list.data);
  useEffect(
    () => onConversationSaved(() => void queries.invalidateQueries({ queryKey: queryKeys.conversations })),
    [queries],
  );
  const titleOf = useModelTitle();
  const all = list.data ?? [];
  const own = all.filter((one) => one.modelPath === modelPath);
  const shown =
    showsAll || modelPath === null
      ? all
      : all.filter((one) => one.modelPath === modelPath || one.problem !== null);
  if (all.length === 0) return null;

  const remove = async (id: string) => {
    try {
      const { restoreToken } = await client.conversations.remove({ id });
      forgetChatSession(id);
      await queries.invalidateQueries({ queryKey: queryKeys.conversations });
      if (id === chosen && modelPath !== null) navigate(href('models', modelPath), { replace: true });
      notify({
        severity: 'info',
        title: 'Conversation moved to the trash',
        detail: 'It lies in .studio/trash',
        action: {
          label: 'Undo',
          perform: async () => {
            await client.conversations.restore({ restoreToken });
            await queries.invalidateQueries({ queryKey: queryKeys.conversations });
          },
        },
      });
    } catch (error) {
      notifyError(error);
    }
  };
  const linkOf = (one: ConversationSummary) => href('models', one.modelPath ?? modelPath, { chat: one.id });
  const isSearching = search.trim().length >= MIN_SEARCH_CHARACTERS;
  return (
    <Section
      title="Conversations"
      aside={
        modelPath === null || own.length === all.length ? (
          String(all.length)
        ) : (
          <button type="button" className={styles['link']} onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? 'Only with this model' : `${own.length} of ${all.length}, show all`}
          </button>
        )
      }
    >
      <div className={styles['search']}>
        <SearchField
          label="Search in conversations"
          placeholder="Search in what was said"
          value={search}
          onChange={setSearch}
        />
      </div>
      {isSearching ? (
        <Hits text={search.trim()} modelPath={modelPath} />
      ) : (
        <div className={styles['list']}>
          <SizedList rows={shown.length}>
            <ListView
              label="Conversations"
              items={shown}
              idOf={(one) => one.id}
              textOf={(one) => one.title}
              selectedId={chosen}
              onOpen={(id) => {
                const one = shown.find((candidate) => candidate.id === id);
                if (one) navigate(linkOf(one));
              }}
              hrefOf={linkOf}
              onDelete={(id) => void remove(id)}
              rowHeightPx={46}
              renderItem={(one) => (
                <TwoLineRow
                  name={one.title}
                  detail={
                    one.problem ??
                    [
                      formatAge(one.changedMs),
                      formatQuantity(one.turns, 'turn'),
                      one.modelPath === modelPath || one.modelPath === null ? '' : titleOf(one.modelPath),
                    ]
                      .filter((part) => part !== '')
                      .join(' · ')
                  }
                  isProblem={one.problem !== null}
                />
              )}
              empty={<p className={styles['empty']}>None with this model yet</p>}
            />
          </SizedList>
        </div>
      )}
    </Section>
  );
}

function Hits({ text, modelPath }: { readonly text: string; readonly modelPath: string | null }) {
  const client = useClient();
  const found = useQuery({
    queryKey: [...queryKeys.conversations, 'search', text],
    queryFn: ({ signal }) => client.conversations.search({ text }, { signal }),
    placeholderData: keepPreviousData,
  });
  if (!found.data) return null;
  const { hits, isComplete } = found.data;
  return (
    <>
      <p className={styles['count']} role="status">
        {hits.length === 0
          ? 'Nothing was said like that'
          : `${isComplete ? '' : 'The first '}${formatQuantity(hits.length, 'place')}`}
      </p>
      <ul className={styles['hits']} aria-label="Places found">
        {hits.map((hit) => (
          <li key={`${hit.id} ${hit.turnId ?? hit.role}`}>
            <a
              className={styles['hit']}
              href={href('models', hit.modelPath ?? modelPath, {
                chat: hit.id,
                ...(hit.turnId === null ? {} : { turn: hit.turnId }),
              })}
            >
              <span className={styles['title']}>
                {hit.title} <span className={styles['role']}>{hit.role}</span>
              </span>
              <span className={styles['excerpt']}>
                {hit.before}
                <mark>{hit.match}</mark>
                {hit.after}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

/** A conversation that is open here and changed on disk is read again. */
function useFreshSessions(list: readonly ConversationSummary[] | undefined): void {
  const stamps = useRef(new Map<string, string>());
  useEffect(() => {
    for (const { id, stamp } of list ?? []) {
      const before = stamps.current.get(id);
      if (before !== undefined && before !== stamp) refreshChatSession(id);
      stamps.current.set(id, stamp);
    }
  }, [list]);
}
