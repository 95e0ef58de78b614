// What a model or a folder of weights is called where only its path is known.

/** The file without its ending; a step with the folder of its run. */
export function shownModelName(path: string): string {
  const parts = path.split('/').filter((part) => !/^(weights|checkpoints|runs|models)$/.test(part));
  const own = (parts.at(-1) ?? path).replace(/\.gguf$/i, '');
  const isStep = /^(checkpoint-|step-?)?\d+$/.test(own) || own.startsWith('model-');
  return isStep && parts.length > 1 ? `${parts.at(-2)} · ${own}` : own;
}

export function isModelFile(path: string): boolean {
  return /\.gguf$/i.test(path);
}
