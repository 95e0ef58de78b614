// One document in a comfortable column and the keys to rate it: 0–5, F flags, S skips, arrows go back and forth.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { AnnotationDocument, CampaignSummary } from '../../../../core/api/annotations.ts';
import type { Mark } from '../../../../core/lib/annotations/campaign.ts';
import { type Command, useCommands } from '../../../app/commands.ts';
import { describeError } from '../../../app/describe-error.ts';
import { navigate } from '../../../app/route.ts';
import { useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { DocumentText } from '../reader/document-text.tsx';
import styles from './desk.module.css';
import { placeHref } from './place.ts';
import { RatingBar } from './rating-bar.tsx';
import { annotationsKey, useProgress } from './use-campaigns.ts';
import { useDesk } from './use-desk.ts';

export interface DeskProps {
  readonly path: string;
  readonly campaign: CampaignSummary;
  readonly annotator: string;
  readonly at: number | 'done' | null;
}

const RATINGS = [0, 1, 2, 3, 4, 5] as const;
/** Where digits and letters already mean something else, and where arrows do. */
const takesLetters = '[role="dialog"], [role="listbox"], [role="menu"]';
const takesArrows = `${takesLetters}, [role="radiogroup"], [role="separator"], [role="slider"]`;
const isOutside = (selector: string) => document.activeElement?.closest(selector) == null;

export function Desk({ path, campaign, annotator, at }: DeskProps) {
  const desk = useDesk({ path, campaign: campaign.campaign, annotator, at });
  const { readOnly } = useWorkspace();
  const column = useRef<HTMLDivElement>(null);
  const shown = desk.document;
  const last = campaign.documents - 1;
  const position = typeof at === 'number' ? at : at === 'done' ? last + 1 : null;
  const canRate = shown !== null && !desk.isStale && !readOnly;
  const act = useRef({ give: desk.give, go: desk.go });
  useEffect(() => {
    act.current = { give: desk.give, go: desk.go };
  });
  useEffect(() => {
    column.current?.scrollTo(0, 0);
    // So that Page Down and Space scroll the text at once.
    if (document.activeElement === document.body) column.current?.focus({ preventScroll: true });
  }, [position]);
  useCommands(
    useMemo((): readonly Command[] => {
      const mark = (id: string, title: string, keys: string, given: Mark): Command => ({
        id: `data.annotate.${id}`,
        title,
        keys,
        group: 'Annotate',
        when: () => canRate && isOutside(takesLetters),
        perform: () => act.current.give(given),
      });
      const step = (id: string, title: string, keys: string, target: number | null): Command => ({
        id: `data.annotate.${id}`,
        title,
        keys,
        group: 'Annotate',
        when: () => target !== null && target >= 0 && target <= last && isOutside(takesArrows),
        perform: () => act.current.go(target ?? 0),
      });
      return [
        ...RATINGS.map((rating) =>
          mark(`rate${rating}`, `Rate the document ${rating}`, String(rating), { kind: 'rating', rating }),
        ),
        mark('flag', 'Flag the document as broken', 'F', { kind: 'flag' }),
        mark('skip', 'Skip the document', 'S', { kind: 'skip' }),
        step(
          'previous',
          'Previous document of the campaign',
          'ArrowLeft',
          position === null ? null : position - 1,
        ),
        step('next', 'Next document of the campaign', 'ArrowRight', position === null ? null : position + 1),
      ];
    }, [canRate, position, last]),
  );

  return (
    <section className={styles['desk']} aria-label="Rating">
      <OwnProgress campaign={campaign} annotator={annotator} />
      {desk.failure ? <ErrorState compact {...describeError(desk.failure)} /> : null}
      {/* The text scrolls with the keyboard only where it can have the focus. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={column} className={styles['scroll']} role="group" aria-label="Document" tabIndex={0}>
        {at === 'done' ? (
          <Done path={path} campaign={campaign} annotator={annotator} />
        ) : desk.error ? (
          <ErrorState {...describeError(desk.error)} />
        ) : shown ? (
          <Reader shown={shown} isStale={desk.isStale} />
        ) : (
          <Skeleton label="Reading the document" rows={10} />
        )}
      </div>
      {shown && at !== 'done' ? (
        <RatingBar
          shown={shown}
          isDisabled={!canRate}
          isReadOnly={readOnly}
          onGive={(mark) => void desk.give(mark)}
          onGo={desk.go}
        />
      ) : null}
    </section>
  );
}

function Reader({ shown, isStale }: { readonly shown: AnnotationDocument; readonly isStale: boolean }) {
  return (
    <article className={styles['column']} data-stale={isStale || undefined}>
      <p className={styles['place']} aria-live="polite">
        Document {formatInteger(shown.position + 1)} of {formatInteger(shown.documents)}
      </p>
      <div className={styles['text']}>
        <DocumentText text={shown.text} />
      </div>
      {shown.text.trim() === '' ? <p className={styles['note']}>This document is empty</p> : null}
      {shown.truncated ? (
        <p className={styles['note']}>
          Cut after {formatInteger(shown.text.length)} characters: the document is longer
        </p>
      ) : null}
    </article>
  );
}

function OwnProgress(props: { readonly campaign: CampaignSummary; readonly annotator: string }) {
  const { campaign, annotator } = props;
  const progress = useProgress(campaign.campaign);
  const own = progress.data?.annotators.find((one) => one.annotator === annotator);
  const { rated = 0, flagged = 0, skipped = 0 } = own ?? {};
  const facts = [
    `${formatInteger(rated)} of ${formatInteger(campaign.documents)} rated by you`,
    ...(flagged > 0 ? [`${formatInteger(flagged)} flagged`] : []),
    ...(skipped > 0 ? [`${formatInteger(skipped)} skipped`] : []),
    `${formatInteger(progress.data?.completeDocuments ?? 0)} complete with ${formatQuantity(campaign.overlap, 'rating')}`,
  ];
  const share = (rated + flagged) / campaign.documents;
  return (
    <div className={styles['progress']}>
      <div
        className={styles['track']}
        role="progressbar"
        aria-label="Your progress"
        aria-valuemin={0}
        aria-valuemax={campaign.documents}
        aria-valuenow={rated + flagged}
      >
        <div className={styles['done']} style={{ width: `${100 * share}%` }} />
      </div>
      <span>{facts.join(' · ')}</span>
    </div>
  );
}

function Done({ path, campaign, annotator }: Omit<DeskProps, 'at'>) {
  const queries = useQueryClient();
  const name = campaign.campaign;
  return (
    <EmptyState
      title="Nothing left for you to rate"
      actions={
        <>
          <Button onPress={() => navigate(placeHref(path, { campaign: name, at: 0 }))}>First document</Button>
          <Button
            onPress={() => {
              void queries.invalidateQueries({ queryKey: annotationsKey });
              navigate(placeHref(path, { campaign: name, show: 'report' }));
            }}
          >
            Show the report
          </Button>
        </>
      }
    >
      Every document is rated or flagged by {annotator}, or has all ratings it needs. Arrow keys go back to
      change a rating.
    </EmptyState>
  );
}
