// Loads one native runtime for real and prints what it is, as JSON; then ends. Run as its own process, because a
// runtime that does not fit the computer may take its process down.

export interface Loaded {
  readonly version: string;
  readonly detail: string;
}

const loaders: Readonly<Record<string, () => Promise<Loaded>>> = {
  async duckdb() {
    const duckdb = await import('@duckdb/node-api');
    const instance = await duckdb.DuckDBInstance.create(':memory:');
    instance.closeSync();
    return { version: duckdb.version(), detail: 'opened an empty database' };
  },
  async llama() {
    const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
    const llama = await getLlama({ build: 'never', gpu: false, logLevel: LlamaLogLevel.error });
    const version = `llama.cpp ${llama.llamaCppRelease.release}`;
    await llama.dispose();
    return { version, detail: `${llama.buildType} build for the CPU` };
  },
  async onnxruntime() {
    const { env } = await import('onnxruntime-node');
    return { version: env.versions.node ?? 'unknown', detail: 'CPU' };
  },
};

const load = loaders[process.argv[2] ?? ''];
if (!load) throw new Error('Name a runtime: duckdb, llama or onnxruntime');
const loaded = await load();

process.stdout.write(`${JSON.stringify(loaded)}\n`, () => process.exit(0));
