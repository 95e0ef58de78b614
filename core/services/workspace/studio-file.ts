// The name of a workspace from its studio.yaml, and the text of a new one.
// The file's schema and findings belong to the config desk (core/lib/config).
import { basename, join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { checkDocument } from '../../lib/config/check.ts';
import { parseConfig } from '../../lib/config/document.ts';
import { nodeAt } from '../../lib/config/lookup.ts';
import { formatScalar } from '../../lib/config/format-scalar.ts';
import type { ConfigDocument, Finding } from '../../lib/config/types.ts';
import { readTextFile } from '../files/read-text.ts';

/** A studio.yaml lists a few targets and datasets; more than this is some other file. */
const MAX_STUDIO_FILE_BYTES = 2 * 1024 * 1024;

export interface StudioFile {
  /** From the file, else the folder's name. */
  readonly name: string;
  /** A sentence when studio.yaml is there but cannot be read; the workspace opens all the same. */
  readonly problem: string | null;
}

export async function readStudioFile(root: string): Promise<StudioFile> {
  const fallback = basename(root) === '' ? root : basename(root);
  try {
    const { text } = await readTextFile(join(root, 'studio.yaml'), MAX_STUDIO_FILE_BYTES);
    const document = parseConfig(text);
    const problem = findProblem(document);
    const name = nodeAt(document.root, ['name']);
    return {
      name:
        name?.kind === 'scalar' && typeof name.value === 'string' && name.value !== ''
          ? name.value
          : fallback,
      problem: problem ? `studio.yaml line ${problem.line}: ${problem.message}` : null,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { name: fallback, problem: null };
    const problem = error instanceof StudioError ? error.message : `studio.yaml could not be read`;
    return { name: fallback, problem };
  }
}

/** The first error; schema errors only where the text is recognised as a studio.yaml. */
function findProblem(document: ConfigDocument): Finding | undefined {
  const checked = checkDocument(document);
  const findings = checked.kind === 'studio' ? checked.findings : document.problems;
  return findings.find((finding) => finding.severity === 'error');
}

/** The studio.yaml of a new workspace. */
export function newStudioFile(name: string): string {
  return [
    '# A Nesso Studio workspace: a plain folder that a team keeps in git.',
    `name: ${formatScalar(name)}`,
    '',
    '# Where jobs run. A cluster is another entry, with kind slurm, host and folder.',
    'targets:',
    '- name: this-computer',
    '  kind: local',
    '  nodes: 1',
    '  gpusPerNode: 0',
    '',
  ].join('\n');
}
