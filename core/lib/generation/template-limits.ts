// What keeps a chat template from filling memory in one step. A template is a program of somebody else.

/** The longest loops of published templates go over the messages of a conversation. */
const MAX_RANGE = 100_000;

/** The name under which a template is given `boundedRange`: the library does not let `range` itself be replaced. */
export const BOUNDED_RANGE = 'nesso_bounded_range';

/** Calls of `range` in a parsed template become calls of the bounded one. Returns the template. */
export function boundRanges<T extends { readonly parsed: unknown }>(template: T): T {
  const seen = new Set<object>();
  const rest: unknown[] = [template.parsed];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (typeof node !== 'object' || node === null || seen.has(node)) continue;
    seen.add(node);
    if ('type' in node && node.type === 'CallExpression' && 'callee' in node) rename(node.callee);
    const inner: readonly unknown[] = node instanceof Map ? [...node.entries()].flat() : Object.values(node);
    rest.push(...inner.filter((one) => one !== undefined));
  }
  return template;
}

function rename(callee: unknown): void {
  if (typeof callee !== 'object' || callee === null || !('value' in callee)) return;
  if (callee.value === 'range') callee.value = BOUNDED_RANGE;
}

/** Jinja's `range`, which makes its numbers at once, with an end. Throws an Error beyond it. */
export function boundedRange(...bounds: readonly unknown[]): readonly number[] {
  const numbers = bounds.filter((bound) => typeof bound === 'number');
  const [first = 0, second, step = 1] = numbers;
  const [from, to] = second === undefined ? [0, first] : [first, second];
  if (step === 0) throw new Error('range() in steps of 0');
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (!(count <= MAX_RANGE)) throw new Error(`range() of ${count} numbers; ${MAX_RANGE} are the most`);
  return Array.from({ length: count }, (_, index) => from + index * step);
}
