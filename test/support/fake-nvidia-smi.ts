// A program called nvidia-smi that answers --query-gpu as the real one does, with values that tell node and card apart; and keeps
// count of how often it was asked.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FakeNvidiaSmi {
  /** To be put on PATH. */
  readonly folder: string;
  readonly calls: number;
}

const script = (log: string) => `#!/bin/sh
# --query-gpu=a,b,c --format=csv,noheader,nounits
echo call >> '${log}'
for word in "$@"; do case "$word" in --query-gpu=*) fields=\${word#--query-gpu=};; esac; done
node=\${SLURMD_NODENAME:-here}
base=$(printf '%s' "$node" | tr -cd 0-9); base=\${base:-0}
for gpu in 0 1; do
  line=
  for field in $(printf '%s' "$fields" | tr , ' '); do
    case $field in
      index) value=$gpu ;;
      utilization.gpu) value=$((90 + base + gpu)) ;;
      memory.used) value=61234 ;;
      memory.total) value=81559 ;;
      power.draw) value=312.4\${gpu} ;;
      enforced.power.limit) value='[N/A]' ;;
      temperature.gpu) value=$((60 + gpu)) ;;
      uuid) value=GPU-$node-$gpu ;;
      name) value='NVIDIA A100-SXM4-80GB' ;;
      *) value='[Not Supported]' ;;
    esac
    line="$line\${line:+, }$value"
  done
  printf '%s\\n' "$line"
done
`;

export function installFakeNvidiaSmi(folder: string): FakeNvidiaSmi {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'nvidia-smi');
  const log = join(folder, 'calls');
  writeFileSync(log, '');
  chmodSync(log, 0o666);
  writeFileSync(program, script(log));
  chmodSync(program, 0o755);
  return {
    folder,
    get calls() {
      return readFileSync(log, 'utf8').split('\n').length - 1;
    },
  };
}
