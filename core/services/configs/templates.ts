// The config templates that ship with the studio: resources/templates/templates.json.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { configKind, type ConfigTemplate, configTemplate } from '../../api/configs.ts';
import { resolveInside } from '../files/resolve-inside.ts';

/** An entry has its text inline or in a file beside the list. */
const entrySchema = z.union([
  configTemplate,
  z.object({
    id: z.string(),
    title: z.string(),
    kind: configKind,
    description: z.string(),
    file: z.string(),
  }),
]);
const listSchema = z.union([
  z.array(entrySchema),
  z.object({ templates: z.array(entrySchema) }).transform(({ templates }) => templates),
]);

/** All templates in the order of the list; none when the installation has no list. */
export async function readTemplates(appFolder: string): Promise<ConfigTemplate[]> {
  const folder = join(appFolder, 'resources', 'templates');
  const text = await readFile(join(folder, 'templates.json'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '[]';
      throw error;
    },
  );
  const entries = listSchema.parse(JSON.parse(text));
  return Promise.all(
    entries.map(async (entry) => {
      if ('text' in entry) return entry;
      const { file, ...rest } = entry;
      return { ...rest, text: await readFile(await resolveInside(folder, file), 'utf8') };
    }),
  );
}
