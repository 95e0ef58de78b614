// Embedding models the JQL heads are made for, and where each lies as ONNX. Both are read the same way: no prefix, 8,192 tokens,
// first token, length 1, the whole width. Source: JQL's inference code.

export interface KnownModel {
  /** On the hub, with ONNX files. */
  readonly id: string;
  readonly title: string;
  readonly note: string;
  /** Bytes of the fp32 file, about. */
  readonly sizeBytes: number;
}

export const knownModels: readonly KnownModel[] = [
  {
    id: 'Snowflake/snowflake-arctic-embed-m-v2.0',
    title: 'Snowflake Arctic Embed M 2.0',
    note: 'What the published JQL heads were trained over',
    sizeBytes: 1_220_000_000,
  },
  {
    id: 'onnx-community/gte-multilingual-base',
    title: 'GTE multilingual base',
    note: 'The model Arctic Embed was made from; heads must be trained over it',
    sizeBytes: 1_220_000_000,
  },
];
