#define _GNU_SOURCE
#include "CStormSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

// The first process of a container: https://man7.org/linux/man-pages/man7/pid_namespaces.7.html ("The namespace init
// process"). It is there for two things only, and so holds no thread, no lock and no memory of its own.

// Write end of the pipe from the handler to the loop. Written once, before the handlers are installed.
static int note_descriptor = -1;

// What the loop needs of a signal.
struct note {
    int signal_number;
    int is_from_terminal;
};

// Async-signal-safe: write only.
static void note_signal(int signal_number, siginfo_t *info, void *context) {
    (void)context;
    int saved = errno;
    struct note note = {signal_number, info->si_code == SI_KERNEL};
    // A full pipe holds thousands of signals that were not looked at yet; one more says nothing new.
    ssize_t written = write(note_descriptor, &note, sizeof note);
    (void)written;
    errno = saved;
}

static int can_be_passed_on(int signal_number) {
    switch (signal_number) {
    case SIGKILL: case SIGSTOP:                               // cannot be caught
    case SIGSEGV: case SIGBUS: case SIGFPE: case SIGILL:      // a fault of this process, if any
    case SIGABRT: case SIGTRAP: case SIGSYS:
    case SIGTTIN: case SIGTTOU: case SIGPIPE:                 // about this process' own descriptors
        return 0;
    default:
        return 1;
    }
}

// Every ended process of the namespace: children whose parent has ended belong to process 1.
// Returns whether `child` was among them; then *status is its end.
static int reap_all(pid_t child, int *status) {
    int has_ended = 0;
    for (;;) {
        int ended;
        pid_t pid = waitpid(-1, &ended, WNOHANG);
        if (pid == child) {
            *status = ended;
            has_ended = 1;
        } else if (pid == 0 || (pid < 0 && errno != EINTR)) {
            return has_ended;
        }
    }
}

int storm_run_as_init(const struct storm_spawn_request *request, struct storm_spawn_result *result) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
    // Only the handler must never wait.
    if (fcntl(ends[1], F_SETFL, O_NONBLOCK) != 0) return -errno;
    note_descriptor = ends[1];

    struct sigaction action = {.sa_sigaction = note_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigfillset(&action.sa_mask);
    for (int number = 1; number < NSIG; number++) {
        // The two that the C library keeps to itself are refused: they need not be passed on.
        if (can_be_passed_on(number)) sigaction(number, &action, NULL);
    }
    signal(SIGPIPE, SIG_IGN);

    storm_spawn(request, result);
    if (result->step != STORM_SPAWN_OK) return -result->error_number;
    for (;;) {
        struct note note;
        ssize_t count = read(ends[0], &note, sizeof note);
        if (count < 0 && errno == EINTR) continue;
        if (count != sizeof note) return -EIO;
        // After any signal: a note about a child may have found the pipe full.
        int status;
        if (reap_all(result->pid, &status)) return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        if (note.signal_number == SIGCHLD) continue;
        // A key such as Ctrl-C reaches all processes of the terminal by itself; its hang-up only the first one.
        if (!note.is_from_terminal || note.signal_number == SIGHUP) kill(result->pid, note.signal_number);
    }
}
