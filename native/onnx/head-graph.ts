// The ONNX model that scores vectors with one head: Gemm, Relu, Gemm, with the weights as inputs, so that the same 200 bytes serve
// every head. Written by hand in protobuf's wire format (ONNX IR 8, opset 13).

type Field = readonly [number, number | string | Uint8Array];

/** Numbers as varints, texts and messages length-delimited. */
function message(fields: readonly Field[]): Uint8Array {
  const bytes: number[] = [];
  const varint = (value: number): void => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
    bytes.push(rest);
  };
  for (const [field, value] of fields) {
    if (typeof value === 'number') {
      varint(field * 8);
      varint(value);
    } else {
      const content = typeof value === 'string' ? new TextEncoder().encode(value) : value;
      varint(field * 8 + 2);
      varint(content.length);
      bytes.push(...content);
    }
  }
  return Uint8Array.from(bytes);
}

const FLOAT = 1;
const INT_ATTRIBUTE = 2;

function port(name: string, dimensions: readonly string[]): Uint8Array {
  const shape = message(dimensions.map((dimension): Field => [1, message([[2, dimension]])]));
  const tensor = message([
    [1, FLOAT],
    [2, shape],
  ]);
  return message([
    [1, name],
    [2, message([[1, tensor]])],
  ]);
}

function gemm(inputs: readonly string[], output: string): Uint8Array {
  const transposed = message([
    [1, 'transB'],
    [3, 1],
    [20, INT_ATTRIBUTE],
  ]);
  return message([...inputs.map((input): Field => [1, input]), [2, output], [4, 'Gemm'], [5, transposed]]);
}

/** Inputs `vectors` [n, d], `w1` [h, d], `b1` [h], `w2` [1, h], `b2` [1]; output `scores` [n, 1]. */
export function headGraph(): Uint8Array {
  const relu = message([
    [1, 'sum'],
    [2, 'active'],
    [4, 'Relu'],
  ]);
  const graph = message([
    [1, gemm(['vectors', 'w1', 'b1'], 'sum')],
    [1, relu],
    [1, gemm(['active', 'w2', 'b2'], 'scores')],
    [2, 'head'],
    [11, port('vectors', ['n', 'd'])],
    [11, port('w1', ['h', 'd'])],
    [11, port('b1', ['h'])],
    [11, port('w2', ['one', 'h'])],
    [11, port('b2', ['one'])],
    [12, port('scores', ['n', 'one'])],
  ]);
  return message([
    [1, 8],
    [7, graph],
    [8, message([[2, 13]])],
  ]);
}
