// A head out of a PyTorch checkpoint: the Lightning `.ckpt` of the published JQL heads, or a saved state dict.
// Nothing of the file is executed; the description of its contents is read by a machine that can only build plain values.
import { headFromTensors, type NamedTensor } from '../head-tensors.ts';
import type { Head } from '../head.ts';
import { isKind, type PickleTensor, type PickleValue } from './pickle-values.ts';
import { damaged, unsupported } from './refusal.ts';
import { tensorValues } from './tensor-values.ts';
import { MAX_PICKLE_BYTES, unpickle } from './unpickle.ts';
import { readZipEntries, type ZipEntry } from './zip-entries.ts';

/** A head has four tensors; ten times that is some other model, whose names need not be looked at. */
const MAX_STATE_TENSORS = 40;

/** Maps by shape, whatever the names. Throws CheckpointRefusal, which says what is wrong and names what is not allowed. */
export function readHeadCheckpoint(bytes: Uint8Array): Head {
  const entries = readZipEntries(bytes);
  const folder = archiveFolder(entries);
  const byteOrder = entries.get(`${folder}/byteorder`);
  if (byteOrder && !isLittle(byteOrder)) throw unsupported('its numbers are big-endian');
  const description = entries.get(`${folder}/data.pkl`);
  if (!description || description.sizeBytes > MAX_PICKLE_BYTES) {
    throw unsupported('the description of its contents is far longer than that of a head');
  }
  const state = stateDict(unpickle(description.read()));
  if (state.length > MAX_STATE_TENSORS)
    throw unsupported(`it holds ${state.length} tensors, a head has four`);
  const tensors = state.map(
    ([name, tensor]): NamedTensor => ({
      name,
      shape: tensor.shape,
      values: () => {
        const storage = entries.get(`${folder}/data/${tensor.storage.key}`);
        if (!storage) throw damaged(`the numbers of ${name.slice(0, 80)} are missing`);
        return tensorValues(tensor, storage.read());
      },
    }),
  );
  const found = headFromTensors(tensors);
  if (found.kind === 'head') return found.head;
  throw unsupported(found.reason);
}

/** torch.save puts everything below one folder, named after the file. */
function archiveFolder(entries: ReadonlyMap<string, ZipEntry>): string {
  const folders = [...entries.keys()].flatMap((name) => /^([^/]+)\/data\.pkl$/.exec(name)?.[1] ?? []);
  const [folder] = folders;
  if (folder === undefined || folders.length > 1) {
    throw unsupported('it is a zip archive, but not one that torch.save has written');
  }
  return folder;
}

function isLittle(entry: ZipEntry): boolean {
  return entry.sizeBytes === 6 && new TextDecoder().decode(entry.read()) === 'little';
}

/** `state_dict` of a Lightning checkpoint, or the whole thing when it is a state dict itself. */
function stateDict(value: PickleValue): readonly (readonly [string, PickleTensor])[] {
  if (!isKind(value, 'dict')) throw unsupported('it is not a dictionary of weights');
  const inner = value.entries.get('state_dict') ?? value;
  if (!isKind(inner, 'dict')) throw unsupported('its state_dict is not a dictionary');
  return [...inner.entries].flatMap(([name, tensor]) =>
    typeof name === 'string' && isKind(tensor, 'tensor') ? [[name, tensor] as const] : [],
  );
}
