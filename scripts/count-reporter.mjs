// A vitest reporter that writes how many tests passed and failed, which needed a second try, and why the others were skipped.
import { writeFileSync } from 'node:fs';

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: [], secondTries: [] };
    for (const module of modules) {
      let tests = 0;
      for (const test of module.children.allTests()) {
        tests += 1;
        const result = test.result();
        if (test.diagnostic()?.retryCount) count.secondTries.push(test.fullName);
        if (result.state === 'passed') count.passed += 1;
        else if (result.state === 'failed') count.failed += 1;
        else count.skipped.push(result.note ? `${test.fullName}: ${result.note}` : test.fullName);
      }
      // A file that could not be loaded has no tests and has failed all the same; so has a failing hook.
      if (module.state() === 'failed' && (tests === 0 || module.errors().length > 0)) count.failed += 1;
    }
    writeFileSync(process.env.NESSO_COUNT_FILE, JSON.stringify(count));
  }
}
