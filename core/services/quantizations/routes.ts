// Routes of quantizations: binds the contract to the services of this folder.
import { basename } from 'node:path';
import type { QuantizationGroup, QuantizationMember } from '../../api/quantizations.ts';
import { weightTypes } from '../../lib/conversion/gguf-metadata.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import type { Fingerprints } from '../models/fingerprints.ts';
import type { ModelList } from '../models/list-models.ts';
import { progressEvents } from '../progress-events.ts';
import { isSameButType, knownSource, makeType, sourceOf } from './make-type.ts';
import type { GroupProgress } from './measure-group.ts';
import { measureModels, quantizationMember } from './measure-models.ts';
import { lastTable } from './table-files.ts';

export interface QuantizationServices {
  readonly models: ModelList;
  readonly fingerprints: Fingerprints;
}

type Share = { readonly share: number };

export function quantizationsRoutes(context: CoreContext, { models, fingerprints }: QuantizationServices) {
  const { appFolder } = context.options;
  const root = () => context.workspace.require().path;
  const inside = (path: string) => resolveInside(root(), path);
  const memberOf = (path: string) => quantizationMember(root(), path, fingerprints);
  const groupOf = async (path: string, signal?: AbortSignal): Promise<QuantizationGroup> => {
    const { weightsSha256 } = await fingerprints.of(await inside(path));
    const all = await models.list(root(), signal);
    const isSame = (model: (typeof all)[number]): boolean =>
      weightsSha256 === null || model.weightsSha256 === null
        ? model.problem === null && isSameButType(model.path, path)
        : model.weightsSha256 === weightsSha256;
    const paths = new Set([path, ...all.filter(isSame).map((model) => model.path)]);
    const members: QuantizationMember[] = [];
    for (const one of paths) members.push(await memberOf(one));
    const there = new Set(members.map(({ quantization }) => quantization.toLowerCase()));
    return {
      weightsSha256,
      members: members.sort((a, b) => b.sizeBytes - a.sizeBytes),
      missing: weightTypes.filter((type) => !there.has(type)),
      source: await sourceOf(root(), path),
    };
  };

  return {
    procedures: {
      group: api.quantizations.group.handler(({ input, signal }) => groupOf(input.path, signal)),
      last: api.quantizations.last.handler(async ({ input }) => {
        const { modelKey } = await fingerprints.of(await inside(input.path));
        return lastTable(root(), modelKey);
      }),
      measure: api.quantizations.measure.handler(({ input, signal }) => {
        const workspace = root();
        const { readOnly } = context.workspace.require();
        const work = (onProgress: (progress: GroupProgress) => void) =>
          context.activities.run(
            { title: `Measuring ${input.paths.length} models`, unit: 'steps', signal, outlives: true },
            (running) =>
              measureModels(input, {
                context,
                fingerprints,
                root: workspace,
                readOnly,
                signal: running.signal,
                onProgress: (progress) => {
                  running.progress(progress.done, progress.total);
                  onProgress(progress);
                },
              }),
          );
        return progressEvents(work);
      }),
      make: api.quantizations.make.handler(async ({ input, signal }) => {
        const { path, type, source } = input;
        const workspace = root();
        // Refused at once, not within the stream.
        const chosen = source ?? (await knownSource(workspace, path));
        const start = (onProgress: (share: Share) => void) =>
          context.activities.run(
            { title: `Making ${type} of ${basename(path)}`, unit: 'percent', signal, outlives: true },
            async (running) => ({
              path: await makeType(
                { path, type, source: chosen },
                {
                  appFolder,
                  root: workspace,
                  signal: running.signal,
                  onProgress: (share) => {
                    running.progress(Math.round(share * 100), 100);
                    onProgress({ share });
                  },
                },
              ),
            }),
          );
        return progressEvents(start);
      }),
    },
    dispose: async () => {},
  };
}
