// Type-to-filter of lists: plain words, no patterns. Pure.

/** Items of whose text every word of the filter is a part, in any order; the order of items stays. */
export function filterItems<Item>(
  items: readonly Item[],
  textOf: (item: Item) => string,
  filter: string,
): readonly Item[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  return items.filter((item) => {
    const text = textOf(item).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
