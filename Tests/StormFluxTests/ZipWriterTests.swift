import FoundationEssentials
import StormArchive
import Testing

@testable import StormFlux

@Suite struct ZipWriterTests {
    @Test func theChecksumIsThatOfZip() {
        #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(CRC32.checksum([]) == 0)
    }

    @Test func aFolderBecomesAnArchiveThatGivesItBack() throws {
        let root = FileManager.default.temporaryDirectory.path + "/flux-zip-\(UUID().uuidString)"
        let manager = FileManager.default
        try manager.createDirectory(atPath: "\(root)/in/deep/__pycache__", withIntermediateDirectories: true)
        defer { try? manager.removeItem(atPath: root) }
        try Data("print(1)\n".utf8).write(to: URL(filePath: "\(root)/in/a.py"))
        try Data().write(to: URL(filePath: "\(root)/in/deep/grüße.txt"))
        try Data("x".utf8).write(to: URL(filePath: "\(root)/in/deep/__pycache__/a.pyc"))
        let bytes = try ResourceFolder.zip("\(root)/in")
        #expect(try ResourceFolder.zip("\(root)/in") == bytes)
        try Data(bytes).write(to: URL(filePath: "\(root)/a.zip"))
        let zip = try ZipFile("\(root)/a.zip")
        #expect(zip.entries.map(\.name) == ["resources/a.py", "resources/deep/grüße.txt"])
        try zip.unpack(below: "resources", into: "\(root)/out", limits: .init())
        #expect(try Data(contentsOf: URL(filePath: "\(root)/out/a.py")) == Data("print(1)\n".utf8))
        #expect(try Data(contentsOf: URL(filePath: "\(root)/out/deep/grüße.txt")).isEmpty)
    }

    /// 65535 would mean that the number of entries is elsewhere.
    @Test func theLargestArchiveCanBeRead() throws {
        var writer = ZipWriter()
        for number in 0..<ZipWriter.entriesMax { try writer.add("\(number)", []) }
        #expect(throws: ZipWriter.TooLarge.self) { try writer.add("one more", []) }
        let path = FileManager.default.temporaryDirectory.path + "/flux-zip-\(UUID().uuidString)"
        try Data(writer.finished()).write(to: URL(filePath: path))
        // Leftovers in the temporary folder harm nobody.
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try ZipFile(path).entries.count == 65_534)
    }

    @Test func withoutAFolderTheArchiveIsEmpty() throws { #expect(try ResourceFolder.zip(nil).count == 22) }

    @Test func aMissingFolderIsNamed() {
        #expect(throws: ResourceFolder.Failure.self) { try ResourceFolder.zip("/nowhere/at/all") }
    }
}
