import Foundation
import StormCluster
import StormCore
import Testing

/// The article on znodes and the types say the same.
@Suite struct ZnodeDocumentTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    @Test func theArticleIsWhatTheTypesSay() throws {
        let file = URL(filePath: "/\(Self.root)/\(ZnodeDocument.path)")
        let text = try ZnodeDocument.text()
        if ProcessInfo.processInfo.environment["STORM_WRITE_DOCS"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        let written = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let isSame = written == text
        #expect(isSame, "the article is out of date: STORM_WRITE_DOCS=1 swift test --filter ZnodeDocumentTests")
    }

    @Test(arguments: Znode.allCases) func everyPathSaysWhatItIs(node: Znode) {
        let names = (0..<node.pattern.count { $0 == "<" }).map { "name-\($0 + 1)" }
        var path = node.pattern
        for name in names {
            guard let open = path.firstIndex(of: "<"), let close = path.firstIndex(of: ">") else { break }
            path.replaceSubrange(open...close, with: name)
        }
        #expect(Znode(path: path) == node)
        #expect(Znode(path: path + "/more/and/more/and/more") == nil)
        #expect(!node.note.meaning.isEmpty && !node.note.writer.isEmpty)
    }

    @Test(arguments: Znode.allCases) func everyFieldHasTheFormThatItsNoteSays(node: Znode) throws {
        guard let record = node.note.record else { return }
        try check(record)
    }

    private func check<R: ClusterRecord>(_ record: R.Type) throws {
        let bytes = try RecordCodec.encode(R.example)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        check(object, R.CodingKeys.fields, in: "\(record)")
        #expect(try RecordCodec.decode(R.self, bytes, path: "/x") == R.example)
        for field in R.CodingKeys.fields {
            var less = object
            less[field.name] = nil
            let rest = Array(try JSONSerialization.data(withJSONObject: less))
            let isReadable = (try? RecordCodec.decode(R.self, rest, path: "/x")) != nil
            #expect(isReadable == field.note.isOptional, "\(record).\(field.name)")
        }
    }

    private func check(_ object: [String: Any], _ fields: [FieldNote.NamedField], in place: String) {
        #expect(Set(object.keys) == Set(fields.map(\.name)), "\(place): the example has every field")
        for field in fields {
            guard let value = object[field.name] else { continue }
            let name = "\(place).\(field.name)"
            switch field.note.form {
            case .text: #expect(value is String, "\(name)")
            case .integer: #expect((value as? NSNumber).map { $0.doubleValue.rounded() == $0.doubleValue } ?? false)
            case .number, .flag: #expect(value is NSNumber, "\(name)")
            case .list:
                let list = value as? [Any]
                #expect(list?.isEmpty == false, "\(name)")
                if !field.note.fields.isEmpty, let first = list?.first as? [String: Any] {
                    check(first, field.note.fields, in: name)
                }
            case .map:
                let map = value as? [String: Any]
                #expect(map?.isEmpty == false, "\(name)")
                if !field.note.fields.isEmpty, let first = map?.values.first as? [String: Any] {
                    check(first, field.note.fields, in: name)
                }
            case .object:
                let inner = value as? [String: Any]
                #expect(inner != nil, "\(name)")
                check(inner ?? [:], field.note.fields, in: name)
            case .any: break
            }
        }
    }
}
