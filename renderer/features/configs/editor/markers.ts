// Findings as Monaco sees them: markers under the text, and fixes in the light bulb (Ctrl+.).
// Knows open buffers and findings; knows nothing about how findings come to be.
import type { Finding } from '../../../../core/lib/config/types.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import type { MonacoModule } from './load-editor.ts';
import type { editor, languages } from './monaco.ts';

const OWNER = 'nesso';

/** Shows the newest check's findings under the text, unless the text has moved on since. */
export function showMarkers(monaco: MonacoModule, buffer: ConfigBuffer): void {
  const { checked } = buffer.state.getState();
  if (checked === null || checked.modelVersion !== buffer.model.getVersionId()) return;
  monaco.editor.setModelMarkers(
    buffer.model,
    OWNER,
    checked.findings.map((finding) => toMarker(monaco, buffer.model, finding)),
  );
}

function toMarker(monaco: MonacoModule, model: editor.ITextModel, finding: Finding): editor.IMarkerData {
  const { startLineNumber, startColumn, endLineNumber, endColumn } = rangeOf(monaco, model, finding);
  const severities = {
    error: monaco.MarkerSeverity.Error,
    warning: monaco.MarkerSeverity.Warning,
    info: monaco.MarkerSeverity.Info,
  };
  return {
    severity: severities[finding.severity],
    message: finding.reason === undefined ? finding.message : `${finding.message}\n${finding.reason}`,
    code: finding.code,
    startLineNumber,
    startColumn,
    endLineNumber,
    endColumn,
  };
}

/** The finding's place; one that is empty or spans lines is shortened to what can be underlined on its first line. */
export function rangeOf(monaco: MonacoModule, model: editor.ITextModel, finding: Finding) {
  const start = model.getPositionAt(finding.range.start);
  const end = model.getPositionAt(finding.range.end);
  const lineEnd = model.getLineMaxColumn(start.lineNumber);
  const endColumn = end.lineNumber === start.lineNumber ? end.column : lineEnd;
  const shown = Math.max(endColumn, Math.min(start.column + 1, lineEnd));
  return new monaco.Range(start.lineNumber, start.column, start.lineNumber, shown);
}

/** Offers the fixes of the findings at the cursor. `bufferOfModel` finds the buffer of a model's address. */
export function registerFixes(
  monaco: MonacoModule,
  bufferOfModel: (model: editor.ITextModel) => ConfigBuffer | null,
): void {
  monaco.languages.registerCodeActionProvider(
    'yaml',
    {
      provideCodeActions: (model, range) => {
        const checked = bufferOfModel(model)?.state.getState().checked;
        const current = checked?.modelVersion === model.getVersionId() ? checked.findings : [];
        const actions = current
          .filter((finding) => finding.fix !== undefined)
          .filter((finding) => monaco.Range.areIntersectingOrTouching(rangeOf(monaco, model, finding), range))
          .map((finding) => toAction(monaco, model, finding));
        return { actions, dispose: () => {} };
      },
    },
    { providedCodeActionKinds: ['quickfix'] },
  );
}

function toAction(monaco: MonacoModule, model: editor.ITextModel, finding: Finding): languages.CodeAction {
  const edits = (finding.fix?.edits ?? []).map((edit) => ({
    resource: model.uri,
    versionId: model.getVersionId(),
    textEdit: {
      range: monaco.Range.fromPositions(model.getPositionAt(edit.start), model.getPositionAt(edit.end)),
      text: edit.newText,
    },
  }));
  return {
    title: finding.fix?.title ?? 'Fix',
    kind: 'quickfix',
    isPreferred: true,
    diagnostics: [toMarker(monaco, model, finding)],
    edit: { edits },
  };
}
