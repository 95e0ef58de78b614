// A step of a training as Nanotron saves it: one file a tensor and tensor-parallel rank, fused projections, slices as
// text. Written from the layout of its serialize/ folder, apart from the code that reads it.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomWeights, type RandomModel, safetensors } from './random-model.ts';

export interface CheckpointLayout {
  readonly tensorParallel: number;
  /** `old` doubles parts of the file names, as versions before 1.4 did. */
  readonly names: 'old' | 'new';
  /** Neighbouring rows of a head are rotated together. */
  readonly interleaved: boolean;
}

interface Matrix {
  readonly values: Float32Array;
  readonly shape: readonly [number, number];
}

export async function writeNanotronCheckpoint(
  folder: string,
  model: RandomModel,
  layout: CheckpointLayout,
  valuesOf: (name: string, shape: readonly number[]) => Float32Array = randomWeights,
): Promise<void> {
  const { config } = model;
  const weights = (name: string): Matrix => {
    const [rows = 1, columns = 1] = model.shapes[name] ?? [];
    return { values: valuesOf(name, model.shapes[name] ?? []), shape: [rows, columns] };
  };
  const heads = config.num_attention_heads;
  const keyHeads = config.num_key_value_heads;
  const own = (matrix: Matrix, count: number) => (layout.interleaved ? neighbours(matrix, count) : matrix);
  const save = saver(folder, layout);
  await save(
    'model.token_position_embeddings.pp_block.token_embedding',
    split(weights('model.embed_tokens.weight'), 'rows'),
  );
  for (let layer = 0; layer < config.num_hidden_layers; layer += 1) {
    const from = `model.layers.${layer}`;
    const to = `model.decoder.${layer}.pp_block`;
    const parts = [
      own(weights(`${from}.self_attn.q_proj.weight`), heads),
      own(weights(`${from}.self_attn.k_proj.weight`), keyHeads),
      weights(`${from}.self_attn.v_proj.weight`),
    ];
    await save(`${to}.attn.qkv_proj`, split(...parts, 'rows'));
    await save(`${to}.attn.o_proj`, split(weights(`${from}.self_attn.o_proj.weight`), 'columns'));
    await save(
      `${to}.mlp.gate_up_proj`,
      split(weights(`${from}.mlp.gate_proj.weight`), weights(`${from}.mlp.up_proj.weight`), 'rows'),
    );
    await save(`${to}.mlp.down_proj`, split(weights(`${from}.mlp.down_proj.weight`), 'columns'));
    await save(`${to}.input_layernorm`, weights(`${from}.input_layernorm.weight`));
    await save(`${to}.post_attention_layernorm`, weights(`${from}.post_attention_layernorm.weight`));
  }
  await save('model.final_layer_norm.pp_block', weights('model.norm.weight'));
  if (!config.tie_word_embeddings)
    await save('model.lm_head.pp_block', split(weights('lm_head.weight'), 'rows'));
  const { architectures: _, ...rest } = config;
  await writeFile(
    join(folder, 'model_config.json'),
    JSON.stringify({ ...rest, is_llama_config: true, rope_interleaved: layout.interleaved }),
  );
}

interface Split {
  readonly parts: readonly Matrix[];
  readonly along: 'rows' | 'columns';
}

function split(...from: readonly [...Matrix[], 'rows' | 'columns']): Split {
  const along = from.at(-1) === 'columns' ? 'columns' : 'rows';
  return { parts: from.filter((one): one is Matrix => typeof one !== 'string'), along };
}

function saver(folder: string, { tensorParallel, names }: CheckpointLayout) {
  return async (module: string, tensor: Matrix | Split): Promise<void> => {
    const place = join(folder, 'model', ...module.split('.'));
    const name = names === 'old' ? 'model_model_weight.safetensors' : 'model_weight';
    await mkdir(place, { recursive: true });
    if (!('parts' in tensor)) {
      const shape = [tensor.values.length];
      const bytes = safetensors(new Map([['data', { values: tensor.values, shape }]]));
      await writeFile(join(place, `${name}.safetensors`), bytes);
      return;
    }
    for (let rank = 0; rank < tensorParallel; rank += 1) {
      const file = join(place, `${name}_pp-rank-0-of-2_tp-rank-${rank}-of-${tensorParallel}.safetensors`);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, shard(tensor, rank, tensorParallel));
    }
  };
}

/** One rank's part of a tensor, with where it belongs. */
function shard({ parts, along }: Split, rank: number, ranks: number): Uint8Array {
  const columns = parts[0]?.shape[1] ?? 0;
  const rows = parts.reduce((sum, { shape }) => sum + shape[0], 0);
  const pairs: string[] = [];
  const pieces: Float32Array[] = [];
  let before = 0;
  let local = 0;
  let shape: readonly [number, number] = [rows, columns / ranks];
  for (const part of parts) {
    if (along === 'columns') {
      const width = columns / ranks;
      for (let row = 0; row < rows; row += 1) {
        pieces.push(part.values.subarray(row * columns + rank * width, row * columns + (rank + 1) * width));
      }
      pairs.push(`None,None,None|None,None,None#None,None,None|${rank * width},${(rank + 1) * width},None`);
    } else {
      const count = part.shape[0] / ranks;
      const first = rank * count;
      pieces.push(part.values.subarray(first * columns, (first + count) * columns));
      pairs.push(
        `${local},${local + count},None|None,None,None#${before + first},${before + first + count},None|None,None,None`,
      );
      before += part.shape[0];
      local += count;
      shape = [local, columns];
    }
  }
  const values = new Float32Array(shape[0] * shape[1]);
  let filled = 0;
  for (const piece of pieces) {
    values.set(piece, filled);
    filled += piece.length;
  }
  return safetensors(new Map([['data', { values, shape }]]), {
    metadata: {
      version: '1.5',
      unsharded_shape: `(${rows}, ${columns})`,
      local_global_slices_pairs: pairs.join(';'),
    },
  });
}

/** Rows of each head from halves to neighbours. */
function neighbours({ values, shape }: Matrix, heads: number): Matrix {
  const [rows, columns] = shape;
  const perHead = rows / heads;
  const dealt = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    const inHead = row % perHead;
    const from = row - inHead + (inHead % 2 === 0 ? inHead / 2 : (inHead - 1) / 2 + perHead / 2);
    dealt.set(values.subarray(from * columns, (from + 1) * columns), row * columns);
  }
  return { values: dealt, shape };
}
