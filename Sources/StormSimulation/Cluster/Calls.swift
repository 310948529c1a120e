import StormCluster
import StormNimbus
import StormSupervisor
import StormThrift

/// A call that got no answer.
struct CallError: Error, CustomStringConvertible {
    let description: String
}

extension SimulatedCluster {
    private static let timeoutNanoseconds: Int64 = 5_000_000_000

    /// Calls the nimbus of a machine from the process that is running. Either way may be blocked, and the nimbus may
    /// die before, while or after it works.
    func call<R: Sendable>(
        _ machine: Int, _ body: @escaping @Sendable (any NimbusService) async throws -> R
    ) async throws -> R {
        let caller = world.current
        return try await withUnsafeThrowingContinuation { continuation in
            let answer = OneAnswer(continuation)
            world.after(Self.timeoutNanoseconds, in: caller) {
                answer.give(.failure(CallError(description: "nimbus \(machine) does not answer")))
            }
            world.after(world.random(200_000...5_000_000)) { [self] in
                guard wires.state.it.connectivity.isOpen(from: caller.machine, to: machine) else { return }
                guard let life = state.it.nimbuses[machine] else {
                    return world.after(500_000, in: caller) {
                        answer.give(.failure(CallError(description: "nimbus \(machine) is not up")))
                    }
                }
                world.spawn(in: life.process) { [self] in
                    let result: Result<R, any Error>
                    do {
                        result = .success(try await body(life.nimbus.service))
                    } catch {
                        result = .failure(error)
                    }
                    world.after(world.random(200_000...5_000_000)) { [self] in
                        guard wires.state.it.connectivity.isOpen(from: machine, to: caller.machine) else { return }
                        world.after(0, in: caller) { answer.give(result) }
                    }
                }
            }
        }
    }

    /// A nimbus that leads, asked one after the other.
    func findLeader() async throws -> Int {
        for machine in 0..<plan.nimbuses {
            // Whoever does not answer is passed over.
            let leader = try? await call(machine) { try await $0.getLeader() }
            guard let host = leader?.host, let found = (0..<plan.nimbuses).first(where: { self.host($0) == host })
            else {
                continue
            }
            return found
        }
        throw CallError(description: "no nimbus leads")
    }

    /// A whole blob.
    func download(_ key: String, from machine: Int) async throws -> [UInt8] {
        let session = try await call(machine) { try await $0.beginBlobDownload(key: key).session }
        var bytes: [UInt8] = []
        while true {
            let chunk = try await call(machine) { try await $0.downloadBlobChunk(session: session) }
            if chunk.isEmpty { return bytes }
            bytes += chunk
        }
    }
}

/// The first answer counts.
private final class OneAnswer<R: Sendable>: Sendable {
    private let continuation: Confined<UnsafeContinuation<R, any Error>?>

    init(_ continuation: UnsafeContinuation<R, any Error>) { self.continuation = Confined(continuation) }

    func give(_ result: Result<R, any Error>) {
        let waiting = continuation.it
        continuation.it = nil
        waiting?.resume(with: result)
    }
}
