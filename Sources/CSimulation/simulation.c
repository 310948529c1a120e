#define _GNU_SOURCE
#include "CSimulation.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// MARK: State of one thread

static _Thread_local struct {
    int active;
    storm_simulation_owner owner;
    void *context;
    int64_t monotonic;
    int64_t epoch;
    uint64_t random;
    int disk_error;
} thread;

static uint64_t next_random(void) {
    // SplitMix64.
    uint64_t z = (thread.random += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

// MARK: The runtime's hooks (ConcurrencyHooks.h of the Swift runtime)

#define SWIFT __attribute__((swiftcall))
typedef SWIFT void (*original_enqueue)(storm_job);
typedef SWIFT void (*original_delay)(unsigned long long, storm_job);
extern SWIFT void (*swift_task_enqueueGlobal_hook)(storm_job, original_enqueue);
extern SWIFT void (*swift_task_enqueueGlobalWithDelay_hook)(unsigned long long, storm_job, original_delay);

typedef struct {
    void *identity;
    uintptr_t implementation;
} executor_reference;
extern SWIFT void swift_job_run(storm_job job, executor_reference executor);

static SWIFT void enqueue(storm_job job, original_enqueue original) {
    if (thread.active) {
        thread.owner.enqueue(thread.context, job);
    } else {
        original(job);
    }
}

static SWIFT void enqueue_after(unsigned long long nanoseconds, storm_job job, original_delay original) {
    if (thread.active) {
        thread.owner.enqueue_at(thread.context, thread.monotonic + (int64_t)nanoseconds, job);
    } else {
        original(nanoseconds, job);
    }
}

void storm_simulation_begin(storm_simulation_owner owner, void *context, uint64_t seed) {
    swift_task_enqueueGlobal_hook = enqueue;
    swift_task_enqueueGlobalWithDelay_hook = enqueue_after;
    thread.owner = owner;
    thread.context = context;
    thread.random = seed;
    thread.disk_error = 0;
    thread.active = 1;
}

void storm_simulation_end(void) { thread.active = 0; }

void storm_simulation_run(storm_job job) {
    // The generic executor: as a thread of the global pool would.
    executor_reference generic = {NULL, 0};
    swift_job_run(job, generic);
}

void storm_simulation_set_time(int64_t monotonic_nanoseconds, int64_t epoch_nanoseconds) {
    thread.monotonic = monotonic_nanoseconds;
    thread.epoch = epoch_nanoseconds;
}

void storm_simulation_set_disk_error(int error) { thread.disk_error = error; }

// MARK: What stands before the C library and libdispatch

// libdispatch: a time is nanoseconds of the monotonic clock; with the top bit, of the boot clock; with the two top bits,
// negative, of the wall clock.
typedef uint64_t dispatch_time_t;

void dispatch_after_f(dispatch_time_t when, void *queue, void *context, void (*work)(void *)) {
    static void (*real)(dispatch_time_t, void *, void *, void (*)(void *));
    if (!thread.active) {
        if (!real) real = (void (*)(dispatch_time_t, void *, void *, void (*)(void *)))dlsym(RTLD_NEXT, "dispatch_after_f");
        real(when, queue, context, work);
        return;
    }
    int64_t at;
    if ((when >> 62) == 3) {
        at = thread.monotonic + ((int64_t)(0 - when) - thread.epoch);
    } else {
        at = (int64_t)(when & ~(1ull << 63));
    }
    // Sleeping tasks are the only ones that come this way, and their job is the context.
    thread.owner.enqueue_at(thread.context, at, context);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (thread.active && (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME
        || clock == CLOCK_MONOTONIC_RAW || clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_REALTIME_COARSE)) {
        int is_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
        int64_t now = is_wall ? thread.epoch : thread.monotonic;
        time->tv_sec = now / 1000000000;
        time->tv_nsec = now % 1000000000;
        return 0;
    }
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    return real(clock, time);
}

static void fill(void *buffer, size_t count) {
    unsigned char *bytes = buffer;
    while (count > 0) {
        uint64_t word = next_random();
        size_t part = count < sizeof word ? count : sizeof word;
        memcpy(bytes, &word, part);
        bytes += part;
        count -= part;
    }
}

long syscall(long number, ...) {
    static long (*real)(long, ...);
    va_list list;
    va_start(list, number);
    long a[6];
    for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
    va_end(list);
    if (thread.active && number == SYS_getrandom) {
        fill((void *)a[0], (size_t)a[1]);
        return a[1];
    }
    if (!real) real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int fsync(int descriptor) {
    static int (*real)(int);
    if (thread.active) {
        if (!thread.disk_error) return 0;
        errno = thread.disk_error;
        return -1;
    }
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return real(descriptor);
}

// Foundation reads the random bytes of a UUID from a file.
int open(const char *path, int flags, ...) {
    static int (*real)(const char *, int, ...);
    va_list list;
    va_start(list, flags);
    unsigned mode = va_arg(list, unsigned);
    va_end(list);
    if (thread.active && strcmp(path, "/dev/urandom") == 0) {
        unsigned char bytes[256];
        int descriptor = memfd_create("random", MFD_CLOEXEC);
        if (descriptor < 0) return -1;
        fill(bytes, sizeof bytes);
        if (write(descriptor, bytes, sizeof bytes) < 0 || lseek(descriptor, 0, SEEK_SET) < 0) return -1;
        return descriptor;
    }
    if (!real) real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
    return real(path, flags, mode);
}

// Part of the names of temporary files, which are part of messages.
pid_t getpid(void) {
    return thread.active ? 1 : (pid_t)syscall(SYS_getpid);
}

// A simulated process that was killed never gives up its locks; nobody else uses its folder.
int flock(int descriptor, int operation) {
    static int (*real)(int, int);
    if (thread.active) return 0;
    if (!real) real = (int (*)(int, int))dlsym(RTLD_NEXT, "flock");
    return real(descriptor, operation);
}
