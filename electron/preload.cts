// Placeholder until the preload is written.
export {};
