// Whether the programs and Python packages that a recipe starts can be found in the environment its job will have: one command of bash
// there, and what its answer means. Imports and runs none of them.
import type { PreflightFinding } from '../../api/launches.ts';
import { quoteWord } from '../remote/quote.ts';
import { FIELD } from '../remote/answer-parts.ts';
import { findingsOf } from './finding.ts';

/** Conda and module systems of a slow file system take seconds; whoever hangs must not keep the rest of the look. */
const TIMEOUT_SECONDS = 60;

export interface PackageQuestion {
  /** Lines of bash that make the environment of the job. */
  readonly lines: readonly string[];
  /** Names as in `import`. */
  readonly packages: readonly string[];
  /** Names on PATH. */
  readonly programs: readonly string[];
}

export interface PackageAnswer {
  /** `3.11.7`; null where there is no python3. */
  readonly python: string | null;
  /** By name: the version, empty where it tells none; null for what is not there. */
  readonly packages: Readonly<Record<string, string | null>>;
  readonly programs: Readonly<Record<string, boolean>>;
}

/** find_spec looks for a top-level package without running any of its code. */
const ASK = [
  'import sys',
  'from importlib import metadata, util',
  `print(${JSON.stringify(FIELD)} + "python" + ${JSON.stringify(FIELD)} + sys.version.split()[0])`,
  'for name in sys.argv[1:]:',
  '    try:',
  '        there = util.find_spec(name) is not None',
  '    except Exception:',
  '        there = False',
  '    try:',
  '        version = metadata.version(name)',
  '    except Exception:',
  '        version = ""',
  `    print(${JSON.stringify(FIELD)} + "package" + ${JSON.stringify(FIELD)} + name + ${JSON.stringify(FIELD)} + (version if there else "-"))`,
].join('\n');

/** POSIX sh. */
export function packageLines({ lines, packages, programs }: PackageQuestion): readonly string[] {
  const inside = [
    // What an environment says of itself is no answer.
    '{ :',
    ...lines,
    '} > /dev/null 2>&1',
    ...programs.map(
      (name) =>
        `printf '${FIELD}program${FIELD}%s${FIELD}%s\\n' ${quoteWord(name)} "$(command -v ${quoteWord(name)} > /dev/null 2>&1 && echo 1)"`,
    ),
    ...(packages.length === 0
      ? []
      : [`python3 -c ${quoteWord(ASK)} ${packages.map(quoteWord).join(' ')} 2> /dev/null`]),
    `printf '${FIELD}end\\n'`,
  ].join('\n');
  return [
    `l=; command -v timeout > /dev/null && l='timeout ${TIMEOUT_SECONDS}'`,
    `( cd / && $l bash --norc -c ${quoteWord(inside)} < /dev/null 2> /dev/null )`,
  ];
}

/** Null where the environment could not be made, or took too long. */
export function parsePackages(text: string): PackageAnswer | null {
  const packages: Record<string, string | null> = {};
  const programs: Record<string, boolean> = {};
  let python: string | null = null;
  let isWhole = false;
  for (const line of text.split('\n')) {
    const [before, kind, name = '', value = ''] = line.split(FIELD);
    if (before !== '') continue;
    if (kind === 'python') python = name;
    else if (kind === 'package') packages[name] = value === '-' ? null : value;
    else if (kind === 'program') programs[name] = value === '1';
    else if (kind === 'end') isWhole = true;
  }
  return isWhole ? { python, packages, programs } : null;
}

const HINT =
  'The run would end at its start. Its environment is that of the target in studio.yaml: modules, conda, python, setup';

export function packageFindings(
  { packages, programs }: Pick<PackageQuestion, 'packages' | 'programs'>,
  answer: PackageAnswer | null,
  target: string,
): readonly PreflightFinding[] {
  const say = findingsOf('code');
  if (packages.length === 0 && programs.length === 0) return [];
  if (answer === null)
    return [
      say(
        'warning',
        `The environment of ${target} could not be made to look for packages`,
        `Its modules, conda or setup ended the shell, or took more than ${TIMEOUT_SECONDS} s`,
      ),
    ];
  const noPrograms = programs.filter((name) => answer.programs[name] !== true);
  const hasPython = packages.length === 0 || answer.python !== null;
  const missing = hasPython ? packages.filter((name) => (answer.packages[name] ?? null) === null) : [];
  const lacking = [...new Set([...noPrograms, ...(hasPython ? [] : ['python3'])])];
  const found = packages.flatMap((name) => {
    const version = answer.packages[name] ?? null;
    return version === null ? [] : [version === '' ? name : `${name} ${version}`];
  });
  return [
    ...(lacking.length === 0
      ? []
      : [say('error', `${listed(lacking)} ${areNot(lacking)} on ${target}`, HINT)]),
    ...(missing.length === 0
      ? []
      : [say('error', `Python ${answer.python ?? ''} of ${target} has no ${listed(missing, 'or')}`, HINT)]),
    ...(found.length === 0 || missing.length > 0 || lacking.length > 0
      ? []
      : [
          say(
            'info',
            `Python ${answer.python ?? ''} of ${target} has ${listed(found)}`,
            'As the job will find it',
          ),
        ]),
  ];
}

function listed(names: readonly string[], word = 'and'): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} ${word} ${last}`;
}

function areNot(names: readonly string[]): string {
  return names.length === 1 ? 'is not found' : 'are not found';
}
