import StormCore
import StormSupervisor
import StormThrift

/// Submitted code, downloaded from the leading nimbus. One connection per download: downloads are rare, and the leader
/// may be another one each time.
struct NimbusBlobSource: BlobSource {
    let seeds: [String]
    let port: Int

    init(_ config: Config) {
        seeds = config[.nimbusSeeds]
        port = config[.nimbusThriftPort]
    }

    func download(_ key: String, to file: String, expectedSHA256: String) async throws {
        let client = try await NimbusClient.leader(seeds: seeds, port: port)
        do {
            _ = try await client.downloadBlob(key: key, to: file)
            await client.close()
        } catch {
            await client.close()
            throw error
        }
    }
}
