#ifndef C_STORM_SYSTEM_H
#define C_STORM_SYSTEM_H

// What Linux offers for processes and Swift cannot call safely or at all: the part of starting a program that runs in
// the forked child (only async-signal-safe calls, no Swift runtime), process descriptors, and a small epoll.
//
// Conventions: functions return 0 or a descriptor on success, and a NEGATIVE errno on failure; they never touch the
// caller's memory beyond what a comment says, and may be called on any thread unless a comment says otherwise.

#include <stdint.h>
#include <sys/types.h>

// The step of a start that failed; `error_number` of the result says why.
enum storm_spawn_step {
    STORM_SPAWN_OK = 0,
    STORM_SPAWN_PIPE = 1,        // no pipe for the child's report
    STORM_SPAWN_FORK = 2,        // no process (limit, memory)
    STORM_SPAWN_STDIO = 3,       // standard input, output or error could not be put in place
    STORM_SPAWN_SESSION = 4,     // setsid or setpgid
    STORM_SPAWN_PARENT = 5,      // the parent was gone before the child could ask to be told (errno ESRCH)
    STORM_SPAWN_DIRECTORY = 6,   // chdir to the working directory
    STORM_SPAWN_PRIORITY = 7,    // setpriority
    STORM_SPAWN_LIMIT = 8,       // setrlimit
    STORM_SPAWN_EXEC = 9,        // execve
};

struct storm_spawn_request {
    const char *executable;             // path with a slash; no search
    char *const *arguments;             // NULL-terminated, first is the program's name
    char *const *environment;           // NULL-terminated "NAME=value"
    const char *working_directory;      // NULL: the parent's
    int stdio[3];                       // descriptors that become 0, 1, 2; they stay open in the parent
    int extra[2];                       // likewise 3 and 4; -1: there is none
    int new_session;                    // 1: setsid, so the child leads a session and a group of its own
    int new_group;                      // 1: setpgid, so the child leads a group of its own in the parent's session
    int parent_death_signal;            // 0 none; else sent to the child when the CALLING THREAD ends
    int niceness_set, niceness;         // setpriority if set
    int64_t open_files_max;             // RLIMIT_NOFILE, -1: as in the parent
    int64_t core_bytes_max;             // RLIMIT_CORE, -1: as in the parent
};

struct storm_spawn_result {
    pid_t pid;               // the child, valid if step is STORM_SPAWN_OK
    int step;                // enum storm_spawn_step
    int error_number;        // errno of the failed step
};

// Starts a program. All descriptors that the request does not name are closed in it, its signal mask is empty and every disposition default.
// Returns after the child's exec succeeded or failed; a child that failed has been reaped.
void storm_spawn(const struct storm_spawn_request *request, struct storm_spawn_result *result);

// What process 1 of a container owes it: starts the program, passes every signal on to it, and reaps whatever ends in the
// namespace. Returns when the program has ended, with its exit status, or 128 and the number of the signal that ended it.
// To be called once, on the main thread, by a process that does nothing else afterwards: its signal handlers stay.
int storm_run_as_init(const struct storm_spawn_request *request, struct storm_spawn_result *result);

// Held while a child is between fork and exec; for whoever must not have a descriptor copied just now.
void storm_fork_lock(void);
void storm_fork_unlock(void);

// A close-on-exec descriptor of process `pid`; readable once the process has ended. Works for any process.
int storm_pidfd_open(pid_t pid);

// Sends a signal to the process behind a descriptor: never to another that got its number later.
int storm_pidfd_send_signal(int pidfd, int signal_number);

// How a child ended.
struct storm_exit {
    int known;               // 0: it is not our child, nobody tells
    int exited;              // 1: `value` is the exit code, 0: `value` is the signal
    int value;
    int core_dumped;
};

// Collects the status of the ended child behind a descriptor (and so removes its zombie). Returns 0, or -EAGAIN when
// it has not ended. Not our child: 0 with known = 0.
int storm_reap(int pidfd, struct storm_exit *status);

// epoll, with a caller's token per descriptor; level-triggered, readable events and hang-ups only.
int storm_epoll_create(void);
int storm_epoll_add(int epoll, int descriptor, uint64_t token);
int storm_epoll_remove(int epoll, int descriptor);
// Waits for events without a time limit (the caller wakes it by an eventfd); fills up to `count` tokens, returns how many.
int storm_epoll_wait(int epoll, uint64_t *tokens, int count);

int storm_eventfd(void);
int storm_eventfd_signal(int descriptor);
int storm_eventfd_clear(int descriptor);

// A pipe, both ends close-on-exec, the reading end non-blocking.
int storm_pipe(int descriptors[2]);

// As storm_pipe, but it is the writing end that is non-blocking: for what a child reads.
int storm_pipe_to_child(int descriptors[2]);

// open(2) with O_CLOEXEC; creates (mode 0644) and appends if `append`.
int storm_open(const char *path, int writable, int append);

// Names the calling thread for ps and debuggers; at most 15 bytes are kept.
void storm_name_thread(const char *name);

// Standard output reaches its file with each line, also when that is no terminal. Before the first thing is printed.
void storm_buffer_output_by_line(void);

// The environment of this process: NULL-terminated, owned by libc. Nobody may change it (setenv) meanwhile.
char *const *storm_environment(void);

// A TCP port on 127.0.0.1 (or all interfaces) nobody listens on now: binds port `wanted` (0: any), notes it, closes.
// Returns the port or a negative errno (-EADDRINUSE).
int storm_probe_port(int wanted, int all_interfaces);

// Connects to 127.0.0.1:port, sends `request`, reads the reply to its end. One time limit for all of it.
// Returns the number of bytes put in `reply` (at most `capacity`), or a negative errno.
int storm_ask_loopback(int port, const char *request, char *reply, int capacity, int timeout_ms);

#endif
