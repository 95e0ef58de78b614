// The title of a model as text in a sentence; its own component, so that only those who show one ask for the list.
import { useModelTitle } from './use-model-title.ts';

export function ModelTitle({ path }: { readonly path: string }) {
  return <>{useModelTitle()(path)}</>;
}
