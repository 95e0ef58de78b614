// Targets of the open workspace and their connections. A connection outlives windows; it ends with core, or when somebody ends it.
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import {
  type BrowsedFolder,
  type ClusterBoard,
  type NewTarget,
  siteProfile,
  type SiteProfile,
  type Target,
  type TargetEvent,
  type TargetSettings,
} from '../../api/targets.ts';
import { probeScript } from '../../lib/slurm/probe-script.ts';
import { siteProfileOf } from '../../lib/slurm/site-profile.ts';
import type { CoreContext } from '../context.ts';
import { readTextFile } from '../files/read-text.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { makeFolder } from '../files/make-folder.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';
import { type Connection, createConnection, notConnected } from './connection.ts';
import { addTarget } from './add-target.ts';
import { BOARD_FLOOR_MS, createBoardReader } from './board.ts';
import { browseFolder } from './browse-folder.ts';
import { createQuestionBoard } from './questions.ts';
import { saveSettings, settingsOf, studioFileVersion } from './target-settings.ts';
import { readTargets, type TargetEntry } from './read-targets.ts';

/** A login node under load answers slowly, and a controller that is down takes nine seconds a command. */
const PROBE_TIMEOUT_MS = 120_000;
const MAX_PROFILE_BYTES = 4 * 1024 * 1024;

export interface TargetService {
  readonly changes: SignalBus<TargetEvent>;
  list(): Promise<Target[]>;
  state(): Promise<TargetEvent>;
  add(target: NewTarget): Promise<Target>;
  settings(name: string): Promise<{ settings: TargetSettings; version: string }>;
  saveSettings(name: string, settings: TargetSettings, version: string): Promise<void>;
  board(name: string): Promise<ClusterBoard>;
  connect(name: string, signal?: AbortSignal): Promise<Target>;
  disconnect(name: string): Promise<void>;
  answer(id: string, text: string | null): void;
  browse(name: string, path: string, signal?: AbortSignal): Promise<BrowsedFolder>;
  probe(name: string, signal?: AbortSignal): Promise<SiteProfile>;
  profile(name: string): Promise<SiteProfile | null>;
  /** As studio.yaml has it. Throws NOT_FOUND. */
  entryOf(name: string): Promise<TargetEntry>;
  /** For services that run something there. Throws NOT_FOUND; the connection itself may be down. */
  connectionOf(name: string): Promise<Connection>;
  dispose(): Promise<void>;
}

export interface TargetServiceOptions {
  /** Instead of the user's own ssh configuration. */
  readonly sshConfigFile?: string | undefined;
}

export function createTargetService(context: CoreContext, options: TargetServiceOptions = {}): TargetService {
  const changes = createSignalBus<TargetEvent>();
  const connections = new Map<string, { readonly entry: TargetEntry; readonly connection: Connection }>();
  const told = new Set<string>();
  const root = () => context.workspace.require().path;
  const changed = () =>
    void state()
      .then((event) => changes.emit(event))
      .catch(() => undefined);
  const questions = createQuestionBoard(changed);
  const boards = createBoardReader();
  let stopWatching = (): void => undefined;
  const watchStudioFile = (): void => {
    stopWatching();
    stopWatching =
      context.workspace.current?.changes.subscribe((paths) => {
        if (paths.includes('studio.yaml')) changed();
      }) ?? (() => undefined);
  };
  watchStudioFile();
  const stopFollowing = context.workspace.switched.subscribe(() => {
    watchStudioFile();
    changed();
  });

  const entries = async (): Promise<readonly TargetEntry[]> => {
    const { targets, problems } = await readTargets(root());
    for (const problem of problems) {
      if (told.has(problem)) continue;
      told.add(problem);
      context.notices.post({ severity: 'warning', title: 'A target cannot be used', detail: problem });
    }
    return targets;
  };
  const require = async (name: string): Promise<TargetEntry> => {
    const found = (await entries()).find((entry) => entry.name === name);
    if (found) return found;
    throw new StudioError('NOT_FOUND', `There is no target ${name} in studio.yaml`, {
      hint: 'Add it to the targets of studio.yaml: name, kind, host and folder',
      path: 'studio.yaml',
    });
  };
  /** One a target; an entry that leads to another computer gets a new one. */
  const connectionFor = (entry: TargetEntry): Connection => {
    const { name, host } = entry;
    const known = connections.get(name);
    if (known && isSameComputer(known.entry, entry)) return known.connection;
    if (host === null) {
      throw new StudioError('INVALID_INPUT', `${name} is this computer: it needs no connection`, {
        hint: 'Launch runs on it directly',
      });
    }
    void known?.connection.disconnect();
    let wasLost = false;
    const connection = createConnection({
      destination: {
        host,
        ...(entry.user === null ? {} : { user: entry.user }),
        ...(entry.port === null ? {} : { port: entry.port }),
      },
      appFolder: context.options.appFolder,
      configFile: options.sshConfigFile,
      ask: (question) => questions.ask(name, question),
      onState: (state) => {
        // Made again by itself until a question came that only a person can answer.
        if (wasLost && state.kind === 'disconnected' && state.needsPerson) {
          context.notices.post({
            severity: 'warning',
            title: `${name} needs you: ${state.message ?? 'the connection was lost'}`,
            detail: `${state.hint ?? 'Connect again'}. Runs there go on, and what they write is fetched afterwards.`,
          });
        }
        wasLost = state.kind === 'lost';
        changed();
      },
    });
    connections.set(name, { entry, connection });
    return connection;
  };
  const shown = (entry: TargetEntry): Target => {
    const known = connections.get(entry.name);
    // The same name in another workspace, or before it was edited, was another computer.
    const isSame = known !== undefined && isSameComputer(known.entry, entry);
    return {
      name: entry.name,
      kind: entry.kind,
      host: entry.host,
      folder: entry.folder,
      connection: isSame ? known.connection.state : notConnected,
    };
  };
  const list = async (): Promise<Target[]> => (await entries()).map(shown);
  const state = async (): Promise<TargetEvent> => ({
    kind: 'snapshot',
    targets: context.workspace.current ? await list() : [],
    questions: [...questions.open],
  });
  const profilePath = (name: string): string =>
    join(root(), '.studio', 'sites', `${encodeURIComponent(name)}.json`);

  const probe = async (name: string, signal?: AbortSignal): Promise<SiteProfile> => {
    const entry = await require(name);
    const { stdout } = await connectionFor(entry).run({
      script: probeScript(entry.folder),
      timeoutMs: PROBE_TIMEOUT_MS,
      signal,
    });
    const found = siteProfileOf(new TextDecoder().decode(stdout), Date.now());
    const path = profilePath(name);
    await makeFolder(join(path, '..'));
    await writeFileAtomic(path, `${JSON.stringify(found, null, 2)}\n`);
    return found;
  };

  return {
    changes,
    list,
    state,
    async add(target) {
      await addTarget(root(), target);
      changed();
      return shown(await require(target.name));
    },
    async settings(name) {
      const version = await studioFileVersion(root());
      return { settings: settingsOf(await require(name)), version };
    },
    async saveSettings(name, settings, version) {
      await saveSettings(root(), { name, before: settingsOf(await require(name)), after: settings, version });
      changed();
    },
    async board(name) {
      const entry = await require(name);
      if (entry.kind !== 'slurm') {
        throw new StudioError('INVALID_INPUT', `${name} has no scheduler, so there is no board of it`, {
          hint: 'Choose a target of the kind slurm',
        });
      }
      const floorMs = entry.pollSeconds === null ? BOARD_FLOOR_MS : entry.pollSeconds * 1000;
      return boards.read(name, connectionFor(entry), floorMs);
    },
    async connect(name, signal) {
      const entry = await require(name);
      await connectionFor(entry).connect({ interactive: true, ...(signal ? { signal } : {}) });
      return shown(entry);
    },
    async disconnect(name) {
      await connections.get(name)?.connection.disconnect();
    },
    answer: (id, text) => questions.answer(id, text),
    browse: async (name, path, signal) => browseFolder(connectionFor(await require(name)), path, signal),
    probe,
    async profile(name) {
      const text = await readTextFile(profilePath(name), MAX_PROFILE_BYTES).then(
        (file) => file.text,
        () => null,
      );
      if (text === null) return null;
      const parsed = siteProfile.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : null;
    },
    entryOf: require,
    connectionOf: async (name) => connectionFor(await require(name)),
    async dispose() {
      stopFollowing();
      stopWatching();
      for (const { connection } of connections.values()) await connection.disconnect();
    },
  };
}

/** Settings of jobs may change while somebody is logged in: no site is to be asked for a code again for that. */
function isSameComputer(one: TargetEntry, other: TargetEntry): boolean {
  return one.host === other.host && one.user === other.user && one.port === other.port;
}
