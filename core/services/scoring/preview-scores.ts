// A few documents through an embedder and its heads, at once and into no file: what a person looks at before scoring everything.
import { StudioError } from '../../api/errors.ts';
import type { ScoringPreview } from '../../api/scoring.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { PREVIEW_CHARACTERS } from '../datasets/columns.ts';
import { preview } from '../datasets/page.ts';
import { relation, ROW_NUMBER } from '../datasets/source.ts';
import { sqlName } from '../datasets/sql.ts';
import { embedRows } from '../embedders/embed-rows.ts';
import { openBuiltinEmbedder, type TextEmbedder } from '../embedders/text-embedder.ts';
import { createHeadScorer } from './head-scorer.ts';
import { builtinWidth, type HeadRequest, loadHeads, requireEmbedder } from './head-sources.ts';
import { requireText } from './score-file.ts';

export interface PreviewRequest {
  /** Absolute. */
  readonly path: string;
  readonly heads: readonly HeadRequest[];
  /** Null for the column that usually holds the text. */
  readonly textColumn: string | null;
  readonly firstRow: number;
  readonly rows: number;
  /** Opens a model; null for the built-in embedder as wide as the heads are. Closed when the scores are there. */
  readonly openEmbedder: (() => Promise<TextEmbedder>) | null;
  /** Holds the built native children. */
  readonly appFolder: string;
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
  readonly signal?: AbortSignal | undefined;
}

/** The same scores as in the file. A document without a text has none. Throws StudioError, and AbortError when `signal` aborts. */
export async function previewScores(request: PreviewRequest): Promise<ScoringPreview> {
  const { path, engine, appFolder, signal } = request;
  const heads = await loadHeads(request.heads);
  const source = await request.library.open(path, signal);
  const textColumn = requireText(source, request.textColumn);
  const first = Math.min(request.firstRow, Math.max(0, source.info.rows - 1));
  const last = Math.min(source.info.rows, first + request.rows) - 1;
  if (last < first) {
    throw new StudioError('INVALID_INPUT', 'There is no document to score', {
      hint: 'Choose a dataset with rows',
      path: source.path,
    });
  }
  await using embedder = await (request.openEmbedder?.() ?? openBuiltinEmbedder(builtinWidth(heads)));
  const warnings = [...embedder.warnings, ...requireEmbedder(heads, embedder.identity)];
  await using scorer = createHeadScorer(
    heads.map(({ head }) => head),
    appFolder,
  );
  const text = sqlName(textColumn);
  const rows: ScoringPreview['rows'] = [];
  const chunks = embedRows({
    engine,
    embedder,
    // The embedder looks at code units, left() counts code points: never fewer than it looks at.
    statement: `SELECT ${ROW_NUMBER}, left(${text}, ${embedder.maxCharacters}), left(${text}, ${PREVIEW_CHARACTERS + 1})
      FROM ${relation(source, { kind: 'range', first, last })} ORDER BY ${ROW_NUMBER}`,
    textPlace: 1,
    path: source.path,
    totalRows: last - first + 1,
    signal,
  });
  for await (const { columns, rows: count, places, vectors } of chunks) {
    const [numbers = [], , beginnings = []] = columns;
    const values = places.length === 0 ? new Float32Array() : await scorer.score(vectors);
    const positions = new Map(places.map((row, position) => [row, position]));
    for (let row = 0; row < count; row += 1) {
      const position = positions.get(row);
      rows.push({
        row: Number(numbers[row]),
        text: textOf(beginnings[row]),
        scores: heads.map((_, head) =>
          position === undefined ? null : (values[head * places.length + position] ?? null),
        ),
      });
    }
  }
  const { id, variant } = embedder.identity;
  return {
    heads: heads.map(({ name }) => name),
    rows,
    totalRows: source.info.rows,
    embedder: { id, variant },
    textColumn,
    warnings,
  };
}

function textOf(cell: unknown): string {
  return typeof cell === 'string' ? preview(cell) : '';
}
