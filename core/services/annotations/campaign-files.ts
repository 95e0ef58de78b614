// Campaigns as files: annotations/<campaign>/campaign.json, read with a sentence about what is wrong, written once.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Campaign, campaign } from '../../lib/annotations/campaign.ts';
import { describedFolders } from '../files/described-folders.ts';

export const ANNOTATION_FOLDER = 'annotations';
const FILE = 'campaign.json';

const campaigns = describedFolders<Campaign>({
  below: ANNOTATION_FOLDER,
  file: FILE,
  noun: 'campaign',
  untouched: 'the ratings beside it are untouched',
  schema: campaign,
  // 10,000 documents with ids as long as URLs, and the guideline.
  maxBytes: 33_554_432,
});

export const campaignFolder = campaigns.folder;
export const readCampaign = campaigns.read;
export const writeCampaign = campaigns.create;
export const campaignNames = campaigns.names;

/** Whether a campaign lies in `folder`, right or damaged. */
export async function isCampaignFolder(folder: string): Promise<boolean> {
  return stat(join(folder, FILE)).then(
    (info) => info.isFile(),
    () => false,
  );
}
