#define _GNU_SOURCE
#include "CStormSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

static int result_of(long value) {
    return value < 0 ? -errno : (int)value;
}

// System calls by number: the wrappers came late to the C library. The kernel sets close-on-exec itself.
int storm_pidfd_open(pid_t pid) {
    return result_of(syscall(SYS_pidfd_open, pid, 0));
}

int storm_pidfd_send_signal(int pidfd, int signal_number) {
    return result_of(syscall(SYS_pidfd_send_signal, pidfd, signal_number, NULL, 0));
}

int storm_reap(int pidfd, struct storm_exit *status) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    memset(status, 0, sizeof *status);
    int result;
    do {
        result = waitid((idtype_t)P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG);
    } while (result < 0 && errno == EINTR);
    if (result < 0) return errno == ECHILD ? 0 : -errno;
    if (info.si_pid == 0) return -EAGAIN;
    status->known = 1;
    status->exited = info.si_code == CLD_EXITED;
    status->value = info.si_status;
    status->core_dumped = info.si_code == CLD_DUMPED;
    return 0;
}

int storm_epoll_create(void) {
    return result_of(epoll_create1(EPOLL_CLOEXEC));
}

int storm_epoll_add(int epoll, int descriptor, uint64_t token) {
    struct epoll_event event = {.events = EPOLLIN, .data = {.u64 = token}};
    return result_of(epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event));
}

int storm_epoll_remove(int epoll, int descriptor) {
    struct epoll_event event = {0};
    return result_of(epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &event));
}

int storm_epoll_wait(int epoll, uint64_t *tokens, int count) {
    struct epoll_event events[64];
    int ready;
    if (count > 64) count = 64;
    do {
        ready = epoll_wait(epoll, events, count, -1);
    } while (ready < 0 && errno == EINTR);
    if (ready < 0) return -errno;
    for (int i = 0; i < ready; i++) tokens[i] = events[i].data.u64;
    return ready;
}

int storm_eventfd(void) {
    return result_of(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

int storm_eventfd_signal(int descriptor) {
    return eventfd_write(descriptor, 1) == 0 ? 0 : -errno;
}

int storm_eventfd_clear(int descriptor) {
    eventfd_t value;
    return eventfd_read(descriptor, &value) == 0 ? 0 : -errno;
}

int storm_pipe(int descriptors[2]) {
    if (pipe2(descriptors, O_CLOEXEC) != 0) return -errno;
    (void)fcntl(descriptors[0], F_SETFL, O_NONBLOCK);
    return 0;
}

int storm_pipe_to_child(int descriptors[2]) {
    if (pipe2(descriptors, O_CLOEXEC) != 0) return -errno;
    (void)fcntl(descriptors[1], F_SETFL, O_NONBLOCK);
    return 0;
}

int storm_open(const char *path, int writable, int append) {
    int flags = O_CLOEXEC | (writable ? O_WRONLY : O_RDONLY) | (append ? O_CREAT | O_APPEND : 0);
    return result_of(open(path, flags, 0644));
}

void storm_name_thread(const char *name) {
    (void)prctl(PR_SET_NAME, name, 0, 0, 0);
}

void storm_buffer_output_by_line(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
}
