// The colour that logs are written on, as numbers, in whatever theme is drawn.
import { useSyncExternalStore } from 'react';
import type { Rgb } from '../../../../core/lib/log-view/readable-color.ts';

const white: Rgb = { red: 255, green: 255, blue: 255 };
let known: { readonly text: string; readonly color: Rgb } = { text: '', color: white };

function read(): Rgb {
  const text = getComputedStyle(document.documentElement).getPropertyValue('--panel').trim();
  if (text === known.text) return known.color;
  const parts = /^#(..)(..)(..)$/.exec(text)?.slice(1) ?? [];
  const [red, green, blue] = parts.map((part) => Number.parseInt(part, 16));
  const isColor = red !== undefined && green !== undefined && blue !== undefined;
  known = { text, color: isColor ? { red, green, blue } : white };
  return known.color;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('nesso-theme', listener);
  return () => window.removeEventListener('nesso-theme', listener);
}

export function useGround(): Rgb {
  return useSyncExternalStore(subscribe, read);
}
