// The saved recipes: a dialog that lists them with what they keep, and loads one into the lab.
import { useQuery } from '@tanstack/react-query';
import { FolderOpen } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { SavedRecipe } from '../../../../../core/api/quality.ts';
import { describeError } from '../../../../app/describe-error.ts';
import { notify } from '../../../../app/notifications.ts';
import { filesKey } from '../../../../app/query-keys.ts';
import { navigate, useRoute } from '../../../../app/route.ts';
import { useClient } from '../../../../app/session.ts';
import { Button, IconButton } from '../../../../ui/button.tsx';
import { CopyButton } from '../../../../ui/copy-button.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { ErrorState } from '../../../../ui/error-state.tsx';
import { formatCount, formatDateTime, formatQuantity } from '../../../../ui/format.ts';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { choiceText } from '../lab/choice.ts';
import { changeText, percentText } from '../lab/figures.ts';
import { shareOf } from '../lab/language-rows.ts';
import type { Lab } from '../lab/lab.ts';
import { labHref } from '../lab/mode.ts';
import styles from './actions.module.css';

export function RecipesMenu({ lab }: { readonly lab: Lab }) {
  const [isOpen, setOpen] = useState(false);
  const named = useRoute()?.query.get('recipe') ?? null;
  useEffect(() => {
    if (named !== null) setOpen(true);
  }, [named]);
  const close = () => {
    setOpen(false);
    if (named !== null) navigate(labHref(lab.paths, lab.parameters()), { replace: true });
  };
  return (
    <>
      <IconButton icon={FolderOpen} label="Saved recipes…" onPress={() => setOpen(true)} />
      {isOpen ? <RecipesDialog lab={lab} named={named} onClose={close} /> : null}
    </>
  );
}

function RecipesDialog(props: {
  readonly lab: Lab;
  readonly named: string | null;
  readonly onClose: () => void;
}) {
  const { lab, named, onClose } = props;
  const client = useClient();
  const recipes = useQuery({
    queryKey: [...filesKey, 'recipes'],
    queryFn: ({ signal }) => client.quality.listRecipes(undefined, { signal }),
  });
  const listed = (recipes.data ?? []).toSorted(
    (a, b) => Number(b.path === named) - Number(a.path === named) || b.modifiedMs - a.modifiedMs,
  );
  return (
    <Dialog
      title="Filter recipes"
      isOpen
      onClose={onClose}
      width="wide"
      actions={<Button onPress={onClose}>Close</Button>}
    >
      {recipes.error ? (
        <ErrorState compact {...describeError(recipes.error)} />
      ) : !recipes.data ? (
        <Skeleton label="Loading the recipes" rows={4} />
      ) : listed.length === 0 ? (
        <p className={styles['hint']}>
          No recipe is saved yet. Save one here: it is a JSON file under filters/ that a cluster job applies
          again.
        </p>
      ) : (
        <ul className={styles['recipes']} aria-label="Filter recipes">
          {listed.map((saved) => (
            <Entry key={saved.path} saved={saved} lab={lab} onClose={onClose} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function Entry({
  saved,
  lab,
  onClose,
}: {
  readonly saved: SavedRecipe;
  readonly lab: Lab;
  readonly onClose: () => void;
}) {
  const { recipe, path, problem, modifiedMs } = saved;
  if (recipe === null) {
    return (
      <li className={styles['recipe']}>
        <strong>{path}</strong>
        <span />
        <span className={styles['detail']}>{problem}</span>
      </li>
    );
  }
  const { total, meanTokenChangePercent } = recipe.result;
  const heads = recipe.heads.map(({ name }) => name);
  const { choice: quantiles } = recipe.quantile;
  const known = new Set(lab.store.getState().description?.heads.map(({ name }) => name));
  const missing = heads.filter((head) => !known.has(head));
  const load = () => {
    onClose();
    const { operator, rule } = recipe;
    lab.choose({ heads, quantiles, operator, rule });
    notify({
      severity: 'info',
      title: `Settings of ${recipe.name} loaded`,
      detail: 'Thresholds are taken anew over this corpus, at the quantiles of the recipe',
    });
  };
  return (
    <li className={styles['recipe']}>
      <div>
        <strong>{recipe.name}</strong>
        <p className={styles['detail']}>
          {choiceText({ heads, quantiles, operator: recipe.operator, rule: recipe.rule })}
        </p>
        <p className={styles['detail']}>
          {`kept ${formatCount(total.keptDocuments)} of ${formatCount(total.documents)} documents (${percentText(shareOf(total.keptDocuments, total.documents))}) · ${changeText(meanTokenChangePercent)} against FineWeb-2 · ${formatQuantity(Object.keys(recipe.thresholds).length, 'language')}`}
        </p>
        <p className={styles['detail']}>{`${path} · ${formatDateTime(modifiedMs)}`}</p>
        {recipe.note === '' ? null : <p className={styles['detail']}>{recipe.note}</p>}
        {missing.length > 0 ? (
          <p className={styles['detail']}>{`This corpus has no ${missing.join(', ')}`}</p>
        ) : null}
      </div>
      <span>
        <CopyButton text={JSON.stringify(recipe, null, 2)} label="Copy the recipe as JSON" iconOnly />
        <Button isDisabled={missing.length > 0} onPress={load}>
          Load
        </Button>
      </span>
    </li>
  );
}
