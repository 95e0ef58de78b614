// The code of the feature a route names: loaded, still loading, or failed to load.
import { useEffect, useState } from 'react';
import type { Feature, FeatureId } from './feature.ts';
import { loadFeature } from './features.ts';

export type LoadedFeature =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly feature: Feature }
  | { readonly kind: 'failed'; readonly error: unknown; retry(): void };

export function useFeature(id: FeatureId): LoadedFeature {
  const [result, setResult] = useState<{ readonly id: FeatureId; readonly loaded: LoadedFeature }>({
    id,
    loaded: { kind: 'loading' },
  });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let current = true;
    const set = (loaded: LoadedFeature) => {
      if (current) setResult({ id, loaded });
    };
    loadFeature(id).then(
      (feature) => set({ kind: 'ready', feature }),
      (error: unknown) => set({ kind: 'failed', error, retry: () => setAttempt((count) => count + 1) }),
    );
    return () => {
      current = false;
    };
  }, [id, attempt]);
  return result.id === id ? result.loaded : { kind: 'loading' };
}
