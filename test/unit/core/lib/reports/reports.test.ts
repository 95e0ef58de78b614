// Pieces of a report: texts that stay texts, curves that lose no spike, data that a config names, what of it goes on a model card.
import fc from 'fast-check';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { modelCard } from '../../../../../core/lib/conversion/model-card.ts';
import { cardFacts } from '../../../../../core/lib/reports/card-facts.ts';
import { chartOf, DRAWN_COLUMNS } from '../../../../../core/lib/reports/curves.ts';
import { curveGeometry, shortNumber } from '../../../../../core/lib/reports/curve-geometry.ts';
import { datasetsOf } from '../../../../../core/lib/reports/datasets-of.ts';
import { escapeHtml, escapeMarkdown, fenced } from '../../../../../core/lib/reports/escape.ts';
import type { ReportEvaluation } from '../../../../../core/lib/reports/facts.ts';

describe('texts', () => {
  it('hold no tag, no entity of their own and no broken character in a page', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const html = escapeHtml(text);
        expect(html).not.toMatch(/[<>"']/);
        expect(html.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
        expect(html.isWellFormed()).toBe(true);
      }),
      { numRuns: 30 },
    );
    expect(escapeHtml('a\ud800b\u0000c\u202ed\te')).toBe('a\ufffdb\ufffdc\ufffdd\te');
    expect(escapeHtml('è 😀 ok')).toBe('è 😀 ok');
  });

  it('are one line of Markdown without a meaning', () => {
    expect(escapeMarkdown('a\n# b | c')).toBe(String.raw`a \# b \| c`);
    expect(escapeMarkdown('[x](javascript:1) <b> *c* `d` ~~e~~')).toBe(
      String.raw`\[x\]\(javascript:1\) &lt;b\> \*c\* \`d\` \~\~e\~\~`,
    );
    expect(escapeMarkdown('1. one')).toBe(String.raw`1\. one`);
    expect(escapeMarkdown('see https://example.org')).not.toContain('https://');
  });

  it('cannot end the block of code they stand in', () => {
    const text = 'a\n```\n# out\n````\nb';
    const [first, ...rest] = fenced(text, 'yaml').split('\n');
    expect(first).toBe('`````yaml');
    expect(rest.slice(0, -1).join('\n')).toBe(text);
    expect(rest.at(-1)).toBe('`````');
    expect(fenced('x', 'ya"ml').split('\n')[0]).toBe('```');
  });
});

describe('curves', () => {
  const curve = (values: readonly number[]) => ({
    title: 'Loss',
    tag: 'loss',
    steps: Float64Array.from(values, (_, index) => index + 1),
    values: Float64Array.from(values),
  });

  it('keep the least and the greatest of many points', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
          minLength: DRAWN_COLUMNS + 1,
          maxLength: 2000,
        }),
        (values) => {
          const { columns, points } = chartOf(curve(values));
          expect(points).toBe(values.length);
          expect(columns.length).toBeLessThanOrEqual(DRAWN_COLUMNS);
          expect(Math.min(...columns.map((column) => column[1]))).toBe(Math.min(...values));
          expect(Math.max(...columns.map((column) => column[2]))).toBe(Math.max(...values));
          expect([columns[0]?.[0], columns.at(-1)?.[0]]).toEqual([1, expect.closeTo(values.length, 3)]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('say what is no number, and draw what is one point, all the same, or nothing', () => {
    const broken = chartOf(curve([3, Number.NaN, Number.POSITIVE_INFINITY, 2]));
    expect([broken.columns.length, broken.notFinite]).toEqual([2, 2]);
    expect(broken.summary).toContain('2 more are no numbers');
    expect(curveGeometry(chartOf(curve([5])))?.line).toMatch(/^M[\d.]+ [\d.]+$/);
    expect(curveGeometry(chartOf(curve([5, 5, 5])))?.line).not.toContain('NaN');
    expect(curveGeometry(chartOf(curve([])))).toBeNull();
    expect(chartOf(curve([Number.NaN])).summary).toContain('no point of 1 is a number');
  });

  it('have ticks at round values inside the frame', () => {
    const geometry = curveGeometry(
      chartOf(curve(Array.from({ length: 1000 }, (_, index) => 11 - index / 100))),
    );
    expect(geometry?.xTicks.map(({ label }) => label)).toEqual(['200', '400', '600', '800', '1k']);
    for (const { at } of geometry?.yTicks ?? []) {
      expect(at).toBeGreaterThanOrEqual(geometry?.frame.top ?? 0);
      expect(at).toBeLessThanOrEqual(geometry?.frame.bottom ?? 0);
    }
    expect([0, 2.5e-5, 0.25, 12_500, 3e9].map(shortNumber)).toEqual(['0', '2.5e-5', '0.25', '12.5k', '3B']);
  });
});

it('data is found in configs of several tools, and in none that cannot be read', () => {
  expect(
    datasetsOf(
      'data_stages:\n- data: {dataset: {dataset_folder: [/a, /b]}}\n- data: {dataset: {dataset_folder: {/c: 0.5}}}\n',
    ),
  ).toEqual(['/a', '/b', '/c']);
  expect(datasetsOf('datasets:\n- path: mii-llm/x\n  type: chat_template\n')).toEqual(['mii-llm/x']);
  expect(datasetsOf('a: [')).toEqual([]);
  expect(datasetsOf('just text')).toEqual([]);
});

describe('a model card', () => {
  const evaluation = (step: number, task: string, value: number, change: object = {}): ReportEvaluation => ({
    step,
    tokens: null,
    type: null,
    job: null,
    result: {
      task,
      isGroup: false,
      version: '1',
      shots: 5,
      filter: 'none',
      metric: 'acc',
      value,
      standardError: 0.0038,
      samples: 100,
      available: 100,
      higherIsBetter: true,
      harness: 'lm-eval',
      harnessVersion: '0.4.9',
      chatTemplate: 'none',
      systemPrompt: 'none',
      limit: 'none',
      taskHash: null,
      model: 'm',
      measuredMs: 1,
      source: { path: 'p', sha256: null },
      ...change,
    },
  });

  it('takes the newest whole values of one step', () => {
    const evaluations = [
      evaluation(1000, 'm_mmlu_it', 0.25),
      evaluation(2000, 'm_mmlu_it', 0.26, { measuredMs: 1 }),
      evaluation(2000, 'm_mmlu_it', 0.27, { measuredMs: 2 }),
      evaluation(2000, 'mmlu', 0.5, { samples: 10 }),
    ];
    const newest = cardFacts({ evaluations, datasets: ['/a'] }, null);
    expect([newest.step, newest.results.map(({ task, value }) => [task, value])]).toEqual([
      2000,
      [['m_mmlu_it', 0.27]],
    ]);
    expect(cardFacts({ evaluations, datasets: [] }, 1000).results.map(({ value }) => value)).toEqual([0.25]);
    const quantized = { ...evaluation(3000, 'm_mmlu_it', 0.24), type: 'q8_0' } as ReportEvaluation;
    expect(cardFacts({ evaluations: [...evaluations, quantized], datasets: [] }, null).step).toBe(2000);
    // Where nothing was evaluated as saved, another type is better than nothing.
    expect(cardFacts({ evaluations: [quantized], datasets: [] }, null)).toMatchObject({
      step: 3000,
      results: [{ task: 'm_mmlu_it', value: 0.24 }],
    });
    expect(cardFacts({ evaluations: [], datasets: [] }, null)).toEqual({
      step: null,
      results: [],
      datasets: [],
    });
  });

  it('lists them as the hub reads them, whatever the names hold', () => {
    const task = 'x: [y] "z" |\n- name: evil';
    const { results } = cardFacts({ evaluations: [evaluation(1, task, 0.2561)], datasets: [] }, null);
    const card = modelCard({
      name: 'no: "such" name',
      config: {
        architecture: 'llama',
        layers: 1,
        hiddenSize: 1,
        heads: 1,
        keyValueHeads: 1,
        vocabularySize: 1,
        contextLength: 1,
        tied: true,
      } as never,
      parameters: 1,
      type: 'BF16',
      sourceSha256: null,
      chat: false,
      training: null,
      fields: {
        languages: [],
        license: null,
        baseModels: [],
        datasets: [],
        summary: null,
        metrics: [],
        results,
      },
    });
    const [, front = ''] = card.split('---\n');
    expect(parse(front)).toMatchObject({
      'model-index': [
        {
          name: 'no: "such" name',
          results: [
            {
              dataset: { name: task, type: task },
              metrics: [
                {
                  type: 'acc',
                  value: 0.2561,
                  name: 'acc, 5 examples, standard error 0.0038, lm-eval 0.4.9',
                },
              ],
            },
          ],
        },
      ],
    });
    expect(card.split('\n').filter((line) => line.includes('0.2561 ± 0.0038'))).toHaveLength(1);
  });
});
