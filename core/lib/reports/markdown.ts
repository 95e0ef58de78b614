// A report as Markdown: read as text, on the hub, in a repository. Curves are their tables and a sentence. Pure.
import { formatInteger } from '../format/numbers.ts';
import type { ReportBlock, ReportDocument, ReportSource } from './document.ts';
import { escapeMarkdown as plain, fenced } from './escape.ts';

export function reportMarkdown(
  { title, subtitle, sections }: ReportDocument,
  sources: readonly ReportSource[],
): string {
  return [
    `# ${plain(title)}`,
    '',
    plain(subtitle),
    ...sections.flatMap(({ title: heading, blocks }) => [
      '',
      `## ${plain(heading)}`,
      ...blocks.flatMap((block) => ['', ...blockLines(block)]),
    ]),
    '',
    '## Files this was drawn from',
    '',
    ...tableLines(
      [
        { text: 'File', isNumber: false },
        { text: 'What', isNumber: false },
        { text: 'Bytes', isNumber: true },
        { text: 'SHA-256 of these bytes', isNumber: false },
      ],
      sources.map(({ path, what, bytes, sha256 }) => [path, what, formatInteger(bytes), sha256]),
    ),
    '',
  ].join('\n');
}

function blockLines(block: ReportBlock): readonly string[] {
  switch (block.kind) {
    case 'text':
      return [plain(block.text)];
    case 'facts':
      return tableLines(
        [
          { text: '', isNumber: false },
          { text: '', isNumber: false },
        ],
        block.rows,
      );
    case 'table':
      return [
        ...(block.caption === '' ? [] : [plain(block.caption), '']),
        ...tableLines(block.head, block.rows),
      ];
    case 'code':
      return [`${plain(block.what)}:`, '', fenced(block.text, block.language)];
    case 'answer':
      return [
        `### ${plain(block.title)}`,
        '',
        'Prompt:',
        '',
        fenced(block.prompt, ''),
        '',
        'Answer:',
        '',
        fenced(block.text, ''),
      ];
    case 'chart':
      return [
        `### ${plain(block.title)}`,
        '',
        plain(block.summary),
        '',
        ...tableLines(
          [
            { text: 'Step', isNumber: true },
            { text: block.tag, isNumber: true },
          ],
          block.rows.map(([step, value]) => [formatInteger(step), String(value)]),
        ),
      ];
  }
}

function tableLines(
  head: readonly { readonly text: string; readonly isNumber: boolean }[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [
    line(head.map(({ text }) => text)),
    `|${head.map(({ isNumber }) => (isNumber ? '---:' : '---')).join('|')}|`,
    ...rows.map(line),
  ];
}
