// What a SentencePiece-like tokenizer.json does to a text before it looks for pieces, and what of that the runtime cannot do.
// The runtime knows two kinds (src/llama-vocab.cpp): `llama` joins pieces by score and takes bytes for what it does not know,
// `t5` looks for the likeliest pieces and normalises by a table; neither knows more.
import { z } from 'zod';

const step = z.looseObject({ type: z.string() });
type Step = z.infer<typeof step>;
const steps = z.array(step);
const pattern = z.union([z.object({ Regex: z.string() }), z.object({ String: z.string() })]);

export interface PieceRules {
  readonly kind: 'unigram' | 'bpe';
  /** When a space is put before the text. */
  readonly spaceBefore: 'always' | 'first' | 'never';
  readonly mergesSpaces: boolean;
  /** Base64 of the replacement table; null without one. */
  readonly charsmap: string | null;
  /** What gets other tokens in the runtime, one sentence each. Empty where nothing does. */
  readonly losses: readonly string[];
}

/** Null for a tokenizer of another kind: byte-level BPE, WordPiece. */
export function pieceRulesOf(file: {
  readonly normalizer?: unknown;
  readonly pre_tokenizer?: unknown;
  readonly model: {
    readonly type?: string | null | undefined;
    readonly byte_fallback?: boolean | null | undefined;
    readonly vocab?: unknown;
  };
}): PieceRules | null {
  const { model } = file;
  const hasBytes = model.byte_fallback === true;
  const isUnigram = model.type === 'Unigram' || (!model.type && Array.isArray(model.vocab));
  if (!isUnigram && !hasBytes) return null;
  const found: Found = { spaceBefore: 'never', mergesSpaces: false, charsmap: null, unknown: [] };
  for (const one of flat(file.normalizer, 'normalizers')) readNormalizer(one, found);
  for (const one of flat(file.pre_tokenizer, 'pretokenizers')) readCut(one, found);
  const losses = found.unknown.map(
    (name) => `The tokenizer changes or cuts texts by ${name}, and the runtime does not`,
  );
  if (isUnigram && hasBytes) {
    losses.push(
      'Characters that are no pieces are bytes to the tokenizer, and one unknown token to the runtime: it cannot read or write them',
    );
  }
  if (!isUnigram && found.charsmap !== null) {
    losses.push(
      'The tokenizer replaces characters by a table (full-width letters, ligatures), and the runtime does so for unigram models only',
    );
  }
  if (!isUnigram && found.mergesSpaces) {
    losses.push('The tokenizer makes one space of several, and the runtime keeps them');
  }
  return {
    kind: isUnigram ? 'unigram' : 'bpe',
    spaceBefore: found.spaceBefore,
    mergesSpaces: found.mergesSpaces,
    charsmap: found.charsmap,
    losses,
  };
}

interface Found {
  spaceBefore: PieceRules['spaceBefore'];
  mergesSpaces: boolean;
  charsmap: string | null;
  readonly unknown: string[];
}

function flat(value: unknown, key: 'normalizers' | 'pretokenizers'): readonly Step[] {
  const one = step.safeParse(value);
  if (!one.success) return [];
  if (one.data.type !== 'Sequence') return [one.data];
  const many = steps.safeParse(one.data[key]);
  return many.success ? many.data.flatMap((each) => flat(each, key)) : [];
}

function readNormalizer(one: Step, found: Found): void {
  const cut = pattern.safeParse(one['pattern']);
  const what = cut.success ? ('Regex' in cut.data ? cut.data.Regex : cut.data.String) : null;
  if (one.type === 'Prepend') found.spaceBefore = 'always';
  else if (one.type === 'Precompiled') {
    const table = one['precompiled_charsmap'];
    if (typeof table === 'string' && table !== '') found.charsmap = table;
  } else if (one.type === 'Replace' && what === ' ' && one['content'] === '▁') return;
  else if (one.type === 'Replace' && what === ' {2,}') found.mergesSpaces = true;
  // Merging takes the spaces at both ends with it.
  else if (one.type !== 'Strip') found.unknown.push(one.type);
}

function readCut(one: Step, found: Found): void {
  if (one.type === 'Metaspace') {
    const scheme = one['prepend_scheme'] ?? (one['add_prefix_space'] === false ? 'never' : 'always');
    found.spaceBefore = scheme === 'never' || scheme === 'first' ? scheme : 'always';
  } else if (one.type === 'WhitespaceSplit') found.mergesSpaces = true;
  else if (one.type === 'Split') {
    const cut = pattern.safeParse(one['pattern']);
    // Words never share a piece anyway.
    if (!(cut.success && 'String' in cut.data && [' ', '▁'].includes(cut.data.String)))
      found.unknown.push(one.type);
  } else found.unknown.push(one.type);
}
