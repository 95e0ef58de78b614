// An SVG document as a PNG file, drawn by the browser.
import { downloadPng } from './save-file.ts';

/** Pixels of the file a pixel of the document: sharp on paper and on dense screens. */
const SCALE = 2;
/** Browsers give up on larger canvases. */
const MAX_SIDE = 16_384;

/** Rejects when the browser cannot draw the document. */
export async function downloadSvgAsPng(svg: string, background: string, name: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(SCALE, MAX_SIDE / Math.max(image.naturalWidth, image.naturalHeight, 1));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    downloadPng(canvas, background, name);
  } finally {
    URL.revokeObjectURL(url);
  }
}
