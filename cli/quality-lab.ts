// A quality lab of its own for one command: it opens files anywhere on disk and needs no workspace.
import { createQualityLab, type QualityLab } from '../core/services/quality/lab.ts';
import type { CommandContext } from './command.ts';

/** The lab's data process, ended with `await using`. */
export type OpenLab = QualityLab & AsyncDisposable;

export function openLab(context: CommandContext): OpenLab {
  const { appFolder, stateFolder } = context;
  const lab = createQualityLab({ appFolder, stateFolder, workspace: () => null });
  return { ...lab, [Symbol.asyncDispose]: () => lab.engine.dispose() };
}
