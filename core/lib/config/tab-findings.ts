// Tabs outside quotes, comments and block texts: YAML 1.2 allows many of them, PyYAML allows none.
// Exports: tabFindings. Costs nothing for a text without tabs.
import { type Document, isScalar, visit } from 'yaml';
import type { FindingMaker } from './finding.ts';
import type { Finding, TextRange } from './types.ts';

/** Findings beyond this repeat what the first ones say. */
const MAX_TAB_FINDINGS = 50;

function protectedRanges(document: Document | null): readonly TextRange[] {
  const ranges: TextRange[] = [];
  if (document === null) return ranges;
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && node.type !== 'PLAIN' && node.range)
        ranges.push({ start: node.range[0], end: node.range[1] });
    },
  });
  return ranges;
}

/** One finding for each line with such a tab; lines in `reportedLines` already have a syntax error. */
export function tabFindings(
  text: string,
  document: Document | null,
  maker: FindingMaker,
  reportedLines: ReadonlySet<number>,
): readonly Finding[] {
  if (!text.includes('\t')) return [];
  const ranges = protectedRanges(document);
  const isProtected = (offset: number) => ranges.some((range) => range.start <= offset && offset < range.end);
  const findings: Finding[] = [];
  const seen = new Set(reportedLines);
  for (
    let at = text.indexOf('\t');
    at !== -1 && findings.length < MAX_TAB_FINDINGS;
    at = text.indexOf('\t', at + 1)
  ) {
    const { line, column } = maker.lines.positionAt(at);
    if (seen.has(line) || isProtected(at)) continue;
    const before = text.slice(at - column + 1, at);
    const isComment = [...before.matchAll(/(?:^|\s)#/g)].some(
      (match) => !isProtected(at - column + 1 + match.index),
    );
    if (isComment) continue;
    seen.add(line);
    const end = at + (/^\t+/.exec(text.slice(at))?.[0].length ?? 1);
    const indentation = before.trim() === '';
    findings.push(
      maker.make({
        code: 'yaml-tab',
        severity: 'error',
        range: { start: at, end },
        message: 'A tab stands here; the YAML loader of the training tools accepts only spaces.',
        fix: {
          title: 'Replace by spaces',
          edits: [{ start: at, end, newText: indentation ? '  '.repeat(end - at) : ' ' }],
        },
      }),
    );
  }
  return findings;
}
