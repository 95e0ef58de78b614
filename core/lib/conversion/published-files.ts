// Which files of a folder belong to a published model, and what its card lacks. Names only.

/** As transformers, llama.cpp and the hub know them. */
const published: readonly RegExp[] = [
  /^(config|generation_config|preprocessor_config)\.json$/,
  /^model(-\d{5}-of-\d{5})?\.safetensors$/,
  /^model\.safetensors\.index\.json$/,
  /^[^.].*\.gguf$/,
  /^(tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab)\.json$/,
  /^(tokenizer\.model|merges\.txt|vocab\.txt|chat_template\.jinja)$/,
  /^(README|LICENSE|LICENCE|NOTICE|USE_POLICY)(\.md|\.txt)?$/,
  /^\.gitattributes$/,
];

export function isPublishedFile(name: string): boolean {
  return published.some((pattern) => pattern.test(name));
}

/** One sentence for each thing a reader will miss. `card` is README.md, null where there is none. */
export function publishWarnings(names: readonly string[], card: string | null): readonly string[] {
  const front = /^---\n([\s\S]*?)\n---/.exec(card ?? '')?.[1] ?? '';
  const has = (name: string) => names.includes(name);
  const isFolder = names.some((name) => name.endsWith('.safetensors'));
  return [
    ...(card === null ? ['There is no card: add a README.md'] : []),
    ...(card !== null && !/^license:/m.test(front) ? ['The card names no licence'] : []),
    ...(card !== null && !/^language:/m.test(front) ? ['The card names no language'] : []),
    ...(card?.includes('<!--') ? ['The card has parts that wait to be filled in'] : []),
    ...(isFolder && !has('tokenizer.json') && !has('tokenizer.model') ? ['There is no tokenizer'] : []),
    ...(isFolder && !has('config.json') ? ['There is no config.json'] : []),
  ];
}
