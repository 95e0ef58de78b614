// Loads Monaco once, on first need: the window's first paint does not wait for four megabytes of editor.
// Exports the loaded module with the YAML service started and the theme in step with the window.
import type * as Monaco from './monaco.ts';
import type { SchemaAssignment } from './yaml-service.ts';

export type MonacoModule = typeof Monaco;

export interface LoadedEditor {
  readonly monaco: MonacoModule;
  assignSchemas(assignments: readonly SchemaAssignment[]): void;
}

let loading: Promise<LoadedEditor> | null = null;

/** The editor, loaded on the first call; a failed load is tried again on the next call. */
export function loadEditor(): Promise<LoadedEditor> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<LoadedEditor> {
  const [monaco, grammar, shell, service, themes] = await Promise.all([
    import('./monaco.ts'),
    import('./yaml-grammar.ts'),
    import('./shell-grammar.ts'),
    import('./yaml-service.ts'),
    import('./themes.ts'),
  ]);
  monaco.languages.register({ id: 'yaml', extensions: ['.yaml', '.yml'], aliases: ['YAML'] });
  monaco.languages.setMonarchTokensProvider('yaml', grammar.yamlGrammar);
  const yaml = service.startYamlService(monaco);
  monaco.languages.setLanguageConfiguration('yaml', grammar.yamlLanguageConfiguration);
  monaco.languages.register({ id: 'shell', extensions: ['.sh'], aliases: ['Shell'] });
  monaco.languages.setMonarchTokensProvider('shell', shell.shellGrammar);
  monaco.languages.setLanguageConfiguration('shell', shell.shellLanguageConfiguration);
  themes.applyEditorTheme(monaco);
  themes.watchWindowTheme(() => themes.applyEditorTheme(monaco));
  return { monaco, assignSchemas: (assignments) => yaml.assign(assignments) };
}
