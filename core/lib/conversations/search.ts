// Finds a text in conversations, whatever the case and the accents: "perche" finds "Perché".
import type { Conversation, ConversationHit } from '../../api/conversations.ts';

const BEFORE_CHARACTERS = 32;
const AFTER_CHARACTERS = 80;

/** Letter by letter, so that places in the folded text are places in the text. */
export function folded(text: string): string {
  return Array.from({ length: text.length }, (_, at) => foldedUnit(text.charAt(at))).join('');
}

const foldedUnits = new Map<string, string>();

function foldedUnit(unit: string): string {
  const known = foldedUnits.get(unit);
  if (known !== undefined) return known;
  const base = unit.normalize('NFD').charAt(0).toLowerCase();
  const single = base.length === 1 ? base : unit;
  foldedUnits.set(unit, single);
  return single;
}

/** One hit for each turn that holds it, in order. `text` in any spelling. */
export function searchConversation(conversation: Conversation, text: string): readonly ConversationHit[] {
  const wanted = folded(text);
  if (wanted === '') return [];
  const { id, title, modelPath } = conversation;
  const places = [
    { turnId: null, role: 'title' as const, text: title },
    { turnId: null, role: 'system' as const, text: conversation.systemPrompt },
    ...conversation.turns.map((turn) => ({ turnId: turn.id, role: turn.role, text: turn.text })),
  ];
  return places.flatMap((place): readonly ConversationHit[] => {
    const at = folded(place.text).indexOf(wanted);
    if (at < 0) return [];
    const end = at + wanted.length;
    const from = Math.max(0, at - BEFORE_CHARACTERS);
    return [
      {
        id,
        title,
        modelPath,
        turnId: place.turnId,
        role: place.role,
        before: (from > 0 ? '…' : '') + place.text.slice(from, at),
        match: place.text.slice(at, end),
        after:
          place.text.slice(end, end + AFTER_CHARACTERS) +
          (end + AFTER_CHARACTERS < place.text.length ? '…' : ''),
      },
    ];
  });
}
