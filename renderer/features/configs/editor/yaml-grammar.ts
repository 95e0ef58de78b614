// Colours for YAML as PyYAML types it: `1e-8` is text to Nanotron, so it is coloured as text, and `yes` as a boolean.
// Knows nothing about schemas; only a Monarch grammar and the bracket rules.
import type { languages } from 'monaco-editor/editor';

export const yamlLanguageConfiguration: languages.LanguageConfiguration = {
  comments: { lineComment: '#' },
  brackets: [
    ['{', '}'],
    ['[', ']'],
  ],
  autoClosingPairs: [
    { open: '{', close: '}' },
    { open: '[', close: ']' },
    { open: '"', close: '"', notIn: ['string', 'comment'] },
    { open: "'", close: "'", notIn: ['string', 'comment'] },
  ],
  folding: { offSide: true },
  indentationRules: {
    increaseIndentPattern: /^\s*(-\s+)?[^\s#][^#]*:\s*(#.*)?$/,
    decreaseIndentPattern: /^$a/,
  },
};

/** Indentations of block scalars that are told apart; deeper ones are coloured as the deepest. */
const DEEPEST_BLOCK = 24;

/** What may follow a plain scalar: blanks, a comment or the end of the line. */
const END = '(?=[ \\t]*(?:$|[ \\t]#|[,\\]}]))';

export const yamlGrammar: languages.IMonarchLanguage = {
  defaultToken: '',
  tokenPostfix: '.yaml',
  brackets: [
    { open: '{', close: '}', token: 'delimiter.bracket' },
    { open: '[', close: ']', token: 'delimiter.square' },
  ],
  tokenizer: {
    root: [
      [/^(---|\.\.\.)(?=\s|$)/, 'operators'],
      [/^%.*$/, 'meta'],
      { include: '@blanks' },
      [/([-?])(?=\s|$)/, 'operators'],
      // A key in quotes or plain, up to a colon that is followed by a blank or the end.
      [/("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(\s*)(:)(?=\s|$)/, ['type', '', 'operators']],
      [/[^\s#"'&*!|>%@`{}[\],?-][^#,{}[\]]*?(?=\s*:(?:\s|$))/, 'type'],
      [/-[^\s#][^#,{}[\]]*?(?=\s*:(?:\s|$))/, 'type'],
      [/:(?=\s|$)/, 'operators'],
      [/[|>][+-]?\d?[+-]?(?=\s*(?:#.*)?$)/, { token: 'operators', next: '@blockScalar' }],
      { include: '@values' },
    ],
    values: [
      [/[{}[\]]/, '@brackets'],
      [/,(?=\s|$)/, 'delimiter'],
      [/![^\s]*/, 'tag'],
      [/[&*][^\s,\]}]+/, 'namespace'],
      [new RegExp(`[-+]?(?:0|[1-9][0-9_]*)${END}`), 'number'],
      [new RegExp(`[-+]?0(?:b[01_]+|x[0-9a-fA-F_]+|[0-7_]+)${END}`), 'number'],
      [new RegExp(`[-+]?(?:[0-9][0-9_]*)\\.[0-9_]*(?:[eE][-+][0-9]+)?${END}`), 'number'],
      [new RegExp(`\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?${END}`), 'number'],
      [new RegExp(`[-+]?\\.(?:inf|Inf|INF)${END}|\\.(?:nan|NaN|NAN)${END}`), 'number'],
      [
        new RegExp(`(?:true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)${END}`),
        'keyword',
      ],
      [new RegExp(`(?:null|Null|NULL|~)${END}`), 'keyword'],
      [/"/, { token: 'string', next: '@doubleQuoted' }],
      [/'/, { token: 'string', next: '@singleQuoted' }],
      [/[^\s,[\]{}#:]+/, 'string'],
      [/[#:]/, 'string'],
    ],
    blanks: [
      [/[ \t]+(?=#)/, ''],
      [/(^|[ \t])#.*$/, 'comment'],
      [/^#.*$/, 'comment'],
      [/[ \t]+/, ''],
    ],
    doubleQuoted: [
      [/[^\\"]+/, 'string'],
      [/\\./, 'string.escape'],
      [/"/, { token: 'string', next: '@pop' }],
    ],
    singleQuoted: [
      [/[^']+/, 'string'],
      [/''/, 'string.escape'],
      [/'/, { token: 'string', next: '@pop' }],
    ],
    ...blockScalarStates(),
  },
};

/** Monarch cannot count, so there is one state per indentation: the first line picks it, the first line with less ends it. */
function blockScalarStates(): Record<string, languages.IMonarchLanguageRule[]> {
  const depths = Array.from({ length: DEEPEST_BLOCK }, (_, index) => DEEPEST_BLOCK - index);
  const first = depths.map(
    (depth): languages.IMonarchLanguageRule => [
      new RegExp(`^ {${depth}}.*$`),
      { token: 'string', switchTo: `@block${depth}` },
    ],
  );
  const blank: languages.IMonarchLanguageRule = [/^\s*$/, ''];
  const rest = depths.map((depth): [string, languages.IMonarchLanguageRule[]] => [
    `block${depth}`,
    [blank, [new RegExp(`^ {${depth}}.*$`), 'string'], [/^/, { token: '', next: '@pop' }]],
  ]);
  return { blockScalar: [blank, ...first, [/^/, { token: '', next: '@pop' }]], ...Object.fromEntries(rest) };
}
