internal import CStormSystem
internal import Dispatch

/// One question over TCP to a server on this machine: connect, send, read to the end.
package enum LoopbackQuestion {
    /// As the blocking form, on a thread of its own kind; at most this long.
    package static func ask(port: Int, _ question: String, within limit: Duration) async -> String? {
        let milliseconds = Int(limit.components.seconds * 1000 + limit.components.attoseconds / 1_000_000_000_000_000)
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let reply = ask(port: port, question, timeoutMilliseconds: max(1, milliseconds))
                continuation.resume(returning: reply)
            }
        }
    }

    /// The reply (at most 64 KiB), `nil` when nobody answers in time. BLOCKS the thread up to `timeoutMilliseconds`;
    /// call it off the cooperative threads or with a short limit.
    package static func ask(port: Int, _ question: String, timeoutMilliseconds: Int) -> String? {
        var reply = [CChar](repeating: 0, count: 1 << 16)
        let count = storm_ask_loopback(Int32(port), question, &reply, Int32(reply.count), Int32(timeoutMilliseconds))
        guard count >= 0 else { return nil }
        return String(decoding: reply[0..<Int(count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
