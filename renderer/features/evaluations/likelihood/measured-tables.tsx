// What was measured as a table: models down, languages and domains (or phenomena) across.
import type { ReactNode } from 'react';
import type { LikelihoodModel, LikelihoodTable } from '../../../../core/api/likelihood.ts';
import type { FigureTable } from '../../../../core/lib/figures/figure-table.ts';
import { FigureFrame } from '../../../charts/figure-frame.tsx';
import { formatInteger, formatQuantity, formatShare } from '../../../ui/format.ts';
import styles from './likelihood.module.css';

const nameOf = ({ name, run, type }: LikelihoodModel): string =>
  [run === null ? '' : `${run.id} `, name, type === null ? '' : ` · ${type.toLowerCase()}`].join('');

/** Bits per byte, by language and domain. */
export function BitsTable({ table }: { readonly table: LikelihoodTable }) {
  const columns = groupNames(
    table.models.flatMap(({ bits }) => bits.map((one) => [one.language, one.domain])),
  );
  const cellOf = (model: LikelihoodModel, [language, domain]: Group) =>
    model.bits.find((one) => one.language === language && one.domain === domain) ?? null;
  const numbers = (): FigureTable => ({
    header: ['Model', ...columns.map(titleOf)],
    rows: table.models.map((model) => [
      nameOf(model),
      ...columns.map((group) => cellOf(model, group)?.bitsPerByte ?? null),
    ]),
  });
  const left =
    table.left === null || table.left === 0
      ? ''
      : `sample of ${table.total}, ${formatInteger(table.left)} more left out`;
  return (
    <Figure
      table={table}
      name={`Bits per byte, ${table.title}`}
      aside={left}
      numbers={numbers}
      columns={columns}
    >
      {(model, group) => {
        const cell = cellOf(model, group);
        if (cell === null) return '–';
        const error = cell.standardError === null ? '' : ` ± ${cell.standardError.toFixed(3)}`;
        return (
          <span
            title={`${formatQuantity(cell.documents, 'text')}, ${formatQuantity(cell.bytes, 'byte')}, ${formatQuantity(cell.tokens, 'token')}`}
          >
            {cell.bitsPerByte.toFixed(3)}
            <small>{error}</small>
          </span>
        );
      }}
    </Figure>
  );
}

/** Shares of pairs that are right, by language and phenomenon. */
export function PairsTable({ table }: { readonly table: LikelihoodTable }) {
  const columns = groupNames(
    table.models.flatMap(({ pairs }) => pairs.map((one) => [one.language, one.phenomenon])),
  );
  const cellOf = (model: LikelihoodModel, [language, phenomenon]: Group) =>
    model.pairs.find((one) => one.language === language && one.phenomenon === phenomenon) ?? null;
  const numbers = (): FigureTable => ({
    header: ['Model', ...columns.map(titleOf)],
    rows: table.models.map((model) => [
      nameOf(model),
      ...columns.map((group) => cellOf(model, group)?.share ?? null),
    ]),
  });
  return (
    <Figure
      table={table}
      name="Pairs that are right"
      aside="chance is 50 %"
      numbers={numbers}
      columns={columns}
    >
      {(model, group) => {
        const cell = cellOf(model, group);
        return cell === null ? (
          '–'
        ) : (
          <span title={`${cell.correct} of ${formatQuantity(cell.pairs, 'pair')}`}>
            {formatShare(cell.share)}
            <small>{` ± ${formatShare(cell.standardError)}`}</small>
          </span>
        );
      }}
    </Figure>
  );
}

type Group = readonly [language: string | null, part: string | null];

function groupNames(all: readonly Group[]): readonly Group[] {
  return [...new Map(all.map((group) => [group.join('\n'), group])).values()];
}

const titleOf = ([language, part]: Group): string =>
  language === null ? 'all' : part === null ? language : `${language} ${part}`;

function Figure(props: {
  readonly table: LikelihoodTable;
  readonly name: string;
  readonly aside: string;
  readonly numbers: () => FigureTable;
  readonly columns: readonly Group[];
  readonly children: (model: LikelihoodModel, group: Group) => ReactNode;
}) {
  const { table, name, aside, numbers, columns, children } = props;
  return (
    <FigureFrame
      title={name}
      name={name}
      summary={`${formatQuantity(table.models.length, 'model')} on ${formatQuantity(table.total, 'text')}`}
      aside={aside}
      numbers={numbers}
      isTableItself
    >
      <div className={styles['scroll']}>
        <table className={styles['table']} aria-label={name}>
          <thead>
            <tr>
              <th scope="col">Model</th>
              {columns.map((group) => (
                <th key={titleOf(group)} scope="col" data-part={group[1] === null ? undefined : ''}>
                  {titleOf(group)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.models.map((model) => (
              <tr key={model.path}>
                <th scope="row" title={model.path}>
                  {nameOf(model)}
                  {model.measured < table.total ? (
                    <small>{` ${model.measured} of ${table.total}`}</small>
                  ) : null}
                </th>
                {columns.map((group) => (
                  <td key={titleOf(group)} data-part={group[1] === null ? undefined : ''}>
                    {children(model, group)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </FigureFrame>
  );
}
