// A trainer of a few lines of shell that saves as Nanotron does, with a recipe that says how it goes on.

const recipe = `
id: tiny
title: Tiny trainer
description: Saves as Nanotron does
targets: [cluster, workstation]
files: [train.sh]
command: [bash, '{programs}/train.sh', '{config}', '{failAt}']
config: config
resume:
  kind: checkpoint
  layout: nanotron
  folder: { config: checkpoints.checkpoints_path }
  at: { config: { checkpoints.resume_checkpoint_path: '{checkpoint}' } }
  newest: { config: { checkpoints.resume_checkpoint_path: '{folder}' } }
  fork: { config: { checkpoints.checkpoints_path: '{folder}-{name}' } }
  steps: { config: tokens.train_steps }
parameters:
  - { name: config, label: Config, kind: file, default: configs/tiny.yaml, description: d }
  - { name: failAt, label: Fail at, kind: int, default: 0, description: d }
`;

/** Starts where the config says, saves every second step, fails once at a step. */
const trainer = `
value() { sed -n -e "s/ # kept$//" -e "s/^ *$1: *//p" "$config" | tr -d '\\"'; }
config=$1; fail=$2; folder=$(value checkpoints_path); from=$(value resume_checkpoint_path); last=$(value train_steps)
step=0
if [ -s "$from/latest.txt" ]; then step=$(cat "$from/latest.txt"); elif [ -s "$from/model_config.json" ]; then step=\${from##*/}; fi
echo "from $step to $last"
while [ "$step" -lt "$last" ]; do
  step=$((step + 1)); echo "{\\"step\\": $step, \\"loss\\": $((100 - step))}" >> "$NESSO_METRICS"
  if [ "$step" -eq "$fail" ] && [ ! -e failed-once ]; then touch failed-once; mkdir -p "$folder/$step"; exit 9; fi
  if [ $((step % 2)) -eq 0 ]; then mkdir -p "$folder/$step/optimizer"; printf %s "$step" > "$folder/latest.txt"; echo '{}' > "$folder/$step/model_config.json"; fi
done
`;

const configOf = (folder: string): string =>
  `# of the team\ncheckpoints:\n  checkpoints_path: ${JSON.stringify(folder)} # kept\n  checkpoint_interval: 2\n  resume_checkpoint_path: null\ntokens:\n  train_steps: 6\n`;

/** Files of a workspace; `folder` is where the checkpoints go, on the target. */
export function resumableTrainer(folder: string): Readonly<Record<string, string>> {
  return {
    'recipes/tiny/recipe.yaml': recipe,
    'recipes/tiny/train.sh': trainer,
    'configs/tiny.yaml': configOf(folder),
  };
}
