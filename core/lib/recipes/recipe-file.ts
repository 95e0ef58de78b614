// The form of recipe.yaml: how one kind of job is started, with which parameters, and what it writes.
// Knows the text only; where programs and workspaces are is decided by whoever launches.
import { z } from 'zod';
import { parse, YAMLParseError } from 'yaml';
import { recipeParameter } from '../../api/runs.ts';
import { launchers } from '../slurm/launch-lines.ts';
import { batchResourcesGiven } from '../slurm/resources.ts';
import { parametersOfRule, resumeRule } from './resume.ts';

/** A recipe is a page of text; more is some other file. */
export const MAX_RECIPE_LENGTH = 262_144;

/**
 * One entry of a command line. A text may hold `{name}` (a parameter), `{run}` and `{workspace}` (absolute folders),
 * `{programs}` (where `files` lie), `{node}` (a Node.js executable) and `{app}` (the studio's folder); it always becomes exactly
 * one argument.
 */
export const recipeArgument = z.union([
  z.string(),
  /** Added only when the parameter is true, or a text that is not empty; with `is`, when it is this choice. */
  z.strictObject({ when: z.string(), is: z.string().optional(), arguments: z.array(z.string()) }),
  /** The parameter's text split into words at spaces; quotes group, nothing is expanded. */
  z.strictObject({ words: z.string() }),
]);
export type RecipeArgument = z.infer<typeof recipeArgument>;

const programName = z
  .string()
  .regex(
    /^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}$/,
    'must be a path below the folder, without spaces and dots in a row',
  );

/** How the command is started on a cluster: see `launch-lines.ts`. */
const launcher = z.enum(launchers);

export const recipeFile = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and dashes'),
    title: z.string().min(1),
    description: z.string(),
    /** Where it may run. */
    targets: z
      .array(z.enum(['this-computer', 'cluster', 'workstation']))
      .min(1)
      .default(['this-computer']),
    /** The program, then its arguments. */
    command: z.array(recipeArgument).min(1),
    /** The folder the process starts in. */
    workingFolder: z.enum(['run', 'workspace']).default('run'),
    /** Values may hold placeholders. */
    environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
    /** Programs that travel with the run: beside recipe.yaml, or below the studio's `resources/`. They lie flat in `{programs}`. */
    files: z
      .array(z.union([programName, z.strictObject({ shared: programName })]))
      .max(32)
      .default([]),
    /** What follows is for clusters alone. */
    launcher: launcher.default('plain'),
    /** Where the command starts instead of the run's folder: a checkout it must be started in. */
    startIn: z.string().optional(),
    /** Folders put first on PYTHONPATH. */
    pythonPath: z.array(z.string()).default([]),
    /** Lines of bash before the command, after those of the target. No placeholders: values come through `environment`. */
    prologue: z.array(z.string().regex(/^[^\n\r\0]*$/, 'must be one line')).default([]),
    /** What it asks for unless the launch says otherwise. */
    resources: batchResourcesGiven.default({}),
    /** Puts a module called wandb on PYTHONPATH that writes each logged value, with all its digits, to metrics.jsonl. */
    exactMetrics: z.boolean().default(false),
    /** How a run of it goes on; without it one can only be launched anew. */
    resume: resumeRule.optional(),
    /** A program of `files` that looks at the target before a launch: arguments as in `command`. See README.md. */
    preflight: z
      .strictObject({ program: programName, arguments: z.array(z.string()).max(32).default([]) })
      .optional(),
    /** What lies on the target when it has ended well: paths may hold parameters. Later runs of a chain count on it. */
    makes: z
      .array(
        z.strictObject({
          path: z.string(),
          what: z.enum(['tokens', 'documents', 'model']),
          /** Only when this parameter is true. */
          when: z.string().optional(),
          /** Of token files: the tokenizer whose name they carry. */
          tokenizer: z.string().optional(),
        }),
      )
      .default([]),
    /** Parameters whose paths have to be there on the target before it starts, and what they hold. */
    needs: z
      .array(z.strictObject({ parameter: z.string(), what: z.enum(['documents', 'model', 'checkpoint']) }))
      .default([]),
    /** Python packages, as they are imported, that have to be found in the target's environment before a launch. */
    packages: z
      .array(
        z.string().regex(/^[A-Za-z_]\w{0,99}$/, 'must be the name of a package as in `import`, without dots'),
      )
      .max(32)
      .default([]),
    /** The parameter that names a checkout on the target; its branch and commit are kept with the run. */
    checkout: z.string().optional(),
    /** Versions this recipe was written for, and what is to be known before it is launched. */
    notes: z.string().default(''),
    // Strict: an unquoted comma in a flow map makes a key of the rest of a sentence.
    parameters: z.array(recipeParameter.strict()).default([]),
    /** The `file` parameter that is the job's config; its text is kept in run.json. */
    config: z.string().optional(),
    log: z
      .strictObject({ file: z.literal('log.txt'), format: z.string() })
      .default({ file: 'log.txt', format: 'text' }),
    metrics: z
      .strictObject({
        file: z.literal('metrics.jsonl').default('metrics.jsonl'),
        format: z.literal('jsonl').default('jsonl'),
        step: z.string().default('step'),
        time: z.string().default('time'),
        totalSteps: z.string().default('total_steps'),
        /** Tags shown in the list of runs, most important first. */
        main: z.array(z.string()).default([]),
      })
      .prefault({}),
    /** Files of the run folder worth showing when it is done. */
    outputs: z
      .array(
        z.strictObject({
          path: z.string(),
          title: z.string(),
          /** A folder whose files come here by themselves when the run is on another computer: results, never weights. */
          bring: z.boolean().default(false),
        }),
      )
      .default([]),
    /** What an exit code of this job means, in words. */
    exitCodes: z.record(z.string().regex(/^\d{1,3}$/), z.string()).default({}),
  })
  .superRefine((recipe, issues) => {
    const complain = (message: string) => issues.addIssue({ code: 'custom', message });
    const names = new Set(recipe.parameters.map((parameter) => parameter.name));
    if (names.size < recipe.parameters.length) complain('two parameters have the same name');
    for (const name of referencedNames(recipe)) {
      if (!names.has(name)) complain(`\`${name}\` is used but is no parameter`);
    }
    for (const { path, bring } of recipe.outputs) {
      if (bring && !isFolderName(path)) complain(`the output \`${path}\` is no folder below the run's own`);
    }
    for (const parameter of recipe.parameters) {
      if (parameter.kind === 'choice' && (parameter.choices ?? []).length === 0) {
        complain(`\`${parameter.name}\` is a choice without choices`);
      }
    }
  });
export type RecipeFile = z.infer<typeof recipeFile>;

/** One that a script of another computer may be given as it is. */
export function isFolderName(path: string): boolean {
  return programName.safeParse(path).success;
}

const placeholder = /\{([A-Za-z][A-Za-z0-9_-]*)\}/g;
const placeNames: ReadonlySet<string> = new Set(['run', 'workspace', 'programs', 'node', 'app']);

function referencedNames(recipe: {
  readonly command: readonly RecipeArgument[];
  readonly config?: string | undefined;
  readonly checkout?: string | undefined;
  readonly resume?: z.infer<typeof resumeRule> | undefined;
  readonly preflight?: { readonly arguments: readonly string[] } | undefined;
  readonly startIn?: string | undefined;
  readonly pythonPath: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly makes: readonly {
    readonly path: string;
    readonly when?: string | undefined;
    readonly tokenizer?: string | undefined;
  }[];
  readonly needs: readonly { readonly parameter: string }[];
}): readonly string[] {
  const names: string[] = [recipe.config, recipe.checkout].filter((name) => name !== undefined);
  if (recipe.resume) names.push(...parametersOfRule(recipe.resume));
  names.push(...recipe.needs.map(({ parameter }) => parameter));
  names.push(...recipe.makes.flatMap(({ when }) => (when === undefined ? [] : [when])));
  const addFrom = (text: string) => {
    for (const match of text.matchAll(placeholder))
      if (match[1] && !placeNames.has(match[1])) names.push(match[1]);
  };
  for (const text of [
    recipe.startIn ?? '',
    ...recipe.pythonPath,
    ...(recipe.preflight?.arguments ?? []),
    ...Object.values(recipe.environment),
    ...recipe.makes.flatMap(({ path, tokenizer = '' }) => [path, tokenizer]),
  ])
    addFrom(text);
  for (const argument of recipe.command) {
    if (typeof argument === 'string') addFrom(argument);
    else if ('words' in argument) names.push(argument.words);
    else {
      names.push(argument.when);
      for (const text of argument.arguments) addFrom(text);
    }
  }
  return names;
}

/** `text` cut at its placeholders: plain text at even places, names at odd ones. */
export function splitPlaceholders(text: string): readonly string[] {
  return text.split(placeholder);
}

export type RecipeReading =
  | { readonly kind: 'recipe'; readonly recipe: RecipeFile }
  | { readonly kind: 'bad'; readonly message: string };

/** recipe.yaml as text → the recipe, or one sentence naming the place and the problem. Never throws. */
export function readRecipe(text: string): RecipeReading {
  if (text.length > MAX_RECIPE_LENGTH) return { kind: 'bad', message: 'is longer than 256 kB' };
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    const first = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { kind: 'bad', message: line === undefined ? first : `line ${line}: ${first}` };
  }
  const parsed = recipeFile.safeParse(value);
  if (parsed.success) return { kind: 'recipe', recipe: parsed.data };
  const issue = parsed.error.issues[0];
  const place = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  return { kind: 'bad', message: `${place}${issue?.message ?? 'is not a recipe'}` };
}
