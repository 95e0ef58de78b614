// The middle pane while annotating: choose a campaign and who one is, then one document at a time, or the report.
import { ClipboardPen } from 'lucide-react';
import { useState } from 'react';
import type { CampaignSummary } from '../../../../core/api/annotations.ts';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { navigate } from '../../../app/route.ts';
import { useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { fileName, formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ModeSwitch } from '../mode-switch.tsx';
import frame from '../mode-frame.module.css';
import styles from './annotate-work.module.css';
import { Desk } from './desk.tsx';
import { NewCampaignDialog } from './new-campaign-dialog.tsx';
import { type Place, placeHref, readPlace, useAnnotator } from './place.ts';
import { ReportView } from './report-view.tsx';
import { useCampaigns } from './use-campaigns.ts';
import { WhoForm } from './who-form.tsx';

const SHOWS = [
  { id: 'documents', title: 'Documents' },
  { id: 'report', title: 'Report' },
] as const;

export function AnnotateWork({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const place = readPlace(query);
  const campaigns = useCampaigns(path, place.campaign);
  const { open } = campaigns;
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title={fileName(path)}
          detail={open ? formatQuantity(open.documents, 'document') : ''}
          actions={<ModeSwitch path={path} query={query} />}
        />
      }
    >
      <div className={frame['stack']}>
        {campaigns.problems.map((problem) => (
          <p key={problem} className={frame['problem']}>
            {problem}
          </p>
        ))}
        {open && campaigns.all ? (
          <Open key={open.campaign} path={path} campaign={open} all={campaigns.all} place={place} />
        ) : campaigns.error ? (
          <ErrorState {...describeError(campaigns.error)} />
        ) : campaigns.all ? (
          <NoCampaign path={path} />
        ) : (
          <Skeleton label="Looking for campaigns" />
        )}
      </div>
    </Pane>
  );
}

function NoCampaign({ path }: { readonly path: string }) {
  const [isOpen, setOpen] = useState(false);
  const { readOnly } = useWorkspace();
  return (
    <>
      <EmptyState
        icon={ClipboardPen}
        title="No campaign over this dataset yet"
        actions={
          <Button isDisabled={readOnly} onPress={() => setOpen(true)}>
            New campaign…
          </Button>
        }
      >
        A campaign is a sample of documents that several people rate from 0 to 5, each without seeing the
        others. Ratings are plain files in the workspace, one a person, and merge in git.
      </EmptyState>
      {isOpen ? <NewCampaignDialog path={path} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Open(props: {
  readonly path: string;
  readonly campaign: CampaignSummary;
  readonly all: readonly CampaignSummary[];
  readonly place: Place;
}) {
  const { path, campaign, all, place } = props;
  const [annotator, setAnnotator] = useAnnotator();
  const [isChanging, setChanging] = useState(false);
  const name = campaign.campaign;
  const asksWho = place.show === 'documents' && (annotator === '' || isChanging);
  const show = (next: Place['show']) => {
    setChanging(false);
    navigate(placeHref(path, { campaign: name, show: next }));
  };
  return (
    <>
      <div className={frame['bar']}>
        <Select
          label="Campaign"
          isLabelHidden
          choices={all.map((one) => ({
            id: one.campaign,
            label: one.name,
            detail: `${formatQuantity(one.documents, 'document')}, ${formatQuantity(one.overlap, 'rating')} each`,
          }))}
          value={name}
          onChange={(next) => navigate(placeHref(path, { campaign: next, show: place.show }))}
        />
        {annotator === '' ? null : (
          <span className={styles['who']}>
            as <strong>{annotator}</strong>
            <Button
              kind="quiet"
              onPress={() => {
                setChanging(true);
                navigate(placeHref(path, { campaign: name }));
              }}
            >
              Change…
            </Button>
          </span>
        )}
        <span className={frame['spring']} />
        <Segmented label="Show" choices={SHOWS} value={place.show} onChange={show} />
      </div>
      {place.show === 'report' ? (
        <ReportView path={path} campaign={campaign} spread={place.spread} />
      ) : asksWho ? (
        <WhoForm
          campaign={name}
          current={annotator}
          onChoose={(chosen) => {
            setAnnotator(chosen);
            setChanging(false);
            navigate(placeHref(path, { campaign: name }), { replace: true });
          }}
        />
      ) : (
        <Desk key={annotator} path={path} campaign={campaign} annotator={annotator} at={place.at} />
      )}
    </>
  );
}
