// Whether the process that left a file behind is known to be gone. Good enough for hints and locks of seconds; what
// sends signals uses the identity with start time (native/runner).
import { hostname } from 'node:os';

/** True only for a process of this computer that no longer exists; EPERM means that it lives and is another user's. */
export function isDeadHere(owner: { readonly pid: number; readonly host: string }): boolean {
  if (owner.host !== hostname()) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
