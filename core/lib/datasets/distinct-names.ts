// Paths by their last part, and by as many parents as tell those apart that end alike: ten folders called train say of which language.
// Pure.

/** By path. Parts are kept whole; a path that is the end of another one stays as it is. */
export function distinctNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  let open: readonly string[] = [...new Set(paths)];
  for (let depth = 1; open.length > 0; depth += 1) {
    const ends = new Map<string, string[]>();
    for (const path of open) {
      const end = path.split('/').slice(-depth).join('/');
      const own = ends.get(end);
      if (own) own.push(path);
      else ends.set(end, [path]);
    }
    const alike: string[] = [];
    for (const [end, own] of ends) {
      for (const path of own) {
        if (own.length === 1 || end === path) names.set(path, end);
        else alike.push(path);
      }
    }
    open = alike;
  }
  return names;
}
