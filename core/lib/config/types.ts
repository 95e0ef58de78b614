// The vocabulary of the config desk: nodes with their place in the text, findings, fixes and edits.
// Knows nothing about any particular tool's schema.

/** Kinds of YAML the studio understands; every other file is `unknown` and still editable. */
export type ConfigKind = 'nanotron' | 'trl-sft' | 'trl-dpo' | 'axolotl-sft' | 'studio' | 'unknown';

/** A key path from the root: map keys are strings, list positions are numbers. */
export type KeyPath = readonly (string | number)[];

/** Half-open range of UTF-16 offsets into the text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Replaces the characters of a range; an insertion has start === end. */
export interface TextEdit extends TextRange {
  readonly newText: string;
}

/** A value as PyYAML's SafeLoader would type it (YAML 1.1), not as YAML 1.2 would. */
export type ScalarValue = string | number | bigint | boolean | null;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly range: TextRange;
  readonly value: ScalarValue;
  /** What PyYAML makes of it: `1e-8` is `str`, `1.0e-08` is `float`. */
  readonly type: 'str' | 'int' | 'float' | 'bool' | 'null' | 'timestamp';
  /** The characters of the value as written, quotes included. */
  readonly source: string;
  readonly quoted: boolean;
}

export interface MapEntry {
  readonly key: string;
  readonly keyRange: TextRange;
  readonly value: ConfigNode;
}

export interface MapNode {
  readonly kind: 'map';
  readonly range: TextRange;
  readonly entries: readonly MapEntry[];
  readonly flow: boolean;
}

export interface ListNode {
  readonly kind: 'list';
  readonly range: TextRange;
  readonly items: readonly ConfigNode[];
  readonly flow: boolean;
}

export type ConfigNode = ScalarNode | MapNode | ListNode;

export type Severity = 'error' | 'warning' | 'info';

/** One or more edits that make a finding go away, applied together. */
export interface Fix {
  /** A short verb phrase for a button: "Write 1.0e-08". */
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

export interface Finding {
  /** Stable kebab-case id of the rule, e.g. `yaml-float-is-string`. */
  readonly code: string;
  readonly severity: Severity;
  /** Where in the text; line and column are 1-based, column counts UTF-16 units. */
  readonly range: TextRange;
  readonly line: number;
  readonly column: number;
  readonly path: KeyPath;
  /** One sentence: the thing, what is wrong. */
  readonly message: string;
  /** Why it matters and where the knowledge comes from. */
  readonly reason?: string;
  readonly fix?: Fix;
}

/** A parsed YAML text. Broken YAML still gives a document: `root` holds what could be read. */
export interface ConfigDocument {
  readonly text: string;
  readonly root: ConfigNode | null;
  /** Syntax problems, at their line and column. */
  readonly problems: readonly Finding[];
  /** Offset up to which the tree can be trusted, when a syntax error could not be read around. Absent: all of it. */
  readonly trustedUntil?: number;
}
