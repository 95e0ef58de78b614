// Answers to a suite: which prompts are shown, what the marks mean, and the grid of them.
import { useMemo, useState } from 'react';
import type { SuiteTable } from '../../../../core/api/suites.ts';
import { formatQuantity } from '../../../ui/format.ts';
import { Select } from '../../../ui/select.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import { Legend, ToolBar } from '../../../ui/tool-bar.tsx';
import { filterTitles, type GridFilter, gridFilters, shownRows } from './grid-rows.ts';
import styles from './suite-grid.module.css';
import type { SuitePlace } from './place.ts';
import { Mark, SuiteMarks } from './suite-marks.tsx';

const EVERYWHERE = '-everywhere-';

export interface SuiteGridProps {
  readonly name: string;
  readonly table: SuiteTable;
  readonly place: SuitePlace;
}

export function SuiteGrid({ name, table, place }: SuiteGridProps) {
  const { prompts, models, samplers } = table;
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<GridFilter>('all');
  const [domain, setDomain] = useState('');
  const rows = useMemo(() => shownRows(table, { search, filter, domain }), [table, search, filter, domain]);
  const domains = useMemo(() => [...new Set(prompts.flatMap((prompt) => prompt.domain ?? []))], [prompts]);
  return (
    <div className={styles['view']}>
      <ToolBar>
        <div className={styles['search']}>
          <SearchField label="Filter prompts" value={search} onChange={setSearch} />
        </div>
        <Select
          label="Prompts"
          isLabelHidden
          choices={gridFilters.map((id) => ({ id, label: filterTitles[id] }))}
          value={filter}
          onChange={setFilter}
        />
        {domains.length > 1 ? (
          <Select
            label="Domain"
            isLabelHidden
            choices={[{ id: EVERYWHERE, label: 'All domains' }, ...domains.map((id) => ({ id, label: id }))]}
            value={domain === '' ? EVERYWHERE : domain}
            onChange={(id) => setDomain(id === EVERYWHERE ? '' : id)}
          />
        ) : null}
        <span className={styles['count']} aria-live="polite">
          {rows.length === prompts.length
            ? formatQuantity(models.length, 'model')
            : `${rows.length} of ${formatQuantity(prompts.length, 'prompt')}`}
        </span>
        <Marks samplers={samplers} />
      </ToolBar>
      {rows.length === 0 ? (
        <p className={styles['none']}>No prompt is like this. Change the filter to see the others.</p>
      ) : (
        <SuiteMarks name={name} table={table} place={place} rows={rows} />
      )}
    </div>
  );
}

function Marks({ samplers }: { readonly samplers: readonly string[] }) {
  return (
    <Legend>
      <span>
        <Mark letter="p" /> passes
      </span>
      <span>
        <Mark letter="f" /> fails
      </span>
      <span>
        <Mark letter="u" /> no check
      </span>
      {samplers.length > 1 ? <span>{`one mark each: ${samplers.join(', ')}`}</span> : null}
    </Legend>
  );
}
