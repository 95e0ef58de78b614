// The model's card: Markdown of the workspace, shown without raw HTML, images or links that leave the studio unasked.
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import styles from './model-card.module.css';

const plugins = [remarkGfm];

/** A head without words heads nothing: tables of facts are written with one. */
const components: Components = {
  th: ({ children }) => {
    const Cell = children === undefined ? 'td' : 'th';
    return <Cell>{children}</Cell>;
  },
};

export function ModelCard({ text }: { readonly text: string }) {
  return (
    <div className={styles['card']}>
      <Markdown remarkPlugins={plugins} components={components} disallowedElements={['img']} skipHtml>
        {withoutFrontMatter(text)}
      </Markdown>
    </div>
  );
}

/** Hub cards begin with YAML between `---` lines; it is for machines. */
function withoutFrontMatter(text: string): string {
  return text.replace(/^---\n[\s\S]*?\n---\n/, '');
}
