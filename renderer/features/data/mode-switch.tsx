// The switch in a dataset's header: its rows, the quality lab, annotation by people, judging by a language
// model, or the bench that compares both.
import { navigate } from '../../app/route.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { dataModes, modeHref, useDataMode } from './quality/lab/mode.ts';

export interface ModeSwitchProps {
  readonly path: string;
  readonly query: URLSearchParams;
}

export function ModeSwitch({ path, query }: ModeSwitchProps) {
  const [mode, remember] = useDataMode(query);
  return (
    <Segmented
      label="Mode"
      choices={dataModes}
      value={mode}
      onChange={(id) => {
        remember(id);
        navigate(modeHref(path, id));
      }}
    />
  );
}
