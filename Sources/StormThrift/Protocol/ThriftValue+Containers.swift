/// Memory set aside for the elements of a container before they are read: its claimed count, but not more than this.
private let reservedElementsMax = 1024

extension Array: ThriftArgument, ThriftResult, ThriftValue where Element: ThriftValue {
    package static var thriftType: ThriftType { .list }

    package init(from reader: inout ThriftReader) throws {
        self = try reader.nested { reader in
            let (_, count) = try reader.readListHeader(expecting: Element.thriftType)
            var elements: [Element] = []
            elements.reserveCapacity(Swift.min(count, reservedElementsMax))
            for _ in 0..<count { elements.append(try Element(from: &reader)) }
            return elements
        }
    }

    package func write(to writer: inout ThriftWriter) {
        writer.write(type: Element.thriftType)
        writer.write(integer: Int32(count))
        for element in self { element.write(to: &writer) }
    }
}

extension Set: ThriftArgument, ThriftResult, ThriftValue where Element: ThriftKey {
    package static var thriftType: ThriftType { .set }

    package init(from reader: inout ThriftReader) throws {
        self = try reader.nested { reader in
            let (_, count) = try reader.readListHeader(expecting: Element.thriftType)
            var elements: Set<Element> = []
            elements.reserveCapacity(Swift.min(count, reservedElementsMax))
            for _ in 0..<count { elements.insert(try Element(from: &reader)) }
            return elements
        }
    }

    package func write(to writer: inout ThriftWriter) {
        writer.write(type: Element.thriftType)
        writer.write(integer: Int32(count))
        for element in sorted() { element.write(to: &writer) }
    }
}

extension Dictionary: ThriftArgument, ThriftResult, ThriftValue where Key: ThriftKey, Value: ThriftValue {
    package static var thriftType: ThriftType { .map }

    package init(from reader: inout ThriftReader) throws {
        self = try reader.nested { reader in
            let header = try reader.readMapHeader(expecting: (Key.thriftType, Value.thriftType))
            var entries: [Key: Value] = [:]
            entries.reserveCapacity(Swift.min(header.count, reservedElementsMax))
            for _ in 0..<header.count {
                let key = try Key(from: &reader)
                entries[key] = try Value(from: &reader)
            }
            return entries
        }
    }

    package func write(to writer: inout ThriftWriter) {
        writer.write(type: Key.thriftType)
        writer.write(type: Value.thriftType)
        writer.write(integer: Int32(count))
        for (key, value) in sorted(by: { $0.key < $1.key }) {
            key.write(to: &writer)
            value.write(to: &writer)
        }
    }
}
