import Logging
import NIOCore
import StormRuntime

/// What the connections for pages of one transport have in common: where pages come from, and the limits within which a
/// stranger can cost a worker anything. Any thread.
final class PageServer: Sendable {
    struct Limits: Sendable {
        /// Connections for pages at one time, and pages that are being made. The next one takes the place of one that has
        /// not asked for anything yet; when all have, it is told that it is too many.
        var connectionsMax = 32
        /// All that one connection may send.
        var requestBytesMax = 8 << 10
        /// From the first bytes to the last byte of the answer.
        var deadline: TimeAmount = .seconds(10)
        var bodyBytesMax = 4 << 20
    }

    let source: any PageSource
    let limits: Limits
    let logger: Logger
    let places: PagePlaces

    init(_ source: any PageSource, limits: Limits = Limits(), logger: Logger) {
        self.source = source
        self.limits = limits
        self.logger = logger
        places = PagePlaces(max: limits.connectionsMax)
    }
}
