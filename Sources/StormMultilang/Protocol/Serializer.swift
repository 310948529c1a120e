/// How a child is spoken to: `topology.multilang.serializer`.
enum Serializer: Sendable {
    /// JSON and a line `end` after each message.
    case json
    /// MessagePack values, one after the other.
    case messagePack
    /// Frames on descriptors of their own, see the article `FastChannel`. Not configured: a child chooses it.
    case channel

    /// Understands `json`, `msgpack`, and the names of the classes that Storm's users have in their configurations.
    init(named name: String) throws(MultilangError) {
        switch name.split(separator: ".").last?.lowercased() {
        case "json", "jsonserializer": self = .json
        case "msgpack", "messagepack", "messagepackserializer", "msgpackserializer": self = .messagePack
        default:
            throw MultilangError(
                "topology.multilang.serializer is '\(name)': there are json (org.apache.storm.multilang.JsonSerializer) "
                    + "and msgpack (com.yelp.pyleus.serializer.MessagePackSerializer)")
        }
    }
}
