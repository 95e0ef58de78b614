// The editor's code as a hook: loading, loaded, or failed to load.
import { useEffect, useState } from 'react';
import { type LoadedEditor, loadEditor } from '../editor/load-editor.ts';

export type EditorState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly loaded: LoadedEditor }
  | { readonly kind: 'failed'; readonly error: unknown };

export function useEditor(): EditorState {
  const [state, setState] = useState<EditorState>({ kind: 'loading' });
  useEffect(() => {
    let current = true;
    loadEditor().then(
      (loaded) => current && setState({ kind: 'ready', loaded }),
      (error: unknown) => current && setState({ kind: 'failed', error }),
    );
    return () => {
      current = false;
    };
  }, []);
  return state;
}
