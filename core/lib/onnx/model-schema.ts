// The part of the ONNX file format that the studio writes: field numbers and wire types of its protobuf messages.
// Source: onnx.proto3 of ONNX 1.17 (IR version 8). Only numbers matter on the wire; the names here are our own.
import protobuf from 'protobufjs/light.js';

/** What an element is, as ONNX numbers it. */
export const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 } as const;
export type ElementType = keyof typeof elementTypes;

/** What an attribute holds, as ONNX numbers it. */
export const attributeTypes = { float: 1, integer: 2, graph: 5, integers: 7 } as const;

type FieldLine = readonly [
  name: string,
  number: number,
  type: string,
  rule?: 'repeated' | 'optional' | undefined,
];

const messages: Readonly<Record<string, readonly FieldLine[]>> = {
  Dimension: [
    ['size', 1, 'int64'],
    ['symbol', 2, 'string'],
  ],
  Shape: [['dimensions', 1, 'Dimension', 'repeated']],
  TensorType: [
    ['element', 1, 'int32'],
    ['shape', 2, 'Shape'],
  ],
  ValueType: [['tensor', 1, 'TensorType']],
  Value: [
    ['name', 1, 'string'],
    ['type', 2, 'ValueType'],
  ],
  Constant: [
    ['dimensions', 1, 'int64', 'repeated'],
    ['element', 2, 'int32'],
    ['name', 8, 'string'],
    ['bytes', 9, 'bytes'],
  ],
  // The type is written although it could be guessed: ONNX demands it since IR version 2. A 0 must be written too.
  Attribute: [
    ['name', 1, 'string'],
    ['float', 2, 'float', 'optional'],
    ['integer', 3, 'int64', 'optional'],
    ['graph', 6, 'Graph'],
    ['integers', 8, 'int64', 'repeated'],
    ['type', 20, 'int32'],
  ],
  Node: [
    ['inputs', 1, 'string', 'repeated'],
    ['outputs', 2, 'string', 'repeated'],
    ['name', 3, 'string'],
    ['operator', 4, 'string'],
    ['attributes', 5, 'Attribute', 'repeated'],
  ],
  Graph: [
    ['nodes', 1, 'Node', 'repeated'],
    ['name', 2, 'string'],
    ['constants', 5, 'Constant', 'repeated'],
    ['inputs', 11, 'Value', 'repeated'],
    ['outputs', 12, 'Value', 'repeated'],
  ],
  OperatorSet: [
    ['domain', 1, 'string'],
    ['version', 2, 'int64'],
  ],
  Model: [
    ['irVersion', 1, 'int64'],
    ['producer', 2, 'string'],
    ['graph', 7, 'Graph'],
    ['operatorSets', 8, 'OperatorSet', 'repeated'],
  ],
};

const IR_VERSION = 8;
const OPERATOR_SET = 17;

export interface ConstantRecord {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly element: number;
  readonly bytes: Uint8Array;
}

export interface ValueRecord {
  readonly name: string;
  readonly type: {
    readonly tensor: {
      readonly element: number;
      readonly shape: { readonly dimensions: readonly ({ size: number } | { symbol: string })[] };
    };
  };
}

export interface AttributeRecord {
  readonly name: string;
  readonly type: number;
  readonly float?: number;
  readonly integer?: number;
  readonly integers?: readonly number[];
  readonly graph?: GraphRecord;
}

export interface NodeRecord {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly AttributeRecord[];
}

export interface GraphRecord {
  readonly name: string;
  readonly nodes: readonly NodeRecord[];
  readonly constants: readonly ConstantRecord[];
  readonly inputs: readonly ValueRecord[];
  readonly outputs: readonly ValueRecord[];
}

function modelMessage(): protobuf.Type {
  const root = new protobuf.Root();
  for (const [name, fields] of Object.entries(messages)) {
    const message = new protobuf.Type(name);
    for (const [field, number, type, rule] of fields)
      message.add(new protobuf.Field(field, number, type, rule));
    root.add(message);
  }
  root.resolveAll();
  return root.lookupType('Model');
}

/** The bytes of a model file, in operator set 17 of ONNX itself (no vendor's operators). */
export function encodeModel(graph: GraphRecord): Uint8Array {
  const message = modelMessage();
  return message
    .encode({
      irVersion: IR_VERSION,
      producer: 'nesso',
      graph,
      operatorSets: [{ domain: '', version: OPERATOR_SET }],
    })
    .finish();
}
