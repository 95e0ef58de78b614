// The health report: versions, native runtimes (really loaded, each in its own process), tools, memory, disk.
import { statfs } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import type { DoctorReport } from '../../api/system.ts';
import type { CoreOptions } from '../context.ts';
import { runTool } from './run-tool.ts';

type Check = DoctorReport['runtimes'][number];

/** A cold start of a runtime on a slow disk took 3 s; ten times that is a hang. */
const RUNTIME_TIMEOUT_MS = 120_000;
const TOOL_TIMEOUT_MS = 5_000;

const runtimes = [
  { name: 'DuckDB', id: 'duckdb', use: 'Datasets cannot be opened without it' },
  { name: 'llama.cpp', id: 'llama', use: 'Models cannot be chatted with without it' },
  { name: 'ONNX Runtime', id: 'onnxruntime', use: 'Samples cannot be scored without it' },
] as const;

const tools = [
  {
    name: 'OpenSSH',
    program: 'ssh',
    parameters: ['-V'],
    pattern: /OpenSSH\S*/,
    hint: 'Install the OpenSSH client to reach a cluster',
  },
  {
    name: 'git',
    program: 'git',
    parameters: ['--version'],
    pattern: /\d+(\.\d+)+/,
    hint: 'Install git to see branches and record commits',
  },
] as const;

/** `diskFolder`: whose disk is measured (the open workspace, else the state folder). */
export async function examine(
  options: CoreOptions,
  diskFolder: string,
  signal: AbortSignal | undefined,
): Promise<DoctorReport> {
  // One after the other: each loads a large library, and small computers swap when all do at once.
  const runtimeChecks: Check[] = [];
  for (const runtime of runtimes) runtimeChecks.push(await checkRuntime(options, runtime, signal));
  const [toolChecks, disk] = await Promise.all([
    Promise.all(tools.map((tool) => checkTool(tool, signal))),
    measureDisk(diskFolder),
  ]);
  return {
    studio: options.version,
    node: process.versions.node,
    electron: process.versions.electron ?? null,
    platform: process.platform,
    architecture: process.arch,
    cpuCount: availableParallelism(),
    memoryBytes: { total: totalmem(), free: freemem() },
    diskBytes: { path: diskFolder, ...disk },
    runtimes: runtimeChecks,
    tools: toolChecks,
  };
}

async function checkRuntime(
  options: CoreOptions,
  runtime: (typeof runtimes)[number],
  signal: AbortSignal | undefined,
): Promise<Check> {
  const probe = join(options.appFolder, 'out', 'main', 'native-probe.js');
  try {
    const { stdout } = await runTool(process.execPath, [probe, runtime.id], {
      timeoutMs: RUNTIME_TIMEOUT_MS,
      signal,
      // As the children of the studio get it: a build server's own word in CI ends node-llama-cpp.
      environment: { CI: 'false', ELECTRON_RUN_AS_NODE: '1' },
    });
    const loaded = JSON.parse(stdout) as { version: string; detail: string };
    return { name: runtime.name, status: 'ok', value: `${loaded.version} · ${loaded.detail}`, hint: null };
  } catch (error) {
    signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return {
      name: runtime.name,
      status: 'missing',
      value: reason.split('\n')[0] ?? '',
      hint: `${runtime.use}; install the studio again`,
    };
  }
}

async function checkTool(tool: (typeof tools)[number], signal: AbortSignal | undefined): Promise<Check> {
  try {
    const { stdout, stderr } = await runTool(tool.program, tool.parameters, {
      timeoutMs: TOOL_TIMEOUT_MS,
      signal,
    });
    const text = `${stdout}${stderr}`;
    return { name: tool.name, status: 'ok', value: tool.pattern.exec(text)?.[0] ?? text.trim(), hint: null };
  } catch {
    signal?.throwIfAborted();
    return { name: tool.name, status: 'missing', value: 'not found', hint: tool.hint };
  }
}

async function measureDisk(folder: string): Promise<{ total: number; free: number }> {
  const disk = await statfs(folder);
  return { total: disk.blocks * disk.bsize, free: disk.bavail * disk.bsize };
}
