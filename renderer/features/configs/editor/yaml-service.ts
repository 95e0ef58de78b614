// Completion and hover from our JSON schemas, through the YAML language service in its worker.
// Its own validation and formatter stay off: findings come from core/lib/config, and nothing may reprint a file.
// Knows model addresses and schemas; knows nothing about findings or files on disk.
import { configureMonacoYaml, type JSONSchema, type MonacoYaml } from 'monaco-yaml';
import { isInComment } from './yaml-comment.ts';
import { createEditorWorker } from './environment.ts';
import type * as Monaco from './monaco.ts';

/** One schema and the models it applies to. */
export interface SchemaAssignment {
  readonly id: string;
  readonly schema: JSONSchema;
  readonly modelUris: readonly string[];
}

interface WorkerRequest {
  readonly label: string;
  readonly createData: unknown;
}

/** Starts the service. `assign` replaces all assignments; it restarts the worker, so call it only when they change. */
export function startYamlService(monaco: typeof Monaco): {
  assign(assignments: readonly SchemaAssignment[]): void;
} {
  const service: MonacoYaml = configureMonacoYaml(withCurrentWorkerApi(monaco), {
    validate: false,
    format: { enable: false },
    enableSchemaRequest: false,
    completion: true,
    hover: true,
    hoverAnchor: false,
    yamlVersion: '1.1',
    schemas: [],
  });
  return {
    assign(assignments) {
      void service.update({
        schemas: assignments.map(({ id, schema, modelUris }) => ({
          uri: `nesso://schema/${id}`,
          fileMatch: [...modelUris],
          schema,
        })),
      });
    },
  };
}

/**
 * monaco-yaml 5.5 still asks for workers as Monaco did before 0.53 (`{moduleId, label, createData}`). Monaco 0.57 wants
 * the worker itself, already told its createData: the first message makes the worker ready, the second configures it.
 */
function withCurrentWorkerApi(monaco: typeof Monaco): Parameters<typeof configureMonacoYaml>[0] {
  const createWebWorker = ({ label, createData }: WorkerRequest): unknown => {
    const worker = createEditorWorker(label);
    worker.postMessage('ignore');
    worker.postMessage(createData);
    return monaco.editor.createWebWorker({ worker });
  };
  const editor = { ...monaco.editor, createWebWorker };
  const languages = { ...monaco.languages, registerCompletionItemProvider: registerOutsideComments(monaco) };
  return { ...monaco, editor, languages } as unknown as Parameters<typeof configureMonacoYaml>[0];
}

/** Blanks and colons open the list of keys, but not within a comment, where Enter would then put one in. */
function registerOutsideComments(
  monaco: typeof Monaco,
): typeof Monaco.languages.registerCompletionItemProvider {
  return (language, provider) =>
    monaco.languages.registerCompletionItemProvider(language, {
      ...provider,
      provideCompletionItems: (model, position, context, token) =>
        isInComment(model.getLineContent(position.lineNumber).slice(0, position.column - 1))
          ? null
          : provider.provideCompletionItems(model, position, context, token),
    });
}
