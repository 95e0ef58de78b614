// The state of one lab, outside React, shared by work pane, inspector and main action: what was found in the corpus,
// what is chosen, what it keeps. While a handle moves, answers follow it and the newest wins.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StudioClient } from '../../../../../core/api/contract.ts';
import type {
  DescribeEvent,
  FilterChoice,
  QualityDescription,
  ThresholdResult,
} from '../../../../../core/api/quality.ts';
import type { CorpusTokens } from '../../../../../core/api/quality-corpus.ts';
import { FIRST_QUANTILE, firstChoice } from './choice.ts';
import { type Cell, type LabLink, readLink, writeLink } from './link.ts';
import { createNewestCall } from './newest-call.ts';
import { FOUND, tokensText } from './tokens.ts';

export interface Settled {
  readonly choice: FilterChoice;
  readonly result: ThresholdResult;
}

export interface LabState {
  /** Rows read while the score table is built; null before the first answer. */
  readonly progress: { readonly doneRows: number; readonly totalRows: number } | null;
  readonly description: QualityDescription | null;
  /** The corpus could not be opened; the work pane says why. */
  readonly isClosed: boolean;
  readonly choice: FilterChoice;
  /** The newest answer, and the choice it is of; older than `choice` while one waits. */
  readonly newest: Settled | null;
  /** The answer of the last choice that was let go; board and samples follow this one. */
  readonly settled: Settled | null;
  readonly problem: unknown;
  readonly language: string | null;
  readonly cell: Cell;
}

export interface Lab {
  readonly paths: readonly string[];
  readonly tokens: CorpusTokens;
  readonly store: StoreApi<LabState>;
  /** `link` is where the first choice comes from once the heads are known. */
  opened(event: DescribeEvent, link: URLSearchParams): void;
  /** The corpus could not be opened, or is tried again. */
  close(isClosed: boolean): void;
  /** Follows a handle that still moves. */
  preview(choice: FilterChoice): void;
  /** A finished change. */
  choose(choice: FilterChoice): void;
  /** The handle was let go. */
  settle(): void;
  showLanguage(language: string | null): void;
  showCell(cell: Cell): void;
  /** Takes over what a link says; nothing happens when that is the state already. */
  follow(link: URLSearchParams): void;
  /** The state as the parameters of a link. */
  parameters(): Readonly<Record<string, string>>;
}

interface Request {
  readonly choice: FilterChoice;
  readonly isFinal: boolean;
}

/** All a lab asks of core. */
export interface LabClient {
  readonly quality: Pick<StudioClient['quality'], 'thresholds'>;
}

export function createLab(client: LabClient, paths: readonly string[], tokens: CorpusTokens = FOUND): Lab {
  const store = createStore<LabState>(() => ({
    progress: null,
    description: null,
    isClosed: false,
    choice: firstChoice([]),
    newest: null,
    settled: null,
    problem: null,
    language: null,
    cell: { fw2: null, jql: 'kept' },
  }));
  const call = createNewestCall<Request, ThresholdResult>({
    run: ({ choice }, signal) => client.quality.thresholds({ paths: [...paths], tokens, choice }, { signal }),
    onResult: (result, { choice, isFinal }) => {
      const answer: Settled = { choice, result };
      store.setState({ newest: answer, problem: null, ...(isFinal ? { settled: answer } : {}) });
    },
    onError: (problem) => store.setState({ problem }),
  });
  const heads = () => store.getState().description?.heads.map(({ name }) => name) ?? [];
  const link = (): LabLink => {
    const { choice, language, cell } = store.getState();
    return { choice, language, cell };
  };
  const parameters = () => ({
    ...(tokens.kind === 'found' ? {} : { tokens: tokensText(tokens) }),
    ...writeLink(link(), heads(), FIRST_QUANTILE),
  });

  const lab: Lab = {
    paths,
    tokens,
    store,
    opened(event, query) {
      if (event.kind === 'progress') {
        store.setState({ progress: { doneRows: event.doneRows, totalRows: event.totalRows } });
        return;
      }
      const isFirst = store.getState().description === null;
      store.setState({ description: event.description, progress: null });
      if (event.description.heads.length === 0) return;
      if (isFirst) takeOver(query);
      else call.urgent({ choice: store.getState().choice, isFinal: true });
    },
    close: (isClosed) => store.setState({ isClosed }),
    preview(choice) {
      store.setState({ choice });
      call.request({ choice, isFinal: false });
    },
    choose(choice) {
      store.setState({ choice });
      call.urgent({ choice, isFinal: true });
    },
    settle() {
      const { choice, newest, settled } = store.getState();
      // The last answer under the handle is exact already.
      if (newest?.choice === choice) {
        call.cancel();
        if (settled !== newest) store.setState({ settled: newest });
      } else call.urgent({ choice, isFinal: true });
    },
    showLanguage: (language) => store.setState({ language }),
    showCell: (cell) => store.setState({ cell }),
    follow(query) {
      const { description } = store.getState();
      if (description === null || description.heads.length === 0) return;
      const read = readLink(query, firstChoice(heads()));
      const said = writeLink(withDefaults(read, description), heads(), FIRST_QUANTILE);
      const own = writeLink(link(), heads(), FIRST_QUANTILE);
      if (JSON.stringify(said) !== JSON.stringify(own)) takeOver(query);
    },
    parameters,
  };

  function takeOver(query: URLSearchParams): void {
    const { description } = store.getState();
    if (description === null) return;
    const { choice, language, cell } = withDefaults(readLink(query, firstChoice(heads())), description);
    store.setState({ choice, language, ...(cell === null ? {} : { cell }) });
    call.urgent({ choice, isFinal: true });
  }

  return lab;
}

/** A language that the corpus does not have is not shown; the cell fits whether there is a kept flag. */
function withDefaults(link: LabLink, description: QualityDescription): LabLink {
  const hasFlag = description.keptSource !== null;
  const cell: Cell =
    link.cell !== null && (link.cell.fw2 !== null) === hasFlag
      ? link.cell
      : hasFlag
        ? { fw2: 'removed', jql: 'kept' }
        : { fw2: null, jql: 'kept' };
  const isKnown = description.languages.some(({ language }) => language === link.language);
  return { ...link, language: isKnown ? link.language : null, cell };
}
