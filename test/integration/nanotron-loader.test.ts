// Templates against the programs that will read them: Nanotron's own loader, and PyYAML for the types of values.
// Skipped, with the reason, where Python or the packages are not there.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkConfig } from '../../core/lib/config/check.ts';
import { parseConfig } from '../../core/lib/config/document.ts';
import { applyEdits, removeKeyIn, setValueIn } from '../../core/lib/config/edit.ts';
import type { ConfigNode, KeyPath } from '../../core/lib/config/types.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const RESOURCES = join(HERE, '../../resources');
const TEMPLATES = readdirSync(join(RESOURCES, 'templates'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join(RESOURCES, 'templates', name));
const NANOTRON_TEMPLATES = TEMPLATES.filter((path) => !path.includes('nesso-'));
const SPANISH_WITH_DEFECT = join(RESOURCES, 'sample-workspace/configs/zagreus-0.4B-spa.yaml');
const PUBLISHED_WITH_DEFECTS = join(RESOURCES, 'sample-workspace/configs/zagreus-0.4B-ita.yaml');

/** Importing Nanotron and PyTorch takes half a minute on a busy machine, and hundreds of configs are read. */
const LOADER_TIMEOUT_MS = 600_000;

/** The first Python that can import a module, or what the last one said. */
function pythonWith(moduleName: string): { readonly python: string } | { readonly reason: string } {
  const candidates = [process.env['NESSO_PYTHON'], 'python3', 'python'].filter((name) => name !== undefined);
  let reason = 'no Python was found';
  for (const python of candidates) {
    const result = spawnSync(python, ['-c', `import ${moduleName}`], { encoding: 'utf8', timeout: 150_000 });
    if (result.status === 0) return { python };
    const lastLine = result.stderr?.trim().split('\n').at(-1);
    if (result.error === undefined && lastLine) reason = `${python}: ${lastLine}`;
  }
  return { reason };
}

const Loaded = z.object({
  file: z.string(),
  loaded: z.object({ family: z.string(), globalBatch: z.number(), decaySteps: z.number() }).optional(),
  error: z.string().optional(),
});

function askLoader(python: string, files: readonly string[]): readonly z.infer<typeof Loaded>[] {
  const output = execFileSync(python, [join(HERE, 'load-nanotron-configs.py'), ...files], {
    encoding: 'utf8',
    timeout: LOADER_TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  return output
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => Loaded.parse(JSON.parse(line)));
}

describe("Nanotron's own loader", () => {
  it('accepts every pre-training template and refuses the sample configs with defects', {
    timeout: LOADER_TIMEOUT_MS,
  }, (context) => {
    const found = pythonWith('nanotron.config.config');
    if ('reason' in found) {
      context.skip(`Nanotron cannot be imported (${found.reason})`);
      return;
    }
    const files = [...NANOTRON_TEMPLATES, SPANISH_WITH_DEFECT, PUBLISHED_WITH_DEFECTS];
    const answers = askLoader(found.python, files);
    const failed = answers.filter((answer) => answer.error !== undefined).map((answer) => answer.file);
    expect(failed).toEqual([SPANISH_WITH_DEFECT, PUBLISHED_WITH_DEFECTS]);
    const italian = answers.find((answer) => answer.file.endsWith('templates/zagreus-0.4B-ita.yaml'));
    expect(italian?.loaded).toEqual({ family: 'LlamaConfig', globalBatch: 256, decaySteps: 50_000 });
  });
});

/** Each key of a template taken out, set to null and set to a word: hundreds of wrong and a few right configs. */
function variants(text: string): readonly string[] {
  const document = parseConfig(text);
  const paths: KeyPath[] = [];
  const collect = (node: ConfigNode, path: KeyPath): void => {
    if (path.length > 0) paths.push(path);
    if (node.kind === 'map') for (const entry of node.entries) collect(entry.value, [...path, entry.key]);
    if (node.kind === 'list') node.items.slice(0, 1).forEach((item) => collect(item, [...path, 0]));
  };
  if (document.root !== null) collect(document.root, []);
  return paths.flatMap((path) =>
    [
      removeKeyIn(document, path),
      setValueIn(document, path, null),
      setValueIn(document, path, 'word'),
    ].flatMap((result) => ('edits' in result ? [applyEdits(text, result.edits)] : [])),
  );
}

describe('agreement with the loader', () => {
  it('whatever it refuses among hundreds of variants, the check calls an error', {
    timeout: LOADER_TIMEOUT_MS,
  }, (context) => {
    const found = pythonWith('nanotron.config.config');
    if ('reason' in found) {
      context.skip(`Nanotron cannot be imported (${found.reason})`);
      return;
    }
    const texts = variants(readFileSync(join(RESOURCES, 'templates/zagreus-0.4B-ita.yaml'), 'utf8'));
    expect(texts.length).toBeGreaterThan(200);
    const folder = mkdtempSync(join(tmpdir(), 'nesso-loader-'));
    try {
      const files = texts.map((text, index) => {
        const file = join(folder, `${index}.yaml`);
        writeFileSync(file, text);
        return file;
      });
      const answers = askLoader(found.python, files);
      expect(answers.length).toBe(texts.length);
      const refused = answers.filter((answer) => answer.error !== undefined);
      expect(refused.length).toBeGreaterThan(100);
      const missed = refused.filter((answer) => {
        const { findings } = checkConfig(texts[files.indexOf(answer.file)] ?? '');
        return !findings.some((finding) => finding.severity === 'error');
      });
      expect(missed).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const LIST_TYPES = `
import json, sys, yaml
def walk(value, path, types):
    if isinstance(value, dict):
        for key, item in value.items(): walk(item, path + [str(key)], types)
    elif isinstance(value, list):
        for index, item in enumerate(value): walk(item, path + [str(index)], types)
    else: types[".".join(path)] = type(value).__name__
for name in sys.argv[1:]:
    types = {}
    walk(yaml.safe_load(open(name, encoding="utf-8")), [], types)
    print(json.dumps({"file": name, "types": types}))
`;

/** Keys whose values are floats in the tools; an int is accepted there, text never is. */
const FLOAT_KEYS =
  /(^|\.)(std|rope_theta|rms_norm_eps|weight_decay|clip_grad|adam_beta[12]|adam_eps|learning_rate|min_decay_lr|dataset_weights\.\d+|beta|max_grad_norm|val_set_size)$/;

describe('PyYAML', () => {
  it('reads every float of the templates as a float', (context) => {
    const found = pythonWith('yaml');
    if ('reason' in found) {
      context.skip(`PyYAML cannot be imported (${found.reason})`);
      return;
    }
    const output = execFileSync(found.python, ['-c', LIST_TYPES, ...TEMPLATES], { encoding: 'utf8' });
    const answers = output
      .trim()
      .split('\n')
      .map((line) =>
        z.object({ file: z.string(), types: z.record(z.string(), z.string()) }).parse(JSON.parse(line)),
      );
    expect(answers.map(({ file }) => file)).toEqual(TEMPLATES);
    for (const { file, types } of answers) {
      const floats = Object.entries(types).filter(([path]) => FLOAT_KEYS.test(path));
      expect(floats.length, file).toBeGreaterThan(2);
      expect(
        floats.filter(([, type]) => type !== 'float'),
        file,
      ).toEqual([]);
    }
  });
});
