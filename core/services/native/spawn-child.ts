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
    env: { ...process.env, CI: 'false', ELECTRON_RUN_AS_NODE: '1' },
  });
}
