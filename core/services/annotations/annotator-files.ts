// The files of a campaign's annotators, read whole.
import { parseAnnotations } from '../../lib/annotations/annotation-lines.ts';
import type { Annotator } from '../../lib/annotations/campaign-state.ts';
import { readPersonFiles } from '../files/person-files.ts';

/** Everybody with a file, by name. Other files of the folder are left alone. */
export async function readAnnotators(folder: string): Promise<readonly Annotator[]> {
  const files = await readPersonFiles(folder);
  return files.map(({ person, text }) => ({ annotator: person, ...parseAnnotations(text) }));
}
