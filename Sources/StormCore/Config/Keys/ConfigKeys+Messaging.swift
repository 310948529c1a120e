extension ConfigKeys {
    static let messaging: [ConfigKeyInfo] = [
        .without("storm.messaging.transport", .string, "org.apache.storm.messaging.netty.Context", ownTransport),
        .int(
            "storm.messaging.netty.buffer_size", 5_242_880, must: .atLeast(4096), unit: .bytes,
            "size of the socket buffers between workers"
        ),
        .int(
            "storm.messaging.netty.buffer.high.watermark", 16_777_216, must: .atLeast(1), unit: .bytes,
            "unsent bytes at which a connection takes no more"
        ),
        .int(
            "storm.messaging.netty.buffer.low.watermark", 8_388_608, must: .atLeast(1), unit: .bytes,
            "unsent bytes at which a full connection takes more again"
        ),
        .int(
            "storm.messaging.netty.server_worker_threads", 1, must: .atLeast(1),
            "threads that serve incoming connections of a worker"
        ),
        .int(
            "storm.messaging.netty.client_worker_threads", 1, must: .atLeast(1),
            "threads that serve outgoing connections of a worker"
        ),
        .int(
            "storm.messaging.netty.min_wait_ms", 100, must: .atLeast(1), unit: .milliseconds,
            "first pause before a broken connection is tried again"
        ),
        .int(
            "storm.messaging.netty.max_wait_ms", 1000, must: .atLeast(1), unit: .milliseconds,
            "longest pause before a broken connection is tried again"
        ),
        .int(
            "storm.messaging.netty.transfer.batch.size", 262_144, must: .atLeast(1), unit: .bytes,
            "bytes at which waiting batches are sent in one write"
        ),
        .without("storm.messaging.netty.flush_timeout_ms", .number, 600_000, ownTransport),
        .int(
            "storm.messaging.netty.socket.backlog", 500, must: .atLeast(1),
            "connections that may wait to be accepted"
        ),
        .bool(
            "storm.messaging.netty.authentication", false,
            "whether workers prove to each other that they belong to the same topology"
        ),
        .without("storm.messaging.netty.tls.enable", .bool, noTLS),
        .without("storm.local.mode.zmq", .bool, false, ownTransport),
    ]
}
