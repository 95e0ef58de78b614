// A report as one page: no scripts, nothing from elsewhere, curves as drawings in it; light and dark as the system is, and for paper.
// Every text is escaped. Pure.
import { formatInteger } from '../format/numbers.ts';
import { CHART_HEIGHT, CHART_WIDTH, curveGeometry } from './curve-geometry.ts';
import type { ReportBlock, ReportChart, ReportDocument, ReportSource } from './document.ts';
import { escapeHtml as plain } from './escape.ts';
import { REPORT_STYLE } from './style.ts';

/** A config of a training is a hundred lines: longer texts are folded. */
const FOLDED_LINES = 24;

export function reportHtml(
  { title, subtitle, sections }: ReportDocument,
  sources: readonly ReportSource[],
): string {
  const parts = [
    ...sections.map(({ id, title: heading, blocks }) => ({
      id,
      heading,
      body: blocks.map(blockHtml).join('\n'),
    })),
    { id: 'files', heading: 'Files this was drawn from', body: sourcesHtml(sources) },
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="color-scheme" content="light dark">',
    `<title>${plain(title)}</title>`,
    `<style>${REPORT_STYLE}</style>`,
    '</head>',
    '<body>',
    '<header>',
    `<h1>${plain(title)}</h1>`,
    `<p class="subtitle">${plain(subtitle)}</p>`,
    `<nav aria-label="Sections">${parts
      .map(({ id, heading }) => `<a href="#${plain(id)}">${plain(heading)}</a>`)
      .join('')}</nav>`,
    '</header>',
    '<main>',
    ...parts.map(
      ({ id, heading, body }) => `<section id="${plain(id)}"><h2>${plain(heading)}</h2>\n${body}\n</section>`,
    ),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function blockHtml(block: ReportBlock): string {
  switch (block.kind) {
    case 'text':
      return `<p>${plain(block.text)}</p>`;
    case 'facts':
      return `<dl>${block.rows.map(([name, value]) => `<div><dt>${plain(name)}</dt><dd>${plain(value)}</dd></div>`).join('')}</dl>`;
    case 'table':
      return tableHtml(block.caption, block.head, block.rows);
    case 'code': {
      const code = `<pre tabindex="0"><code>${plain(block.text)}</code></pre>`;
      return block.text.split('\n').length > FOLDED_LINES
        ? `<details><summary>${plain(block.what)}</summary>${code}</details>`
        : `<figure><figcaption>${plain(block.what)}</figcaption>${code}</figure>`;
    }
    case 'answer':
      return `<article class="answer"><h3>${plain(block.title)}</h3><p class="said">Prompt</p><blockquote>${plain(block.prompt)}</blockquote><p class="said">Answer</p><blockquote>${plain(block.text)}</blockquote></article>`;
    case 'chart':
      return chartHtml(block);
  }
}

function tableHtml(
  caption: string,
  head: readonly { readonly text: string; readonly isNumber: boolean }[],
  rows: readonly (readonly string[])[],
): string {
  const sort = (index: number) => (head[index]?.isNumber === true ? ' class="number"' : '');
  return [
    '<div class="scroll" tabindex="0"><table>',
    ...(caption === '' ? [] : [`<caption>${plain(caption)}</caption>`]),
    `<thead><tr>${head.map(({ text }, index) => `<th scope="col"${sort(index)}>${plain(text)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map(
      (row) => `<tr>${row.map((cell, index) => `<td${sort(index)}>${plain(cell)}</td>`).join('')}</tr>`,
    ),
    '</tbody></table></div>',
  ].join('\n');
}

function chartHtml(chart: ReportChart): string {
  const geometry = curveGeometry(chart);
  const rows = tableHtml(
    '',
    [
      { text: 'Step', isNumber: true },
      { text: chart.tag, isNumber: true },
    ],
    chart.rows.map(([step, value]) => [formatInteger(step), String(value)]),
  );
  return [
    '<figure class="chart">',
    `<h3>${plain(chart.title)}</h3>`,
    geometry === null ? '' : svgOf(chart, geometry),
    `<figcaption>${plain(chart.summary)}</figcaption>`,
    `<details><summary>As a table</summary>${rows}</details>`,
    '</figure>',
  ].join('\n');
}

function svgOf(chart: ReportChart, geometry: NonNullable<ReturnType<typeof curveGeometry>>): string {
  const { frame, band, line, xTicks, yTicks } = geometry;
  return [
    `<svg viewBox="0 0 ${CHART_WIDTH} ${CHART_HEIGHT}" role="img" aria-label="${plain(`${chart.title}. ${chart.summary}`)}">`,
    ...yTicks.map(
      ({ at, label }) =>
        `<line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${at}" y2="${at}"/><text x="${frame.left - 8}" y="${at + 4}" text-anchor="end">${plain(label)}</text>`,
    ),
    ...xTicks.map(
      ({ at, label }) =>
        `<line class="tick" x1="${at}" x2="${at}" y1="${frame.bottom}" y2="${frame.bottom + 4}"/><text x="${at}" y="${frame.bottom + 18}" text-anchor="middle">${plain(label)}</text>`,
    ),
    `<line class="axis" x1="${frame.left}" x2="${frame.right}" y1="${frame.bottom}" y2="${frame.bottom}"/>`,
    ...(band === '' ? [] : [`<path class="band" d="${band}"/>`]),
    `<path class="line" d="${line}"/>`,
    '</svg>',
  ].join('');
}

function sourcesHtml(sources: readonly ReportSource[]): string {
  return tableHtml(
    'The hashes are over the bytes that were read; a log that grew since is the same up to there',
    [
      { text: 'File', isNumber: false },
      { text: 'What', isNumber: false },
      { text: 'Bytes', isNumber: true },
      { text: 'SHA-256', isNumber: false },
    ],
    sources.map(({ path, what, bytes, sha256 }) => [path, what, formatInteger(bytes), sha256]),
  );
}
