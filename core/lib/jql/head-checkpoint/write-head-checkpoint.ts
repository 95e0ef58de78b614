// A head as a checkpoint of PyTorch Lightning: what the official annotator loads with load_from_checkpoint, and any PyTorch with
// torch.load, weights_only or not.
import type { Head } from '../head.ts';
import { pickle, type WrittenTensor, type WrittenValue } from './pickle-writer.ts';
import { writeZip } from './zip-writer.ts';

/** Lightning brings older checkpoints up to date by this; the file has the form of this version. */
const LIGHTNING_VERSION = '2.5.0';
const FOLDER = 'head';

export interface CheckpointFacts {
  readonly epoch: number;
  readonly steps: number;
  /** Kept beside input_dim and hidden_dim; the annotator's head ignores what it does not know. */
  readonly hyperParameters: Readonly<Record<string, number | string>>;
}

export function writeHeadCheckpoint(head: Head, facts: CheckpointFacts): Uint8Array {
  const tensors: readonly (readonly [string, readonly number[], Float32Array])[] = [
    ['layer1.weight', [head.hidden, head.inputs], head.layer1Weight],
    ['layer1.bias', [head.hidden], head.layer1Bias],
    ['layer2.weight', [1, head.hidden], head.layer2Weight],
    ['layer2.bias', [1], head.layer2Bias],
  ];
  const described = tensors.map(([name, shape], index): [string, WrittenTensor] => [
    name,
    { kind: 'tensor', key: String(index), shape },
  ]);
  const content: WrittenValue = {
    epoch: facts.epoch,
    global_step: facts.steps,
    'pytorch-lightning_version': LIGHTNING_VERSION,
    state_dict: new Map(described),
    loops: {},
    callbacks: {},
    optimizer_states: [],
    lr_schedulers: [],
    hparams_name: 'kwargs',
    hyper_parameters: { ...facts.hyperParameters, input_dim: head.inputs, hidden_dim: head.hidden },
  };
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  return writeZip([
    { name: `${FOLDER}/data.pkl`, bytes: pickle(content) },
    { name: `${FOLDER}/byteorder`, bytes: text('little') },
    ...tensors.map(([, , values], index) => ({
      name: `${FOLDER}/data/${index}`,
      bytes: littleEndian(values),
    })),
    { name: `${FOLDER}/version`, bytes: text('3\n') },
  ]);
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setFloat32(index * 4, value, true);
  return bytes;
}
