// Texts of a report that must stay texts: names of runs, of files and of tasks, prompts and answers may hold anything. Pure.

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, halves of pairs, and what turns the direction of the text around it: shown as what they are not. */
const NO_CHARACTERS = /[\p{Cs}\u202a-\u202e\u2066-\u2069\ufffe\uffff]|(?![\t\n\r])\p{Cc}/gu;

/** Between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return wellFormed(text).replaceAll(/[&<>"']/g, (character) => HTML[character] ?? character);
}

const wellFormed = (text: string): string => text.replaceAll(NO_CHARACTERS, '\ufffd');

/** One line of Markdown: what starts a link, a tag, a list, emphasis or a table loses its meaning. */
export function escapeMarkdown(text: string): string {
  return (
    wellFormed(text)
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/[\\`*_{}[\]()#+!|~>-]/g, String.raw`\$&`)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replace(/^(\s*\d+)\.(?=\s|$)/, String.raw`$1\.`)
      // A bare address would become a link.
      .replaceAll(/(https?|ftp):\/\//gi, '$1:\u200b//')
      .replaceAll(/\bwww\./gi, 'www\u200b.')
      .replaceAll('@', '@\u200b')
  );
}

/** A block of code that its text cannot end. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${/^[a-z]*$/.test(language) ? language : ''}\n${wellFormed(text).replace(/\n$/, '')}\n${fence}`;
}
