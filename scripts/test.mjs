// `npm test [-- --only SUITE]`: sets up what is missing, runs every suite, and ends with one line of counts.
// Suites: static, unit, integration, e2e, electron.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterPackages, installPackages, sitePackages } from './debian-packages.mjs';
import { ensureInstalled, requireNode } from './ensure-installed.mjs';

const root = join(import.meta.dirname, '..');
const bin = (...parts) => join(root, 'node_modules', ...parts);
const suites = ['static', 'unit', 'integration', 'e2e', 'electron'];

/** @type {readonly (readonly [string, string, string[]])[]} */
const staticChecks = [
  ['format', bin('@biomejs', 'biome', 'bin', 'biome'), ['format', '.']],
  ['types of core/lib, core/api, core/rpc', bin('typescript', 'bin', 'tsc'), ['-p', 'tsconfig.pure.json']],
  ['types of core, native, cli, test', bin('typescript', 'bin', 'tsc'), ['-p', 'tsconfig.node.json']],
  ['types of renderer', bin('typescript', 'bin', 'tsc'), ['-p', 'tsconfig.dom.json']],
  ['types of electron', bin('typescript', 'bin', 'tsc'), ['-p', 'tsconfig.electron.json']],
  ['lint', bin('oxlint', 'bin', 'oxlint'), ['--type-aware', '--quiet', '.']],
  ['import boundaries', join(root, 'scripts', 'check-boundaries.mjs'), []],
  ['map of the folders', join(root, 'scripts', 'check-map.mjs'), []],
];

/** Runs one program; `quiet` keeps its output until it fails. */
function run(program, parameters, { quiet = false, environment = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...parameters], {
      cwd: root,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...environment },
    });
    let output = '';
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

async function runStatic() {
  const count = { passed: 0, failed: 0, skipped: [] };
  for (const [name, program, parameters] of staticChecks) {
    const { ok, output } = await run(program, parameters, { quiet: true });
    console.log(`  ${ok ? 'ok    ' : 'FAILED'} ${name}`);
    if (!ok) console.log(output.trimEnd());
    if (ok) count.passed += 1;
    else count.failed += 1;
  }
  return count;
}

/** Failing files that are worth a second run; more than these are broken. */
const MAX_SECOND_RUNS = 8;

/**
 * `projects`: of vitest.config.ts, in one run of it. On a shared machine, which may stop for seconds, files that failed are run
 * once more, alone: what fails again is broken, and what does not is named at the end.
 */
async function runVitest(projects, environment = {}) {
  const first = await runOnce(projects, [], environment);
  const failed = first.files.filter((file) => file.failed > 0);
  const isWorthIt = failed.length > 0 && failed.length <= MAX_SECOND_RUNS && first.unhandled === 0;
  if (!process.env.CI || !isWorthIt) return sum(first, []);
  console.log(`\n-- once more, alone: ${failed.map(({ name }) => name).join(', ')}`);
  const second = await runOnce(
    [...new Set(failed.map(({ project }) => project))],
    [...failed.map(({ name }) => name), '--no-file-parallelism'],
    environment,
  );
  const again = new Map(second.files.map((file) => [file.name, file]));
  const files = first.files.map((file) => (file.failed > 0 ? (again.get(file.name) ?? file) : file));
  const mended = failed.filter(({ name }) => again.get(name)?.failed === 0);
  return sum(
    { ...second, files },
    mended.flatMap(({ failures }) => failures),
  );
}

/** What each file came to. A crash outside any test counts in `unhandled`. */
async function runOnce(projects, more, environment) {
  const folder = mkdtempSync(join(tmpdir(), 'nesso-test-'));
  const countFile = join(folder, 'count.json');
  try {
    const { ok } = await run(
      bin('vitest', 'vitest.mjs'),
      [
        'run',
        ...more,
        ...projects.flatMap((project) => ['--project', project]),
        '--reporter',
        './scripts/count-reporter.mjs',
        '--reporter',
        'default',
        '--passWithNoTests',
      ],
      { environment: { ...environment, NESSO_COUNT_FILE: countFile } },
    );
    const count = readCount(countFile);
    const isTold = ok || count.unhandled > 0 || count.files.some(({ failed }) => failed > 0);
    return isTold ? count : { ...count, unhandled: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCount(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { files: [], unhandled: 1 };
  }
}

/** `secondRuns`: what failed the first time only. */
function sum({ files, unhandled }, secondRuns) {
  return {
    passed: files.reduce((total, { passed }) => total + passed, 0),
    failed: files.reduce((total, { failed }) => total + failed, unhandled),
    skipped: files.flatMap(({ skipped }) => skipped),
    failures: files.flatMap(({ failures }) => failures),
    secondTries: files.flatMap(({ secondTries }) => secondTries),
    secondRuns,
  };
}

const failedToBuild = { passed: 0, failed: 1, skipped: [] };

async function build() {
  const { ensureBuilt } = await import('./ensure-built.mjs');
  try {
    ensureBuilt();
    return true;
  } catch (error) {
    console.log(error.message);
    return false;
  }
}

async function runSuite(suite) {
  if (suite === 'static') return runStatic();
  if (suite === 'unit') return runVitest(['unit']);
  if (!(await build())) return failedToBuild;
  // Without them the tests of clusters skip, with the reason.
  if (!installPackages([...clusterPackages, ...sitePackages])) installPackages(clusterPackages);
  if (suite === 'integration') return runVitest(['integration', 'clusters']);
  const { ensureChromium } = await import('./find-chromium.mjs');
  const chromium = ensureChromium();
  if (chromium.reason) return { passed: 0, failed: 0, skipped: [`the whole suite: ${chromium.reason}`] };
  const projects = suite === 'e2e' ? ['e2e', 'e2e-alone'] : [suite];
  return runVitest(projects, { NESSO_CHROMIUM: chromium.path });
}

function wantedSuites() {
  const at = process.argv.indexOf('--only');
  if (at < 0) return suites;
  const wanted = (process.argv[at + 1] ?? '').split(',');
  if (wanted.every((name) => suites.includes(name))) return wanted;
  console.error(`--only takes ${suites.join(', ')}`);
  process.exit(2);
}

requireNode();
const wanted = wantedSuites();
ensureInstalled();
const total = { passed: 0, failed: 0, skipped: 0 };
const lines = [];
for (const suite of wanted) {
  console.log(`\n== ${suite}`);
  const startedMs = Date.now();
  const count = await runSuite(suite);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped.length;
  lines.push(
    `${suite}: ${count.passed} passed, ${count.failed} failed, ${count.skipped.length} skipped (${seconds} s)`,
  );
  lines.push(...count.skipped.map((reason) => `  skipped ${reason}`));
  lines.push(...(count.failures ?? []).map((name) => `  FAILED ${name}`));
  lines.push(...(count.secondTries ?? []).map((name) => `  needed a second try: ${name}`));
  lines.push(...(count.secondRuns ?? []).map((name) => `  failed once, passed when run alone: ${name}`));
}
console.log(`\n${lines.join('\n')}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);
