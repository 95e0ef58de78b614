// One script that asks a site everything the studio wants to know at first contact, in one round trip. Every part may fail for
// itself; parts are separated by lines that cannot occur in the answers.
import { FIELD, PART } from '../remote/answer-parts.ts';
import { quoteWord, remotePath } from '../remote/quote.ts';

/** Programs whose presence decides what can be launched, and how each tells its version. */
const programs: readonly (readonly [string, string])[] = [
  ['python3', 'python3 --version'],
  ['conda', 'conda --version'],
  ['uv', 'uv --version'],
  ['apptainer', 'apptainer --version'],
  ['singularity', 'singularity --version'],
  ['enroot', 'enroot version'],
  ['git', 'git --version'],
  ['rsync', 'rsync --version'],
  ['nvidia-smi', 'nvidia-smi --version'],
];

/** POSIX sh. `folder` is where runs are to be kept; null for none. `${HOME}` and `~/` in it are those of the target. */
export function probeScript(folder: string | null): string {
  const part = (name: string, command: string): string =>
    `printf '\\n${PART}%s\\n' ${name}; { ${command}; } 2>/dev/null`;
  const sinfo = ['%P', '%a', '%l', '%D', '%c', '%m', '%G'].join(FIELD);
  const association = 'sacctmgr -nP show assoc where user="$(id -un)" format=account,qos';
  const disk = 'df -Pk -- "$HOME" "${SCRATCH:-/nonexistent}" "${WORK:-/nonexistent}"';
  return [
    'export LC_ALL=C',
    part(
      'who',
      'hostname; id -un; printf "%s\\n" "$HOME"; printf "%s\\n" "${SHELL:-}"; uname -s -r -m | tr "\\n" " "',
    ),
    part('slurm', 'sinfo --version'),
    part('config', 'scontrol show config'),
    part('partitions', `sinfo -h -e -o ${quoteWord(sinfo)}`),
    part('accounting', 'sacct -n -X -S now; echo "rc $?"'),
    part('associations', association),
    part('disk', disk),
    part('modules', 'command -v module || command -v modulecmd || ls -d /usr/share/lmod /usr/share/modules'),
    ...programs.map(([name, version]) =>
      part(`program-${name}`, `command -v ${name} >/dev/null && ${version} 2>&1 | head -n 1`),
    ),
    ...(folder === null ? [] : [part('folder', folderTest(folder))]),
    'true',
  ].join('\n');
}

/** Prints `ok`, or what the shell said. A full disk still takes empty files. */
function folderTest(folder: string): string {
  const path = remotePath(folder);
  return `{ mkdir -p -- ${path} && t=$(mktemp ${path}/.nesso-XXXXXX) && { head -c 4096 /dev/zero > "$t"; r=$?; rm -f -- "$t"; [ "$r" = 0 ]; } && echo ok && df -Pk -- ${path}; } 2>&1`;
}
