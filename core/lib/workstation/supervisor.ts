// The program that watches over one run on a workstation, where there is no scheduler: it waits for its turn and for GPUs, runs
// job.sh in a process group of its own, and notes how it ended, whoever is connected. Bash and Linux's /proc are all it needs.
//
// Its one argument is the number of the start: 0, and one more for every time the run is resumed.
//
//   supervisor   who it is: process, its start, the boot of the computer, its name
//   job.pid      the same of job.sh
//   waiting      why it waits; removed when it does not
//   result       the exit code of job.sh
import { quoteWord } from '../remote/quote.ts';

export const SUPERVISOR_FILE = 'supervise.sh';

/** What a process is known by, so that a later one with the same number is not taken for it. Functions of bash and sh. */
export const identityFunctions = [
  '# When a process started, in ticks since the boot; nothing for one that is gone.',
  'nesso_born() {',
  '  read -r nesso_stat 2>/dev/null < "/proc/$1/stat" || return 1',
  '  # Its name may hold spaces and brackets: fields are counted after the last one.',
  '  set -- ${nesso_stat##*) }',
  '  [ "$1" != Z ] && [ "$1" != X ] && echo "${20}"',
  '}',
  '# Process, start and boot, as they were noted.',
  'nesso_lives() { [ -n "$2" ] && [ "$3" = "$nesso_boot" ] && [ "$(nesso_born "$1")" = "$2" ]; }',
  'read -r nesso_boot < /proc/sys/kernel/random/boot_id',
  'nesso_host=$(uname -n)',
].join('\n');

/** A waiting run looks this often whether it is its turn. */
const TURN_SECONDS = 2;
/** A GPU on which somebody else's process holds more than this is not free. */
const FREE_GPU_MB = 500;

export interface SupervisorSettings {
  readonly token: string;
  /** Runs of the studio at once on this computer; null for as many as are launched. */
  readonly runsAtOnce: number | null;
  readonly gpus: number;
  /** As CUDA_VISIBLE_DEVICES takes them; null for any that are free. */
  readonly gpuDevices: string | null;
  /** GPUs of the computer where nvidia-smi does not tell; null when nobody says. */
  readonly gpuCount: number | null;
  /** Folder of a run that has to end well first, as a word of the shell; null for none. */
  readonly after: string | null;
}

/** The text of supervise.sh. It lies in the run's folder; the folder above it keeps who has which place. */
export function supervisorScript(settings: SupervisorSettings): string {
  const { token, runsAtOnce, gpus, gpuDevices, gpuCount, after } = settings;
  return `#!/bin/bash
# Watches over job.sh. Written by the studio; it goes on without it.
set -m
umask 077
export LC_ALL=C
cd -- "$(dirname -- "$0")" || exit 1
# A start has one supervisor, however often it is sent.
mkdir "started-\${1:-0}" 2>/dev/null || exit 0
${identityFunctions}
token=${quoteWord(token)}
at_once=${runsAtOnce ?? 0} gpus=${gpus} devices=${quoteWord(gpuDevices ?? '')} known_gpus=${gpuCount ?? 0}
after=${after ?? "''"}
me="$$ $(nesso_born $$) $nesso_boot"
echo "$me $nesso_host" > supervisor.new && mv supervisor.new supervisor || exit 1
export NESSO_JOB=$$
trap : TERM INT HUP

note() {
  printf '{"event":"ended","job":"%s","task":"","restart":0,"node":"%s","exitCode":%s,"atMs":%s}\\n' \\
    "$$" "$nesso_host" "$1" "$(date +%s)000" >> attempts.jsonl
}
finish() {
  rm -f waiting "$places/run.$token" "$places/wait."*".$token" 2>/dev/null
  echo "$1" > result.new && mv result.new result
  exit 0
}

# Who has which place on this computer: the folder may be one that several computers share.
places=../.nesso-places-$nesso_host
mkdir -p "$places" || { note 73; finish 73; }
ticket=$places/wait.$(date +%s).$token
echo "$me" > "$ticket"

# One at a time looks and takes. The lock goes with the process that holds it.
exec 9> "$places/lock"
lives_in() { read -r p b t rest < "$1" 2>/dev/null && nesso_lives "$p" "$b" "$t"; }
free_gpus() {
  taken=,$(cat "$places"/run.* 2>/dev/null | awk 'NF > 3 { printf "%s,", $4 }')
  if command -v nvidia-smi >/dev/null 2>&1; then
    list=$(nvidia-smi --query-gpu=index,memory.used --format=csv,noheader,nounits 2>/dev/null \\
      | awk -F ', *' '$2 + 0 < ${FREE_GPU_MB} { print $1 }')
  else
    list=$(i=0; while [ "$i" -lt "$known_gpus" ]; do echo "$i"; i=$((i + 1)); done)
  fi
  if [ -n "$devices" ]; then list=$(echo "$devices" | tr , '\\n'); fi
  for gpu in $list; do case $taken in *,"$gpu",*) ;; *) echo "$gpu" ;; esac; done
}
# Prints why it is not yet this run's turn; nothing when it has its place.
take_place() {
  flock 9
  running=0 first=
  for f in "$places"/run.*; do
    [ -e "$f" ] || continue
    if lives_in "$f"; then running=$((running + 1)); else rm -f "$f"; fi
  done
  for f in "$places"/wait.*; do
    [ -e "$f" ] || continue
    if lives_in "$f"; then [ -n "$first" ] || first=$f; else rm -f "$f"; fi
  done
  reason=
  if [ "$first" != "$ticket" ]; then reason='other runs came first'
  elif [ "$at_once" -gt 0 ] && [ "$running" -ge "$at_once" ]; then reason="$running of $at_once places are taken"
  elif [ "$gpus" -gt 0 ] || [ -n "$devices" ]; then
    want=$gpus
    [ -z "$devices" ] || want=$(echo "$devices" | tr , '\\n' | grep -c .)
    free=$(free_gpus | head -n "$want")
    have=$(echo "$free" | grep -c .)
    if [ "$have" -lt "$want" ]; then reason="$have of $want GPUs are free"
    else mine=$(echo "$free" | paste -s -d , -)
    fi
  fi
  if [ -z "$reason" ]; then echo "$me $mine" > "$places/run.$token"; rm -f "$ticket"; fi
  flock -u 9
}

while :; do
  if [ -e stop ]; then note 143; finish 143; fi
  if [ -n "$after" ]; then
    before=$(cat "$after/result" 2>/dev/null)
    if [ "$before" = 0 ]; then after=
    elif [ -n "$before" ]; then echo 'The run it waits for did not end well' > waiting; note 75; finish 75
    elif read -r p b t rest < "$after/supervisor" 2>/dev/null && nesso_lives "$p" "$b" "$t"; then
      echo 'another run' > waiting
    else note 75; finish 75
    fi
  fi
  if [ -z "$after" ]; then
    mine=
    take_place
    [ -n "$reason" ] || break
    echo "$reason" > waiting
  fi
  sleep ${TURN_SECONDS}
done
rm -f waiting
[ -z "$mine" ] || export CUDA_VISIBLE_DEVICES="$mine" CUDA_DEVICE_ORDER=PCI_BUS_ID
exec 9>&-

bash ./job.sh < /dev/null >> log.txt 2>&1 &
job=$!
echo "$job $(nesso_born "$job") $nesso_boot" > job.pid.new && mv job.pid.new job.pid
wait "$job"; code=$?
# A signal, or a job that was halted, ends the wait and not the job.
while kill -0 "$job" 2>/dev/null; do sleep 1; wait "$job"; code=$?; done
# What it left behind ends with it, as on a cluster.
if kill -s TERM -- "-$job" 2>/dev/null; then sleep 1; kill -s KILL -- "-$job" 2>/dev/null; fi
# A job that was killed could not note its own end.
case $(tail -n 1 attempts.jsonl 2>/dev/null) in *'"event":"ended"'*) ;; *) note "$code" ;; esac
finish "$code"
`;
}
