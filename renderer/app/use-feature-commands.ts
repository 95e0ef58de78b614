// Loads every feature after the window is idle and registers the commands that work from everywhere.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { registerCommands } from './commands.ts';
import { featureEntries, loadFeature } from './features.ts';
import { useClient } from './session.ts';

const IDLE_TIMEOUT_MS = 2_000;

export function useFeatureCommands(): void {
  const client = useClient();
  const queries = useQueryClient();
  useEffect(() => {
    const releases: (() => void)[] = [];
    let ended = false;
    const load = async (id: (typeof featureEntries)[number]['id']) => {
      try {
        const feature = await loadFeature(id);
        if (!ended && feature.commands)
          releases.push(registerCommands(feature.commands({ client, queries })));
      } catch {
        // Shown when the view itself is opened; the palette just lacks its commands.
      }
    };
    const idle = requestIdleCallback(
      () => {
        for (const { id } of featureEntries) void load(id);
      },
      { timeout: IDLE_TIMEOUT_MS },
    );
    return () => {
      ended = true;
      cancelIdleCallback(idle);
      for (const release of releases) release();
    };
  }, [client, queries]);
}
