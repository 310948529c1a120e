#ifndef CZOOKEEPER_H
#define CZOOKEEPER_H

/* The multi-threaded flavour of Debian's libzookeeper: two threads per handle, one for I/O, one for callbacks. */
#ifndef THREADED
#define THREADED 1
#endif
#include <stdint.h>
#include <zookeeper/zookeeper.h>

/*
 * Opens a handle whose host names are resolved exactly once. Without the -1 delay the I/O thread of the library asks
 * DNS on every turn, and hangs there, silently, as soon as the network is gone.
 * `session_id` 0 asks for a new session; otherwise `password` (16 bytes) must be that session's.
 * Blocks while names are resolved. Returns NULL and sets errno when there is no usable server.
 */
zhandle_t *czk_open(const char *servers, watcher_fn watcher, int session_timeout_ms, int64_t session_id,
                    const char *password, void *context, log_callback_fn log_callback);

/* Copies the session id and its 16 password bytes out of the handle. */
void czk_copy_session(zhandle_t *handle, int64_t *session_id, char *password);

/*
 * Removes every watch of `type` on `path`, here and on the server, without waiting. The library declares its completion
 * as a pointer to a function pointer but calls it as a plain function pointer, so the cast is made here, once.
 */
int czk_remove_watches(zhandle_t *handle, const char *path, int type, void_completion_t completion, const void *data);

/* The states and events of the library as constants that Swift can switch over. */
enum {
    CZK_STATE_EXPIRED = -112,
    CZK_STATE_AUTH_FAILED = -113,
    CZK_STATE_CONNECTING = 1,
    CZK_STATE_ASSOCIATING = 2,
    CZK_STATE_CONNECTED = 3,
    CZK_STATE_READ_ONLY = 5,
    CZK_STATE_NOT_CONNECTED = 999
};
enum {
    CZK_EVENT_CREATED = 1,
    CZK_EVENT_DELETED = 2,
    CZK_EVENT_CHANGED = 3,
    CZK_EVENT_CHILD = 4,
    CZK_EVENT_SESSION = -1,
    CZK_EVENT_NOT_WATCHING = -2
};

/* 1 when the constants above are those of the library that is loaded. */
int czk_constants_match(void);

#endif
