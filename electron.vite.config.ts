// One build for both hosts: the Node bundles (desktop main, core, command line, native children, trainer),
// the preload and the renderer. `out/main` is plain Node and runs without Electron.
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const here = import.meta.dirname;

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node20',
      // What only the bench needs is no dependency of the studio, and is not to be bundled either.
      externalizeDeps: { include: ['playwright-core', 'vite'] },
      rollupOptions: {
        input: {
          main: resolve(here, 'electron/main.ts'),
          core: resolve(here, 'electron/core-process.ts'),
          nesso: resolve(here, 'cli/nesso.ts'),
          'native-llama': resolve(here, 'native/llama/child.ts'),
          'native-llama-template': resolve(here, 'native/llama/template-worker.ts'),
          'native-duckdb': resolve(here, 'native/duckdb/child.ts'),
          'native-arrow': resolve(here, 'native/arrow/child.ts'),
          'native-weights': resolve(here, 'core/services/conversion/child.ts'),
          'native-tokens': resolve(here, 'core/services/tokenizers/child.ts'),
          'evaluation-draws': resolve(here, 'core/services/evaluations/progress/draws-thread.ts'),
          'native-logs': resolve(here, 'core/services/logs/log-child.ts'),
          'native-onnx': resolve(here, 'native/onnx/child.ts'),
          'native-probe': resolve(here, 'native/probe/probe.ts'),
          'native-runner': resolve(here, 'native/runner/run-process.ts'),
          'native-askpass': resolve(here, 'native/askpass/askpass.ts'),
          'native-train-head': resolve(here, 'native/trainer/train-head.ts'),
          bench: resolve(here, 'test/bench/all.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: {
        input: { preload: resolve(here, 'electron/preload.cts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    base: './',
    plugins: [react()],
    resolve: {
      alias: [
        {
          find: /^monaco-editor\/esm\/vs\/editor\/editor\.worker(\.js)?$/,
          replacement: 'monaco-editor/editor/editor.worker.js',
        },
      ],
    },
    build: {
      outDir: 'out/renderer',
      minify: true,
      rollupOptions: { input: { index: resolve(here, 'renderer/index.html') } },
    },
  },
});
