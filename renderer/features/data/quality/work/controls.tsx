// What decides: the quantile for everything, the rule over heads, the operator, which heads take part.
import type { FilterChoice } from '../../../../../core/api/quality.ts';
import type { Rule } from '../../../../../core/lib/quality/recipe.ts';
import { Button } from '../../../../ui/button.tsx';
import { formatQuantity } from '../../../../ui/format.ts';
import { Menu } from '../../../../ui/menu.tsx';
import { NumberField } from '../../../../ui/number-field.tsx';
import { Select } from '../../../../ui/select.tsx';
import { overrideCount, ruleText, withHead, withoutOverrides, withQuantile } from '../lab/choice.ts';
import { headLabel } from '../lab/figures.ts';
import { useLabState } from '../lab/use-lab.ts';
import type { Lab } from '../lab/lab.ts';
import styles from './controls.module.css';
import { TokenSelect } from './token-select.tsx';

const operators = [
  { id: 'gte', label: '≥ threshold', detail: 'a document exactly at it stays, as in JQL’s code' },
  { id: 'gt', label: '> threshold', detail: 'a document exactly at it goes, as in the paper’s text' },
] as const satisfies readonly {
  readonly id: FilterChoice['operator'];
  readonly label: string;
  readonly detail: string;
}[];

export function Controls({ lab }: { readonly lab: Lab }) {
  const choice = useLabState(lab, (state) => state.choice);
  const description = useLabState(lab, (state) => state.description);
  const all = description?.heads.map(({ name }) => name) ?? [];
  const rules = rulesOf(choice.heads.length);
  const exceptions = overrideCount(choice);
  return (
    <div className={styles['bar']} role="group" aria-label="What decides">
      <span className={styles['control']}>
        <span className={styles['name']}>Quantile</span>
        <span className={styles['quantile']}>
          <NumberField
            label="Quantile"
            isLabelHidden
            value={choice.quantiles.overall}
            min={0}
            max={1}
            step={0.01}
            maximumFractionDigits={3}
            onChange={(value) => {
              if (value !== null) lab.choose(withQuantile(choice, { language: null, head: null }, value));
            }}
          />
        </span>
      </span>
      <span className={styles['control']}>
        <span className={styles['name']}>Keep if</span>
        <Select
          label="Rule"
          isLabelHidden
          choices={rules.map(({ id, rule }) => ({ id, label: ruleText(rule, choice.heads.length) }))}
          value={idOfRule(choice.rule)}
          onChange={(id) => {
            const found = rules.find((candidate) => candidate.id === id);
            if (found) lab.choose({ ...choice, rule: found.rule });
          }}
        />
        <Select
          label="Operator"
          isLabelHidden
          choices={operators}
          value={choice.operator}
          onChange={(operator) => lab.choose({ ...choice, operator })}
        />
      </span>
      <Menu
        label="Heads that take part"
        groups={[
          all.map((head) => ({
            id: head,
            label: headLabel(head),
            detail: head,
            isOn: choice.heads.includes(head),
            perform: () => lab.choose(withHead(choice, head, all)),
          })),
        ]}
      >
        {choice.heads.length === all.length
          ? formatQuantity(all.length, 'head')
          : `${choice.heads.length} of ${all.length} heads`}
      </Menu>
      <span className={styles['control']}>
        <span className={styles['name']}>Tokens</span>
        <TokenSelect lab={lab} />
      </span>
      {exceptions > 0 ? (
        <Button kind="quiet" onPress={() => lab.choose(withoutOverrides(choice))}>
          {`Reset ${formatQuantity(exceptions, 'exception')}`}
        </Button>
      ) : null}
    </div>
  );
}

function rulesOf(heads: number): readonly { readonly id: string; readonly rule: Rule }[] {
  const some = Array.from(
    { length: Math.max(0, heads - 2) },
    (_, index): Rule => ({
      kind: 'at-least',
      heads: heads - 1 - index,
    }),
  );
  const rules: readonly Rule[] = heads > 1 ? [{ kind: 'all' }, ...some, { kind: 'any' }] : [{ kind: 'all' }];
  return rules.map((rule) => ({ id: idOfRule(rule), rule }));
}

function idOfRule(rule: Rule): string {
  return rule.kind === 'at-least' ? `at-least-${rule.heads}` : rule.kind;
}
