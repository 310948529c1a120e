#!/bin/bash
# Health of the daemon in this container, with what the slim image has. A nimbus must answer on its Thrift port; any
# daemon must be connected to ZooKeeper, without which it can take no part in the cluster.
set -euo pipefail

# The command line of process 1, also when it is an init with the daemon as its child.
command=" $(tr '\0' ' ' </proc/1/cmdline)"

# Remote port in hexadecimal, state 01: an established connection.
connected_to() {
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
        awk -v port="$(printf '%04X' "$1")" '$4 == "01" && substr($3, length($3) - 3) == port { f = 1 } END { exit !f }'
}

connected_to "${STORM_ZOOKEEPER_PORT:-2181}" || { echo "no connection to ZooKeeper"; exit 1; }
case $command in
*" nimbus "*)
    port=${STORM_NIMBUS_THRIFT_PORT:-6627}
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "no answer on Thrift port $port"; exit 1; }
    ;;
esac
echo "ok"
