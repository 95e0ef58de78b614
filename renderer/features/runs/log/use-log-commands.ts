// What the keyboard and the palette can do with the log that was used last; keys as in VS Code.
import { useEffect, useMemo, useRef } from 'react';
import type { Command } from '../../../app/commands.ts';
import { notifyError } from '../../../app/notifications.ts';
import type { LogViewHandle } from './log-view.tsx';

export function useLogCommands(
  current: () => LogViewHandle | null,
  /** Where there are several logs: to the first error of all of them. */
  goToCause: (() => Promise<void>) | null,
): readonly Command[] {
  const newest = useRef({ current, goToCause });
  useEffect(() => {
    newest.current = { current, goToCause };
  });
  const hasCause = goToCause !== null;
  return useMemo(() => {
    const command = (
      id: string,
      title: string,
      keys: string,
      act: (log: LogViewHandle) => void,
    ): Command => ({
      id: `runs.log-${id}`,
      title,
      group: 'Runs',
      keys,
      keysInText: true,
      perform() {
        const log = newest.current.current();
        if (log) act(log);
      },
    });
    return [
      command('search', 'Search the log…', 'Mod+F', (log) => log.openSearch()),
      command('next-match', 'Next match in the log', 'F3', (log) => log.stepMatch('next')),
      command('previous-match', 'Previous match in the log', 'Shift+F3', (log) => log.stepMatch('previous')),
      command('go-to-line', 'Go to line of the log…', 'Mod+G', (log) => log.openGoToLine()),
      command('next-error', 'Next error in the log', 'F8', (log) => log.stepTrouble('next')),
      command('previous-error', 'Previous error in the log', 'Shift+F8', (log) =>
        log.stepTrouble('previous'),
      ),
      ...(hasCause
        ? [
            {
              id: 'runs.log-first-cause',
              title: 'Go to the first error of all logs',
              group: 'Runs',
              keys: 'Alt+F8',
              keysInText: true,
              perform() {
                newest.current.goToCause?.().catch(notifyError);
              },
            },
          ]
        : []),
    ];
  }, [hasCause]);
}
