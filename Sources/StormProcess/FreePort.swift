internal import CStormSystem

/// TCP ports nobody listens on.
package enum FreePort {
    /// A port that is free on 127.0.0.1 now, below the range (32768...) from which the kernel takes ports for outgoing
    /// connections: so nobody gets it by chance while its server is being restarted. Another program may still take it
    /// before you do: bind soon, try again on failure.
    package static func find() throws -> Int {
        for _ in 0..<200 {
            let candidate = Int.random(in: 15_000..<32_000)
            if isFree(candidate) { return candidate }
        }
        let port = storm_probe_port(0, 0)
        guard port > 0 else {
            throw ProcessError(.noResources, "no free TCP port: \(SpawnFailure.describe(-port))", errorNumber: -port)
        }
        return Int(port)
    }

    /// Nobody listens on this port, and this process may.
    package static func isFree(_ port: Int, allInterfaces: Bool = false) -> Bool {
        storm_probe_port(Int32(port), allInterfaces ? 1 : 0) > 0
    }
}
