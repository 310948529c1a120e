package import StormCore
import StormWire

/// Which tuples of a topology somebody wants samples of.
package struct TapQuery: Hashable, Sendable {
    package var component: String
    /// Tuples that the component receives, not those that it emits.
    package var isInput: Bool
    /// The name of a stream, for input also `component:stream`; nil: all.
    package var stream: String?
    package var filter: TapFilter?
    /// Samples of each worker in a second.
    package var perSecond: Int

    package static let perSecondMax = 1000

    package init(
        component: String, isInput: Bool = false, stream: String? = nil, filter: TapFilter? = nil, perSecond: Int = 10
    ) {
        self.component = component
        self.isInput = isInput
        self.stream = stream
        self.filter = filter
        self.perSecond = min(max(1, perSecond), Self.perSecondMax)
    }

    /// Numbers of the streams that are meant.
    func streams(_ schema: Schema, inputs: [GlobalStreamID]) -> Set<Int> {
        Set(
            schema.streams.indices.filter { number in
                let id = schema.streams[number].id
                guard isInput ? inputs.contains(id) : id.component == component else { return false }
                return stream.map { $0 == id.stream.name || $0 == "\(id)" } ?? true
            })
    }
}

/// What a field of a tuple must be: `word=storm`, or `word~^st` as a `TextPattern`.
package struct TapFilter: Hashable, Sendable {
    private enum Rule: Hashable {
        case equal(String)
        case matches(TextPattern)
    }

    /// As it was written.
    package let text: String
    package let field: String
    private let rule: Rule

    /// - Throws: `TextPattern.Fault`, also for what is no filter at all.
    package init(_ text: String) throws(TextPattern.Fault) {
        guard let sign = text.firstIndex(where: { $0 == "=" || $0 == "~" }), sign != text.startIndex else {
            throw TextPattern.Fault(description: "it must be FIELD=VALUE or FIELD~PATTERN")
        }
        self.text = text
        field = String(text[..<sign])
        let operand = String(text[text.index(after: sign)...])
        rule = text[sign] == "=" ? .equal(operand) : .matches(try TextPattern(operand))
    }

    /// Longer texts are not looked through to their ends.
    private static let charactersMax = 1024

    func accepts(_ value: Value) -> Bool {
        switch rule {
        case .equal(let operand): value.description == operand
        case .matches(let pattern): pattern.matches(String(value.description.prefix(Self.charactersMax)))
        }
    }
}
