// One thread's time, randomness and asynchronous work in the hands of a simulation.
//
// While a thread is "simulated", everything that Swift concurrency would run on its global pool, now or later, is handed
// to two functions instead; the clocks of the C library show a time that is set by hand; random bytes come from a seed;
// and files are locked and flushed without effect. Other threads notice nothing.
//
// It works by the runtime's own hooks (swift_task_enqueueGlobal_hook) and, for timers, clocks and random numbers, by
// functions that stand before those of the C library and libdispatch in this program. So it belongs into programs that
// simulate, and into no library.

#ifndef C_SIMULATION_H
#define C_SIMULATION_H

#include <stdint.h>

/// Something to be run with storm_simulation_run, once.
typedef void *storm_job;

/// `context` is whoever was given to storm_simulation_begin.
typedef struct {
    /// To be run as soon as possible.
    void (*enqueue)(void *context, storm_job job);
    /// To be run at this monotonic time.
    void (*enqueue_at)(void *context, int64_t nanoseconds, storm_job job);
} storm_simulation_owner;

/// Makes the calling thread a simulated one.
void storm_simulation_begin(storm_simulation_owner owner, void *context, uint64_t seed);

/// Makes it an ordinary one again.
void storm_simulation_end(void);

/// Runs a job on the calling thread until it suspends.
void storm_simulation_run(storm_job job);

/// The time that the calling thread sees: since any fixed moment, and since 1970.
void storm_simulation_set_time(int64_t monotonic_nanoseconds, int64_t epoch_nanoseconds);

/// While not zero, flushing a file fails with this error number (ENOSPC: the disk is full).
void storm_simulation_set_disk_error(int error);

#endif
