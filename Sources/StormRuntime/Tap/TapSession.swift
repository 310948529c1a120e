import StormCore
import Synchronization

/// The samples of one question in one worker. It ends when nobody has asked for `leaseNanoseconds`. Any thread.
///
/// Bounded in every way: so many samples in a second, the newest `samplesMax` of at most `bytesMax` are kept, and a
/// filter may take a small part of an executor's time.
package final class TapSession: Sendable {
    static let leaseNanoseconds: Int64 = 10_000_000_000
    static let samplesMax = 1000
    static let bytesMax = 1 << 20
    /// A filter may look for tuples for one part in so many of an executor's time, and for so long at once.
    static let scanShare: Int64 = 50
    static let scanNanosecondsMax: Int64 = 5_000_000

    private struct Content {
        var leaseEnd: Int64
        /// Samples that may be taken, as of `tokensAt`.
        var tokens: Double
        var tokensAt: Int64
        var seen = 0
        var matched = 0
        var skipped = 0
        var count = 0
        var samples: [(sample: TapSample, bytes: Int)] = []
        var bytes = 0
    }

    let query: TapQuery
    private let clock: any TimeSource
    private let content: Mutex<Content>

    init(_ query: TapQuery, clock: any TimeSource) {
        self.query = query
        self.clock = clock
        let now = clock.monotonicNanoseconds()
        content = Mutex(
            Content(leaseEnd: now + Self.leaseNanoseconds, tokens: Double(query.perSecond), tokensAt: now))
    }

    var isOver: Bool { clock.monotonicNanoseconds() >= content.withLock { $0.leaseEnd } }

    func renew() {
        let end = clock.monotonicNanoseconds() + Self.leaseNanoseconds
        content.withLock { $0.leaseEnd = end }
    }

    var now: Int64 { clock.monotonicNanoseconds() }
    var epochMilliseconds: Int64 { clock.epochMilliseconds() }

    /// How many samples may be taken now; nil: the session is over.
    func allowance() -> Int? {
        let now = clock.monotonicNanoseconds()
        return content.withLock { content in
            guard now < content.leaseEnd else { return nil }
            let rate = Double(query.perSecond)
            content.tokens = min(rate, content.tokens + Double(now - content.tokensAt) / 1e9 * rate)
            content.tokensAt = now
            return Int(content.tokens)
        }
    }

    /// - Parameter bytes: about what the sample takes.
    func add(_ sample: TapSample, bytes: Int) {
        content.withLock { content in
            guard content.tokens >= 1 else { return }
            content.tokens -= 1
            content.count += 1
            var sample = sample
            sample.sequence = content.count
            content.samples.append((sample, bytes))
            content.bytes += bytes
            while content.samples.count > Self.samplesMax || content.bytes > Self.bytesMax {
                content.bytes -= content.samples.removeFirst().bytes
                content.skipped += 1
            }
        }
    }

    func count(seen: Int, matched: Int) {
        content.withLock {
            $0.seen += seen
            $0.matched += matched
        }
    }

    /// The samples after `sequence`, oldest first, and the counters.
    func samples(after sequence: Int) -> (samples: [TapSample], seen: Int, matched: Int, skipped: Int, next: Int) {
        content.withLock { content in
            (
                content.samples.map(\.sample).filter { $0.sequence > sequence }, content.seen, content.matched,
                content.skipped, content.count
            )
        }
    }
}
