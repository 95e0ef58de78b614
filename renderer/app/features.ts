// The list of features, in rail order. Their code is loaded on first visit, so that no editor is in the entry.
import { ClipboardCheck, Database, FileSliders, LineChart, MessagesSquare, Server } from 'lucide-react';
import type { Feature, FeatureEntry, FeatureId } from './feature.ts';

export const featureEntries: readonly FeatureEntry[] = [
  {
    id: 'configs',
    title: 'Configs',
    icon: FileSliders,
    order: 1,
    keys: 'Mod+1',
    listWidthPx: 210,
    inspectorWidthPx: 312,
    load: async () => (await import('../features/configs/index.tsx')).feature,
  },
  {
    id: 'data',
    title: 'Data',
    icon: Database,
    order: 2,
    keys: 'Mod+2',
    listWidthPx: 220,
    inspectorWidthPx: 372,
    load: async () => (await import('../features/data/index.tsx')).feature,
  },
  {
    id: 'runs',
    title: 'Runs',
    icon: LineChart,
    order: 3,
    keys: 'Mod+3',
    listWidthPx: 270,
    inspectorWidthPx: 268,
    load: async () => (await import('../features/runs/index.tsx')).feature,
  },
  {
    id: 'models',
    title: 'Models',
    icon: MessagesSquare,
    order: 4,
    keys: 'Mod+4',
    listWidthPx: 240,
    inspectorWidthPx: 304,
    load: async () => (await import('../features/models/index.tsx')).feature,
  },
  {
    id: 'evaluations',
    title: 'Evaluations',
    icon: ClipboardCheck,
    order: 5,
    keys: 'Mod+5',
    listWidthPx: 240,
    inspectorWidthPx: 280,
    load: async () => (await import('../features/evaluations/index.tsx')).feature,
  },
  {
    id: 'targets',
    title: 'Targets',
    icon: Server,
    order: 6,
    keys: 'Mod+6',
    listWidthPx: 240,
    inspectorWidthPx: 300,
    load: async () => (await import('../features/targets/index.tsx')).feature,
  },
];

const loaded = new Map<FeatureId, Promise<Feature>>();

/** Loads a feature once; a failed load is forgotten so that it can be tried again. */
export function loadFeature(id: FeatureId): Promise<Feature> {
  const known = loaded.get(id);
  if (known) return known;
  const entry = featureEntries.find((candidate) => candidate.id === id);
  if (!entry) return Promise.reject(new Error(`There is no feature called ${id}`));
  const loading = entry.load();
  loaded.set(id, loading);
  loading.catch(() => loaded.delete(id));
  return loading;
}
