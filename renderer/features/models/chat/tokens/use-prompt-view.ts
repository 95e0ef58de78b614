// Whether the work pane shows the prompt as the model sees it instead of the turns.
import { useViewState } from '../../../../app/view-state.ts';

export function usePromptView(): readonly [boolean, (shows: boolean) => void] {
  return useViewState('models.prompt', parse, false);
}

function parse(stored: unknown): boolean | undefined {
  return typeof stored === 'boolean' ? stored : undefined;
}
