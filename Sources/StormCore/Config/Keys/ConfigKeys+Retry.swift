extension ConfigKeys {
    /// What becomes of a spout's message that failed. Each key may also be set for one spout.
    static let retry: [ConfigKeyInfo] = [
        .int(
            "topology.retry.max.attempts", 0, must: .atLeast(0),
            "how often a message is emitted before it becomes a dead letter; 0: the spout replays by itself (own key)"
        ),
        .int(
            "topology.retry.initial.backoff.ms", 100, must: .atLeast(0), unit: .milliseconds,
            "pause after the first failure of a message (own key)"
        ),
        .int(
            "topology.retry.max.backoff.ms", 30_000, must: .atLeast(1), unit: .milliseconds,
            "longest pause between two attempts of a message (own key)"
        ),
        .number(
            "topology.retry.multiplier", 2, must: .atLeast(1),
            "each pause is so many times as long as the one before (own key)"
        ),
        .number(
            "topology.retry.jitter", 0.2, must: .range(0...1),
            "part of a pause by which it is made longer or shorter at random (own key)"
        ),
        .int(
            "topology.retry.max.waiting", 1000, must: .atLeast(1),
            "with so many messages of a spout task waiting for their retry it is asked for no new ones (own key)"
        ),
        .int(
            "topology.retry.buffer.bytes", 67_108_864, must: .atLeast(1), unit: .bytes,
            "with so many bytes kept for retries a spout task is asked for no new messages (own key)"
        ),
        .int(
            "topology.dead.letters.max", 1000, must: .between(1, 10_000),
            "most dead letters of a topology; what does not fit stays in retry (own key)"
        ),
    ]
}

extension ConfigKey where Value == Int {
    public static var topologyRetryMaxAttempts: Self { .known("topology.retry.max.attempts") }
    public static var topologyRetryInitialBackoffMs: Self { .known("topology.retry.initial.backoff.ms") }
    public static var topologyRetryMaxBackoffMs: Self { .known("topology.retry.max.backoff.ms") }
    public static var topologyRetryMaxWaiting: Self { .known("topology.retry.max.waiting") }
    public static var topologyRetryBufferBytes: Self { .known("topology.retry.buffer.bytes") }
    public static var topologyDeadLettersMax: Self { .known("topology.dead.letters.max") }
}

extension ConfigKey where Value == Double {
    public static var topologyRetryMultiplier: Self { .known("topology.retry.multiplier") }
    public static var topologyRetryJitter: Self { .known("topology.retry.jitter") }
}
