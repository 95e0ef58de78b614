// Rotary attention in two layouts: Hugging Face rotates row i of a head with row i + half, llama.cpp and older Nanotron
// rotate neighbours. The rows of whole heads are dealt from one layout to the other.
import { bytesOf, columnsOf, rowsOf, type TensorRows } from './tensor-rows.ts';

export interface HeadLayout {
  readonly rowsPerHead: number;
  readonly rowBytes: number;
}

/** The row of a head that comes at a place. */
type Deal = (row: number, half: number) => number;

const neighbours: Deal = (row, half) => (row % 2) * half + Math.floor(row / 2);
const halves: Deal = (row, half) => (row < half ? row * 2 : (row - half) * 2 + 1);

/** Halves to neighbours: what a GGUF file of Llama wants. `bytes` are whole heads. */
export function toNeighbours(bytes: Uint8Array, layout: HeadLayout): Uint8Array {
  return deal(bytes, layout, neighbours);
}

/** Neighbours to halves, row by row as they are asked for: what Hugging Face wants of weights trained with neighbours. */
export function inHalves(tensor: TensorRows, heads: number): TensorRows {
  const rowsPerHead = rowsOf(tensor) / heads;
  const rowBytes = columnsOf(tensor) * bytesOf(tensor.type);
  return {
    ...tensor,
    readRows(first, count) {
      const start = Math.floor(first / rowsPerHead) * rowsPerHead;
      const end = Math.ceil((first + count) / rowsPerHead) * rowsPerHead;
      const dealt = deal(tensor.readRows(start, end - start), { rowsPerHead, rowBytes }, halves);
      return dealt.subarray((first - start) * rowBytes, (first - start + count) * rowBytes);
    },
  };
}

function deal(bytes: Uint8Array, { rowsPerHead, rowBytes }: HeadLayout, order: Deal): Uint8Array {
  const dealt = new Uint8Array(bytes.length);
  const rows = bytes.length / rowBytes;
  for (let row = 0; row < rows; row += 1) {
    const inHead = row % rowsPerHead;
    const from = (row - inHead + order(inHead, rowsPerHead / 2)) * rowBytes;
    dealt.set(bytes.subarray(from, from + rowBytes), row * rowBytes);
  }
  return dealt;
}
