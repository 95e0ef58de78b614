// A file of a dataset that has been recognised and, where it had to be, imported.
import type { DatasetInfo } from '../../api/dataset-shape.ts';
import type { DataFile } from './data-files.ts';
import type { DetectedFile } from './detect.ts';
import type { ImportedTokens } from './tokenized/import-tokens.ts';

/** A file of the dataset that can be read: what its bytes are and where its rows lie. */
export interface ReadyFile extends DataFile {
  readonly detected: DetectedFile;
  readonly parquetPath: string;
  readonly brokenLines: DatasetInfo['brokenLines'];
  /** What was done to import it. */
  readonly notes?: readonly string[];
  /** Of columns of JSON, where every row was looked at; see import-text.ts. */
  readonly structures?: Readonly<Record<string, string>>;
  /** Of a tokenized file. */
  readonly tokens?: ImportedTokens;
}
