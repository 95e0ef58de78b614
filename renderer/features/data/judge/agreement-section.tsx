// How the judge agrees with people who rated documents of the same data set.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatInteger } from '../../../../core/lib/format/numbers.ts';
import { describeError } from '../../../app/describe-error.ts';
import { useClient } from '../../../app/session.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { FigureFrame } from '../../../charts/figure-frame.tsx';
import { formatFixed, formatQuantity } from '../../../ui/format.ts';
import { Section } from '../../../ui/pane.tsx';
import { Figure } from '../../../ui/property-list.tsx';
import { Select } from '../../../ui/select.tsx';
import { useCampaigns } from '../annotate/use-campaigns.ts';
import frame from '../report-frame.module.css';
import styles from './board-view.module.css';
import { judgesKey } from './use-setup.ts';

const shown = (value: number | null): string => (value === null ? '–' : formatFixed(value, 3));

/** `documents` judged so far: a new number asks again. */
export function AgreementSection(props: {
  readonly path: string;
  readonly judgement: string;
  readonly documents: number;
}) {
  const { path, judgement, documents } = props;
  const client = useClient();
  const { all } = useCampaigns(path, null);
  const [named, setNamed] = useState<string | null>(null);
  const campaign = all?.find((one) => one.campaign === named) ?? all?.[0] ?? null;
  const agreement = useQuery({
    queryKey: [...judgesKey, 'agreement', judgement, campaign?.campaign, documents],
    queryFn: ({ signal }) =>
      client.judges.agreement({ judgement, campaign: campaign?.campaign ?? '' }, { signal }),
    enabled: campaign !== null && documents > 0,
    placeholderData: (previous) => previous,
  });
  if (campaign === null || all === null) return null;
  const found = agreement.data;
  return (
    <Section title="Agreement with people" aside="by document id, where the ratings may be shown">
      <div className={styles['pair']}>
        <Select
          label="Campaign"
          isLabelHidden
          choices={all.map((one) => ({
            id: one.campaign,
            label: one.name,
            detail: formatQuantity(one.documents, 'document'),
          }))}
          value={campaign.campaign}
          onChange={setNamed}
        />
        <p className={frame['hint']}>
          {found === undefined
            ? ''
            : found.documents + found.invalid === 0
              ? 'No document has both a rating of people and a judgement'
              : `${formatQuantity(found.documents, 'document')} in common, ${formatInteger(found.invalid)} without a valid score`}
        </p>
      </div>
      {agreement.error ? <ErrorState {...describeError(agreement.error)} compact /> : null}
      {found === undefined || found.documents === 0 ? null : (
        <FigureFrame
          name={`Agreement of ${judgement} with ${campaign.name}`}
          title=""
          summary={`Over ${formatQuantity(found.documents, 'document')}: Spearman ${shown(found.spearman)}, Kendall ${shown(found.kendall)}, mean absolute error ${shown(found.mae)}, macro-F1 ${shown(found.macroF1)}`}
          numbers={() => ({
            header: ['Measure', 'Value'],
            rows: [
              ['Documents', found.documents],
              ['Documents without a valid score', found.invalid],
              ['Spearman', found.spearman],
              ['Spearman, p', found.pValue],
              ['Kendall tau-b', found.kendall],
              ['Mean absolute error', found.mae],
              ['Macro-F1, classes that occur', found.macroF1],
            ],
          })}
          isTableItself
        >
          <div className={frame['figures']}>
            <Figure
              value={shown(found.spearman)}
              caption={`Spearman${found.pValue === null ? '' : `, p ${found.pValue.toPrecision(2)}`}`}
            />
            <Figure value={shown(found.kendall)} caption="Kendall τ-b" />
            <Figure value={shown(found.mae)} caption="mean absolute error" />
            <Figure value={shown(found.macroF1)} caption="macro-F1, classes that occur" />
          </div>
        </FigureFrame>
      )}
    </Section>
  );
}
