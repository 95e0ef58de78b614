// The right pane while annotating: the guideline, who did how much, and how the documents were drawn.
import type { CampaignSummary } from '../../../../core/api/annotations.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { formatAge, formatDateTime, formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader, PaneHint, Section } from '../../../ui/pane.tsx';
import { PropertyList } from '../../../ui/property-list.tsx';
import styles from './annotate-inspector.module.css';
import { readPlace } from './place.ts';
import { useCampaigns, useProgress } from './use-campaigns.ts';

export function AnnotateInspector({ argument, query }: PaneProps) {
  const { open } = useCampaigns(argument ?? '', readPlace(query).campaign);
  return (
    <Pane header={<PaneHeader title="Guideline" detail={open?.name ?? ''} />}>
      {open ? (
        <>
          <p className={styles['guideline']}>
            {open.guideline.trim() === '' ? 'No guideline' : open.guideline}
          </p>
          <People campaign={open} />
          <Section title="Campaign">
            <PropertyList
              properties={[
                { name: 'Documents', value: formatInteger(open.documents) },
                { name: 'Ratings per document', value: formatInteger(open.overlap) },
                { name: 'Others', value: open.blind ? 'hidden until complete' : 'shown' },
                { name: 'Drawn', value: open.stratifiedBy ? `evenly by ${open.stratifiedBy}` : 'all alike' },
                { name: 'Seed', value: String(open.seed) },
                { name: 'Made', value: formatDateTime(open.createdMs) },
                { name: 'Folder', value: <code>{`annotations/${open.campaign}`}</code> },
              ]}
            />
          </Section>
        </>
      ) : (
        <PaneHint>The guideline of a campaign is shown here while rating</PaneHint>
      )}
    </Pane>
  );
}

function People({ campaign }: { readonly campaign: CampaignSummary }) {
  const progress = useProgress(campaign.campaign);
  const people = progress.data?.annotators ?? [];
  const broken = people.filter(({ brokenLines, strangeDocuments }) => brokenLines + strangeDocuments > 0);
  return (
    <Section title="People" aside={`rated of ${formatInteger(campaign.documents)}`}>
      {people.length === 0 ? <p className={styles['none']}>Nobody has begun yet</p> : null}
      <PropertyList
        properties={people.map(({ annotator, rated, flagged, newestMs }) => ({
          name: annotator,
          value: `${formatInteger(rated)}${flagged > 0 ? `, ${formatInteger(flagged)} flagged` : ''}${newestMs === null ? '' : ` · ${formatAge(newestMs)}`}`,
        }))}
      />
      {broken.map(({ annotator, brokenLines, strangeDocuments }) => (
        <p key={annotator} className={styles['broken']}>
          {annotator}.jsonl: {leftOutText(brokenLines, strangeDocuments)}
        </p>
      ))}
    </Section>
  );
}

function leftOutText(brokenLines: number, strangeDocuments: number): string {
  const parts = [
    ...(brokenLines > 0 ? [formatQuantity(brokenLines, 'broken line')] : []),
    ...(strangeDocuments > 0
      ? [formatQuantity(strangeDocuments, 'document outside the campaign', 'documents outside the campaign')]
      : []),
  ];
  return `${parts.join(' and ')} left out`;
}
