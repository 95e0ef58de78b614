// The buttons below a document: 0–5, flag, skip, back and forth; and what others said, once it may be seen.
import { ChevronLeft, ChevronRight, Flag, SkipForward } from 'lucide-react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import type { AnnotationDocument } from '../../../../core/api/annotations.ts';
import type { Mark } from '../../../../core/lib/annotations/campaign.ts';
import { IconButton } from '../../../ui/button.tsx';
import { KeyHint } from '../../../ui/key-hint.tsx';
import styles from './rating-bar.module.css';

const RATINGS = [0, 1, 2, 3, 4, 5] as const;

export interface RatingBarProps {
  readonly shown: AnnotationDocument;
  readonly isDisabled: boolean;
  readonly isReadOnly: boolean;
  readonly onGive: (mark: Mark) => void;
  readonly onGo: (position: number) => void;
}

export function RatingBar({ shown, isDisabled, isReadOnly, onGive, onGo }: RatingBarProps) {
  const { mine, position, documents } = shown;
  return (
    <div className={styles['bar']}>
      <p className={styles['others']} aria-live="polite">
        {isReadOnly ? 'This workspace can only be read: ratings cannot be given. ' : ''}
        {othersText(shown)}
      </p>
      <div className={styles['buttons']}>
        <IconButton
          icon={ChevronLeft}
          label="Previous document"
          keys="ArrowLeft"
          isDisabled={position <= 0}
          onPress={() => onGo(position - 1)}
        />
        {RATINGS.map((rating) => (
          <ToggleButton
            key={rating}
            aria-label={`Rate ${rating}`}
            className={styles['rating'] ?? ''}
            isSelected={mine?.kind === 'rating' && mine.rating === rating}
            isDisabled={isDisabled}
            onPress={() => onGive({ kind: 'rating', rating })}
          >
            {rating}
          </ToggleButton>
        ))}
        <ToggleButton
          className={styles['other'] ?? ''}
          isSelected={mine?.kind === 'flag'}
          isDisabled={isDisabled}
          onPress={() => onGive({ kind: 'flag' })}
        >
          <Flag size={14} aria-hidden /> {mine?.kind === 'flag' ? 'Flagged' : 'Flag'} <KeyHint keys="F" />
        </ToggleButton>
        <ToggleButton
          className={styles['other'] ?? ''}
          isSelected={mine?.kind === 'skip'}
          isDisabled={isDisabled}
          onPress={() => onGive({ kind: 'skip' })}
        >
          <SkipForward size={14} aria-hidden /> {mine?.kind === 'skip' ? 'Skipped' : 'Skip'}{' '}
          <KeyHint keys="S" />
        </ToggleButton>
        <IconButton
          icon={ChevronRight}
          label="Next document"
          keys="ArrowRight"
          isDisabled={position >= documents - 1}
          onPress={() => onGo(position + 1)}
        />
      </div>
    </div>
  );
}

function markText(mark: Mark): string {
  if (mark.kind === 'rating') return String(mark.rating);
  return mark.kind === 'flag' ? 'flagged' : 'skipped';
}

/** Says nothing about who or how many in a blind campaign before the document is complete. */
function othersText({ others, overlap }: AnnotationDocument): string {
  if (others === null) return `Others are hidden until the document has ${overlap} ratings`;
  if (others.length === 0) return 'Nobody else has rated this document yet';
  return `Others: ${others.map(({ annotator, mark }) => `${annotator} ${markText(mark)}`).join(' · ')}`;
}
