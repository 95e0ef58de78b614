// The switch in a model's header: its conversations, what is inside the file, how it compares.
import { navigate } from '../../app/route.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { modelModeHref, modelModeOf, modesFor } from './model-mode.ts';

export function ModelModeSwitch({ path, query }: { readonly path: string; readonly query: URLSearchParams }) {
  const modes = modesFor(path);
  const asked = modelModeOf(query);
  const shown = modes.find(({ id }) => id === asked)?.id ?? modes[0]?.id ?? asked;
  // One mode alone is no choice.
  if (modes.length < 2) return null;
  return (
    <Segmented
      label="Mode"
      choices={modes}
      value={shown}
      onChange={(id) => navigate(modelModeHref(path, id, query))}
    />
  );
}
