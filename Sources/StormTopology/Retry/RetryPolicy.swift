package import StormCore

/// How often and after which pauses the engine emits a failed message of a spout again before it becomes a dead letter.
///
/// ```swift
/// topology.spout("lines") { FileLines(files) }
///     .retry(.attempts(5, backoff: .exponential(from: .milliseconds(100), to: .seconds(30))))
/// ```
public struct RetryPolicy: Hashable, Sendable {
    /// The pause after the n-th failure of a message.
    public struct Backoff: Hashable, Sendable {
        public let first: Duration
        /// The longest one, before jitter.
        public let longest: Duration
        /// At least 1.
        public let multiplier: Double
        /// 0...1: the part of a pause by which it is made longer or shorter at random.
        public let jitter: Double

        init(first: Duration, longest: Duration, multiplier: Double, jitter: Double) {
            self.first = first
            self.longest = longest
            self.multiplier = multiplier
            self.jitter = jitter
        }

        /// Pauses that grow: first, first × multiplier, first × multiplier² … up to the longest.
        public static func exponential(
            from first: Duration, to longest: Duration, multiplier: Double = 2, jitter: Double = 0.2
        ) -> Backoff {
            Backoff(first: first, longest: longest, multiplier: multiplier, jitter: jitter)
        }

        /// Always the same pause.
        public static func constant(_ pause: Duration, jitter: Double = 0.2) -> Backoff {
            Backoff(first: pause, longest: pause, multiplier: 1, jitter: jitter)
        }
    }

    /// Emits of a message, the first one included; at least 1.
    public let maxAttempts: Int
    public let backoff: Backoff
    /// Messages of a task that may wait for their retry before the spout is asked for no new ones; at least 1.
    public let maxWaiting: Int
    /// Bytes that a task may keep for retries before the spout is asked for no new messages; at least 1.
    public let bufferBytes: Int

    init(maxAttempts: Int, backoff: Backoff, maxWaiting: Int, bufferBytes: Int) {
        self.maxAttempts = maxAttempts
        self.backoff = backoff
        self.maxWaiting = maxWaiting
        self.bufferBytes = bufferBytes
    }

    /// - Parameters:
    ///   - count: emits of a message, the first one included.
    ///   - maxWaiting: messages of a task that may wait before it is asked for no new ones.
    ///   - bufferBytes: bytes of messages in flight that a task may keep before it is asked for no new ones.
    ///
    /// Values out of range are faults that `TopologyBuilder.build` reports.
    public static func attempts(
        _ count: Int, backoff: Backoff = .exponential(from: .milliseconds(100), to: .seconds(30)),
        maxWaiting: Int = 1000, bufferBytes: Int = 64 << 20
    ) -> RetryPolicy {
        RetryPolicy(maxAttempts: count, backoff: backoff, maxWaiting: maxWaiting, bufferBytes: bufferBytes)
    }
}

// MARK: As configuration

extension RetryPolicy {
    /// The policy as keys of a spout.
    package var configuration: [String: ConfigValue] {
        [
            ConfigKey.topologyRetryMaxAttempts.name: .int(maxAttempts),
            ConfigKey.topologyRetryInitialBackoffMs.name: .int(backoff.first.wholeMilliseconds),
            ConfigKey.topologyRetryMaxBackoffMs.name: .int(backoff.longest.wholeMilliseconds),
            ConfigKey.topologyRetryMultiplier.name: .double(backoff.multiplier),
            ConfigKey.topologyRetryJitter.name: .double(backoff.jitter),
            ConfigKey.topologyRetryMaxWaiting.name: .int(maxWaiting),
            ConfigKey.topologyRetryBufferBytes.name: .int(bufferBytes),
        ]
    }

    /// What a spout's configuration, its own on top of the topology's, says. A value that its key does not take counts as
    /// not set.
    /// - Returns: nil when there are no retries: then the spout replays by itself.
    package init?(_ values: [String: ConfigValue]) {
        func int(_ key: ConfigKey<Int>) -> Int {
            values[key.name].flatMap(key.info.accepted)?.intValue ?? key.defaultValue
        }
        func double(_ key: ConfigKey<Double>) -> Double {
            switch values[key.name].flatMap(key.info.accepted) {
            case .double(let value)?: value
            case .int(let value)?: Double(value)
            default: key.defaultValue
            }
        }
        maxAttempts = int(.topologyRetryMaxAttempts)
        backoff = Backoff(
            first: .milliseconds(int(.topologyRetryInitialBackoffMs)),
            longest: .milliseconds(int(.topologyRetryMaxBackoffMs)), multiplier: double(.topologyRetryMultiplier),
            jitter: double(.topologyRetryJitter))
        maxWaiting = int(.topologyRetryMaxWaiting)
        bufferBytes = int(.topologyRetryBufferBytes)
        guard maxAttempts > 0 else { return nil }
    }
}

// MARK: Pauses

extension RetryPolicy.Backoff {
    /// The pause after the n-th failure without jitter, in nanoseconds:
    ///
    /// | failure | first 100 ms, longest 30 s, × 2 |
    /// |---|---|
    /// | 1 | 100 ms |
    /// | 2 | 200 ms |
    /// | 9 | 25.6 s |
    /// | 10 and later | 30 s |
    ///
    /// A first pause above the longest is cut to it. After the failure `Int.max` it is the longest.
    package func nanoseconds(afterFailure number: Int) -> Int64 {
        let limit = Double(longest.wholeNanoseconds)
        if number == .max { return Int64(limit) }
        var pause = min(limit, Double(first.wholeNanoseconds))
        guard multiplier > 1, pause > 0 else { return Int64(pause) }
        // A multiplier that is nearly 1 must not keep a task busy for as many turns as there were failures.
        var left = min(number - 1, 4096)
        while left > 0, pause < limit {
            pause = min(limit, pause * multiplier)
            left -= 1
        }
        return Int64(pause)
    }

    /// `nanoseconds`, made longer or shorter by up to `jitter` of it, evenly distributed.
    package func jittered(afterFailure number: Int, using random: inout some RandomNumberGenerator) -> Int64 {
        let pause = Double(nanoseconds(afterFailure: number))
        guard jitter > 0, pause > 0 else { return Int64(pause) }
        return Int64(pause * (1 + jitter * Double.random(in: -1...1, using: &random)))
    }
}

extension Duration {
    /// Rounded down; the greatest number when it does not fit.
    fileprivate var wholeMilliseconds: Int { Int(clamping: wholeNanoseconds / 1_000_000) }

    fileprivate var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        // 146 years are enough for a pause, and leave room to add it to a time.
        return min(max(seconds, 0), Int64.max / 2_000_000_000) * 1_000_000_000 + max(0, attoseconds) / 1_000_000_000
    }
}
