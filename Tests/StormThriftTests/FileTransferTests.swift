import Foundation
import StormThrift
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct FileTransferTests {
    /// The file calls of a nimbus, on arrays in memory.
    private final class FileStore: Sendable {
        struct State {
            var contents: [UInt8] = []
            var sizes: [Int] = []
            var position = 0
            var isFinished = false
            var isCancelled = false
            var registered: [String] = []
        }

        let state = Mutex(State())
        let failingChunk: Int?
        let announcedExtra: Int64

        init(failingChunk: Int? = nil, announcedExtra: Int64 = 0) {
            self.failingChunk = failingChunk
            self.announcedExtra = announcedExtra
        }

        func append(_ chunk: [UInt8]) throws {
            try state.withLock { state in
                if state.sizes.count == failingChunk { throw Thrift.AuthorizationException(msg: "enough") }
                state.contents += chunk
                state.sizes.append(chunk.count)
            }
        }

        func next() throws -> [UInt8] {
            try state.withLock { state in
                if state.position / 65536 == failingChunk { throw Thrift.AuthorizationException(msg: "enough") }
                let end = min(state.position + 65536, state.contents.count)
                defer { state.position = end }
                return Array(state.contents[state.position..<end])
            }
        }

        var processor: ThriftProcessor {
            var table = ThriftMethodTable<FileStore>()
            table.add(NimbusCalls.beginFileUpload) { _ in "/inbox/a.jar" }
            table.add(NimbusCalls.uploadChunk) { try $0.append($2.bytes) }
            table.add(NimbusCalls.finishFileUpload) { store, _ in store.state.withLock { $0.isFinished = true } }
            table.add(NimbusCalls.beginCreateBlob) { _, _, _ in "session" }
            table.add(NimbusCalls.uploadBlobChunk) { try $0.append($2.bytes) }
            table.add(NimbusCalls.finishBlobUpload) { store, _ in store.state.withLock { $0.isFinished = true } }
            table.add(NimbusCalls.cancelBlobUpload) { store, _ in store.state.withLock { $0.isCancelled = true } }
            table.add(NimbusCalls.createStateInZookeeper) { store, key in
                store.state.withLock { $0.registered.append(key) }
            }
            table.add(NimbusCalls.beginBlobDownload) { store, _ in
                let size = Int64(store.state.withLock { $0.contents.count }) + store.announcedExtra
                return Thrift.BeginDownloadResult(version: 7, session: "session", dataSize: size)
            }
            table.add(NimbusCalls.downloadBlobChunk) { store, _ in ThriftBinary(try store.next()) }
            return ThriftProcessor(service: self, methods: table)
        }
    }

    private static let contents: [UInt8] = {
        var random = SeededGenerator(seed: 5)
        return (0..<5_000_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }()

    private func withFiles(
        _ store: FileStore, _ body: (NimbusClient, _ directory: String) async throws -> Void
    ) async throws {
        let directory = NSTemporaryDirectory() + "storm-thrift-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }  // a leftover in /tmp harms nobody
        try Data(Self.contents).write(to: URL(fileURLWithPath: directory + "/source"))
        try await withServer(store.processor) { server async throws in
            let client = try await NimbusClient.connect(host: "127.0.0.1", port: server.port)
            try await body(client, directory)
            await client.close()
        }
    }

    @Test func fileOfFiveMegabytesIsUploadedInChunks() async throws {
        let store = FileStore()
        try await withFiles(store) { client, directory async throws in
            #expect(try await client.upload(file: directory + "/source") == "/inbox/a.jar")
        }
        store.state.withLock { state in
            #expect(state.contents == Self.contents)
            #expect(state.sizes == Array(repeating: 307_200, count: 16) + [5_000_000 - 16 * 307_200])
            #expect(state.isFinished)
        }
    }

    @Test func blobIsCreatedRegisteredAndDownloadedAgain() async throws {
        let store = FileStore()
        try await withFiles(store) { client, directory async throws in
            try await client.createBlob(key: "k", meta: Samples.settableBlobMeta(), file: directory + "/source")
            let (version, byteCount) = try await client.downloadBlob(key: "k", to: directory + "/copy")
            #expect(version == 7)
            #expect(byteCount == 5_000_000)
            #expect(try Data(contentsOf: URL(fileURLWithPath: directory + "/copy")) == Data(Self.contents))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == ["copy", "source"])
        }
        store.state.withLock { state in
            #expect(state.isFinished && !state.isCancelled)
            #expect(state.registered == ["k"])
        }
    }

    @Test func failedBlobUploadIsCancelledAndNotRegistered() async throws {
        let store = FileStore(failingChunk: 3)
        try await withFiles(store) { client, directory async throws in
            await #expect(throws: Thrift.AuthorizationException(msg: "enough")) {
                try await client.createBlob(key: "k", meta: Samples.settableBlobMeta(), file: directory + "/source")
            }
        }
        store.state.withLock { state in
            #expect(state.isCancelled && !state.isFinished)
            #expect(state.registered.isEmpty)
        }
    }

    @Test func failedDownloadLeavesNothingBehind() async throws {
        let store = FileStore(failingChunk: 3)
        store.state.withLock { $0.contents = Self.contents }
        try await withFiles(store) { client, directory async throws in
            await #expect(throws: Thrift.AuthorizationException(msg: "enough")) {
                try await client.downloadBlob(key: "k", to: directory + "/copy")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["source"])
        }
    }

    @Test func downloadOfAnotherSizeThanAnnouncedIsRefused() async throws {
        let store = FileStore(announcedExtra: 1)
        store.state.withLock { $0.contents = Self.contents }
        try await withFiles(store) { client, directory async throws in
            await #expect {
                try await client.downloadBlob(key: "k", to: directory + "/copy")
            } throws: { ($0 as? ThriftError)?.code == .truncated }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["source"])
        }
    }

    @Test func missingFileIsAClearError() async throws {
        try await withFiles(FileStore()) { client, directory async throws in
            await #expect {
                _ = try await client.upload(file: directory + "/none")
            } throws: { error in
                guard let error = error as? ThriftError else { return false }
                return error.code == .file && error.message.hasPrefix("cannot open \(directory)/none: No such file")
            }
        }
    }
}
