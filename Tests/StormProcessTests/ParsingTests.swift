import Glibc
import StormProcess
import Testing

struct ParsingTests {
    @Test
    func statLineWithHostileNameIsParsed() {
        let line =
            "42 (a) R (b) S 7 40 41 0 -1 4194304 1 2 3 4 100 50 6 7 20 0 1 0 987654 1000000 33 18446744073709551615 1\n"
        let stat = ProcessStat.parse(Array(line.utf8))
        #expect(stat?.pid == 42)
        #expect(stat?.state == "S")
        #expect(stat?.parentPID == 7)
        #expect(stat?.sessionID == 41)
        #expect(stat?.userTicks == 100)
        #expect(stat?.systemTicks == 50)
        #expect(stat?.startTicks == 987_654)
        #expect(stat?.residentPages == 33)
    }

    @Test(arguments: ["", "42", "42 (", "42 (a) S 1 2", "x (a) S 7 40 41 0 -1 4 1 2 3 4 100 50 6 7 20 0 1 0 9 1 3"])
    func truncatedStatLineIsRefused(line: String) {
        #expect(ProcessStat.parse(Array(line.utf8)) == nil)
    }

    @Test
    func ownProcessIsThere() throws {
        let identity = try #require(ProcessIdentity.current(ofPID: getpid()))
        #expect(identity.isAlive)
        #expect(!identity.bootID.isEmpty)
        let usage = try #require(ProcessUsage.read(pid: getpid()))
        #expect(usage.residentBytes > 1_000_000)
    }

    @Test
    func tailBufferKeepsTheEnd() {
        var tail = TailBuffer(bytesMax: 5)
        for byte in 0..<100 as Range<UInt8> { tail.append([byte]) }
        #expect(tail.contents == [95, 96, 97, 98, 99])
        #expect(tail.bytesWritten == 100)
        tail.append(0..<3)
        #expect(tail.contents == [98, 99, 0, 1, 2])
    }

    @Test
    func lastLinesOfAFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("log", (1...1000).map { "line \($0)\n" }.joined())
        #expect(SystemFile.lastLines(path, lines: 2) == ["line 999", "line 1000"])
        #expect(SystemFile.lastLines(path, lines: 100, bytesMax: 12) == ["line 1000"])
        #expect(SystemFile.lastLines("\(folder.path)/none") == [])
    }

    @Test
    func freePortCanBeBoundAndIsNotFreeThen() throws {
        let port = try FreePort.find()
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(bound == 0)
        try #require(listen(listener, 1) == 0)
        #expect(!FreePort.isFree(port))
    }
}
