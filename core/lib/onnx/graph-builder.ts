// Builds an ONNX graph line by line: each call adds one node and gives the name of its result. Knows shapes only where a
// graph must declare them (inputs and outputs); whether the operators fit together is found out by the runtime that loads it.
import {
  type AttributeRecord,
  attributeTypes,
  type ConstantRecord,
  type ElementType,
  elementTypes,
  encodeModel,
  type GraphRecord,
  type NodeRecord,
  type ValueRecord,
} from './model-schema.ts';

/** A number is a fixed size, a text a size that is only known when the graph runs. */
export type Dimensions = readonly (number | string)[];

/** Whole and floating-point attributes are different types in ONNX, and 1 could be either. */
export type AttributeValue =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'integers'; readonly values: readonly number[] }
  | { readonly kind: 'graph'; readonly graph: GraphRecord };

export const float = (value: number): AttributeValue => ({ kind: 'float', value });
export const integer = (value: number): AttributeValue => ({ kind: 'integer', value });
export const integers = (...values: readonly number[]): AttributeValue => ({ kind: 'integers', values });

export class GraphBuilder {
  private readonly nodes: NodeRecord[] = [];
  private readonly constants: ConstantRecord[] = [];
  private readonly inputs: ValueRecord[] = [];
  private readonly outputs: ValueRecord[] = [];
  private readonly name: string;

  /** Names of results start with `name`: a graph inside another one must not reuse its names. */
  constructor(name: string) {
    this.name = name;
  }

  input(name: string, dimensions: Dimensions, element: ElementType = 'float32'): string {
    this.inputs.push(valueOf(name, dimensions, element));
    return name;
  }

  output(name: string, dimensions: Dimensions, element: ElementType = 'float32'): void {
    this.outputs.push(valueOf(name, dimensions, element));
  }

  /** A number without dimensions. */
  scalar(value: number): string {
    return this.constant([], 'float32', new Uint8Array(new Float32Array([value]).buffer));
  }

  /** A list of whole numbers, such as axes. */
  list(...values: readonly number[]): string {
    const numbers = new BigInt64Array(values.map(BigInt));
    return this.constant([values.length], 'int64', new Uint8Array(numbers.buffer));
  }

  /** One node with one result, which is called `result` or gets a name of its own. */
  add(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    result: string = `${this.name}_${this.nodes.length}`,
  ): string {
    this.addMany(operator, inputs, attributes, [result]);
    return result;
  }

  addMany(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>>,
    outputs: readonly string[],
  ): void {
    this.nodes.push({
      name: `${this.name}_${this.nodes.length}_${operator}`,
      operator,
      inputs,
      outputs,
      attributes: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)),
    });
  }

  graph(): GraphRecord {
    const { name, nodes, constants, inputs, outputs } = this;
    return { name, nodes, constants, inputs, outputs };
  }

  /** The bytes of a model that is this graph. */
  model(): Uint8Array {
    return encodeModel(this.graph());
  }

  private constant(dimensions: readonly number[], element: ElementType, bytes: Uint8Array): string {
    const name = `${this.name}_constant_${this.constants.length}`;
    this.constants.push({ name, dimensions, element: elementTypes[element], bytes });
    return name;
  }
}

function valueOf(name: string, dimensions: Dimensions, element: ElementType): ValueRecord {
  const shape = {
    dimensions: dimensions.map((size) => (typeof size === 'number' ? { size } : { symbol: size })),
  };
  return { name, type: { tensor: { element: elementTypes[element], shape } } };
}

function attributeOf(name: string, attribute: AttributeValue): AttributeRecord {
  const type = attributeTypes[attribute.kind];
  switch (attribute.kind) {
    case 'float':
      return { name, type, float: attribute.value };
    case 'integer':
      return { name, type, integer: attribute.value };
    case 'integers':
      return { name, type, integers: attribute.values };
    case 'graph':
      return { name, type, graph: attribute.graph };
  }
}
