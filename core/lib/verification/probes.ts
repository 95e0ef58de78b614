// What a converted model is asked to show that it is the same: texts that tokenizers stumble over, prompts in the
// languages the studio's users train, and conversations for the template.

/** Each is cut alike by both sides, or the conversion is refused. */
export const tokenizerProbes: readonly string[] = [
  'Hello, world!',
  ' Uno spazio davanti, due  in mezzo,   tre; e uno dopo ',
  "L'albero dell'aria: c'è, dov'è, quell'altro, un po' d'acqua",
  "I'll, you've, THEY'RE, it'S – I’m",
  'perché così però città già più virtù È À',
  'perche\u0301 combining, perché precomposed',
  '1 12 123 1234 12345 3.14159 1.250.000,50 0x1F 2e-5',
  'def f(x):\n    return x**2  # square\n\n\n\tif x:\r\n        pass',
  'tabs\tand\t\ttabs\nnew\n\nlines\n\n\n   indented',
  '!!! ??? ... --- === <<>> [[]] {{}} (( )) /* */ // ## @@ $$ %% ^^ && || ~~',
  '日本語のテキスト 中文文本 한국어 텍스트',
  'Русский текст, ελληνικά, עברית, العربية, हिन्दी, ไทย',
  '😀 👩‍👩‍👧‍👦 🇮🇹 👍🏽 ❤️',
  'zero\u200bwidth no\u00a0break \u2028line \ufeffmark',
  '',
  ' ',
  '\n',
  'a'.repeat(200),
  'https://example.org/a/b?c=d&e=f#g user@example.org C:\\temp\\file.txt',
  'MixedCASEwords andCamelCase snake_case kebab-case SHOUTING',
  '½ ² ³ ™ € £ ¥ § ¶ † … “quoted” «così» ‹e› „poi“',
  '<b>not</b> <|special|> <s> </s> [INST] <unk>',
  '\u0000\u0001\u0007 control',
  'ĠĊ▁ the marks themselves',
];

/** Begun sentences whose continuation is compared. */
export const promptProbes: readonly string[] = [
  "La capitale d'Italia è la città di",
  'C’era una volta un re che viveva in un castello',
  'Per preparare la pasta al pomodoro servono',
  'Il teorema di Pitagora dice che in un triangolo',
  'Nel 1861 il regno fu proclamato e',
  'Mia nonna abita in campagna e ogni mattina',
  'Se domani piove, allora noi',
  'La differenza tra un algoritmo e un programma è',
  'Il sole sorge a est e',
  'Quanto fa dodici per dodici? Fa',
  'The capital of France is the city of',
  'Once upon a time there was a fox who',
  'To boil an egg you need',
  'The square root of sixteen is',
  'In the beginning of the nineteenth century',
  'She opened the door and saw',
  'If it rains tomorrow, then we',
  'The difference between a virus and a bacterium is',
  'Water boils at one hundred degrees',
  'My favourite book is about',
  'def fibonacci(n):\n    if n < 2:\n        return',
  'SELECT name, count(*) FROM users GROUP BY',
  '{"name": "Anna", "age": 31, "city":',
  '1, 2, 3, 4, 5, 6,',
  'La France est un pays dont la capitale',
  'España limita con Portugal y con',
  'Das Wetter ist heute sehr schön und',
  'O rio passa pela cidade e',
  'Casa e mare sono due parole',
  'He said that he would',
  'E poi disse: «Non',
  'The answer to the question is',
];

export type ProbeMessage = { readonly role: 'system' | 'user' | 'assistant'; readonly text: string };

/** Conversations the template is rendered for, as it stands in the source and as the runtime does it. */
export const templateProbes: readonly (readonly ProbeMessage[])[] = [
  [{ role: 'user', text: 'Ciao! Come stai?' }],
  [
    { role: 'user', text: 'Two lines\n\n  and spaces ' },
    { role: 'assistant', text: 'An answer with “quotes” and <tags>.' },
    { role: 'user', text: 'E poi?' },
  ],
  [
    { role: 'system', text: 'Rispondi in una frase.' },
    { role: 'user', text: 'Perché il cielo è blu?' },
  ],
];
