// Rating one document after another: what is shown, giving a mark, and going on. A key that comes before the next document is
// there does nothing, so that nobody rates what they have not seen.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { AnnotationDocument } from '../../../../core/api/annotations.ts';
import type { Mark } from '../../../../core/lib/annotations/campaign.ts';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { placeHref } from './place.ts';
import { annotationsKey } from './use-campaigns.ts';

export interface Desk {
  readonly document: AnnotationDocument | null;
  readonly isStale: boolean;
  /** The document could not be read. */
  readonly error: unknown;
  /** The last mark could not be saved. */
  readonly failure: unknown;
  give(mark: Mark): Promise<void>;
  go(position: number): void;
}

export function useDesk(options: {
  readonly path: string;
  readonly campaign: string;
  readonly annotator: string;
  readonly at: number | 'done' | null;
}): Desk {
  const { path, campaign, annotator, at } = options;
  const client = useClient();
  const queries = useQueryClient();
  const isBusy = useRef(false);
  const isShown = useRef(true);
  const [failure, setFailure] = useState<unknown>(null);
  const position = typeof at === 'number' ? at : null;
  const document = useQuery({
    queryKey: [...annotationsKey, 'document', campaign, annotator, position],
    queryFn: ({ signal }) =>
      client.annotations.at({ campaign, annotator, position: position ?? 0 }, { signal }),
    enabled: position !== null,
    placeholderData: keepPreviousData,
  });
  const goTo = (next: number | null) =>
    navigate(placeHref(path, { campaign, at: next ?? 'done' }), { replace: true });

  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  useEffect(() => {
    if (at !== null) return;
    const controller = new AbortController();
    client.annotations.next({ campaign, annotator, after: -1 }, { signal: controller.signal }).then(
      (answer) => navigate(placeHref(path, { campaign, at: answer.position ?? 'done' }), { replace: true }),
      (error: unknown) => {
        if (!controller.signal.aborted) setFailure(error);
      },
    );
    return () => controller.abort();
  }, [client, path, campaign, annotator, at]);

  const isReady = document.data !== undefined && !document.isPlaceholderData && position !== null;
  return {
    document: position === null ? null : (document.data ?? null),
    isStale: document.isPlaceholderData,
    error: document.isPlaceholderData ? null : document.error,
    failure,
    async give(mark) {
      if (!isReady || isBusy.current) return;
      isBusy.current = true;
      try {
        const { next } = await client.annotations.rate({
          campaign,
          annotator,
          document: document.data.id,
          mark,
        });
        setFailure(null);
        void queries.invalidateQueries({ queryKey: annotationsKey });
        if (isShown.current) goTo(next);
      } catch (error) {
        setFailure(error);
      } finally {
        isBusy.current = false;
      }
    },
    go: goTo,
  };
}
