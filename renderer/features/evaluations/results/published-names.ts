// How published tables are called in links: `results/published`, `results/table-5`, `results/jql-table-2`.

export const PUBLISHED = 'published';
/** Before the id of a figure of the JQL paper, which has a Table 2 of its own. */
const OF_JQL = 'jql-';

export const figureLink = (id: string): string => `${OF_JQL}${id}`;
export const figureOfLink = (name: string): string | null =>
  name.startsWith(OF_JQL) ? name.slice(OF_JQL.length) : null;
