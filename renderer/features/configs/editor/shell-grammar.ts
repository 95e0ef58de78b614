// Colours for batch scripts: directives of sbatch stand out, quotes and variables are told apart. A Monarch grammar, no language
// service.
import type { languages } from 'monaco-editor/editor';

export const shellLanguageConfiguration: languages.LanguageConfiguration = {
  comments: { lineComment: '#' },
  brackets: [
    ['{', '}'],
    ['[', ']'],
    ['(', ')'],
  ],
  autoClosingPairs: [
    { open: '{', close: '}' },
    { open: '(', close: ')' },
    { open: '"', close: '"', notIn: ['string', 'comment'] },
  ],
};

const keywords = [
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  'in',
  'function',
  'return',
  'exit',
  'export',
  'local',
  'trap',
  'wait',
  'set',
  'unset',
  'source',
  'eval',
  'exec',
  'cd',
];

export const shellGrammar: languages.IMonarchLanguage = {
  defaultToken: '',
  tokenPostfix: '.shell',
  keywords,
  tokenizer: {
    root: [
      [/^#SBATCH(?=\s|$)/, { token: 'tag', next: '@directive' }],
      [/^#!.*$/, 'meta'],
      [/(^|\s)(#.*$)/, ['', 'comment']],
      { include: '@words' },
    ],
    directive: [
      [/$/, { token: '', next: '@pop' }],
      [/#.*$/, 'comment'],
      [/--?[A-Za-z][\w-]*/, 'type'],
      [/=/, 'operators'],
      [/[^\s#=-]+/, 'string'],
      [/./, ''],
    ],
    words: [
      [/'/, { token: 'string', next: '@single' }],
      [/"/, { token: 'string', next: '@double' }],
      [/\\./, 'string.escape'],
      { include: '@variables' },
      [/\d?(?:>>|>|<)(?:&\d)?|\|\||&&|[|&;]/, 'operators'],
      [/--?[A-Za-z][\w-]*/, 'type'],
      [/[A-Za-z_][\w-]*/, { cases: { '@keywords': 'keyword', '@default': '' } }],
      [/\d+/, ''],
    ],
    variables: [
      [/\$\{[^}]*\}/, 'namespace'],
      [/\$(?:[A-Za-z_]\w*|[0-9@#?$!*-])/, 'namespace'],
    ],
    single: [
      [/[^']+/, 'string'],
      [/'/, { token: 'string', next: '@pop' }],
    ],
    double: [
      { include: '@variables' },
      [/\\./, 'string.escape'],
      [/[^"\\$]+/, 'string'],
      [/\$/, 'string'],
      [/"/, { token: 'string', next: '@pop' }],
    ],
  },
};
