// Starts one of the native children from the built bundles. A child owns one native runtime and may die.
// Works under plain Node and inside Electron, where the same binary runs as Node.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

export type NativeEntry =
  | 'native-arrow'
  | 'native-weights'
  | 'native-llama'
  | 'native-duckdb'
  | 'native-onnx'
  | 'native-tokens'
  | 'native-logs';

/** Messages use structured clone, so typed arrays and bigint cross. stderr is inherited for diagnosis. */
export function spawnChild(appFolder: string, entry: NativeEntry): ChildProcess {
  return fork(join(appFolder, 'out', 'main', `${entry}.js`), [], {
    serialization: 'advanced',
    // Ctrl-C in a terminal reaches a whole process group: the parent decides what ends, and a child ends with it.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // node-llama-cpp ends when CI is something other than a truth value, such as the name of a build server.
    env: { ...process.env, ...settingsOf(entry), CI: 'false', ELECTRON_RUN_AS_NODE: '1' },
  });
}

/**
 * llama.cpp computes on whichever thread calls it. With four threads taking turns, a 437M model in Q8_0 wrote 12 to 30 % more slowly
 * than when one called it every time (two cores).
 */
function settingsOf(entry: NativeEntry): Readonly<Record<string, string>> {
  return entry === 'native-llama' ? { UV_THREADPOOL_SIZE: '1' } : {};
}
