// Whether a model was compared with its source, and how that went, in a word.
import { ShieldCheck, ShieldX } from 'lucide-react';
import type { ModelSummary } from '../../../../core/api/models.ts';
import { Badge } from '../../../ui/badge.tsx';
import { verdictWords } from './parity-words.ts';
import styles from './verify.module.css';

export function ParityBadge({ verification }: Pick<ModelSummary, 'verification'>) {
  if (verification === null) return null;
  if (!verification.isCurrent) {
    return <Badge title="The model changed since it was verified">Verified before it changed</Badge>;
  }
  const { tone, short, sentence } = verdictWords[verification.verdict];
  return (
    <Badge tone={tone} title={sentence}>
      {short}
    </Badge>
  );
}

/** The same as a small mark, where there is no room for words. */
export function ParityMark({ verification }: Pick<ModelSummary, 'verification'>) {
  if (verification === null || !verification.isCurrent) return null;
  const { sentence } = verdictWords[verification.verdict];
  const isSame = verification.verdict !== 'different';
  const Icon = isSame ? ShieldCheck : ShieldX;
  return (
    <span title={sentence} className={isSame ? styles['good'] : styles['bad']}>
      <Icon size={13} aria-label={sentence} />
    </span>
  );
}
