extension ConfigKeys {
    static let messaging: [ConfigKeyInfo] = [
        .without("storm.messaging.transport", .string, "org.apache.storm.messaging.netty.Context", ownTransport),
        .without("storm.messaging.netty.buffer_size", .int, 5_242_880, ownTransport),
        .without("storm.messaging.netty.buffer.high.watermark", .int, 16_777_216, ownTransport),
        .without("storm.messaging.netty.buffer.low.watermark", .int, 8_388_608, ownTransport),
        .without("storm.messaging.netty.server_worker_threads", .int, 1, ownTransport),
        .without("storm.messaging.netty.client_worker_threads", .int, 1, ownTransport),
        .without("storm.messaging.netty.min_wait_ms", .int, 100, ownTransport),
        .without("storm.messaging.netty.max_wait_ms", .int, 1000, ownTransport),
        .without("storm.messaging.netty.transfer.batch.size", .int, 262_144, ownTransport),
        .without("storm.messaging.netty.flush_timeout_ms", .number, 600_000, ownTransport),
        .without("storm.messaging.netty.socket.backlog", .int, 500, ownTransport),
        .without("storm.messaging.netty.authentication", .bool, false, noUsers),
        .without("storm.messaging.netty.tls.enable", .bool, noTLS),
        .without("storm.local.mode.zmq", .bool, false, ownTransport),
    ]
}
