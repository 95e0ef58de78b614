// How many findings of a run wait for a person, with the newest one in words.
import type { Finding } from '../../../../core/api/findings.ts';
import { Badge } from '../../../ui/badge.tsx';
import { formatQuantity } from '../../../ui/format.ts';

/** Newest first. */
export function FindingsBadge({ findings }: { readonly findings: readonly Finding[] }) {
  const isBad = findings.some(({ severity }) => severity === 'error');
  const title = `${formatQuantity(findings.length, 'finding')}; newest: ${findings[0]?.title ?? ''}`;
  return (
    <Badge tone={isBad ? 'bad' : 'warn'} title={title}>
      <span aria-hidden="true">{findings.length}</span>
      <span className="visually-hidden">{title}</span>
    </Badge>
  );
}
