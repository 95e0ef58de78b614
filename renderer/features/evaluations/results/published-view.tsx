// The published tables that come with the studio, one at a time: the list of them, and the chosen one as it was printed.
import type { PublishedTable } from '../../../../core/api/evaluations.ts';
import type { ReferenceFigure } from '../../../../core/lib/judge-bench/reference.ts';
import { describeError } from '../../../app/describe-error.ts';
import { href, navigate } from '../../../app/route.ts';
import { TableFigure } from '../../../charts/table-figure.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { jqlTable, type PlainTable } from './jql-table.ts';
import { Notes } from './published-notes.tsx';
import { figureLink, figureOfLink, PUBLISHED } from './published-names.ts';
import styles from './published-view.module.css';
import { PublishedTableView } from './published-table.tsx';
import { usePublishedTables } from './use-results.ts';

export function PublishedView({ name }: { readonly name: string }) {
  const published = usePublishedTables();
  const found = publishedOf(name, published.data ?? null);
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title="Published tables"
          detail={found.chosen?.table.report ?? (found.figure ? JQL : '')}
          actions={<TableChoice found={found} />}
        />
      }
    >
      {published.error ? (
        <ErrorState {...describeError(published.error)} />
      ) : published.data === undefined ? (
        <Skeleton label="Reading the published tables" rows={8} />
      ) : (
        <div className={styles['table']}>
          {found.chosen !== undefined ? (
            <PublishedTableView key={found.chosen.table.id} published={found.chosen} />
          ) : found.figure !== undefined ? (
            <JqlFigure figure={found.figure} />
          ) : (
            <ErrorState
              title={`There is no published table ${name}`}
              hint="Choose one of the list"
              details={name}
            />
          )}
        </div>
      )}
    </Pane>
  );
}

/** Beside the table: all there are. */
export function PublishedInspector({ name }: { readonly name: string }) {
  const published = usePublishedTables();
  const { tables, figures, chosen, figure } = publishedOf(name, published.data ?? null);
  return (
    <Pane header={<PaneHeader title="All published tables" />}>
      <nav className={styles['names']} aria-label="Published tables">
        <h3>Zagreus and Nesso</h3>
        <ul>
          {tables.map(({ table }) => (
            <Name
              key={table.id}
              link={table.id}
              where={table.where}
              title={table.title}
              isHere={chosen?.table.id === table.id}
            />
          ))}
        </ul>
        <h3>JQL</h3>
        <ul>
          {figures.map(({ id, where, title }) => (
            <Name key={id} link={figureLink(id)} where={where} title={title} isHere={figure?.id === id} />
          ))}
        </ul>
      </nav>
    </Pane>
  );
}

interface FoundPublished {
  readonly tables: readonly PublishedTable[];
  readonly figures: readonly ReferenceFigure[];
  readonly chosen: PublishedTable | undefined;
  readonly figure: ReferenceFigure | undefined;
}

/** The tables of the report in its order; without a name the first of them. */
function publishedOf(
  name: string,
  data: { readonly tables: readonly PublishedTable[]; readonly figures: readonly ReferenceFigure[] } | null,
): FoundPublished {
  const isNumbered = ({ table }: PublishedTable) => (table.id.startsWith('table-') ? 0 : 1);
  const tables = (data?.tables ?? []).toSorted((a, b) => isNumbered(a) - isNumbered(b));
  const figures = data?.figures ?? [];
  return {
    tables,
    figures,
    chosen: name === PUBLISHED ? tables[0] : tables.find(({ table }) => table.id === name),
    figure: figures.find(({ id }) => id === figureOfLink(name)),
  };
}

function TableChoice({ found }: { readonly found: FoundPublished }) {
  const { tables, figures, chosen, figure } = found;
  return (
    <Select
      label="Table"
      isLabelHidden
      choices={[
        ...tables.map(({ table }) => ({ id: table.id, label: table.where, detail: table.title })),
        ...figures.map(({ id, where, title }) => ({
          id: figureLink(id),
          label: `JQL ${where}`,
          detail: title,
        })),
      ]}
      value={chosen?.table.id ?? (figure === undefined ? null : figureLink(figure.id))}
      onChange={(id) => navigate(href('evaluations', `results/${id}`))}
    />
  );
}

const JQL = 'Judging Quality Across Languages (JQL, 2025)';

function Name({
  link,
  where,
  title,
  isHere,
}: {
  readonly link: string;
  readonly where: string;
  readonly title: string;
  readonly isHere: boolean;
}) {
  return (
    <li>
      <a
        href={href('evaluations', `results/${link}`)}
        title={title}
        {...(isHere ? { 'aria-current': 'page' as const } : {})}
      >
        <span className={styles['where']}>{where}</span>
        <span className={styles['title']}>{title}</span>
      </a>
    </li>
  );
}

function JqlFigure({ figure }: { readonly figure: ReferenceFigure }) {
  const { header, rows } = jqlTable(figure);
  const title = `${figure.where}: ${figure.title}`;
  return (
    <>
      <Notes notes={figure.notes} />
      <TableFigure<PlainTable['rows'][number]>
        name={title}
        title={title}
        rows={rows}
        idOf={(_, index) => String(index)}
        columns={header.map((text, place) => ({
          id: `${place} ${text}`,
          header: text,
          align: rows.some((row) => typeof row[place] === 'number') ? ('right' as const) : ('left' as const),
          value: (row) => row[place] ?? null,
          cell: (row) => row[place] ?? '–',
        }))}
      />
    </>
  );
}
