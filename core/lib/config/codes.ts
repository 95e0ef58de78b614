// Every code that reading and schema validation can report, with what it means. Rules across fields have their own list.
// Exports: CONFIG_CODES, ConfigCode.

export const CONFIG_CODES = {
  'yaml-syntax': 'The text is not valid YAML at this place.',
  'yaml-too-large': 'The text is too long to be a config and is not read.',
  'yaml-too-deep': 'Values are nested deeper than any config, and are not read.',
  'yaml-multiple-documents': 'The file holds more than one YAML document; the tools read exactly one.',
  'yaml-forbidden-character': 'A character that the YAML loader refuses anywhere in a file.',
  'yaml-tab': 'A tab stands where the YAML loader accepts only spaces.',
  'yaml-duplicate-key': 'A key is written twice in one section; only the later one counts.',
  'yaml-unknown-tag': 'A tag or sign that the safe YAML loader refuses.',
  'yaml-complex-key': 'A list or map is used as a key.',
  'yaml-empty-key': 'A colon without a key before it.',
  'yaml-alias-limit': 'Aliases unfold to more values than are read.',
  'yaml-unknown-alias': 'An alias without an anchor before it.',
  'yaml-bad-merge': 'The merge key << with something that is not a map.',
  'yaml-float-is-string': 'A number such as 1e-8 that YAML 1.1 reads as text.',
  'yaml-bool-word': 'A word such as on, off, yes or no that YAML 1.1 reads as true or false.',
  'yaml-octal': 'A number with leading zeros that YAML 1.1 reads in base 8.',
  'yaml-sexagesimal': 'A time such as 12:30:00 that YAML 1.1 reads as a number of seconds.',
  'yaml-timestamp': 'A date that YAML 1.1 reads as a date, where text is expected.',
  'yaml-underscore-number': 'A number with oddly placed underscores, which YAML 1.1 ignores.',
  'not-a-map': 'The file does not hold keys at its top level.',
  'unknown-key': 'A key that the tool does not know.',
  'deprecated-key': 'A key that has a newer form.',
  'key-outside-its-section':
    'A key at the top level, or in the wrong section, that belongs to another section.',
  'missing-required': 'A key without which the tool does not start.',
  'wrong-type': 'A value of a type the tool does not accept.',
  'not-in-list': 'A value that is none of those allowed.',
  'out-of-range': 'A number outside the allowed range.',
  'too-few-items': 'A list with fewer items than needed.',
} as const satisfies Readonly<Record<string, string>>;

export type ConfigCode = keyof typeof CONFIG_CODES;
