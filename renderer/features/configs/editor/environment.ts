// Where Monaco gets its workers from: our own bundle, same origin, no blob and no inline script. What it takes back is not reported.
// Must be imported before Monaco itself. Knows nothing else about the editor.
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import YamlWorker from './yaml.worker.ts?worker';

interface MonacoHost {
  MonacoEnvironment?: { getWorker(moduleId: string, label: string): Worker };
}

(globalThis as MonacoHost).MonacoEnvironment = {
  getWorker: (_moduleId, label) => createEditorWorker(label),
};

/** What the editor asked and gave up by itself, because the cursor or the text went on, is no error of the page. */
addEventListener('unhandledrejection', (event) => {
  if (event.reason instanceof Error && event.reason.name === 'Canceled') event.preventDefault();
});

/** A fresh worker for a Monaco worker label: `yaml` is the language service, everything else the editor's own. */
export function createEditorWorker(label: string): Worker {
  return label === 'yaml' ? new YamlWorker({ name: 'yaml' }) : new EditorWorker({ name: label });
}
