// What an ONNX encoder must take and give to be used as an embedder: names of inputs and outputs, nothing else.

export interface ModelPorts {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** `first`: one vector a token, the first token's is the document's. `whole`: one vector a document. */
export interface Pooling {
  readonly output: string;
  readonly kind: 'first' | 'whole';
}

export const KNOWN_INPUTS: readonly string[] = ['input_ids', 'attention_mask', 'token_type_ids'];
const tokenOutputs = ['last_hidden_state', 'token_embeddings'];
const documentOutput = 'sentence_embedding';

/** Throws RangeError with what the model has instead. */
export function choosePooling({ inputs, outputs }: ModelPorts): Pooling {
  const foreign = inputs.filter((name) => !KNOWN_INPUTS.includes(name));
  if (foreign.length > 0 || !inputs.includes('input_ids')) {
    throw new RangeError(`asks for ${listed(inputs)}; an encoder asks for input_ids and attention_mask`);
  }
  // Token vectors first: then first token and scaling to length 1 are done here, as the official recipe does them.
  const perToken = tokenOutputs.find((name) => outputs.includes(name));
  if (perToken !== undefined) return { output: perToken, kind: 'first' };
  if (outputs.includes(documentOutput)) return { output: documentOutput, kind: 'whole' };
  throw new RangeError(`gives ${listed(outputs)}; an encoder gives last_hidden_state or sentence_embedding`);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => name.slice(0, 60));
  return shown.length === 0 ? 'nothing' : shown.join(', ');
}
