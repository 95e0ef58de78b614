// The presets of a model in this window: read once, saved without losing what another window saved.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { StudioClient } from '../../../../../core/api/contract.ts';
import type { Conversation } from '../../../../../core/api/conversations.ts';
import type { ModelSummary } from '../../../../../core/api/models.ts';
import type { StoredPresets } from '../../../../../core/api/presets.ts';
import {
  noPresets,
  type Preset,
  type PresetFile,
  presetPathOf,
} from '../../../../../core/lib/conversations/presets.ts';
import { filesKey } from '../../../../app/query-keys.ts';
import { useClient } from '../../../../app/session.ts';

export function presetPath(model: Pick<ModelSummary, 'name' | 'origin'>): string {
  return presetPathOf({ name: model.name, runName: model.origin?.runName ?? null });
}

/** What a new conversation with this model begins with. */
export async function defaultPresetOf(client: StudioClient, modelPath: string): Promise<Preset | null> {
  const model = await client.models.inspect({ path: modelPath });
  const file = (await client.presets.read({ path: presetPath(model) }))?.saved;
  return file?.presets.find(({ name }) => name === file.default) ?? null;
}

export function presetFrom(conversation: Conversation, name: string): Preset {
  const { sampling, systemPrompt, template, contextTokens, threads } = conversation;
  return { name, sampling, systemPrompt, template, contextTokens, threads };
}

/** The name of the preset that says what the conversation says; null when none does. */
export function matchingPreset(conversation: Conversation, file: PresetFile): string | null {
  const same = (preset: Preset) =>
    JSON.stringify(presetFrom(conversation, preset.name)) ===
    JSON.stringify(presetFrom({ ...conversation, ...preset }, preset.name));
  return file.presets.find(same)?.name ?? null;
}

export interface PresetsInUse {
  readonly file: PresetFile;
  /** Why the file cannot be read. */
  readonly problem: unknown;
  readonly path: string;
  /** `change` is applied again to what another window saved meanwhile. */
  update(change: (file: PresetFile) => PresetFile): Promise<void>;
}

const MAX_ATTEMPTS = 5;

export function usePresets(path: string | null): PresetsInUse | null {
  const client = useClient();
  const queries = useQueryClient();
  const key = [...filesKey, 'presets', path];
  const read = useQuery({
    queryKey: key,
    queryFn: () => client.presets.read({ path: path ?? '' }),
    enabled: path !== null,
    retry: false,
  });
  if (path === null || (read.data === undefined && !read.error)) return null;
  return {
    path,
    file: read.data?.saved ?? noPresets,
    problem: read.error,
    async update(change) {
      let base: StoredPresets | null = read.data ?? null;
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        const saved = change(base?.saved ?? noPresets);
        const result = await client.presets.save({ path, saved, baseVersion: base?.version ?? null });
        if (result.kind === 'saved') {
          queries.setQueryData(key, result.file);
          return;
        }
        base = result.current;
      }
      throw new Error('Another window keeps changing these presets');
    },
  };
}
