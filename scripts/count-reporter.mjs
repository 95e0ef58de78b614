// A vitest reporter that writes, per test file, how many tests passed and failed, which needed a second try, and why the others were
// skipped. What failed is printed in a line each before the details follow.
import { writeFileSync } from 'node:fs';

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const files = modules.map(countOf);
    const failures = [
      ...files.flatMap(({ failures }) => failures),
      ...unhandledErrors.map((error) => `outside any test: ${firstLine(error)}`),
    ];
    if (failures.length > 0) console.log(['', ...failures.map((line) => `FAILED ${line}`)].join('\n'));
    writeFileSync(process.env.NESSO_COUNT_FILE, JSON.stringify({ files, unhandled: unhandledErrors.length }));
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
    if (test.diagnostic()?.retryCount) count.secondTries.push(test.fullName);
    if (result.state === 'passed') count.passed += 1;
    else if (result.state === 'failed') {
      count.failed += 1;
      count.failures.push(`${name} > ${test.fullName}: ${firstLine(result.errors?.at(-1))}`);
    } else count.skipped.push(result.note ? `${test.fullName}: ${result.note}` : test.fullName);
  }
  // A file that could not be loaded has no tests and has failed all the same; so has a failing hook.
  if (module.state() === 'failed' && (tests === 0 || module.errors().length > 0)) {
    count.failed += 1;
    count.failures.push(`${name}: ${firstLine(module.errors()[0])}`);
  }
  return count;
}

function firstLine(error) {
  return String(error?.message ?? 'no reason given')
    .split('\n')[0]
    .slice(0, 160);
}
