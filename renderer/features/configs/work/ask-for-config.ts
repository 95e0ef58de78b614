// The questions behind "New from template…", "Rename…" and "Duplicate…". Knows the acts, not where they are asked from.
import type { ConfigTemplate } from '../../../../core/api/configs.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { fileName } from '../../../ui/format.ts';
import { bufferOf } from '../documents/open-buffers.ts';
import { folderOf, freeName } from './config-names.ts';
import { createConfig, type FileActions, renameConfig } from './file-actions.ts';
import { ask } from './questions.ts';

/** Asks for name and template of a new config. */
export async function askForNew(actions: FileActions, templateId: string | null = null): Promise<void> {
  const templates = await actions.queries.fetchQuery({
    queryKey: queryKeys.templates,
    queryFn: () => actions.client.configs.templates(),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const taken = await takenPaths(actions);
  const first = templateId ?? templates[0]?.id ?? null;
  ask({
    title: 'New config',
    verb: 'Create',
    initialName: first === null ? '' : unusedName(first, taken),
    folder: 'configs',
    templates,
    templateId: first,
    answer: (path, template) => createConfig(actions, path, textOf(template)),
  });
}

export function askForRename(actions: FileActions, path: string): void {
  ask({
    title: `Rename ${fileName(path)}`,
    verb: 'Rename',
    initialName: fileName(path).replace(/\.ya?ml$/i, ''),
    folder: folderOf(path),
    answer: async (to) => {
      if (to !== path) await renameConfig(actions, path, to);
    },
  });
}

/** The copy has what is in the window, unsaved edits included. */
export async function askForDuplicate(actions: FileActions, path: string): Promise<void> {
  const taken = await takenPaths(actions);
  ask({
    title: `Duplicate ${fileName(path)}`,
    verb: 'Duplicate',
    initialName: freeName(path, taken),
    folder: folderOf(path),
    answer: async (to) => {
      const open = bufferOf(path);
      const text = open?.fileText() ?? (await actions.client.configs.read({ path })).text;
      await createConfig(actions, to, text);
    },
  });
}

async function takenPaths({ client, queries }: FileActions): Promise<ReadonlySet<string>> {
  const configs = await queries.fetchQuery({
    queryKey: queryKeys.configs,
    queryFn: () => client.configs.list(),
  });
  return new Set(configs.map(({ path }) => path));
}

function unusedName(name: string, taken: ReadonlySet<string>): string {
  let number = 1;
  let candidate = name;
  while (taken.has(`configs/${candidate}.yaml`)) {
    number += 1;
    candidate = `${name}-${number}`;
  }
  return candidate;
}

function textOf(template: ConfigTemplate | null): string {
  return template?.text ?? '# A new config. Its kind is recognised by its keys.\n';
}
