import StormNimbus
import StormProcess
import StormSubmission
import StormSupervisor

/// A supervisor's way to code: from the leading nimbus.
struct SimulatedBlobs: BlobSource {
    private let cluster: SimulatedCluster
    private let machine: Int

    init(_ cluster: SimulatedCluster, _ machine: Int) {
        self.cluster = cluster
        self.machine = machine
    }

    func download(_ key: String, to file: String, expectedSHA256: String) async throws {
        let leader = try await cluster.findLeader()
        var bytes = try await cluster.download(key, from: leader)
        if cluster.state.it.spoilNextBlob, !bytes.isEmpty {
            cluster.state.it.spoilNextBlob = false
            bytes[bytes.count / 2] ^= 1
            cluster.world.note("blob \(key) arrives damaged on machine \(machine)")
        }
        try SystemFile.writeAtomically(file, bytes)
    }
}

/// A nimbus's way to the blobs of another.
struct SimulatedFetcher: BlobFetcher {
    private let cluster: SimulatedCluster
    private let machine: Int

    init(_ cluster: SimulatedCluster, _ machine: Int) {
        self.cluster = cluster
        self.machine = machine
    }

    func fetch(_ key: String, from holder: String, to path: String) async throws -> ContentHash {
        let host = holder.split(separator: ":").first.map(String.init) ?? ""
        guard let other = (0..<cluster.plan.nimbuses).first(where: { cluster.host($0) == host }) else {
            throw CallError(description: "there is no machine \(host)")
        }
        let bytes = try await cluster.download(key, from: other)
        var file = try await DiskFile.creating(path)
        do {
            try await file.write(bytes)
            try await file.synchronize()
        } catch {
            await file.close()
            throw error
        }
        await file.close()
        return file.content
    }
}
