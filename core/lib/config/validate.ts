// Everything that reading and the schema have to say about one config.
// Exports: schemaFindings (the schema only), explainedProblems (document.problems with fixes), configFindings (both, sorted).
// Rules across fields are not here.
import { hasSyntaxError } from './document.ts';
import { applyEdits } from './edit.ts';
import { findingMaker } from './finding.ts';
import { fieldAt } from './schema/field-at.ts';
import { schemaForKind } from './schema/for-kind.ts';
import type { ConfigSchema } from './schema/types.ts';
import type { ConfigDocument, ConfigKind, Finding, Fix, KeyPath, MapNode, TextEdit } from './types.ts';
import { checkObject } from './validate/check-value.ts';
import type { CheckContext, Issue } from './validate/issue.ts';
import { misplacedKey } from './validate/misplaced-keys.ts';
import { trapIssues } from './validate/yaml-traps.ts';

/**
 * Findings of the schema of a kind, by line: unknown, missing and misplaced keys, types, lists of values, ranges, and
 * values YAML 1.1 reads otherwise than meant. Problems of the YAML itself are in document.problems. Behind a syntax error
 * that could not be read around, nothing is reported, because the tree is not what was meant there.
 */
export function schemaFindings(document: ConfigDocument, kind: ConfigKind): readonly Finding[] {
  const schema = schemaForKind(kind);
  const maker = findingMaker(document.text);
  const root = document.root;
  if (root === null) return [];
  const issues: Issue[] = [];
  if (schema !== null && root.kind === 'map') issues.push(...mapIssues(document, root, schema));
  else if (schema !== null) {
    issues.push({
      code: 'not-a-map',
      severity: 'error',
      range: { start: 0, end: 0 },
      path: [],
      message: 'The file must hold keys at its top level.',
    });
  }
  const reported = new Set(issues.map((issue) => issue.range.start));
  const expectsBool = (path: KeyPath) => {
    const type = schema === null ? undefined : fieldAt(schema, root, path)?.type;
    return (
      type?.kind === 'bool' ||
      (type?.kind === 'union' && type.options.some((option) => option.kind === 'bool'))
    );
  };
  issues.push(...trapIssues(root, reported, expectsBool));
  const limit = document.trustedUntil;
  const trusted =
    limit === undefined
      ? issues
      : issues.filter((issue) => issue.range.end <= limit && issue.code !== 'missing-required');
  return trusted
    .toSorted((left, right) => left.range.start - right.range.start)
    .map((issue) => maker.make(issue));
}

function mapIssues(document: ConfigDocument, root: MapNode, schema: ConfigSchema): readonly Issue[] {
  const { lines } = findingMaker(document.text);
  const context: CheckContext = {
    text: document.text,
    textNumbers: schema.textNumbers,
    source: schema.source,
  };
  const issues = checkObject({ node: root, path: [] }, schema.root, context);
  return issues.map((issue) => {
    const [key, ...deeper] = issue.path;
    if (issue.code !== 'unknown-key' || deeper.length > 0) return issue;
    const entry = root.entries.find((candidate) => candidate.key === key);
    return (entry && misplacedKey(document, lines, schema, entry)) ?? issue;
  });
}

/** document.problems, where a syntax error that comes from lost indentation has its explanation and its fix. */
export function explainedProblems(document: ConfigDocument, kind: ConfigKind): readonly Finding[] {
  const index = document.problems.findIndex((problem) => problem.code === 'yaml-syntax');
  const problem = document.problems[index];
  if (problem === undefined || problem.fix !== undefined) return document.problems;
  const better = explainMisplaced(document, kind, problem) ?? explainAlignment(document, problem);
  return better === null ? document.problems : document.problems.with(index, better);
}

const parsesAfter = (document: ConfigDocument, edits: readonly TextEdit[]) =>
  !hasSyntaxError(applyEdits(document.text, edits));

/** Every key outside its section moved at once: the keys around the broken line lost their indentation together. */
function explainMisplaced(document: ConfigDocument, kind: ConfigKind, problem: Finding): Finding | null {
  const misplaced = schemaFindings(document, kind).filter(
    (finding) => finding.code === 'key-outside-its-section' && finding.fix !== undefined,
  );
  const edits = misplaced.flatMap((finding) => finding.fix?.edits ?? []);
  if (edits.length === 0 || !parsesAfter(document, edits)) return null;
  const keys = misplaced.map((finding) => String(finding.path[0]));
  const fix: Fix = {
    title: misplaced.length === 1 ? `Indent ${keys[0]}` : `Indent ${keys.length} keys`,
    edits,
  };
  const message = `${problem.message} Its neighbours lost their indentation too: ${keys.join(', ')}.`;
  return { ...problem, ...(keys.length === 1 ? {} : { message }), fix };
}

/** The broken line at the column of the line above it. */
function explainAlignment(document: ConfigDocument, problem: Finding): Finding | null {
  const { lines } = findingMaker(document.text);
  const indentOf = (line: number) =>
    /^ */.exec(document.text.slice(lines.lineStart(line), lines.lineEnd(line)))?.[0].length ?? 0;
  const here = indentOf(problem.line);
  let above = problem.line - 1;
  while (above > 0 && /^\s*(?:#.*)?$/.test(document.text.slice(lines.lineStart(above), lines.lineEnd(above))))
    above -= 1;
  if (above < 1 || indentOf(above) === here) return null;
  const start = lines.lineStart(problem.line);
  const edits = [{ start, end: start + here, newText: ' '.repeat(indentOf(above)) }];
  if (!parsesAfter(document, edits)) return null;
  return { ...problem, fix: { title: `Align with line ${above}`, edits } };
}

/** Problems of the YAML and of the schema, by line. */
export function configFindings(document: ConfigDocument, kind: ConfigKind): readonly Finding[] {
  return [...explainedProblems(document, kind), ...schemaFindings(document, kind)].toSorted(
    (left, right) => left.range.start - right.range.start,
  );
}
