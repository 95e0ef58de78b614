// How far two tensors of one shape are apart, summed up piece by piece in doubles.

export interface Apart {
  /** Euclidean norms. */
  readonly normA: number;
  readonly normB: number;
  /** Norm of B − A. */
  readonly difference: number;
  /** Of the angle between them; 1 for equal directions, null where one is all zeros. */
  readonly cosine: number | null;
  /** Largest absolute difference of one value. */
  readonly largest: number;
  /** Values that differ. */
  readonly changed: number;
  readonly values: number;
}

/** Sums over one piece. */
export interface ComparedSums {
  readonly squaresA: number;
  readonly squaresB: number;
  readonly product: number;
  readonly squaresApart: number;
  readonly largest: number;
  readonly changed: number;
  readonly values: number;
}

export class ComparedValues {
  #squaresA = 0;
  #squaresB = 0;
  #product = 0;
  #squaresApart = 0;
  #largest = 0;
  #changed = 0;
  #values = 0;

  /** Both of one length. NaN in either makes every measure NaN. */
  add(a: Float32Array, b: Float32Array): void {
    let squaresA = 0;
    let squaresB = 0;
    let product = 0;
    let squaresApart = 0;
    let largest = this.#largest;
    let changed = 0;
    for (let index = 0; index < a.length; index += 1) {
      const x = a[index] as number;
      const y = b[index] as number;
      const apart = y - x;
      squaresA += x * x;
      squaresB += y * y;
      product += x * y;
      squaresApart += apart * apart;
      if (apart !== 0) {
        changed += 1;
        const magnitude = Math.abs(apart);
        if (magnitude > largest) largest = magnitude;
      }
    }
    this.#squaresA += squaresA;
    this.#squaresB += squaresB;
    this.#product += product;
    this.#squaresApart += squaresApart;
    this.#largest = largest;
    this.#changed += changed;
    this.#values += a.length;
  }

  /** Takes in what was summed up elsewhere. */
  join(other: ComparedSums): void {
    this.#squaresA += other.squaresA;
    this.#squaresB += other.squaresB;
    this.#product += other.product;
    this.#squaresApart += other.squaresApart;
    this.#largest = Math.max(this.#largest, other.largest);
    this.#changed += other.changed;
    this.#values += other.values;
  }

  sums(): ComparedSums {
    return {
      squaresA: this.#squaresA,
      squaresB: this.#squaresB,
      product: this.#product,
      squaresApart: this.#squaresApart,
      largest: this.#largest,
      changed: this.#changed,
      values: this.#values,
    };
  }

  result(): Apart {
    const normA = Math.sqrt(this.#squaresA);
    const normB = Math.sqrt(this.#squaresB);
    return {
      normA,
      normB,
      difference: Math.sqrt(this.#squaresApart),
      cosine: normA === 0 || normB === 0 ? null : Math.min(1, Math.max(-1, this.#product / (normA * normB))),
      largest: this.#largest,
      changed: this.#changed,
      values: this.#values,
    };
  }
}
