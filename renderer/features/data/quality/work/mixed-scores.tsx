// In place of the figures when the scores of a head were made in several ways: which files do not go together, and what to do.
import type { QualityDescription } from '../../../../../core/api/quality.ts';
import { navigate } from '../../../../app/route.ts';
import { Button } from '../../../../ui/button.tsx';
import { formatCount, formatQuantity } from '../../../../ui/format.ts';
import { withHead } from '../lab/choice.ts';
import { headLabel } from '../lab/figures.ts';
import type { Lab } from '../lab/lab.ts';
import { labHref } from '../lab/mode.ts';
import { useLabState } from '../lab/use-lab.ts';
import styles from './mixed-scores.module.css';

type Mixed = QualityDescription['mixed'][number];

/** Names below a kind; all of them are in the corpus that its button opens. */
const SHOWN_FILES = 4;

/** The chosen heads over which no threshold can be taken. */
export function useMixedHeads(lab: Lab): readonly { readonly head: string; readonly mixed: Mixed }[] {
  const description = useLabState(lab, (state) => state.description);
  const heads = useLabState(lab, (state) => state.choice.heads);
  return (description?.mixed ?? []).flatMap((mixed) => {
    const head = description?.heads.find(({ column }) => column === mixed.column)?.name;
    return head !== undefined && heads.includes(head) ? [{ head, mixed }] : [];
  });
}

export function MixedScores({ lab }: { readonly lab: Lab }) {
  const description = useLabState(lab, (state) => state.description);
  const choice = useLabState(lab, (state) => state.choice);
  const found = useMixedHeads(lab);
  const all = description?.heads.map(({ name }) => name) ?? [];
  return (
    <section className={styles['mixed']} aria-label="Scores that do not go together">
      {found.map(({ head, mixed }) => (
        <div key={head}>
          <h3 className={styles['title']}>{`The scores of ${headLabel(head)} do not go together`}</h3>
          <p className={styles['text']}>
            {mixed.by === 'head'
              ? `Different heads wrote ${mixed.column} in these files.`
              : `One head wrote ${mixed.column} in these files, over vectors of different embedders or variants.`}{' '}
            Each kind has a scale of its own, so that a quantile over all of them would mean nothing. Take the
            thresholds of one kind, or score all files in the same way.
          </p>
          <ul className={styles['groups']}>
            {mixed.groups.map(({ maker, files }) => {
              const own = files.flatMap((place) => description?.files[place] ?? []);
              const more = own.length - SHOWN_FILES;
              const rows = own.reduce((sum, file) => sum + file.rows, 0);
              return (
                <li key={maker}>
                  <div className={styles['kind']}>
                    <strong>{maker}</strong>
                    <span className={styles['text']}>
                      {`${formatQuantity(own.length, 'file')} · ${formatCount(rows)} documents`}
                    </span>
                    <code className={styles['files']} title={own.map(({ path }) => path).join('\n')}>
                      {own
                        .slice(0, SHOWN_FILES)
                        .map(({ path }) => path)
                        .join('\n')}
                      {more > 0 ? `\nand ${formatQuantity(more, 'more file', 'more files')}` : ''}
                    </code>
                  </div>
                  <Button
                    onPress={() =>
                      navigate(
                        labHref(
                          own.map(({ path }) => path),
                          lab.parameters(),
                        ),
                      )
                    }
                  >
                    {own.length === 1 ? 'Use this file' : `Use these ${formatQuantity(own.length, 'file')}`}
                  </Button>
                </li>
              );
            })}
          </ul>
          {choice.heads.length > 1 ? (
            <Button kind="quiet" onPress={() => lab.choose(withHead(choice, head, all))}>
              {`Go on without ${headLabel(head)}`}
            </Button>
          ) : null}
        </div>
      ))}
    </section>
  );
}
