// Runs a program for a moment and hands back what it printed. For version checks, not for work.
import { execFile } from 'node:child_process';

export interface ToolOutput {
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

/** More than any version text; a program that prints on is cut off. */
const MAX_OUTPUT_BYTES = 256 * 1024;

/** Throws an errno error when the program is missing, else an Error with its exit code, signal or time-out. */
export function runTool(
  program: string,
  parameters: readonly string[],
  options: ToolOptions,
): Promise<ToolOutput> {
  const { timeoutMs, signal, environment } = options;
  return new Promise((resolve, reject) => {
    execFile(
      program,
      [...parameters],
      {
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        windowsHide: true,
        env: { ...process.env, ...environment },
        ...(signal ? { signal } : {}),
      },
      (error, stdout, stderr) => {
        if (!error) return resolve({ stdout, stderr });
        if (error.killed && error.signal === 'SIGKILL')
          return reject(new Error(`no answer within ${timeoutMs / 1000} s`));
        if (error.signal) return reject(new Error(`it ended by ${error.signal}`));
        const firstLine = stderr.split('\n').find((line) => /error/i.test(line));
        reject(firstLine ? new Error(firstLine.trim(), { cause: error }) : error);
      },
    );
  });
}
