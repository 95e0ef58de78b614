// Notices: what a person should know although no call of theirs failed (a runtime died, a save was merged).
import { randomUUID } from 'node:crypto';
import type { Notice } from '../../api/system.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';

export interface NoticeBoard {
  readonly bus: SignalBus<Notice>;
  post(notice: Pick<Notice, 'severity' | 'title' | 'detail'>): void;
}

export function createNoticeBoard(): NoticeBoard {
  const bus = createSignalBus<Notice>();
  return {
    bus,
    post: (notice) => bus.emit({ ...notice, id: randomUUID(), atMs: Date.now() }),
  };
}
