// The C library looks its own allocation functions up through the program, so the definitions here see every call; the
// work is done by the names that glibc exports for this purpose.
#include "CAllocationCount.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

// A sanitizer brings an allocator of its own, which must see every call: nothing is counted beside it.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define STORM_SANITIZED 1
#endif
#endif

#ifdef STORM_SANITIZED

long storm_allocation_count(void) { return 0; }
long storm_thread_allocated_bytes(void) { return 0; }

#else

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_long allocations;
// In the program's own block: the first access must not allocate.
static _Thread_local long thread_bytes __attribute__((tls_model("initial-exec")));

static void count(size_t size) {
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    thread_bytes += (long)size;
}

long storm_allocation_count(void) { return atomic_load_explicit(&allocations, memory_order_relaxed); }

long storm_thread_allocated_bytes(void) { return thread_bytes; }

void *malloc(size_t size) {
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    count(size);
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    count(size);
    void *memory = __libc_memalign(alignment, size);
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}

#endif
