/// What a field of a record is, for people: its form in JSON, its unit, and what it means.
package struct FieldNote: Hashable, Sendable {
    /// The JSON type of a value.
    package enum Form: String, Hashable, Sendable {
        case text, integer, number, flag, list, map, object, any
    }

    package let form: Form
    /// What is in a list or a map, the unit of a number, or the words that a text can be; empty: nothing to say.
    package let detail: String
    package let meaning: String
    /// Whether it may be missing.
    package private(set) var isOptional = false
    /// Fields of the object, or of each object in the list or map.
    package let fields: [NamedField]

    package struct NamedField: Hashable, Sendable {
        package let name: String
        package let note: FieldNote
    }

    init(_ form: Form, _ detail: String, _ meaning: String, fields: [NamedField] = []) {
        self.form = form
        self.detail = detail
        self.meaning = meaning
        self.fields = fields
    }

    /// The same, but the field may be missing.
    var optional: FieldNote {
        var note = self
        note.isOptional = true
        return note
    }

    /// As it is written in the document: `integer, milliseconds since 1970`.
    package var type: String { detail.isEmpty ? form.rawValue : "\(form.rawValue), \(detail)" }

    // MARK: Forms

    static func text(_ meaning: String) -> FieldNote { FieldNote(.text, "", meaning) }
    /// One of the words of `words`.
    static func word<W: RawRepresentable<String> & CaseIterable>(_ words: W.Type, _ meaning: String) -> FieldNote {
        FieldNote(.text, "one of " + W.allCases.map { "`\($0.rawValue)`" }.joined(separator: " "), meaning)
    }
    static func integer(_ meaning: String) -> FieldNote { FieldNote(.integer, "", meaning) }
    static func number(_ detail: String, _ meaning: String) -> FieldNote { FieldNote(.number, detail, meaning) }
    static func flag(_ meaning: String) -> FieldNote { FieldNote(.flag, "", meaning) }
    static func time(_ meaning: String) -> FieldNote { FieldNote(.integer, "milliseconds since 1970", meaning) }
    static func seconds(_ meaning: String) -> FieldNote { FieldNote(.integer, "seconds", meaning) }
    static func bytes(_ meaning: String) -> FieldNote { FieldNote(.integer, "bytes", meaning) }
    static func list(of detail: String, _ meaning: String) -> FieldNote { FieldNote(.list, "of \(detail)", meaning) }
    static func map(_ detail: String, _ meaning: String) -> FieldNote { FieldNote(.map, detail, meaning) }
    static func object<K: RecordKey>(_ keys: K.Type, _ meaning: String) -> FieldNote {
        FieldNote(.object, "", meaning, fields: K.fields)
    }
    static func list<K: RecordKey>(of keys: K.Type, _ meaning: String) -> FieldNote {
        FieldNote(.list, "of objects", meaning, fields: K.fields)
    }
    static func map<K: RecordKey>(_ detail: String, of keys: K.Type, _ meaning: String) -> FieldNote {
        FieldNote(.map, "\(detail) to object", meaning, fields: K.fields)
    }

    /// Of every record's `version`.
    static let version = integer("how to read the record; a reader that knows only lower ones refuses it")
}

/// The coding keys of a record, each with its note: a field without one does not compile.
package protocol RecordKey: CodingKey, CaseIterable, RawRepresentable where RawValue == String {
    var note: FieldNote { get }
}

extension RecordKey {
    /// In the order in which they are declared.
    package static var fields: [FieldNote.NamedField] { allCases.map { .init(name: $0.rawValue, note: $0.note) } }
}
