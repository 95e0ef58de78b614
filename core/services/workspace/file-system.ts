// Which kind of file system a folder lies on: some tell a watcher nothing of what other computers write.
import { statfs } from 'node:fs/promises';

/**
 * Numbers by which Linux names file systems (`statfs(2)`) that are shared with other computers: NFS, SMB, CIFS, 9p, Lustre, GPFS, BeeGFS,
 * Ceph, AFS.
 */
const sharedTypes: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x0bd00bd0, 0x47504653, 0x19830326, 0x00c36400,
  0x5346414f,
]);

/** Whether changes there have to be looked for. False where the system does not say. */
export async function isPolledFileSystem(path: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return statfs(path).then(
    // A signed number on some systems.
    ({ type }) => sharedTypes.has(type >>> 0),
    () => false,
  );
}
