// Campaigns as files: annotations/<campaign>/campaign.json, read with a sentence about what is wrong, written once.
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { type Campaign, campaign, fileSafeName } from '../../lib/annotations/campaign.ts';
import { makeFolder } from '../files/make-folder.ts';
import { PERSON_FILES_GIT_ATTRIBUTES } from '../files/person-files.ts';
import { readTextFile } from '../files/read-text.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

export const ANNOTATION_FOLDER = 'annotations';
/** 10,000 documents with ids as long as URLs, and the guideline. */
const MAX_CAMPAIGN_BYTES = 33_554_432;
const MAX_CAMPAIGNS = 500;
const FILE = 'campaign.json';

export async function campaignFolder(root: string, name: string): Promise<string> {
  return resolveInside(root, `${ANNOTATION_FOLDER}/${name}`);
}

/** Whether a campaign lies in `folder`, right or damaged. */
export async function isCampaignFolder(folder: string): Promise<boolean> {
  return stat(join(folder, FILE)).then(
    (info) => info.isFile(),
    () => false,
  );
}

/** Throws NOT_FOUND, TOO_LARGE, or CORRUPT_FILE that names the first field that is wrong. */
export async function readCampaign(folder: string, name: string): Promise<Campaign> {
  const path = join(folder, FILE);
  const { text } = await readTextFile(path, MAX_CAMPAIGN_BYTES).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new StudioError('NOT_FOUND', `There is no campaign ${name}`, {
      hint: `Campaigns are folders with a ${FILE} below ${ANNOTATION_FOLDER}/ of the workspace`,
      path,
      cause: error,
    });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notCampaign(path, name, 'it is not valid JSON', error);
  }
  const parsed = campaign.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const reason = `${first?.path.join('.') || 'the file'}: ${first?.message ?? 'unknown'}`;
  throw notCampaign(path, name, reason, parsed.error);
}

function notCampaign(path: string, name: string, reason: string, cause: unknown): StudioError {
  return new StudioError('CORRUPT_FILE', `The campaign ${name} cannot be read: ${reason}`, {
    hint: 'Bring campaign.json back from git; the ratings beside it are untouched',
    path,
    cause,
  });
}

/** Throws ALREADY_EXISTS when the folder is there, whatever is in it. */
export async function writeCampaign(root: string, name: string, value: Campaign): Promise<void> {
  await makeFolder(await resolveInside(root, ANNOTATION_FOLDER));
  const folder = await campaignFolder(root, name);
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new StudioError('ALREADY_EXISTS', `A campaign ${name} exists already`, {
      hint: 'Choose another name',
      path: folder,
      cause: error,
    });
  }
  try {
    await writeFileAtomic(join(folder, '.gitattributes'), PERSON_FILES_GIT_ATTRIBUTES);
    await writeFileAtomic(join(folder, FILE), `${JSON.stringify(value, null, 1)}\n`);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Names of the folders below annotations/ that may be campaigns. */
export async function campaignNames(root: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, ANNOTATION_FOLDER), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && fileSafeName.safeParse(entry.name).success)
    .map(({ name }) => name)
    .sort()
    .slice(0, MAX_CAMPAIGNS);
}
