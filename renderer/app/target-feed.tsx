// Follows the targets of the workspace and what ssh asks about them: one stream a window, whatever view is shown.
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { SshQuestion, Target, TargetEvent } from '../../core/api/targets.ts';
import { useStream } from './use-stream.ts';

export interface TargetState {
  /** Null until core has said. */
  readonly targets: readonly Target[] | null;
  readonly questions: readonly SshQuestion[];
}

const nothing: TargetState = { targets: null, questions: [] };

export const targetStore = createStore<TargetState>(() => nothing);

export function TargetFeed() {
  useStream<TargetEvent>({
    key: 'targets',
    open: (client, signal) => client.targets.watch(undefined, { signal }),
    onItem: ({ targets, questions }) => targetStore.setState({ targets, questions }),
  });
  return null;
}

export function useTargets(): readonly Target[] | null {
  return useStore(targetStore, ({ targets }) => targets);
}

export function useSshQuestions(): readonly SshQuestion[] {
  return useStore(targetStore, ({ questions }) => questions);
}
