// dp · tp · pp · cp · ep must be the number of GPUs that torchrun starts, and tensor parallelism should stay in a node.

import { formatInteger } from '../../../format/numbers.ts';
import { gpusOf } from '../../derived/derived-types.ts';
import { setFix } from '../fixes.ts';
import { type NanotronContext, type NanotronRule, report } from '../rule.ts';

function targetWords({ options }: NanotronContext, gpus: number): string {
  return options.nodes !== undefined && options.gpusPerNode !== undefined
    ? `${formatInteger(gpus)} (${options.nodes} ${options.nodes === 1 ? 'node' : 'nodes'} × ${options.gpusPerNode})`
    : formatInteger(gpus);
}

function parallelismWords({ settings }: NanotronContext): string {
  const factors: readonly (readonly [string, number | null])[] = [
    ['dp', settings.dataParallel],
    ['tp', settings.tensorParallel],
    ['pp', settings.pipelineParallel],
    ['cp', settings.contextParallel],
    ['ep', settings.expertParallel],
  ];
  return factors
    .filter(([name, size]) => name === 'dp' || (size ?? 1) > 1)
    .map(([name, size]) => `${name} ${size}`)
    .join(' × ');
}

export const worldSize: NanotronRule = {
  code: 'world-size',
  check(context) {
    const gpus = gpusOf(context.options);
    const { worldSize: needed, dataParallel } = context.settings;
    if (gpus === null || !(gpus > 0) || needed === null || dataParallel === null || gpus === needed)
      return [];
    const withoutData = needed / dataParallel;
    const fitting = gpus % withoutData === 0 ? gpus / withoutData : null;
    const path = ['parallelism', 'dp'];
    return [
      report(context, {
        code: 'world-size',
        severity: 'error',
        path,
        message: `${parallelismWords(context)} needs ${formatInteger(needed)} GPUs; the target gives ${targetWords(context, gpus)}.`,
        reason:
          'Nanotron asserts at start that the product of all parallel sizes is the number of processes. Changing dp changes the global batch in proportion.',
        fix: fitting === null ? undefined : setFix(context, `Set dp ${fitting}`, path, fitting),
      }),
    ];
  },
};

export const tensorParallelAcrossNodes: NanotronRule = {
  code: 'tp-across-nodes',
  check(context) {
    const { tensorParallel } = context.settings;
    const { gpusPerNode } = context.options;
    if (tensorParallel === null || gpusPerNode === undefined || tensorParallel <= gpusPerNode) return [];
    return [
      report(context, {
        code: 'tp-across-nodes',
        severity: 'warning',
        path: ['parallelism', 'tp'],
        message: `tp ${tensorParallel} spans several nodes of ${gpusPerNode} GPUs each.`,
        reason:
          'Tensor parallelism exchanges activations in every layer; over the network between nodes it is many times slower than inside a node.',
      }),
    ];
  },
};
