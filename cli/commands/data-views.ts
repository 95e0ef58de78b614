// `nesso data query` and `nesso data export`: some of the rows of a file, chosen by the same views as in the window.
import { relative, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExportFormat } from '../../core/api/dataset-rows.ts';
import {
  type DatasetView,
  datasetView,
  MAX_SQL_CHARACTERS,
  wholeDataset,
} from '../../core/lib/datasets/view.ts';
import { viewStatement } from '../../core/lib/datasets/view-sql.ts';
import { folderColumnLines } from '../../core/lib/quality/recognise-columns.ts';
import { exportView } from '../../core/services/datasets/views/export-view.ts';
import { createViewRows } from '../../core/services/datasets/views/view-rows.ts';
import type { CommandContext } from '../command.ts';
import { table } from '../table.ts';
import { openTokenTools } from '../token-texts.ts';
import type { OpenedFile } from '../open-file.ts';

export interface DataViewTools {
  readonly open: (file: string) => Promise<OpenedFile>;
  readonly limit: (text: string) => number;
  readonly shorten: (text: string) => string;
  readonly tokenizerHelp: string;
}

const formats = ['parquet', 'jsonl.zst', 'ids'] as const satisfies readonly ExportFormat[];

export function registerDataViews(data: Command, context: CommandContext, tools: DataViewTools): void {
  data
    .command('query <path>')
    .description('the rows a view keeps, in its order')
    .option('--view <json>', 'filters, search and sort, as JSON', parseView, wholeDataset)
    .option('--where <condition>', 'a condition in SQL, for example "token_count > 500"', parseSql)
    .option('--order <order>', 'an order in SQL, for example "score DESC"', parseSql)
    .option('--limit <rows>', 'how many rows', tools.limit, 10)
    .option('--search <words>', 'rows whose text holds these words, upper and lower case alike', parseSearch)
    .option('--tokenizer <path>', tools.tokenizerHelp)
    .action(
      context.action(async (file: string, options: QueryOptions) => {
        await using opened = await tools.open(file);
        const { engine, source } = opened;
        await using tokens = openTokenTools(context, engine, options.tokenizer);
        const view = withSql(options);
        const views = createViewRows(engine, tokens.search);
        const { signal } = context;
        const { viewId, rows } = await views.open(source, view, tokens.options);
        const columns = source.info.columns.map(({ name }) => name);
        const stored = await views.page(viewId, { first: 0, limit: options.limit, columns }, signal);
        const page = {
          ...stored,
          rows: await tokens.texts.fill(source, stored, stored.rowNumbers, tokens.options),
        };
        const sql = viewStatement(view, source.info, { path: file, ...source.info });
        const objects = page.rows.map((row, index) => ({
          row: page.rowNumbers[index] ?? 0,
          fields: Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null])),
        }));
        context.print({ rows, totalRows: source.info.rows, sql, head: objects }, () =>
          [
            `${rows.toLocaleString('en')} of ${source.info.rows.toLocaleString('en')} rows`,
            table(
              ['row', ...columns],
              page.rows.map((row, index) => [
                String(page.rowNumbers[index]),
                ...row.map((cell) => tools.shorten(cell === null ? '' : String(cell))),
              ]),
            ),
          ].join('\n'),
        );
        return undefined;
      }),
    );

  data
    .command('export <path>')
    .description('write the rows a view keeps, with the recipe beside them')
    .option(
      '--where <condition>',
      'filters, search and sort as JSON, or a condition in SQL',
      parseWhere,
      wholeDataset,
    )
    .option('--order <order>', 'an order in SQL', parseSql)
    .option('--search <words>', 'rows whose text holds these words, upper and lower case alike', parseSearch)
    .option('--tokenizer <path>', tools.tokenizerHelp)
    .requiredOption('-o, --output <file>', 'replaced when it exists')
    .addOption(
      new Option('--format <format>', 'by default what the name of the output ends with').choices(formats),
    )
    .action(
      context.action(
        async (
          file: string,
          options: {
            where: DatasetView;
            order?: string;
            search?: string;
            tokenizer?: string;
            output: string;
            format?: ExportFormat;
          },
        ) => {
          const format = options.format ?? formatOfName(options.output);
          await using opened = await tools.open(file);
          const { engine, source } = opened;
          await using tokens = openTokenTools(context, engine, options.tokenizer);
          const { order, search } = options;
          const exported = await exportView({
            source,
            view: withSql({
              view: options.where,
              ...(order === undefined ? {} : { order }),
              ...(search === undefined ? {} : { search }),
            }),
            findDecoded: (words) => tokens.search.find(source, words, tokens.options),
            output: resolve(options.output),
            format,
            overwrite: true,
            engine,
            nameOf: (path) => relative(process.cwd(), path) || '.',
            signal: context.signal,
          });
          context.print(exported, () =>
            [
              `${exported.rows.toLocaleString('en')} of ${source.info.rows.toLocaleString('en')} rows written to ${exported.output}`,
              `The recipe is ${exported.recipePath}`,
              ...folderColumnLines(exported.folderColumns),
            ].join('\n'),
          );
          return undefined;
        },
      ),
    );
}

interface QueryOptions {
  readonly view: DatasetView;
  readonly where?: string;
  readonly order?: string;
  readonly search?: string;
  readonly tokenizer?: string;
  readonly limit: number;
}

/** SQL joins the view: another condition, and its order instead of the one of the view. */
function withSql(options: Omit<QueryOptions, 'limit'>): DatasetView {
  const { view, where, order, search } = options;
  return {
    ...view,
    ...(search === undefined ? {} : { search }),
    ...(where === undefined
      ? {}
      : { filters: [...view.filters, { kind: 'sql', condition: where, negated: false }] }),
    ...(order === undefined ? {} : { sort: { sql: order } }),
  };
}

function parseSql(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  if (text.length <= MAX_SQL_CHARACTERS) return text;
  throw new InvalidArgumentError(`It has more than ${MAX_SQL_CHARACTERS} characters.`);
}

function parseSearch(text: string): string {
  const parsed = datasetView.safeParse({ search: text });
  if (parsed.success) return parsed.data.search;
  throw new InvalidArgumentError('It is longer than a search may be.');
}

function parseWhere(text: string): DatasetView {
  return text.trimStart().startsWith('{')
    ? parseView(text)
    : withSql({ view: wholeDataset, where: parseSql(text) });
}

function formatOfName(name: string): ExportFormat {
  const lower = name.toLowerCase();
  if (lower.endsWith('.jsonl.zst')) return 'jsonl.zst';
  return lower.endsWith('.ids') || lower.endsWith('.txt') ? 'ids' : 'parquet';
}

function parseView(text: string): DatasetView {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It must be JSON, for example {"search":"Roma"}.');
  }
  const parsed = datasetView.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new InvalidArgumentError(`${first?.path.join('.') || 'The view'}: ${first?.message ?? 'unknown'}.`);
}
