import NIOCore
import NIOPosix

/// Whether the configured host names can be resolved.
package enum NameCheck {
    /// - Returns: one finding for all names.
    package static func run(_ names: [String], within limit: Duration) async -> Finding {
        var failed: [String] = []
        let unique = Set(names).sorted()
        await withTaskGroup(of: (String, String?).self) { group in
            for name in unique { group.addTask { (name, await fault(name, within: limit)) } }
            for await (name, fault) in group { if let fault { failed.append("\(name): \(fault)") } }
        }
        guard failed.isEmpty else {
            return .fail(
                "host names", failed.sorted().joined(separator: "; "),
                "correct the name in the configuration, or add it to DNS or /etc/hosts")
        }
        return .ok("host names", unique.joined(separator: ", "))
    }

    private static func fault(_ name: String, within limit: Duration) async -> String? {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = eventLoop.makePromise(of: String?.self)
        let timer = eventLoop.scheduleTask(in: TimeAmount(limit)) { promise.succeed("no answer within \(limit)") }
        defer { timer.cancel() }
        // The resolver cannot be interrupted: it has a thread of the pool.
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            _ = try SocketAddress.makeAddressResolvingHost(name, port: 1)
        }.whenComplete { result in
            switch result {
            case .success: promise.succeed(nil)
            case .failure: promise.succeed("not found")
            }
        }
        // It is only ever fulfilled with a value.
        return try? await promise.futureResult.get()
    }
}
