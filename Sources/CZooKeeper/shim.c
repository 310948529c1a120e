#include "CZooKeeper.h"

#include <string.h>

zhandle_t *czk_open(const char *servers, watcher_fn watcher, int session_timeout_ms, int64_t session_id,
                    const char *password, void *context, log_callback_fn log_callback) {
    clientid_t session;
    const clientid_t *resumed = NULL;
    if (session_id != 0) {
        session.client_id = session_id;
        memcpy(session.passwd, password, sizeof(session.passwd));
        resumed = &session;
    }
    zhandle_t *handle = zookeeper_init2(servers, watcher, session_timeout_ms, resumed, context,
                                        ZOO_NO_LOG_CLIENTENV, log_callback);
    if (handle != NULL) {
        zoo_set_servers_resolution_delay(handle, -1);
    }
    return handle;
}

void czk_copy_session(zhandle_t *handle, int64_t *session_id, char *password) {
    const clientid_t *session = zoo_client_id(handle);
    *session_id = session->client_id;
    memcpy(password, session->passwd, sizeof(session->passwd));
}

int czk_remove_watches(zhandle_t *handle, const char *path, int type, void_completion_t completion, const void *data) {
    return zoo_aremove_all_watches(handle, path, (ZooWatcherType)type, 0, (void_completion_t *)completion, data);
}

int czk_constants_match(void) {
    return ZOO_EXPIRED_SESSION_STATE == CZK_STATE_EXPIRED && ZOO_AUTH_FAILED_STATE == CZK_STATE_AUTH_FAILED &&
           ZOO_CONNECTING_STATE == CZK_STATE_CONNECTING && ZOO_ASSOCIATING_STATE == CZK_STATE_ASSOCIATING &&
           ZOO_CONNECTED_STATE == CZK_STATE_CONNECTED && ZOO_READONLY_STATE == CZK_STATE_READ_ONLY &&
           ZOO_NOTCONNECTED_STATE == CZK_STATE_NOT_CONNECTED && ZOO_CREATED_EVENT == CZK_EVENT_CREATED &&
           ZOO_DELETED_EVENT == CZK_EVENT_DELETED && ZOO_CHANGED_EVENT == CZK_EVENT_CHANGED &&
           ZOO_CHILD_EVENT == CZK_EVENT_CHILD && ZOO_SESSION_EVENT == CZK_EVENT_SESSION &&
           ZOO_NOTWATCHING_EVENT == CZK_EVENT_NOT_WATCHING;
}
