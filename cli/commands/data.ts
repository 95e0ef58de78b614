// `nesso data`: look at data files, alone or many as one dataset, wherever they are.
import { type Command, InvalidArgumentError } from 'commander';
import { readDocument } from '../../core/services/datasets/document.ts';
import { readHistogram } from '../../core/services/datasets/views/histogram.ts';
import { readPage } from '../../core/services/datasets/page.ts';
import type { DatasetSource } from '../../core/services/datasets/source.ts';
import type { CommandContext } from '../command.ts';
import { table } from '../table.ts';
import { tokensNote, withTexts } from '../token-texts.ts';
import { openFile } from '../open-file.ts';
import { registerDataProfile } from './data-profile.ts';
import { registerDataViews } from './data-views.ts';

const MAX_ROWS = 1000;
const MAX_BINS = 1000;
/** Characters of a cell in a text table; with --json cells are as long as in the studio's grid. */
const CELL_CHARACTERS = 40;
const BAR_CHARACTERS = 40;
const TOKENIZER_HELP =
  'of a .ds file: the tokenizer.json, or its folder (default: the one its metadata name)';

function count(high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= high) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${high}.`);
  };
}

function rowNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a whole number from 0.');
}

export function registerData(program: Command, context: CommandContext): void {
  const data = program
    .command('data')
    .description('look at Parquet, JSON-lines, CSV and Arrow: a file, a folder or a quoted pattern of files')
    .option('--skip-damaged', 'leave out files of a folder that cannot be read');

  data
    .command('head <path>')
    .description('the columns and the first rows')
    .option('--limit <rows>', 'how many rows', count(MAX_ROWS), 10)
    .option('--tokenizer <path>', TOKENIZER_HELP)
    .action(
      context.action(async (file: string, options: { limit: number; tokenizer?: string }) => {
        await using opened = await openFile(context, file, data.opts());
        const { engine, source } = opened;
        const stored = await readPage(engine, source, {
          firstRow: 0,
          limit: options.limit,
          columns: source.info.columns.map((column) => column.name),
          signal: context.signal,
        });
        const decoded = await withTexts(context, source, options.tokenizer, async (texts, how) => ({
          tokens: await texts.describe(source, context.signal),
          rows: await texts.fill(source, stored, Array.from(stored.rows.keys()), how),
        }));
        const page = { ...stored, rows: decoded?.rows ?? stored.rows };
        const info = { ...source.info, ...(decoded?.tokens ? { tokens: decoded.tokens } : {}) };
        const objects = page.rows.map((row) =>
          Object.fromEntries(page.columns.map((name, index) => [name, row[index] ?? null])),
        );
        context.print({ ...info, head: objects }, () =>
          [
            ...(info.recognised.title === null ? [] : [info.recognised.title]),
            [
              ...(info.files.length > 1 ? [`${info.files.length} files`] : []),
              `${info.rows.toLocaleString('en')} rows, ${info.format}, ${info.sizeBytes.toLocaleString('en')} bytes`,
            ].join(', '),
            ...info.notes,
            ...brokenLinesNote(source),
            ...tokensNote(decoded?.tokens),
            table(
              page.columns,
              page.rows.map((row) => row.map((cell) => shorten(cell === null ? '' : String(cell)))),
            ),
          ].join('\n'),
        );
        return undefined;
      }),
    );

  data
    .command('document <path>')
    .description('one whole document with all its fields')
    .requiredOption('--row <number>', 'row number, from 0', rowNumber)
    .option('--tokenizer <path>', TOKENIZER_HELP)
    .action(
      context.action(async (file: string, options: { row: number; tokenizer?: string }) => {
        await using opened = await openFile(context, file, data.opts());
        const { engine, source } = opened;
        const stored = await readDocument(engine, source, options.row, context.signal);
        const document =
          (await withTexts(context, source, options.tokenizer, (texts, how) =>
            texts.fillDocument(source, stored, how),
          )) ?? stored;
        context.print(document, () =>
          document.fields
            .map(({ name, value }) => `${name}: ${value === null ? '–' : String(value)}`)
            .join('\n'),
        );
        return undefined;
      }),
    );

  data
    .command('histogram <path>')
    .description('how the numbers of a column are distributed')
    .requiredOption('--column <name>', 'a numeric column')
    .option('--bins <count>', 'how many bins of equal width', count(MAX_BINS), 20)
    .action(
      context.action(async (file: string, options: { column: string; bins: number }) => {
        await using opened = await openFile(context, file, data.opts());
        const { engine, source } = opened;
        const histogram = await readHistogram(engine, source, { ...options, signal: context.signal });
        context.print(histogram, () => {
          const highest = Math.max(1, ...histogram.counts);
          const rows = histogram.counts.map((value, bin) => [
            (histogram.edges[bin] ?? 0).toPrecision(6),
            value.toLocaleString('en'),
            '█'.repeat(Math.round((BAR_CHARACTERS * value) / highest)),
          ]);
          const nulls = `${histogram.rows.toLocaleString('en')} rows, ${histogram.nulls.toLocaleString('en')} without a number`;
          return `${nulls}\n${table(['from', 'rows', ''], rows)}`;
        });
        return undefined;
      }),
    );

  registerDataProfile(data, context, (file) => openFile(context, file, data.opts()));
  registerDataViews(data, context, {
    open: (file) => openFile(context, file, data.opts()),
    limit: count(MAX_ROWS),
    shorten,
    tokenizerHelp: TOKENIZER_HELP,
  });
}

function brokenLinesNote(source: DatasetSource): readonly string[] {
  const { count: broken, first, isCut } = source.info.brokenLines;
  if (broken === 0) return [];
  const lines = first.slice(0, 3).map(({ line, reason }) => `line ${line}: ${reason}`);
  return [
    `${isCut === true ? 'more than ' : ''}${broken} broken lines skipped (${lines.join('; ')}${broken > 3 ? '; …' : ''})`,
  ];
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > CELL_CHARACTERS ? `${line.slice(0, CELL_CHARACTERS - 1)}…` : line;
}
