import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { automaticDashboard, filledSections } from '../../../../../core/lib/dashboards/automatic.ts';
import { spanChoices, spanOf } from '../../../../../core/lib/dashboards/curve-look.ts';
import {
  type Dashboard,
  dashboardText,
  parseDashboard,
} from '../../../../../core/lib/dashboards/dashboard.ts';
import {
  addSection,
  changeChart,
  moveChart,
  placeOf,
  removeChart,
  removeSection,
  shiftChart,
  shiftSection,
} from '../../../../../core/lib/dashboards/dashboard-edits.ts';
import {
  chosenRuns,
  nameFilter,
  nameGroup,
  plainRunChoice,
} from '../../../../../core/lib/dashboards/run-choice.ts';

const tags = ['lm_loss', 'lr', 'grad_norm', 'layers/0/norm', 'layers/1/norm', 'eval/arc', 'odd'];
const known = (tag: string) => ['lm_loss', 'lr', 'grad_norm'].includes(tag);
const board = automaticDashboard(tags, known);
const idsOf = (value: Dashboard) => value.sections.map((section) => section.charts.map(({ id }) => id));

describe('the automatic dashboard', () => {
  it('has the main metric large and first, then known ones, and a section for each beginning', () => {
    expect(board.sections[0]?.charts.map(({ tags: [tag], isWide }) => [tag, isWide])).toEqual([
      ['lm_loss', true],
      ['lr', false],
      ['grad_norm', false],
      ['odd', false],
    ]);
    expect(board.sections.slice(1).map(({ title, rest }) => [title, rest])).toEqual([
      ['layers', 'layers/'],
      ['eval', 'eval/'],
    ]);
  });

  it('shows every metric exactly once, whatever the metrics are', () => {
    const tag = fc.array(fc.constantFrom('train', 'eval', 'loss', 'a b', 'Ä', '0'), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(
          tag.map((parts) => parts.join('/')),
          { maxLength: 30 },
        ),
        (list) => {
          const filled = filledSections(
            automaticDashboard(list, (one) => one === 'loss'),
            list,
          );
          const shown = filled.flatMap(({ charts }) => charts);
          expect(shown.flatMap((chart) => chart.tags).toSorted()).toEqual(list.toSorted());
          expect(new Set(shown.map(({ id }) => id)).size).toBe(shown.length);
        },
      ),
    );
  });

  it('puts a metric that is new where its beginning belongs, the longest first', () => {
    const more = {
      ...board,
      sections: [...board.sections, { id: 'all', title: 'Rest', charts: [], rest: '' }],
    };
    const filled = filledSections(more, [...tags, 'eval/arc/it', 'new']);
    expect(filled.map(({ charts, restCount }) => [charts.length, restCount])).toEqual([
      [4, 0],
      [2, 2],
      [2, 2],
      [1, 1],
    ]);
  });
});

describe('edits', () => {
  it('move charts within and between sections, by place and by one', () => {
    expect(idsOf(moveChart(board, 'odd', { sectionId: 'main', index: 0 }))[0]).toEqual([
      'odd',
      'lm-loss',
      'lr',
      'grad-norm',
    ]);
    expect(placeOf(moveChart(board, 'lr', { sectionId: 'eval', index: 9 }), 'lr')).toEqual({
      sectionId: 'eval',
      index: 0,
    });
    expect(idsOf(shiftChart(board, 'odd', 1))).toEqual([['lm-loss', 'lr', 'grad-norm'], ['odd'], []]);
    expect(idsOf(shiftChart(shiftChart(board, 'odd', 1), 'odd', -1))).toEqual(idsOf(board));
    expect(shiftChart(board, 'lm-loss', -1)).toBe(board);
    expect(moveChart(board, 'nothing', { sectionId: 'main', index: 0 })).toBe(board);
  });

  it('never lose or double a chart, whatever is done', () => {
    const steps = fc.array(
      fc.record({
        what: fc.nat(5),
        chart: fc.nat(3),
        by: fc.constantFrom(1 as const, -1 as const),
        to: fc.nat(5),
      }),
      {
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(steps, (list) => {
        const ids = ['lm-loss', 'lr', 'grad-norm', 'odd'];
        let value = board;
        for (const { what, chart, by, to } of list) {
          const id = ids[chart] ?? '';
          const section = value.sections[to % value.sections.length]?.id ?? '';
          if (what <= 1) value = shiftChart(value, id, by);
          else if (what <= 3) value = moveChart(value, id, { sectionId: section, index: to });
          else value = shiftSection(value, section, by);
        }
        expect(idsOf(value).flat().toSorted()).toEqual(ids.toSorted());
        expect(parseDashboard(dashboardText(value))).toEqual(value);
      }),
    );
  });

  it('change, add and remove', () => {
    const changed = changeChart(board, 'lr', (chart) => ({ ...chart, height: 'large' }));
    expect(changed.sections[0]?.charts[1]?.height).toBe('large');
    expect(idsOf(removeChart(board, 'lr'))[0]).toEqual(['lm-loss', 'grad-norm', 'odd']);
    const twice = addSection(addSection(board, 'Evaluation'), 'Evaluation');
    expect(twice.sections.slice(-2).map(({ id }) => id)).toEqual(['evaluation', 'evaluation-2']);
    expect(removeSection(twice, 'evaluation-2').sections).toHaveLength(4);
  });
});

describe('the file', () => {
  it('has one value a line and no defaults, and comes back as it was', () => {
    const text = dashboardText(board);
    expect(parseDashboard(text)).toEqual(board);
    expect(text).not.toMatch(/shape|isWide": false|smoothing|note|"look"|"runs"/);
    expect(dashboardText(parseDashboard(text))).toBe(text);
  });

  it('changes few lines for a small change', () => {
    const lines = (value: Dashboard) => dashboardText(value).split('\n');
    const before = lines(board);
    const after = lines(changeChart(board, 'odd', (chart) => ({ ...chart, height: 'medium' })));
    expect(after.filter((line) => !before.includes(line))).toEqual(['          "height": "medium"']);
  });

  it('says what is wrong with another file', () => {
    for (const text of [
      '',
      '{',
      '[]',
      '{"kind":"nesso-view","version":1}',
      '{"kind":"nesso-dashboard","version":2,"sections":[]}',
    ])
      expect(() => parseDashboard(text)).toThrow();
    const broken = dashboardText(board).replace('"columns": 2', '"columns": 7');
    expect(() => parseDashboard(broken)).toThrow(/columns/);
  });
});

describe('runs', () => {
  const runs = ['base lr1e-3', 'base lr2e-3', 'Other', 'sft-7'].map((name, index) => ({
    id: `r${index}`,
    name,
  }));

  it('are chosen one by one or by words or an expression, pinned first, each once', () => {
    const choice = {
      ...plainRunChoice,
      picked: ['r2', 'r0', 'gone', 'file/a.log'],
      rule: 'BASE',
      pinned: ['r1'],
    };
    expect(chosenRuns(choice, runs)).toEqual(['r1', 'r2', 'r0', 'file/a.log']);
    expect(chosenRuns({ ...plainRunChoice, rule: '/^sft-\\d$/' }, runs)).toEqual(['r3']);
    expect(chosenRuns(plainRunChoice, runs)).toEqual([]);
  });

  it('are not found by an expression that cannot be read, and it says so', () => {
    const filter = nameFilter('/(/');
    expect(filter.matches('(')).toBe(false);
    expect(filter.problem).toMatch(/Unterminated|Invalid/);
    expect(nameFilter('e b').matches('Base lr')).toBe(true);
    expect(nameFilter('/BASE/i').matches('base')).toBe(true);
  });

  it('of one series have one beginning', () => {
    expect(['base lr1e-3', 'base-lr2e-3', 'sft-7', '7', 'plain', 'a-v2-seed3'].map(nameGroup)).toEqual([
      'base',
      'base',
      'sft',
      '7',
      'plain',
      'a',
    ]);
  });
});

describe('smoothing spans', () => {
  it('are tokens where those of a step are known, and never depend on how long a run is', () => {
    expect(spanOf({ kind: 'auto' }, null)).toEqual({ unit: 'steps', amount: 20 });
    expect(spanOf({ kind: 'auto' }, 1_572_864)).toEqual({ unit: 'tokens', amount: 31_457_280 });
    expect(spanOf({ kind: 'off' }, 5)).toBeNull();
    expect(spanChoices(1_572_864).map(({ amount }) => amount)).toEqual([8e6, 3e7, 2e8, 8e8, 3e9, 2e10]);
  });
});
