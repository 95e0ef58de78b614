// One comparison while the window is open, outside React: columns, questions, and the answers being written. Kept by the model it was
// begun with, so that a look at another view loses nothing.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StudioClient } from '../../../../core/api/contract.ts';
import type { Token } from '../../../../core/api/generation.ts';
import { isAbort } from '../../../app/describe-error.ts';
import type { Begun } from './from-conversation.ts';
import {
  askedWith,
  type Column,
  type ColumnAnswer,
  type ColumnSettings,
  type Comparison,
  MAX_COLUMNS,
  newColumn,
  promptOf,
  settingsOf,
} from './compare-state.ts';

/** Kept beside each token, for a look at what else it could have been. */
const TOP_TOKENS = 1;

export type LivePhase =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'loading'; readonly fraction: number }
  | { readonly kind: 'reading' }
  | { readonly kind: 'writing' };

export interface LiveAnswer {
  readonly question: number;
  readonly phase: LivePhase;
  readonly text: string;
}

export interface CompareState extends Comparison {
  /** By column. */
  readonly live: Readonly<Record<string, LiveAnswer>>;
  /** Why a column could not answer; by column. */
  readonly problems: Readonly<Record<string, unknown>>;
  readonly isBusy: boolean;
}

export interface CompareSession {
  readonly store: StoreApi<CompareState>;
  /** Asks every column; without a text what is not answered yet. */
  ask(text: string | null): Promise<void>;
  /** Forgets the column's answers and asks it everything again. */
  askAgain(id: string): Promise<void>;
  stop(): void;
  add(modelPath: string): string | null;
  copy(id: string): string | null;
  remove(id: string): void;
  move(id: string, by: -1 | 1): void;
  change(id: string, change: Partial<ColumnSettings>): void;
  /** The same sampling, system prompt and template everywhere. */
  applyToAll(id: string): void;
  setOrder(order: Comparison['order']): void;
  /** The questions of a conversation, with its answers as the first column; the others are asked by `ask(null)`. */
  begin(begun: Begun): void;
  /** Takes back the questions from `index` on; gives the first of them. */
  rewind(index: number): string;
}

export function createCompareSession(
  client: StudioClient,
  begins: Comparison,
  onChange: (comparison: Comparison) => void,
): CompareSession {
  const store = createStore<CompareState>(() => ({ ...begins, live: {}, problems: {}, isBusy: false }));
  const get = () => store.getState();
  let controller: AbortController | null = null;
  const keep = () => {
    const { questions, columns, order } = get();
    onChange({ questions, columns, order });
  };
  const setColumn = (id: string, change: (column: Column) => Column) =>
    store.setState(({ columns }) => ({
      columns: columns.map((column) => (column.id === id ? change(column) : column)),
    }));
  const setLive = (id: string, live: LiveAnswer | null) =>
    store.setState((state) => {
      const { [id]: _, ...others } = state.live;
      return { live: live === null ? others : { ...others, [id]: live } };
    });
  const setProblem = (id: string, problem: unknown) =>
    store.setState(({ problems }) => ({ problems: { ...problems, [id]: problem } }));

  async function answer(id: string, question: number, signal: AbortSignal): Promise<void> {
    const own = get().columns.find((column) => column.id === id);
    if (own === undefined) return;
    let text = '';
    const tokens: Token[] = [];
    const show = (phase: LivePhase) => setLive(id, { question, phase, text });
    show({ kind: 'loading', fraction: 0 });
    const events = await client.chat.answer(
      {
        modelPath: own.modelPath,
        prompt: promptOf(get().questions, own, question),
        sampling: own.sampling,
        topTokens: TOP_TOKENS,
      },
      { signal },
    );
    for await (const event of events) {
      if (event.kind === 'loading') show(event);
      if (event.kind === 'prompt') show({ kind: 'reading' });
      if (event.kind === 'text') {
        text += event.text;
        tokens.push(...event.tokens);
        show({ kind: 'writing' });
      }
      if (event.kind !== 'done' || signal.aborted) continue;
      const made: ColumnAnswer = {
        text,
        tokenIds: tokens.map((token) => token.id),
        tokenTexts: tokens.map((token) => token.text),
        special: tokens.flatMap((token, index) => (token.special ? [index] : [])),
        logProbabilities: tokens.map((token) => token.logProbability),
        stopReason: event.stopReason,
        statistics: event.statistics,
        asked: askedWith(settingsOf(own)),
      };
      setColumn(id, (column) => ({
        ...column,
        answers: get().questions.map((_, at) => (at === question ? made : (column.answers[at] ?? null))),
      }));
    }
  }

  /** The questions a column has not answered, in order; the first failure ends this column, not the others. */
  async function answerColumn(id: string, signal: AbortSignal): Promise<void> {
    try {
      for (const question of get().questions.keys()) {
        const own = get().columns.find((column) => column.id === id);
        if (own === undefined || signal.aborted) return;
        if ((own.answers[question] ?? null) === null) await answer(id, question, signal);
      }
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) setProblem(id, error);
    } finally {
      setLive(id, null);
      keep();
    }
  }

  async function answerAll(ids: readonly string[]): Promise<void> {
    if (controller !== null || get().questions.length === 0) return;
    const own = new AbortController();
    controller = own;
    const waiting = Object.fromEntries(
      ids.map((id): [string, LiveAnswer] => [
        id,
        { question: firstOpen(get(), id), phase: { kind: 'waiting' }, text: '' },
      ]),
    );
    store.setState({ problems: {}, isBusy: true, live: waiting });
    try {
      if (get().order === 'at-once') await Promise.all(ids.map((id) => answerColumn(id, own.signal)));
      else for (const id of ids) await answerColumn(id, own.signal);
    } finally {
      controller = null;
      store.setState({ isBusy: false, live: {} });
      keep();
    }
  }

  const allIds = () => get().columns.map(({ id }) => id);
  const insert = (made: Column, after: string | null): string | null => {
    const { columns } = get();
    if (columns.length >= MAX_COLUMNS) return null;
    const at = after === null ? columns.length : columns.findIndex(({ id }) => id === after) + 1;
    store.setState({ columns: columns.toSpliced(at, 0, made) });
    keep();
    return made.id;
  };
  return {
    store,
    async ask(text) {
      if (controller !== null) return;
      if (text !== null) {
        if (text.trim() === '') return;
        store.setState(({ questions }) => ({ questions: [...questions, text] }));
        keep();
      }
      await answerAll(allIds());
    },
    async askAgain(id) {
      if (controller !== null) return;
      setColumn(id, (column) => ({ ...column, answers: [] }));
      await answerAll([id]);
    },
    stop: () => controller?.abort(),
    add(modelPath) {
      const [first] = get().columns;
      // Differences are of the model, so it begins with the settings of the first column.
      const settings = first === undefined ? {} : { ...settingsOf(first), modelPath };
      return insert({ ...newColumn(modelPath), ...settings }, null);
    },
    copy(id) {
      const own = get().columns.find((column) => column.id === id);
      return own === undefined ? null : insert({ ...own, id: crypto.randomUUID(), answers: [] }, id);
    },
    remove(id) {
      const { columns } = get();
      if (columns.length < 2) return;
      store.setState({ columns: columns.filter((column) => column.id !== id) });
      keep();
    },
    move(id, by) {
      const { columns } = get();
      const at = columns.findIndex((column) => column.id === id);
      const own = columns[at];
      if (own === undefined || at + by < 0 || at + by >= columns.length) return;
      store.setState({ columns: columns.toSpliced(at, 1).toSpliced(at + by, 0, own) });
      keep();
    },
    change(id, change) {
      setColumn(id, (column) => ({ ...column, ...change }));
      keep();
    },
    applyToAll(id) {
      const own = get().columns.find((column) => column.id === id);
      if (own === undefined) return;
      const { modelPath: _, ...settings } = settingsOf(own);
      store.setState(({ columns }) => ({ columns: columns.map((column) => ({ ...column, ...settings })) }));
      keep();
    },
    setOrder(order) {
      store.setState({ order });
      keep();
    },
    begin({ questions, column }) {
      if (controller !== null) return;
      const [first, ...others] = get().columns;
      const id = first?.id ?? column.id;
      store.setState({
        questions,
        columns: [{ ...column, id }, ...others.map((other) => ({ ...other, answers: [] }))],
        problems: {},
      });
      keep();
    },
    rewind(index) {
      const { questions, columns } = get();
      if (controller !== null) return '';
      store.setState({
        questions: questions.slice(0, index),
        columns: columns.map((column) => ({ ...column, answers: column.answers.slice(0, index) })),
        problems: {},
      });
      keep();
      return questions[index] ?? '';
    },
  };
}

function firstOpen({ questions, columns }: CompareState, id: string): number {
  const answers = columns.find((column) => column.id === id)?.answers ?? [];
  const open = questions.findIndex((_, index) => (answers[index] ?? null) === null);
  return open < 0 ? questions.length - 1 : open;
}
