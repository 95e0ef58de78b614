// One run of a launch: recipe, name, target and parameters; for a cluster what to ask the scheduler for, with the batch script beside.
import type { Recipe } from '../../../../core/api/runs.ts';
import type { Target } from '../../../../core/api/targets.ts';
import { FieldRow } from '../../../ui/field-row.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { useSiteProfile } from '../../targets/index.tsx';
import styles from './launch-dialog.module.css';
import { type LaunchStep, nameOf, placeOf, requestOf, type StepPlace } from './launch-step.ts';
import { LaunchTarget, targetChoices } from './launch-target.tsx';
import { ParameterField } from './parameter-field.tsx';
import { ResourceForm } from './resource-form.tsx';
import { resourceProblems } from './resource-limits.ts';
import { parseResources } from './resources-given.ts';
import { ScriptPane } from './script-pane.tsx';
import { WorkstationForm } from './workstation-form.tsx';

export interface LaunchFormProps {
  readonly step: LaunchStep;
  readonly recipes: readonly Recipe[];
  readonly recipe: Recipe;
  readonly targets: readonly Target[];
  /** Null is this computer. */
  readonly target: Target | null;
  readonly place: StepPlace;
  /** Null where another step, or the run that is forked, decides it. */
  readonly onTarget: ((name: string) => void) | null;
  readonly onChange: (step: LaunchStep) => void;
}

export function LaunchForm(props: LaunchFormProps) {
  const { step, recipes, recipe, targets, target, place, onTarget, onChange } = props;
  const profile = useSiteProfile(target?.name ?? null).data ?? null;
  const Resources = target?.kind === 'ssh-processes' ? WorkstationForm : ResourceForm;
  const { resources } = place;
  const key = placeOf(recipe.id, place.target);
  const name = nameOf(step, recipe);
  const isValid = parseResources(resources) !== null;
  const setScript = (script: string | null) => {
    const { [key]: _, ...others } = step.scripts;
    onChange({ ...step, scripts: script === null ? others : { ...step.scripts, [key]: script } });
  };
  return (
    <div className={target ? styles['columns'] : ''}>
      <div className={`${styles['form']} ${styles['asked']}`}>
        <FieldRow label="Recipe">
          <Select
            label="Recipe"
            isLabelHidden
            choices={recipes.map((one) => ({ id: one.id, label: one.title, detail: one.description }))}
            value={recipe.id}
            isDisabled={place.from !== null}
            onChange={(id) => onChange({ ...step, recipe: id, parameters: {} })}
          />
        </FieldRow>
        <p className={styles['about']}>{recipe.description}</p>
        {recipe.notes === '' ? null : (
          <details className={styles['recipeNotes']}>
            <summary>Versions, and what to know first</summary>
            <p>{recipe.notes}</p>
          </details>
        )}
        {place.from === null ? null : (
          <p className={styles['about']} role="status">
            It starts from {place.from.checkpoint}. What the recipe has to set for that, and a folder of its
            own for checkpoints, is set in the config and the parameters that are sent; the files of the
            workspace stay as they are.
          </p>
        )}
        <FieldRow label="Name">
          <TextField
            label="Name"
            isLabelHidden
            value={name}
            onChange={(text) => onChange({ ...step, name: text })}
          />
        </FieldRow>
        <LaunchTarget
          choices={targetChoices(recipe, targets)}
          target={target}
          value={place.target === '' ? null : place.target}
          onChange={onTarget}
        />
        <div className={styles['parameters']}>
          {recipe.parameters.map((parameter) => (
            <ParameterField
              key={`${recipe.id}/${parameter.name}`}
              parameter={parameter}
              value={step.parameters[parameter.name] ?? parameter.default}
              onChange={(value) =>
                onChange({ ...step, parameters: { ...step.parameters, [parameter.name]: value } })
              }
            />
          ))}
        </div>
      </div>
      {target ? (
        <div className={styles['form']}>
          <Resources
            profile={profile}
            resources={resources}
            problems={resourceProblems(profile, resources)}
            onChange={(next) => onChange({ ...step, asked: { ...step.asked, [key]: next } })}
          />
          {isValid && name.trim() !== '' ? (
            <ScriptPane request={requestOf(step, recipe, place)} onEdit={setScript} />
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
