// The studio's own `studio.yaml`: name of the workspace, targets, and references to datasets and models. Strict.
// Exports: STUDIO.
import { int, list, map, objectSchema, oneOf, path, section, str, STRING } from './fields.ts';
import type { ConfigSchema } from './types.ts';

const CONTAINER = objectSchema(
  'container',
  'Where the programs of a job run, when not on the nodes themselves.',
  {
    runtime: oneOf(
      ['apptainer', 'singularity', 'pyxis'],
      'Runtime',
      'Pyxis is the container option of srun.',
      {
        required: true,
      },
    ),
    image: str('Image', 'Path on the target, or an address such as docker://…', { required: true }),
    mounts: list(STRING, 'Mounts', 'Folders seen inside: /data, or /from:/to.', { nullable: true }),
  },
);

const TARGET = objectSchema('target', 'A place where jobs run.', {
  name: str('Name', 'Name of the target, unique in the workspace.', { required: true }),
  kind: oneOf(
    ['local', 'slurm', 'ssh-processes'],
    'Kind',
    'This computer, a Slurm cluster over SSH, or plain processes over SSH.',
    {
      required: true,
    },
  ),
  host: str('Host', 'Host name or alias of the OpenSSH configuration.', { nullable: true }),
  user: str('User', 'Login name, when the SSH configuration does not say it.', { nullable: true }),
  port: int('Port', 'SSH port.', { nullable: true, minimum: 1, maximum: 65535 }),
  folder: path('Folder', 'Folder on the target that holds the runs.', { nullable: true }),
  pollSeconds: int(
    'Poll',
    'The least time between two questions to the scheduler; 30 unless it says otherwise.',
    {
      unit: 's',
      nullable: true,
      minimum: 5,
      maximum: 3600,
    },
  ),
  runsAtOnce: int(
    'Runs at once',
    'Of a workstation: how many runs may work at once; the others wait. All of them when absent.',
    { unit: 'runs', nullable: true, minimum: 1, maximum: 1000 },
  ),
  nodes: int('Nodes', 'Nodes a job uses unless it says otherwise.', {
    unit: 'nodes',
    minimum: 1,
    default: 1,
  }),
  gpusPerNode: int('GPUs per node', 'GPUs of one node.', { unit: 'GPUs', minimum: 0 }),
  gpu: str('GPU', 'Type of the GPUs, such as A100-64GB, for the estimates of time and memory.', {
    nullable: true,
  }),
  cpusPerNode: int('CPUs per node', 'CPU cores of one node.', { unit: 'cores', minimum: 1 }),
  memoryPerNodeGb: int('Memory per node', 'Main memory of one node.', { unit: 'GB', minimum: 1 }),
  partition: str('Partition', 'Slurm partition.', { nullable: true }),
  account: str('Account', 'Slurm account that is charged.', { nullable: true }),
  qos: str('QOS', 'Slurm quality of service.', { nullable: true }),
  walltime: str('Walltime', 'Time limit of a job; quote it: "24:00:00".', { nullable: true }),
  modules: list(STRING, 'Modules', 'Environment modules loaded before a job.', { nullable: true }),
  python: path('Python', 'Python of the environment with the training tools.', { nullable: true }),
  conda: str('Conda', 'Name or path of the conda environment of every job.', { nullable: true }),
  container: section(CONTAINER, 'Container', { nullable: true }),
  setup: str('Setup', 'Lines of bash before the command of every job.', { nullable: true }),
  environment: map({ kind: 'any' }, 'Environment', 'Environment variables of every job.', { nullable: true }),
});

const REFERENCE = (noun: string) =>
  objectSchema(noun, `A ${noun} the workspace refers to.`, {
    name: str('Name', `Name of the ${noun}.`, { required: true }),
    path: path('Path', 'File or folder, relative to the workspace.', { required: true }),
    target: str('Target', 'Target that holds it; this computer when absent.', { nullable: true }),
    description: str('Description', 'What it is.', { nullable: true }),
  });

export const STUDIO: ConfigSchema = {
  title: 'Workspace',
  source: 'Nesso Studio',
  textNumbers: 'error',
  root: objectSchema('studio.yaml', 'The workspace.', {
    name: str('Name', 'Name of the workspace.', { required: true }),
    description: str('Description', 'What the workspace is for.', { nullable: true }),
    targets: list({ kind: 'object', object: TARGET }, 'Targets', 'Places where jobs run.', {
      nullable: true,
    }),
    datasets: list(
      { kind: 'object', object: REFERENCE('dataset') },
      'Datasets',
      'Datasets the workspace refers to.',
      { nullable: true },
    ),
    models: list(
      { kind: 'object', object: REFERENCE('model') },
      'Models',
      'Models the workspace refers to.',
      { nullable: true },
    ),
  }),
};
