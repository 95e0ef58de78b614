// `nesso eval table`: models by tasks, of files, of the workspace, and of the published tables that come with the studio.
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { StudioError } from '../../core/api/errors.ts';
import {
  meanDisagreements,
  type ReferenceTable,
  repeatedRows,
} from '../../core/lib/evaluations/reference.ts';
import { columnTitle } from '../../core/lib/evaluations/result-columns.ts';
import { referenceKeys } from '../../core/lib/evaluations/reference-models.ts';
import type { EvaluationResult, ReadingProblem } from '../../core/lib/evaluations/result.ts';
import { type ResultTable, resultTable } from '../../core/lib/evaluations/result-table.ts';
import { type TableFormat, tableText } from '../../core/lib/evaluations/table-texts.ts';
import {
  joinsColumns,
  ownedResults,
  referenceEntries,
} from '../../core/services/evaluations/results/leaderboard.ts';
import { readEvaluations } from '../../core/services/evaluations/results/read-files.ts';
import { readReferenceTables } from '../../core/services/evaluations/results/references.ts';
import { openResults } from '../../core/services/evaluations/results/results-index.ts';
import type { CommandContext } from '../command.ts';
import { fourDigits, problemLines, withError } from '../evaluation-text.ts';
import { withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { table as textTable } from '../table.ts';

interface TableOptions extends WorkspaceOption {
  readonly reference: readonly string[];
  readonly references?: true;
  readonly allMetrics?: true;
  readonly groups: boolean;
  readonly tasks?: string;
  readonly format?: TableFormat;
}

export function registerEvalTable(evaluation: Command, context: CommandContext): void {
  withWorkspaceOption(
    evaluation
      .command('table')
      .description('models by tasks; results that were asked in different ways never share a column')
      .argument('[paths...]', 'files or folders with results; without any, those of the workspace')
      .option(
        '--reference <id>',
        'beside them a published table, such as table-6; may be repeated',
        collect,
        [],
      )
      .option('--references', 'list the published tables with what is known to be wrong in them')
      .option('--tasks <names>', 'only these, separated by commas')
      .option('--all-metrics', 'every metric of a task, not only the one that reports quote')
      .option('--no-groups', 'leave out the means over tasks that the harness formed')
      .addOption(new Option('--format <format>', 'to take elsewhere').choices(['markdown', 'latex', 'csv'])),
  ).action(
    context.action(async (paths: readonly string[], options: TableOptions) => {
      const references = await readReferenceTables(context.appFolder);
      if (options.references) {
        context.print(references.map(withFindings), () => references.map(referenceText).join('\n\n'));
        return 0;
      }
      const chosen = options.reference.map((id) => chosenReference(references, id));
      const found = await foundResults(context, paths, options, chosen);
      const wanted = options.tasks?.split(',').map((task) => task.trim());
      const results = found.results.filter(({ task }) => wanted === undefined || wanted.includes(task));
      const table = namedTable(
        resultTable(results, {
          allMetrics: options.allMetrics === true,
          groups: options.groups,
          joins: joinsColumns,
        }),
        results,
      );
      context.print({ ...table, problems: found.problems }, () =>
        options.format === undefined
          ? [plainText(table), ...replacedLines(table), ...problemLines(found.problems)].join('\n')
          : tableText(table, options.format),
      );
      return results.length === 0 ? 1 : 0;
    }),
  );
}

const collect = (id: string, before: readonly string[]): readonly string[] => [...before, id];

function chosenReference(references: readonly ReferenceTable[], id: string): ReferenceTable {
  const found = references.find((one) => one.id === id);
  if (found) return found;
  throw new StudioError('NOT_FOUND', `There is no published table ${id}`, {
    hint: `There are ${references.map((one) => one.id).join(', ')}`,
  });
}

type NamedResult = EvaluationResult & { readonly owner: { readonly key: string; readonly name: string } };

/** Rows of the workspace are those of the window; of files that are named, they are called what these call them. */
async function foundResults(
  context: CommandContext,
  paths: readonly string[],
  options: TableOptions,
  chosen: readonly ReferenceTable[],
): Promise<{ readonly results: readonly NamedResult[]; readonly problems: readonly ReadingProblem[] }> {
  const { signal } = context;
  const keys = chosen.flatMap(referenceKeys);
  const beside = referenceEntries(chosen, keys);
  if (paths.length > 0) {
    const { results, problems } = await readEvaluations(
      paths.map((path) => resolve(path)),
      { signal },
    );
    const named = results.map((one) => ({ ...one, owner: { key: one.model, name: one.model } }));
    return { results: [...named, ...beside], problems };
  }
  // With a published table alone, no workspace is needed.
  if (chosen.length > 0 && options.workspace === undefined) return { results: beside, problems: [] };
  await using open = await context.openCore(context.findWorkspace(options.workspace));
  return await ownedResults(openResults(open.core.context), keys, signal);
}

interface NamedTable extends ResultTable {
  readonly rows: readonly (ResultTable['rows'][number] & { readonly key: string })[];
}

/** Rows are told apart by their keys and shown by their names. */
function namedTable(table: ResultTable, results: readonly NamedResult[]): NamedTable {
  const names = new Map(results.map(({ owner }) => [owner.key, owner.name]));
  const nameOf = (key: string) => names.get(key) ?? key;
  const plain = <T extends EvaluationResult>(one: T): T => {
    const { owner: _, ...rest } = one as T & { owner?: unknown };
    return { ...(rest as T), model: nameOf(one.model) };
  };
  return {
    ...table,
    rows: table.rows.map((row) => ({
      ...row,
      key: row.model,
      model: nameOf(row.model),
      cells: row.cells.map((cell) => (cell === null ? null : plain(cell))),
    })),
    replaced: table.replaced.map(plain),
  };
}

function plainText(table: ResultTable): string {
  if (table.rows.length === 0) return 'No results';
  const header = [
    'Model',
    ...table.columns.map(columnTitle),
    ...table.means.map(({ label }) => `mean ${label}`),
  ];
  const rows = table.rows.map(({ model, cells, means }, row) => [
    model,
    ...cells.map((cell, place) =>
      cell === null
        ? '–'
        : `${withError(cell.value, cell.standardError)}${table.best[place]?.includes(row) ? ' *' : ''}`,
    ),
    ...means.map((mean) => (mean === null ? '–' : fourDigits(mean))),
  ]);
  const chances = table.columns.map(({ chance }) => (chance === null ? '' : fourDigits(chance)));
  if (chances.some((chance) => chance !== ''))
    rows.push(['guessing', ...chances, ...table.means.map(() => '')]);
  return textTable(header, rows);
}

const replacedLines = ({ replaced }: ResultTable): readonly string[] =>
  replaced.length === 0 ? [] : ['', `${replaced.length} older results of the same models are not shown`];

const withFindings = (table: ReferenceTable) => ({
  ...table,
  disagreements: meanDisagreements(table),
  repeated: repeatedRows(table),
});

function referenceText(table: ReferenceTable): string {
  const { id, where, title, columns, means, rows, notes, digits } = table;
  const flawed = rows.flatMap(({ name, flaws }) => flaws.map((flaw) => `  ${name}: ${flaw}`));
  const off = meanDisagreements(table).map(
    ({ row, mean, printed, recomputed, kind }) =>
      `  ${row}: ${mean} is printed as ${printed}, the printed values give ${recomputed.toFixed(digits + 2)}${kind === 'rounding' ? ', within rounding' : ''}`,
  );
  const number = (value: number | null) => (value === null ? '–' : value.toFixed(digits));
  return [
    `${id}: ${where}, ${title}`,
    textTable(
      ['', ...columns.map(({ label }) => label), ...means.map(({ label }) => label)],
      rows.map((row) => [row.name, ...row.values.map(number), ...row.means.map(number)]),
    ),
    ...notes.map((note) => `  ${note}`),
    ...flawed,
    ...off,
  ].join('\n');
}
