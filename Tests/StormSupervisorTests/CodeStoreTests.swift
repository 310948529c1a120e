import FoundationEssentials
import StormCluster
import StormProcess
import StormSupervisor
import Testing

struct CodeStoreTests {
    private let folder: TemporaryFolder
    private let blobs = MemoryBlobs()

    init() throws {
        folder = try TemporaryFolder()
        for name in ["supervisor/tmp", "supervisor/stormdist"] {
            try FileManager.default.createDirectory(atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        }
    }

    private func store(_ references: [BlobReference]) -> CodeStore {
        CodeStore(paths: SupervisorPaths(local: folder.path, logs: folder.path), blobs: blobs, attemptsMax: 2) { _ in
            references
        }
    }

    @Test
    func fetchedCodeIsCompleteAndStays() async throws {
        let references = try ["code", "topology", "conf"].map { try blobs.put($0, Array("the \($0)".utf8)) }
        let store = store(references)
        #expect(store.present("t", codeSHA256: references[0].sha256) == nil)
        let code = try await store.fetch("t", codeSHA256: references[0].sha256)
        #expect(store.present("t", codeSHA256: references[0].sha256) == code)
        #expect(store.present("t", codeSHA256: "other") == nil)
        #expect(SystemFile.lastLines(code.code) == ["the code"])
        #expect(SystemFile.lastLines(code.topology ?? "") == ["the topology"])
        #expect(SystemFile.lastLines(code.topologyConf ?? "") == ["the conf"])
        _ = try await store.fetch("t", codeSHA256: references[0].sha256)
        #expect(blobs.downloads("code") == 1)
    }

    /// Found by a drill: no code could be put in place any more until the supervisor was started again.
    @Test
    func foldersThatSomebodyRemovedAreMadeAgain() async throws {
        let reference = try blobs.put("code", Array("text".utf8))
        let store = store([reference])
        _ = try await store.fetch("t", codeSHA256: reference.sha256)
        try FileManager.default.removeItem(atPath: "\(folder.path)/supervisor")
        let code = try await store.fetch("t", codeSHA256: reference.sha256)
        #expect(SystemFile.lastLines(code.code) == ["text"])
    }

    @Test
    func newerCodeReplacesOlder() async throws {
        let old = try blobs.put("code", Array("old".utf8))
        _ = try await store([old]).fetch("t", codeSHA256: old.sha256)
        let new = try blobs.put("code", Array("new".utf8))
        let code = try await store([new]).fetch("t", codeSHA256: new.sha256)
        #expect(SystemFile.lastLines(code.code) == ["new"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/supervisor/tmp") == [])
    }

    @Test
    func damageIsRepairedByAnotherDownloadOrRefused() async throws {
        let reference = try blobs.put("code", Array("text".utf8))
        blobs.spoil("code", times: 2)
        let store = store([reference])
        let error = await #expect(throws: SupervisorError.self) {
            _ = try await store.fetch("t", codeSHA256: reference.sha256)
        }
        #expect(error?.code == .hashMismatch)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/supervisor/stormdist") == [])
        blobs.spoil("code", times: 1)
        _ = try await store.fetch("t", codeSHA256: reference.sha256)
    }

    @Test
    func codeOtherThanAssignedIsRefused() async throws {
        let reference = try blobs.put("code", Array("text".utf8))
        let error = await #expect(throws: SupervisorError.self) {
            _ = try await store([reference]).fetch("t", codeSHA256: "another hash")
        }
        #expect(error?.code == .hashMismatch)
        let unknown = await #expect(throws: SupervisorError.self) {
            _ = try await store([]).fetch("t", codeSHA256: "x")
        }
        #expect(unknown?.code == .codeUnknown)
    }

    @Test
    func topologyIDCannotPointOutOfTheFolder() async throws {
        let reference = try blobs.put("code", Array("text".utf8))
        for id in ["../../evil", "..", "a/b"] {
            let code = try await store([reference]).fetch(id, codeSHA256: reference.sha256)
            #expect(code.directory.hasPrefix("\(folder.path)/supervisor/stormdist/"))
            #expect(!code.directory.dropFirst("\(folder.path)/supervisor/stormdist/".count).contains("/"))
            #expect(!code.directory.hasSuffix("/.."))
        }
    }

    @Test
    func codeOfForgottenTopologiesIsRemoved() async throws {
        let reference = try blobs.put("code", Array("text".utf8))
        let store = store([reference])
        for id in ["a", "b", "c"] { _ = try await store.fetch(id, codeSHA256: reference.sha256) }
        await store.keepOnly(["b"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/supervisor/stormdist") == ["b"])
    }

    @Test
    func hashIsThatOfTheStandard() throws {
        let file = "\(folder.path)/abc"
        try SystemFile.writeAtomically(file, Array("abc".utf8))
        #expect(try FileHash.sha256(file) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
