// Test projects: `unit` is pure and fast; `integration` uses real files, processes, native runtimes, sshd and Slurm; `e2e`
// drives the served studio in a real Chromium, `e2e-alone` measures it there; `electron` runs the built desktop host.
import { defineConfig } from 'vitest/config';

const BROWSER_TIMEOUT_MS = 480_000;
/** Limits only end what hangs: however busy a computer is, nothing that works comes near them. */
const POLL_TIMEOUT_MS = 120_000;
const UNIT_TIMEOUT_MS = 120_000;
const INTEGRATION_TIMEOUT_MS = 480_000;
/** A shared machine may stop for seconds; what fails twice is broken, and what failed once is named at the end of the run. */
const RETRIES = process.env['CI'] ? 1 : 0;
/** How fast the window is cannot be judged beside other tests: these come last, one at a time. */
const MEASUREMENTS = 'test/e2e/alone/**/*.test.ts';
/** Built programs and the bundle of the window, which these tests run. */
const BUILD = ['test/support/build-once.ts'];
/** Files one after another in one process: what they import is read and run once a process, not once a file. */
const SHARED_PROCESS = { isolate: false, setupFiles: ['test/support/fresh-process.ts'] };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: UNIT_TIMEOUT_MS,
          ...SHARED_PROCESS,
        },
      },
      {
        test: {
          name: 'integration',
          expect: { poll: { timeout: POLL_TIMEOUT_MS } },
          globalSetup: BUILD,
          retry: RETRIES,
          include: ['test/integration/**/*.test.ts'],
          testTimeout: INTEGRATION_TIMEOUT_MS,
          hookTimeout: INTEGRATION_TIMEOUT_MS,
          ...SHARED_PROCESS,
          // A quarter of these files wait for schedulers and links much more than they work.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          expect: { poll: { timeout: POLL_TIMEOUT_MS } },
          globalSetup: BUILD,
          retry: RETRIES,
          include: ['test/e2e/**/*.test.ts'],
          exclude: [MEASUREMENTS],
          testTimeout: BROWSER_TIMEOUT_MS,
          hookTimeout: BROWSER_TIMEOUT_MS,
          ...SHARED_PROCESS,
          // Every file has a server, a browser and folders of its own; pictures for the documentation share one folder.
          fileParallelism: process.env['NESSO_SCREENSHOTS'] === undefined,
        },
      },
      {
        test: {
          name: 'e2e-alone',
          expect: { poll: { timeout: POLL_TIMEOUT_MS } },
          globalSetup: BUILD,
          retry: RETRIES,
          include: [MEASUREMENTS],
          testTimeout: BROWSER_TIMEOUT_MS,
          hookTimeout: BROWSER_TIMEOUT_MS,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'electron',
          globalSetup: BUILD,
          include: ['test/electron-standin/**/*.test.ts', 'test/electron/**/*.spec.ts'],
          testTimeout: BROWSER_TIMEOUT_MS,
          hookTimeout: BROWSER_TIMEOUT_MS,
          fileParallelism: false,
        },
      },
    ],
    maxWorkers: 2,
  },
});
