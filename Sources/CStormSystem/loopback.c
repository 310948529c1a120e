#define _GNU_SOURCE
#include "CStormSystem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in address_of(int port, int all_interfaces) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)port);
    address.sin_addr.s_addr = htonl(all_interfaces ? INADDR_ANY : INADDR_LOOPBACK);
    return address;
}

static int probe_port(int wanted, int all_interfaces) {
    int socket_descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket_descriptor < 0) return -errno;
    // As servers do: connections of a former server in TIME_WAIT do not occupy the port, a listener does.
    int one = 1;
    if (wanted != 0) (void)setsockopt(socket_descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = address_of(wanted, all_interfaces);
    socklen_t length = sizeof address;
    int result;
    if (bind(socket_descriptor, (struct sockaddr *)&address, length) != 0 || listen(socket_descriptor, 1) != 0 ||
        getsockname(socket_descriptor, (struct sockaddr *)&address, &length) != 0) {
        result = -errno;
    } else {
        result = ntohs(address.sin_port);
    }
    close(socket_descriptor);
    return result;
}

int storm_probe_port(int wanted, int all_interfaces) {
    storm_fork_lock();
    int result = probe_port(wanted, all_interfaces);
    storm_fork_unlock();
    return result;
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Waits until the socket is ready; 0, or a negative errno (-ETIMEDOUT).
static int await_ready(int descriptor, short events, int64_t deadline_ms) {
    for (;;) {
        int64_t left = deadline_ms - now_ms();
        if (left <= 0) return -ETIMEDOUT;
        struct pollfd entry = {.fd = descriptor, .events = events};
        int ready = poll(&entry, 1, (int)left);
        if (ready > 0) return 0;
        if (ready < 0 && errno != EINTR) return -errno;
    }
}

static int connect_within(int descriptor, int port, int64_t deadline_ms) {
    struct sockaddr_in address = address_of(port, 0);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0) return 0;
    if (errno != EINPROGRESS) return -errno;
    int waited = await_ready(descriptor, POLLOUT, deadline_ms);
    if (waited < 0) return waited;
    int error_number = 0;
    socklen_t length = sizeof error_number;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error_number, &length) != 0) return -errno;
    return -error_number;
}

static int exchange(int descriptor, const char *request, char *reply, int capacity, int64_t deadline_ms) {
    if (send(descriptor, request, strlen(request), MSG_NOSIGNAL) < 0) return -errno;
    int count = 0;
    while (count < capacity) {
        int waited = await_ready(descriptor, POLLIN, deadline_ms);
        if (waited < 0) return waited;
        ssize_t got = recv(descriptor, reply + count, (size_t)(capacity - count), 0);
        if (got == 0) break;
        if (got < 0 && errno != EINTR && errno != EAGAIN) return -errno;
        if (got > 0) count += (int)got;
    }
    return count;
}

int storm_ask_loopback(int port, const char *request, char *reply, int capacity, int timeout_ms) {
    int64_t deadline_ms = now_ms() + timeout_ms;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -errno;
    int result = connect_within(descriptor, port, deadline_ms);
    if (result == 0) result = exchange(descriptor, request, reply, capacity, deadline_ms);
    close(descriptor);
    return result;
}
