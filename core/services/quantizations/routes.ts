// Routes of quantizations: binds the contract to the services of this folder.
import { stat } from 'node:fs/promises';
import { basename, dirname, posix } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { QuantizationGroup, QuantizationMember } from '../../api/quantizations.ts';
import { describeGguf } from '../../lib/gguf/describe.ts';
import { type WeightType, weightTypes } from '../../lib/conversion/gguf-metadata.ts';
import { api, typedStream } from '../base.ts';
import { createChatEngine } from '../chat/engine.ts';
import type { CoreContext } from '../context.ts';
import { readReport } from '../conversion/parity-file.ts';
import { askWeights } from '../conversion/weights-child.ts';
import { isInside, resolveInside, toWorkspacePath } from '../files/resolve-inside.ts';
import type { Fingerprints } from '../models/fingerprints.ts';
import type { ModelList } from '../models/list-models.ts';
import { readModelFile } from '../models/read-header.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { progressEvents } from '../progress-events.ts';
import { readHeldOut } from './held-out.ts';
import { type GroupProgress, measureGroup } from './measure-group.ts';
import { keepTable, lastTable } from './table-files.ts';

export interface QuantizationServices {
  readonly models: ModelList;
  readonly fingerprints: Fingerprints;
}

type Share = { readonly share: number };

export function quantizationsRoutes(context: CoreContext, { models, fingerprints }: QuantizationServices) {
  const { appFolder } = context.options;
  const root = () => context.workspace.require().path;
  const inside = (path: string) => resolveInside(root(), path);
  const memberOf = async (path: string): Promise<QuantizationMember> => {
    const { name, quantization, sizeBytes, modelKey } = await fingerprints.of(await inside(path));
    return { path, name: name ?? basename(path), quantization, sizeBytes, modelKey };
  };
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
            async (running) => {
              const members: QuantizationMember[] = [];
              for (const path of new Set(input.paths)) members.push(await memberOf(path));
              // A process of its own: a chat goes on meanwhile, and nothing is loaded before it is measured.
              const engine = createChatEngine({ appFolder, settings: () => context.settings.read() });
              try {
                const table = await measureGroup(members, {
                  engine,
                  pathOf: (path) => resolveInside(workspace, path),
                  texts: await readHeldOut(appFolder),
                  device: input.device,
                  repeats: input.repeats,
                  signal: running.signal,
                  onProgress: (progress) => {
                    running.progress(progress.done, progress.total);
                    onProgress(progress);
                  },
                });
                if (!readOnly) await keepTable(workspace, table);
                return table;
              } finally {
                await engine.dispose();
              }
            },
          );
        return typedStream(progressEvents(work));
      }),
      make: api.quantizations.make.handler(async ({ input, signal }) => {
        const source = input.source ?? (await sourceOf(root(), input.path));
        if (source === null) {
          throw new StudioError('NOT_FOUND', `The weights of ${basename(input.path)} are not known here`, {
            hint: 'Choose the folder of weights it was converted from, or pull the checkpoint again',
            path: input.path,
          });
        }
        const path = outputOf(input.path, input.type);
        const output = await inside(path);
        const request = {
          source: await inside(source),
          output,
          format: 'gguf' as const,
          type: input.type,
          tokenizer: null,
          preTokenizer: null,
          name: null,
          replace: false,
        };
        const start = (onProgress: (share: Share) => void) =>
          context.activities.run(
            {
              title: `Making ${input.type} of ${basename(input.path)}`,
              unit: 'percent',
              signal,
              outlives: true,
            },
            async (running) => {
              const options = {
                spawn: () => spawnChild(appFolder, 'native-weights'),
                signal: running.signal,
                onProgress: (share: number) => {
                  running.progress(Math.round(share * 100), 100);
                  onProgress({ share });
                },
              };
              if (/\.gguf$/i.test(source)) {
                const { source: file, type } = request;
                await askWeights({ kind: 'requantize', request: { input: file, output, type } }, options);
              } else await askWeights({ kind: 'convert', request }, options);
              return { path };
            },
          );
        return typedStream(progressEvents(start));
      }),
    },
    dispose: async () => {},
  };
}

/** `models/a-f16.gguf` → `models/a-q4_0.gguf`; a name without its type gets one. */
export function outputOf(path: string, type: WeightType): string {
  const name = basename(path).replace(/\.gguf$/i, '');
  const known = weightTypes.find((one) => name.toLowerCase().endsWith(`-${one}`));
  const stem = known === undefined ? name : name.slice(0, -known.length - 1);
  return posix.join(dirname(path), `${stem}-${type}.gguf`);
}

/** `a-f16.gguf` and `a-q4_0.gguf` of one folder: what files say that do not tell which weights they are of. */
export function isSameButType(one: string, other: string): boolean {
  const stem = (path: string) => outputOf(path, 'f16');
  return stem(one) === stem(other);
}

/** From the workspace: the weights beside a checkpoint's model, else those it was verified against, else the file itself where it holds floats. */
async function sourceOf(root: string, path: string): Promise<string | null> {
  const beside = posix.join(dirname(path), 'weights');
  const found = await stat(await resolveInside(root, beside)).catch(() => null);
  if (found?.isDirectory()) return beside;
  const report = await readReport(await resolveInside(root, path)).catch(() => null);
  const source = report?.record.source;
  if (source !== undefined && isInside(root, source)) return toWorkspacePath(root, source);
  // Floats can be cut smaller as they are.
  const { header } = await readModelFile(await resolveInside(root, path));
  return /^(F32|F16|BF16)$/i.test(describeGguf(header).quantization) ? path : null;
}
