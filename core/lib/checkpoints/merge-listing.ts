// Checkpoints of a run over time: what was looked at before stays known while its folder is there.
import type { Checkpoint, CheckpointList } from '../../api/checkpoints.ts';
import { isNamedLatest } from './layouts.ts';
import { type FolderListing } from './listing-script.ts';

export const NO_CHECKPOINTS: CheckpointList = {
  checkpoints: [],
  folders: [],
  lookedMs: null,
  problem: null,
  disk: null,
};

/** Of those that are whole only the names are asked again. */
export function knownNames({ checkpoints }: CheckpointList): readonly string[] {
  return checkpoints.filter(({ problem }) => problem === null).map(({ name }) => name);
}

export function mergeListing(
  before: CheckpointList,
  listing: FolderListing,
  lookedMs: number,
): CheckpointList {
  if (listing.path === null) {
    return { ...NO_CHECKPOINTS, lookedMs, problem: 'The folder of its checkpoints is not there yet' };
  }
  const { path } = listing;
  const byName = new Map<string, Checkpoint>();
  for (const checkpoint of before.checkpoints)
    if (checkpoint.path === `${path}/${checkpoint.name}`) byName.set(checkpoint.name, checkpoint);
  for (const checkpoint of listing.looked) byName.set(checkpoint.name, checkpoint);
  const there = new Set(listing.names);
  const checkpoints = [...byName.values()]
    .filter(({ name }) => there.has(name))
    .map((checkpoint) => ({ ...checkpoint, isLatest: isNamedLatest(checkpoint, listing.latestText) }))
    .sort((left, right) => left.step - right.step);
  return {
    checkpoints,
    folders: [path],
    lookedMs,
    problem: null,
    disk: listing.disk === null ? null : { path, ...listing.disk },
  };
}
