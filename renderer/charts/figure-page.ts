// Where a figure's parts stand in its file, how far the file reaches, and the short names of its clips.

/** Places of the page relative to the file, and how far it reaches. */
export class FigurePage {
  readonly #left: number;
  readonly #top: number;
  right = 0;
  bottom = 0;
  #count = 0;
  readonly #names = new Map<string, string>();

  constructor(left: number, top: number) {
    this.#left = left;
    this.#top = top;
  }

  x(value: number): number {
    return value - this.#left;
  }
  y(value: number): number {
    return value - this.#top;
  }
  include(box: DOMRect): void {
    this.right = Math.max(this.right, this.x(box.right));
    this.bottom = Math.max(this.bottom, this.y(box.bottom));
  }
  /** A short name for an id of the page, the same for the same id. */
  nameOf(id: string): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    this.#count += 1;
    const name = `part-${this.#count}`;
    this.#names.set(id, name);
    return name;
  }
}
