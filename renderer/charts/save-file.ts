// Hands a file to the person: the browser saves it where downloads go. Knows names and bytes, nothing about charts.

/** Saves `canvas` as it is on screen, on an opaque background. */
export function downloadPng(canvas: HTMLCanvasElement, background: string, name: string): void {
  const opaque = document.createElement('canvas');
  opaque.width = canvas.width;
  opaque.height = canvas.height;
  const context = opaque.getContext('2d');
  if (!context) return;
  context.fillStyle = background;
  context.fillRect(0, 0, opaque.width, opaque.height);
  context.drawImage(canvas, 0, 0);
  opaque.toBlob((blob) => {
    if (blob) download(blob, `${fileStem(name)}.png`);
  });
}

export function downloadText(text: string, type: 'text/csv' | 'image/svg+xml', name: string): void {
  const ending = type === 'text/csv' ? 'csv' : 'svg';
  download(new Blob([text], { type }), `${fileStem(name)}.${ending}`);
}

/** A name that every file system takes. */
export function fileStem(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|-+$/g, '') || 'chart';
}

function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
