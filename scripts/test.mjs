// `npm test [-- --only SUITE]`: sets up what is missing, runs every suite, and ends with one line of counts.
// Suites: static, unit, integration, e2e, electron.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
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
  const count = { passed: 0, failed: 0, skipped: [], failures: [] };
  for (const [name, program, parameters] of staticChecks) {
    const { ok, output } = await run(program, parameters, { quiet: true });
    console.log(`  ${ok ? 'ok    ' : 'FAILED'} ${name}`);
    if (!ok) console.log(output.trimEnd());
    if (ok) count.passed += 1;
    else {
      count.failed += 1;
      count.failures.push(`${name}: ${output.trim().split('\n')[0]?.slice(0, 240)}`);
    }
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
  const isWorthIt = failed.length > 0 && failed.length <= MAX_SECOND_RUNS && first.outside.length === 0;
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

/** What each file came to. `outside`: errors that belong to no file, in a line each. */
async function runOnce(projects, more, environment) {
  const folder = mkdtempSync(join(tmpdir(), 'nesso-test-'));
  const countFile = join(folder, 'count.json');
  try {
    const { ok, output } = await run(
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
    const isTold = ok || count.outside.length > 0 || count.files.some(({ failed }) => failed > 0);
    return isTold ? count : { ...count, outside: [`vitest failed without saying why ${output}`.trim()] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCount(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { files: [], outside: ['vitest ended before it could count'] };
  }
}

/** `secondRuns`: what failed the first time only. */
function sum({ files, outside }, secondRuns) {
  return {
    passed: files.reduce((total, { passed }) => total + passed, 0),
    failed: files.reduce((total, { failed }) => total + failed, outside.length),
    skipped: files.flatMap(({ skipped }) => skipped),
    failures: [...files.flatMap(({ failures }) => failures), ...outside],
    secondTries: files.flatMap(({ secondTries }) => secondTries),
    secondRuns,
  };
}

/** Null, or why there are no programs to test. */
async function build() {
  const { ensureBuilt } = await import('./ensure-built.mjs');
  try {
    ensureBuilt();
    return null;
  } catch (error) {
    console.log(error.message);
    return String(error.message).trim().split('\n')[0] ?? 'no reason given';
  }
}

async function runSuite(suite) {
  if (suite === 'static') return runStatic();
  if (suite === 'unit') return runVitest(['unit']);
  const whyNot = await build();
  if (whyNot !== null) return { passed: 0, failed: 1, skipped: [], failures: [`the build: ${whyNot}`] };
  // Without them the tests of clusters skip, with the reason.
  if (!installPackages([...clusterPackages, ...sitePackages])) installPackages(clusterPackages);
  if (suite === 'integration') return runVitest(['integration']);
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

/** What a log shows last: what failed and why, what needed a second chance, where it ran. */
function printEnd(suites) {
  const all = (pick) =>
    suites.flatMap((suite) => (pick(suite.count) ?? []).map((line) => `${suite.name}: ${line}`));
  const lines = [
    ...all(({ skipped }) => skipped).map((line) => `skipped ${line}`),
    '',
    ...all(({ secondTries }) => secondTries).map((line) => `needed a second try: ${line}`),
    ...all(({ secondRuns }) => secondRuns).map((line) => `failed once, passed when run alone: ${line}`),
    ...all(({ failures }) => failures).map((line) => `FAILED ${line}`),
    `machine: ${machine()}`,
    ...suites.map(
      ({ name, count, seconds }) =>
        `${name}: ${count.passed} passed, ${count.failed} failed, ${count.skipped.length} skipped (${seconds.toFixed(1)} s)`,
    ),
  ];
  console.log(`\n${lines.join('\n')}`);
}

function machine() {
  const cores = `${availableParallelism()} of ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`;
  const who = process.getuid?.() === 0 ? 'root' : 'not root';
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB of memory`;
  return `${cores}, ${memory}, Node ${process.version}, ${process.platform} ${process.arch}, ${who}`;
}

requireNode();
const wanted = wantedSuites();
ensureInstalled();
const ran = [];
for (const name of wanted) {
  console.log(`\n== ${name}`);
  const startedMs = Date.now();
  const count = await runSuite(name);
  ran.push({ name, count, seconds: (Date.now() - startedMs) / 1000 });
}
printEnd(ran);
const total = (pick) => ran.reduce((sum, { count }) => sum + pick(count), 0);
const failed = total((count) => count.failed);
console.log(
  `${total((count) => count.passed)} passed, ${failed} failed, ${total((count) => count.skipped.length)} skipped`,
);
process.exit(failed > 0 ? 1 : 0);
