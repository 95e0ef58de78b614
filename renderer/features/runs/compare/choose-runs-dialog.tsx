// Chooses the runs whose curves are compared: by ticking, or by a rule that runs to come follow too; and how they are grouped.
import { useState } from 'react';
import type { Run } from '../../../../core/api/runs.ts';
import { nameFilter, type RunChoice, type RunGrouping } from '../../../../core/lib/dashboards/run-choice.ts';
import { formatAge } from '../../../ui/format.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Select } from '../../../ui/select.tsx';
import { SearchField, TextField } from '../../../ui/text-field.tsx';
import styles from './compare.module.css';
import { toggled } from './use-run-choice.ts';

/** Rows drawn at once; a longer list is filtered first. */
const MAX_ROWS = 200;

export interface ChooseRunsProps {
  readonly runs: readonly Run[];
  readonly choice: RunChoice;
  /** The run of the page: always there. */
  readonly fixed: string | null;
  readonly onChoose: (choice: RunChoice) => void;
  readonly onClose: () => void;
}

export function ChooseRunsDialog({ runs, choice, fixed, onChoose, onClose }: ChooseRunsProps) {
  const [draft, setDraft] = useState(choice);
  const [search, setSearch] = useState('');
  const filter = nameFilter(search);
  const rule = nameFilter(draft.rule);
  const byRule = (run: Run) => draft.rule.trim() !== '' && rule.matches(run.name);
  const found = runs.filter(
    (run) => search.trim() === '' || filter.matches(run.name) || filter.matches(run.recipe),
  );
  const count = runs.filter((run) => run.id === fixed || draft.picked.includes(run.id) || byRule(run)).length;
  return (
    <Dialog
      title="Runs to compare"
      isOpen
      width="wide"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            onPress={() => {
              onChoose(draft);
              onClose();
            }}
          >
            {`Show ${count} ${count === 1 ? 'run' : 'runs'}`}
          </Button>
        </>
      }
    >
      <SearchField label="Find runs: words, or /regular expression/" value={search} onChange={setSearch} />
      {filter.problem ? <p className={styles['problem']}>{filter.problem}</p> : null}
      <ul className={styles['choices']} aria-label="Runs">
        {found.slice(0, MAX_ROWS).map((run) => (
          <li key={run.id}>
            <Checkbox
              isSelected={run.id === fixed || draft.picked.includes(run.id) || byRule(run)}
              isDisabled={run.id === fixed || byRule(run)}
              onChange={() => setDraft({ ...draft, picked: toggled(draft.picked, run.id) })}
            >
              <span className={styles['name']}>{run.name}</span>
              <span className={styles['detail']}>
                {`${run.recipe} · ${run.state} · ${formatAge(run.createdMs)}${byRule(run) ? ' · by the rule' : ''}`}
              </span>
            </Checkbox>
          </li>
        ))}
        {found.length === 0 ? <li className={styles['detail']}>No run matches</li> : null}
        {found.length > MAX_ROWS ? (
          <li className={styles['detail']}>{`and ${found.length - MAX_ROWS} more: type to find them`}</li>
        ) : null}
      </ul>
      <div className={styles['rules']}>
        <TextField
          label="All runs whose name has"
          value={draft.rule}
          onChange={(next) => setDraft({ ...draft, rule: next })}
          placeholder="words, or /regular expression/"
          hint="Also those launched later"
          error={rule.problem}
        />
        <Select
          label="Group by"
          choices={[
            { id: 'none', label: 'Nothing' },
            { id: 'name', label: 'Beginning of the name' },
            { id: 'recipe', label: 'Recipe' },
            { id: 'config', label: 'Value of the config' },
          ]}
          value={draft.grouping.kind}
          onChange={(kind) => setDraft({ ...draft, grouping: groupingOf(kind, draft.grouping) })}
        />
        {draft.grouping.kind === 'config' ? (
          <TextField
            label="Key"
            mono
            value={draft.grouping.key}
            onChange={(key) =>
              setDraft({ ...draft, grouping: { kind: 'config', key: key === '' ? ' ' : key.trim() } })
            }
            placeholder="optimizer.learning_rate_scheduler.learning_rate"
          />
        ) : null}
      </div>
    </Dialog>
  );
}

const FIRST_KEY = 'optimizer.learning_rate_scheduler.learning_rate';

function groupingOf(kind: RunGrouping['kind'], old: RunGrouping): RunGrouping {
  return kind === 'config' ? { kind, key: old.kind === 'config' ? old.key : FIRST_KEY } : { kind };
}
