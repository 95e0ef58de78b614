// Bands that reach from a top to a bottom in every pixel column, drawn at once for many curves: first which curves cover a pixel,
// one bit a curve, then the colour of each combination. Costs the same however ragged they are. Knows pixels, no values.

/** Heights of one curve in the columns of a plot, canvas pixels from its top; a column without points has `bottom` ≤ `top`. */
export interface Band {
  readonly tops: Float64Array;
  readonly bottoms: Float64Array;
  /** Any CSS colour. */
  readonly color: string;
  readonly opacity: number;
}

export interface BandLayer {
  /** What is drawn first lies below. */
  paint(context: CanvasRenderingContext2D, bands: readonly Band[], place: BandPlace): void;
}

export interface BandPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Combinations of so many curves have a table of 64 Ki colours. */
const BANDS_AT_ONCE = 16;

type Rgb = readonly [number, number, number];

/** Keeps its buffers; one a chart. */
export function createBandLayer(): BandLayer {
  let canvas: OffscreenCanvas | null = null;
  let picture: ImageData | null = null;
  let covers = new Uint16Array(0);

  const paintSome = (
    context: CanvasRenderingContext2D,
    bands: readonly Band[],
    { left, top, width, height }: BandPlace,
  ): void => {
    if (canvas?.width !== width || canvas.height !== height) {
      canvas = new OffscreenCanvas(width, height);
      picture = new ImageData(width, height);
      covers = new Uint16Array(width * height);
    }
    const within = canvas.getContext('2d');
    if (!within || !picture) return;
    covers.fill(0);
    for (const [index, band] of bands.entries()) cover(covers, band, { width, height, bit: 1 << index });
    colour(new Uint32Array(picture.data.buffer), covers, mixtureOf(bands));
    within.putImageData(picture, 0, 0);
    context.globalAlpha = 1;
    context.drawImage(canvas, left, top);
  };

  return {
    paint(context, bands, { left, top, width, height }) {
      const place = {
        left: Math.round(left),
        top: Math.round(top),
        width: Math.round(width),
        height: Math.round(height),
      };
      if (place.width < 1 || place.height < 1) return;
      for (let from = 0; from < bands.length; from += BANDS_AT_ONCE)
        paintSome(context, bands.slice(from, from + BANDS_AT_ONCE), place);
    },
  };
}

function cover(
  covers: Uint16Array,
  { tops, bottoms }: Band,
  { width, height, bit }: { readonly width: number; readonly height: number; readonly bit: number },
): void {
  const columns = Math.min(width, tops.length);
  for (let column = 0; column < columns; column += 1) {
    const top = tops[column] as number;
    const bottom = bottoms[column] as number;
    if (!(bottom > top)) continue;
    const first = Math.min(height, Math.max(0, Math.round(top)));
    // However thin, it is seen.
    const last = Math.min(height, Math.max(first + 1, Math.round(bottom)));
    const end = last * width + column;
    for (let at = first * width + column; at < end; at += width) covers[at] = (covers[at] as number) | bit;
  }
}

function colour(pixels: Uint32Array, covers: Uint16Array, mixture: (cover: number) => number): void {
  for (let at = 0; at < covers.length; at += 1) {
    const cover = covers[at] as number;
    pixels[at] = cover === 0 ? 0 : mixture(cover);
  }
}

/** Colour of a combination as the bytes of a pixel, each worked out once. */
function mixtureOf(bands: readonly Band[]): (cover: number) => number {
  const colors = bands.map(({ color }) => rgbOf(color));
  const known = new Uint32Array(1 << bands.length);
  const bytes = new Uint8ClampedArray(4);
  const pixel = new Uint32Array(bytes.buffer);
  return (cover) => {
    if (known[cover] !== 0) return known[cover] as number;
    let opacity = 0;
    let mixed: Rgb = [0, 0, 0];
    for (const [index, band] of bands.entries()) {
      if ((cover & (1 << index)) === 0) continue;
      const [red, green, blue] = colors[index] as Rgb;
      const kept = opacity * (1 - band.opacity);
      const next = band.opacity + kept;
      mixed = [
        (red * band.opacity + mixed[0] * kept) / next,
        (green * band.opacity + mixed[1] * kept) / next,
        (blue * band.opacity + mixed[2] * kept) / next,
      ];
      opacity = next;
    }
    bytes.set([...mixed, opacity * 255]);
    known[cover] = pixel[0] as number;
    return known[cover] as number;
  };
}

const readColors = new Map<string, Rgb>();
/** Themes have a few dozen; a colour made up at every drawing must not grow this for ever. */
const MAX_COLORS = 500;

/** As the browser understands it. */
function rgbOf(color: string): Rgb {
  const known = readColors.get(color);
  if (known) return known;
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (!context) return [0, 0, 0];
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  if (readColors.size >= MAX_COLORS) readColors.clear();
  readColors.set(color, [red, green, blue]);
  return [red, green, blue];
}
