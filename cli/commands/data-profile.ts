// `nesso data profile`: what is in every column of a file, or of the rows a condition keeps.
import { type Command, InvalidArgumentError } from 'commander';
import type { ColumnProfile } from '../../core/api/dataset-profile.ts';
import { wholeDataset } from '../../core/lib/datasets/view.ts';
import { readProfile } from '../../core/services/datasets/profile/profile.ts';
import { firstOf } from '../../core/services/datasets/profile/profiles.ts';
import { createViewRows } from '../../core/services/datasets/views/view-rows.ts';
import type { CommandContext } from '../command.ts';
import { table } from '../table.ts';
import type { OpenedFile } from '../open-file.ts';

const SHOWN_VALUES = 3;

interface ProfileOptions {
  readonly where?: string;
  readonly first?: number;
}

export function registerDataProfile(
  data: Command,
  context: CommandContext,
  open: (file: string) => Promise<OpenedFile>,
): void {
  data
    .command('profile <path>')
    .description('what is in every column: nulls, distinct values, quartiles, lengths, frequent values')
    .option('--where <condition>', 'only rows that a condition in SQL keeps')
    .option('--first <rows>', 'only the first rows', rowCount)
    .action(
      context.action(async (file: string, options: ProfileOptions) => {
        await using opened = await open(file);
        const { engine, source } = opened;
        const { signal } = context;
        const { where, first = null } = options;
        const totalRows = source.info.rows;
        const profile = await (async () => {
          if (where === undefined) {
            const rows = Math.min(first ?? totalRows, totalRows);
            const among = rows < totalRows ? { relation: firstOf(source, rows), rows, totalRows } : undefined;
            return readProfile(engine, source, { among, signal });
          }
          const views = createViewRows(engine);
          const view = {
            ...wholeDataset,
            filters: [{ kind: 'sql' as const, condition: where, negated: false }],
          };
          const { viewId } = await views.open(source, view, { signal });
          return views.among(viewId, first, signal, (among) =>
            readProfile(engine, source, { among, signal }),
          );
        })();
        context.print(profile, () => {
          const seen = profile.rows.toLocaleString('en');
          const all = profile.totalRows.toLocaleString('en');
          const title = profile.rows < profile.totalRows ? `the first ${seen} of ${all} rows` : `${all} rows`;
          return [
            title,
            table(
              ['column', 'type', 'nulls', 'distinct', 'min', 'quartiles', 'max', 'mean', 'most frequent'],
              profile.columns.map((column) => lineOf(column, profile.rows)),
            ),
          ].join('\n');
        });
        return undefined;
      }),
    );
}

function rowCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

function lineOf(column: ColumnProfile, rows: number): readonly string[] {
  const { name, type, nulls, distinct, numbers, lengths, range, values } = column;
  const spread = numbers ?? lengths;
  const unit = lengths === null ? '' : ` ${lengths.unit}`;
  const short = (value: number): string => String(Number(value.toPrecision(5)));
  return [
    name,
    type.slice(0, 20),
    rows === 0 ? '' : `${((100 * nulls) / rows).toFixed(1)} %`,
    distinct === null ? '' : `${distinct.isExact ? '' : '≈ '}${distinct.count.toLocaleString('en')}`,
    spread === null ? (range?.first ?? '') : short(spread.min),
    spread === null ? '' : spread.quartiles.map(short).join(' '),
    spread === null ? (range?.last ?? '') : `${short(spread.max)}${unit}`,
    spread === null ? '' : short(spread.mean),
    values
      .slice(0, SHOWN_VALUES)
      .map(({ value, rows: count }) => `${String(value).slice(0, 20)} (${count.toLocaleString('en')})`)
      .join(', '),
  ];
}
