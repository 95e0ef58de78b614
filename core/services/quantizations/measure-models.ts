// Models of a workspace measured beside each other, in a process of their own, and the table kept.
import { basename } from 'node:path';
import type { DeviceProfile } from '../../api/generation.ts';
import type { QuantizationMember, QuantizationTable } from '../../api/quantizations.ts';
import { createChatEngine } from '../model-runtime/engine.ts';
import type { CoreContext } from '../context.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import type { Fingerprints } from '../models/fingerprints.ts';
import { readHeldOut } from './held-out.ts';
import { type GroupProgress, measureGroup } from './measure-group.ts';
import { keepTable } from './table-files.ts';

export async function quantizationMember(
  root: string,
  path: string,
  fingerprints: Fingerprints,
): Promise<QuantizationMember> {
  const found = await fingerprints.of(await resolveInside(root, path));
  const { name, quantization, sizeBytes, modelKey } = found;
  return { path, name: name ?? basename(path), quantization, sizeBytes, modelKey };
}

export interface ModelsMeasuring {
  readonly context: CoreContext;
  readonly fingerprints: Fingerprints;
  readonly root: string;
  /** The table is given, not kept. */
  readonly readOnly: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: GroupProgress) => void;
}

export async function measureModels(
  request: {
    readonly paths: readonly string[];
    readonly device: DeviceProfile | null;
    readonly repeats: number;
  },
  { context, fingerprints, root, readOnly, signal, onProgress }: ModelsMeasuring,
): Promise<QuantizationTable> {
  const { appFolder } = context.options;
  const members: QuantizationMember[] = [];
  for (const path of new Set(request.paths)) members.push(await quantizationMember(root, path, fingerprints));
  // A process of its own: a chat goes on meanwhile, and nothing is loaded before it is measured.
  const engine = createChatEngine({ appFolder, settings: () => context.settings.read() });
  try {
    const table = await measureGroup(members, {
      engine,
      pathOf: (path) => resolveInside(root, path),
      texts: await readHeldOut(appFolder),
      device: request.device,
      repeats: request.repeats,
      signal,
      onProgress,
    });
    if (!readOnly) await keepTable(root, table);
    return table;
  } finally {
    await engine.dispose();
  }
}
