#define _GNU_SOURCE
#include "CStormSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

struct report {
    int32_t step;
    int32_t error_number;
};

// ---- in the child: async-signal-safe calls only, no allocation, no lock ----

static void fail(int report_descriptor, int step) {
    struct report report = {.step = step, .error_number = errno};
    ssize_t written;
    do {
        written = write(report_descriptor, &report, sizeof report);
    } while (written < 0 && errno == EINTR);
    _exit(127);
}

// The kernel's own call: the C library refuses to touch the two signals it uses itself (32, 33), which we may have
// inherited as ignored. A structure of zeros means the default action, on every architecture.
static void reset_signals(void) {
    const unsigned long default_action[8] = {0};
    for (int number = 1; number < NSIG; number++) {
        if (number == SIGKILL || number == SIGSTOP) continue;
        (void)syscall(SYS_rt_sigaction, number, default_action, NULL, NSIG / 8);
    }
}

// The first descriptor that a child does not get.
enum { first_other = 5 };

// Copies the sources above all places first: a source may itself be one of these.
static int place_descriptors(const struct storm_spawn_request *request) {
    int sources[first_other] = {
        request->stdio[0], request->stdio[1], request->stdio[2], request->extra[0], request->extra[1]};
    int copies[first_other];
    for (int i = 0; i < first_other; i++) {
        copies[i] = sources[i] < 0 ? -1 : fcntl(sources[i], F_DUPFD_CLOEXEC, first_other);
        if (copies[i] < 0 && (sources[i] >= 0 || i < 3)) return -1;
    }
    for (int i = 0; i < first_other; i++) {
        if (copies[i] < 0) {
            (void)close(i);
        } else if (dup2(copies[i], i) < 0) {
            return -1;
        }
    }
    return 0;
}

// Marks all other descriptors close-on-exec, so that the report pipe stays usable until exec.
static void close_others_at_exec(void) {
    if (syscall(SYS_close_range, (unsigned)first_other, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
    struct rlimit limit;
    rlim_t last = 65536;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < last) last = limit.rlim_cur;
    for (int descriptor = first_other; descriptor < (int)last; descriptor++) {
        int flags = fcntl(descriptor, F_GETFD);
        if (flags >= 0) (void)fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC);
    }
}

// Never raises the hard limit; a wish above it gives the hard limit.
static int lower_limit(int resource, int64_t value) {
    struct rlimit limit;
    if (value < 0) return 0;
    if (getrlimit(resource, &limit) != 0) return -1;
    rlim_t wanted = (rlim_t)value;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    return setrlimit(resource, &limit);
}

static void become(const struct storm_spawn_request *request, pid_t parent, int report_descriptor) {
    reset_signals();
    if (request->new_session && setsid() < 0) fail(report_descriptor, STORM_SPAWN_SESSION);
    if (request->new_group && setpgid(0, 0) != 0) fail(report_descriptor, STORM_SPAWN_SESSION);
    if (request->parent_death_signal != 0) {
        if (prctl(PR_SET_PDEATHSIG, request->parent_death_signal) != 0) fail(report_descriptor, STORM_SPAWN_PARENT);
        // The parent may have died before prctl: then no signal will ever come.
        if (getppid() != parent) {
            errno = ESRCH;
            fail(report_descriptor, STORM_SPAWN_PARENT);
        }
    }
    if (place_descriptors(request) != 0) fail(report_descriptor, STORM_SPAWN_STDIO);
    close_others_at_exec();
    if (request->working_directory != NULL && chdir(request->working_directory) != 0)
        fail(report_descriptor, STORM_SPAWN_DIRECTORY);
    if (request->niceness_set && setpriority(PRIO_PROCESS, 0, request->niceness) != 0)
        fail(report_descriptor, STORM_SPAWN_PRIORITY);
    if (lower_limit(RLIMIT_NOFILE, request->open_files_max) != 0 || lower_limit(RLIMIT_CORE, request->core_bytes_max) != 0)
        fail(report_descriptor, STORM_SPAWN_LIMIT);
    sigset_t none;
    sigemptyset(&none);
    (void)pthread_sigmask(SIG_SETMASK, &none, NULL);
    (void)execve(request->executable, request->arguments, request->environment);
    fail(report_descriptor, STORM_SPAWN_EXEC);
}

// ---- in the parent ----

// Waits until exec closed the pipe (nothing to read) or the child told what failed.
static void read_report(int descriptor, struct storm_spawn_result *result) {
    struct report report;
    ssize_t got;
    do {
        got = read(descriptor, &report, sizeof report);
    } while (got < 0 && errno == EINTR);
    if (got == (ssize_t)sizeof report) {
        result->step = report.step;
        result->error_number = report.error_number;
        while (waitpid(result->pid, NULL, 0) < 0 && errno == EINTR) {}
    }
}

// A forked child holds copies of all our descriptors until its exec. A port just probed would look occupied meanwhile,
// so a probe and a start exclude each other.
static pthread_mutex_t fork_lock = PTHREAD_MUTEX_INITIALIZER;

void storm_fork_lock(void) {
    (void)pthread_mutex_lock(&fork_lock);
}

void storm_fork_unlock(void) {
    (void)pthread_mutex_unlock(&fork_lock);
}

static void start(const struct storm_spawn_request *request, struct storm_spawn_result *result) {
    memset(result, 0, sizeof *result);
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) {
        result->step = STORM_SPAWN_PIPE;
        result->error_number = errno;
        return;
    }
    // The report must survive what the child puts in place.
    for (int i = 0; i < 2; i++) {
        if (report[i] >= first_other) continue;
        int moved = fcntl(report[i], F_DUPFD_CLOEXEC, first_other);
        if (moved >= 0) {
            close(report[i]);
            report[i] = moved;
        }
    }
    pid_t parent = getpid();
    sigset_t all, before;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);  // no handler of ours may run in the child
    pid_t pid = _Fork();                                // without fork handlers: other threads hold unknown locks
    if (pid == 0) become(request, parent, report[1]);
    int fork_error = errno;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (pid < 0) {
        result->step = STORM_SPAWN_FORK;
        result->error_number = fork_error;
    } else {
        result->pid = pid;
        read_report(report[0], result);
    }
    close(report[0]);
}

void storm_spawn(const struct storm_spawn_request *request, struct storm_spawn_result *result) {
    storm_fork_lock();
    start(request, result);
    storm_fork_unlock();
}

char *const *storm_environment(void) {
    return environ;
}
