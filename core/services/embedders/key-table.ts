// Which record holds which text: 16-byte keys in one flat table with open addressing. A million keys take 28 MB.

export const KEY_BYTES = 16;
/** Key, checksum, 4 bytes that are zero. */
export const RECORD_BYTES = 24;

const EMPTY = 0;

export class KeyTable {
  private records_ = 0;
  /** Key and checksum of each record, as in the file. */
  private bytes = new Uint8Array(1024 * RECORD_BYTES);
  private view = new DataView(this.bytes.buffer);
  /** Record number + 1; a power of two, at most half full. */
  private slots = new Uint32Array(4096);
  private readonly forgotten = new Set<number>();

  get records(): number {
    return this.records_;
  }

  /** Whole records as they stand in the file, in its order. A key that comes again keeps its newest record. */
  add(records: Uint8Array): void {
    const count = records.length / RECORD_BYTES;
    this.grow(this.records_ + count);
    this.bytes.set(records, this.records_ * RECORD_BYTES);
    for (let index = 0; index < count; index += 1) this.link(this.records_ + index);
    this.records_ += count;
  }

  find(key: Uint8Array): number | null {
    const slot = this.slots[this.slotOf(key)] ?? EMPTY;
    return slot === EMPTY || this.forgotten.has(slot - 1) ? null : slot - 1;
  }

  checksum(record: number): number {
    return this.view.getUint32(record * RECORD_BYTES + KEY_BYTES, true);
  }

  /** A record whose vector is damaged: as if it had never been written. */
  forget(record: number): void {
    this.forgotten.add(record);
  }

  private link(record: number): void {
    const start = record * RECORD_BYTES;
    this.slots[this.slotOf(this.bytes.subarray(start, start + KEY_BYTES))] = record + 1;
  }

  /** Where the key is, or would be. Keys are parts of SHA-256: their own first bits are as good as a hash. */
  private slotOf(key: Uint8Array): number {
    const mask = this.slots.length - 1;
    const hash = (key[0] ?? 0) | ((key[1] ?? 0) << 8) | ((key[2] ?? 0) << 16) | ((key[3] ?? 0) << 24);
    for (let slot = (hash >>> 0) & mask; ; slot = (slot + 1) & mask) {
      const record = this.slots[slot] ?? EMPTY;
      if (record === EMPTY || this.holds(record - 1, key)) return slot;
    }
  }

  private holds(record: number, key: Uint8Array): boolean {
    const start = record * RECORD_BYTES;
    for (let index = 0; index < KEY_BYTES; index += 1) {
      if (this.bytes[start + index] !== key[index]) return false;
    }
    return true;
  }

  private grow(records: number): void {
    if (records * RECORD_BYTES > this.bytes.length) {
      const larger = new Uint8Array(Math.max(records, this.records_ * 2) * RECORD_BYTES);
      larger.set(this.bytes.subarray(0, this.records_ * RECORD_BYTES));
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    if (records * 2 <= this.slots.length) return;
    let size = this.slots.length;
    while (size < records * 4) size *= 2;
    this.slots = new Uint32Array(size);
    for (let record = 0; record < this.records_; record += 1) this.link(record);
  }
}
