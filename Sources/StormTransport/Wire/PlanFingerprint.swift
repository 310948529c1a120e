import StormCore
import StormWire

/// A number for everything two workers must agree on to exchange batches: task numbers, stream numbers, fields.
///
/// Executors are left out: a rebalance changes them while batches of both plans mean the same.
enum PlanFingerprint {
    static func of(_ schema: Schema) -> UInt64 {
        var text = ""
        for component in schema.plan.components {
            text += "c\u{0}\(component.id)\u{0}\(component.role)\u{0}\(component.tasks.count)\u{0}"
        }
        for stream in schema.streams {
            text += "s\u{0}\(stream.id.component)\u{0}\(stream.id.stream)\u{0}\(stream.fields.count)\u{0}"
            for field in stream.fields { text += "\(field)\u{0}" }
        }
        return text.withUTF8 { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return StableHash.hash(UnsafeRawPointer(base), count: bytes.count, seed: 0)
        }
    }
}
