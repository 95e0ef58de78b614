// Loops over weights that are worth vectors of 128 bits: number types into each other, blocks of Q8_0, sums over one tensor and
// over two. Compiled to WebAssembly by build.mjs; what they compute is what the TypeScript beside them computes, bit for bit for
// number types and blocks, and within the rounding of doubles for sums.
#include <stddef.h>
#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name))) void name

// Four halves out of four float32: nearest, ties to even; NaN keeps its sign and becomes quiet.
static inline v128_t halves_of(v128_t bits) {
  const v128_t shifted = wasm_i32x4_shl(bits, 1);
  const v128_t sign = wasm_u32x4_shr(wasm_v128_and(bits, wasm_i32x4_const_splat(0x80000000)), 16);
  v128_t base = wasm_f32x4_mul(wasm_f32x4_mul(wasm_f32x4_abs(bits), wasm_f32x4_const_splat(0x1.0p+112f)),
                               wasm_f32x4_const_splat(0x1.0p-110f));
  v128_t bias = wasm_v128_and(shifted, wasm_i32x4_const_splat(0xff000000));
  bias = wasm_u32x4_max(bias, wasm_i32x4_const_splat(0x71000000));
  base = wasm_f32x4_add(wasm_i32x4_add(wasm_u32x4_shr(bias, 1), wasm_i32x4_const_splat(0x07800000)), base);
  const v128_t exponent = wasm_v128_and(wasm_u32x4_shr(base, 13), wasm_i32x4_const_splat(0x7c00));
  const v128_t number = wasm_i32x4_add(exponent, wasm_v128_and(base, wasm_i32x4_const_splat(0xfff)));
  const v128_t is_nan = wasm_u32x4_gt(shifted, wasm_i32x4_const_splat(0xff000000));
  return wasm_v128_or(sign, wasm_v128_bitselect(wasm_i32x4_const_splat(0x7e00), number, is_nan));
}

static inline v128_t low_brains(v128_t eight) { return wasm_i32x4_shl(wasm_u32x4_extend_low_u16x8(eight), 16); }
static inline v128_t high_brains(v128_t eight) { return wasm_i32x4_shl(wasm_u32x4_extend_high_u16x8(eight), 16); }

EXPORT(brains_to_halves)(const uint8_t *from, uint8_t *to, size_t count) {
  size_t at = 0;
  for (; at + 8 <= count; at += 8) {
    const v128_t eight = wasm_v128_load(from + at * 2);
    wasm_v128_store(to + at * 2, wasm_u16x8_narrow_i32x4(halves_of(low_brains(eight)), halves_of(high_brains(eight))));
  }
  for (; at < count; at += 1) {
    const uint32_t bits = (uint32_t)((const uint16_t *)from)[at] << 16;
    ((uint16_t *)to)[at] = (uint16_t)wasm_i32x4_extract_lane(halves_of(wasm_i32x4_splat((int)bits)), 0);
  }
}

EXPORT(floats_to_halves)(const uint8_t *from, uint8_t *to, size_t count) {
  size_t at = 0;
  for (; at + 8 <= count; at += 8) {
    wasm_v128_store(to + at * 2, wasm_u16x8_narrow_i32x4(halves_of(wasm_v128_load(from + at * 4)),
                                                         halves_of(wasm_v128_load(from + at * 4 + 16))));
  }
  for (; at < count; at += 1) {
    const int bits = ((const int *)from)[at];
    ((uint16_t *)to)[at] = (uint16_t)wasm_i32x4_extract_lane(halves_of(wasm_i32x4_splat(bits)), 0);
  }
}

EXPORT(brains_to_floats)(const uint8_t *from, uint8_t *to, size_t count) {
  size_t at = 0;
  for (; at + 8 <= count; at += 8) {
    const v128_t eight = wasm_v128_load(from + at * 2);
    wasm_v128_store(to + at * 4, low_brains(eight));
    wasm_v128_store(to + at * 4 + 16, high_brains(eight));
  }
  for (; at < count; at += 1) ((uint32_t *)to)[at] = (uint32_t)((const uint16_t *)from)[at] << 16;
}

// Four float32 out of four halves in the low parts of four lanes.
static inline v128_t floats_of(v128_t half) {
  const v128_t shifted = wasm_i32x4_shl(half, 17);
  const v128_t sign = wasm_v128_and(wasm_i32x4_shl(half, 16), wasm_i32x4_const_splat(0x80000000));
  const v128_t normal = wasm_f32x4_mul(
      wasm_i32x4_add(wasm_u32x4_shr(shifted, 4), wasm_i32x4_const_splat(0x70000000)), wasm_f32x4_const_splat(0x1.0p-112f));
  const v128_t small = wasm_f32x4_sub(wasm_v128_or(wasm_u32x4_shr(shifted, 17), wasm_i32x4_const_splat(126 << 23)),
                                      wasm_f32x4_const_splat(0.5f));
  const v128_t is_small = wasm_u32x4_lt(shifted, wasm_i32x4_const_splat(1 << 27));
  return wasm_v128_or(sign, wasm_v128_bitselect(small, normal, is_small));
}

EXPORT(halves_to_floats)(const uint8_t *from, uint8_t *to, size_t count) {
  size_t at = 0;
  for (; at + 8 <= count; at += 8) {
    const v128_t eight = wasm_v128_load(from + at * 2);
    wasm_v128_store(to + at * 4, floats_of(wasm_u32x4_extend_low_u16x8(eight)));
    wasm_v128_store(to + at * 4 + 16, floats_of(wasm_u32x4_extend_high_u16x8(eight)));
  }
  for (; at < count; at += 1) {
    const int half = ((const uint16_t *)from)[at];
    ((int *)to)[at] = wasm_i32x4_extract_lane(floats_of(wasm_i32x4_splat(half)), 0);
  }
}

// How many of the values have all bits of their exponent set.
__attribute__((export_name("count_broken16"))) uint32_t count_broken16(const uint8_t *from, size_t count, uint32_t exponent) {
  const v128_t all = wasm_i16x8_splat((int16_t)exponent);
  uint32_t broken = 0;
  size_t at = 0;
  for (; at + 8 <= count; at += 8) {
    const v128_t eight = wasm_v128_and(wasm_v128_load(from + at * 2), all);
    const v128_t equal = wasm_i16x8_eq(eight, all);
    if (wasm_v128_any_true(equal)) broken += (uint32_t)__builtin_popcount(wasm_i16x8_bitmask(equal));
  }
  for (; at < count; at += 1) broken += (((const uint16_t *)from)[at] & exponent) == exponent;
  return broken;
}

__attribute__((export_name("count_broken32"))) uint32_t count_broken32(const uint8_t *from, size_t count) {
  const v128_t all = wasm_i32x4_const_splat(0x7f800000);
  uint32_t broken = 0;
  size_t at = 0;
  for (; at + 4 <= count; at += 4) {
    const v128_t equal = wasm_i32x4_eq(wasm_v128_and(wasm_v128_load(from + at * 4), all), all);
    if (wasm_v128_any_true(equal)) broken += (uint32_t)__builtin_popcount(wasm_i32x4_bitmask(equal));
  }
  for (; at < count; at += 1) broken += (((const uint32_t *)from)[at] & 0x7f800000u) == 0x7f800000u;
  return broken;
}

// Halves away from zero, as roundf does.
static inline v128_t rounded(v128_t value) {
  const v128_t even = wasm_f32x4_nearest(value);
  const v128_t rest = wasm_f32x4_sub(value, even);
  const v128_t zero = wasm_f32x4_const_splat(0);
  const v128_t one = wasm_f32x4_const_splat(1);
  const v128_t up = wasm_v128_and(wasm_f32x4_eq(rest, wasm_f32x4_const_splat(0.5f)), wasm_f32x4_gt(value, zero));
  const v128_t down = wasm_v128_and(wasm_f32x4_eq(rest, wasm_f32x4_const_splat(-0.5f)), wasm_f32x4_lt(value, zero));
  return wasm_f32x4_sub(wasm_f32x4_add(even, wasm_v128_and(up, one)), wasm_v128_and(down, one));
}

// Blocks of Q8_0 out of float32: a half scale, then 32 signed bytes.
EXPORT(floats_to_q8)(const uint8_t *from, uint8_t *to, size_t blocks) {
  for (size_t block = 0; block < blocks; block += 1, from += 128, to += 34) {
    v128_t values[8];
    v128_t largest = wasm_f32x4_const_splat(0);
    for (int part = 0; part < 8; part += 1) {
      values[part] = wasm_v128_load(from + part * 16);
      // Like a comparison that NaN never wins.
      largest = wasm_f32x4_pmax(largest, wasm_f32x4_abs(values[part]));
    }
    float most = wasm_f32x4_extract_lane(largest, 0);
    const float lanes[3] = {wasm_f32x4_extract_lane(largest, 1), wasm_f32x4_extract_lane(largest, 2),
                            wasm_f32x4_extract_lane(largest, 3)};
    for (int lane = 0; lane < 3; lane += 1) most = lanes[lane] > most ? lanes[lane] : most;
    const float scale = most / 127;
    const v128_t inverse = wasm_f32x4_splat(scale == 0 ? 0 : 1 / scale);
    const int half = wasm_i32x4_extract_lane(halves_of(wasm_f32x4_splat(scale)), 0);
    to[0] = (uint8_t)half;
    to[1] = (uint8_t)(half >> 8);
    for (int part = 0; part < 8; part += 4) {
      v128_t whole[4];
      for (int own = 0; own < 4; own += 1) {
        whole[own] = wasm_i32x4_trunc_sat_f32x4(rounded(wasm_f32x4_mul(values[part + own], inverse)));
      }
      const v128_t bytes = wasm_i8x16_narrow_i16x8(wasm_i16x8_narrow_i32x4(whole[0], whole[1]),
                                                   wasm_i16x8_narrow_i32x4(whole[2], whole[3]));
      wasm_v128_store(to + 2 + part * 4, bytes);
    }
  }
}

typedef struct {
  v128_t aa, bb, ab, dd;
  v128_t largest;
  uint32_t changed;
} Sums;

// Two doubles more, of four floats.
static inline v128_t widened(v128_t sum, v128_t four) {
  return wasm_f64x2_add(sum, wasm_f64x2_add(wasm_f64x2_promote_low_f32x4(four),
                                            wasm_f64x2_promote_low_f32x4(wasm_i64x2_shuffle(four, four, 1, 0))));
}

static inline v128_t four_products(const v128_t x[4], const v128_t y[4]) {
  return wasm_f32x4_add(wasm_f32x4_add(wasm_f32x4_mul(x[0], y[0]), wasm_f32x4_mul(x[1], y[1])),
                        wasm_f32x4_add(wasm_f32x4_mul(x[2], y[2]), wasm_f32x4_mul(x[3], y[3])));
}

// Sixteen values of each: products and their sums by four in float32, everything beyond in doubles.
static inline void sixteen(Sums *sums, const v128_t x[4], const v128_t y[4]) {
  v128_t d[4];
  v128_t far = sums->largest;
  v128_t any = wasm_f32x4_const_splat(0);
  for (int part = 0; part < 4; part += 1) {
    d[part] = wasm_f32x4_sub(y[part], x[part]);
    any = wasm_v128_or(any, wasm_f32x4_ne(x[part], y[part]));
  }
  sums->aa = widened(sums->aa, four_products(x, x));
  if (!wasm_v128_any_true(any)) {
    sums->bb = widened(sums->bb, four_products(y, y));
    sums->ab = widened(sums->ab, four_products(x, y));
    return;
  }
  for (int part = 0; part < 4; part += 1) {
    far = wasm_f32x4_pmax(far, wasm_f32x4_abs(d[part]));
    sums->changed += (uint32_t)__builtin_popcount(wasm_i32x4_bitmask(wasm_f32x4_ne(x[part], y[part])));
  }
  sums->largest = far;
  sums->bb = widened(sums->bb, four_products(y, y));
  sums->ab = widened(sums->ab, four_products(x, y));
  sums->dd = widened(sums->dd, four_products(d, d));
}

static inline double lanes_of(v128_t two) { return wasm_f64x2_extract_lane(two, 0) + wasm_f64x2_extract_lane(two, 1); }

// Into `to`: squares of a, squares of b, products, squares of b - a, largest difference, how many differ.
static inline void told(const Sums *sums, double *to) {
  const float lanes[4] = {wasm_f32x4_extract_lane(sums->largest, 0), wasm_f32x4_extract_lane(sums->largest, 1),
                          wasm_f32x4_extract_lane(sums->largest, 2), wasm_f32x4_extract_lane(sums->largest, 3)};
  double far = 0;
  for (int lane = 0; lane < 4; lane += 1) far = lanes[lane] > far ? lanes[lane] : far;
  to[0] = lanes_of(sums->aa);
  to[1] = lanes_of(sums->bb);
  to[2] = lanes_of(sums->ab);
  to[3] = lanes_of(sums->dd);
  to[4] = far;
  to[5] = sums->changed;
}

static inline void one(double *to, double x, double y) {
  const double d = y - x;
  to[0] += x * x;
  to[1] += y * y;
  to[2] += x * y;
  to[3] += d * d;
  if (d > to[4] || -d > to[4]) to[4] = d < 0 ? -d : d;
  if (x != y) to[5] += 1;
}

static inline float brain(uint16_t bits) {
  const uint32_t whole = (uint32_t)bits << 16;
  float value;
  __builtin_memcpy(&value, &whole, 4);
  return value;
}

EXPORT(compare)(const uint8_t *a, const uint8_t *b, size_t count, double *to) {
  const v128_t zero = wasm_f64x2_const_splat(0);
  Sums sums = {zero, zero, zero, zero, zero, 0};
  size_t at = 0;
  for (; at + 16 <= count; at += 16) {
    v128_t x[4], y[4];
    for (int part = 0; part < 4; part += 1) {
      x[part] = wasm_v128_load(a + at * 4 + part * 16);
      y[part] = wasm_v128_load(b + at * 4 + part * 16);
    }
    sixteen(&sums, x, y);
  }
  told(&sums, to);
  for (; at < count; at += 1) one(to, ((const float *)a)[at], ((const float *)b)[at]);
}

EXPORT(compare_brains)(const uint8_t *a, const uint8_t *b, size_t count, double *to) {
  const v128_t zero = wasm_f64x2_const_splat(0);
  Sums sums = {zero, zero, zero, zero, zero, 0};
  size_t at = 0;
  for (; at + 16 <= count; at += 16) {
    const v128_t a0 = wasm_v128_load(a + at * 2), a1 = wasm_v128_load(a + at * 2 + 16);
    const v128_t b0 = wasm_v128_load(b + at * 2), b1 = wasm_v128_load(b + at * 2 + 16);
    const v128_t x[4] = {low_brains(a0), high_brains(a0), low_brains(a1), high_brains(a1)};
    const v128_t y[4] = {low_brains(b0), high_brains(b0), low_brains(b1), high_brains(b1)};
    sixteen(&sums, x, y);
  }
  told(&sums, to);
  for (; at < count; at += 1) one(to, brain(((const uint16_t *)a)[at]), brain(((const uint16_t *)b)[at]));
}
