// What of a checkpoint has arrived, on disk: the files in weights.part, the plan and the journal beside them. All of it survives a kill
// at any moment; the weights take their name when every one is whole.
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PART_FOLDER, WEIGHTS_FOLDER } from '../../lib/checkpoints/life-files.ts';
import {
  type Arrived,
  arrivedBytes,
  carriedOver,
  CHUNK_BYTES,
  chunkCount,
  chunkLine,
  hashLine,
  journalText,
  type PullPlan,
  pullPlan,
  readJournal,
} from '../../lib/checkpoints/pull-plan.ts';
import { writeAll } from '../files/write-all.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

const PLAN_FILE = 'plan.part';
const JOURNAL_FILE = 'journal.part';
/** Read at once for a hash: short enough that core answers in between. */
const HASH_READ_BYTES = 1024 * 1024;

interface RunningHash {
  readonly hash: Hash;
  /** The first chunk that is not in it yet. */
  next: number;
  reading: Promise<void> | null;
}

export class PartFolder implements AsyncDisposable {
  readonly folder: string;
  readonly plan: PullPlan;
  readonly #own: string;
  readonly #arrived: { chunks: Set<number>; sha256: string | null }[];
  readonly #journal: FileHandle;
  readonly #handles = new Map<number, Promise<FileHandle>>();
  /** Hashes follow the bytes: when the last ones come there is little left to read. */
  readonly #hashes = new Map<number, RunningHash>();
  #noted: Promise<unknown> = Promise.resolve();

  private constructor(own: string, plan: PullPlan, arrived: readonly Arrived[], journal: FileHandle) {
    this.folder = join(own, PART_FOLDER);
    this.plan = plan;
    this.#own = own;
    this.#arrived = arrived.map(({ chunks, sha256 }) => ({ chunks: new Set(chunks), sha256 }));
    this.#journal = journal;
  }

  /** `own` is the checkpoint's folder here. What an earlier pull left of the same files is gone on with. */
  static async open(own: string, plan: PullPlan): Promise<PartFolder> {
    const part = join(own, PART_FOLDER);
    const before = await readBefore(own);
    const arrived = await Promise.all(
      carriedOver(before, plan).map(async (known, index) => {
        const file = plan.files[index];
        const info = await stat(join(part, file?.path ?? '')).catch(() => null);
        return info?.isFile() === true && info.size === file?.sizeBytes ? known : nothing();
      }),
    );
    const wanted = new Set(plan.files.map(({ path }) => path));
    for (const old of before?.plan.files ?? [])
      if (!wanted.has(old.path)) await rm(join(part, old.path), { force: true });
    await mkdir(part, { recursive: true });
    // The journal goes first and comes last: between the two it vouches for nothing.
    await rm(join(own, JOURNAL_FILE), { force: true });
    await writeFileAtomic(join(own, PLAN_FILE), JSON.stringify(plan));
    await writeFileAtomic(join(own, JOURNAL_FILE), journalText(arrived));
    return new PartFolder(own, plan, arrived, await open(join(own, JOURNAL_FILE), 'a'));
  }

  get arrived(): readonly Arrived[] {
    return this.#arrived;
  }

  get arrivedBytes(): number {
    return this.plan.files.reduce(
      (sum, file, index) => sum + arrivedBytes(file, this.#arrived[index] ?? nothing()),
      0,
    );
  }

  pathOf(index: number): string {
    return join(this.folder, this.plan.files[index]?.path ?? '');
  }

  isHere(index: number): boolean {
    const own = this.#arrived[index];
    return (
      own !== undefined &&
      (own.sha256 !== null || own.chunks.size === chunkCount(this.plan.files[index]?.sizeBytes ?? 0))
    );
  }

  /** Writes a whole chunk and notes it. Errno errors. */
  async write(index: number, chunk: number, bytes: Uint8Array): Promise<void> {
    await writeAll(await this.#handle(index), bytes, chunk * CHUNK_BYTES);
    this.#arrived[index]?.chunks.add(chunk);
    const running = this.#runningHash(index);
    if (running.next === chunk && running.reading === null) {
      running.hash.update(bytes);
      running.next += 1;
    }
    void this.#follow(index).catch(() => undefined);
    await this.#note(chunkLine(index, chunk));
  }

  /** SHA-256 of what is here, once all of it is. */
  async hash(index: number, signal: AbortSignal): Promise<string> {
    await this.#follow(index).catch(() => undefined);
    const count = chunkCount(this.plan.files[index]?.sizeBytes ?? 0);
    const running = this.#hashes.get(index);
    this.#hashes.delete(index);
    await (await this.#handle(index)).close();
    this.#handles.delete(index);
    return running?.next === count ? running.hash.digest('hex') : hashOfFile(this.pathOf(index), signal);
  }

  #runningHash(index: number): RunningHash {
    const known = this.#hashes.get(index);
    if (known) return known;
    const fresh: RunningHash = { hash: createHash('sha256'), next: 0, reading: null };
    this.#hashes.set(index, fresh);
    return fresh;
  }

  /** Reads on behind the bytes that came out of order. */
  async #follow(index: number): Promise<void> {
    const running = this.#runningHash(index);
    const has = () => this.#arrived[index]?.chunks.has(running.next) === true;
    while (running.reading !== null) await running.reading;
    if (!has()) return;
    const size = this.plan.files[index]?.sizeBytes ?? 0;
    running.reading = (async () => {
      const buffer = Buffer.allocUnsafe(HASH_READ_BYTES);
      while (has()) {
        const end = Math.min(size, (running.next + 1) * CHUNK_BYTES);
        for (let at = running.next * CHUNK_BYTES; at < end; ) {
          const { bytesRead } = await (await this.#handle(index)).read(
            buffer,
            0,
            Math.min(buffer.length, end - at),
            at,
          );
          if (bytesRead === 0) throw new Error('The file is shorter than it was written');
          running.hash.update(buffer.subarray(0, bytesRead));
          at += bytesRead;
        }
        running.next += 1;
      }
    })().finally(() => {
      running.reading = null;
    });
    await running.reading;
  }

  async vouch(index: number, sha256: string): Promise<void> {
    const own = this.#arrived[index];
    if (own) own.sha256 = sha256;
    await this.#note(hashLine(index, sha256));
  }

  /** Takes the same file from where it lies already, without a byte more on the disk where that can be. */
  async takeFrom(index: number, path: string, sha256: string): Promise<boolean> {
    const target = this.pathOf(index);
    const info = await stat(path).catch(() => null);
    if (info?.size !== this.plan.files[index]?.sizeBytes) return false;
    await this.#close(index);
    await mkdir(dirname(target), { recursive: true });
    const aside = `${target}.part`;
    try {
      await rm(aside, { force: true });
      await link(path, aside);
      await rename(aside, target);
      // Renaming one name of a file over another of the same does nothing.
      await rm(aside, { force: true });
    } catch {
      return false;
    }
    await this.vouch(index, sha256);
    return true;
  }

  /** What arrived of the file is of no use. */
  async drop(index: number): Promise<void> {
    await this.#close(index);
    const own = this.#arrived[index];
    own?.chunks.clear();
    if (own) own.sha256 = null;
    await rm(this.pathOf(index), { force: true });
  }

  /** Gives the weights their name; what had it before must be gone. */
  async finish(): Promise<void> {
    await this[Symbol.asyncDispose]();
    await rename(this.folder, join(this.#own, WEIGHTS_FOLDER));
    await rm(join(this.#own, JOURNAL_FILE), { force: true });
    await rm(join(this.#own, PLAN_FILE), { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { reading } of this.#hashes.values()) await reading?.catch(() => undefined);
    this.#hashes.clear();
    const handles = [...this.#handles.values()];
    this.#handles.clear();
    for (const handle of handles) await handle.then((one) => one.close()).catch(() => undefined);
    await this.#noted.catch(() => undefined);
    await this.#journal.close().catch(() => undefined);
  }

  #handle(index: number): Promise<FileHandle> {
    const known = this.#handles.get(index);
    if (known) return known;
    const path = this.pathOf(index);
    const opening = (async () => {
      await mkdir(dirname(path), { recursive: true });
      const handle = await open(path, 'a').then(async (made) => {
        await made.close();
        return open(path, 'r+');
      });
      await handle.truncate(this.plan.files[index]?.sizeBytes ?? 0);
      return handle;
    })();
    this.#handles.set(index, opening);
    return opening;
  }

  async #close(index: number): Promise<void> {
    const running = this.#hashes.get(index);
    this.#hashes.delete(index);
    await running?.reading?.catch(() => undefined);
    const handle = await this.#handles.get(index);
    this.#handles.delete(index);
    await handle?.close();
  }

  #note(line: string): Promise<unknown> {
    const noting = this.#noted.then(() => this.#journal.appendFile(line));
    this.#noted = noting.catch(() => undefined);
    return noting;
  }
}

function nothing(): Arrived {
  return { chunks: new Set(), sha256: null };
}

async function readBefore(own: string) {
  try {
    const plan = pullPlan.parse(JSON.parse(await readFile(join(own, PLAN_FILE), 'utf8')));
    return { plan, arrived: readJournal(plan, await readFile(join(own, JOURNAL_FILE), 'utf8')) };
  } catch {
    return null;
  }
}

/** Hexadecimal. Errno errors. */
export async function hashOfFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(HASH_READ_BYTES);
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
