// A vitest reporter that writes, per test file, how many tests passed and failed and why, which needed a second try and why, and
// why the others were skipped. What failed is printed in a line each before the details follow.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** A reason longer than this is no longer read in a list. */
const REASON_CHARACTERS = 240;

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const files = modules.map(countOf);
    const outside = unhandledErrors.map((error) => blame(error, files)).filter((line) => line !== null);
    const failures = [...files.flatMap((file) => file.failures), ...outside];
    if (failures.length > 0) console.log(['', ...failures.map((line) => `FAILED ${line}`)].join('\n'));
    writeFileSync(process.env.NESSO_COUNT_FILE, JSON.stringify({ files, outside }));
  }
}

function countOf(module) {
  const name = module.relativeModuleId ?? module.moduleId;
  const count = {
    project: module.project.name,
    name,
    passed: 0,
    failed: 0,
    skipped: [],
    secondTries: [],
    failures: [],
  };
  let tests = 0;
  for (const test of module.children.allTests()) {
    tests += 1;
    const result = test.result();
    const title = `${name} > ${test.fullName}`;
    if (test.diagnostic()?.retryCount) count.secondTries.push(`${title}: ${reasonOf(result.errors?.[0])}`);
    if (result.state === 'passed') count.passed += 1;
    else if (result.state === 'failed') {
      count.failed += 1;
      count.failures.push(`${title}: ${reasonOf(result.errors?.at(-1))}`);
    } else count.skipped.push(result.note ? `${test.fullName}: ${result.note}` : test.fullName);
  }
  if (['queued', 'pending'].includes(module.state())) {
    count.failed += 1;
    count.failures.push(`${name}: it did not run to its end`);
  }
  // A file that could not be loaded has no tests and has failed all the same; so has a failing hook.
  if (module.state() === 'failed' && (tests === 0 || module.errors().length > 0)) {
    count.failed += 1;
    count.failures.push(`${name}: ${reasonOf(module.errors()[0])}`);
  }
  return count;
}

/** An error outside any test fails the file it came from, so that this file can run once more; null when there is one. */
function blame(error, files) {
  // A worker that could not be started or ended in time says its file in words only.
  const told = error?.VITEST_TEST_PATH ?? /for test files? (.+?\.ts)\b/.exec(String(error?.message))?.[1];
  const path = typeof told === 'string' ? relative(process.cwd(), told) : null;
  const file = files.find(({ name }) => name === path);
  const line = `outside any test: ${reasonOf(error)}`;
  if (file === undefined) return line;
  file.failed += 1;
  file.failures.push(`${file.name} > ${line}`);
  return null;
}

/** One line: what went wrong, what a browser waited for, and where in the tests. */
function reasonOf(error) {
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
  const lines = String(error?.message ?? 'no reason given')
    .replace(escapes, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const waited = lines.find((line, index) => index > 0 && line.startsWith('- waiting for'));
  const cause =
    error?.cause?.message === undefined ? undefined : `(${String(error.cause.message).split('\n')[0]})`;
  const said = [lines[0] ?? 'no reason given', waited, cause].filter((part) => part !== undefined).join(' ');
  const frame = error?.stacks?.find(({ file }) => /\/test\//.test(file));
  const place = frame === undefined ? '' : ` [${relative(process.cwd(), frame.file)}:${frame.line}]`;
  return `${said.slice(0, REASON_CHARACTERS)}${place}`;
}
