// Which of the shell's overlays is open: at most one.
import { createStore } from 'zustand/vanilla';

export type Overlay = 'palette' | 'keys' | 'notifications' | 'activities';

export const overlayStore = createStore<{ readonly open: Overlay | null }>(() => ({ open: null }));

export function openOverlay(overlay: Overlay): void {
  overlayStore.setState({ open: overlay });
}

export function closeOverlay(): void {
  overlayStore.setState({ open: null });
}

export function toggleOverlay(overlay: Overlay): void {
  overlayStore.setState(({ open }) => ({ open: open === overlay ? null : overlay }));
}
