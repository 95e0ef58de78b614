// Opens the lab that a link means, and keeps link and lab alike: a link that is followed sets the lab, a finished
// change is written into the link and remembered for the corpus.
import { useEffect, useRef } from 'react';
import type { DescribeEvent } from '../../../../../core/api/quality.ts';
import { currentRoute, navigate } from '../../../../app/route.ts';
import { type Stream, useStream } from '../../../../app/use-stream.ts';
import { useViewState } from '../../../../app/view-state.ts';
import type { Lab } from './lab.ts';
import { saysSomething } from './link.ts';
import { labHref } from './mode.ts';
import { tokensText } from './tokens.ts';

/** Corpora whose settings are remembered; the oldest is forgotten. */
const REMEMBERED = 30;

type Memory = Readonly<Record<string, string>>;

function parseMemory(stored: unknown): Memory | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  return Object.fromEntries(
    Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

const nothing: Memory = {};

export function useOpenLab(lab: Lab, query: URLSearchParams): Stream {
  const [memory, remember] = useViewState<Memory>('data.quality.settings', parseMemory, nothing);
  const key = lab.paths.join('\n');
  const latest = useRef({ query, memory, remember });
  useEffect(() => {
    latest.current = { query, memory, remember };
  });

  const stream = useStream<DescribeEvent>({
    key: `${key}\n${tokensText(lab.tokens)}`,
    open: (client, signal) =>
      client.quality.describe({ paths: [...lab.paths], tokens: lab.tokens }, { signal }),
    onItem: (event) =>
      lab.opened(event, saysSomething(query) ? query : new URLSearchParams(memory[key] ?? '')),
  });

  const isClosed = stream.state.kind === 'failed';
  useEffect(() => lab.close(isClosed), [lab, isClosed]);

  useEffect(() => {
    if (saysSomething(query)) lab.follow(query);
  }, [lab, query]);

  useEffect(() => {
    const write = () => {
      const { settled, choice, description } = lab.store.getState();
      // Only what was let go: a link for every pixel of a drag would flood the history.
      if (description === null || settled?.choice !== choice) return;
      const parameters = lab.parameters();
      const { memory: known, remember: store } = latest.current;
      const text = new URLSearchParams(parameters).toString();
      if (known[key] !== text) {
        const others = Object.entries(known).filter(([name]) => name !== key);
        store(Object.fromEntries([...others.slice(1 - REMEMBERED), [key, text]]));
      }
      const route = currentRoute();
      if (route?.view !== 'data' || route.argument !== lab.paths[0]) return;
      const target = labHref(lab.paths, parameters);
      if (location.hash !== target) navigate(target, { replace: true });
    };
    write();
    return lab.store.subscribe((state, before) => {
      if (
        state.settled !== before.settled ||
        state.language !== before.language ||
        state.cell !== before.cell
      )
        write();
    });
  }, [lab, key]);

  return stream;
}
