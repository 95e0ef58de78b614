// Routes of annotation: binds the contract to the services of this folder.
import { type CampaignSummary, MAX_SPREAD_DOCUMENTS } from '../../api/annotations.ts';
import { StudioError } from '../../api/errors.ts';
import { annotationText } from '../../lib/annotations/annotation-lines.ts';
import type { Campaign } from '../../lib/annotations/campaign.ts';
import { documentsOfSpread, reportCampaign } from '../../lib/annotations/campaign-report.ts';
import {
  annotatorProgress,
  isRevealed,
  nextPosition,
  ratedDocuments,
  ratingsOf,
} from '../../lib/annotations/campaign-state.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { appendLine } from '../files/append-line.ts';
import { personFile } from '../files/person-files.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { readAnnotators } from './annotator-files.ts';
import {
  ANNOTATION_FOLDER,
  campaignFolder,
  campaignNames,
  readCampaign,
  writeCampaign,
} from './campaign-files.ts';
import { documentColumns, drawDocuments, readText } from './draw-documents.ts';

/** What reads data sets, shared with the viewer. */
export interface AnnotationReading {
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
}

export function annotationsRoutes(context: CoreContext, { engine, library }: AnnotationReading) {
  const root = () => context.workspace.require().path;
  const requireWritable = (): void => {
    if (!context.workspace.require().readOnly) return;
    throw new StudioError('READ_ONLY', 'This workspace can only be read', {
      hint: 'Annotate in a copy of it that you may write to',
      path: root(),
    });
  };
  const openCampaign = async (name: string) => {
    const folder = await campaignFolder(root(), name);
    const campaign = await readCampaign(folder, name);
    return { folder, campaign, annotators: await readAnnotators(folder) };
  };

  return {
    procedures: {
      list: api.annotations.list.handler(async () => {
        const names = await campaignNames(root());
        const entries = await Promise.all(names.map((name) => listed(root(), name)));
        const newest = (entry: (typeof entries)[number]) =>
          entry.kind === 'campaign' ? entry.createdMs : -Infinity;
        return entries.sort((a, b) => newest(b) - newest(a));
      }),
      create: api.annotations.create.handler(async ({ input, signal }) => {
        requireWritable();
        const source = await library.open(await resolveInside(root(), input.dataset), signal);
        const columns = documentColumns(source);
        const documents = await drawDocuments(source, { ...input, ...columns }, { engine, signal });
        const { name, dataset, seed, stratifyBy, overlap, blind, guideline } = input;
        const campaign: Campaign = {
          version: 1,
          name,
          dataset,
          ...columns,
          seed,
          stratifiedBy: stratifyBy,
          overlap,
          blind,
          guideline,
          createdMs: Date.now(),
          documents,
        };
        await writeCampaign(root(), input.campaign, campaign);
        return summaryOf(input.campaign, campaign);
      }),
      next: api.annotations.next.handler(async ({ input }) => {
        const { campaign, annotators } = await openCampaign(input.campaign);
        return { position: nextPosition(campaign, annotators, input.annotator, input.after) };
      }),
      at: api.annotations.at.handler(async ({ input, signal }) => {
        const { campaign, annotators } = await openCampaign(input.campaign);
        const document = campaign.documents[input.position];
        if (!document) {
          throw new StudioError('NOT_FOUND', `There is no document ${input.position + 1}`, {
            hint: `The campaign has ${campaign.documents.length}`,
          });
        }
        const source = await library.open(await resolveInside(root(), campaign.dataset), signal);
        const { id } = document;
        const others = annotators.flatMap(({ annotator, marks }) => {
          const mark = marks.get(id);
          return mark && annotator !== input.annotator ? [{ annotator, mark }] : [];
        });
        return {
          position: input.position,
          documents: campaign.documents.length,
          id,
          ...(await readText(source, campaign, document, { engine, signal })),
          mine: annotators.find(({ annotator }) => annotator === input.annotator)?.marks.get(id) ?? null,
          ratings: ratingsOf(id, annotators),
          overlap: campaign.overlap,
          others: isRevealed(campaign, id, annotators) ? others : null,
        };
      }),
      rate: api.annotations.rate.handler(async ({ input }) => {
        requireWritable();
        const { folder, campaign } = await openCampaign(input.campaign);
        const position = campaign.documents.findIndex(({ id }) => id === input.document);
        if (position < 0) {
          throw new StudioError('NOT_FOUND', `Document ${input.document} is not part of this campaign`, {
            hint: 'Go on with a document of the campaign',
          });
        }
        const path = await resolveInside(
          root(),
          `${ANNOTATION_FOLDER}/${input.campaign}/${personFile(input.annotator)}`,
        );
        await withFileLock(root(), path, () =>
          appendLine(path, annotationText(input.document, input.mark, Date.now())),
        );
        const annotators = await readAnnotators(folder);
        return { next: nextPosition(campaign, annotators, input.annotator, position) };
      }),
      progress: api.annotations.progress.handler(async ({ input }) => {
        const { campaign, annotators } = await openCampaign(input.campaign);
        const rated = ratedDocuments(campaign, annotators);
        const counts = rated.documents.map(
          ({ ratings }) => ratings.filter((rating) => rating !== null).length,
        );
        return {
          documents: campaign.documents.length,
          completeDocuments: counts.filter((count) => count >= campaign.overlap).length,
          ratings: counts.reduce((sum, count) => sum + count, 0),
          annotators: annotators.map((annotator) => annotatorProgress(campaign, annotator)),
        };
      }),
      report: api.annotations.report.handler(async ({ input }) => {
        const { campaign, annotators } = await openCampaign(input.campaign);
        return reportCampaign(campaign, annotators);
      }),
      spread: api.annotations.spread.handler(async ({ input }) => {
        const { campaign, annotators } = await openCampaign(input.campaign);
        return documentsOfSpread(campaign, annotators, { ...input, limit: MAX_SPREAD_DOCUMENTS });
      }),
    },
    dispose: () => Promise.resolve(),
  };
}

function summaryOf(name: string, campaign: Campaign): CampaignSummary {
  const { dataset, documents, overlap, blind, guideline, stratifiedBy, seed, createdMs } = campaign;
  return {
    campaign: name,
    name: campaign.name,
    dataset,
    documents: documents.length,
    overlap,
    blind,
    guideline,
    stratifiedBy,
    seed,
    createdMs,
  };
}

async function listed(root: string, name: string) {
  try {
    const campaign = await readCampaign(await campaignFolder(root, name), name);
    return { kind: 'campaign' as const, ...summaryOf(name, campaign) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { kind: 'problem' as const, campaign: name, problem };
  }
}
