import StormConsole
import StormCore
import Testing
import ZooKeeper

@Suite struct ZNodeTests {
    private let now: Int64 = 1_763_700_012_000

    @Test func pathsAreBelowTheRootOrAbsolute() throws {
        #expect(try ZNodeCommands.absolute("storms", root: "/storm") == "/storm/storms")
        #expect(try ZNodeCommands.absolute("", root: "/storm") == "/storm")
        #expect(try ZNodeCommands.absolute("/zookeeper/", root: "/storm") == "/zookeeper")
        #expect(try ZNodeCommands.absolute("/", root: "/storm") == "/")
        #expect(try ZNodeCommands.absolute("a", root: "/") == "/a")
        #expect(throws: CommandFailure.self) { try ZNodeCommands.absolute("a//b", root: "/storm") }
    }

    @Test func jsonIsShownOverLinesWithAges() {
        let data = ZNodeData(Array(#"{"time_ms":1763700000000,"ports":[1,2],"workers":[{"port":1}],"wait_ms":5}"#.utf8))
        #expect(
            data.lines(now: now) == [
                "{", #"  "ports": [1, 2],"#, #"  "time_ms": 1763700000000,    (12 s ago)"#, #"  "wait_ms": 5,"#,
                #"  "workers": ["#, "    {", #"      "port": 1"#, "    }", "  ]", "}",
            ])
    }

    @Test func otherDataIsTextOrBytes() {
        #expect(ZNodeData([]) == .empty && ZNodeData(Array("{no json".utf8)) == .text("{no json"))
        #expect(ZNodeData([0xFF, 0xFE]) == .bytes([0xFF, 0xFE]))
        #expect(ZNodeData([0xFF]).lines(now: 0) == ["(1 bytes that are no text)"])
    }

    @Test func secretsAreMasked() {
        let data = ZNodeData(Array(#"{"worker_token":"abc","credentials":{"user":"alice"},"name":"wc"}"#.utf8))
        #expect(
            data == .json(.map(["worker_token": "***", "credentials": .map(["user": "***"]), "name": "wc"])))
    }

    @Test func differencesAreNamedByField() {
        let changes = FieldChange.between(
            ["generation": 1, "workers": .list([["port": 1], ["port": 2]]), "gone": true],
            ["generation": 2, "workers": .list([["port": 1], ["port": 3], ["port": 4]]), "new": "x"])
        #expect(
            changes.map(\.text) == [
                "generation: 1 -> 2", "gone: - true", #"new: + "x""#, "workers[1].port: 2 -> 3",
                #"workers[2]: + {"port": 4}"#,
            ])
        #expect(FieldChange.between(["a": 1], ["a": 1]).isEmpty)
    }

    private func node(_ text: String, created: Int64 = 1, modified: Int64, version: Int32 = 0) -> NodeContents {
        NodeContents(
            data: Array(text.utf8), stat: NodeStat(createdZxid: created, modifiedZxid: modified, version: version))
    }

    @Test func changesBetweenTwoLooks() {
        let before = [
            "/a": node("{\"n\":1}", modified: 1), "/a/b": node("", modified: 2), "/a/c": node("x", modified: 3),
            "/a/d": node("", created: 4, modified: 4),
        ]
        let after = [
            "/a": node("{\"n\":2}", modified: 9, version: 1), "/a/c": node("x", modified: 3),
            "/a/d": node("", created: 8, modified: 8), "/a/e": node("{\"k\":true}", created: 7, modified: 7),
        ]
        let changes = ZNodeChange.between(before, after, nowMilliseconds: 1_763_700_000_123)
        #expect(
            changes.map(\.line) == [
                "04:40:00.123  deleted  /a/b", "04:40:00.123  changed  /a  v1  n: 1 -> 2",
                "04:40:00.123  replaced  /a/d  v0", #"04:40:00.123  created  /a/e  v0  {"k": true}"#,
            ])
        #expect(ZNodeChange.between(after, after, nowMilliseconds: 0).isEmpty)
    }

    @Test func rowsNameTheOwnersOfEphemeralNodes() {
        let stat = NodeStat(
            modifiedMilliseconds: now - 3000, version: 2, ephemeralOwner: SessionID(rawValue: 255), dataBytes: 10,
            childCount: 0)
        let row = ZNodeRow("/storm/supervisors/s1", stat, owners: [255: "supervisor s1"])
        let lines = ZNodeRow.table([row], below: "/storm/supervisors", now: now)
        #expect(lines.count == 2 && lines[1].hasPrefix("s1 "))
        #expect(lines[1].hasSuffix("3 s ago  supervisor s1 (session 0xff)"))
        #expect(ZNodeRow("/a", NodeStat()).owner == nil)
    }
}
