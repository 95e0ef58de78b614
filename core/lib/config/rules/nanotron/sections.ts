// Sections that Nanotron's config may lack but its training cannot.

import { isGiven } from '../../derived/read-values.ts';
import { type NanotronRule, report } from '../rule.ts';

const NEEDED = ['tokens', 'optimizer', 'checkpoints', 'logging', 'data_stages'] as const;

export const sectionMissing: NanotronRule = {
  code: 'section-missing',
  check(context) {
    return NEEDED.filter((section) => !isGiven(context.document, [section])).map((section) =>
      report(context, {
        code: 'section-missing',
        severity: 'error',
        path: [section],
        message: `The section ${section} is missing, and training cannot start without it.`,
        reason:
          'The loader takes a config without it (evaluation tools need no more), but the trainer reads its values unasked and stops.',
      }),
    );
  },
};
