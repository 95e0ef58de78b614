// The one dialog of the config desk that may be open, asked for from the list, the header or the palette.
import { createStore } from 'zustand/vanilla';
import type { NameQuestion } from './name-dialog.tsx';

export const questionStore = createStore<{ readonly question: NameQuestion | null }>(() => ({
  question: null,
}));

export function ask(question: NameQuestion): void {
  questionStore.setState({ question });
}

export function closeQuestion(): void {
  questionStore.setState({ question: null });
}
