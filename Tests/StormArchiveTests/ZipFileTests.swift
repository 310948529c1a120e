import FoundationEssentials
import Glibc
import HostileBytes
import StormTestSupport
import Testing

@testable import StormArchive

/// Archives of `Tests/Corpus/zip`: one that is as it should be, and many that are not.
@Suite struct ZipFileTests {
    private let folder: TemporaryFolder
    private let corpus: Corpus

    init() throws {
        folder = try TemporaryFolder()
        corpus = try Corpus("zip")
    }

    /// Unpacks into a folder `a/out` of its own, beside which nothing may appear.
    private func unpack(
        _ name: String, limits: UnpackPlan.Limits = .init(), takesLinks: Bool = false
    ) throws -> String {
        let parent = "\(folder.path)/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: "\(parent)/a", withIntermediateDirectories: true)
        defer { #expect(entries(parent).allSatisfy { $0 == "a" || $0.hasPrefix("a/out") || $0 == "a/out" }) }
        try ZipFile("\(corpus.folder)/\(name)").unpack(
            below: "resources", into: "\(parent)/a/out", limits: limits, takesLinks: takesLinks)
        return "\(parent)/a/out"
    }

    private func entries(_ path: String) -> [String] {
        // A folder that is not there has nothing in it.
        ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).sorted()
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    @Test func whatIsBelowTheFolderIsUnpackedWithoutItsName() throws {
        let out = try unpack("good.zip")
        #expect(entries(out) == ["bolts", "bolts/words.py", "empty.txt", "grüße.txt", "run.sh"])
        #expect(try text("\(out)/bolts/words.py") == String(repeating: "import sys\n", count: 500))
        #expect(try text("\(out)/grüße.txt") == "grüße")
        #expect(try text("\(out)/empty.txt") == "")
        #expect(FileManager.default.isExecutableFile(atPath: "\(out)/run.sh"))
        #expect(!FileManager.default.isExecutableFile(atPath: "\(out)/empty.txt"))
    }

    @Test(arguments: ["empty.zip", "no-resources.zip"])
    func withoutTheFolderThereIsAnEmptyOne(name: String) throws {
        #expect(try entries(unpack(name)) == [])
    }

    @Test func namesElsewhereAreNoneOfOurBusiness() throws {
        #expect(try entries(unpack("absolute-ignored.zip")) == ["ok"])
    }

    @Test func noFileGetsMoreThanTheRightToBeExecuted() throws {
        let out = try unpack("setuid.zip")
        var status = stat()
        #expect(stat("\(out)/tool", &status) == 0)
        #expect(status.st_mode & 0o7000 == 0)
    }

    @Test func theSameFileTwiceIsOneFile() throws {
        let out = try unpack("same-twice.zip")
        #expect(entries(out) == ["a", "b"])
        #expect(try text("\(out)/a") == "1")
    }

    @Test(arguments: [
        ("parent.zip", "does not lead to a place below"), ("parent-deep.zip", "does not lead to a place below"),
        ("dot.zip", "does not lead"), ("double-slash.zip", "does not lead"), ("backslash.zip", "does not lead"),
        ("control.zip", "does not lead"), ("long-name.zip", "does not lead"), ("deep.zip", "too long"),
        ("symlink.zip", "a link or a device"), ("link-then-file.zip", "a link or a device"),
        ("device.zip", "a link or a device"), ("twice.zip", "is in it twice"),
        ("file-and-folder.zip", "which is a file"),
        ("folder-and-file.zip", "is in it twice"), ("lzma.zip", "method 14"), ("encrypted.zip", "is encrypted"),
        ("wrong-crc.zip", "its checksum differs"), ("longer-than-told.zip", "more than the 10 bytes"),
        ("shorter-than-told.zip", "is not complete"), ("other-name.zip", "another name in its own header"),
        ("truncated.zip", "no directory at its end"), ("no-end.zip", "no directory at its end"),
        ("offset-outside.zip", "no header where the directory says"), ("garbage-data.zip", "is damaged"),
        ("count-too-large.zip", "entry 2 of its directory is damaged"), ("zip64.zip", "zip64"),
        ("name-not-utf8.zip", "is not UTF-8"), ("part-of-several.zip", "one of several parts"),
        ("just-magic.zip", "no directory at its end"),
    ])
    func hostileArchiveIsRefusedWithItsReason(name: String, reason: String) throws {
        let error = #expect(throws: ArchiveError.self) { _ = try unpack(name) }
        #expect(error?.description.contains(reason) == true, "\(name): \(error?.description ?? "-")")
    }

    @Test func linksAreMadeWhereTheyAreTaken() throws {
        let out = try unpack("environment-links.zip", takesLinks: true)
        let manager = FileManager.default
        #expect(try manager.destinationOfSymbolicLink(atPath: "\(out)/lib64") == "lib")
        #expect(try manager.destinationOfSymbolicLink(atPath: "\(out)/bin/python") == "/bin/sh")
        #expect(try text("\(out)/lib64/x.py") == "x = 1\n")
    }

    @Test(arguments: [("link-out.zip", "leads out of the archive"), ("link-then-file.zip", "which is a file")])
    func whereLinksAreTakenNoneLeadsOutAndNothingIsWrittenThroughOne(name: String, reason: String) throws {
        let error = #expect(throws: ArchiveError.self) { _ = try unpack(name, takesLinks: true) }
        #expect(error?.description.contains(reason) == true, "\(name): \(error?.description ?? "-")")
    }

    /// A slash with a combining mark behind it is one `Character`, but two parts to the file system.
    @Test func combiningMarksDoNotHideSlashes() throws {
        func plan(_ name: String) throws(ArchiveError) -> UnpackPlan {
            let entry = ZipEntry(
                name: name, kind: .file, method: .stored, isEncrypted: false, crc32: 0, packedBytes: 0, sizeBytes: 0,
                isExecutable: false, headerOffset: 0)
            return try UnpackPlan([entry], below: "resources", limits: .init())
        }
        for name in ["resources/../\u{301}x", "resources/a/..\u{2F}\u{301}x", "resources/\u{301}/../x"] {
            let error = #expect(throws: ArchiveError.self) { _ = try plan(name) }
            #expect(error?.description.contains("does not lead to a place below") == true)
        }
        let harmless = try plan("resources/\u{301}a/\u{301}b")
        #expect(harmless.folders == ["\u{301}a"] && harmless.files.map(\.path) == ["\u{301}a/\u{301}b"])
    }

    @Test func limitsOfCountAndSizeAreKept() throws {
        let tooMany = #expect(throws: ArchiveError.self) { _ = try unpack("good.zip", limits: .init(entriesMax: 2)) }
        #expect(tooMany?.description.contains("more than 2 files") == true)
        let tooLarge = #expect(throws: ArchiveError.self) {
            _ = try unpack("bomb.zip", limits: .init(bytesMax: 1 << 20))
        }
        #expect(tooLarge?.description.contains("more than 1048576 bytes") == true)
        #expect(try entries(unpack("bomb.zip")) == ["zeros"])
    }

    @Test func oneEntryIsReadWithoutTheOthers() throws {
        let archive = try ZipFile("\(corpus.folder)/good.zip")
        let entry = try #require(archive["resources/run.sh"])
        #expect(String(decoding: try archive.read(entry, bytesMax: 100), as: UTF8.self) == "#!/bin/sh\necho hello\n")
        #expect(throws: ArchiveError.self) { try archive.read(entry, bytesMax: 5) }
        #expect(archive["resources/none"] == nil)
    }

    /// Whatever is changed in an archive: it unpacks, or it is refused, and nothing appears elsewhere.
    @Test(arguments: [UInt64(1), 2, 3]) func mutantsDoNoHarm(seed: UInt64) throws {
        var mutator = Mutator(corpus, seed: seed)
        for round in 0..<60 {
            let path = "\(folder.path)/mutant-\(seed)-\(round)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data(mutator.next()).write(to: URL(filePath: "\(path)/zip"))
            do throws(ArchiveError) {
                try ZipFile("\(path)/zip").unpack(
                    below: "resources", into: "\(path)/out", limits: .init(entriesMax: 100, bytesMax: 1 << 20))
            } catch {
                #expect(!error.description.isEmpty)
            }
            let top = Set(try FileManager.default.contentsOfDirectory(atPath: path))
            #expect(top.isSubset(of: ["zip", "out"]))
            try FileManager.default.removeItem(atPath: path)
        }
    }
}
