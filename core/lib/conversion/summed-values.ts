// What there is to say about the values of one tensor, summed up piece by piece in doubles.

export interface ValueSummary {
  /** Euclidean norm of the finite values. */
  readonly norm: number;
  readonly mean: number;
  /** Standard deviation over all finite values. */
  readonly deviation: number;
  /** Null where no value is finite. */
  readonly least: number | null;
  readonly largest: number | null;
  readonly zeros: number;
  readonly nan: number;
  readonly infinite: number;
}

export class SummedValues {
  #count = 0;
  #sum = 0;
  #squares = 0;
  #least = Number.POSITIVE_INFINITY;
  #largest = Number.NEGATIVE_INFINITY;
  #zeros = 0;
  #nan = 0;
  #infinite = 0;

  add(values: Float32Array): void {
    let sum = 0;
    let squares = 0;
    let least = this.#least;
    let largest = this.#largest;
    let zeros = 0;
    let broken = 0;
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] as number;
      // Neither NaN nor infinite.
      if (value - value === 0) {
        sum += value;
        squares += value * value;
        if (value < least) least = value;
        if (value > largest) largest = value;
        if (value === 0) zeros += 1;
      } else {
        broken += 1;
        if (Number.isNaN(value)) this.#nan += 1;
        else this.#infinite += 1;
      }
    }
    this.#count += values.length - broken;
    this.#sum += sum;
    this.#squares += squares;
    this.#least = least;
    this.#largest = largest;
    this.#zeros += zeros;
  }

  result(): ValueSummary {
    const count = this.#count;
    const mean = count === 0 ? 0 : this.#sum / count;
    return {
      norm: Math.sqrt(this.#squares),
      mean,
      deviation: count === 0 ? 0 : Math.sqrt(Math.max(0, this.#squares / count - mean * mean)),
      least: count === 0 ? null : this.#least,
      largest: count === 0 ? null : this.#largest,
      zeros: this.#zeros,
      nan: this.#nan,
      infinite: this.#infinite,
    };
  }
}
