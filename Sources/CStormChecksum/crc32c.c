#include "CStormChecksum.h"

#include <string.h>

static inline uint64_t word_at(const uint8_t *p) {
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

// The functions below are compiled for these extensions whatever the rest of the program is compiled for.
#define HARDWARE __attribute__((target("sse4.2,pclmul")))

int storm_crc32c_is_available(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
    return (c & bit_SSE4_2) && (c & bit_PCLMUL);
}

// `crc` × `factor` in bits that the crc32 instruction reduces: with a factor of x^(8n-33) mod P that is the effect of n
// zero bytes on `crc`. (The product of two bit-reversed 32-bit polynomials stands one bit too low: one x; the
// instruction multiplies by x^32.)
HARDWARE static inline uint64_t shifted(uint32_t crc, uint32_t factor) {
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi32_si128((int)crc), _mm_cvtsi32_si128((int)factor), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

// Three stretches of `lane` bytes side by side: the instruction takes three cycles, and one can start in each.
HARDWARE static inline uint32_t three_lanes(
    uint32_t crc, const uint8_t *p, size_t lane, uint32_t one_lane, uint32_t two_lanes) {
    uint64_t first = crc, second = 0, third = 0;
    for (size_t i = 0; i < lane; i += 8) {
        first = _mm_crc32_u64(first, word_at(p + i));
        second = _mm_crc32_u64(second, word_at(p + lane + i));
        third = _mm_crc32_u64(third, word_at(p + 2 * lane + i));
    }
    uint64_t before = shifted((uint32_t)first, two_lanes) ^ shifted((uint32_t)second, one_lane);
    return (uint32_t)_mm_crc32_u64(0, before) ^ (uint32_t)third;
}

HARDWARE uint32_t storm_crc32c(const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    uint32_t crc = ~0u;
    // Factors: x^(8n-33) mod P, bit-reversed, for n of one and two lanes; P = 0x11EDC6F41.
    for (; count >= 3 * 1024; p += 3 * 1024, count -= 3 * 1024) {
        crc = three_lanes(crc, p, 1024, 0x170076fau, 0xa51b6135u);
    }
    for (; count >= 3 * 128; p += 3 * 128, count -= 3 * 128) {
        crc = three_lanes(crc, p, 128, 0x0d3b6092u, 0xb9e02b86u);
    }
    for (; count >= 8; p += 8, count -= 8) crc = (uint32_t)_mm_crc32_u64(crc, word_at(p));
    for (; count > 0; p++, count--) crc = _mm_crc32_u8(crc, *p);
    return ~crc;
}

#elif defined(__aarch64__) && defined(__linux__)

#include <arm_acle.h>
#include <sys/auxv.h>

#define HARDWARE __attribute__((target("crc")))
// HWCAP_CRC32 of <asm/hwcap.h>.
#define HAS_CRC32 (1ul << 7)

int storm_crc32c_is_available(void) { return (getauxval(AT_HWCAP) & HAS_CRC32) != 0; }

HARDWARE uint32_t storm_crc32c(const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    uint32_t crc = ~0u;
    for (; count >= 8; p += 8, count -= 8) crc = __crc32cd(crc, word_at(p));
    for (; count > 0; p++, count--) crc = __crc32cb(crc, *p);
    return ~crc;
}

#else

int storm_crc32c_is_available(void) { return 0; }

// Never called; the caller has a table.
uint32_t storm_crc32c(const void *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return 0;
}

#endif
