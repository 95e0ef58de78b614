// What else can be done with the log that was used last: copy, go to a line or to the first error, link, save, find its file.
import { EllipsisVertical } from 'lucide-react';
import type { SeriesSource } from '../../../../core/api/series.ts';
import { copyText } from '../../../app/copy-text.ts';
import { notifyError } from '../../../app/notifications.ts';
import { useClient, useSession, useWorkspace } from '../../../app/session.ts';
import { Menu } from '../../../ui/menu.tsx';
import type { LogViewHandle } from './log-view.tsx';
import { saveLog } from './save-log.ts';

export function LogMenu({
  source,
  name,
  shownName,
  log,
  link,
  goToCause,
}: {
  readonly source: SeriesSource;
  /** Null: the main log. */
  readonly name: string | null;
  readonly shownName: string;
  readonly log: () => LogViewHandle | null;
  /** To the line one is at. */
  readonly link: () => string;
  /** Null where there is one log alone. */
  readonly goToCause: (() => Promise<void>) | null;
}) {
  const client = useClient();
  const { desktop } = useSession().connection;
  const workspace = useWorkspace().path;
  /** On the computer where core is. */
  const path = `${workspace}/${source.kind === 'file' ? source.path : `runs/${source.id}/${shownName}`}`;
  return (
    <Menu
      label="More about this log"
      icon={EllipsisVertical}
      groups={[
        [
          {
            id: 'copy',
            label: 'Copy the selection',
            keys: 'Mod+C',
            perform: () => void log()?.copy('shown').catch(notifyError),
          },
          {
            id: 'copy-raw',
            label: 'Copy the lines with their colours',
            detail: 'Escapes and earlier states included',
            perform: () => void log()?.copy('raw').catch(notifyError),
          },
        ],
        [
          ...(goToCause !== null
            ? [
                {
                  id: 'cause',
                  label: 'Go to the first error of all logs',
                  keys: 'Alt+F8',
                  perform: () => void goToCause().catch(notifyError),
                },
              ]
            : []),
          {
            id: 'line',
            label: 'Go to line…',
            keys: 'Mod+G',
            perform: () => log()?.openGoToLine(),
          },
          {
            id: 'link',
            label: 'Copy the link to this line',
            perform: () => {
              copyText(new URL(link(), location.href).href, 'Copied the link');
            },
          },
        ],
        [
          {
            id: 'save',
            label: 'Save the log…',
            perform: () => void saveLog(client, source, name).catch(notifyError),
          },
          desktop === null
            ? {
                id: 'path',
                label: 'Copy its path',
                perform: () => copyText(path, 'Copied the path'),
              }
            : {
                id: 'folder',
                label: 'Show in its folder',
                perform: () => void desktop.showInFolder(path).catch(notifyError),
              },
        ],
      ]}
    />
  );
}
