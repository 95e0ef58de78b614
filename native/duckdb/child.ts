// Placeholder until this entry is written.
export {};
