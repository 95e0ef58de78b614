// GPU types with their dense bf16 peak and memory. Marketing "with sparsity" peaks are not used.
// Knows nothing about clusters or prices.

export interface GpuType {
  readonly id: string;
  readonly name: string;
  /** Dense bf16 peak in FLOP per second. */
  readonly peakFlops: number;
  readonly memoryBytes: number;
}

const TERA = 1e12;
const GIBIBYTE = 1024 ** 3;

function gpu(id: string, name: string, teraflops: number, memoryGibibytes: number): GpuType {
  return { id, name, peakFlops: teraflops * TERA, memoryBytes: memoryGibibytes * GIBIBYTE };
}

/** Peaks from the vendors' data sheets; an MI250X counts as one card, its two dies (GCD) as one GPU each. */
export const GPU_TYPES: readonly GpuType[] = [
  gpu('a100-80', 'A100 80 GB', 312, 80),
  gpu('a100-64', 'A100 64 GB', 312, 64),
  gpu('a100-40', 'A100 40 GB', 312, 40),
  gpu('h100-sxm', 'H100 SXM 80 GB', 989, 80),
  gpu('h100-pcie', 'H100 PCIe 80 GB', 756, 80),
  gpu('h200', 'H200 141 GB', 989, 141),
  gpu('mi250x', 'MI250X card 128 GB', 383, 128),
  gpu('mi250x-gcd', 'MI250X die 64 GB', 191.5, 64),
  gpu('l40s', 'L40S 48 GB', 362, 48),
  gpu('a6000', 'RTX A6000 48 GB', 155, 48),
  gpu('rtx-4090', 'RTX 4090 24 GB', 165, 24),
  gpu('rtx-3090', 'RTX 3090 24 GB', 71, 24),
];

/** The type the paper trained on, and the default where nothing else is chosen. */
export const DEFAULT_GPU_ID = 'a100-80';

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/(\d)\s*gi?b\b/g, '$1')
    .replace(/[\s_]+/g, '-');
}

/** The GPU type of an id or of a name as people write it (`A100-64GB`, `H100 SXM`); null when the table has none. */
export function findGpuType(idOrName: string): GpuType | null {
  const wanted = normalise(idOrName);
  return GPU_TYPES.find((type) => type.id === wanted || normalise(type.name) === wanted) ?? null;
}
