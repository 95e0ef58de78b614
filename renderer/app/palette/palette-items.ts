// What the palette finds: commands, and every file, run and model of the workspace. Recent choices come first.
import { useQuery } from '@tanstack/react-query';
import { Database, FileSliders, FileText, LineChart, type LucideIcon, MessagesSquare } from 'lucide-react';
import { useMemo } from 'react';
import type { WorkspaceFile } from '../../../core/api/workspace.ts';
import { fileName } from '../../ui/format.ts';
import { useAvailableCommands } from '../commands.ts';
import { fuzzyMatch } from './fuzzy.ts';
import { runCommand } from '../key-listener.ts';
import { queryKeys } from '../query-keys.ts';
import { href, hrefOfFile, navigate } from '../route.ts';
import { useClient, useSession } from '../session.ts';

export interface PaletteItem {
  readonly id: string;
  readonly title: string;
  /** Quieter, right of the title: the folder, the state. */
  readonly detail: string;
  readonly group: string;
  readonly icon: LucideIcon | null;
  readonly keys: string | null;
  /** For Ctrl+Enter: opens beside. */
  readonly href: string | null;
  perform(): void;
}

export interface FoundItem {
  readonly item: PaletteItem;
  readonly positions: readonly number[];
  readonly isRecent: boolean;
}

/** More than fit on screen, few enough to draw at once. */
const SHOWN_LIMIT = 60;
const RECENT_BONUS = 12;

const iconsOfKinds: Readonly<Record<WorkspaceFile['kind'], LucideIcon>> = {
  config: FileSliders,
  dataset: Database,
  model: MessagesSquare,
  log: LineChart,
  text: FileText,
  other: FileText,
};

const groupsOfKinds: Readonly<Record<WorkspaceFile['kind'], string>> = {
  config: 'Configs',
  dataset: 'Data',
  model: 'Models',
  log: 'Logs',
  text: 'Files',
  other: 'Files',
};

export function usePaletteItems(): readonly PaletteItem[] {
  const client = useClient();
  const { workspace } = useSession();
  const isOpen = workspace !== null;
  const commands = useAvailableCommands();
  const files = useQuery({
    queryKey: queryKeys.files,
    queryFn: ({ signal }) => client.workspace.files(undefined, { signal }),
    enabled: isOpen,
  });
  const runs = useQuery({
    queryKey: queryKeys.runs,
    queryFn: ({ signal }) => client.runs.list(undefined, { signal }),
    enabled: isOpen,
  });
  return useMemo(
    () => [
      ...commands
        .filter(({ id }) => id !== 'palette.open')
        .toSorted((left, right) => placeOf(left.group) - placeOf(right.group))
        .map((command) => ({
          id: `command:${command.id}`,
          title: command.title,
          detail: '',
          group: command.group,
          icon: command.icon ?? null,
          keys: command.keys ?? null,
          href: null,
          perform: () => runCommand(command),
        })),
      ...(files.data?.files ?? []).flatMap((file) => itemOfFile(file)),
      ...(runs.data ?? []).map((run) =>
        itemOfLink(`run:${run.id}`, run.name, `${run.state} · ${run.recipe}`, {
          group: 'Runs',
          icon: LineChart,
          href: href('runs', run.id),
        }),
      ),
    ],
    [commands, files.data, runs.data],
  );
}

/** Without a query: the views and what features offer first, the window's own commands last. */
function placeOf(group: string): number {
  return group === 'Views' ? 0 : group === 'General' || group === 'Panes' ? 2 : 1;
}

function itemOfFile(file: WorkspaceFile): readonly PaletteItem[] {
  const target = hrefOfFile(file);
  if (target === null) return [];
  const name = fileName(file.path);
  return [
    itemOfLink(`file:${file.path}`, name, file.path.slice(0, -name.length - 1), {
      group: groupsOfKinds[file.kind],
      icon: iconsOfKinds[file.kind],
      href: target,
    }),
  ];
}

function itemOfLink(
  id: string,
  title: string,
  detail: string,
  rest: { readonly group: string; readonly icon: LucideIcon; readonly href: string },
): PaletteItem {
  return { id, title, detail, keys: null, ...rest, perform: () => navigate(rest.href) };
}

/** Without a query: recent ones, then commands. With one: the best matches over title and detail. */
export function findItems(
  items: readonly PaletteItem[],
  query: string,
  recentIds: readonly string[],
): readonly FoundItem[] {
  const rank = new Map(recentIds.map((id, index) => [id, index]));
  const text = query.trim();
  if (text === '') {
    const recent = items
      .filter(({ id }) => rank.has(id))
      .sort((left, right) => (rank.get(left.id) ?? 0) - (rank.get(right.id) ?? 0));
    const rest = items.filter(({ id }) => !rank.has(id));
    return [...recent, ...rest]
      .slice(0, SHOWN_LIMIT)
      .map((item) => ({ item, positions: [], isRecent: rank.has(item.id) }));
  }
  return items
    .flatMap((item) => {
      const match = fuzzyMatch(item.detail === '' ? item.title : `${item.title} ${item.detail}`, text);
      if (!match) return [];
      const isRecent = rank.has(item.id);
      const score = match.score + (isRecent ? RECENT_BONUS - (rank.get(item.id) ?? 0) : 0);
      const positions = match.positions.filter((position) => position < item.title.length);
      return [{ item, positions, isRecent, score }];
    })
    .sort((left, right) => right.score - left.score)
    .slice(0, SHOWN_LIMIT);
}
